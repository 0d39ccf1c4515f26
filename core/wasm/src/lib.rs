//! The JavaScript exports of the core: one thin class, nothing is decided here.
//!
//! The package's own `session.js` wraps this class: it turns what is thrown here, plain objects with
//! `code` and `message`, into real errors.

mod convert;
mod json;
mod memory;

use callboard_core::{
    Candidate, Config, Dashboard, DashboardRow, Initialize, Policy, Session, State, Warning, diff, ids,
};
use convert::{Thrown, instant, json};
use memory::{PER_ROW, assert_room, assert_room_in_reserve, assert_room_to_change, assert_room_to_read};
use wasm_bindgen::prelude::*;

/// A session behind a handle: its text crosses the boundary once.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawSession {
    inner: Session,
    policy: Policy,
    /// Those of the last applied event.
    warnings: Vec<Warning>,
    /// The attempt of the last applied event.
    attempt: u64,
    /// The key of the last applied event, where that was a duplicate.
    duplicate: Option<String>,
}

#[wasm_bindgen]
impl RawSession {
    /// Says which of two files of one session stands for it: negative for this one, positive for the other.
    pub fn compare(&self, file: &str, other: &RawSession, other_file: &str) -> i32 {
        Candidate::of(&self.inner, file).cmp(&Candidate::of(&other.inner, other_file)) as i32
    }

    /// Reads a session file's bytes.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: Vec<u8>) -> Result<RawSession, JsValue> {
        assert_room_to_read(&bytes)?;
        let inner = Session::from_bytes(bytes).map_err(|error| Thrown::parse(&error))?;
        Ok(RawSession::new(inner))
    }

    /// Makes a session from the JSON text of what it is made from, under the policy of a JSON text if given.
    pub fn initialize(
        new: &str,
        now: Option<String>,
        milliseconds: f64,
        policy: Option<String>,
    ) -> Result<RawSession, JsValue> {
        let refused = |refusal| Thrown::refusal(&refusal);
        assert_room(new.len() * 8)?;
        let policy = convert::policy(policy.as_deref())?;
        let new = Initialize::from_json(new).map_err(refused)?;
        let inner = Session::initialize(&new, instant(now, milliseconds)?, &policy).map_err(refused)?;
        Ok(RawSession { policy, ..RawSession::new(inner) })
    }

    /// Sets the policy from its JSON text.
    #[wasm_bindgen(js_name = setPolicy)]
    pub fn set_policy(&mut self, policy: String) -> Result<(), JsValue> {
        self.policy = convert::policy(Some(&policy))?;
        Ok(())
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
        assert_room_to_change(self.inner.text())?;
        json(&self.inner.diagnostics())
    }

    /// How far the session has come.
    pub fn progress(&self, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        json(&self.inner.progress(instant(now, milliseconds)?, &self.policy))
    }

    /// How the session fares, and why.
    pub fn health(&self, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        json(&self.inner.health(instant(now, milliseconds)?, &self.policy))
    }

    /// The money and attempts used, and those allowed.
    pub fn spending(&self) -> Result<JsValue, JsValue> {
        json(&self.inner.spending(&self.policy))
    }

    /// What each agent did when.
    pub fn timeline(&self) -> Result<JsValue, JsValue> {
        assert_room_to_change(self.inner.text())?;
        json(&self.inner.timeline())
    }

    /// What may be done now, and why not where it may not.
    pub fn choices(&self, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        json(&self.inner.choices(instant(now, milliseconds)?, &self.policy))
    }

    /// The refusal that `apply` would give; undefined where it would not.
    pub fn check(&self, event: &str, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        let now = instant(now, milliseconds)?;
        let event = self.inner.event(event, now, &self.policy);
        let verdict = event.and_then(|event| self.inner.check(&event, now, &self.policy));
        match verdict {
            Ok(()) => Ok(JsValue::UNDEFINED),
            Err(refusal) => json(&refusal),
        }
    }

    /// Applies an event, or throws its refusal. The outcome is one number, as the package's shell reads it.
    pub fn apply(&mut self, event: &str, now: Option<String>, milliseconds: f64) -> Result<u32, JsValue> {
        assert_room_to_change(self.inner.text())?;
        let now = instant(now, milliseconds)?;
        let event = self.inner.event(event, now, &self.policy);
        let applied = event.and_then(|event| self.inner.apply(&event, now, &self.policy));
        match applied {
            Ok(outcome) => {
                let packed = convert::outcome(&outcome);
                self.warnings = outcome.warnings;
                self.attempt = outcome.attempt;
                self.duplicate = outcome.duplicate.and_then(|entry| entry.key);
                Ok(packed)
            }
            Err(refusal) => Err(Thrown::refusal(&refusal)),
        }
    }

    /// Makes a certain correction, that of a diagnostic; false where the text has no such.
    pub fn fix(&mut self, start: u32, end: u32, text: &str) -> Result<bool, JsValue> {
        assert_room_to_change(self.inner.text())?;
        let fixes = self.inner.diagnostics().into_iter().filter_map(|diagnostic| diagnostic.fix);
        let mut fixes = fixes.filter(|fix| (fix.start, fix.end, fix.text.as_str()) == (start, end, text));
        Ok(fixes.next().is_some_and(|fix| self.inner.fix(&fix)))
    }

    /// What the last applied event was accepted with and should be looked at: lines, as the package's shell
    /// reads them.
    pub fn warnings(&self) -> String {
        convert::warnings(&self.warnings)
    }

    /// The attempt of the last applied event.
    pub fn attempt(&self) -> f64 {
        self.attempt as f64
    }

    /// The history entry that the last event is a duplicate of, as its JSON text.
    pub fn duplicate(&self) -> Option<String> {
        self.inner.history_entry_text(self.duplicate.as_deref()?).map(str::to_owned)
    }

    /// The names that an outcome's numbers stand for, as JSON.
    pub fn names() -> String {
        convert::names()
    }

    /// Takes back the last applied event.
    pub fn undo(&mut self) -> Result<bool, JsValue> {
        assert_room_to_change(self.inner.text())?;
        Ok(self.inner.undo())
    }

    /// The file's text.
    pub fn text(&self) -> Result<String, JsValue> {
        assert_room(self.inner.text().len())?;
        Ok(self.inner.text().to_owned())
    }

    /// The durations of the stages as JSON, in seconds by the stage's noun.
    pub fn durations(&self) -> String {
        convert::own_durations(self.inner.stage_durations())
    }

    /// The unified diff against the text as it was parsed, or made: all undone, it is that text again.
    pub fn diff(&self, path: &str) -> Result<String, JsValue> {
        assert_room_to_change(self.inner.text())?;
        let mut first = self.inner.clone();
        while first.undo() {}
        Ok(diff::unified(first.text(), self.inner.text(), path))
    }
}

impl RawSession {
    fn new(inner: Session) -> RawSession {
        RawSession { inner, policy: Policy::default(), warnings: Vec::new(), attempt: 0, duplicate: None }
    }
}

/// The dashboard's rows of sessions, without their texts: there may be more of those than memory holds.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct RawSessions {
    rows: Vec<DashboardRow>,
    /// The durations of stages, of the sessions that were added for these alone.
    durations: [Vec<i64>; 4],
}

#[wasm_bindgen]
impl RawSessions {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> RawSessions {
        RawSessions::default()
    }

    /// Adds a session as it stands now.
    pub fn add(&mut self, session: &RawSession) -> Result<(), JsValue> {
        assert_room_in_reserve(PER_ROW)?;
        self.rows.push(session.inner.dashboard_row());
        Ok(())
    }

    /// Adds a session's durations, in seconds in the order of the pipeline; what is no number is not known.
    #[wasm_bindgen(js_name = addDurations)]
    pub fn add_durations(&mut self, research: f64, writing: f64, evaluation: f64, synthesis: f64) {
        for (known, seconds) in self.durations.iter_mut().zip([research, writing, evaluation, synthesis]) {
            if seconds.is_finite() {
                known.push(seconds as i64);
            }
        }
    }

    /// The dashboard's figures, days being `time_zone_offset` minutes ahead of UTC.
    pub fn dashboard(
        &self,
        now: Option<String>,
        milliseconds: f64,
        time_zone_offset: i32,
        policy: Option<String>,
    ) -> Result<JsValue, JsValue> {
        assert_room_in_reserve(self.rows.len() * PER_ROW)?;
        let policy = convert::policy(policy.as_deref())?;
        json(&Dashboard::of_rows(&self.rows, instant(now, milliseconds)?, time_zone_offset, &policy))
    }

    /// How long each stage typically takes, in seconds by its noun: as these sessions' own did, else as the policy says.
    #[wasm_bindgen(js_name = typicalDurations)]
    pub fn typical_durations(&self, policy: Option<String>) -> Result<JsValue, JsValue> {
        let policy = convert::policy(policy.as_deref())?.with_medians(self.durations.clone());
        Ok(convert::durations(&policy).into())
    }
}

/// Throws where so many bytes cannot be handed over.
#[wasm_bindgen(js_name = assertRoom)]
pub fn assert_room_for(bytes: f64) -> Result<(), JsValue> {
    assert_room(bytes as usize)
}

/// Merges what `ours` and `theirs` made of `base`, three texts.
#[wasm_bindgen]
pub fn merge(base: &str, ours: &str, theirs: &str) -> Result<JsValue, JsValue> {
    assert_room(base.len().saturating_add(ours.len()).saturating_add(theirs.len()).saturating_mul(8))?;
    let merged = callboard_core::merge(base, ours, theirs).map_err(|error| Thrown::parse(&error))?;
    json(&merged)
}

/// Reads a configuration file's bytes: its policy as JSON text, and its sessions' folder if it names one.
#[wasm_bindgen(js_name = parseConfig)]
pub fn parse_config(bytes: Vec<u8>) -> Result<Vec<String>, JsValue> {
    let config = Config::from_bytes(bytes).map_err(|error| Thrown::parse(&error))?;
    Ok([config.policy_json].into_iter().chain(config.sessions).collect())
}

/// The names that the file of a session may have, in the order in which to try them; none where its id is
/// not one of the framework's.
#[wasm_bindgen(js_name = fileNames)]
pub fn file_names(id: &str) -> Vec<String> {
    ids::file_names(id).map_or_else(Vec::new, Vec::from)
}

/// The framework's folder for session files.
#[wasm_bindgen]
pub fn folder() -> String {
    ids::FOLDER.to_owned()
}
