//! Import of files that come one after the other.

use super::assemble::{Import, assemble};
use super::folders::is_in_tool_folder;
use super::shape::Shape;
use super::shapes::{Content, Reading, Shapes};

/// Import of a stream of files: each is read at once, and its bytes are not kept.
///
/// Definitions of shapes among the files count for the files after them, so the host adds them first:
/// [`Shape::is_definition`] tells them by their paths.
///
/// ```
/// use callboard_core::import::{FileGroup, Importer, Shapes};
/// let mut importer = Importer::new(Shapes::built_in());
/// importer.add("ep_7_test/01_research_complete.json", br#"{"checkpoint_type": "research", "session_id": "ep_7_test",
///     "status": "completed", "cost_invested": 7.50}"#);
/// importer.add("node_modules/x/package.json", b"{}");
/// importer.add("torn.json", &[0; 512]);
/// let import = importer.finish();
/// assert_eq!((import.sessions.len(), import.skipped), (1, 1));
/// assert_eq!(import.files[1].group, FileGroup::Damaged);
/// assert_eq!(import.files[1].why, "512 zero bytes: the file was lost in a crash. Restore it from git or a backup.");
/// ```
#[derive(Debug, Clone)]
pub struct Importer {
    shapes: Shapes,
    readings: Vec<Reading>,
    skipped: usize,
}

impl Importer {
    /// Starts an import that knows these shapes.
    ///
    /// See the example at [`Importer`].
    pub fn new(shapes: Shapes) -> Importer {
        Importer { shapes, readings: Vec::new(), skipped: 0 }
    }

    /// Reads a file. One in a folder of a tool, such as `.git`, is only counted.
    ///
    /// See the example at [`Importer`].
    pub fn add(&mut self, path: &str, bytes: &[u8]) {
        if is_in_tool_folder(path) {
            self.skipped += 1;
            return;
        }
        let reading = self.shapes.read(path, bytes);
        let own = reading.documents.iter().filter_map(|document| match &document.content {
            Content::Definition(shape) => Some(Shape::clone(shape)),
            _ => None,
        });
        let own: Vec<Shape> = own.collect();
        if !own.is_empty() {
            self.shapes = self.shapes.with(own);
        }
        self.readings.push(reading);
    }

    /// Counts files that the host skipped, such as a folder that it did not enter.
    ///
    /// See the example at [`Importer`].
    pub fn skip(&mut self, files: usize) {
        self.skipped += files;
    }

    /// The shapes that the next file is read by: those given, and the definitions among the files.
    ///
    /// See the example at [`Shape::is_definition`].
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// Makes sessions of all files.
    ///
    /// See the example at [`Importer`].
    pub fn finish(self) -> Import {
        Import { skipped: self.skipped, ..assemble(self.readings) }
    }
}

/// Imports a set of files by their paths and bytes; definitions of shapes among them count for all.
///
/// ```
/// use callboard_core::import::{Shapes, import};
/// let shape = br#"{"name": "plays", "title": "Radio plays", "version": 1, "kind": "session",
///     "recognise": {"has": {"/play": "text"}}, "id": "/play", "cost": "/spent"}"#;
/// let files = [("a.json", &br#"{"play": "Macbeth", "spent": 3.5}"#[..]), ("callboard.shapes/plays.json", shape)];
/// let import = import(&Shapes::built_in(), &files);
/// assert_eq!(import.sessions[0].cost.as_ref().unwrap().value.to_string(), "3.50");
/// assert_eq!(import.sessions[0].cost.as_ref().unwrap().from[0].line, 1);
/// ```
pub fn import(shapes: &Shapes, files: &[(&str, &[u8])]) -> Import {
    let mut importer = Importer::new(shapes.clone());
    // In the order of the files, but for the definitions.
    let (definitions, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| Shape::is_definition(path));
    for (path, bytes) in definitions.into_iter().chain(others) {
        importer.add(path, bytes);
    }
    importer.finish()
}
