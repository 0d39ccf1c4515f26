//! Reasons why changes are not stored, with the messages for each.
use std::borrow::Cow;
use std::fmt;

/// The reason why the browser does not store changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// The browser blocks storage.
    Blocked,
    /// A tab with an older version holds the database open; opening waits for it.
    OldTab,
    /// A newer version wrote the database.
    Newer,
    /// The browser does not answer; requests are repeated.
    Unresponsive,
    /// A newer version was opened in another tab and closed this connection.
    Outdated,
    /// The database was deleted while open.
    Deleted,
    /// The disk or the page's quota is full.
    Full,
    /// Any other error, in the browser's words.
    Failed(String),
}

/// The user's action against a [`StorageError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Store the data of this tab again.
    SaveAgain,
    /// Reload the page.
    Reload,
}

impl StorageError {
    /// Converts a browser's error by its name.
    pub fn named(name: &str, message: &str) -> Self {
        match name {
            "SecurityError" => Self::Blocked,
            "VersionError" => Self::Newer,
            "QuotaExceededError" => Self::Full,
            _ => Self::Failed(sentence(if message.is_empty() { name } else { message })),
        }
    }

    /// Converts a browser's error that occurred while opening a database.
    pub fn of_opening(name: &str, message: &str) -> Self {
        match name {
            // Older private windows of Firefox report an invalid state.
            "InvalidStateError" | "NotSupportedError" | "NotAllowedError" => Self::Blocked,
            _ => Self::named(name, message),
        }
    }

    /// Returns the error of a session that other tabs keep writing.
    pub fn contended() -> Self {
        Self::Failed("Other tabs keep changing the sessions.".into())
    }

    /// Returns the sentence about the problem and its consequence.
    pub fn problem(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Blocked => {
                "Changes are not being saved (the browser blocks storage). They last until you close this tab."
            }
            Self::OldTab => "Changes are not being saved yet: another tab runs an older version of Callboard.",
            Self::Newer => "Changes are not being saved: this browser's data is from a newer version of Callboard.",
            Self::Unresponsive => "Changes are not being saved yet: the browser's storage does not respond.",
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

    /// Returns the advice; empty if [`Remedy`] suffices.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::OldTab => "Close or reload that tab: your sessions then appear here, and changes are saved.",
            Self::Newer => "Reload the page to get that version. Your stored sessions are safe.",
            Self::Unresponsive => {
                "Your stored sessions are safe, and Callboard keeps trying. If this message stays, restart the browser."
            }
            Self::Outdated => "Reload this tab. What was saved until now is safe.",
            Self::Full => "Make room on the disk, then save again.",
            Self::Blocked | Self::Deleted | Self::Failed(_) => "",
        }
    }

    /// Returns the action to offer.
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Newer | Self::Outdated => Some(Remedy::Reload),
            Self::Deleted | Self::Full | Self::Failed(_) => Some(Remedy::SaveAgain),
            Self::Blocked | Self::OldTab | Self::Unresponsive => None,
        }
    }

    /// Returns true if there may be stored sessions that this page does not show.
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
            Self::Unresponsive => out.write_str("The browser's storage does not respond."),
            Self::Outdated => out.write_str("Another tab runs a newer version of Callboard: reload this one."),
            Self::Deleted => out.write_str("The data stored in this browser was deleted."),
            Self::Full => out.write_str("The browser's storage is full."),
            Self::Failed(why) => out.write_str(why),
        }
    }
}

/// Ends the browser's words with one full stop.
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
    fn browser_errors_are_recognised_by_name() {
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
    fn every_reason_has_a_consequence_and_a_remedy() {
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
    fn unreachable_sessions_are_said_to_be_safe() {
        for error in every().into_iter().filter(StorageError::hides_stored) {
            let is_told = ["safe", "then appear here"].iter().any(|words| error.advice().contains(words));
            assert!(is_told, "{error}");
        }
    }
}
