//! The imported files that are no session file of the framework's own shape, and the sessions that they make.

use crate::{ReadOnlySession, split};
use callboard_core::import::{Content, FilePlace, Reading, Shape, Shapes, assemble};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The readings of all imported files, by path.
#[derive(Clone, Debug)]
pub struct ImportedFiles {
    shapes: Shapes,
    readings: BTreeMap<Arc<str>, Reading>,
}

/// The sessions of the imported files, and the place of each file.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// The sessions, in the order of their keys.
    pub sessions: Vec<Arc<ReadOnlySession>>,
    /// The files, by path.
    pub files: HashMap<Arc<str>, FilePlace>,
    by_key: HashMap<String, usize>,
    /// The places in `sessions` of the sessions that each file tells of.
    of_file: HashMap<Arc<str>, Vec<usize>>,
}

impl Default for ImportedFiles {
    fn default() -> Self {
        Self { shapes: Shapes::built_in(), readings: BTreeMap::new() }
    }
}

impl ImportedFiles {
    /// Returns the shapes by which files are read.
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// Sets the shapes. Files that are known must be read again.
    pub fn set_shapes(&mut self, own: Vec<Shape>) {
        self.shapes = Shapes::built_in().with(own);
    }

    /// Adds a file's reading, in place of the one at its path.
    pub fn put(&mut self, reading: Reading) {
        self.readings.insert(reading.path.clone(), reading);
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.readings.remove(path);
    }

    /// Returns the path under which a file is kept: its own, unless another session's file has that. Two loose files of
    /// one name may come from two folders.
    pub fn path_for(&self, reading: &Reading) -> String {
        let is_free = |path: &str| {
            self.readings.get(path).is_none_or(|known| {
                let (known, own) = (ids(known), ids(reading));
                known.is_empty() || own.is_empty() || known.iter().any(|id| own.contains(id))
            })
        };
        let path = &*reading.path;
        if is_free(path) {
            return path.to_owned();
        }
        let (folder, name) = split(path);
        let (stem, extension) =
            name.split_once('.').map_or((name, String::new()), |(stem, rest)| (stem, format!(".{rest}")));
        let numbered = (2..).map(|number| crate::joined(folder, &format!("{stem} ({number}){extension}")));
        // Unbounded: one of them is free.
        numbered.into_iter().find(|path| is_free(path)).unwrap_or_default()
    }

    /// Makes the sessions of all files.
    pub fn assemble(&self) -> Assembled {
        let import = assemble(self.readings.values().cloned().collect());
        let mut assembled = Assembled::default();
        let mut own: HashMap<usize, Vec<usize>> = HashMap::new();
        let foreign = import.sessions.into_iter().map(ReadOnlySession::foreign);
        assembled.sessions = foreign.map(Arc::new).collect();
        for place in import.own {
            let Some(file) = import.files.get(place.file) else { continue };
            let at = assembled.sessions.len();
            let Some(text) = place.text.clone() else { continue };
            // The core has read it as a session.
            if let Ok(session) = ReadOnlySession::own(place.clone(), file.path.clone(), &text) {
                own.entry(place.file).or_default().push(at);
                assembled.sessions.push(Arc::new(session));
            }
        }
        for (at, file) in import.files.into_iter().enumerate() {
            let mut sessions = file.sessions.clone();
            sessions.extend(own.remove(&at).unwrap_or_default());
            assembled.of_file.insert(file.path.clone(), sessions);
            assembled.files.insert(file.path.clone(), file);
        }
        assembled.by_key =
            assembled.sessions.iter().enumerate().map(|(at, session)| (session.key.clone(), at)).collect();
        assembled
    }
}

/// The ids that a file's sessions state.
fn ids(reading: &Reading) -> Vec<String> {
    let facts = reading.documents.iter().filter_map(|document| match &document.content {
        Content::Foreign { facts, .. } => Some(facts),
        _ => None,
    });
    facts.flatten().filter_map(|facts| Some(facts.id.as_ref()?.value.clone())).collect()
}

impl Assembled {
    /// Returns a session by its key.
    pub fn session(&self, key: &str) -> Option<&Arc<ReadOnlySession>> {
        self.sessions.get(*self.by_key.get(key)?)
    }

    /// Returns a file's place by its path.
    pub fn file(&self, path: &str) -> Option<&FilePlace> {
        self.files.get(path)
    }

    /// Returns the sessions that a file tells of.
    pub fn sessions_of(&self, path: &str) -> impl Iterator<Item = &Arc<ReadOnlySession>> {
        let places = self.of_file.get(path).into_iter().flatten();
        places.filter_map(|at| self.sessions.get(*at))
    }
}
