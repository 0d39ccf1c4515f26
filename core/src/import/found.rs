//! Values with the place that they were read from.

use crate::named_enum::named_enum;
use crate::work;
use std::fmt;
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

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "the path {}", self.file),
            line => write!(f, "{}, line {line}", self.file),
        }
    }
}

/// Lists places for people, the lines of one file together.
///
/// ```
/// use callboard_core::import::{Origin, places};
/// let at = |line| Origin { file: "ep_9/state.json".into(), pointer: String::new(), line, column: 1 };
/// assert_eq!(places(&[at(4)]), "ep_9/state.json, line 4");
/// assert_eq!(places(&[at(9), at(4), at(7), at(4)]), "ep_9/state.json, lines 4, 7 and 9");
/// assert_eq!(places(&[at(0)]), "the path ep_9/state.json");
/// ```
pub fn places(origins: &[Origin]) -> String {
    let mut files: Vec<(&str, Vec<u32>)> = Vec::new();
    for origin in origins {
        match files.iter_mut().find(|(file, _)| *file == &*origin.file) {
            Some((_, lines)) => lines.push(origin.line),
            None => files.push((&origin.file, vec![origin.line])),
        }
    }
    let file = |(file, mut lines): (&str, Vec<u32>)| {
        lines.sort_unstable();
        lines.dedup();
        // A value of the path beside others of the text: these say more.
        let lines: Vec<String> = lines.into_iter().filter(|line| *line > 0).map(|line| line.to_string()).collect();
        match lines.as_slice() {
            [] => format!("the path {file}"),
            [line] => format!("{file}, line {line}"),
            [lines @ .., last] => format!("{file}, lines {} and {last}", lines.join(", ")),
        }
    };
    files.into_iter().map(file).collect::<Vec<_>>().join("; ")
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
    /// Source of the value for people: the place, and what was assumed.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = b"{\"session_id\": \"a\", \"phases\": {\"script\": {\"status\": \"failed\"}},\n\"created_at\": \"2025-10-05T08:15:00\"}";
    /// let session = &import(&Shapes::built_in(), &[("a.json", text)]).sessions[0];
    /// assert_eq!(session.id.as_ref().unwrap().source(), "a.json, line 1.");
    /// let created = session.created.as_ref().unwrap();
    /// assert_eq!(created.source(), "a.json, line 2. Assumed: No time zone: read as UTC.");
    /// ```
    pub fn source(&self) -> String {
        let place = capitalised(&self.origin.to_string());
        match &self.assumed {
            Some(assumed) => format!("{place}. Assumed: {assumed}"),
            None => format!("{place}."),
        }
    }

    /// The same place with another value.
    pub(crate) fn with<U>(&self, value: U) -> Found<U> {
        Found { value, raw: self.raw.clone(), origin: self.origin.clone(), assumed: self.assumed.clone() }
    }
}

/// Begins a sentence with a place; the name of a file keeps its letters.
pub(crate) fn capitalised(place: &str) -> String {
    match place.strip_prefix("the path ") {
        Some(path) => format!("The path {path}"),
        None => place.to_owned(),
    }
}

/// A value with how it is known.
///
/// See the example at [`crate::import::ForeignSession`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Derived<T> {
    /// The value.
    pub value: T,
    /// Source of the value: a statement or a computation.
    pub how: How,
    /// The places that it is from.
    pub from: Vec<Origin>,
    /// Computation in one sentence; for a stated value its assumption, or nothing.
    pub note: String,
}

impl<T> Derived<T> {
    /// Source of the value for people: the computation or the assumption, and the places.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = b"{\"session_id\": \"a\", \"total_cost\": 3,\n\"phases\": {\"script\": {\"status\": \"failed\"}}}";
    /// let session = &import(&Shapes::built_in(), &[("a.json", text)]).sessions[0];
    /// assert_eq!(session.cost.as_ref().unwrap().source(), "a.json, line 1.");
    /// assert_eq!(session.state.as_ref().unwrap().source(), "Script failed. From a.json, line 2.");
    /// ```
    pub fn source(&self) -> String {
        let places = places(&self.from);
        let from = |note: &str| if places.is_empty() { note.to_owned() } else { format!("{note} From {places}.") };
        match (self.how, self.note.as_str()) {
            (How::Stated, "") => format!("{}.", capitalised(&places)),
            (How::Stated, note) => format!("{}. {note}", capitalised(&places)),
            (How::Computed, "") => format!("Computed from {places}."),
            (How::Computed, note) => from(note),
        }
    }
}

named_enum! {
/// Source of a value: a statement or a computation.
///
/// ```
/// assert_eq!(callboard_core::import::How::Computed.name(), "computed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// A file states it.
    Stated = "stated",
    /// It follows from what the files state.
    Computed = "computed",
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
