//! Waiting for files that are being written.
use super::error::SourceError;
use crate::platform::clock::millis;
use crate::platform::pace::pause;
use std::time::Duration;

/// Time in milliseconds for which a file that looks half-written is read again.
const PATIENCE: f64 = 1000.0;

/// Time in milliseconds for which a missing file is looked for again: editors replace a file in two steps.
const MISSING_PATIENCE: f64 = 150.0;

/// Pause between two reads.
const INTERVAL: Duration = Duration::from_millis(50);

/// The state of a file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    Missing,
    /// It is empty or ends within a value, as while it is being written.
    Cut,
}

fn state(path: &str, content: Option<&[u8]>) -> State {
    match content {
        None => State::Missing,
        Some(bytes) if path.to_ascii_lowercase().ends_with(".json") && is_cut(bytes) => State::Cut,
        Some(_) => State::Whole,
    }
}

/// Returns true for JSON that is empty or cut off. Other damage does not come from a write that is under way.
fn is_cut(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

/// Reads a file until it is whole, or has been damaged or missing for long enough.
pub(super) async fn read_settled(
    path: &str,
    read: impl AsyncFn() -> Result<Option<Vec<u8>>, SourceError>,
) -> Result<Option<Vec<u8>>, SourceError> {
    let began = millis();
    loop {
        let content = read().await?;
        let patience = match state(path, content.as_deref()) {
            State::Whole => return Ok(content),
            State::Missing => MISSING_PATIENCE,
            State::Cut => PATIENCE,
        };
        if millis() - began >= patience {
            return Ok(content);
        }
        pause(INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_that_ends_too_early_is_read_again() {
        for text in ["", " \n", "{", "{\"a\": \"b", "[1, 2", "\u{feff}{\"a\":", "{\"a\": tr"] {
            assert_eq!(state("a/b.json", Some(text.as_bytes())), State::Cut, "{text}");
            assert_eq!(state("a/b.md", Some(text.as_bytes())), State::Whole, "{text}");
        }
        for text in ["{}", "\u{feff}[1]\n", "{\"a\": NaN}", "{} {}", "no json", "{\"a\": 1,}", "\0{\0}\0"] {
            assert_eq!(state("a/b.JSON", Some(text.as_bytes())), State::Whole, "{text}");
        }
        assert_eq!(state("a.md", None), State::Missing);
    }
}
