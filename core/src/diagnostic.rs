//! Diagnostics of a session file.

use crate::named_enum::named_enum;

named_enum! {
/// Severity of a diagnostic.
///
/// ```
/// assert_eq!(callboard_core::Severity::Warning.name(), "warning");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// A value was read by a tolerant rule.
    Info = "info",
    /// The file contradicts itself or lacks something.
    Warning = "warning",
    /// Something cannot be read; events may be refused because of it.
    Error = "error",
}
}

/// Finding in a session file.
///
/// See the example at [`crate::Session::diagnostics`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Diagnostic {
    /// Severity.
    pub severity: Severity,
    /// Stable code, such as `stage_gap`.
    pub code: &'static str,
    /// Description in one sentence.
    pub message: String,
    /// Path in the file, keys joined by dots.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Correction, if one is certain.
    pub fix: Option<Fix>,
}

/// Correction of a session's text. See [`crate::Session::fix`].
///
/// See the example at [`crate::Session::fix`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fix {
    /// Label of the action.
    pub title: String,
    /// Byte offset of the replaced text.
    pub start: u32,
    /// Byte offset after the replaced text.
    pub end: u32,
    /// Replacement.
    pub text: String,
}

impl Fix {
    pub(crate) fn new(title: String, start: u32, end: u32, text: String) -> Fix {
        Fix { title, start, end, text }
    }
}
