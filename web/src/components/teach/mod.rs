//! Teaching a shape: a file's values with their meanings, the words of its statuses, and what the shape reads.

pub mod menu;
pub mod preview;
pub mod save;
pub mod shapes;
pub mod tree;
pub mod words;

use crate::arc_eq::ArcEq;
use crate::platform::clock::millis;
use crate::platform::pace::{YieldTimer, pause};
use crate::store::library::{Library, use_library};
use crate::store::teach_drafts::TeachDraft;
use callboard_core::import::{ForeignSession, Meaning, OutlineRow, Shape, ShapeDraft, Shapes, mend, outline};
use callboard_workspace::{ReadOnlySession, ShapeTrial, split};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Number of values that the tree shows at most.
const MOST_ROWS: usize = 20_000;

/// Delay after a change before the shape is tried.
const DELAY: Duration = Duration::from_millis(80);

/// Time in milliseconds between two reports of the files that are checked.
const REPORT_EVERY: f64 = 200.0;

/// A value, object or list of the sample file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeItem {
    /// The pointer; empty for the folder's name.
    pub pointer: String,
    /// The key or index.
    pub key: String,
    /// The value's text; empty for an object or list.
    pub text: String,
    /// Depth in the tree, from 1.
    pub depth: u32,
    /// Number of members of an object or list; none for a value.
    pub members: Option<u32>,
    /// The line, from 1; 0 for the folder's name.
    pub line: u32,
}

/// The file by which a shape is taught.
#[derive(Debug)]
pub struct Sample {
    /// Its path.
    pub path: String,
    bytes: Arc<[u8]>,
    /// The text of its first document.
    pub text: String,
    /// Its values.
    pub items: Vec<TreeItem>,
    /// Number of documents in the file.
    pub documents: usize,
}

impl Sample {
    /// Opens an imported file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    pub fn open(library: Library, path: &str) -> Result<Self, String> {
        let bytes = library.bytes(path).ok_or("This file is not in the workspace. Import it first.")?;
        let mended = mend(&bytes).map_err(|broken| broken.message)?;
        let first = mended.documents.first().ok_or("This file holds no JSON object.")?;
        let text = first.text().to_owned();
        let rows = outline(&text, MOST_ROWS).map_err(|error| error.to_string())?;
        let folder = split(split(path).0).1;
        let folder = (!folder.is_empty()).then(|| TreeItem {
            pointer: String::new(),
            key: "Folder\u{2019}s name".to_owned(),
            text: folder.to_owned(),
            depth: 1,
            members: None,
            line: 0,
        });
        let items = folder.into_iter().chain(rows.into_iter().map(TreeItem::of)).collect();
        Ok(Self { path: path.to_owned(), text, items, documents: mended.documents.len(), bytes })
    }
}

impl TreeItem {
    fn of(row: OutlineRow) -> Self {
        // An object or list has no text of its own, and an empty text no members.
        let is_group = row.members > 0;
        let OutlineRow { pointer, key, depth, text, members, line, .. } = row;
        Self { pointer, key, text, depth, members: is_group.then_some(members), line }
    }
}

/// The shape as it is now, tried on the sample.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// Nothing was tried yet.
    Pending,
    /// The draft lacks something, in one sentence.
    Missing(String),
    /// The shape and what it makes of the sample.
    Tried(ArcEq<Tried>),
}

/// A shape with its trial.
#[derive(Debug)]
pub struct Tried {
    /// The shape.
    pub shape: Shape,
    /// The reading of the sample.
    pub trial: ShapeTrial,
    /// The meanings of the values that the shape reads in the sample, by pointer.
    implied: HashMap<String, Meaning>,
}

impl Tried {
    /// Returns the first session of the sample.
    pub fn session(&self) -> Option<&Arc<ReadOnlySession>> {
        match &self.trial {
            ShapeTrial::Sessions(sessions) => sessions.first(),
            _ => None,
        }
    }
}

/// The other files of the import that the shape reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherFiles {
    /// Their paths.
    pub paths: Vec<String>,
    /// Number of files that were checked.
    pub checked: usize,
    /// Number of files to check.
    pub of: usize,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Teaching {
    /// The file.
    pub sample: StoredValue<Arc<Sample>>,
    /// The draft.
    pub draft: RwSignal<TeachDraft>,
    /// The index of the value whose menu is open.
    pub open: RwSignal<Option<usize>>,
    /// The index of the value that the Tab key reaches.
    pub active: RwSignal<usize>,
    /// The shape and what it makes of the sample.
    pub trial: RwSignal<Trial>,
    /// The other files that it reads.
    pub others: RwSignal<OtherFiles>,
    /// False while a change waits to be tried on all files.
    settled: RwSignal<bool>,
    /// Words of statuses that only other files have.
    other_words: RwSignal<Vec<String>>,
    /// Counts the trials, so that one that is overtaken ends.
    run: StoredValue<u64>,
    imported: Library,
}

impl Teaching {
    /// Starts or resumes the draft of a file, and tries it whenever it changes.
    pub fn start(sample: Sample) -> Self {
        let draft = TeachDraft::stored(&sample.path).unwrap_or_else(|| TeachDraft::new(&sample.path));
        let first = sample.items.iter().position(|item| item.members.is_none()).unwrap_or_default();
        let teaching = Self {
            sample: StoredValue::new(Arc::new(sample)),
            draft: RwSignal::new(draft),
            open: RwSignal::new(None),
            active: RwSignal::new(first),
            trial: RwSignal::new(Trial::Pending),
            others: RwSignal::default(),
            settled: RwSignal::new(false),
            other_words: RwSignal::default(),
            run: StoredValue::new(0),
            imported: use_library(),
        };
        Effect::new(move |before: Option<TeachDraft>| {
            let draft = teaching.draft.get();
            let is_first = before.is_none();
            if before.is_some_and(|before| before != draft) {
                draft.store(&teaching.sample().path);
            }
            let run = teaching.run.with_value(|run| run + 1);
            teaching.run.set_value(run);
            teaching.settled.set(false);
            // The files, the shapes and the words of other files may change too.
            teaching.imported.assembled.track();
            teaching.other_words.track();
            let tried = draft.clone();
            spawn_local(async move {
                if !is_first {
                    pause(DELAY).await;
                }
                teaching.try_draft(tried, run).await;
            });
            draft
        });
        on_cleanup(move || {
            let _ = teaching.run.try_update_value(|run| *run += 1);
        });
        teaching
    }

    /// Returns the file.
    pub fn sample(self) -> Arc<Sample> {
        self.sample.get_value()
    }

    /// Returns the value at an index.
    pub fn item(self, at: usize) -> Option<TreeItem> {
        self.sample.with_value(|sample| sample.items.get(at).cloned())
    }

    /// Says the meaning of the value whose menu is open; none removes it.
    pub fn point(self, meaning: Option<Meaning>) {
        let Some(item) = self.open.get_untracked().and_then(|at| self.item(at)) else { return };
        self.draft.update(|draft| draft.point(meaning, &item.pointer));
    }

    /// Returns the name under which a draft is kept.
    fn name_of(self, draft: &TeachDraft) -> String {
        let built_in = Shapes::built_in();
        let is_taken = |name: &str| {
            let is_kept = || self.imported.stored_shapes().iter().any(|shape| shape.name == name);
            built_in.iter().any(|shape| shape.name() == name) || untrack(is_kept)
        };
        draft.name.clone().unwrap_or_else(|| ShapeDraft::name_for(&draft.title, is_taken))
    }

    /// Returns the words of statuses, those of the sample first.
    pub fn words(self) -> Vec<String> {
        let mut words = self.draft.with(|draft| draft.words(&self.sample().text));
        self.other_words.with(|others| add_words(&mut words, others));
        words
    }

    /// Waits until the last change is tried on all files; false if the page is gone.
    pub async fn settle(self) -> bool {
        loop {
            match self.settled.try_get_untracked() {
                Some(true) => return true,
                Some(false) => pause(DELAY).await,
                None => return false,
            }
        }
    }

    fn is_overtaken(self, run: u64) -> bool {
        self.run.try_with_value(|now| *now != run).unwrap_or(true)
    }

    /// Tries a draft on its file, then on all other files in slices, until another change overtakes it.
    async fn try_draft(self, draft: TeachDraft, run: u64) {
        if self.is_overtaken(run) {
            return;
        }
        let sample = self.sample();
        let words = untrack(|| self.words());
        let shape_draft = draft.shape_draft(&self.name_of(&draft), &words);
        let missing = shape_draft.missing().map(str::to_owned);
        let parsed = || {
            let definition = shape_draft.definition(&sample.path, &sample.text)?;
            Shape::parse(definition)
        };
        let shape = match missing.map_or_else(|| parsed().map_err(|error| error.to_string()), Err) {
            Ok(shape) => shape,
            Err(why) => {
                self.trial.set(Trial::Missing(why));
                self.others.set(OtherFiles::default());
                self.settled.set(true);
                return;
            }
        };
        let kept = untrack(|| self.imported.stored_shapes());
        let kept = kept.iter().filter_map(|kept| Shape::parse(kept.text.clone()).ok()).collect();
        let trial = ShapeTrial::of(&shape, kept, &sample.path, &sample.bytes);
        let mut implied = HashMap::new();
        if let ShapeTrial::Sessions(sessions) = &trial {
            for session in sessions.iter().filter_map(|session| session.foreign_session()) {
                imply(&mut implied, session);
                let unread = session.unread.iter().filter(|found| words.contains(&found.value));
                implied.extend(unread.map(|found| (found.origin.pointer.clone(), Meaning::StageStatus)));
            }
        }
        self.trial.set(Trial::Tried(ArcEq(Arc::new(Tried { shape: shape.clone(), trial, implied }))));
        self.check_others(&shape, &draft, &sample.path, run).await;
    }

    async fn check_others(self, shape: &Shape, draft: &TeachDraft, own: &str, run: u64) {
        let paths: Vec<String> = self.imported.opened_paths().into_iter().filter(|path| path != own).collect();
        let (timer, mut reported) = (YieldTimer::start(), millis());
        let mut words = Vec::new();
        let mut others = OtherFiles { paths: Vec::new(), checked: 0, of: paths.len() };
        for path in paths {
            if self.is_overtaken(run) {
                return;
            }
            others.checked += 1;
            if let Some(bytes) = self.imported.bytes(&path).filter(|bytes| shape.reads(&path, bytes)) {
                for document in mend(&bytes).into_iter().flat_map(|mended| mended.documents) {
                    add_words(&mut words, &draft.words(document.text()));
                }
                others.paths.push(path);
            }
            if millis() - reported >= REPORT_EVERY {
                self.others.set(others.clone());
                reported = millis();
            }
            timer.yield_if_due().await;
        }
        if self.is_overtaken(run) {
            return;
        }
        self.others.set(others);
        if self.other_words.with_untracked(|known| *known == words) {
            self.settled.set(true);
        } else {
            self.other_words.set(words);
        }
    }
}

fn add_words(words: &mut Vec<String>, more: &[String]) {
    for word in more {
        if !words.contains(word) {
            words.push(word.clone());
        }
    }
}

/// Adds the meanings of a session's values of stages by the places that they are from.
fn imply(implied: &mut HashMap<String, Meaning>, session: &ForeignSession) {
    for stage in &session.stages {
        let status = stage.status.iter().map(|found| (&found.origin, Meaning::StageStatus));
        let cost = stage.cost.iter().map(|found| (&found.origin, Meaning::StageCost));
        let started = stage.started.iter().map(|found| (&found.origin, Meaning::StageStarted));
        let ended = stage.ended.iter().map(|found| (&found.origin, Meaning::StageEnded));
        let agent = stage.agent.iter().map(|found| (&found.origin, Meaning::StageAgent));
        let error = stage.error.iter().map(|found| (&found.origin, Meaning::StageError));
        let outputs = stage.outputs.iter().map(|found| (&found.origin, Meaning::StageOutputs));
        let scores = stage.scores.iter().map(|score| (&score.raw.origin, Meaning::StageScore));
        let all = status.chain(cost).chain(started).chain(ended).chain(agent).chain(error).chain(outputs).chain(scores);
        implied.extend(all.map(|(origin, meaning)| (origin.pointer.clone(), meaning)));
    }
}
