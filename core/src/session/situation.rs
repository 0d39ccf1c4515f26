//! Situation of a session: the facts that the machine's rules need, read once.

use super::shape::Section;
use super::{Session, Unreadable};
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::{closest, same_name, shorten};
use crate::stage::is_complete_word;
use crate::{Agent, AgentStatus, Stage, State};

/// Position of a session in the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PipelinePosition {
    Initialized,
    At(Stage),
    Complete,
}

impl PipelinePosition {
    /// `initialized`, the current stage's name, or `complete`, as in `current_stage`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            PipelinePosition::Initialized => "initialized",
            PipelinePosition::At(stage) => stage.name(),
            PipelinePosition::Complete => "complete",
        }
    }

    /// The current stage's agent; before the first stage its agent, after the last stage its agent.
    pub(crate) fn agent(self) -> Agent {
        match self {
            PipelinePosition::Initialized => Agent::ResearchCoordinator,
            PipelinePosition::At(stage) => stage.agent(),
            PipelinePosition::Complete => Agent::AudioSynthesizer,
        }
    }

    /// True if a stage is before this position.
    fn is_past(self, stage: Stage) -> bool {
        match self {
            PipelinePosition::Initialized => false,
            PipelinePosition::At(current) => stage < current,
            PipelinePosition::Complete => true,
        }
    }
}

/// Facts of a session that the machine's rules need.
#[derive(Debug, Clone)]
pub(crate) struct Situation {
    pub(crate) position: PipelinePosition,
    /// Status of each agent. A current agent that is complete or skipped reads as pending.
    pub(crate) statuses: [AgentStatus; 4],
    /// Complete stages before the position.
    pub(crate) completed: [bool; 4],
    /// Skipped stages before the position.
    pub(crate) skipped: [bool; 4],
    pub(crate) retry_count: u64,
    pub(crate) failed_attempts: u64,
    pub(crate) gate_failures: u64,
    /// True if the file has an `escalation`.
    pub(crate) escalation: bool,
    /// The first part of the state that cannot be read.
    pub(crate) unreadable: Option<Unreadable>,
    /// True if the file does not say its state; then `unreadable` says what is missing.
    pub(crate) unknown: bool,
}

impl Situation {
    pub(crate) fn state(&self) -> State {
        match self.position {
            _ if self.unknown => State::Unknown,
            PipelinePosition::Initialized => State::Initialized,
            PipelinePosition::Complete => State::Complete,
            PipelinePosition::At(stage) => match self.statuses[stage.index()] {
                AgentStatus::Failed => State::Failed,
                AgentStatus::Retry => State::Retry,
                _ => stage.state(),
            },
        }
    }

    pub(crate) fn status(&self, agent: Agent) -> AgentStatus {
        self.statuses[agent.index()]
    }

    /// True if a stage is complete or skipped.
    pub(crate) fn done(&self, stage: Stage) -> bool {
        self.completed[stage.index()] || self.skipped[stage.index()]
    }

    /// True if a stage is before the position.
    pub(crate) fn passed(&self, stage: Stage) -> bool {
        self.position.is_past(stage)
    }

    /// True if a failed session waits for a person's decision.
    pub(crate) fn escalated(&self, retry_limit: u32) -> bool {
        self.state() == State::Failed
            && (self.escalation
                || self.retry_count >= u64::from(retry_limit) && self.failed_attempts > self.retry_count)
    }

    /// True if the agent that wrote the failure counted its retry then.
    pub(crate) fn retry_counted_at_failure(&self) -> bool {
        self.state() == State::Failed
            && self.failed_attempts > 0
            && self.failed_attempts <= self.retry_count
            && !self.escalation
    }
}

impl Session {
    /// Reads the situation.
    pub(crate) fn situation(&self) -> Situation {
        let document = self.document();
        let mut reader = StateReader { document, unreadable: None };
        let pipeline = reader.section("pipeline_state");
        let outputs = reader.section("agent_outputs");
        for name in ["quality_metrics", "cost_tracking", "timestamps"] {
            reader.section(name);
        }
        let history = document.find_set(ROOT, "history");
        if let Some(history) = history.filter(|&history| document.kind(history) != Kind::Array) {
            reader.fail("history", "history", "a list", history);
        }

        let mut statuses = [None; 4];
        let mut strange = [None; 4];
        for agent in Agent::ALL {
            let block = outputs.and_then(|outputs| document.find_set(outputs, agent.name()));
            let Some(block) = block else { continue };
            if document.kind(block) != Kind::Object {
                reader.fail(&format!("agent_outputs.{agent}"), agent.name(), "an object", block);
            }
            let Some(value) = document.find_set(block, "status") else { continue };
            let status = document.string(value).and_then(|text| AgentStatus::parse(&text));
            statuses[agent.index()] = status;
            if status.is_none() {
                strange[agent.index()] = Some(value);
            }
        }
        let stated = statuses.iter().any(Option::is_some) || strange.iter().any(Option::is_some);
        let unknown = !stated && !pipeline.is_some_and(|pipeline| reader.says_stage(pipeline));
        let mut listed = |name: &str| reader.listed(pipeline, name);
        let (completed, skipped) = (listed("completed_stages"), listed("skipped_stages"));
        // Its contents are not read, but events write it, so it must be a list.
        reader.list(pipeline, "pending_stages");
        let status = |stage: Stage| statuses[stage.index()].unwrap_or_default();
        let complete = |stage: Stage| completed[stage.index()] || status(stage) == AgentStatus::Complete;
        let skip = |stage: Stage| skipped[stage.index()] || status(stage) == AgentStatus::Skipped;
        let first_open = || {
            let open = Stage::ALL.into_iter().find(|&stage| !complete(stage) && !skip(stage));
            open.map_or(PipelinePosition::Complete, PipelinePosition::At)
        };

        let position =
            match pipeline.filter(|_| !unknown).and_then(|pipeline| document.find_set(pipeline, "current_stage")) {
                None if unknown => PipelinePosition::Initialized,
                None => first_open(),
                Some(value) => match document.string(value) {
                    Some(name) if same_name(&name, "initialized") => {
                        let begun = |stage: Stage| {
                            complete(stage)
                                || skip(stage)
                                || !matches!(status(stage), AgentStatus::Pending | AgentStatus::NotImplemented)
                        };
                        if Stage::ALL.into_iter().any(begun) { first_open() } else { PipelinePosition::Initialized }
                    }
                    Some(name) if is_complete_word(&name) => PipelinePosition::Complete,
                    Some(name) => match Stage::parse(&name) {
                        Some(stage) => PipelinePosition::At(stage),
                        None => {
                            reader.unknown_stage(&name);
                            PipelinePosition::Initialized
                        }
                    },
                    None => {
                        reader.fail("pipeline_state.current_stage", "current_stage", "the name of a stage", value);
                        PipelinePosition::Initialized
                    }
                },
            };
        for agent in Agent::ALL {
            if let Some(value) = strange[agent.index()] {
                reader.unknown_status(agent, value);
            }
        }
        let passed = |stage: Stage| position.is_past(stage);
        let mut read = statuses.map(Option::unwrap_or_default);
        if let PipelinePosition::At(stage) = position
            && matches!(status(stage), AgentStatus::Complete | AgentStatus::Skipped)
        {
            read[stage.index()] = AgentStatus::Pending;
        }
        let mut count = |name: &str| reader.count(pipeline, name);
        let (retry_count, failed_attempts, gate_failures) =
            (count("retry_count"), count("failed_attempts"), count("gate_failures"));
        Situation {
            position,
            statuses: read,
            completed: Stage::ALL.map(|stage| passed(stage) && complete(stage)),
            skipped: Stage::ALL.map(|stage| passed(stage) && !complete(stage) && skip(stage)),
            retry_count,
            failed_attempts,
            gate_failures,
            escalation: pipeline.is_some_and(|pipeline| document.find_set(pipeline, "escalation").is_some()),
            unreadable: if unknown { Some(self.missing_state()) } else { reader.unreadable },
            unknown,
        }
    }

    /// Describes the missing parts of a file that does not say its state.
    #[cold]
    #[inline(never)]
    fn missing_state(&self) -> Unreadable {
        let document = self.document();
        let pipeline = match self.at(&["pipeline_state"]).map(|value| (value, document.kind(value))) {
            None => "no pipeline_state".to_owned(),
            Some((value, Kind::Object)) if Section::Pipeline.is_in(document, value) => {
                "a pipeline_state that says no stage".to_owned()
            }
            Some((_, Kind::Object)) => "a pipeline_state without any of its keys".to_owned(),
            Some((_, kind)) => format!("a pipeline_state that is {}", kind.name()),
        };
        let outputs = match self.at(&["agent_outputs"]).map(|value| document.kind(value)) {
            None => "no agent_outputs".to_owned(),
            Some(Kind::Object) => "an agent_outputs without an agent's status".to_owned(),
            Some(kind) => format!("an agent_outputs that is {}", kind.name()),
        };
        let message = format!("The file does not say its state: it has {pipeline} and {outputs}.");
        Unreadable { path: "pipeline_state".to_owned(), message }
    }
}

struct StateReader<'a> {
    document: &'a Document,
    unreadable: Option<Unreadable>,
}

impl StateReader<'_> {
    /// Reads a top-level object, if the file has it.
    fn section(&mut self, name: &str) -> Option<NodeId> {
        let value = self.document.find_set(ROOT, name)?;
        if self.document.kind(value) == Kind::Object {
            return Some(value);
        }
        self.fail(name, name, "an object", value);
        None
    }

    /// True if `pipeline_state` says which stage is current, or lets it follow from its lists. Counts and an escalation
    /// alone say nothing of the stage, and lists of other pipelines' stages neither.
    fn says_stage(&self, pipeline: NodeId) -> bool {
        let document = self.document;
        let value = |name: &str| document.find_set(pipeline, name);
        if value("current_stage").is_some() {
            return true;
        }
        let stages = |list: NodeId| {
            let names = document.elements(list).filter_map(|element| document.string(element));
            names.filter_map(|name| Stage::parse(&name)).collect::<Vec<Stage>>()
        };
        ["completed_stages", "skipped_stages", "pending_stages"].into_iter().any(|name| match value(name) {
            None => false,
            // Refused as unreadable, with its path.
            Some(list) if document.kind(list) != Kind::Array => true,
            // Alone, it tells that the first stage is current only if all the others are pending.
            Some(list) if name == "pending_stages" => {
                let pending = stages(list);
                Stage::ALL.iter().skip(1).all(|stage| pending.contains(stage))
            }
            Some(list) if name == "completed_stages" && document.elements(list).next().is_none() => true,
            Some(list) => !stages(list).is_empty(),
        })
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, path: &str, name: &str, expected: &str, value: NodeId) {
        if self.unreadable.is_none() {
            let actual = self.document.kind(value).name();
            let message = format!("{name} must be {expected}, and is {actual}.");
            self.unreadable = Some(Unreadable { path: path.to_owned(), message });
        }
    }

    #[cold]
    #[inline(never)]
    fn unknown_stage(&mut self, name: &str) {
        let names = Stage::ALL.map(Stage::name).into_iter().chain(["initialized", "complete"]);
        let meant = closest(name, names).map(|meant| format!(" Did you mean \"{meant}\"?")).unwrap_or_default();
        let message = format!("current_stage is \"{}\", which is not a stage.{meant}", shorten(name));
        self.unreadable.get_or_insert(Unreadable { path: "pipeline_state.current_stage".to_owned(), message });
    }

    #[cold]
    #[inline(never)]
    fn unknown_status(&mut self, agent: Agent, value: NodeId) {
        let raw = shorten(self.document.raw(value));
        let meant =
            self.document.string(value).and_then(|name| closest(&name, AgentStatus::ALL.map(AgentStatus::name)));
        let meant = meant.map(|meant| format!(" Did you mean \"{meant}\"?")).unwrap_or_default();
        let message = format!("The status of {agent} is {raw}, which is not a status.{meant}");
        self.unreadable.get_or_insert(Unreadable { path: format!("agent_outputs.{agent}.status"), message });
    }

    /// Reads a list of `pipeline_state`, if the file has it.
    fn list(&mut self, pipeline: Option<NodeId>, name: &str) -> Option<NodeId> {
        let list = self.document.find_set(pipeline?, name)?;
        if self.document.kind(list) != Kind::Array {
            self.fail(&format!("pipeline_state.{name}"), name, "a list of stages", list);
        }
        Some(list)
    }

    /// Reads the stages in a list.
    fn listed(&mut self, pipeline: Option<NodeId>, name: &str) -> [bool; 4] {
        let mut listed = [false; 4];
        let Some(list) = self.list(pipeline, name) else { return listed };
        for element in self.document.elements(list) {
            if let Some(stage) = self.document.string(element).and_then(|name| Stage::parse(&name)) {
                listed[stage.index()] = true;
            }
        }
        listed
    }

    fn count(&mut self, pipeline: Option<NodeId>, name: &str) -> u64 {
        let Some(value) = pipeline.and_then(|pipeline| self.document.find_set(pipeline, name)) else { return 0 };
        match self.document.whole(value) {
            Some(count) => count,
            None => {
                self.fail(&format!("pipeline_state.{name}"), name, "a whole number", value);
                0
            }
        }
    }
}
