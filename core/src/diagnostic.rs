//! Diagnostics: what was noticed in a session file, and where.

use crate::stage::named;

/// How much a diagnostic matters.
///
/// See the example at [`Severity::name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Worth knowing: a value was read by a tolerant rule.
    Info,
    /// The file says two things, or less than it should.
    Warning,
    /// Something cannot be read; events may be refused for it.
    Error,
}

impl Severity {
    /// The severity's name.
    ///
    /// ```
    /// assert_eq!(callboard_core::Severity::Warning.name(), "warning");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

named!(Severity);

/// Something noticed in a session file.
///
/// See the example at [`crate::Session::diagnostics`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable code, such as `stage_gap`.
    pub code: &'static str,
    /// One plain sentence.
    pub message: String,
    /// Where: keys joined by dots.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What would mend it, where that is certain.
    pub fix: Option<Fix>,
}

/// A certain correction: see [`crate::Session::fix`].
///
/// See the example at [`crate::Session::fix`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fix {
    /// What it does, as an action a person can take.
    pub title: String,
    /// The byte offset of what is replaced.
    pub start: u32,
    /// The byte offset after it.
    pub end: u32,
    /// What comes in its place.
    pub text: String,
}

impl Fix {
    pub(crate) fn new(title: String, start: u32, end: u32, text: String) -> Fix {
        Fix { title, start, end, text }
    }
}
