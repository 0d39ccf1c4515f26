//! JSON objects that a caller passes in, read field by field: events, policies, new sessions.

use crate::decimal::Decimal;
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::{closest, same_name, shorten};
use crate::refusal::Fault;
use crate::{Money, Timestamp};

/// The most fields that any of these objects has.
const MOST_FIELDS: usize = 16;

/// Object passed in by a caller, or an object inside it.
pub(crate) struct Fields<'a> {
    pub(crate) document: &'a Document,
    pub(crate) object: NodeId,
    /// Name of the object, for messages.
    pub(crate) of: &'static str,
}

impl<'a> Fields<'a> {
    /// Parses a text that must be one JSON object; `shape` is the message for another value.
    pub(crate) fn document(text: &str, of: &str, shape: &str) -> Result<Document, Fault> {
        let document = Document::parse(text.to_owned()).map_err(|error| {
            Fault::invalid(format!("The {of} cannot be read: {error}"), "a JSON object", "text that is not JSON")
        })?;
        match document.kind(ROOT) {
            Kind::Object => Ok(document),
            kind => Err(Fault::invalid(shape, "an object", kind.name())),
        }
    }

    /// The value of a field; none if it is missing or null.
    pub(crate) fn set(&self, name: &str) -> Option<NodeId> {
        self.document.find_set(self.object, name)
    }

    /// Refuses fields that are not `known`, and fields given twice in any spelling.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        let mut given = [false; MOST_FIELDS];
        for (key, _) in self.document.members(self.object) {
            let name = self.document.string(key).unwrap_or_default();
            let Some(at) = known.iter().position(|known| same_name(known, &name)) else {
                return Err(unknown_field(self.of, &name, known));
            };
            match given.get_mut(at) {
                Some(given) if *given => return Err(twice(known[at], &name)),
                Some(given) => *given = true,
                None => {}
            }
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn wrong(&self, name: &str, expected: &str, value: NodeId) -> Fault {
        let raw = self.document.raw(value);
        let actual = if raw.len() > 80 { self.document.kind(value).name().to_owned() } else { raw.to_owned() };
        Fault::invalid(format!("{name} must be {expected}, not {actual}."), expected, actual)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        match self.document.string(value) {
            Some(text) => Ok(Some(text.into_owned())),
            None => Err(self.wrong(name, "a string", value)),
        }
    }

    /// Reads the field `key`; [`check_key`] checks its length.
    pub(crate) fn key(&self) -> Result<Option<String>, Fault> {
        let Some(value) = self.set("key") else { return Ok(None) };
        let Some(key) = self.document.string(value) else { return Err(self.wrong("key", "a string", value)) };
        // Lone surrogates are read as this character, so different keys would become equal.
        if key.contains('\u{fffd}') {
            return Err(self.wrong("key", "a string that UTF-8 can hold", value));
        }
        Ok(Some(key.into_owned()))
    }

    /// Reads the field `attempt`, a whole number from 1.
    pub(crate) fn attempt(&self) -> Result<Option<u64>, Fault> {
        let Some(value) = self.set("attempt") else { return Ok(None) };
        let attempt = self.document.whole(value).filter(|attempt| *attempt > 0);
        attempt.map(Some).ok_or_else(|| self.wrong("attempt", "a whole number from 1", value))
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, Fault> {
        self.text(name)?.ok_or_else(|| {
            Fault::invalid(format!("The {} has no {name}.", self.of), format!("a field \"{name}\""), "none")
        })
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        match self.document.kind(value) {
            Kind::True => Ok(Some(true)),
            Kind::False => Ok(Some(false)),
            _ => Err(self.wrong(name, "true or false", value)),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Fault> {
        self.set(name).map(|value| self.number_at(name, value)).transpose()
    }

    pub(crate) fn number_at(&self, name: &str, value: NodeId) -> Result<f64, Fault> {
        self.document.number(value).ok_or_else(|| self.wrong(name, "a number", value))
    }

    /// Reads a whole number of at most `most`.
    pub(crate) fn whole(&self, name: &str, most: u64) -> Result<Option<u64>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        let number = self.document.whole(value).filter(|number| *number <= most);
        number.map(Some).ok_or_else(|| self.wrong(name, "a whole number", value))
    }

    pub(crate) fn money(&self, name: &str) -> Result<Option<Money>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        let raw = self.document.raw(value);
        let money = if self.document.kind(value) == Kind::Number { Money::parse(raw) } else { None };
        if money == Some(Money::ZERO) && is_negative(raw) {
            // Rounding hides the sign.
            let shown = shorten(raw);
            return Err(Fault::invalid(format!("{name} must not be negative, and is {shown}."), "0 or more", shown));
        }
        money.map(Some).ok_or_else(|| self.wrong(name, "an amount in dollars", value))
    }

    /// Reads an amount that is not negative.
    pub(crate) fn amount(&self, name: &str) -> Result<Option<Money>, Fault> {
        match self.set(name) {
            Some(value) if is_negative(self.document.raw(value)) => {
                Err(self.wrong(name, "an amount of 0 dollars or more", value))
            }
            _ => self.money(name),
        }
    }

    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        let time = self.document.string(value).and_then(|text| Timestamp::parse(&text));
        time.map(Some).ok_or_else(|| self.wrong(name, "a time such as 2024-08-11T14:30:00Z", value))
    }

    pub(crate) fn object(&self, name: &'static str) -> Result<Option<Fields<'a>>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        if self.document.kind(value) != Kind::Object {
            return Err(self.wrong(name, "an object", value));
        }
        Ok(Some(Fields { document: self.document, object: value, of: name }))
    }
}

#[cold]
#[inline(never)]
pub(crate) fn twice(name: &str, spelt: &str) -> Fault {
    let (name, spelt) = (shorten(name), shorten(spelt));
    let again = if name == spelt { String::new() } else { format!(", the second time as \"{spelt}\"") };
    Fault::invalid(format!("{name} is given twice{again}."), format!("{name} once"), spelt)
}

#[cold]
#[inline(never)]
fn unknown_field(of: &str, name: &str, known: &[&str]) -> Fault {
    let shown = shorten(name);
    let fault = Fault::invalid(format!("The {of} has an unknown field \"{shown}\"."), known.join(", "), shown);
    match closest(name, known.iter().copied()) {
        Some(meant) => fault.hint(format!("Did you mean \"{meant}\"?")),
        None => fault,
    }
}

fn is_negative(number: &str) -> bool {
    Decimal::parse(number).is_some_and(|number| number.is_negative())
}

/// The most characters that a key may have.
const LONGEST_KEY: usize = 128;

/// Refuses a key that is empty or too long.
pub(crate) fn check_key(key: Option<&str>) -> Result<(), Fault> {
    let Some(key) = key else { return Ok(()) };
    let length = key.chars().count();
    if (1..=LONGEST_KEY).contains(&length) {
        return Ok(());
    }
    let actual = if length == 0 { "an empty string".to_owned() } else { format!("{length} characters") };
    let expected = format!("1 to {LONGEST_KEY} characters");
    Err(Fault::invalid(format!("key must have {expected}, and is {actual}."), expected, actual).at("key"))
}
