//! Imports: files read ahead, a few at a time, and committed in batches. The page stays free all along, and shows the
//! progress.
use super::backup::{self, Backup};
use super::import_log;
use super::library::NewFile;
use super::outcome::Outcome;
use super::preferences::{self, Config};
use super::report::{Ending, Report};
use super::status::Status;
use super::transfer::{TextKind, Transfer};
use super::workspace::Workspace;
use crate::arc_eq::ArcEq;
use crate::platform::clock::{self, millis};
use crate::platform::files::{AT_ONCE, ClosedFolder, Dropped, Found};
use crate::platform::import_log::ImportLog;
use crate::platform::pace::{YieldTimer, yield_microtask};
use crate::platform::record_codec::new_stamp;
use crate::source::SourceListing;
use callboard_core::import::{
    Content as DocumentContent, Extract, Opened, Shape, Shapes, UnpackError, UnpackLimits, Unpacked, UnpackedEntry,
    mend, unpack,
};
use callboard_core::{Session, ids};
use callboard_workspace::{
    Arrivals, Durability, Entry, ImportResult, ImportedFile, LivePaths, Planned, Received, Record, SessionFile, joined,
    receive_backup, split, unread,
};
use futures::channel::mpsc::{Receiver, channel};
use futures::{SinkExt as _, StreamExt as _, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashSet;
use std::sync::Arc;

/// The time between two updates of the lists while more comes, in milliseconds: showing ten thousand sorted rows costs
/// more than loading one.
const SHOW_EVERY: f64 = 1_500.0;

/// The part of an import's time that passes between two updates at least: what is shown grows, and so does its cost.
const SHOW_AFTER: f64 = 1.0 / 3.0;

/// The most files, or sessions of a backup, that are committed together.
const BATCH: usize = 128;

/// The time between two updates of the progress, in milliseconds.
const REPORT_EVERY: f64 = 150.0;

/// The reason why a live source is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListReason {
    /// The user asked for the source: the report is shown from the beginning.
    Opened,
    /// It is connected to by itself, or has changed: the report is shown if something needs attention.
    Followed,
    /// An earlier listing failed and was reported: another failure is not.
    Retried,
}

/// The imports of this page, handed down as context.
#[derive(Clone, Copy)]
pub struct Imports {
    /// The last import's report, of an earlier visit too.
    pub report: RwSignal<Option<Report>>,
    /// True while the result is shown above the current page, until it is dismissed.
    pub open: RwSignal<bool>,
    /// The outcome of the last import, once it has ended and its files are known.
    pub outcome: Memo<Option<ArcEq<Outcome>>>,
    workspace: Workspace,
    status: Status,
    log: StoredValue<Option<ImportLog>, LocalStorage>,
    cancelled: StoredValue<bool>,
}

/// Returns the imports of this page.
pub fn use_imports() -> Imports {
    expect_context()
}

/// A file in memory: its path, and its content or the result for it.
pub(super) struct FileContent {
    pub(super) path: String,
    pub(super) content: Result<Content, ImportResult>,
}

/// The content of a file.
pub(super) enum Content {
    Session(Box<SessionFile>),
    Config(Vec<u8>),
    Backup(Vec<u8>),
    Shape(Box<Shape>),
    Other(NewFile),
}

impl FileContent {
    /// Reads the bytes of a file by shapes. The definition of a shape counts for the files after it.
    pub(super) fn read(path: String, bytes: Vec<u8>, shapes: &mut Shapes) -> Self {
        let content = if split(&path).1 == callboard_core::Config::FILE {
            Content::Config(bytes)
        } else if backup::is_backup(&bytes) {
            Content::Backup(bytes)
        } else {
            match shapes.open(&path, &bytes) {
                Opened::Session { session, encoding } => match SessionFile::new(path.clone(), *session) {
                    Some(file) => Content::Session(Box::new(file.in_encoding(encoding))),
                    // Not reached: the core reads a session only with its id.
                    None => Content::Other(NewFile { reading: shapes.read(&path, &bytes), bytes: Some(bytes) }),
                },
                Opened::Other(reading) => match reading.documents.first().map(|document| &document.content) {
                    Some(DocumentContent::Definition(shape)) => {
                        *shapes = shapes.with(vec![Shape::clone(shape)]);
                        Content::Shape(shape.clone())
                    }
                    _ => Content::Other(NewFile { bytes: Some(bytes), reading }),
                },
            }
        };
        Self { path, content: Ok(content) }
    }

    /// Marks the content as that of an archive's file.
    fn packed(mut self) -> Self {
        if let Ok(Content::Session(file)) = &mut self.content {
            file.is_packed = true;
        }
        self
    }

    /// Creates the content of a file that is not opened.
    fn unopened(path: String) -> Self {
        let content = Content::Other(NewFile { bytes: None, reading: unread(&path) });
        Self { path, content: Ok(content) }
    }

    /// Creates the content of a file that could not be read.
    fn failed(path: String, result: ImportResult) -> Self {
        Self { path, content: Err(result) }
    }
}

/// Files of different sessions that are committed together, and the results of files around them.
#[derive(Default)]
struct Batch {
    files: Vec<SessionFile>,
    /// Files that are no session files.
    others: Vec<NewFile>,
    /// The results in the order in which the files were read.
    results: Vec<BatchResult>,
}

/// The result of a file of a batch.
enum BatchResult {
    /// It is known.
    Known(ImportedFile),
    /// That of the next of `files`.
    Session,
    /// That of the next of `others`.
    Other,
}

impl Batch {
    fn push(&mut self, file: SessionFile) {
        self.files.push(file);
        self.results.push(BatchResult::Session);
    }

    fn push_other(&mut self, file: NewFile) {
        self.others.push(file);
        self.results.push(BatchResult::Other);
    }

    fn note(&mut self, path: String, result: ImportResult) {
        self.results.push(BatchResult::Known(ImportedFile { path, id: None, result }));
    }
}

/// An import that is going on.
struct Import {
    imports: Imports,
    workspace: Workspace,
    /// Results that are not reported yet.
    results: Vec<ImportedFile>,
    began: f64,
    shown: f64,
    reported: f64,
    timer: YieldTimer,
    arrivals: Arrivals,
    /// The configuration files, path and text.
    configs: Vec<(String, String)>,
    /// Files of sessions that are known at another path: received after all others, as the session's own file may be
    /// among them.
    deferred: Vec<SessionFile>,
    /// True if the import brought shapes, by which all files must be read again.
    has_shapes: bool,
}

impl Imports {
    /// Creates the imports of a workspace: none so far.
    pub fn new(workspace: Workspace) -> Self {
        let report = RwSignal::new(None::<Report>);
        let library = workspace.imported;
        let outcome = Memo::new(move |_| {
            let is_ready = library.ready.get();
            report.with(|report| {
                let report = report.as_ref().filter(|report| report.finished())?;
                library.assembled.with(|assembled| {
                    // A report of an earlier visit comes before the files that it lists.
                    let is_known =
                        |item: &ImportedFile| item.result != ImportResult::File || assembled.file(&item.path).is_some();
                    (is_ready || report.items().iter().all(is_known))
                        .then(|| ArcEq(Arc::new(Outcome::of(report, assembled))))
                })
            })
        });
        let imports = Self {
            report,
            open: RwSignal::new(false),
            outcome,
            workspace,
            status: workspace.status,
            log: StoredValue::new_local(None),
            cancelled: StoredValue::new(false),
        };
        // A message takes the place of a clean import's.
        Effect::new(move |_| {
            if imports.status.get().is_some() && untrack(|| imports.went_well()) {
                imports.open.set(false);
            }
        });
        Effect::new(move |_| {
            if let Some(database) = workspace.database.get() {
                imports.log.set_value(Some(ImportLog::of(&database)));
                imports.restore_report();
            }
        });
        imports
    }

    /// Imports what was dropped or chosen.
    pub fn import(self, dropped: Dropped) {
        self.begin(0, true);
        spawn_local(async move {
            let (found, closed) = dropped.walk(|| self.cancelled.get_value()).await;
            self.import_found(found, closed, Arrivals::default()).await;
        });
    }

    /// Imports the files of a live source: local changes stay on top of them.
    ///
    /// Returns the paths of the source with the ids of the sessions that were read; `None` without a listing.
    pub async fn import_listing(
        self,
        list: impl Future<Output = Option<(SourceListing, LivePaths)>>,
        reason: ListReason,
    ) -> Option<LivePaths> {
        let asked = reason == ListReason::Opened;
        if reason != ListReason::Retried {
            self.begin(0, asked);
        } else if !self.is_running() {
            self.cancelled.set_value(false);
        }
        let listing = list.await;
        if reason == ListReason::Retried {
            // One that fails again is not reported again.
            listing.as_ref()?;
            self.begin(0, false);
        }
        let arrivals = match listing {
            Some((SourceListing { files, closed }, paths)) => {
                self.import_found(files, closed, Arrivals::live(paths)).await
            }
            None => self.import_found(Vec::new(), Vec::new(), Arrivals::default()).await,
        };
        if !asked && !untrack(|| self.went_well()) && self.outcome.with_untracked(Option::is_some) {
            self.open.set(true);
        }
        arrivals.into_live_paths()
    }

    /// Imports changed files of a live source that bring more than one session: archives, backups and shapes. Their
    /// results take the place of earlier ones in the report.
    pub(super) async fn import_changed(self, contents: Vec<FileContent>, paths: LivePaths) {
        let mut import = Import { arrivals: Arrivals::live(paths), ..Import::begin(self) };
        import.receive(contents).await;
        import.receive_deferred().await;
        import.end().await;
    }

    /// Returns the files of an archive as they are read; `None` for a file that is no archive.
    pub(super) fn unpack(self, path: &str, bytes: &[u8], shapes: &mut Shapes) -> Option<Vec<FileContent>> {
        match unpack(path, bytes, UnpackLimits::default(), &|name| is_read(name)) {
            Ok(None) => None,
            Ok(Some(unpacked)) => Some(self.unpacked(path.to_owned(), unpacked, shapes).collect()),
            Err(error) => Some(vec![FileContent::failed(path.to_owned(), packed(error))]),
        }
    }

    /// Returns true if the user has stopped the import that is going on.
    pub fn is_cancelled(self) -> bool {
        self.cancelled.get_value()
    }

    /// Imports files, and returns which were accepted.
    async fn import_found(
        self,
        found: Vec<Found>,
        closed: Vec<(String, ClosedFolder)>,
        arrivals: Arrivals,
    ) -> Arrivals {
        self.expect(found.len() + closed.len());
        let mut import = Import { arrivals, ..Import::begin(self) };
        let skipped = |(path, why): (String, ClosedFolder)| {
            let result = match why {
                ClosedFolder::OfTool => ImportResult::SkippedFolder,
                ClosedFolder::Stopped => ImportResult::NotRead,
                ClosedFolder::Failed(why) => ImportResult::Unread { why },
            };
            ImportedFile { path, id: None, result }
        };
        import.results.extend(closed.into_iter().map(skipped));
        let mut batches = self.read_ahead(found).ready_chunks(BATCH);
        while let Some(files) = batches.next().await {
            import.receive(files).await;
        }
        import.receive_deferred().await;
        let arrivals = std::mem::take(&mut import.arrivals);
        import.end().await;
        arrivals
    }

    /// Reads and parses files in their order, ahead of whoever receives them.
    fn read_ahead(self, mut found: Vec<Found>) -> Receiver<FileContent> {
        let (mut send, receive) = channel(BATCH);
        // Files are read by the shapes that come with them.
        found.sort_by_key(|file| !Shape::is_definition(&file.path()));
        spawn_local(async move {
            let timer = YieldTimer::start();
            let mut shapes = self.workspace.imported.shapes();
            let mut reading = stream::iter(&found).map(|file| self.read(file)).buffered(AT_ONCE);
            while let Some((path, bytes)) = reading.next().await {
                let content = match bytes {
                    Err(result) => FileContent::failed(path, result),
                    Ok(None) => FileContent::unopened(path),
                    Ok(Some(bytes)) => match unpack(&path, &bytes, UnpackLimits::default(), &|name| is_read(name)) {
                        Ok(None) => FileContent::read(path, bytes, &mut shapes),
                        Ok(Some(unpacked)) => {
                            for content in self.unpacked(path, unpacked, &mut shapes) {
                                // The receiver takes all of them.
                                let _ = send.send(content).await;
                                timer.yield_if_due().await;
                            }
                            continue;
                        }
                        Err(error) => FileContent::failed(path, packed(error)),
                    },
                };
                let _ = send.send(content).await;
                timer.yield_if_due().await;
            }
        });
        receive
    }

    /// Returns the files of an archive as they are read, then the archive itself.
    fn unpacked(self, path: String, unpacked: Unpacked, shapes: &mut Shapes) -> impl Iterator<Item = FileContent> {
        let Unpacked { mut entries, unread, skipped, refused } = unpacked;
        self.expect(entries.len() + unread.len());
        entries.sort_by_key(|entry| !Shape::is_definition(&entry.path));
        let result = ImportResult::Unpacked { files: entries.len() + unread.len(), skipped, refused };
        let files = entries.into_iter().flat_map(move |entry| self.unpacked_entry(entry, shapes));
        let files = files.map(FileContent::packed);
        files.chain(unread.into_iter().map(FileContent::unopened)).chain([FileContent::failed(path, result)])
    }

    /// Returns an entry of an archive as it is read; of an archive in an archive, its entries. One inside of that stays
    /// packed.
    fn unpacked_entry(self, entry: UnpackedEntry, shapes: &mut Shapes) -> Vec<FileContent> {
        let UnpackedEntry { path, bytes } = entry;
        match unpack(&path, &bytes, UnpackLimits::default(), &|name| is_read(name)) {
            Ok(None) => vec![FileContent::read(path, bytes, shapes)],
            Ok(Some(Unpacked { entries, unread, skipped, refused })) => {
                self.expect(entries.len() + unread.len());
                let result = ImportResult::Unpacked { files: entries.len() + unread.len(), skipped, refused };
                let files = entries.into_iter().map(|entry| FileContent::read(entry.path, entry.bytes, shapes));
                let files = files.collect::<Vec<_>>().into_iter().chain(unread.into_iter().map(FileContent::unopened));
                files.chain([FileContent::failed(path, result)]).collect()
            }
            Err(error) => vec![FileContent::failed(path, packed(error))],
        }
    }

    /// Reads a file, unless the import was stopped. Returns its path and its bytes; none for one that is not opened.
    async fn read(self, file: &Found) -> (String, Result<Option<Vec<u8>>, ImportResult>) {
        let bytes = if self.cancelled.get_value() {
            Err(ImportResult::NotRead)
        } else if !file.is_unopened() && (file.folder.is_empty() || is_read(&file.name)) {
            file.bytes().await.map(Some).map_err(|why| ImportResult::Unread { why })
        } else {
            Ok(None)
        };
        (file.path(), bytes)
    }

    /// Imports texts that are already in memory, each under a name.
    pub fn import_texts(self, texts: Vec<(String, String)>) {
        self.begin(texts.len(), true);
        spawn_local(async move {
            let mut import = Import::begin(self);
            let mut shapes = self.workspace.imported.shapes();
            let content = |(path, text): (String, String)| FileContent::read(path, text.into_bytes(), &mut shapes);
            import.receive(texts.into_iter().map(content).collect()).await;
            import.receive_deferred().await;
            import.end().await;
        });
    }

    /// Imports a text that was dropped or pasted, under the name that its session's file would have, or says what else
    /// it is. Returns true for JSON.
    pub fn import_text(self, uris: &str, text: String, transfer: Transfer) -> bool {
        let kind = TextKind::of(uris, &text);
        if kind != TextKind::Json {
            self.status.set(kind.refusal(transfer), None);
            return false;
        }
        let session = Session::parse(text.as_str()).ok();
        let is_read = self.workspace.imported.shapes().read("", text.as_bytes()).broken.is_none();
        let name = session.and_then(|session| Some(ids::file_name(session.episode().number?, session.created()?)));
        let unnamed = match transfer {
            Transfer::Dropped => "dropped.json",
            Transfer::Pasted => "pasted.json",
        };
        self.import_texts(vec![(name.unwrap_or_else(|| unnamed.into()), text)]);
        is_read
    }

    /// Returns true if the last import has ended and nothing of it needs attention; reactive.
    pub fn went_well(self) -> bool {
        self.outcome.with(|outcome| outcome.as_ref().is_some_and(|outcome| outcome.went_well()))
    }

    /// Imports one of the documents in a text of several as a file of its own, which the last report lists too.
    pub fn choose(self, path: &str, number: usize) {
        let bytes = self.workspace.imported.bytes(path);
        let broken = bytes.and_then(|bytes| mend(&bytes).err());
        let Some(text) = broken.as_ref().and_then(|broken| broken.choices.get(number)).map(Extract::text) else {
            return self.status.set("This document is no longer in the workspace.", None);
        };
        let (name, text) = (document_path(path, number), text.to_owned());
        let message = format!("Imported document {} of {path} as {name}.", number + 1);
        spawn_local(async move {
            let mut import = Import::begin(self);
            let mut shapes = self.workspace.imported.shapes();
            import.receive(vec![FileContent::read(name, text.into_bytes(), &mut shapes)]).await;
            import.receive_deferred().await;
            import.end().await;
            self.status.set(message, None);
        });
    }

    /// Returns the status line.
    pub fn status(self) -> Status {
        self.status
    }

    /// Stops the import that is going on. What it has loaded stays.
    pub fn cancel(self) {
        self.cancelled.set_value(true);
    }

    /// Forgets the last import's report.
    pub async fn forget(self) {
        self.report.set(None);
        if let Some(log) = self.log.get_value() {
            // Without a log, the report lasts as long as the page.
            let _ = log.clear().await;
        }
    }

    /// Shows the stored report of the last import, unless another one has begun, and stores reports from now on.
    fn restore_report(self) {
        let Some(log) = self.log.get_value() else { return };
        spawn_local(async move {
            let entries = log.read().await.unwrap_or_default();
            match self.report.with_untracked(|report| report.as_ref().map(import_log::begun)) {
                // An import was quicker than the browser's storage.
                Some(begun) => self.write_log(begun, true),
                None => self.report.set(import_log::read(&entries)),
            }
        });
    }

    fn with_log<F: Future<Output = Result<(), E>> + 'static, E>(self, write: impl FnOnce(ImportLog) -> F + 'static) {
        let Some(log) = self.log.get_value() else { return };
        // Begun in their order, they are written in their order. Without a log, the report lasts as long as the page.
        spawn_local(async move {
            let _ = write(log).await;
        });
    }

    /// Adds an entry to the log; with `replace`, in place of all others.
    fn write_log(self, entry: String, replace: bool) {
        self.with_log(
            move |log| async move { if replace { log.replace(&entry).await } else { log.append(&entry).await } },
        );
    }

    /// Begins a report, which is shown if the user `asked` for the import; one that comes while another goes on is part
    /// of that one's.
    fn begin(self, total: usize, asked: bool) {
        if self.is_running() {
            return self.expect(total);
        }
        let report = Report::of(new_stamp(), total);
        self.write_log(import_log::begun(&report), true);
        self.cancelled.set_value(false);
        if asked {
            self.status.clear();
        }
        self.open.set(asked);
        self.report.set(Some(report));
    }

    /// Returns true while an import goes on.
    fn is_running(self) -> bool {
        self.report.with_untracked(|report| report.as_ref().is_some_and(|report| !report.finished()))
    }

    /// Adds to the number of expected files.
    fn expect(self, more: usize) {
        self.update(|report| report.expect(more));
    }

    fn update(self, change: impl FnOnce(&mut Report)) {
        self.report.update(|report| {
            if let Some(report) = report {
                change(report);
            }
        });
    }

    fn log_of(self, entry: impl FnOnce(&Report) -> String) {
        if let Some(entry) = self.report.with_untracked(|report| report.as_ref().map(entry)) {
            self.write_log(entry, false);
        }
    }
}

impl Import {
    fn begin(imports: Imports) -> Self {
        Self {
            imports,
            workspace: imports.workspace,
            results: Vec::new(),
            began: millis(),
            shown: millis(),
            reported: 0.0,
            timer: YieldTimer::start(),
            arrivals: Arrivals::default(),
            configs: Vec::new(),
            deferred: Vec::new(),
            has_shapes: false,
        }
    }

    /// Receives files, stores them, and shows them now and then.
    async fn receive(&mut self, files: Vec<FileContent>) {
        // Changes that wait for their turn go first.
        yield_microtask().await;
        let mut batch = Batch::default();
        for FileContent { path, content } in files {
            match content {
                Err(result) => batch.note(path, result),
                Ok(Content::Config(bytes)) => {
                    if let Some(result) = self.read_config(&path, &bytes) {
                        batch.note(path, result);
                    }
                }
                Ok(Content::Backup(bytes)) => {
                    self.commit(std::mem::take(&mut batch)).await;
                    self.restore(&bytes, &path).await;
                }
                Ok(Content::Shape(shape)) => {
                    self.workspace.imported.store_shape(&shape).await;
                    self.has_shapes = true;
                    batch.note(path, ImportResult::Shape { title: shape.title().to_owned() });
                }
                Ok(Content::Other(file)) => batch.push_other(file),
                Ok(Content::Session(file)) => {
                    if self.arrivals.is_deferred(self.workspace.entry_now(&file.id).as_ref(), &file) {
                        self.deferred.push(*file);
                    } else {
                        if batch.files.iter().any(|other| other.id == file.id) {
                            self.commit(std::mem::take(&mut batch)).await;
                        }
                        batch.push(*file);
                    }
                }
            }
            self.timer.yield_if_due().await;
        }
        self.commit(batch).await;
        self.show();
    }

    /// Receives what was deferred, and chooses the policy.
    async fn receive_deferred(&mut self) {
        let deferred = std::mem::take(&mut self.deferred);
        self.arrivals.expect(deferred.iter());
        for file in deferred {
            let mut batch = Batch::default();
            batch.push(file);
            self.commit(batch).await;
            self.show();
        }
        self.choose_policy();
    }

    /// Commits files of different sessions, and adds their results in the order in which they were read.
    async fn commit(&mut self, batch: Batch) {
        let Batch { files, others, results } = batch;
        let mut committed = self.commit_files(files).await.into_iter();
        let paths = if others.is_empty() { Vec::new() } else { self.workspace.imported.add(others).await };
        let mut paths = paths.into_iter();
        let result = |result| match result {
            BatchResult::Known(file) => Some(file),
            BatchResult::Session => committed.next(),
            BatchResult::Other => paths.next().map(|path| ImportedFile { path, id: None, result: ImportResult::File }),
        };
        self.results.extend(results.into_iter().filter_map(result));
    }

    async fn commit_files(&mut self, files: Vec<SessionFile>) -> Vec<ImportedFile> {
        if files.is_empty() {
            return Vec::new();
        }
        let (store, now) = (self.workspace.store(), clock::now());
        let ids: Vec<String> = files.iter().map(|file| file.id.clone()).collect();
        store.host().hold(ids.iter().cloned());
        let mut received: Vec<Option<(Option<Arc<Entry>>, Received)>> = files.iter().map(|_| None).collect();
        let arrivals = &self.arrivals;
        store
            .commit(&ids, Durability::Relaxed, |id, here| {
                let at = ids.iter().position(|known| known == id).unwrap_or_default();
                let outcome = arrivals.receive(here, &files[at], now);
                let change = outcome.change.clone();
                received[at] = Some((here.cloned(), outcome));
                Ok(Planned { change, message: String::new(), undo: None })
            })
            .await;
        store.host().hold([]);
        let mut results = Vec::with_capacity(files.len());
        for (file, received) in files.into_iter().zip(received) {
            let Some((before, received)) = received else { continue };
            let after = store.get(&file.id);
            let amended = self.arrivals.note(&file, &received, before, after);
            self.amend(amended);
            results.push(ImportedFile { path: file.path, id: Some(file.id), result: received.result });
        }
        let loaded = results.iter().filter(|file| file.result.is_loaded()).map(|file| file.path.clone());
        self.workspace.imported.supersede(loaded.collect()).await;
        results
    }

    /// Reads a configuration file, to be chosen from at the end. Returns the result of one that cannot be read.
    fn read_config(&mut self, path: &str, bytes: &[u8]) -> Option<ImportResult> {
        match callboard_core::Config::from_bytes(bytes) {
            Ok(_) => {
                self.configs.push((path.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
                None
            }
            Err(error) => {
                let (line, column, message) = (error.line(), error.column(), error.message().to_owned());
                Some(ImportResult::Broken { line, column, message })
            }
        }
    }

    /// Puts the policy of a configuration file in force: of several, the one nearest the top, by path among those.
    fn choose_policy(&mut self) {
        let mut configs = std::mem::take(&mut self.configs);
        let paths = configs.iter().map(|(path, _)| config_order(path)).enumerate();
        let Some(first) = paths.min_by(|(_, one), (_, other)| one.cmp(other)).map(|(at, _)| at) else { return };
        let (used, text) = configs.swap_remove(first);
        preferences::set_config(Some(Config { path: used.clone(), text }));
        let unused = configs.into_iter().map(|(path, _)| {
            let result = ImportResult::PolicyUnused { used: used.clone() };
            ImportedFile { path, id: None, result }
        });
        self.results.extend(unused);
        self.results.push(ImportedFile { path: used, id: None, result: ImportResult::Policy });
    }

    /// Restores the sessions of a backup, each a result of its own.
    async fn restore(&mut self, bytes: &[u8], path: &str) {
        let whole = |result| ImportedFile { path: path.to_owned(), id: None, result };
        let backup = match Backup::read(bytes, &self.timer).await {
            Ok(backup) => backup,
            Err(why) => return self.results.push(whole(ImportResult::NotASession { why })),
        };
        let (count, end) = (backup.sessions().len(), backup.cut_off());
        let shapes = self.restore_shapes(&backup, path).await;
        if count == 0 && shapes == 0 && end.is_none() {
            let why = "No sessions in this backup.".into();
            return self.results.push(whole(ImportResult::NotASession { why }));
        }
        // The file itself is expected already.
        self.imports.update(|report| {
            report.expect(count + shapes + usize::from(end.is_some()) - 1);
            report.expect_kept(count);
        });
        let numbered = |number: usize| format!("{path}: session {number}");
        let mut done = 0;
        for places in backup.sessions().chunks(BATCH) {
            if self.imports.cancelled.get_value() {
                break;
            }
            yield_microtask().await;
            let mut batch: Vec<Record> = Vec::new();
            for place in places {
                done += 1;
                match backup::record_of(backup.text(place)) {
                    Some(record) => {
                        if batch.iter().any(|other| other.id == record.id) {
                            self.restore_records(std::mem::take(&mut batch), path).await;
                        }
                        batch.push(record);
                    }
                    None => {
                        let why = "This entry of the backup is not a session.".to_owned();
                        let result = ImportResult::NotASession { why };
                        self.results.push(ImportedFile { path: numbered(done), id: None, result });
                    }
                }
                self.timer.yield_if_due().await;
            }
            self.restore_records(batch, path).await;
            self.show();
        }
        self.pass_over((done + 1..=count).map(numbered));
        self.results.extend(end.map(|(line, column)| {
            let message = "The backup ends early: the rest is missing. Use a complete copy.".to_owned();
            whole(ImportResult::Broken { line, column, message })
        }));
    }

    /// Stores the shapes of a backup that are not here; a differing one of the same name is kept. Returns their number.
    async fn restore_shapes(&mut self, backup: &Backup<'_>, path: &str) -> usize {
        let library = self.workspace.imported;
        let mut number = 0;
        for text in backup.shapes() {
            number += 1;
            let (name, result) = match Shape::parse(text) {
                Err(error) => {
                    (format!("shape {number}"), ImportResult::NotASession { why: format!("Not a shape: {error}") })
                }
                Ok(shape) => {
                    let kept = untrack(|| library.stored_shapes());
                    let kept = kept.iter().find(|kept| kept.name == shape.name());
                    let result = match kept {
                        Some(kept) if kept.text.trim() != text => {
                            let title = Shape::parse(kept.text.clone()).map(|kept| kept.title().to_owned());
                            ImportResult::ShapeUnused { title: title.unwrap_or_else(|_| kept.name.clone()) }
                        }
                        kept => {
                            if kept.is_none() {
                                library.store_shape(&shape).await;
                                self.has_shapes = true;
                            }
                            ImportResult::Shape { title: shape.title().to_owned() }
                        }
                    };
                    (shape.file_name(), result)
                }
            };
            self.results.push(ImportedFile { path: format!("{path}: {name}"), id: None, result });
        }
        number
    }

    /// Commits records of different sessions of a backup.
    async fn restore_records(&mut self, records: Vec<Record>, path: &str) {
        let (store, now) = (self.workspace.store(), clock::now());
        let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
        store.host().hold(ids.iter().cloned());
        let mut results: Vec<ImportResult> = records.iter().map(|_| ImportResult::NotRead).collect();
        store
            .commit(&ids, Durability::Relaxed, |id, here| {
                let at = ids.iter().position(|known| known == id).unwrap_or_default();
                let Received { change, result, .. } = receive_backup(here, &records[at], now);
                results[at] = result;
                Ok(Planned { change, message: String::new(), undo: None })
            })
            .await;
        store.host().hold([]);
        let results = records.into_iter().zip(results).map(|(record, result)| {
            let path = format!("{path}: {}", split(record.path()).1);
            ImportedFile { path, id: Some(record.id), result }
        });
        self.results.extend(results);
    }

    /// Changes the results of files that came before.
    fn amend(&mut self, amended: Vec<ImportedFile>) {
        let mut reported = Vec::new();
        for file in amended {
            match self.results.iter_mut().find(|known| known.path == file.path) {
                Some(known) => *known = file,
                None => reported.push(file),
            }
        }
        if reported.is_empty() {
            return;
        }
        self.imports.log_of(|report| import_log::amended(report, &reported));
        self.imports.update(|report| {
            for file in reported {
                report.amend(file);
            }
        });
    }

    /// Adds files that were left when somebody stopped the import.
    fn pass_over(&mut self, paths: impl Iterator<Item = String>) {
        self.results.extend(paths.map(|path| ImportedFile { path, id: None, result: ImportResult::NotRead }));
    }

    /// Shows what has come, now and then.
    fn show(&mut self) {
        let now = millis();
        if now - self.shown >= SHOW_EVERY.max((now - self.began) * SHOW_AFTER) {
            self.workspace.store().host().show_all();
            // The time that showing took counts: on a slow machine it is shown less often.
            self.shown = millis();
        }
        if !self.results.is_empty() && now - self.reported >= REPORT_EVERY {
            self.report();
            self.reported = now;
        }
    }

    fn report(&mut self) {
        let mut results = std::mem::take(&mut self.results);
        let known: HashSet<String> = self.imports.report.with_untracked(|report| {
            // Of an import that has ended, files may come again.
            let items = report.as_ref().filter(|report| report.finished()).map_or(&[][..], Report::items);
            items.iter().map(|item| item.path.clone()).collect()
        });
        let again = results.extract_if(.., |file| known.contains(&file.path)).collect();
        self.amend(again);
        self.imports.log_of(|report| import_log::files(report, &results));
        self.imports.update(|report| report.add(results));
    }

    async fn end(mut self) {
        self.workspace.imported.finish_import(self.has_shapes).await;
        self.report();
        self.workspace.store().host().show_all();
        let ending = if self.imports.cancelled.get_value() { Ending::Stopped } else { Ending::Through };
        let imports = self.imports;
        let mut ended = false;
        imports.update(|report| {
            // A document that is chosen later ends the import no second time.
            let ending = report.ending().unwrap_or(ending);
            if report.items().len() >= report.total() || report.finished() {
                report.finish(ending, Some(clock::now()));
                ended = true;
            }
        });
        if ended {
            imports.log_of(import_log::ended);
        }
    }
}

/// Returns the key by which the first of several configuration files is in force: the one nearest the top, then by path.
pub(super) fn config_order(path: &str) -> (usize, &str) {
    (path.matches('/').count(), path)
}

/// Returns the result of an archive that cannot be unpacked: it has no line.
fn packed(error: UnpackError) -> ImportResult {
    ImportResult::Broken { line: 0, column: 0, message: error.message }
}

/// Returns the path of a document of a text with several.
pub fn document_path(path: &str, number: usize) -> String {
    let (folder, name) = split(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    joined(folder, &format!("{stem} ({}).json", number + 1))
}

/// Returns true for a file in a folder that is opened: JSON or an archive by its name. A file that was dropped by itself
/// always is.
pub(super) fn is_read(name: &str) -> bool {
    const EXTENSIONS: [&str; 7] = ["json", "jsonl", "ndjson", "gz", "tgz", "tar", "zip"];
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}
