//! Plain data as JSON text, by the core's own way of writing strings and the standard one of writing numbers:
//! a library for this would bring a second table of powers of ten, a tenth of the module's size.

use callboard_core::Json;
use serde::ser::{self, Impossible, Serialize};
use std::fmt::{self, Display, Write};

/// The JSON text of plain data: structs, lists, options, texts, numbers and flags.
///
/// # Errors
/// For anything else, which the core's data does not hold.
pub(crate) fn to_string(value: &impl Serialize) -> Result<String, NotPlain> {
    let mut writer = Writer(String::new());
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

/// A value that is not plain data.
#[derive(Debug)]
pub(crate) struct NotPlain(String);

impl Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotPlain {}

impl ser::Error for NotPlain {
    fn custom<T: Display>(message: T) -> NotPlain {
        NotPlain(message.to_string())
    }
}

struct Writer(String);

impl Writer {
    fn display(&mut self, value: impl Display) -> Result<(), NotPlain> {
        write!(self.0, "{value}").map_err(|error| NotPlain(error.to_string()))
    }

    fn string(&mut self, text: &str) {
        self.0.push_str(Json::string(text).text());
    }

    fn comma(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }
}

/// What no data of the core is.
macro_rules! not_plain {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, NotPlain> {
            Err(NotPlain(concat!("No data is written by ", stringify!($method), ".").to_owned()))
        })*
    };
}

macro_rules! displayed {
    ($($method:ident($type:ty);)*) => {
        $(fn $method(self, value: $type) -> Result<(), NotPlain> {
            self.display(value)
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = NotPlain;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeStruct = List<'a>;
    type SerializeTupleStruct = Impossible<(), NotPlain>;
    type SerializeTupleVariant = Impossible<(), NotPlain>;
    type SerializeMap = Impossible<(), NotPlain>;
    type SerializeStructVariant = Impossible<(), NotPlain>;

    displayed! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
    }

    not_plain! {
        serialize_f32(f32) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_f64(self, value: f64) -> Result<(), NotPlain> {
        self.0.push_str(Json::number(value).text());
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), NotPlain> {
        self.string(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), NotPlain> {
        self.display("null")
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), NotPlain> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotPlain> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), NotPlain> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<(), NotPlain> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotPlain> {
        Err(NotPlain("No data is written by serialize_newtype_variant.".to_owned()))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, NotPlain> {
        self.0.push('[');
        Ok(List { writer: self, end: ']' })
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, NotPlain> {
        self.serialize_seq(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<List<'a>, NotPlain> {
        self.0.push('{');
        Ok(List { writer: self, end: '}' })
    }

    fn collect_str<T: ?Sized + Display>(self, value: &T) -> Result<(), NotPlain> {
        self.string(&value.to_string());
        Ok(())
    }
}

/// A list or an object being written.
struct List<'a> {
    writer: &'a mut Writer,
    end: char,
}

impl List<'_> {
    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.writer.comma();
        value.serialize(&mut *self.writer)
    }

    fn finish(self) -> Result<(), NotPlain> {
        self.writer.0.push(self.end);
        Ok(())
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.element(value)
    }

    fn end(self) -> Result<(), NotPlain> {
        self.finish()
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.element(value)
    }

    fn end(self) -> Result<(), NotPlain> {
        self.finish()
    }
}

impl ser::SerializeStruct for List<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), NotPlain> {
        self.writer.comma();
        self.writer.string(key);
        self.writer.0.push(':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), NotPlain> {
        self.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Plain<'a> {
        text: &'a str,
        numbers: Vec<f64>,
        none: Option<u32>,
        nested: [Option<bool>; 2],
    }

    #[test]
    fn plain_data_is_written_as_any_reader_of_json_reads_it() {
        let plain = Plain {
            text: "a \"b\"\n,{",
            numbers: vec![1.0, 0.1, f64::NAN, 1e300],
            none: None,
            nested: [Some(true), None],
        };
        let text = to_string(&plain).unwrap_or_default();
        assert!(text.starts_with(r#"{"text":"a \"b\"\n,{","numbers":[1,0.1,null,1000"#), "{text}");
        assert!(text.ends_with(r#"],"none":null,"nested":[true,null]}"#), "{text}");
        assert_eq!(to_string(&Vec::<u8>::new()).unwrap_or_default(), "[]");
        assert!(to_string(&'a').is_err());
    }
}
