//! Commits of changed session files to git, through Callboard's server.
use super::preferences::limits;
use super::workspace::Workspace;
use crate::arc_eq::ArcEq;
use crate::export::file_change::FileChange;
use crate::export::message::message;
use crate::format::count;
use crate::platform::pace::YieldTimer;
use crate::source::{Commit, GitError, Push, ServerSource, Source, SourceError};
use callboard_core::Policy;
use callboard_core::diff::{Numstat, numstat};
use callboard_core::import::Encoding;
use futures::{StreamExt as _, future, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Number of files that are read at a time: browsers hold back more requests anyway.
const AT_ONCE: usize = 6;

/// A session file with uncommitted changes.
#[derive(Clone, Debug, PartialEq)]
pub struct CommitFile {
    /// The path in the source.
    pub path: String,
    /// The numbers of added and removed lines; `None` if git takes the file for binary data.
    pub lines: Option<Numstat>,
    /// The change in words.
    pub change: FileChange,
    /// The committed bytes; `None` if the file was never committed.
    head: Option<Vec<u8>>,
    /// The bytes on disk; `None` if the file is gone.
    now: Option<Vec<u8>>,
}

impl CommitFile {
    fn new(path: String, head: Option<Vec<u8>>, now: Option<Vec<u8>>, policy: &Policy) -> Self {
        // Bytes that are no text are a text that is no session.
        let text = |bytes: &Option<Vec<u8>>| {
            let decoded = Encoding::decode(bytes.as_deref()?);
            Some(decoded.map_or_else(Default::default, |(text, encoding)| (text.into_owned(), encoding.is_wide())))
        };
        let (old, new) = (text(&head), text(&now));
        let is_wide = [&old, &new].into_iter().flatten().any(|(_, is_wide)| *is_wide);
        let (old, new) = (old.map(|(text, _)| text), new.map(|(text, _)| text));
        let lines = || numstat(old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
        let change = FileChange::of(&path, old.as_deref(), new.as_deref(), policy);
        Self { lines: (!is_wide).then(lines), path, change, head, now }
    }
}

/// The state of the git work tree, and the files with their changes as of the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkTree {
    /// The current branch; `None` on a detached head.
    pub branch: Option<String>,
    /// The author of commits; `None` if git has no settings for it.
    pub author: Option<String>,
    /// The branch that a push updates.
    pub upstream: Option<String>,
    /// The number of commits that are not pushed.
    pub ahead: Option<u32>,
    /// The changed session files, in the server's order.
    pub files: Vec<ArcEq<CommitFile>>,
}

impl WorkTree {
    /// Returns the message for the files with these paths.
    fn message(&self, is_chosen: impl Fn(&str) -> bool) -> String {
        let chosen = self.files.iter().filter(|file| is_chosen(&file.path));
        message(&chosen.map(|file| file.change.clone()).collect::<Vec<_>>())
    }
}

/// The state of the work tree, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum CommitState {
    /// The source cannot commit.
    Unavailable,
    /// The work tree is being read for the first time.
    Loading,
    /// The work tree as it was last read.
    Ready(ArcEq<WorkTree>),
    /// The work tree could not be read, for this reason.
    Unreadable(String),
}

/// The step of the last commit or push.
#[derive(Clone, Debug, PartialEq)]
pub enum CommitStep {
    /// Nothing was committed yet.
    Idle,
    /// A commit is being made.
    Committing,
    /// A commit was made.
    Committed,
    /// A push is being made.
    Pushing,
    /// A push was made.
    Pushed(Push),
    /// A commit was refused.
    CommitFailed(GitError),
    /// A push was refused.
    PushFailed(GitError),
}

impl CommitStep {
    /// Returns true while git works.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Committing | Self::Pushing)
    }
}

/// The commits of this page, provided as context. The file list and what the producer chose and typed outlive a commit
/// that fails, so they are signals beside its step.
#[derive(Clone, Copy)]
pub struct Commits {
    /// The work tree.
    pub state: RwSignal<CommitState>,
    /// The step of the last commit or push.
    pub step: RwSignal<CommitStep>,
    /// The last commit of this page.
    pub last: RwSignal<Option<Commit>>,
    /// Paths of files that the producer left out.
    pub left_out: RwSignal<BTreeSet<String>>,
    /// The message as the producer typed it; `None` for the suggested one.
    pub typed: RwSignal<Option<String>>,
    /// The changed files, in the server's order.
    pub files: Memo<Vec<ArcEq<CommitFile>>>,
    /// The files to commit.
    pub chosen: Memo<Vec<ArcEq<CommitFile>>>,
    /// The suggested message for the chosen files.
    pub suggestion: Memo<String>,
    /// Number of sessions whose changes are not saved, so that a commit leaves them out.
    pub unsaved: Memo<usize>,
    source: Signal<Option<Source>, LocalStorage>,
    is_reading: StoredValue<bool>,
    is_stale: StoredValue<bool>,
}

impl Commits {
    /// Creates the commits of a source, and reads its work tree whenever the source changes.
    pub fn new(workspace: Workspace, source: Signal<Option<Source>, LocalStorage>) -> Self {
        let state = RwSignal::new(CommitState::Unavailable);
        let left_out = RwSignal::new(BTreeSet::new());
        let files = Memo::new(move |_| {
            state.with(|state| match state {
                CommitState::Ready(tree) => tree.files.clone(),
                _ => Vec::new(),
            })
        });
        let suggestion = Memo::new(move |_| {
            state.with(|state| match state {
                CommitState::Ready(tree) => {
                    left_out.with(|left_out: &BTreeSet<String>| tree.message(|path| !left_out.contains(path)))
                }
                _ => String::new(),
            })
        });
        let chosen = Memo::new(move |_| {
            let is_chosen = |file: &&ArcEq<CommitFile>| left_out.with(|left_out| !left_out.contains(&file.path));
            files.with(|files| files.iter().filter(is_chosen).cloned().collect::<Vec<_>>())
        });
        let unsaved = Memo::new(move |_| workspace.sessions.with(|sessions| sessions.changed().count()));
        let commits = Self {
            state,
            step: RwSignal::new(CommitStep::Idle),
            last: RwSignal::new(None),
            left_out,
            typed: RwSignal::new(None),
            files,
            chosen,
            suggestion,
            unsaved,
            source,
            is_reading: StoredValue::new(false),
            is_stale: StoredValue::new(false),
        };
        Effect::new(move |_| {
            source.track();
            commits.refresh();
        });
        commits
    }

    /// Reads the work tree again. Calls during a read lead to one more, however many there are.
    pub fn refresh(self) {
        self.is_stale.set_value(true);
        if self.is_reading.get_value() {
            return;
        }
        self.is_reading.set_value(true);
        spawn_local(async move {
            while self.is_stale.get_value() {
                self.is_stale.set_value(false);
                let Some(source) = self.committing() else {
                    self.state.set(CommitState::Unavailable);
                    continue;
                };
                if !self.state.with_untracked(|state| matches!(state, CommitState::Ready(_))) {
                    self.state.set(CommitState::Loading);
                }
                let read = self.read(&source).await;
                // The source may have changed meanwhile.
                if self.committing().is_some() {
                    self.state.set(match read {
                        Ok(tree) => CommitState::Ready(ArcEq(Arc::new(tree))),
                        Err(error) => CommitState::Unreadable(error.message),
                    });
                }
            }
            self.is_reading.set_value(false);
        });
    }

    /// Commits what the files with these paths hold on disk. Without a message, it gets the one that describes that.
    pub fn commit(self, paths: Vec<String>, typed: Option<String>) {
        let Some(source) = self.committing().filter(|_| !self.step.with_untracked(CommitStep::is_busy)) else { return };
        self.step.set(CommitStep::Committing);
        self.last.set(None);
        spawn_local(async move {
            let step = match self.committed(&source, paths, typed).await {
                Ok(commit) => {
                    self.last.set(Some(commit));
                    self.typed.set(None);
                    self.left_out.update(BTreeSet::clear);
                    CommitStep::Committed
                }
                Err(error) => CommitStep::CommitFailed(error),
            };
            self.step.set(step);
            self.refresh();
        });
    }

    /// Pushes the current branch.
    pub fn push(self) {
        let Some(source) = self.committing().filter(|_| !self.step.with_untracked(CommitStep::is_busy)) else { return };
        self.step.set(CommitStep::Pushing);
        spawn_local(async move {
            let pushed = source.push().await;
            self.step.set(pushed.map_or_else(CommitStep::PushFailed, CommitStep::Pushed));
            self.refresh();
        });
    }

    /// Adds a file to the commit, or leaves it out.
    pub fn choose(self, path: &str, is_chosen: bool) {
        self.left_out.update(|left_out| {
            if is_chosen {
                left_out.remove(path);
            } else {
                left_out.insert(path.to_owned());
            }
        });
    }

    /// Adds all files to the commit, or leaves all out.
    pub fn choose_all(self, is_chosen: bool) {
        let paths = || self.files.with_untracked(|files| files.iter().map(|file| file.path.clone()).collect());
        self.left_out.set(if is_chosen { BTreeSet::new() } else { paths() });
    }

    /// Returns the source if it can commit.
    fn committing(self) -> Option<ServerSource> {
        match self.source.get_untracked()? {
            Source::Server(source) if source.abilities().commit => Some(source),
            _ => None,
        }
    }

    async fn committed(
        self,
        source: &ServerSource,
        mut paths: Vec<String>,
        typed: Option<String>,
    ) -> Result<Commit, GitError> {
        // Agents may have written since the message was shown.
        let tree = self.read(source).await?;
        let changed: HashSet<&str> = tree.files.iter().map(|file| file.path.as_str()).collect();
        paths.retain(|path| changed.contains(path.as_str()));
        if paths.is_empty() {
            let message = "Nothing to commit: these files are as in the last commit.".to_owned();
            return Err(GitError { message, output: String::new() });
        }
        let chosen: HashSet<&str> = paths.iter().map(String::as_str).collect();
        let text = typed.unwrap_or_else(|| tree.message(|path| chosen.contains(path)));
        source.commit(&paths, &text).await
    }

    /// Reads the work tree, and of its changed files the committed and the current content.
    async fn read(self, server: &ServerSource) -> Result<WorkTree, SourceError> {
        let git = server.git().await?;
        let policy = untrack(limits);
        let known = self.files.get_untracked();
        let known: HashMap<&str, _> = known.iter().map(|file| (file.path.as_str(), file)).collect();
        let (source, timer) = (Source::Server(server.clone()), YieldTimer::start());
        let mut reads = stream::iter(git.changed)
            .map(async |path: String| {
                let (head, now) = future::try_join(server.head(&path), source.read(&path)).await?;
                Ok::<_, SourceError>((path, head, now))
            })
            .buffered(AT_ONCE);
        let mut files = Vec::new();
        while let Some(read) = reads.next().await {
            let (path, head, now) = read?;
            // Most files are as they were at the last read.
            let known = known.get(path.as_str()).filter(|file| file.head == head && file.now == now);
            files.push(match known {
                Some(file) => (*file).clone(),
                None => ArcEq(Arc::new(CommitFile::new(path, head, now, &policy))),
            });
            timer.yield_if_due().await;
        }
        let (branch, author, upstream, ahead) = (git.branch, git.author, git.upstream, git.ahead);
        Ok(WorkTree { branch, author, upstream, ahead, files })
    }
}

/// Describes the sessions that a commit leaves out because they are not saved.
pub fn unsaved_sentence(unsaved: usize) -> Option<String> {
    let verb = if unsaved == 1 { "has" } else { "have" };
    let them = if unsaved == 1 { "it" } else { "them" };
    let sessions = count(unsaved, "session", "sessions");
    (unsaved > 0).then(|| format!("{sessions} {verb} unsaved changes. Save {them} to include {them}."))
}

/// Describes a commit: `Committed 1a2b3c4 on main: ep 12: complete writing`.
pub fn committed_sentence(commit: &Commit) -> String {
    let on = commit.branch.as_ref().map(|branch| format!(" on {branch}")).unwrap_or_default();
    format!("Committed {}{on}: {}", commit.short, commit.summary)
}

/// Describes a push: `Pushed main to origin/main.`
pub fn pushed_sentence(push: &Push) -> String {
    match (&push.branch, &push.upstream) {
        (Some(branch), Some(upstream)) => format!("Pushed {branch} to {upstream}."),
        (_, Some(upstream)) => format!("Pushed to {upstream}."),
        _ => "Pushed.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = r#"{"session_id": "ep_1", "agent_outputs": {"script_writer": {"status": "in_progress"}}}"#;

    fn file(path: &str, head: Option<&[u8]>, now: Option<&[u8]>) -> ArcEq<CommitFile> {
        let file = CommitFile::new(path.into(), head.map(<[u8]>::to_vec), now.map(<[u8]>::to_vec), &Policy::default());
        ArcEq(Arc::new(file))
    }

    #[test]
    fn a_message_describes_the_chosen_files() {
        let later = SESSION.replace("in_progress", "complete");
        let files = vec![
            file("a.json", Some(SESSION.as_bytes()), Some(later.as_bytes())),
            file("b.json", None, Some(SESSION.as_bytes())),
        ];
        let tree = WorkTree { branch: None, author: None, upstream: None, ahead: None, files };
        let subject = |is_chosen: fn(&str) -> bool| tree.message(is_chosen).lines().next().map(str::to_owned);
        assert_eq!(subject(|_| true).as_deref(), Some("Add 1 session, update 1: complete writing"));
        assert_eq!(subject(|path| path == "a.json").as_deref(), Some("ep_1: complete writing"));
        assert_eq!(subject(|_| false), None);
    }

    #[test]
    fn lines_are_counted_in_files_that_git_shows() {
        let wide = Encoding::Utf16Le.encode(SESSION);
        assert_eq!(file("a.json", None, Some(SESSION.as_bytes())).lines, Some(Numstat { added: 1, removed: 0 }));
        assert_eq!(file("a.json", Some(SESSION.as_bytes()), None).lines, Some(Numstat { added: 0, removed: 1 }));
        let binary = file("a.json", Some(SESSION.as_bytes()), Some(&wide));
        assert_eq!((binary.lines, binary.change.details.join("; ").as_str()), (None, "change mode or encoding"));
        let broken = file("a.json", Some(SESSION.as_bytes()), Some(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(broken.change.details, ["not readable as a session"]);
    }

    #[test]
    fn results_are_sentences() {
        assert_eq!(unsaved_sentence(0), None);
        assert_eq!(unsaved_sentence(1).as_deref(), Some("1 session has unsaved changes. Save it to include it."));
        let two = "2 sessions have unsaved changes. Save them to include them.";
        assert_eq!(unsaved_sentence(2).as_deref(), Some(two));
        let commit = |branch: Option<&str>| Commit {
            short: "1a2b3c4".into(),
            summary: "ep 12: edit topic".into(),
            branch: branch.map(Into::into),
        };
        assert_eq!(committed_sentence(&commit(Some("main"))), "Committed 1a2b3c4 on main: ep 12: edit topic");
        assert_eq!(committed_sentence(&commit(None)), "Committed 1a2b3c4: ep 12: edit topic");
        let push = |upstream: Option<&str>| Push { branch: Some("main".into()), upstream: upstream.map(Into::into) };
        assert_eq!(pushed_sentence(&push(Some("origin/main"))), "Pushed main to origin/main.");
        assert_eq!(pushed_sentence(&push(None)), "Pushed.");
    }
}
