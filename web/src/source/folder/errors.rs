//! The browser's errors about files, in sentences for a producer.
use super::super::error::SourceError;
use crate::platform::file_error::FileError;

/// Returns the error of an operation on a file or on a folder with this path.
pub(super) fn explain(error: FileError, path: &str) -> SourceError {
    let FileError { name, message } = error;
    let text = match name.as_str() {
        "NotAllowedError" | "SecurityError" => {
            format!("{path} cannot be opened: the page has no permission. Open the folder again and allow changes.")
        }
        "NotFoundError" => format!(
            "{path} is no longer there. It was moved, renamed or removed: put it back, or open its folder again."
        ),
        "TypeMismatchError" => {
            format!("{path} cannot be opened: a file and a folder have the same name. Rename one of them.")
        }
        "NoModificationAllowedError" => format!(
            "{path} cannot be written to: it is read-only, or another program holds it. Allow writing to it, or end that program."
        ),
        "InvalidModificationError" | "InvalidStateError" => {
            format!("{path} is being changed by another program. Try again.")
        }
        "QuotaExceededError" => format!("{path} cannot be saved: the disk is full. Make room, then save again."),
        "NotReadableError" => format!(
            "{path} cannot be read: another program holds or changes it, or it may not be read. Try again, or allow reading it."
        ),
        "AbortError" => format!("{path} cannot be saved: the browser stopped it. {}", browser_says(&message)),
        _ => format!("{path} cannot be opened or saved. {}", browser_says(&message)),
    };
    SourceError::new(text)
}

/// Ends the browser's words with one full stop.
fn browser_says(message: &str) -> String {
    format!("The browser says: {}.", message.trim_end_matches(['.', ' ']))
}

/// Returns the error of a file that somebody holds for long.
pub(super) fn locked(path: &str, owner: &str) -> SourceError {
    let message = format!("{path} is locked by {owner}. Wait for it or stop it, then save again.");
    SourceError::new(message)
}

/// Returns the error of a file that was not written because the lock was lost to another owner.
pub(super) fn lock_lost(path: &str) -> SourceError {
    let message = format!("{path} was not saved: an agent took the lock because the save took too long. Save again.");
    SourceError::new(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_sentences() {
        for name in [
            "NotAllowedError",
            "NotFoundError",
            "NoModificationAllowedError",
            "QuotaExceededError",
            "InvalidStateError",
            "NotReadableError",
            "TypeMismatchError",
            "AbortError",
            "UnknownError",
        ] {
            let error = explain(FileError { name: name.into(), message: "No way.. ".into() }, "a/b.json");
            assert!(error.message.starts_with("a/b.json ") && error.message.ends_with('.'), "{error}");
            assert!(!error.message.ends_with(".."), "{error}");
        }
    }
}
