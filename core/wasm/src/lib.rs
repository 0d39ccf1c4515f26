//! The JavaScript exports of the core: one thin class, nothing is decided here.
//!
//! The package's own `session.js` wraps this class: it turns what is thrown here, plain objects with
//! `code` and `message`, into real errors.

mod convert;

use callboard_core::{Initialize, Policy, State, Warning, diff};
use convert::{Thrown, instant, to_js};
use wasm_bindgen::prelude::*;

/// A session behind a handle: its text crosses the boundary once.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawSession {
    inner: callboard_core::Session,
    /// The text as it was parsed, or made.
    parsed: String,
    policy: Policy,
    /// Those of the last applied event.
    warnings: Vec<Warning>,
}

#[wasm_bindgen]
impl RawSession {
    /// Reads a session file's bytes.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: Vec<u8>) -> Result<RawSession, JsValue> {
        let inner = callboard_core::Session::from_bytes(bytes).map_err(|error| Thrown::parse(&error))?;
        Ok(RawSession::new(inner))
    }

    /// Makes a session. What is not given has the framework's default.
    pub fn initialize(
        episode: f64,
        topic: String,
        complexity: Option<f64>,
        now: JsValue,
    ) -> Result<RawSession, JsValue> {
        let mut new = Initialize::new(convert::whole("episode", episode)?, topic);
        if let Some(complexity) = complexity {
            let complexity = convert::whole("complexity", complexity)?;
            // What does not fit is out of range all the same, and the core says so.
            new.complexity = u8::try_from(complexity).unwrap_or(u8::MAX);
        }
        let policy = Policy::default();
        let inner = callboard_core::Session::initialize(&new, instant(&now)?, &policy)
            .map_err(|refusal| Thrown::refusal(&refusal))?;
        Ok(RawSession::new(inner))
    }

    /// The session's id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> Option<String> {
        self.inner.id()
    }

    /// The state's name; none where it cannot be read.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> Option<String> {
        self.inner.state().ok().map(|state: State| state.name().to_owned())
    }

    /// The current stage's noun.
    #[wasm_bindgen(getter)]
    pub fn stage(&self) -> Option<String> {
        self.inner.stage().map(|stage| stage.name().to_owned())
    }

    /// What was noticed in the file.
    pub fn diagnostics(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.diagnostics())
    }

    /// How far the session has come.
    pub fn progress(&self, now: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.inner.progress(instant(&now)?, &self.policy))
    }

    /// What each agent did when.
    pub fn timeline(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.timeline())
    }

    /// What may be done now, and why not where it may not.
    pub fn choices(&self, now: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.inner.choices(instant(&now)?, &self.policy))
    }

    /// The refusal that `apply` would give; undefined where it would not.
    pub fn check(&self, event: &str, now: JsValue) -> Result<JsValue, JsValue> {
        let now = instant(&now)?;
        let verdict = self.inner.event(event).and_then(|event| self.inner.check(&event, now, &self.policy));
        match verdict {
            Ok(()) => Ok(JsValue::UNDEFINED),
            Err(refusal) => to_js(&refusal),
        }
    }

    /// Applies an event, or throws its refusal. The outcome is one number, as the package's shell reads it.
    pub fn apply(&mut self, event: &str, now: &JsValue) -> Result<u32, JsValue> {
        let now = instant(now)?;
        let applied = self.inner.event(event).and_then(|event| self.inner.apply(&event, now, &self.policy));
        match applied {
            Ok(outcome) => {
                let packed = convert::outcome(&outcome);
                self.warnings = outcome.warnings;
                Ok(packed)
            }
            Err(refusal) => Err(Thrown::refusal(&refusal)),
        }
    }

    /// What the last applied event was accepted with and should be looked at, as JSON.
    pub fn warnings(&self) -> String {
        convert::warnings(&self.warnings)
    }

    /// The names that an outcome's numbers stand for, as JSON.
    pub fn names() -> String {
        convert::names()
    }

    /// Takes back the last applied event.
    pub fn undo(&mut self) -> bool {
        self.inner.undo()
    }

    /// The file's text.
    pub fn text(&self) -> String {
        self.inner.text().to_owned()
    }

    /// The unified diff against the parsed text.
    pub fn diff(&self, path: &str) -> String {
        diff::unified(&self.parsed, self.inner.text(), path)
    }
}

impl RawSession {
    fn new(inner: callboard_core::Session) -> RawSession {
        let parsed = inner.text().to_owned();
        RawSession { inner, parsed, policy: Policy::default(), warnings: Vec::new() }
    }
}
