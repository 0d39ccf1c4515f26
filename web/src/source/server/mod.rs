//! Callboard's local server as a source.
mod address;
mod git;
mod listing;
mod refusal;
mod watch;

pub use git::{Commit, GitError, GitState, Push};

use super::error::SourceError;
use super::output::{Output, OutputUrl};
use super::settle::read_settled;
use super::sha256::sha256_hex;
use super::{Abilities, Source, SourceEvent, SourceListing, Swapped};
use crate::platform::files::{ClosedFolder, Found};
use crate::platform::http::{Answer, HttpRequest};
use crate::platform::pace::YieldTimer;
use crate::platform::page;
use address::address;
use futures::stream::LocalBoxStream;
use listing::{Line, Lines, ListedContent, ListedFile, parse};
use refusal::{Refusal, unexpected};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Name of the `meta` element that the server puts into the page.
const META: &str = "callboard-server";

const SOURCE: &str = "/api/source";
const FILES: &str = "/api/files";
const OUTPUTS: &str = "/api/outputs";
const GIT: &str = "/api/git";
const HEAD: &str = "/api/git/head";
const COMMIT: &str = "/api/git/commit";
const PUSH: &str = "/api/git/push";

/// Callboard's local server, which served the page. Clones share it.
#[derive(Clone, Debug)]
pub struct ServerSource {
    shared: Rc<ServerState>,
}

#[derive(Debug)]
struct ServerState {
    about: About,
    /// The ETags that the page gave to files by writing them, by path, until they change again.
    written: RefCell<HashMap<String, String>>,
    /// The files that the server reported as removed, until they are there again.
    removed: RefCell<HashSet<String>>,
    /// The id of the last event that the page knows.
    last_event: RefCell<Option<String>>,
    /// The folder that is served at this address now, if it is another one: nothing may be written there.
    other_folder: RefCell<Option<String>>,
}

/// The server's description of itself.
#[derive(Debug, Deserialize)]
struct About {
    name: String,
    folder: String,
    read_only: bool,
    outputs: bool,
    commit: bool,
}

impl ServerState {
    /// Returns an error if another folder is served at the address of the page now.
    fn check_folder(&self) -> Result<(), SourceError> {
        match &*self.other_folder.borrow() {
            None => Ok(()),
            Some(other) => Err(SourceError::new(format!(
                "Another folder is served at this address now: {other}. Reload the page to work there, or serve {} again.",
                self.about.folder
            ))),
        }
    }
}

/// Connects to the server that served the page; `None` if another one did.
pub async fn served() -> Option<Result<Source, SourceError>> {
    page::meta(META)?;
    Some(ServerSource::connect().await.map(Source::Server))
}

/// Returns the answer, unless it is a refusal.
async fn accepted(answer: Answer) -> Result<Result<Answer, Refusal>, SourceError> {
    match answer.status() {
        200..300 => Ok(Ok(answer)),
        status => Ok(Err(Refusal::parse(status, &answer.bytes().await?))),
    }
}

async fn fetch(request: HttpRequest<'_>) -> Result<Answer, SourceError> {
    Ok(accepted(request.send().await?).await??)
}

async fn fetch_json<T: DeserializeOwned>(url: &str) -> Result<T, SourceError> {
    let bytes = fetch(HttpRequest::get(url)).await?.bytes().await?;
    serde_json::from_slice(&bytes).map_err(|_| unexpected())
}

/// Reads a file below an address; `None` if it is missing.
async fn fetch_file(url: &str) -> Result<Option<Vec<u8>>, SourceError> {
    let answer = HttpRequest::get(url).send().await?;
    // A file that was never committed has no content there.
    if matches!(answer.status(), 204 | 404) {
        return Ok(None);
    }
    Ok(Some(accepted(answer).await??.bytes().await?))
}

impl ServerSource {
    async fn connect() -> Result<Self, SourceError> {
        let about = fetch_json(SOURCE).await?;
        let shared = ServerState {
            about,
            written: RefCell::default(),
            removed: RefCell::default(),
            last_event: RefCell::default(),
            other_folder: RefCell::default(),
        };
        Ok(Self { shared: Rc::new(shared) })
    }

    /// Returns the folder's name.
    pub fn name(&self) -> String {
        self.shared.about.name.clone()
    }

    /// Returns the folder's absolute path, for display.
    pub fn folder(&self) -> &str {
        &self.shared.about.folder
    }

    /// Returns the supported operations.
    pub fn abilities(&self) -> Abilities {
        let about = &self.shared.about;
        Abilities { write: !about.read_only, outputs: about.outputs, commit: about.commit }
    }

    pub(super) async fn list(&self, stop: impl Fn() -> bool) -> Result<SourceListing, SourceError> {
        let chunks = fetch(HttpRequest::get(FILES)).await?.chunks()?;
        self.shared.removed.borrow_mut().clear();
        let timer = YieldTimer::start();
        let (mut lines, mut files, mut closed, mut end) = (Lines::default(), Vec::new(), Vec::new(), None);
        while !stop() && chunks.read_into(lines.buffer()).await? {
            while let Some(line) = lines.next() {
                match parse(line).ok_or_else(unexpected)? {
                    Line::File(ListedFile { path, content }) => {
                        files.push(match content {
                            ListedContent::Bytes(bytes) => Found::in_memory(&path, bytes),
                            ListedContent::Unopened => Found::unopened(&path),
                            ListedContent::Unreadable(why) => Found::unreadable(&path, why),
                            ListedContent::ClosedFolder(why) => {
                                closed.push((path, ClosedFolder::Failed(why)));
                                continue;
                            }
                        });
                    }
                    // The answer is read to its end: the browser would report one that is cut off as failed.
                    Line::End(event) => end = Some(event),
                }
                timer.yield_if_due().await;
            }
        }
        match end {
            Some(event) => *self.shared.last_event.borrow_mut() = Some(event),
            None if stop() => {}
            // The server ended before its last line.
            None => return Err(unexpected()),
        }
        Ok(SourceListing { files, closed })
    }

    pub(super) async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        // A browser reports every request for a file that is not there.
        if self.shared.removed.borrow().contains(path) {
            return Ok(None);
        }
        read_settled(path, async || fetch_file(&address(FILES, path)).await).await
    }

    pub(super) async fn swap(&self, path: &str, expected: Option<&[u8]>, bytes: &[u8]) -> Result<Swapped, SourceError> {
        self.shared.check_folder()?;
        let known = expected.map(|expected| format!("\"{}\"", sha256_hex(expected)));
        let condition = match &known {
            Some(etag) => ("If-Match", etag.as_str()),
            None => ("If-None-Match", "*"),
        };
        // Before the answer, as the event may come first.
        self.shared.written.borrow_mut().insert(path.to_owned(), sha256_hex(bytes));
        self.shared.removed.borrow_mut().remove(path);
        let result = put(path, condition, bytes).await;
        if !matches!(result, Ok(true)) {
            self.shared.written.borrow_mut().remove(path);
        }
        if result? {
            return Ok(Swapped::Written);
        }
        let there = self.read(path).await?;
        // It may have got the new content between the two requests.
        Ok(if there.as_deref() == Some(bytes) { Swapped::Written } else { Swapped::Changed(there) })
    }

    pub(super) fn watch(&self) -> LocalBoxStream<'static, SourceEvent> {
        watch::watch(Rc::clone(&self.shared))
    }

    pub(super) async fn output(&self, path: &str) -> Result<Option<Output>, SourceError> {
        // As in `read`.
        if self.shared.removed.borrow().contains(path) {
            return Ok(None);
        }
        let url = address(OUTPUTS, path);
        let answer = HttpRequest { method: "HEAD", url: &url, headers: &[], body: None }.send().await?;
        if answer.status() == 404 {
            return Ok(None);
        }
        let answer = accepted(answer).await??;
        let size = answer.header("Content-Length").and_then(|length| length.parse().ok());
        Ok(Some(Output {
            path: path.to_owned(),
            size: size.ok_or_else(unexpected)?,
            version: answer.header("ETag").unwrap_or_default(),
            url: OutputUrl::Server(url),
        }))
    }

    /// Returns the state of the work tree.
    ///
    /// # Errors
    /// The server does not answer, or the folder is in no work tree.
    pub async fn git(&self) -> Result<GitState, SourceError> {
        fetch_json(GIT).await
    }

    /// Returns a file as it was last committed; `None` if it never was.
    ///
    /// # Errors
    /// The server does not answer, or the folder is in no work tree.
    pub async fn head(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        fetch_file(&address(HEAD, path)).await
    }

    /// Commits the content of these files alone.
    ///
    /// # Errors
    /// Git or a hook refused.
    pub async fn commit(&self, paths: &[String], message: &str) -> Result<Commit, GitError> {
        self.shared.check_folder()?;
        let body = serde_json::json!({ "paths": paths, "message": message });
        git::post(COMMIT, &body).await
    }

    /// Pushes the current branch.
    ///
    /// # Errors
    /// Git refused.
    pub async fn push(&self) -> Result<Push, GitError> {
        self.shared.check_folder()?;
        git::post(PUSH, &serde_json::json!({})).await
    }
}

/// Writes a file; returns false if it does not meet the condition.
async fn put(path: &str, condition: (&str, &str), bytes: &[u8]) -> Result<bool, SourceError> {
    let headers = [condition, ("Content-Type", "application/json")];
    let url = address(FILES, path);
    let answer = HttpRequest { method: "PUT", url: &url, headers: &headers, body: Some(bytes) }.send().await?;
    if answer.status() == 412 {
        return Ok(false);
    }
    accepted(answer).await??;
    Ok(true)
}
