//! Values with the place that they were read from.

use crate::work;
use std::sync::Arc;

/// The place that a value was read from.
///
/// See the example at [`crate::import::Shapes::read`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Origin {
    /// The file's path, as it was given.
    pub file: Arc<str>,
    /// The JSON Pointer of the value (RFC 6901), empty for a value that the file's name or folder says.
    pub pointer: String,
    /// The line, from 1; 0 for a value that the file's name or folder says.
    pub line: u32,
    /// The column, from 1, in characters; 0 for a value that the file's name or folder says.
    pub column: u32,
}

/// A value that a file says.
///
/// See the example at [`crate::import::Shapes::read`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// The text that it was read from.
    pub raw: String,
    /// The place.
    pub origin: Origin,
    /// The reason why the value is not certain, in one sentence; none where it is.
    pub assumed: Option<String>,
}

impl<T> Found<T> {
    /// The same place with another value.
    pub(crate) fn with<U>(&self, value: U) -> Found<U> {
        Found { value, raw: self.raw.clone(), origin: self.origin.clone(), assumed: self.assumed.clone() }
    }
}

/// Distance between the counted offsets of a text, in bytes.
const STRIDE: usize = 4096;

/// The lines of a text, made once, so that any number of places is found in linear time.
pub(crate) struct Lines {
    /// The offset at which each line begins.
    starts: Vec<u32>,
    /// The characters before each multiple of the stride; empty for an ASCII text.
    characters: Vec<u32>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Lines {
        work::count(text.len());
        let bytes = text.as_bytes();
        let first = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut starts = vec![first];
        starts.extend((1..).zip(bytes).filter(|(_, byte)| **byte == b'\n').map(|(next, _)| next));
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            for chunk in bytes.chunks(STRIDE) {
                characters.push(sum);
                sum += count(chunk);
            }
        }
        Lines { starts, characters }
    }

    /// Line and column of an offset, both from 1.
    pub(crate) fn at(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let column = if self.characters.is_empty() {
            offset.saturating_sub(start)
        } else {
            self.before(text, offset).saturating_sub(self.before(text, start))
        };
        (line as u32, column + 1)
    }

    /// The characters before an offset.
    fn before(&self, text: &str, offset: u32) -> u32 {
        let chunk = offset as usize / STRIDE;
        let from = chunk * STRIDE;
        let rest = text.as_bytes().get(from..offset as usize).unwrap_or_default();
        self.characters.get(chunk).copied().unwrap_or_default() + count(rest)
    }
}

fn count(bytes: &[u8]) -> u32 {
    work::count(bytes.len());
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::position;

    #[test]
    fn every_place_is_the_one_that_counting_finds() {
        for text in ["", "a", "a\nbc\n\nd", "ä\nöü\"x\n", "\u{feff}{\n\"ä\": 1}\n", &"ß\nab".repeat(3000)] {
            let lines = Lines::of(text);
            let offsets = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0 || !text.starts_with('\u{feff}'));
            for offset in offsets {
                assert_eq!(lines.at(text, offset as u32), position(text, offset), "{offset}");
            }
        }
    }
}
