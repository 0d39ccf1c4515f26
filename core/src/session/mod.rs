//! A session: the text of its file, and what it says.

mod create;
mod data;
mod diagnose;
mod situation;

pub use create::Initialize;
pub(crate) use data::push_json_string;
pub use data::{AgentOutput, CostTracking, Episode, QualityMetrics};
pub(crate) use situation::{Place, Situation, says_a_state, whole};

use crate::document::{Document, Edits, Kind, NodeId, ParseErrorCode, ROOT};
use crate::{Diagnostic, Fix, ParseError, Stage, State, TextEdits, Timestamp};
use std::fmt;

/// One episode's session: a lossless text and the state machine over it.
///
/// Parsing keeps every byte; an event changes only the lines it names.
///
/// ```
/// use callboard_core::{Session, State};
/// let text = r#"{"session_id": "ep_001_20240811_1430", "pipeline_state": {"current_stage": "writing"}}"#;
/// let session = Session::parse(text).unwrap();
/// assert_eq!(session.text(), text);
/// assert_eq!(session.id().as_deref(), Some("ep_001_20240811_1430"));
/// assert_eq!(session.state(), Ok(State::Writing));
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    document: Document,
    /// What takes each applied event back, the last one last.
    undo: Vec<Edits>,
}

/// A session's state could not be read.
///
/// ```
/// use callboard_core::Session;
/// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "lunch"}}"#).unwrap();
/// assert_eq!(session.state().unwrap_err().path, "pipeline_state.current_stage");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where, keys joined by dots.
    pub path: String,
    /// One plain sentence: what stands there and what could.
    pub message: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

/// The keys by which a JSON object is taken for a session.
const MARKS: [&str; 4] = ["session_id", "pipeline_state", "agent_outputs", "cost_tracking"];

impl Session {
    /// Reads a session file's text.
    ///
    /// # Errors
    /// A text that is not JSON, JSON that is no session, or a template whose `session_id` still has its placeholders:
    /// what is wrong, with line and column.
    ///
    /// See the example at [`Session`].
    pub fn parse(text: impl Into<String>) -> Result<Session, ParseError> {
        let session = Session::of_any(text.into())?;
        let not_a_session = |message| {
            let offset = session.document.node(ROOT).start as usize;
            ParseError::new(ParseErrorCode::NotASession, message, session.text(), offset)
        };
        if session.document.kind(ROOT) != Kind::Object {
            return Err(not_a_session("This is not a session: a session file holds one JSON object"));
        }
        if !MARKS.iter().any(|mark| session.document.find_key(ROOT, mark).is_some()) {
            return Err(not_a_session(
                "This is not a session: it has none of session_id, pipeline_state, agent_outputs and cost_tracking",
            ));
        }
        if let Some(at) = session.at(&["session_id"])
            && let Some(id) = session.document.string(at)
            && let Some(placeholder) = crate::ids::placeholder(&id)
        {
            let message =
                format!("This is a template, not a session: its session_id has the placeholder {placeholder}");
            let offset = session.document.node(at).start as usize;
            return Err(ParseError::new(ParseErrorCode::Template, message, session.text(), offset));
        }
        Ok(session)
    }

    /// Takes a text that was read as a session before, as [`Session::text`] gave it: nothing is read until it
    /// is asked for. Another text is a session that says nothing.
    ///
    /// ```
    /// use callboard_core::{Session, State};
    /// let text = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#)
    ///     .map(|session| session.text().to_owned()).unwrap();
    /// assert_eq!(Session::reopen(text).state(), Ok(State::Writing));
    /// ```
    pub fn reopen(text: impl Into<String>) -> Session {
        Session { document: Document::unread(text.into()), undo: Vec::new() }
    }

    /// Reads any JSON text as if it were a session's: what two sides made of one may lack every key by which
    /// a session is known.
    pub(crate) fn of_any(text: String) -> Result<Session, ParseError> {
        Ok(Session { document: Document::parse(text)?, undo: Vec::new() })
    }

    /// Takes a document as if it were a session's.
    pub(crate) fn of_document(document: Document) -> Session {
        Session { document, undo: Vec::new() }
    }

    /// The id of a file that says enough to count as a session of the framework's shape, and whether its state can be
    /// read: an id, and a state that is told in the framework's own words. Another pipeline's file may have a key of the
    /// same name.
    pub(crate) fn own_id(&self) -> Option<(String, bool)> {
        let document = &self.document;
        if document.kind(ROOT) != Kind::Object {
            return None;
        }
        let id = self.id().filter(|id| !id.trim().is_empty())?;
        let sections = ["pipeline_state", "agent_outputs"];
        let any = sections.iter().any(|name| document.find_set(ROOT, name).is_some());
        if !any {
            return None;
        }
        let situation = self.situation();
        (!situation.unknown && self.speaks_of_stages()).then_some((id, situation.unreadable.is_none()))
    }

    /// False if the lists of stages name others than the framework's only.
    fn speaks_of_stages(&self) -> bool {
        let (mut known, mut strange) = (false, false);
        for list in ["completed_stages", "pending_stages", "skipped_stages"] {
            let Some(list) = self.at(&["pipeline_state", list]) else { continue };
            for element in self.document.elements(list) {
                let stage = self.document.string(element).and_then(|name| Stage::parse(&name));
                known |= stage.is_some();
                strange |= stage.is_none();
            }
        }
        known || !strange
    }

    /// Reads a session file's bytes, which must be UTF-8; a byte order mark is kept.
    ///
    /// # Errors
    /// As [`Session::parse`], and where the bytes are not UTF-8. Another format's bytes are named: "This is a PNG image".
    ///
    /// ```
    /// let error = callboard_core::Session::from_bytes(b"{\"session_id\": \"\xff\"}").unwrap_err();
    /// assert_eq!((error.code().name(), error.column()), ("not_utf8", 17));
    /// ```
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Session, ParseError> {
        ParseError::utf8(bytes.into()).and_then(Session::parse)
    }

    /// The file's text, exactly.
    ///
    /// See the example at [`Session`].
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// The session's id; none where the file has none.
    ///
    /// See the example at [`Session`].
    pub fn id(&self) -> Option<String> {
        self.string_at(&["session_id"])
    }

    /// The state; [`State::Unknown`] for a file that says nothing of it.
    ///
    /// # Errors
    /// Where the file names a stage or status that nobody knows; every event is refused then.
    ///
    /// ```
    /// use callboard_core::{Session, State};
    /// let state = |text: &str| Session::parse(text).unwrap().state();
    /// assert_eq!(state(r#"{"session_id": "a", "status": "completed"}"#), Ok(State::Unknown));
    /// assert!(state(r#"{"session_id": "a", "pipeline_state": {"current_stage": "lunch"}}"#).is_err());
    /// ```
    pub fn state(&self) -> Result<State, Unreadable> {
        let situation = self.situation();
        match &situation.unreadable {
            Some(unreadable) if !situation.unknown => Err(unreadable.clone()),
            _ => Ok(situation.state()),
        }
    }

    /// The current stage; none before the first and after the last, and where the state cannot be read.
    ///
    /// ```
    /// use callboard_core::{Session, Stage};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "Script-Writer"}}"#).unwrap();
    /// assert_eq!(session.stage(), Some(Stage::Writing));
    /// ```
    pub fn stage(&self) -> Option<Stage> {
        let situation = self.situation();
        match (&situation.unreadable, situation.place) {
            (None, Place::At(stage)) => Some(stage),
            _ => None,
        }
    }

    /// When the session was made; none where the file does not say, or not readably.
    ///
    /// ```
    /// use callboard_core::{Initialize, Policy, Session, Timestamp};
    /// let now = Timestamp::parse("2024-08-11T14:30:00Z");
    /// let session = Session::initialize(&Initialize::new(1, "tides"), now.unwrap(), &Policy::default()).unwrap();
    /// assert_eq!((session.created(), session.last_updated()), (now, now));
    /// ```
    pub fn created(&self) -> Option<Timestamp> {
        self.time_at(&["timestamps", "created"]).or_else(|| self.time_at(&["created_at"]))
    }

    /// When the session last changed; none where the file does not say, or not readably.
    ///
    /// See the example at [`Session::created`].
    pub fn last_updated(&self) -> Option<Timestamp> {
        self.time_at(&["timestamps", "last_updated"])
    }

    /// What was noticed in the file: what it leaves open, says twice, or says in a way nobody can read.
    ///
    /// ```
    /// use callboard_core::{Session, Severity};
    /// let session = Session::parse("{\"session_id\": \"a\",\n  \"pipeline_state\": {\"current_stage\": \"lunch\"}}").unwrap();
    /// let found = &session.diagnostics()[0];
    /// assert_eq!((found.severity, found.code, found.line, found.column), (Severity::Error, "unreadable_state", 2, 39));
    /// ```
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        diagnose::diagnostics(self)
    }

    /// Takes back the last applied event; false where there is none.
    ///
    /// ```
    /// use callboard_core::{Action, Agent, Event, Policy, Session, Timestamp};
    /// let text = r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "research"}}"#;
    /// let mut session = Session::parse(text).unwrap();
    /// let start = Event::new(Agent::ResearchCoordinator, Action::Start { estimated_completion: None });
    /// session.apply(&start, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert!(session.undo() && session.text() == text);
    /// assert!(!session.undo());
    /// ```
    pub fn undo(&mut self) -> bool {
        let Some(edits) = self.undo.pop() else { return false };
        self.document = Document::edited(edits.apply(self.document.text()).0);
        true
    }

    /// Makes a certain correction, which [`Session::undo`] takes back like an event. False, and nothing
    /// changes, where it is none of this text: the fix of an older one, say.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let mut session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writting"}}"#).unwrap();
    /// let fix = session.diagnostics()[0].fix.clone().unwrap();
    /// assert_eq!(fix.title, "Change it to \"writing\"");
    /// assert!(session.fix(&fix) && session.state().is_ok());
    /// ```
    pub fn fix(&mut self, fix: &Fix) -> bool {
        if !self.diagnostics().iter().any(|diagnostic| diagnostic.fix.as_ref() == Some(fix)) {
            return false;
        }
        self.edit(Edits::one(fix.start, fix.end, &fix.text));
        true
    }

    /// How many applied events can be taken back.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let start = Event::least(EventKind::Start, Agent::ScriptWriter);
    /// session.apply(&start, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!(session.undo_depth(), 1);
    /// ```
    pub fn undo_depth(&self) -> usize {
        self.undo.len()
    }

    /// The exact edits of the last applied event or fix; none where nothing was applied, or all is undone.
    ///
    /// See the example at [`TextEdits`].
    pub fn last_edits(&self) -> Option<TextEdits> {
        self.undo.last().map(|inverse| inverse.taken_back(self.text()))
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// Makes the changes of an event that the machine has accepted.
    pub(crate) fn edit(&mut self, edits: Edits) {
        let (text, inverse) = edits.apply(self.document.text());
        self.document = Document::edited(text);
        self.undo.push(inverse);
    }

    /// The value at a path of keys; none where a part is missing, null, or not in an object.
    pub(crate) fn at(&self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(ROOT, |object, key| self.document.find_set(object, key))
    }

    pub(crate) fn string_at(&self, path: &[&str]) -> Option<String> {
        self.at(path).and_then(|value| self.document.string(value)).map(|text| text.into_owned())
    }

    pub(crate) fn time_at(&self, path: &[&str]) -> Option<Timestamp> {
        self.at(path).and_then(|value| self.document.string(value)).and_then(|text| Timestamp::parse(&text))
    }
}
