//! Values of a session in one file, read by a shape.

use super::found::{Derived, Found, How};
use super::shape::ForeignStatus;
use crate::{Money, Stage, Timestamp};
use std::collections::BTreeSet;

/// Values of one session in one file; none for a value that the file does not have.
///
/// See the example at [`crate::import::Shapes::read`].
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Facts {
    /// The key or index of the session in a file that holds several; none for a file of one.
    pub index: Option<String>,
    /// The session's id.
    pub id: Option<Found<String>>,
    /// The episode's number.
    pub episode: Option<Found<u64>>,
    /// Topic of the episode.
    pub topic: Option<Found<String>>,
    /// The stated state.
    pub state: Option<Found<ForeignStatus>>,
    /// The name of the current stage.
    pub current_stage: Option<Found<String>>,
    /// Time of creation.
    pub created: Option<Found<Timestamp>>,
    /// Time of the last change.
    pub updated: Option<Found<Timestamp>>,
    /// Time of completion.
    pub completed: Option<Found<Timestamp>>,
    /// The stages, in the order of the pipeline.
    pub stages: Vec<ForeignStage>,
    /// The stated total cost.
    pub cost: Option<Found<Money>>,
    /// The stated cost of the stages in this file, where the total is of more than these.
    pub stages_cost: Option<Found<Money>>,
    /// The budget.
    pub budget: Option<Found<Money>>,
    /// The stated cost of what is left.
    pub remaining: Option<Found<Money>>,
    /// The stated progress, 0 to 100.
    pub percent: Option<Found<f64>>,
    /// The stated number of completed stages.
    pub stages_completed: Option<Found<u64>>,
    /// The stated number of stages.
    pub stages_total: Option<Found<u64>>,
    /// The scores of the session.
    pub scores: Vec<Score>,
    /// Errors.
    pub errors: Vec<Found<String>>,
    /// The files that were made.
    pub outputs: Vec<Found<String>>,
    /// Other marks of the shape, such as a dry run.
    pub marks: Vec<Found<String>>,
    /// Values that are there and that the shape cannot read.
    pub unread: Vec<Found<String>>,
}

/// A stage of a foreign pipeline.
///
/// See the example at [`crate::import::Shapes::read`].
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForeignStage {
    /// Its name, as the file spells it.
    pub name: String,
    /// Its label for a person.
    pub label: String,
    /// Its number in the pipeline, where a file says it.
    pub order: Option<u64>,
    /// The framework's stage that it is, or is a part of.
    pub maps_to: Option<Stage>,
    /// The status.
    pub status: Option<Found<ForeignStatus>>,
    /// Start time.
    pub started: Option<Found<Timestamp>>,
    /// End time.
    pub ended: Option<Found<Timestamp>>,
    /// Duration in seconds.
    pub duration: Option<Found<f64>>,
    /// The cost.
    pub cost: Option<Found<Money>>,
    /// The budget.
    pub budget: Option<Found<Money>>,
    /// Number of attempts.
    pub attempts: Option<Found<u64>>,
    /// The agent.
    pub agent: Option<Found<String>>,
    /// Errors.
    pub error: Option<Found<String>>,
    /// The files that it made.
    pub outputs: Vec<Found<String>>,
    /// Its scores.
    pub scores: Vec<Score>,
}

/// A score, as it is and from 0 to 1.
///
/// See the example at [`crate::import::Shapes::read`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Score {
    /// Its name.
    pub name: String,
    /// The number as it is.
    pub raw: Found<f64>,
    /// Upper end of the scale, 1, 10 or 100; none if its range leaves a doubt.
    pub scale: Option<u8>,
    /// The score from 0 to 1; none where the scale is not known.
    pub normalised: Option<f64>,
}

/// Adds the scores whose names are not known yet.
pub(super) fn add_scores(to: &mut Vec<Score>, others: Vec<Score>) {
    let mut names: BTreeSet<String> = to.iter().map(|score| score.name.clone()).collect();
    to.extend(others.into_iter().filter(|score| names.insert(score.name.clone())));
}

impl ForeignStage {
    /// True if a file says something of the stage beside its name.
    pub(crate) fn says_something(&self) -> bool {
        self.status.is_some()
            || self.started.is_some()
            || self.ended.is_some()
            || self.duration.is_some()
            || self.cost.is_some()
            || self.budget.is_some()
            || self.attempts.is_some()
            || self.agent.is_some()
            || self.error.is_some()
            || !self.outputs.is_empty()
            || !self.scores.is_empty()
    }

    /// Duration in seconds: as a file states it, else from start to end; none for an end that is not after the start.
    ///
    /// ```
    /// use callboard_core::import::{Shapes, import};
    /// let text = br#"{"session_id": "a", "phases": {"script": {"status": "completed",
    ///     "start_time": "2025-10-05T08:15:00Z", "end_time": "2025-10-05T08:17:05Z"}}}"#;
    /// let session = &import(&Shapes::built_in(), &[("a.json", text)]).sessions[0];
    /// let took = session.stages[0].elapsed().unwrap();
    /// assert_eq!((took.value, took.note.as_str()), (125.0, "From start to end."));
    /// ```
    pub fn elapsed(&self) -> Option<Derived<f64>> {
        if let Some(stated) = &self.duration {
            let note = stated.assumed.clone().unwrap_or_default();
            return Some(Derived { value: stated.value, how: How::Stated, from: vec![stated.origin.clone()], note });
        }
        let (started, ended) = (self.started.as_ref()?, self.ended.as_ref()?);
        let seconds = ended.value.unix() - started.value.unix();
        let from = vec![started.origin.clone(), ended.origin.clone()];
        let note = "From start to end.".to_owned();
        (seconds > 0).then_some(Derived { value: seconds as f64, how: How::Computed, from, note })
    }

    /// True if nothing is left to do in it.
    pub(crate) fn is_done(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.value.is_done())
    }

    /// Takes what another place says of the same stage, where nothing is known yet.
    pub(crate) fn fill(&mut self, other: ForeignStage) {
        fn fill<T>(to: &mut Option<T>, from: Option<T>) {
            if to.is_none() {
                *to = from;
            }
        }
        fill(&mut self.order, other.order);
        fill(&mut self.maps_to, other.maps_to);
        fill(&mut self.status, other.status);
        fill(&mut self.started, other.started);
        fill(&mut self.ended, other.ended);
        fill(&mut self.duration, other.duration);
        fill(&mut self.cost, other.cost);
        fill(&mut self.budget, other.budget);
        fill(&mut self.attempts, other.attempts);
        fill(&mut self.agent, other.agent);
        fill(&mut self.error, other.error);
        if self.outputs.is_empty() {
            self.outputs = other.outputs;
        }
        add_scores(&mut self.scores, other.scores);
    }
}
