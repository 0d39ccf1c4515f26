//! The changed files of the page, worked out in slices and once per change.
use crate::arc_eq::ArcEq;
use crate::export::prepared::PreparedFile;
use crate::platform::pace::YieldTimer;
use crate::store::preferences::limits;
use callboard_core::Policy;
use callboard_workspace::Entry;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use std::sync::Arc;

/// The changed files, in their order.
#[derive(Clone, Copy)]
pub struct PreparedFiles {
    /// The files that are worked out.
    pub files: RwSignal<Vec<ArcEq<PreparedFile>>>,
    /// True once all are.
    pub is_complete: RwSignal<bool>,
    /// The files by the revision of their session.
    known: StoredValue<HashMap<u64, ArcEq<PreparedFile>>>,
    policy: Memo<Policy>,
    run: StoredValue<u64>,
}

impl PreparedFiles {
    /// Works out the files of changed sessions, and again what changes.
    pub fn follow(changed: Memo<Vec<ArcEq<Entry>>>) -> Self {
        let prepared = Self {
            files: RwSignal::default(),
            is_complete: RwSignal::new(false),
            known: StoredValue::default(),
            policy: Memo::new(|_| limits()),
            run: StoredValue::new(0),
        };
        Effect::new(move |before: Option<Policy>| {
            let policy = prepared.policy.get();
            if before.is_some_and(|before| before != policy) {
                prepared.known.update_value(HashMap::clear);
            }
            let entries = changed.get();
            prepared.run.update_value(|run| *run += 1);
            let run = prepared.run.get_value();
            // A change of one file leaves the others, and their message, where they are.
            let is_new =
                |entry: &&ArcEq<Entry>| prepared.known.with_value(|known| !known.contains_key(&entry.revision()));
            if entries.iter().filter(is_new).count() > 1 {
                prepared.is_complete.set(false);
            }
            spawn_local(prepared.prepare(run, entries));
            policy
        });
        prepared
    }

    async fn prepare(self, run: u64, entries: Vec<ArcEq<Entry>>) {
        let timer = YieldTimer::start();
        let mut files = Vec::with_capacity(entries.len());
        for entry in &entries {
            if self.run.try_get_value() != Some(run) {
                return;
            }
            files.push(self.of(entry));
            timer.yield_if_due().await;
        }
        if self.run.try_get_value() != Some(run) {
            return;
        }
        let now: HashMap<u64, _> =
            entries.iter().zip(&files).map(|(entry, file)| (entry.revision(), file.clone())).collect();
        self.known.set_value(now);
        self.files.set(files);
        self.is_complete.set(true);
    }

    /// Returns the file of a changed session.
    pub fn of(self, entry: &Entry) -> ArcEq<PreparedFile> {
        let known = self.known.with_value(|known| known.get(&entry.revision()).cloned());
        known.unwrap_or_else(|| {
            let file = ArcEq(Arc::new(PreparedFile::of(entry, &self.policy.get_untracked())));
            self.known.update_value(|known| {
                known.insert(entry.revision(), file.clone());
            });
            file
        })
    }
}
