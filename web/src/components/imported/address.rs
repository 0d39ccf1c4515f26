//! The part of the address that belongs to the page of a session that is only read: the open file and its line.
use crate::route::{Route, encode, parameter};
use std::fmt::Write as _;

/// The parameters of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedAddress {
    /// The path of the open file.
    pub file: Option<String>,
    /// The highlighted line of its text, from 1.
    pub line: Option<u32>,
}

impl ImportedAddress {
    /// Parses the part of an address after `#`, ignoring unknown parameters.
    pub fn parse(hash: &str) -> Self {
        let file = parameter(hash, "file").filter(|file| !file.is_empty());
        let line = parameter(hash, "line").and_then(|line| line.parse().ok()).filter(|line| *line > 0);
        Self { line: line.filter(|_| file.is_some()), file }
    }

    /// Returns the address of a place in a file; line 0 is the file itself.
    pub fn of_place(file: &str, line: u32) -> Self {
        Self { file: Some(file.to_owned()), line: Some(line).filter(|line| *line > 0) }
    }

    /// Returns the address of a session's page with these parameters, with its `#`.
    pub fn href(&self, key: &str) -> String {
        let mut href = Route::Imported(key.to_owned()).href();
        if let Some(file) = &self.file {
            // Writing into a String cannot fail.
            let _ = write!(href, "?file={}", encode(file));
            if let Some(line) = self.line {
                let _ = write!(href, "&line={line}");
            }
        }
        href
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_a_round_trip() {
        for at in [
            ImportedAddress::default(),
            ImportedAddress::of_place("show/ep 1/state.json", 0),
            ImportedAddress::of_place("a&b=c#d%.json", 12),
        ] {
            assert_eq!(ImportedAddress::parse(&at.href("x/y.json#0")), at);
        }
        assert_eq!(ImportedAddress::parse("#/imported/a?line=3"), ImportedAddress::default());
        assert_eq!(ImportedAddress::of_place("a.json", 3).href("ep_1"), "#/imported/ep_1?file=a.json&line=3");
    }
}
