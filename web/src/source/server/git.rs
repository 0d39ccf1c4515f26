//! Git through the server: the state, a commit and a push.
use super::refusal::{NO_ANSWER, Refusal, unexpected};
use crate::platform::http::{HttpRequest, NoAnswer};
use crate::source::SourceError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Asks the server for a change by git.
pub(super) async fn post<T: DeserializeOwned>(url: &str, body: &serde_json::Value) -> Result<T, GitError> {
    let headers = [("Content-Type", "application/json")];
    let body = body.to_string();
    let answer = HttpRequest { method: "POST", url, headers: &headers, body: Some(body.as_bytes()) }.send().await?;
    let status = answer.status();
    let bytes = answer.bytes().await?;
    if !(200..300).contains(&status) {
        return Err(Refusal::parse(status, &bytes).into());
    }
    serde_json::from_slice(&bytes).map_err(|_| GitError { message: unexpected().message, output: String::new() })
}

/// The state of the served work tree.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GitState {
    /// The current branch; `None` on a detached head.
    pub branch: Option<String>,
    /// The author of commits as `Name <mail>`; `None` if git has no settings for it.
    pub author: Option<String>,
    /// The branch that a push updates; `None` if there is none.
    pub upstream: Option<String>,
    /// The number of commits that are not pushed; `None` without an upstream.
    pub ahead: Option<u32>,
    /// The session files with uncommitted changes.
    pub changed: Vec<String>,
}

/// A commit that was made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Commit {
    /// The abbreviated hash.
    pub short: String,
    /// The first line of the message.
    pub summary: String,
    /// The branch; `None` on a detached head.
    pub branch: Option<String>,
}

/// A push that was made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Push {
    /// The pushed branch.
    pub branch: Option<String>,
    /// The updated branch.
    pub upstream: Option<String>,
}

/// A refusal of git, of a hook or of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitError {
    /// Sentences for a producer: what failed, why, and what to do.
    pub message: String,
    /// The output of git or of the hook; empty if there is none.
    pub output: String,
}

impl fmt::Display for GitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for GitError {}

impl From<Refusal> for GitError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.message();
        Self { message, output: refusal.body.error.output }
    }
}

impl From<SourceError> for GitError {
    fn from(error: SourceError) -> Self {
        Self { message: error.message, output: String::new() }
    }
}

impl From<NoAnswer> for GitError {
    fn from(_: NoAnswer) -> Self {
        Self { message: NO_ANSWER.into(), output: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_a_hook_is_kept() {
        let body = br#"{"error":{"code":"hook_failed","message":"A hook refused.","hint":"See below.","output":"lint: no\n"}}"#;
        let error = GitError::from(Refusal::parse(409, body));
        assert_eq!((&*error.message, &*error.output), ("A hook refused. See below.", "lint: no\n"));
    }
}
