//! The pipeline: stages, agents, states and statuses.

use crate::named_enum::named_enum;
use crate::names::same_name;

named_enum! {
/// Stage of the pipeline, in production order.
///
/// ```
/// use callboard_core::{Agent, Stage, State};
/// assert_eq!(Stage::ALL.map(Stage::name), ["research", "writing", "evaluation", "synthesis"]);
/// let stage = Stage::parse("quality-evaluator").unwrap();
/// assert_eq!(stage, Stage::Evaluation);
/// assert_eq!((stage.name(), stage.agent(), stage.state()), ("evaluation", Agent::QualityEvaluator, State::Evaluating));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Finding and weighing the sources.
    Research = "research",
    /// Writing the script.
    Writing = "writing",
    /// Checking the script against the quality gates.
    Evaluation = "evaluation",
    /// Making the audio.
    Synthesis = "synthesis",
}
}

impl Stage {
    /// Index in the pipeline, from 0.
    ///
    /// ```
    /// use callboard_core::Stage;
    /// assert_eq!(Stage::ALL[Stage::Evaluation.index()], Stage::Evaluation);
    /// ```
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The agent of this stage.
    ///
    /// See the example at [`Stage`].
    pub const fn agent(self) -> Agent {
        Agent::ALL[self as usize]
    }

    /// The session's state while this stage is current and its agent has not failed.
    ///
    /// See the example at [`Stage`].
    pub const fn state(self) -> State {
        match self {
            Stage::Research => State::Researching,
            Stage::Writing => State::Writing,
            Stage::Evaluation => State::Evaluating,
            Stage::Synthesis => State::Synthesizing,
        }
    }

    /// The key of the stage's beginning in `timestamps`.
    pub(crate) const fn started_key(self) -> &'static str {
        ["research_started", "writing_started", "evaluation_started", "synthesis_started"][self as usize]
    }

    /// The key of the stage's completion in `timestamps`.
    pub(crate) const fn completed_key(self) -> &'static str {
        ["research_completed", "writing_completed", "evaluation_completed", "synthesis_completed"][self as usize]
    }

    /// The key of the stage's last failure in `timestamps`.
    pub(crate) const fn failed_key(self) -> &'static str {
        ["research_failed", "writing_failed", "evaluation_failed", "synthesis_failed"][self as usize]
    }

    /// The next stage; none after synthesis.
    ///
    /// ```
    /// use callboard_core::Stage;
    /// assert_eq!((Stage::Research.next(), Stage::Synthesis.next()), (Some(Stage::Writing), None));
    /// ```
    pub fn next(self) -> Option<Stage> {
        Stage::ALL.get(self.index() + 1).copied()
    }

    /// The stage with a name: its own, its state's or its agent's, ignoring case and hyphens.
    ///
    /// See the example at [`Stage`].
    pub fn parse(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.aliases().into_iter().any(|alias| same_name(alias, name)))
    }

    /// All names of this stage, its own first.
    ///
    /// ```
    /// assert_eq!(callboard_core::Stage::Writing.aliases(), ["writing", "WRITING", "script_writer"]);
    /// ```
    pub const fn aliases(self) -> [&'static str; 3] {
        [self.name(), self.state().name(), self.agent().name()]
    }
}

named_enum! {
/// Agent of the pipeline. Each has one stage.
///
/// ```
/// use callboard_core::{Agent, Stage};
/// assert_eq!(Agent::ALL.map(Agent::name), ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"]);
/// assert_eq!(Agent::parse("Script-Writer"), Some(Agent::ScriptWriter));
/// assert_eq!(Agent::ScriptWriter.stage(), Stage::Writing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    /// Does the research stage.
    ResearchCoordinator = "research_coordinator",
    /// Does the writing stage.
    ScriptWriter = "script_writer",
    /// Does the evaluation stage.
    QualityEvaluator = "quality_evaluator",
    /// Does the synthesis stage.
    AudioSynthesizer = "audio_synthesizer",
}
}

impl Agent {
    /// Index in the pipeline, from 0.
    ///
    /// ```
    /// use callboard_core::{Agent, Policy};
    /// assert_eq!(Policy::default().typical_durations[Agent::ScriptWriter.index()], 1200);
    /// ```
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The agent's own stage.
    ///
    /// See the example at [`Agent`].
    pub const fn stage(self) -> Stage {
        Stage::ALL[self as usize]
    }

    /// The agent with a name: its own, its stage's or its state's, ignoring case and hyphens.
    ///
    /// See the example at [`Agent`].
    pub fn parse(name: &str) -> Option<Agent> {
        Stage::parse(name).map(Stage::agent)
    }
}

named_enum! {
/// State of a session.
///
/// ```
/// use callboard_core::State;
/// assert_eq!(State::Synthesizing.name(), "SYNTHESIZING");
/// assert!(State::ALL.contains(&State::Unknown));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Created; no agent has started.
    Initialized = "INITIALIZED",
    /// Research is the current stage.
    Researching = "RESEARCHING",
    /// Writing is the current stage.
    Writing = "WRITING",
    /// Evaluation is the current stage.
    Evaluating = "EVALUATING",
    /// Synthesis is the current stage.
    Synthesizing = "SYNTHESIZING",
    /// Every stage is complete or skipped.
    Complete = "COMPLETE",
    /// The current stage's agent failed.
    Failed = "FAILED",
    /// The current stage's agent failed and waits for its retry.
    Retry = "RETRY",
    /// The file does not say its state; every event is refused.
    Unknown = "UNKNOWN",
}
}

impl State {
    /// The states that events lead from or to: all but `Unknown`.
    ///
    /// ```
    /// use callboard_core::State;
    /// assert!(State::MACHINE.into_iter().all(|state| state != State::Unknown));
    /// ```
    pub const MACHINE: [State; 8] = {
        let [machine @ .., _unknown] = State::ALL;
        machine
    };
}

named_enum! {
/// Status of an agent's work.
///
/// ```
/// use callboard_core::AgentStatus;
/// assert!(AgentStatus::ALL.into_iter().all(|status| AgentStatus::parse(status.name()) == Some(status)));
/// assert_eq!(AgentStatus::parse("in-progress"), Some(AgentStatus::InProgress));
/// assert_eq!(AgentStatus::parse("success"), Some(AgentStatus::Complete));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AgentStatus {
    /// Not started.
    #[default]
    Pending = "pending",
    /// Working.
    InProgress = "in_progress",
    /// Done.
    Complete = "complete",
    /// The last attempt failed.
    Failed = "failed",
    /// The last attempt failed and a retry is due.
    Retry = "retry",
    /// Skipped.
    Skipped = "skipped",
    /// The agent is not implemented yet; it may be started or skipped like a pending one.
    NotImplemented = "not_implemented",
}
}

impl AgentStatus {
    /// The status with a name, ignoring case and hyphens. `completed`, `done` and `success` mean complete.
    ///
    /// See the example at [`AgentStatus`].
    pub fn parse(name: &str) -> Option<AgentStatus> {
        if is_complete_word(name) {
            return Some(AgentStatus::Complete);
        }
        AgentStatus::ALL.into_iter().find(|status| same_name(status.name(), name))
    }
}

/// True if a word means complete.
pub(crate) fn is_complete_word(name: &str) -> bool {
    ["complete", "completed", "done", "success"].into_iter().any(|word| same_name(word, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_of_a_stage_means_the_stage() {
        for stage in Stage::ALL {
            for alias in stage.aliases() {
                assert_eq!(Stage::parse(alias), Some(stage));
                assert_eq!(Stage::parse(&alias.to_uppercase().replace('_', "-")), Some(stage));
                assert_eq!(Agent::parse(alias), Some(stage.agent()));
            }
            assert_eq!(stage.agent().stage(), stage);
        }
        assert_eq!(Stage::parse("audio"), None);
    }

    #[test]
    fn every_status_reads_back() {
        for status in AgentStatus::ALL {
            assert_eq!(AgentStatus::parse(status.name()), Some(status));
        }
        assert_eq!(AgentStatus::parse("Done"), Some(AgentStatus::Complete));
        assert_eq!(AgentStatus::parse("sleeping"), None);
    }
}
