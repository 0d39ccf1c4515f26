//! Sessions of the framework, their dashboard and merge.

use crate::convert::{Thrown, instant, to_js};
use crate::memory::{PER_ROW, assert_room, assert_room_in_reserve, assert_room_to_change, assert_room_to_read};
use crate::reports;
use callboard_core::{
    Candidate, Config, Dashboard, DashboardRow, Initialize, Policy, Session, State, Warning, diff, ids,
};
use wasm_bindgen::prelude::*;

/// Session behind a handle: its text crosses the boundary once.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawSession {
    inner: Session,
    policy: Policy,
    /// Warnings of the last applied event.
    warnings: Vec<Warning>,
    /// Attempt of the last applied event.
    attempt: u64,
    /// Key of the last applied event, if that was a duplicate.
    duplicate: Option<String>,
}

#[wasm_bindgen]
impl RawSession {
    /// Compares two files of one session: negative if this one represents it, positive if the other does.
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

    /// Creates a session from the JSON text of its data, under the policy of a JSON text if given.
    pub fn initialize(
        new: &str,
        now: Option<String>,
        milliseconds: f64,
        policy: Option<String>,
    ) -> Result<RawSession, JsValue> {
        let refused = |refusal| Thrown::refusal(&refusal);
        assert_room(new.len() * 8)?;
        let policy = reports::policy(policy.as_deref())?;
        let new = Initialize::from_json(new).map_err(refused)?;
        let inner = Session::initialize(&new, instant(now, milliseconds)?, &policy).map_err(refused)?;
        Ok(RawSession { policy, ..RawSession::new(inner) })
    }

    /// Sets the policy from its JSON text.
    #[wasm_bindgen(js_name = setPolicy)]
    pub fn set_policy(&mut self, policy: String) -> Result<(), JsValue> {
        self.policy = reports::policy(Some(&policy))?;
        Ok(())
    }

    /// Returns the session's id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> Option<String> {
        self.inner.id()
    }

    /// Returns the state's name; none if it cannot be read.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> Option<String> {
        self.inner.state().ok().map(|state: State| state.name().to_owned())
    }

    /// Returns the current stage's noun.
    #[wasm_bindgen(getter)]
    pub fn stage(&self) -> Option<String> {
        self.inner.stage().map(|stage| stage.name().to_owned())
    }

    /// Returns the findings in the file.
    pub fn diagnostics(&self) -> Result<JsValue, JsValue> {
        assert_room_to_change(self.inner.text())?;
        to_js(&self.inner.diagnostics())
    }

    /// Returns the session's progress.
    pub fn progress(&self, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        to_js(&self.inner.progress(instant(now, milliseconds)?, &self.policy))
    }

    /// Returns the session's health, and the reasons for it.
    pub fn health(&self, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        to_js(&self.inner.health(instant(now, milliseconds)?, &self.policy))
    }

    /// Returns the money and attempts used, and those allowed.
    pub fn spending(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.spending(&self.policy))
    }

    /// Returns each agent's attempts over time.
    pub fn timeline(&self) -> Result<JsValue, JsValue> {
        assert_room_to_change(self.inner.text())?;
        to_js(&self.inner.timeline())
    }

    /// Returns every kind of event for the current agent, with the refusal of each that may not be applied now.
    pub fn choices(&self, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        to_js(&self.inner.choices(instant(now, milliseconds)?, &self.policy))
    }

    /// Returns the refusal that `apply` would throw; undefined if it would accept the event.
    pub fn check(&self, event: &str, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        let now = instant(now, milliseconds)?;
        let event = self.inner.event(event, now, &self.policy);
        let verdict = event.and_then(|event| self.inner.check(&event, now, &self.policy));
        match verdict {
            Ok(()) => Ok(JsValue::UNDEFINED),
            Err(refusal) => to_js(&refusal),
        }
    }

    /// Applies an event, or throws its refusal. Returns the outcome as one number, which the package's shell unpacks.
    pub fn apply(&mut self, event: &str, now: Option<String>, milliseconds: f64) -> Result<u32, JsValue> {
        assert_room_to_change(self.inner.text())?;
        let now = instant(now, milliseconds)?;
        let event = self.inner.event(event, now, &self.policy);
        let applied = event.and_then(|event| self.inner.apply(&event, now, &self.policy));
        match applied {
            Ok(outcome) => {
                let packed = reports::outcome(&outcome);
                self.warnings = outcome.warnings;
                self.attempt = outcome.attempt;
                self.duplicate = outcome.duplicate.and_then(|entry| entry.key);
                Ok(packed)
            }
            Err(refusal) => Err(Thrown::refusal(&refusal)),
        }
    }

    /// Makes a diagnostic's certain correction; false if it is not one of the present text.
    pub fn fix(&mut self, start: u32, end: u32, text: &str) -> Result<bool, JsValue> {
        assert_room_to_change(self.inner.text())?;
        let fixes = self.inner.diagnostics().into_iter().filter_map(|diagnostic| diagnostic.fix);
        let mut fixes = fixes.filter(|fix| (fix.start, fix.end, fix.text.as_str()) == (start, end, text));
        Ok(fixes.next().is_some_and(|fix| self.inner.fix(&fix)))
    }

    /// Returns the warnings of the last applied event, as lines that the package's shell reads.
    pub fn warnings(&self) -> String {
        reports::warnings(&self.warnings)
    }

    /// Returns the attempt of the last applied event.
    pub fn attempt(&self) -> f64 {
        self.attempt as f64
    }

    /// Returns the JSON text of the history entry that the last event duplicates.
    pub fn duplicate(&self) -> Option<String> {
        self.inner.history_entry_text(self.duplicate.as_deref()?).map(str::to_owned)
    }

    /// Returns the names for an outcome's numbers.
    pub fn names() -> Result<JsValue, JsValue> {
        to_js(&reports::names())
    }

    /// Undoes the last applied event.
    pub fn undo(&mut self) -> Result<bool, JsValue> {
        assert_room_to_change(self.inner.text())?;
        Ok(self.inner.undo())
    }

    /// Returns the file's text.
    pub fn text(&self) -> Result<String, JsValue> {
        assert_room(self.inner.text().len())?;
        Ok(self.inner.text().to_owned())
    }

    /// Returns the duration of each stage in seconds, by the stage's noun.
    pub fn durations(&self) -> Result<JsValue, JsValue> {
        to_js(&reports::durations(self.inner.stage_durations()))
    }

    /// Returns the unified diff against the parsed or created text, found by undoing every step.
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

/// Dashboard rows of sessions, without the texts, of which there may be more than memory holds.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct RawSessions {
    rows: Vec<DashboardRow>,
    /// Stage durations of the sessions that were added for their durations only.
    durations: [Vec<i64>; 4],
}

#[wasm_bindgen]
impl RawSessions {
    /// Makes an empty list.
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

    /// Adds a session's durations, in seconds in the order of the pipeline; NaN for an unknown one.
    #[wasm_bindgen(js_name = addDurations)]
    pub fn add_durations(&mut self, research: f64, writing: f64, evaluation: f64, synthesis: f64) {
        for (known, seconds) in self.durations.iter_mut().zip([research, writing, evaluation, synthesis]) {
            if seconds.is_finite() {
                known.push(seconds as i64);
            }
        }
    }

    /// Returns the dashboard's figures, with days `time_zone_offset` minutes ahead of UTC.
    pub fn dashboard(
        &self,
        now: Option<String>,
        milliseconds: f64,
        time_zone_offset: i32,
        policy: Option<String>,
    ) -> Result<JsValue, JsValue> {
        assert_room_in_reserve(self.rows.len() * PER_ROW)?;
        let policy = reports::policy(policy.as_deref())?;
        to_js(&Dashboard::of_rows(&self.rows, instant(now, milliseconds)?, time_zone_offset, &policy))
    }

    /// Returns the typical duration of each stage in seconds, from these sessions or else from the policy.
    #[wasm_bindgen(js_name = typicalDurations)]
    pub fn typical_durations(&self, policy: Option<String>) -> Result<JsValue, JsValue> {
        let policy = reports::policy(policy.as_deref())?.with_medians(self.durations.clone());
        to_js(&reports::typical_durations(&policy))
    }
}

/// Throws if there is no room to pass so many bytes.
#[wasm_bindgen(js_name = assertRoom)]
pub fn assert_room_for(bytes: f64) -> Result<(), JsValue> {
    assert_room(bytes as usize)
}

/// Merges the texts `ours` and `theirs`, which began as `base`.
#[wasm_bindgen]
pub fn merge(base: &str, ours: &str, theirs: &str) -> Result<JsValue, JsValue> {
    assert_room(base.len().saturating_add(ours.len()).saturating_add(theirs.len()).saturating_mul(8))?;
    let merged = callboard_core::merge(base, ours, theirs).map_err(|error| Thrown::parse(&error))?;
    to_js(&merged)
}

/// Reads a configuration file's bytes: the policy as JSON text, and the folder of the sessions if the file names one.
#[wasm_bindgen(js_name = parseConfig)]
pub fn parse_config(bytes: Vec<u8>) -> Result<Vec<String>, JsValue> {
    let config = Config::from_bytes(bytes).map_err(|error| Thrown::parse(&error))?;
    Ok([config.policy_json].into_iter().chain(config.sessions).collect())
}

/// Lists the names that the file of a session may have, in the order in which to try them; none if its id does not have
/// the framework's form.
#[wasm_bindgen(js_name = fileNames)]
pub fn file_names(id: &str) -> Vec<String> {
    ids::file_names(id).map_or_else(Vec::new, Vec::from)
}

/// Returns the framework's folder for session files.
#[wasm_bindgen]
pub fn folder() -> String {
    ids::FOLDER.to_owned()
}
