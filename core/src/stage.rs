//! The pipeline: its stages, the agents that do them, the states and statuses they pass through.

use crate::names::same_name;

macro_rules! named {
    ($type:ident) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}
pub(crate) use named;

/// A stage of the pipeline, in the order of production.
///
/// ```
/// use callboard_core::{Agent, Stage, State};
/// let stage = Stage::parse("quality-evaluator").unwrap();
/// assert_eq!(stage, Stage::Evaluation);
/// assert_eq!((stage.name(), stage.agent(), stage.state()), ("evaluation", Agent::QualityEvaluator, State::Evaluating));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Finding and weighing the sources.
    Research,
    /// Writing the script.
    Writing,
    /// Checking the script against the quality gates.
    Evaluation,
    /// Making the audio.
    Synthesis,
}

impl Stage {
    /// Every stage, in the order of production.
    ///
    /// ```
    /// use callboard_core::Stage;
    /// assert_eq!(Stage::ALL.map(Stage::name), ["research", "writing", "evaluation", "synthesis"]);
    /// ```
    pub const ALL: [Stage; 4] = [Stage::Research, Stage::Writing, Stage::Evaluation, Stage::Synthesis];

    /// The stage's noun, as it stands in a session file.
    ///
    /// See the example at [`Stage`].
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Research => "research",
            Stage::Writing => "writing",
            Stage::Evaluation => "evaluation",
            Stage::Synthesis => "synthesis",
        }
    }

    /// The place in the pipeline, from 0.
    ///
    /// ```
    /// use callboard_core::Stage;
    /// assert_eq!(Stage::ALL[Stage::Evaluation.index()], Stage::Evaluation);
    /// ```
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The agent whose stage this is.
    ///
    /// See the example at [`Stage`].
    pub const fn agent(self) -> Agent {
        Agent::ALL[self as usize]
    }

    /// The session's state while this stage is the current one and its agent has not failed.
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

    /// The next stage of the pipeline; none after synthesis.
    ///
    /// ```
    /// use callboard_core::Stage;
    /// assert_eq!((Stage::Research.next(), Stage::Synthesis.next()), (Some(Stage::Writing), None));
    /// ```
    pub fn next(self) -> Option<Stage> {
        Stage::ALL.get(self.index() + 1).copied()
    }

    /// The stage that `name` means: its noun, its state's name or its agent's, whatever the case and hyphens.
    ///
    /// See the example at [`Stage`].
    pub fn parse(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.aliases().into_iter().any(|alias| same_name(alias, name)))
    }

    /// The names that stand for this stage: the noun first.
    ///
    /// ```
    /// assert_eq!(callboard_core::Stage::Writing.aliases(), ["writing", "WRITING", "script_writer"]);
    /// ```
    pub const fn aliases(self) -> [&'static str; 3] {
        [self.name(), self.state().name(), self.agent().name()]
    }
}

/// One of the four agents, one a stage.
///
/// ```
/// use callboard_core::{Agent, Stage};
/// assert_eq!(Agent::parse("Script-Writer"), Some(Agent::ScriptWriter));
/// assert_eq!(Agent::ScriptWriter.stage(), Stage::Writing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    /// Does the research stage.
    ResearchCoordinator,
    /// Does the writing stage.
    ScriptWriter,
    /// Does the evaluation stage.
    QualityEvaluator,
    /// Does the synthesis stage.
    AudioSynthesizer,
}

impl Agent {
    /// Every agent, in the order of the pipeline.
    ///
    /// ```
    /// use callboard_core::Agent;
    /// assert_eq!(Agent::ALL.map(Agent::name), ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"]);
    /// ```
    pub const ALL: [Agent; 4] =
        [Agent::ResearchCoordinator, Agent::ScriptWriter, Agent::QualityEvaluator, Agent::AudioSynthesizer];

    /// The agent's name, as it stands in a session file.
    ///
    /// See the example at [`Agent::ALL`].
    pub const fn name(self) -> &'static str {
        match self {
            Agent::ResearchCoordinator => "research_coordinator",
            Agent::ScriptWriter => "script_writer",
            Agent::QualityEvaluator => "quality_evaluator",
            Agent::AudioSynthesizer => "audio_synthesizer",
        }
    }

    /// The place in the pipeline, from 0.
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

    /// The agent that `name` means: its own name, its stage's noun or state, whatever the case and hyphens.
    ///
    /// See the example at [`Agent`].
    pub fn parse(name: &str) -> Option<Agent> {
        Stage::parse(name).map(Stage::agent)
    }
}

/// The state of a session.
///
/// ```
/// assert_eq!(callboard_core::State::Synthesizing.name(), "SYNTHESIZING");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Made, and no agent has begun.
    Initialized,
    /// Research is the current stage.
    Researching,
    /// Writing is the current stage.
    Writing,
    /// Evaluation is the current stage.
    Evaluating,
    /// Synthesis is the current stage.
    Synthesizing,
    /// Every stage is complete or skipped.
    Complete,
    /// The current stage's agent has failed.
    Failed,
    /// The current stage's agent has failed and is about to try again.
    Retry,
    /// The file says nothing of its state, and every event is refused.
    Unknown,
}

impl State {
    /// Every state.
    ///
    /// ```
    /// use callboard_core::State;
    /// let done = State::ALL.into_iter().filter(|state| *state == State::Complete);
    /// assert_eq!(done.count(), 1);
    /// ```
    pub const ALL: [State; 9] = [
        State::Initialized,
        State::Researching,
        State::Writing,
        State::Evaluating,
        State::Synthesizing,
        State::Complete,
        State::Failed,
        State::Retry,
        State::Unknown,
    ];

    /// The states of the machine: every one that an event leads from or to.
    ///
    /// ```
    /// use callboard_core::State;
    /// assert!(State::MACHINE.into_iter().all(|state| state != State::Unknown));
    /// ```
    pub const MACHINE: [State; 8] = {
        let [machine @ .., _unknown] = State::ALL;
        machine
    };

    /// The state's name in the framework's documents and in `history`.
    ///
    /// See the example at [`State`].
    pub const fn name(self) -> &'static str {
        match self {
            State::Initialized => "INITIALIZED",
            State::Researching => "RESEARCHING",
            State::Writing => "WRITING",
            State::Evaluating => "EVALUATING",
            State::Synthesizing => "SYNTHESIZING",
            State::Complete => "COMPLETE",
            State::Failed => "FAILED",
            State::Retry => "RETRY",
            State::Unknown => "UNKNOWN",
        }
    }
}

/// How an agent's work stands.
///
/// ```
/// use callboard_core::AgentStatus;
/// assert_eq!(AgentStatus::parse("in-progress"), Some(AgentStatus::InProgress));
/// assert_eq!(AgentStatus::parse("success"), Some(AgentStatus::Complete));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AgentStatus {
    /// Not begun.
    #[default]
    Pending,
    /// At work.
    InProgress,
    /// Done.
    Complete,
    /// The last attempt failed.
    Failed,
    /// The last attempt failed and another is due.
    Retry,
    /// Left out.
    Skipped,
    /// No such agent exists yet; it may be started or skipped as a pending one.
    NotImplemented,
}

impl AgentStatus {
    /// Every status.
    ///
    /// ```
    /// use callboard_core::AgentStatus;
    /// assert!(AgentStatus::ALL.into_iter().all(|status| AgentStatus::parse(status.name()) == Some(status)));
    /// ```
    pub const ALL: [AgentStatus; 7] = [
        AgentStatus::Pending,
        AgentStatus::InProgress,
        AgentStatus::Complete,
        AgentStatus::Failed,
        AgentStatus::Retry,
        AgentStatus::Skipped,
        AgentStatus::NotImplemented,
    ];

    /// The status as it stands in a session file.
    ///
    /// See the example at [`AgentStatus::ALL`].
    pub const fn name(self) -> &'static str {
        match self {
            AgentStatus::Pending => "pending",
            AgentStatus::InProgress => "in_progress",
            AgentStatus::Complete => "complete",
            AgentStatus::Failed => "failed",
            AgentStatus::Retry => "retry",
            AgentStatus::Skipped => "skipped",
            AgentStatus::NotImplemented => "not_implemented",
        }
    }

    /// The status that `name` means; `completed`, `done` and `success` mean complete.
    ///
    /// See the example at [`AgentStatus`].
    pub fn parse(name: &str) -> Option<AgentStatus> {
        if is_complete_word(name) {
            return Some(AgentStatus::Complete);
        }
        AgentStatus::ALL.into_iter().find(|status| same_name(status.name(), name))
    }
}

/// Whether a word says that something is complete.
pub(crate) fn is_complete_word(name: &str) -> bool {
    ["complete", "completed", "done", "success"].into_iter().any(|word| same_name(word, name))
}

named!(Stage);
named!(Agent);
named!(State);
named!(AgentStatus);

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
