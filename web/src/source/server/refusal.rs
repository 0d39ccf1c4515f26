//! Errors of the server, in its own sentences.
use super::super::error::SourceError;
use crate::platform::http::NoAnswer;
use serde::Deserialize;

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ErrorBody {
    #[serde(default)]
    pub(super) error: ErrorText,
}

/// The error in a refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ErrorText {
    #[serde(default)]
    message: String,
    hint: Option<String>,
    #[serde(default)]
    pub(super) output: String,
}

impl ErrorBody {
    /// Returns the message and the advice.
    pub(super) fn message(&self) -> String {
        match &self.error.hint {
            Some(hint) if !hint.is_empty() => format!("{} {hint}", self.error.message),
            _ => self.error.message.clone(),
        }
    }
}

/// A refusal of the server.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    pub(super) body: ErrorBody,
}

impl Refusal {
    /// Parses the body of a refusal with a status.
    pub(super) fn parse(status: u16, body: &[u8]) -> Self {
        Self { status, body: serde_json::from_slice(body).unwrap_or_default() }
    }

    /// Returns the server's sentences, or some for an answer without any.
    pub(super) fn message(&self) -> String {
        let message = self.body.message();
        match self.status {
            _ if !message.is_empty() => message,
            401 => "Callboard's server does not know this page. Open the address that `callboard` printed.".into(),
            status => {
                format!("Callboard's server refused with status {status}. Reload the page, or start the server again.")
            }
        }
    }
}

impl From<Refusal> for SourceError {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.message())
    }
}

/// The message for a server that does not answer.
pub(super) const NO_ANSWER: &str = "Callboard's server no longer answers. Start it again with `npx callboard` in the same folder, \
     and open the address that it prints. Changes that were not saved stay in this browser.";

impl From<NoAnswer> for SourceError {
    fn from(_: NoAnswer) -> Self {
        Self::new(NO_ANSWER)
    }
}

/// Returns the error for an answer that is none of this server's.
pub(super) fn unexpected() -> SourceError {
    let message =
        "Unexpected answer from Callboard's server. Reload the page: its version may differ from the server's.";
    SourceError::new(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> SourceError {
        Refusal::parse(status, body.as_bytes()).into()
    }

    #[test]
    fn the_servers_own_sentences_are_shown() {
        let body = r#"{"error":{"code":"locked","message":"a.json is held.","hint":"Wait for it.","line":null}}"#;
        assert_eq!(error(409, body), SourceError::new("a.json is held. Wait for it."));
    }

    #[test]
    fn every_refusal_has_a_sentence() {
        for body in ["", "<html>", "{}", "{\"error\":{}}"] {
            assert!(error(401, body).message.contains("`callboard` printed"), "{body}");
            assert!(error(500, body).message.contains("500"), "{body}");
        }
    }
}
