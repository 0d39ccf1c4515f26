//! The lock that Callboard's package keeps beside a session file while it is written.
//!
//! The lock is a file that names its owner; the package's `store/lock.js` describes the rules. The browser has no hard
//! links, so a lock is made empty and then written, as the package does on file systems without them. An owner counts as
//! dead after 30 s of silence, or if it is a page of this browser that has ended. The right to inherit its lock is again
//! a file, named after the dead owner.
use super::errors::{explain, locked};
use crate::platform::clock::millis;
use crate::platform::directory::Directory;
use crate::platform::file_error::FileError;
use crate::platform::lock::{self, LockGuard};
use crate::platform::pace::pause;
use crate::platform::random::random_id;
use crate::platform::web_storage::Area;
use crate::source::error::SourceError;
use crate::source::sha256::sha256_hex;
use callboard_workspace::split;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Time in milliseconds without a sign of life after which an owner counts as dead.
const SILENCE: f64 = 30_000.0;

/// Longest wait for a lock in milliseconds, as in the package.
const TIMEOUT: f64 = 90_000.0;

/// Interval between looks at a lock.
const INTERVAL: Duration = Duration::from_millis(20);

/// Longest name of a file, in bytes, that leaves room for the endings of a lock.
const MAX_NAME: usize = 180;

/// Key of the browser's own id, by which its pages recognise each other's locks.
const PLACE_KEY: &str = "callboard:lock-place";

/// Returns the path of a file's lock.
fn lock_of(path: &str) -> String {
    let (folder, name) = split(path);
    let short = if name.len() > MAX_NAME { sha256_hex(name.as_bytes()) } else { name.to_owned() };
    if folder.is_empty() { format!(".{short}.lock") } else { format!("{folder}/.{short}.lock") }
}

/// The owner of a lock, as its file names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    nonce: String,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    pid: u32,
}

impl Owner {
    fn new() -> Self {
        Self { nonce: random_id(), place: Some(own_place()), pid: 0 }
    }

    /// Returns the owner's name for a sentence.
    fn name(&self) -> String {
        match self.place.as_deref().and_then(|place| place.split('/').next()).filter(|place| !place.is_empty()) {
            Some(place) if self.pid > 0 => format!("process {} of {place}", self.pid),
            Some(place) => place.to_owned(),
            None => "another program".to_owned(),
        }
    }

    /// Returns true for a page of this browser that has ended.
    async fn is_dead(&self) -> bool {
        self.place.as_deref() == Some(&*own_place()) && lock::is_free(&liveness_lock(&self.nonce)).await
    }
}

/// Returns the scope of this browser's owners.
fn own_place() -> String {
    let id = Area::Local.get::<String>(PLACE_KEY).unwrap_or_else(|| {
        let id = random_id();
        // If it is not stored, it is kept while the page is open.
        let _ = Area::Local.set(PLACE_KEY, &id);
        id
    });
    format!("a browser/{id}")
}

/// Returns the name of the browser's lock that an owner holds while it lives.
fn liveness_lock(nonce: &str) -> String {
    format!("callboard-owner:{nonce}")
}

/// A lock that this page holds.
#[derive(Debug)]
pub(super) struct LockFile {
    directory: Directory,
    path: String,
    owner: Owner,
    _life: Option<LockGuard>,
}

impl LockFile {
    /// Takes the lock of a file, waiting for it if need be.
    ///
    /// # Errors
    /// Somebody holds it for too long, or it cannot be made.
    pub(super) async fn take(directory: &Directory, file: &str) -> Result<Self, SourceError> {
        let owner = Owner::new();
        let life = lock::try_hold(&liveness_lock(&owner.nonce)).await;
        let held = Self { directory: directory.clone(), path: lock_of(file), owner, _life: life };
        match held.acquire().await {
            Ok(None) => Ok(held),
            Ok(Some(other)) => Err(locked(file, &other.name())),
            Err(error) => Err(explain(error, file)),
        }
    }

    /// Returns true if the lock is still this page's.
    pub(super) async fn is_held(&self) -> Result<bool, FileError> {
        Ok(self.owner_in(&self.path).await?.is_some_and(|(owner, _)| owner.nonce == self.owner.nonce))
    }

    /// Releases the lock.
    pub(super) async fn release(self) {
        // An unreadable lock is ours unless another owner has taken it over, which takes half a minute of silence.
        if self.is_held().await.unwrap_or(true) {
            // A lock that cannot be removed is recognised as a dead owner's.
            let _ = self.directory.remove(&self.path).await;
        }
    }

    /// Takes the lock; returns its owner if that one held it all the time.
    async fn acquire(&self) -> Result<Option<Owner>, FileError> {
        let mut watch = SilenceWatch::default();
        let began = millis();
        loop {
            let Some(chain) = self.follow().await? else {
                if self.make(&self.path).await? {
                    return Ok(None);
                }
                continue;
            };
            let is_silent = watch.is_over(&chain, millis());
            if is_silent || chain.last.is_dead().await {
                if self.inherit(&chain).await? {
                    return Ok(None);
                }
            } else if millis() - began > TIMEOUT {
                return Ok(Some(chain.last));
            }
            pause(INTERVAL).await;
        }
    }

    /// Reads the chain of owners, from the one that the lock names to its holder; `None` for a free lock.
    async fn follow(&self) -> Result<Option<Chain>, FileError> {
        let Some((first, mut modified)) = self.owner_in(&self.path).await? else { return Ok(None) };
        let mut last = first.clone();
        loop {
            let next = format!("{}.{}.next", self.path, last.nonce);
            match self.owner_in(&next).await? {
                Some((owner, at)) => (last, modified) = (owner, at),
                None => return Ok(Some(Chain { first, last, modified, next })),
            }
        }
    }

    /// Reads the owner that a lock names, and the time of its last sign of life.
    async fn owner_in(&self, path: &str) -> Result<Option<(Owner, f64)>, FileError> {
        let Some((bytes, version)) = self.directory.read(path).await? else { return Ok(None) };
        let owner = serde_json::from_slice(&bytes).unwrap_or_else(|_| Owner {
            // Another program's file, or one that is being written: only silence shows that it means nothing.
            nonce: format!("unreadable-{}-{}", version.modified, version.size),
            place: None,
            pid: 0,
        });
        Ok(Some((owner, version.modified)))
    }

    /// Makes a file that names this owner; returns false if another owner was quicker.
    async fn make(&self, path: &str) -> Result<bool, FileError> {
        self.directory.create(path).await?;
        let made = self.fill(path).await;
        if made.is_err() && self.is_empty(path).await {
            // The error that led to it matters more than one here.
            let _ = self.directory.remove(path).await;
        }
        made
    }

    async fn fill(&self, path: &str) -> Result<bool, FileError> {
        if !self.is_empty(path).await {
            return Ok(false);
        }
        let writer = self.directory.writer(path).await?;
        writer.write(&self.text()).await?;
        if !self.is_empty(path).await {
            writer.discard().await;
            return Ok(false);
        }
        writer.commit().await?;
        Ok(self.owner_in(path).await?.is_some_and(|(owner, _)| owner == self.owner))
    }

    async fn is_empty(&self, path: &str) -> bool {
        self.directory.version(path).await.is_ok_and(|version| version.is_some_and(|version| version.size == 0.0))
    }

    /// Takes the lock of a dead owner; returns false if another owner was quicker.
    async fn inherit(&self, chain: &Chain) -> Result<bool, FileError> {
        if !self.make(&chain.next).await? {
            return Ok(false);
        }
        let is_first = self.owner_in(&self.path).await?.is_some_and(|(owner, _)| owner.nonce == chain.first.nonce);
        let replaced = if is_first { self.replace().await } else { Ok(()) };
        self.directory.remove(&chain.next).await?;
        replaced?;
        Ok(is_first && self.is_held().await?)
    }

    async fn replace(&self) -> Result<(), FileError> {
        let writer = self.directory.writer(&self.path).await?;
        writer.write(&self.text()).await?;
        writer.commit().await
    }

    fn text(&self) -> Vec<u8> {
        // Texts and numbers are always serialised.
        serde_json::to_vec(&self.owner).unwrap_or_default()
    }
}

/// The owners of a lock whose earlier ones have died.
#[derive(Debug)]
struct Chain {
    first: Owner,
    last: Owner,
    /// The time of the last one's last sign of life, in milliseconds.
    modified: f64,
    /// The path of the right to inherit the lock of the last one.
    next: String,
}

/// Measures by the page's own clock for how long the same owner has been silent.
#[derive(Debug, Default)]
struct SilenceWatch {
    seen: Option<(String, f64)>,
    since: f64,
}

impl SilenceWatch {
    fn is_over(&mut self, chain: &Chain, now: f64) -> bool {
        let seen = Some((chain.last.nonce.clone(), chain.modified));
        if self.seen != seen {
            (self.seen, self.since) = (seen, now);
        }
        now - self.since > SILENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_where_the_package_looks_for_it() {
        assert_eq!(lock_of("a.json"), ".a.json.lock");
        assert_eq!(lock_of("x/y/a.json"), "x/y/.a.json.lock");
        let long = format!("{}.json", "\u{fc}".repeat(90));
        assert_eq!(lock_of(&format!("x/{long}")), format!("x/.{}.lock", sha256_hex(long.as_bytes())));
    }

    #[test]
    fn an_owner_is_read_as_the_package_writes_it() {
        let text = r#"{"nonce":"1-2","place":"studio/boot/pid:[4026]","pid":17,"started":"991"}"#;
        let owner: Owner = serde_json::from_str(text).unwrap();
        assert_eq!((&*owner.nonce, &*owner.name()), ("1-2", "process 17 of studio"));
        let owner = Owner { nonce: "n".into(), place: Some("a browser/1".into()), pid: 0 };
        assert_eq!(owner.name(), "a browser");
        assert_eq!(serde_json::to_string(&owner).unwrap(), r#"{"nonce":"n","place":"a browser/1","pid":0}"#);
        assert_eq!(Owner { place: None, ..owner }.name(), "another program");
    }

    #[test]
    fn only_silence_of_the_same_owner_counts() {
        let owner = |nonce: &str| Owner { nonce: nonce.into(), place: None, pid: 0 };
        let chain = |nonce, modified| Chain { first: owner(nonce), last: owner(nonce), modified, next: String::new() };
        let mut watch = SilenceWatch::default();
        assert!(!watch.is_over(&chain("a", 1.0), 1_000_000.0));
        assert!(!watch.is_over(&chain("a", 1.0), 1_000_000.0 + SILENCE));
        // A heartbeat, then another owner.
        assert!(!watch.is_over(&chain("a", 2.0), 1_000_001.0 + SILENCE));
        assert!(!watch.is_over(&chain("b", 2.0), 1_000_002.0 + 2.0 * SILENCE));
        assert!(watch.is_over(&chain("b", 2.0), 1_000_003.0 + 3.0 * SILENCE));
    }
}
