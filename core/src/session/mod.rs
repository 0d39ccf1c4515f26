//! Session: the text of its file, and the values in it.

mod create;
mod data;
mod diagnose;
mod shape;
mod situation;

pub use create::Initialize;
pub(crate) use data::push_json_string;
pub use data::{AgentOutput, CostTracking, Episode, QualityMetrics};
pub(crate) use situation::{PipelinePosition, Situation};

use crate::document::{Document, Edits, Kind, NodeId, ParseErrorCode, ROOT, decode_utf8};
use crate::{Diagnostic, Fix, ParseError, Stage, State, TextEdits, Timestamp};
use std::fmt;

/// Session of an episode: a lossless text with a state machine.
///
/// Parsing keeps every byte, and an event changes only the lines that it writes. The methods are:
///
/// - constructors: [`parse`](Session::parse), [`from_bytes`](Session::from_bytes), [`reopen`](Session::reopen),
///   [`initialize`](Session::initialize);
/// - values of the file, such as [`state`](Session::state), [`agent`](Session::agent), [`costs`](Session::costs);
/// - events: [`event`](Session::event), [`check`](Session::check), [`preview`](Session::preview),
///   [`apply`](Session::apply), [`choices`](Session::choices);
/// - corrections: [`diagnostics`](Session::diagnostics), [`fix`](Session::fix), [`undo`](Session::undo);
/// - views, such as [`timeline`](Session::timeline), [`progress`](Session::progress), [`health`](Session::health),
///   [`digest`](Session::digest), [`changes_since`](Session::changes_since).
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
    /// Inverse edits of each applied event, the last one last.
    undo: Vec<Edits>,
}

/// Error of a session's state that cannot be read.
///
/// ```
/// use callboard_core::Session;
/// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "lunch"}}"#).unwrap();
/// assert_eq!(session.state().unwrap_err().path, "pipeline_state.current_stage");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Path in the file, keys joined by dots.
    pub path: String,
    /// One sentence with the value found and the value needed.
    pub message: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

/// Keys that identify a JSON object as a session.
const MARKS: [&str; 4] = ["session_id", "pipeline_state", "agent_outputs", "cost_tracking"];

impl Session {
    /// Parses the text of a session file.
    ///
    /// # Errors
    /// An error with line and column for a text that is not JSON, JSON that is not a session, or a template with
    /// placeholders in its `session_id`.
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

    /// Takes the text of a session that was parsed before, and parses it on first use. Any other text is an empty session.
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

    /// Parses any JSON text as a session: a merged text may lack all keys that identify one.
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

    /// Parses the bytes of a session file, which must be UTF-8. A byte order mark is kept.
    ///
    /// # Errors
    /// The errors of [`Session::parse`], and one for bytes that are not UTF-8 or have another format, such as a PNG image.
    ///
    /// ```
    /// let error = callboard_core::Session::from_bytes(b"{\"session_id\": \"\xff\"}").unwrap_err();
    /// assert_eq!((error.code().name(), error.column()), ("not_utf8", 17));
    /// ```
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Session, ParseError> {
        decode_utf8(bytes.into()).and_then(Session::parse)
    }

    /// The exact text of the file.
    ///
    /// See the example at [`Session`].
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// The session's id, if the file has one.
    ///
    /// See the example at [`Session`].
    pub fn id(&self) -> Option<String> {
        self.string_at(&["session_id"])
    }

    /// The state; [`State::Unknown`] for a file that does not say it.
    ///
    /// # Errors
    /// An unknown stage or status in the file. Every event is refused then.
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

    /// The current stage; none before the first, after the last, and if the state cannot be read.
    ///
    /// ```
    /// use callboard_core::{Session, Stage};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "Script-Writer"}}"#).unwrap();
    /// assert_eq!(session.stage(), Some(Stage::Writing));
    /// ```
    pub fn stage(&self) -> Option<Stage> {
        let situation = self.situation();
        match (&situation.unreadable, situation.position) {
            (None, PipelinePosition::At(stage)) => Some(stage),
            _ => None,
        }
    }

    /// Time of creation; none if missing or unreadable.
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

    /// Time of the last change; none if missing or unreadable.
    ///
    /// See the example at [`Session::created`].
    pub fn last_updated(&self) -> Option<Timestamp> {
        self.time_at(&["timestamps", "last_updated"])
    }

    /// Finds contradictions, gaps and unreadable values in the file.
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

    /// Reverts the last applied event or fix. Returns false if there is none.
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

    /// Applies a correction, which [`Session::undo`] reverts. Returns false, and changes nothing, if the correction is not
    /// one of the current text's.
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

    /// Number of applied events and fixes that can be reverted.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let start = Event::minimal(EventKind::Start, Agent::ScriptWriter);
    /// session.apply(&start, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!(session.undo_depth(), 1);
    /// ```
    pub fn undo_depth(&self) -> usize {
        self.undo.len()
    }

    /// The exact edits of the last applied event or fix; none if nothing is applied.
    ///
    /// See the example at [`TextEdits`].
    pub fn last_edits(&self) -> Option<TextEdits> {
        self.undo.last().map(|inverse| inverse.taken_back(self.text()))
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// Applies the edits of an accepted event.
    pub(crate) fn edit(&mut self, edits: Edits) {
        let (text, inverse) = edits.apply(self.document.text());
        self.document = Document::edited(text);
        self.undo.push(inverse);
    }

    /// Finds the value at a path of keys; none if a part is missing, null, or not in an object.
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
