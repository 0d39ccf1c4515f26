//! A foreign session in an overview: its label, its state beside the framework's, its overall score and its texts.

use super::facts::{ForeignStage, Score};
use super::session::ForeignSession;
use super::shape::ForeignStatus;
use crate::names::same_name;
use crate::{Stage, State, Timestamp};

/// Names of the score that is of the whole episode.
const OVERALL: [&str; 6] =
    ["overall", "overall_quality", "overall_score", "overall_quality_score", "quality", "quality_score"];

impl ForeignSession {
    /// Label of the session in a list: its topic, else its episode, else its id, else its key.
    ///
    /// ```
    /// use callboard_core::State;
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"session_id": "ep_9", "episode_number": 9, "status": "in_progress", "phases": {
    ///     "research": {"status": "completed"}, "script": {"status": "in_progress"}}}"#;
    /// let session = &import(&Shapes::built_in(), &[("ep_9/state.json", text)]).sessions[0];
    /// assert_eq!((session.label().as_str(), session.state_label().as_deref()), ("Episode 9", Some("In progress")));
    /// assert_eq!((session.framework_state(), session.is_active()), (Some(State::Writing), true));
    /// assert!(session.search_texts().any(|text| text == "script"));
    /// ```
    pub fn label(&self) -> String {
        let topic = self.topic.as_ref().map(|topic| topic.value.clone());
        let episode = || self.episode.as_ref().map(|episode| format!("Episode {}", episode.value));
        let id = || self.id.as_ref().map(|id| id.value.clone());
        topic.or_else(episode).or_else(id).unwrap_or_else(|| self.key.clone())
    }

    /// Label of the state for people; one of a pipeline that covers one stage names that stage, never an episode.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"session_id": "a", "pipeline_status": "COMPLETED_SUCCESSFULLY", "pipeline_stages": {"synthesis": {"status": "completed"}}}"#;
    /// let import = import(&Shapes::built_in(), &[("a.json", text)]);
    /// assert_eq!(import.sessions[0].state_label().as_deref(), Some("Research complete"));
    /// ```
    pub fn state_label(&self) -> Option<String> {
        let state = self.state.as_ref()?.value.name().replace('_', " ");
        let text = self.covers.map_or(state.clone(), |stage| format!("{} {state}", stage.name()));
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect())
    }

    /// State of the framework that the session is in, for filters and totals: [`State::Unknown`] if no file says a state;
    /// none for a state that the framework does not have, such as a stage that is none of its four.
    ///
    /// See the example at [`ForeignSession::label`].
    pub fn framework_state(&self) -> Option<State> {
        let Some(state) = &self.state else { return Some(State::Unknown) };
        match (state.value, self.covers) {
            (ForeignStatus::Failed, _) => Some(State::Failed),
            (ForeignStatus::Skipped, _) => None,
            (ForeignStatus::Complete, covers) => {
                Some(covers.and_then(Stage::next).map_or(State::Complete, Stage::state))
            }
            (ForeignStatus::NotStarted, None | Some(Stage::Research)) => Some(State::Initialized),
            (ForeignStatus::NotStarted | ForeignStatus::InProgress, Some(covers)) => Some(covers.state()),
            (ForeignStatus::InProgress, None) => self.running().and_then(|stage| stage.maps_to).map(Stage::state),
        }
    }

    /// The stage at work: one in progress, else the one that the file names as current, else the next one.
    fn running(&self) -> Option<&ForeignStage> {
        let of_name = |name: &str| self.stages.iter().find(|stage| same_name(&stage.name, name));
        let at_work = |stage: &&ForeignStage| {
            stage.status.as_ref().is_some_and(|status| status.value == ForeignStatus::InProgress)
        };
        let current = || self.current_stage.as_ref().and_then(|current| of_name(&current.value));
        let next = || self.resume.as_ref().and_then(|resume| resume.next.as_deref()).and_then(of_name);
        self.stages.iter().find(at_work).or_else(current).or_else(next)
    }

    /// True if the whole episode is complete, not only the one stage that its pipeline covers.
    ///
    /// See the example at [`ForeignSession::label`].
    pub fn is_complete(&self) -> bool {
        self.framework_state() == Some(State::Complete)
    }

    /// True if the state is known and something is left to do.
    ///
    /// See the example at [`ForeignSession::label`].
    pub fn is_active(&self) -> bool {
        let state = self.state.as_ref().map(|state| state.value);
        state.is_some_and(|state| state != ForeignStatus::Skipped) && !self.is_complete()
    }

    /// True if a file marks the session as a dry run: nothing was produced.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"episode_id": "a", "current_stage": "completed", "cost_data": {"total_cost": 0}, "dry_run": true}"#;
    /// assert!(import(&Shapes::built_in(), &[("a_final_state.json", text)]).sessions[0].is_dry_run());
    /// ```
    pub fn is_dry_run(&self) -> bool {
        self.marks.iter().any(|mark| mark.value == "dry run")
    }

    /// The score of the whole episode; none if it is not known, and for a pipeline that covers one stage.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"session_id": "a", "phases": {"script": {"status": "completed"}}, "quality_scores": {"overall": 91}}"#;
    /// let import = import(&Shapes::built_in(), &[("a.json", text)]);
    /// let score = import.sessions[0].quality().unwrap();
    /// assert_eq!((score.raw.value, score.normalised), (91.0, Some(0.91)));
    /// ```
    pub fn quality(&self) -> Option<&Score> {
        let of_name = |name: &&str| self.scores.iter().find(|score| same_name(&score.name, name));
        OVERALL.iter().filter(|_| self.covers.is_none()).find_map(of_name)
    }

    /// The times of failures that a file states.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"session_id": "a", "phases": {"script": {"status": "failed", "end_time": "2025-09-05T11:02:03Z"}}}"#;
    /// let import = import(&Shapes::built_in(), &[("a.json", text)]);
    /// assert_eq!(import.sessions[0].failures()[0].to_string(), "2025-09-05T11:02:03Z");
    /// ```
    pub fn failures(&self) -> Vec<Timestamp> {
        let failed =
            |stage: &&ForeignStage| stage.status.as_ref().is_some_and(|status| status.value == ForeignStatus::Failed);
        let ended = self.stages.iter().filter(failed).filter_map(|stage| stage.ended.as_ref());
        ended.map(|ended| ended.value).collect()
    }

    /// The texts that a search looks in: identity, stages, errors, outputs, marks, files and shapes.
    ///
    /// See the example at [`ForeignSession::label`].
    pub fn search_texts(&self) -> impl Iterator<Item = &str> {
        let own = [&self.id, &self.topic, &self.current_stage].into_iter().flatten();
        let lists = [&self.errors, &self.outputs, &self.marks].into_iter().flatten();
        let found = own.chain(lists).map(|found| found.value.as_str());
        let stages = self.stages.iter().flat_map(|stage| {
            let found = stage.agent.iter().chain(&stage.error).chain(&stage.outputs);
            [stage.name.as_str(), &stage.label].into_iter().chain(found.map(|found| found.value.as_str()))
        });
        let episode = self.episode.iter().map(|episode| episode.raw.as_str());
        let paths = self.files.iter().map(|file| &file.path).chain(&self.shapes).map(|text| &**text);
        std::iter::once(self.key.as_str()).chain(found).chain(episode).chain(stages).chain(paths)
    }

    /// Remarks on the session for people, a sentence each: the checkpoints that are missing in its series.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"checkpoint_type": "script", "session_id": "a", "status": "completed"}"#;
    /// let files = [("a/01_research_complete.json", &text[..]), ("a/05_script_complete.json", text)];
    /// let session = &import(&Shapes::built_in(), &files).sessions[0];
    /// assert_eq!(session.missing, [2, 3, 4]);
    /// assert_eq!(session.notes(), ["Checkpoints 02, 03 and 04 are missing: no file says how these stages went."]);
    /// ```
    pub fn notes(&self) -> Vec<String> {
        let numbers: Vec<String> = self.missing.iter().map(|number| format!("{number:02}")).collect();
        let note = match numbers.as_slice() {
            [] => None,
            [one] => Some(format!("Checkpoint {one} is missing: no file says how this stage went.")),
            [others @ .., last] => {
                let others = others.join(", ");
                Some(format!("Checkpoints {others} and {last} are missing: no file says how these stages went."))
            }
        };
        note.into_iter().collect()
    }
}
