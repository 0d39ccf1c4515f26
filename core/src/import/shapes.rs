//! The shapes that an import knows, and the reading of one file by them.

use super::damage::{self, Broken, Encoding, Extract, Mended, Repair};
use super::facts::Facts;
use super::read::Frame;
use super::shape::Shape;
use crate::document::{Document, Kind, ROOT, fingerprint};
use crate::{Session, ids};
use std::sync::{Arc, OnceLock};

/// The definitions that come with the crate.
pub(crate) const DEFINITIONS: [(&str, &str); 36] = [
    ("active-episodes", include_str!("shapes/active-episodes.json")),
    ("agent-output", include_str!("shapes/agent-output.json")),
    ("bare-status", include_str!("shapes/bare-status.json")),
    ("batch-progress", include_str!("shapes/batch-progress.json")),
    ("callboard-configuration", include_str!("shapes/callboard-configuration.json")),
    ("cost-report", include_str!("shapes/cost-report.json")),
    ("current-agent", include_str!("shapes/current-agent.json")),
    ("episode-batch", include_str!("shapes/episode-batch.json")),
    ("episode-index", include_str!("shapes/episode-index.json")),
    ("episode-lists", include_str!("shapes/episode-lists.json")),
    ("episode-metrics", include_str!("shapes/episode-metrics.json")),
    ("episode-plan", include_str!("shapes/episode-plan.json")),
    ("episodes-phases", include_str!("shapes/episodes-phases.json")),
    ("failure-note", include_str!("shapes/failure-note.json")),
    ("final-state", include_str!("shapes/final-state.json")),
    ("json-schema", include_str!("shapes/json-schema.json")),
    ("orchestration-error", include_str!("shapes/orchestration-error.json")),
    ("orchestration-report", include_str!("shapes/orchestration-report.json")),
    ("package-manifest", include_str!("shapes/package-manifest.json")),
    ("phases", include_str!("shapes/phases.json")),
    ("pipeline-counts-report", include_str!("shapes/pipeline-counts-report.json")),
    ("pipeline-counts", include_str!("shapes/pipeline-counts.json")),
    ("pipeline-results", include_str!("shapes/pipeline-results.json")),
    ("production-metrics", include_str!("shapes/production-metrics.json")),
    ("production-pipeline", include_str!("shapes/production-pipeline.json")),
    ("production-plan", include_str!("shapes/production-plan.json")),
    ("quality-assessment", include_str!("shapes/quality-assessment.json")),
    ("quality-dimensions", include_str!("shapes/quality-dimensions.json")),
    ("quality-report", include_str!("shapes/quality-report.json")),
    ("research-metadata", include_str!("shapes/research-metadata.json")),
    ("research-stages", include_str!("shapes/research-stages.json")),
    ("series-list", include_str!("shapes/series-list.json")),
    ("stage-checkpoint", include_str!("shapes/stage-checkpoint.json")),
    ("stage-completion", include_str!("shapes/stage-completion.json")),
    ("status-costs", include_str!("shapes/status-costs.json")),
    ("tool-configuration", include_str!("shapes/tool-configuration.json")),
];

/// The shapes that an import knows, in the order in which they are tried: a person's own before those that come with the
/// crate, the more specific one first, then by name.
///
/// See the example at [`Shapes::read`].
#[derive(Debug, Clone)]
pub struct Shapes {
    shapes: Arc<[Arc<Shape>]>,
}

/// Result of reading one file.
///
/// See the example at [`Shapes::read`].
#[derive(Debug, Clone)]
pub struct Reading {
    /// The file's path, as it was given.
    pub path: Arc<str>,
    /// Documents of the file; one for most files.
    pub documents: Vec<FileDocument>,
    /// Repairs that were needed to read it.
    pub repairs: Vec<Repair>,
    /// Encoding of its bytes.
    pub encoding: Encoding,
    /// Why nothing was read; none where something was.
    pub broken: Option<Box<Broken>>,
}

/// One document of a file.
///
/// See the example at [`Shapes::read`].
#[derive(Debug, Clone)]
pub struct FileDocument {
    /// The number of the document in a file of several, from 0.
    pub index: Option<u64>,
    /// The line at which it begins, from 1.
    pub line: u32,
    /// Its content.
    pub content: Content,
    /// A number of its content, the same for every spelling and layout.
    pub fingerprint: u64,
    /// The document's text where it is not the file's own: mended, or one of several.
    pub text: Option<String>,
}

/// File that was opened.
///
/// See the example at [`Shapes::open`].
#[derive(Debug, Clone)]
pub enum Opened {
    /// A session file of the framework's own shape that needs no repair.
    Session {
        /// The session.
        session: Box<Session>,
        /// Encoding of the file, in which an export writes it.
        encoding: Encoding,
    },
    /// Any other file.
    Other(Reading),
}

/// Content of a document.
///
/// See the example at [`Shapes::read`].
#[derive(Debug, Clone)]
pub enum Content {
    /// A session of the framework's own shape.
    Session {
        /// Its id.
        id: String,
    },
    /// Content that a shape reads.
    Foreign {
        /// The shape.
        shape: Arc<Shape>,
        /// Values of each session in the document.
        facts: Vec<Facts>,
    },
    /// A template: its id still has a placeholder.
    Template {
        /// The placeholder.
        placeholder: String,
    },
    /// The definition of a shape.
    Definition(Box<Shape>),
    /// Nothing that is known.
    Unknown {
        /// Why, in one sentence.
        why: String,
    },
}

impl Shapes {
    /// The shapes that come with the crate.
    ///
    /// ```
    /// use callboard_core::import::Shapes;
    /// assert!(Shapes::built_in().iter().any(|shape| shape.name() == "phases"));
    /// ```
    pub fn built_in() -> Shapes {
        static SHAPES: OnceLock<Shapes> = OnceLock::new();
        SHAPES.get_or_init(|| Shapes::of(Vec::new(), built_in())).clone()
    }

    /// These shapes with a person's own before them. One of a name that is known takes the other's place.
    ///
    /// ```
    /// use callboard_core::import::{Shape, Shapes};
    /// let own = Shape::parse(r#"{"name": "phases", "title": "Our phases", "version": 2, "kind": "session",
    ///     "recognise": {"has": {"/phases": "object"}}}"#).unwrap();
    /// let shapes = Shapes::built_in().with(vec![own]);
    /// assert_eq!(shapes.iter().next().unwrap().title(), "Our phases");
    /// assert_eq!(shapes.iter().filter(|shape| shape.name() == "phases").count(), 1);
    /// ```
    #[must_use]
    pub fn with(&self, own: Vec<Shape>) -> Shapes {
        let own: Vec<Arc<Shape>> = own.into_iter().map(Arc::new).collect();
        let named = |shape: &&Arc<Shape>| !own.iter().any(|own| own.name == shape.name);
        let others = self.shapes.iter().filter(named).cloned().collect();
        Shapes::of(own, others)
    }

    fn of(own: Vec<Arc<Shape>>, others: Vec<Arc<Shape>>) -> Shapes {
        let sorted = |mut shapes: Vec<Arc<Shape>>| {
            shapes.sort_by(|a, b| (b.weight, &a.name, b.version).cmp(&(a.weight, &b.name, a.version)));
            shapes
        };
        let mut all = sorted(own);
        all.extend(sorted(others));
        Shapes { shapes: all.into() }
    }

    /// Each shape, in the order in which they are tried. See the example at [`Shapes::with`].
    pub fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter().map(|shape| &**shape)
    }

    /// Reads a file: what it is, and what it says. `path` is the file's path in the import: some shapes read the episode's
    /// number in a folder's name.
    ///
    /// ```
    /// use callboard_core::import::{Content, ForeignStatus, Shapes};
    /// let text = r#"{
    ///   "session_id": "ep_14", "status": "initialized",
    ///   "phases": {"research": {"status": "completed", "cost": 4.5, "data": {"synthesis_quality": 9.3}}},
    ///   "created_at": "2025-09-05T11:02:03.79"
    /// }"#;
    /// let reading = Shapes::built_in().read("ep_14/state.json", text.as_bytes());
    /// let Content::Foreign { shape, facts } = &reading.documents[0].content else { panic!() };
    /// assert_eq!(shape.name(), "phases");
    /// let research = &facts[0].stages[0];
    /// assert_eq!(research.status.as_ref().unwrap().value, ForeignStatus::Complete);
    /// let cost = research.cost.as_ref().unwrap();
    /// assert_eq!((cost.raw.as_str(), cost.origin.pointer.as_str(), cost.origin.line), ("4.5", "/phases/research/cost", 3));
    /// let score = &research.scores[0];
    /// assert_eq!((score.raw.value, score.scale, score.normalised), (9.3, Some(10), Some(0.93)));
    /// let created = facts[0].created.as_ref().unwrap();
    /// assert_eq!(created.assumed.as_deref(), Some("No time zone: read as UTC."));
    /// ```
    pub fn read(&self, path: &str, bytes: &[u8]) -> Reading {
        self.reading(path.into(), damage::mend(bytes))
    }

    fn reading(&self, path: Arc<str>, mended: Result<Mended, Box<Broken>>) -> Reading {
        match mended {
            Err(broken) => Reading {
                path,
                documents: Vec::new(),
                repairs: Vec::new(),
                encoding: Encoding::Utf8,
                broken: Some(broken),
            },
            Ok(mended) => {
                let is_own = mended.repairs.is_empty();
                let is_list = mended.documents.len() > 1;
                let in_array = mended.repairs.iter().any(|repair| repair.code == damage::RepairCode::List);
                let documents = mended.documents.into_iter();
                let piece = |extract: Extract| self.piece(&path, extract, is_own, is_list, in_array);
                let documents = documents.map(piece).collect();
                Reading { path, documents, repairs: mended.repairs, encoding: mended.encoding, broken: None }
            }
        }
    }

    /// Reads a file as [`Shapes::read`] does, and gives a session of the framework's own shape as such, for a host that
    /// works on it.
    ///
    /// ```
    /// use callboard_core::import::{Opened, Shapes};
    /// let open = |text: &str| Shapes::built_in().open("a.json", text.as_bytes());
    /// let own = open(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#);
    /// assert!(matches!(own, Opened::Session { session, .. } if session.id().as_deref() == Some("a")));
    /// assert!(matches!(open(r#"{"session_id": "a", "phases": {}}"#), Opened::Other(_)));
    /// ```
    pub fn open(&self, path: &str, bytes: &[u8]) -> Opened {
        match damage::mend(bytes) {
            Ok(mut mended) if mended.is_as_written(bytes) => {
                let Some(extract) = mended.documents.pop() else { return Opened::Other(self.read(path, bytes)) };
                let path: Arc<str> = path.into();
                let frame = Frame { file: path.clone(), ..Frame::default() };
                let (index, line) = (extract.index, extract.line);
                let session = Session::of_document(extract.document);
                let content = self.content(&session, &frame);
                if matches!(content, Content::Session { .. }) {
                    return Opened::Session { session: Box::new(session), encoding: mended.encoding };
                }
                let fingerprint = fingerprint(session.document(), ROOT);
                let text = (!mended.repairs.is_empty()).then(|| session.text().to_owned());
                let documents = vec![FileDocument { index, line, content, fingerprint, text }];
                let (repairs, encoding) = (mended.repairs, mended.encoding);
                Opened::Other(Reading { path, documents, repairs, encoding, broken: None })
            }
            mended => Opened::Other(self.reading(path.into(), mended)),
        }
    }

    fn piece(&self, path: &Arc<str>, extract: Extract, is_own: bool, is_list: bool, in_array: bool) -> FileDocument {
        let pointer = match extract.index {
            Some(index) if in_array => format!("/{index}"),
            _ => String::new(),
        };
        let frame = if is_list || in_array {
            Frame { file: path.clone(), pointer, line: extract.line - 1, column: extract.column - 1 }
        } else {
            Frame { file: path.clone(), ..Frame::default() }
        };
        let fingerprint = fingerprint(&extract.document, ROOT);
        let session = Session::of_document(extract.document);
        let content = self.content(&session, &frame);
        let text = (!is_own).then(|| session.text().to_owned());
        FileDocument { index: extract.index, line: extract.line, content, fingerprint, text }
    }

    fn content(&self, session: &Session, frame: &Frame) -> Content {
        let document = session.document();
        let own = match before_shapes(session, &frame.file) {
            Ok(own) => own,
            Err(content) => return content,
        };
        match (self.shapes.iter().find(|shape| shape.recognises(document, &frame.file)), own) {
            (Some(shape), _) => {
                let facts = shape.facts(document, frame);
                Content::Foreign { shape: shape.clone(), facts }
            }
            // A misspelt stage is one that a person can correct.
            (None, Some((id, _))) => Content::Session { id },
            (None, None) => Content::Unknown { why: unknown(document) },
        }
    }
}

/// Content that no shape is asked for: none but objects, definitions, templates, and the framework's own sessions. Else
/// the id of a session of the framework whose state cannot be read.
fn before_shapes(session: &Session, file: &str) -> Result<Option<(String, bool)>, Content> {
    let document = session.document();
    if document.kind(ROOT) != Kind::Object {
        return Err(Content::Unknown { why: "No JSON object in this file.".to_owned() });
    }
    if Shape::is_definition(file) {
        return Err(match Shape::parse(document.text()) {
            Ok(shape) => Content::Definition(Box::new(shape)),
            Err(error) => Content::Unknown { why: format!("Not a shape definition: {error}") },
        });
    }
    if let Some(placeholder) = placeholder(document) {
        return Err(Content::Template { placeholder });
    }
    match session.own_id() {
        Some((id, true)) => Err(Content::Session { id }),
        own => Ok(own),
    }
}

impl Shape {
    /// True if the shape alone would read a file: for the files of an import that a shape being taught reads. The
    /// framework's own sessions, templates and definitions are read by none.
    ///
    /// ```
    /// use callboard_core::import::Shape;
    /// let shape = Shape::parse(r#"{"name": "plays", "title": "Radio plays", "version": 1, "kind": "session",
    ///     "recognise": {"has": {"/play": "text"}}}"#).unwrap();
    /// assert!(shape.reads("a.json", br#"{"play": "Macbeth", "spent": 3.5,}"#));
    /// assert!(!shape.reads("b.json", br#"{"spent": 3.5}"#));
    /// ```
    pub fn reads(&self, path: &str, bytes: &[u8]) -> bool {
        let Ok(mended) = damage::mend(bytes) else { return false };
        mended.documents.into_iter().any(|extract| {
            let session = Session::of_document(extract.document);
            before_shapes(&session, path).is_ok() && self.recognises(session.document(), path)
        })
    }
}

/// The placeholder in a template's id.
fn placeholder(document: &Document) -> Option<String> {
    let id = document.find_set(ROOT, "session_id").and_then(|id| document.string(id))?;
    ids::placeholder(&id).map(str::to_owned)
}

/// Says why no shape reads a document.
fn unknown(document: &Document) -> String {
    let has_id = document.find_set(ROOT, "session_id").is_some();
    if has_id {
        "It has a session_id, but no known shape reads its state.".to_owned()
    } else {
        "No known shape reads this file.".to_owned()
    }
}

fn built_in() -> Vec<Arc<Shape>> {
    // A test reads every definition: none is left out here.
    DEFINITIONS.iter().filter_map(|(_, text)| Shape::parse(*text).ok()).map(Arc::new).collect()
}
