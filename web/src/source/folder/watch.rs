//! Changes below a folder: reported by the browser, and found by looking at the files again and again.
//!
//! A browser without an observer, and a file system without events, report nothing. So all files are looked at from time
//! to time, and those that changed last more often, for a fixed share of the time.
use super::FolderState;
use super::errors::explain;
use crate::platform::clock::millis;
use crate::platform::file_error::FileError;
use crate::platform::files::{AT_ONCE, ClosedFolder, walk_folder};
use crate::platform::folder_observer::{FolderObserver, ObservedChange};
use crate::platform::pace::{YieldTimer, pause, pause_millis};
use crate::platform::{folder_picker, page};
use crate::source::SourceEvent;
use crate::source::snapshot::{Changes, GRACE, Scan, is_ignored};
use crate::source::watching::driven;
use callboard_core::import::is_tool_folder;
use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{Either, select};
use futures::stream::{self, LocalBoxStream};
use std::collections::{BTreeSet, VecDeque};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

/// Time for which changes are collected.
const BATCH: Duration = Duration::from_millis(50);

/// Most milliseconds that count for a look at one file. On a stalled machine the clock counts the work of others, and the
/// next look would come much later.
const FILE_COST: f64 = 2.0;

/// Pause after a look, as a multiple of its duration: while the page is visible, and while it is hidden.
const SHARES: [f64; 2] = [50.0, 200.0];

/// Least interval between looks at all files in milliseconds, without an observer and with one.
const SCAN_INTERVALS: [f64; 2] = [1000.0, 5000.0];

/// Least interval between looks at the files that changed last, in milliseconds.
const RECENT_INTERVAL: f64 = 250.0;

/// Number of files that count as changed last.
const RECENT: usize = 32;

/// Number of files from which one look at all of them is quicker.
const MANY: usize = 1000;

/// Least interval between looks at all files that events ask for, in milliseconds.
const ASKED_INTERVAL: f64 = 100.0;

/// Time after the end of an observer before another one is started, in milliseconds: the browser may end that at once.
const OBSERVE_INTERVAL: f64 = 30_000.0;

/// Interval between attempts to reach a lost folder in milliseconds.
const LOST_INTERVAL: f64 = 1000.0;

/// Longest sleep in milliseconds: the page may be shown or hidden meanwhile.
const LONGEST_SLEEP: f64 = 2000.0;

/// Watches a folder, until the stream is dropped.
pub(super) fn watch(shared: Rc<FolderState>) -> LocalBoxStream<'static, SourceEvent> {
    let (sender, events) = unbounded();
    let watch = FolderWatch {
        shared,
        sender,
        observer: None,
        observe_at: 0.0,
        // Not at once: the listed files are being read.
        scanned: Look { ended: millis(), duration: 0.0 },
        is_scan_asked: false,
        pending_at: None,
        recent: VecDeque::new(),
        recent_looked: Look::default(),
        failed_at: None,
        is_lost: false,
    };
    driven(events, watch.run())
}

/// A look at files.
#[derive(Clone, Copy, Default)]
struct Look {
    /// The time of its end in milliseconds.
    ended: f64,
    /// Its duration in milliseconds, as far as looking at the files explains it.
    duration: f64,
}

impl Look {
    /// Creates a look that began at a time and found this many files.
    fn since(began: f64, files: usize) -> Self {
        let ended = millis();
        Self { ended, duration: (ended - began).min(FILE_COST * (files + 1) as f64) }
    }

    /// Returns the time of the next look.
    fn next(self, interval: f64) -> f64 {
        let [visible, hidden] = SHARES;
        let share = if page::is_hidden() { hidden } else { visible };
        self.ended + interval.max(self.duration * share)
    }
}

struct FolderWatch {
    shared: Rc<FolderState>,
    sender: UnboundedSender<SourceEvent>,
    /// `None` if the browser reports nothing.
    observer: Option<FolderObserver>,
    /// The time in milliseconds from which another observer may be started.
    observe_at: f64,
    /// The last look at all files.
    scanned: Look,
    /// True if all files must be looked at as soon as possible.
    is_scan_asked: bool,
    /// The time in milliseconds to look at missing files again.
    pending_at: Option<f64>,
    /// The files that changed last.
    recent: VecDeque<String>,
    recent_looked: Look,
    /// The time in milliseconds at which the folder could not be opened for the first time.
    failed_at: Option<f64>,
    /// True if [`SourceEvent::Lost`] was reported.
    is_lost: bool,
}

impl FolderWatch {
    async fn run(mut self) {
        self.observe().await;
        loop {
            let sleep = (self.next_due() - millis()).min(LONGEST_SLEEP);
            let observed = match &mut self.observer {
                Some(observer) => match select(pin!(observer.next()), pin!(pause_millis(sleep))).await {
                    Either::Left((change, _)) => Some(change),
                    Either::Right(_) => None,
                },
                None => {
                    pause_millis(sleep).await;
                    None
                }
            };
            if let Some(change) = observed {
                self.receive(change).await;
            }
            self.work().await;
        }
    }

    async fn observe(&mut self) {
        self.observer = FolderObserver::start(self.shared.directory.handle()).await;
    }

    fn scan_at(&self) -> f64 {
        if self.is_lost {
            return self.scanned.ended + LOST_INTERVAL;
        }
        if let Some(failed) = self.failed_at {
            return failed + GRACE;
        }
        if self.is_scan_asked {
            // Events never keep the page busy with looking at all files.
            return self.scanned.ended + ASKED_INTERVAL.max(4.0 * self.scanned.duration);
        }
        let [without, with] = SCAN_INTERVALS;
        self.scanned.next(if self.observer.is_some() { with } else { without })
    }

    /// Returns the time to look at the files that changed last; they are reported if there is an observer.
    fn recent_at(&self) -> Option<f64> {
        let is_watched = !self.is_lost && self.observer.is_none() && !self.recent.is_empty();
        is_watched.then(|| self.recent_looked.next(RECENT_INTERVAL))
    }

    fn next_due(&self) -> f64 {
        [Some(self.scan_at()), self.pending_at, self.recent_at()].into_iter().flatten().fold(f64::INFINITY, f64::min)
    }

    /// Handles a change that the browser reports, together with those that follow it.
    async fn receive(&mut self, first: ObservedChange) {
        pause(BATCH).await;
        let mut changes = vec![first];
        while let Some(change) = self.observer.as_mut().and_then(FolderObserver::try_next) {
            changes.push(change);
        }
        let mut paths = BTreeSet::new();
        for change in changes {
            match change {
                ObservedChange::File(path) if is_watched(&path) => drop(paths.insert(path)),
                ObservedChange::Folder(path) if is_watched(&path) => self.is_scan_asked = true,
                ObservedChange::Gone(path) => {
                    let snapshot = self.shared.snapshot.borrow();
                    if snapshot.has(&path) {
                        paths.insert(path);
                    } else if path.is_empty() || snapshot.has_folder(&path) {
                        self.is_scan_asked = true;
                    }
                }
                ObservedChange::File(_) | ObservedChange::Folder(_) => {}
                ObservedChange::Unknown => self.is_scan_asked = true,
                ObservedChange::Ended => {
                    self.observer = None;
                    self.observe_at = millis() + OBSERVE_INTERVAL;
                    self.is_scan_asked = true;
                }
            }
        }
        if paths.len() > MANY {
            self.is_scan_asked = true;
        } else if !self.is_lost && !paths.is_empty() {
            self.look(paths.into_iter().collect()).await;
        }
    }

    /// Does what is due.
    async fn work(&mut self) {
        let now = millis();
        if now >= self.scan_at() {
            self.scan().await;
        } else if !self.is_lost && self.pending_at.is_some_and(|due| now >= due) {
            self.pending_at = None;
            let pending = self.shared.snapshot.borrow().pending();
            self.look(pending).await;
        } else if self.recent_at().is_some_and(|due| now >= due) {
            let recent: Vec<String> = self.recent.iter().cloned().collect();
            let files = recent.len();
            self.look(recent).await;
            self.recent_looked = Look::since(now, files);
        }
    }

    /// Looks at these files.
    async fn look(&mut self, paths: Vec<String>) {
        let directory = &self.shared.directory;
        let looks = stream::iter(paths).map(async |path| {
            let version = directory.version(&path).await;
            Some((path, version.ok()?))
        });
        let found: Vec<_> = looks.buffer_unordered(AT_ONCE).filter_map(async |look| look).collect().await;
        // If the folder itself is gone, its files are not.
        if found.iter().any(|(_, version)| version.is_none())
            && let Err(error) = directory.check().await
        {
            self.fail(error);
            return;
        }
        self.shared.take_reads();
        let changes = self.shared.snapshot.borrow_mut().look(found, millis());
        self.report(changes);
    }

    /// Looks at all files.
    async fn scan(&mut self) {
        let began = millis();
        let result = self.scan_files().await;
        self.scanned = Look::since(began, result.as_ref().map_or(0, |scan| scan.files.len()));
        match result {
            Ok(scan) => {
                self.failed_at = None;
                if std::mem::take(&mut self.is_lost) {
                    self.shared.directory.forget_folders();
                    self.send(SourceEvent::Restored);
                }
                self.is_scan_asked = false;
                self.shared.take_reads();
                let changes = self.shared.snapshot.borrow_mut().scan(scan, millis());
                self.report(changes);
                if self.observer.is_none() && millis() >= self.observe_at {
                    self.observe().await;
                }
            }
            Err(error) => self.fail(error),
        }
    }

    async fn scan_files(&self) -> Result<Scan, FileError> {
        let handle = self.shared.directory.handle();
        if !folder_picker::can_read(handle).await {
            return Err(FileError { name: "NotAllowedError".into(), message: String::new() });
        }
        let (files, closed) = walk_folder(handle, || false).await?;
        let failed = closed.into_iter().filter(|(_, why)| *why != ClosedFolder::OfTool);
        let mut scan = Scan { files: Vec::with_capacity(files.len()), unread: failed.map(|(path, _)| path).collect() };
        let timer = YieldTimer::start();
        let looks = stream::iter(files.iter().map(|file| (file.path(), file)).filter(|(path, _)| !is_ignored(path)));
        let mut looks = pin!(looks.map(async |(path, file)| (path, file.version().await)).buffer_unordered(AT_ONCE));
        while let Some((path, version)) = looks.next().await {
            match version {
                Ok(version) => scan.files.extend(version.map(|version| (path, version))),
                Err(error) if error.is_missing() => {}
                Err(_) => scan.unread.push(path),
            }
            timer.yield_if_due().await;
        }
        Ok(scan)
    }

    /// Handles a folder that cannot be opened.
    fn fail(&mut self, error: FileError) {
        if self.is_lost {
            return;
        }
        // It may be back in a moment, unless the permission was taken away.
        if error.is_missing() && self.failed_at.is_none_or(|failed| millis() - failed < GRACE) {
            self.failed_at.get_or_insert_with(millis);
            return;
        }
        self.failed_at = None;
        self.is_lost = true;
        self.observer = None;
        self.send(SourceEvent::Lost(explain(error, &self.shared.directory.name())));
    }

    fn report(&mut self, changes: Changes) {
        if changes.is_pending {
            self.pending_at.get_or_insert_with(|| millis() + GRACE);
        }
        for path in &changes.paths {
            self.recent.retain(|recent| recent != path);
            self.recent.push_front(path.clone());
        }
        self.recent.truncate(RECENT);
        if changes.is_reset {
            self.send(SourceEvent::Reset);
        } else if !changes.paths.is_empty() {
            self.send(SourceEvent::Changed(changes.paths));
        }
    }

    fn send(&self, event: SourceEvent) {
        // The receiver is dropped together with this.
        let _ = self.sender.unbounded_send(event);
    }
}

/// Returns true for a path that may be reported.
fn is_watched(path: &str) -> bool {
    !is_ignored(path) && !path.split('/').any(is_tool_folder)
}
