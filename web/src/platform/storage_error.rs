//! Reasons why changes are kept in this tab only, and the words for each: what is wrong, and what to do.
use std::borrow::Cow;
use std::fmt;

/// Why the browser does not store changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// It blocks storage, or has it switched off.
    Blocked,
    /// Another tab runs an older version, whose connection keeps the database from being opened. It is waited for.
    OldTab,
    /// The database was written by a newer version than this one.
    Newer,
    /// It does not answer. It is asked again.
    Unresponsive,
    /// A newer version was started in another tab, and the connection was closed for it.
    Outdated,
    /// The database was deleted while it was open.
    Deleted,
    /// The disk, or what the browser grants to the page, is full.
    Full,
    /// Anything else, in the browser's own words.
    Failed(String),
}

/// An action that the page offers against a [`StorageError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Store what is in the tab once more.
    SaveAgain,
    /// Load the page again.
    Reload,
}

impl StorageError {
    /// The error that a browser throws or reports under this name, with its message.
    pub fn named(name: &str, message: &str) -> Self {
        match name {
            "SecurityError" => Self::Blocked,
            "VersionError" => Self::Newer,
            "QuotaExceededError" => Self::Full,
            _ => Self::Failed(sentence(if message.is_empty() { name } else { message })),
        }
    }

    /// As [`StorageError::named`], where it came in answer to the opening of a database.
    pub fn of_opening(name: &str, message: &str) -> Self {
        match name {
            // Private windows of older Firefoxes refuse it as an invalid state.
            "InvalidStateError" | "NotSupportedError" | "NotAllowedError" => Self::Blocked,
            _ => Self::named(name, message),
        }
    }

    /// The error of a session that other tabs write again and again.
    pub fn contended() -> Self {
        Self::Failed("Other tabs keep changing the sessions.".into())
    }

    /// The sentence that says what is wrong, and how long changes last.
    pub fn problem(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Blocked => {
                "Changes are not being saved (the browser blocks storage). They last until you close this tab."
            }
            Self::OldTab => "Changes are not being saved yet: another tab runs an older version of Callboard.",
            Self::Newer => "Changes are not being saved: this browser's data is from a newer version of Callboard.",
            Self::Unresponsive => "Changes are not being saved yet: the browser's storage does not answer.",
            Self::Outdated => "Changes are no longer being saved: another tab runs a newer version of Callboard.",
            Self::Deleted => {
                "The data stored in this browser was deleted. What you see here lasts until you close this tab."
            }
            Self::Full => {
                "Changes are not being saved: the browser's storage is full. They last until you close this tab."
            }
            Self::Failed(why) => {
                return format!("Changes are not being saved. {why} They last until you close this tab.").into();
            }
        })
    }

    /// The advice; empty where a [`Remedy`] says it all.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::OldTab => "Close or reload that tab: your sessions then appear here, and changes are saved.",
            Self::Newer => "Reload the page to get that version. Your stored sessions are safe.",
            Self::Unresponsive => {
                "Your stored sessions are safe, and Callboard keeps trying. If this stays, restart the browser."
            }
            Self::Outdated => "Reload this tab. What was saved until now is safe.",
            Self::Full => "Make room on the disk, then save again.",
            Self::Blocked | Self::Deleted | Self::Failed(_) => "",
        }
    }

    /// The action that the page offers.
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Newer | Self::Outdated => Some(Remedy::Reload),
            Self::Deleted | Self::Full | Self::Failed(_) => Some(Remedy::SaveAgain),
            Self::Blocked | Self::OldTab | Self::Unresponsive => None,
        }
    }

    /// Whether there may be stored sessions that this page neither shows nor changes.
    pub fn hides_stored(&self) -> bool {
        matches!(self, Self::OldTab | Self::Newer | Self::Unresponsive | Self::Outdated)
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked => out.write_str("The browser blocks storage."),
            Self::OldTab => out.write_str("Another tab runs an older version of Callboard."),
            Self::Newer => out.write_str("This browser's data is from a newer version of Callboard."),
            Self::Unresponsive => out.write_str("The browser's storage does not answer."),
            Self::Outdated => out.write_str("Another tab runs a newer version of Callboard: reload this one."),
            Self::Deleted => out.write_str("The data stored in this browser was deleted."),
            Self::Full => out.write_str("The browser's storage is full."),
            Self::Failed(why) => out.write_str(why),
        }
    }
}

/// With one full stop at its end, whatever the browser's own words end with.
fn sentence(text: &str) -> String {
    format!("The browser says: {}.", text.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> [StorageError; 8] {
        use StorageError::{Blocked, Deleted, Failed, Full, Newer, OldTab, Outdated, Unresponsive};
        [Blocked, OldTab, Newer, Unresponsive, Outdated, Deleted, Full, Failed("The browser says: no.".into())]
    }

    #[test]
    fn browsers_errors_are_known_by_name() {
        for (name, expected) in [
            ("SecurityError", StorageError::Blocked),
            ("VersionError", StorageError::Newer),
            ("QuotaExceededError", StorageError::Full),
        ] {
            assert_eq!(StorageError::named(name, "The operation failed."), expected);
            assert_eq!(StorageError::of_opening(name, "The operation failed."), expected);
        }
        assert_eq!(StorageError::of_opening("InvalidStateError", ""), StorageError::Blocked);
        assert_ne!(StorageError::named("InvalidStateError", "The connection is closing."), StorageError::Blocked);
        for message in ["Internal error", "Internal error.", "Internal error.. "] {
            assert_eq!(
                StorageError::named("UnknownError", message),
                StorageError::Failed("The browser says: Internal error.".into())
            );
        }
        assert_eq!(StorageError::named("AbortError", "").to_string(), "The browser says: AbortError.");
    }

    #[test]
    fn every_reason_says_what_happens_to_changes_and_what_to_do() {
        for error in every() {
            let problem = error.problem();
            assert!(problem.ends_with('.') && error.to_string().ends_with('.'), "{problem}");
            let is_told = problem.contains("saved") || problem.contains("until you close this tab");
            assert!(is_told, "{problem}");
            let has_way = !error.advice().is_empty() || error.remedy().is_some() || error == StorageError::Blocked;
            assert!(has_way, "{problem}");
        }
    }

    #[test]
    fn where_stored_sessions_are_out_of_reach_they_are_said_to_be_safe() {
        for error in every().into_iter().filter(StorageError::hides_stored) {
            let is_told = ["safe", "then appear here"].iter().any(|words| error.advice().contains(words));
            assert!(is_told, "{error}");
        }
    }
}
