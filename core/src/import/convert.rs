//! A session file of the framework's own shape, made of what is known of a foreign one.

use super::facts::ForeignStage;
use super::session::ForeignSession;
use super::shape::ForeignStatus;
use crate::document::quote;
use crate::{AgentStatus, Money, Session, Stage, State, Timestamp, ids};
use std::fmt;

/// A session file of the framework's shape, with what was assumed to make it.
///
/// ```
/// use callboard_core::import::{Shapes, assemble};
/// use callboard_core::{Session, State, Timestamp};
/// let text = r#"{"session_id": "ep_9_bees", "episode_number": 9, "topic": "Bees", "total_cost": 6.8, "phases": {
///     "research": {"status": "completed", "cost": 4.5}, "script": {"status": "failed", "cost": 2.3}}}"#;
/// let import = assemble(vec![Shapes::built_in().read("ep_9/state.json", text.as_bytes())]);
/// let made = import.sessions[0].convert(Timestamp::from_unix(1_760_000_000)).unwrap();
/// let session = Session::parse(made.text.as_str()).unwrap();
/// assert_eq!((session.state(), session.costs().total.unwrap().to_string()), (Ok(State::Failed), "6.80".to_owned()));
/// assert_eq!(made.file_name, "ep009_session_20251009.json");
/// assert!(made.assumptions.iter().any(|sentence| sentence.starts_with("No attempt count of writing")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Conversion {
    /// The new file's text.
    pub text: String,
    /// The new file's name. The host puts it beside the session's files, and never over one.
    pub file_name: String,
    /// Assumptions, a sentence each.
    pub assumptions: Vec<String>,
    /// Values that a framework session has no place for, a sentence each.
    pub left_out: Vec<String>,
}

/// The reason why a foreign session cannot be made one of the framework's.
///
/// ```
/// use callboard_core::import::{Shapes, assemble};
/// use callboard_core::Timestamp;
/// let text = br#"{"session_id": "ep_9", "status": "marinating"}"#;
/// let import = assemble(vec![Shapes::built_in().read("state.json", text)]);
/// let refused = import.sessions[0].convert(Timestamp::from_unix(0)).unwrap_err();
/// assert_eq!(refused.message, "No status of research, writing, evaluation or synthesis in the files. Teach Callboard their shape.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotConvertible {
    /// One plain sentence.
    pub message: String,
}

impl fmt::Display for NotConvertible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotConvertible {}

fn refused(message: impl Into<String>) -> NotConvertible {
    NotConvertible { message: message.into() }
}

/// Known facts of one of the framework's stages.
struct Counterpart<'a> {
    stage: Stage,
    parts: Vec<&'a ForeignStage>,
    status: Option<ForeignStatus>,
}

impl Counterpart<'_> {
    fn sum(&self) -> Option<Money> {
        let costs: Vec<Money> =
            self.parts.iter().filter_map(|part| part.cost.as_ref()).map(|cost| cost.value).collect();
        (!costs.is_empty()).then(|| costs.into_iter().sum())
    }

    fn started(&self) -> Option<Timestamp> {
        self.parts.iter().filter_map(|part| part.started.as_ref()).map(|time| time.value).min()
    }

    fn ended(&self) -> Option<Timestamp> {
        self.parts.iter().filter_map(|part| part.ended.as_ref()).map(|time| time.value).max()
    }

    fn error(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| part.error.as_ref()).map(|error| error.value.as_str())
    }

    fn score(&self) -> Option<f64> {
        let scores = self.parts.iter().flat_map(|part| &part.scores);
        let named = |name: &str| matches!(name, "quality" | "overall" | "quality_score");
        scores.filter(|score| named(&score.name)).find_map(|score| score.normalised)
    }
}

impl ForeignSession {
    /// Makes a session file of the framework's shape: what is known, and nothing else. The foreign files stay as they are.
    ///
    /// # Errors
    /// An error if no stage is known that is one of the framework's, or the session has neither an id nor an episode's number.
    ///
    /// See the example at [`Conversion`].
    pub fn convert(&self, now: Timestamp) -> Result<Conversion, NotConvertible> {
        let mut assumptions = Vec::new();
        let id = self.framework_id(now, &mut assumptions)?;
        let known = Stage::ALL.map(|stage| self.counterpart(stage));
        let state = self.state.as_ref().map(|state| state.value);
        let complete = state == Some(ForeignStatus::Complete) && self.covers.is_none();
        let fresh = state == Some(ForeignStatus::NotStarted);
        if !complete && !fresh && known.iter().all(|one| one.status.is_none()) {
            return Err(refused(
                "No status of research, writing, evaluation or synthesis in the files. Teach Callboard their shape.",
            ));
        }
        let statuses = self.statuses(&known, complete, fresh, &mut assumptions);
        let current = Stage::ALL.into_iter().find(|stage| !is_behind(statuses[stage.index()]));
        self.note_assumed(&mut assumptions);
        let text = self.text(&id, now, &known, &statuses, current, fresh);
        let session =
            Session::parse(text.as_str()).map_err(|error| refused(format!("The new file cannot be read: {error}")))?;
        if !matches!(session.state(), Ok(state) if state != State::Unknown) {
            return Err(refused("The new session would have no state. Check the statuses in the files."));
        }
        let created = self.created.as_ref().map_or(now, |created| created.value);
        let file_name = ids::name_file(&id, self.episode.as_ref().map(|episode| episode.value), created);
        Ok(Conversion { text, file_name, assumptions, left_out: self.left_out() })
    }

    fn framework_id(&self, now: Timestamp, assumptions: &mut Vec<String>) -> Result<String, NotConvertible> {
        if let Some(id) = &self.id {
            return Ok(id.value.clone());
        }
        let Some(episode) = &self.episode else {
            return Err(refused("No session id or episode number in the files. Add one of them."));
        };
        let created = self.created.as_ref().map_or(now, |created| created.value);
        let id = ids::session_id(episode.value, created);
        assumptions.push(format!(
            "No session id in the files: {id} is used, from the episode number and the time of creation."
        ));
        Ok(id)
    }

    fn counterpart(&self, stage: Stage) -> Counterpart<'_> {
        let belongs = |part: &&ForeignStage| part.maps_to == Some(stage);
        let parts: Vec<&ForeignStage> = self.stages.iter().filter(belongs).collect();
        let is =
            |wanted: ForeignStatus| parts.iter().any(|part| part.status.as_ref().is_some_and(|s| s.value == wanted));
        let every = |wanted: fn(ForeignStatus) -> bool| {
            !parts.is_empty() && parts.iter().all(|part| part.status.as_ref().is_some_and(|s| wanted(s.value)))
        };
        let covered = self.covers == Some(stage);
        let status = match self.state.as_ref().filter(|_| covered).map(|state| state.value) {
            Some(status) => Some(status),
            None if is(ForeignStatus::Failed) => Some(ForeignStatus::Failed),
            None if every(|status| status == ForeignStatus::Skipped) => Some(ForeignStatus::Skipped),
            None if every(ForeignStatus::is_done) => Some(ForeignStatus::Complete),
            None if every(|status| status == ForeignStatus::NotStarted) => Some(ForeignStatus::NotStarted),
            None if is(ForeignStatus::InProgress) || is(ForeignStatus::Complete) => Some(ForeignStatus::InProgress),
            None => None,
        };
        Counterpart { stage, parts, status }
    }

    /// Each agent's status, with what had to be assumed for it.
    fn statuses(
        &self,
        known: &[Counterpart<'_>; 4],
        complete: bool,
        fresh: bool,
        assumptions: &mut Vec<String>,
    ) -> [AgentStatus; 4] {
        let mut statuses = [AgentStatus::Pending; 4];
        if fresh {
            return statuses;
        }
        let done = |one: &Counterpart<'_>| one.status.is_some_and(ForeignStatus::is_done);
        let mut behind = true;
        for (at, one) in known.iter().enumerate() {
            let stage = one.stage;
            let begun = |one: &Counterpart<'_>| one.status.is_some_and(|status| status != ForeignStatus::NotStarted);
            let later = known.iter().skip(at + 1).any(begun);
            let earlier = known.iter().take(at).any(|one| one.status.is_some());
            statuses[at] = match one.status {
                _ if !behind => {
                    if done(one) {
                        assumptions.push(format!(
                            "{stage} is complete, but an earlier stage is not: {stage} will be repeated."
                        ));
                    }
                    AgentStatus::Pending
                }
                Some(ForeignStatus::Complete) => AgentStatus::Complete,
                Some(ForeignStatus::Skipped) => AgentStatus::Skipped,
                None if complete && !one.parts.is_empty() => {
                    assumptions.push(format!(
                        "No status of {stage} in the files: assumed complete, as the session is complete."
                    ));
                    AgentStatus::Complete
                }
                None if complete || later && earlier && one.parts.is_empty() => {
                    assumptions.push(format!("No {stage} stage in the files: assumed skipped."));
                    AgentStatus::Skipped
                }
                None if later => {
                    assumptions.push(format!(
                        "No status of {stage} in the files: assumed complete, as a later stage has started."
                    ));
                    AgentStatus::Complete
                }
                Some(_) if complete => {
                    assumptions.push(format!("The session is complete, but {stage} is not: assumed complete."));
                    AgentStatus::Complete
                }
                Some(ForeignStatus::Failed) => {
                    assumptions.push(format!(
                        "No attempt count of {stage} in the files: assumed one attempt without retries."
                    ));
                    AgentStatus::Failed
                }
                Some(ForeignStatus::InProgress) if one.started().is_some() => AgentStatus::InProgress,
                Some(ForeignStatus::InProgress) => {
                    assumptions.push(format!("No start time of {stage} in the files: assumed ready to start."));
                    AgentStatus::Pending
                }
                Some(ForeignStatus::NotStarted) => AgentStatus::Pending,
                None => {
                    assumptions.push(format!("No status of {stage} in the files: assumed not started."));
                    AgentStatus::Pending
                }
            };
            behind &= is_behind(statuses[at]);
        }
        let failed = self.state.as_ref().is_some_and(|state| state.value == ForeignStatus::Failed);
        let current = Stage::ALL.into_iter().find(|stage| !is_behind(statuses[stage.index()]));
        if let Some(stage) = current.filter(|_| failed && !statuses.contains(&AgentStatus::Failed)) {
            assumptions.push(format!(
                "The session failed in a stage that Callboard does not have: {stage} is recorded as failed."
            ));
            statuses[stage.index()] = AgentStatus::Failed;
        }
        statuses
    }

    fn note_assumed(&self, assumptions: &mut Vec<String>) {
        let times = [("created", &self.created), ("updated", &self.updated), ("completed", &self.completed)];
        for (name, time) in times {
            if let Some(why) = time.as_ref().and_then(|time| time.assumed.as_ref()) {
                assumptions.push(format!("{name}: {why}"));
            }
        }
        if let Some(why) = self.episode.as_ref().filter(|episode| episode.origin.line == 0).map(|episode| &episode.raw)
        {
            assumptions.push(format!("Episode number from the name {why}."));
        }
        for disagreement in &self.disagreements {
            assumptions.push(disagreement.message.clone());
        }
    }

    fn left_out(&self) -> Vec<String> {
        let unmapped: Vec<&str> =
            self.stages.iter().filter(|stage| stage.maps_to.is_none()).map(|stage| stage.label.as_str()).collect();
        let mut left_out = Vec::new();
        if !unmapped.is_empty() {
            left_out.push(format!("Stages that Callboard does not have: {}.", unmapped.join(", ")));
        }
        let unclear: Vec<&str> =
            self.scores.iter().filter(|score| score.normalised.is_none()).map(|score| score.name.as_str()).collect();
        if !unclear.is_empty() {
            left_out.push(format!("Scores of unknown scale: {}.", unclear.join(", ")));
        }
        left_out
    }

    fn text(
        &self,
        id: &str,
        now: Timestamp,
        known: &[Counterpart<'_>; 4],
        statuses: &[AgentStatus; 4],
        current: Option<Stage>,
        fresh: bool,
    ) -> String {
        let list = |wanted: &dyn Fn(Stage) -> bool| {
            let names = Stage::ALL.into_iter().filter(|stage| wanted(*stage)).map(|stage| format!("\"{stage}\""));
            format!("[{}]", names.collect::<Vec<_>>().join(", "))
        };
        let status = |stage: Stage| statuses[stage.index()];
        let failed = statuses.contains(&AgentStatus::Failed);

        let mut episode = MemberTexts::default();
        episode.some("number", self.episode.as_ref().map(|episode| episode.value.to_string()));
        episode.some("topic", self.topic.as_ref().map(|topic| quote(&topic.value)));

        let mut pipeline = MemberTexts::default();
        let noun = match current {
            _ if fresh => "initialized".to_owned(),
            Some(stage) => stage.to_string(),
            None => "complete".to_owned(),
        };
        pipeline.add("current_stage", quote(&noun));
        pipeline.add("completed_stages", list(&|stage| status(stage) == AgentStatus::Complete));
        pipeline.add("pending_stages", list(&|stage| !is_behind(status(stage)) && (fresh || Some(stage) != current)));
        pipeline.add("failed_attempts", u8::from(failed).to_string());
        pipeline.add("retry_count", "0".to_owned());
        if statuses.contains(&AgentStatus::Skipped) {
            pipeline.add("skipped_stages", list(&|stage| status(stage) == AgentStatus::Skipped));
        }

        let mut outputs = MemberTexts::default();
        for one in known {
            let error = one.error().or_else(|| self.errors.first().map(|error| error.value.as_str()));
            outputs.add(one.stage.agent().name(), agent(one, status(one.stage), error));
        }

        let mut metrics = MemberTexts::default();
        let score = |name: &str| self.scores.iter().find(|score| score.name == name).and_then(|score| score.normalised);
        let metric = |value: Option<f64>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
        metrics.add("research_quality", metric(known[0].score()));
        metrics.add("script_quality", metric(known[1].score()));
        metrics.add("overall_quality", metric(self.quality().and_then(|score| score.normalised)));
        metrics.add("brand_consistency", metric(score("brand_consistency")));

        let mut costs = MemberTexts::default();
        for one in known {
            costs.some(one.stage.name(), one.sum().map(|cost| cost.to_string()));
        }
        let total = self.cost.as_ref().map(|cost| cost.value);
        let budget = self.budget.as_ref().map(|budget| budget.value);
        costs.some("total", total.map(|total| total.to_string()));
        costs.some("budget", budget.map(|budget| budget.to_string()));
        costs.some("within_budget", total.zip(budget).map(|(total, budget)| (total <= budget).to_string()));

        let mut times = MemberTexts::default();
        let time = |time: Timestamp| quote(&time.to_string());
        times.some("created", self.created.as_ref().map(|created| time(created.value)));
        times.add("last_updated", time(now));
        for one in known {
            let (stage, status) = (one.stage, status(one.stage));
            if status != AgentStatus::Pending {
                times.some(&format!("{stage}_started"), one.started().map(time));
            }
            let end = match status {
                AgentStatus::Complete => Some("completed"),
                AgentStatus::Failed => Some("failed"),
                _ => None,
            };
            if let Some(end) = end {
                times.some(&format!("{stage}_{end}"), one.ended().map(time));
            }
        }
        if current.is_none() {
            times.some("completed", self.completed.as_ref().map(|completed| time(completed.value)));
        }

        let to = match current {
            _ if fresh => State::Initialized,
            _ if failed => State::Failed,
            Some(stage) => stage.state(),
            None => State::Complete,
        };
        let files: Vec<&str> = self.files.iter().map(|file| &*file.path).collect();
        let reason = format!("Converted from {}", files.join(", "));
        let history = format!(
            "[\n    {{\"at\": {}, \"event\": \"initialize\", \"to\": \"{to}\", \"reason\": {}}}\n  ]",
            time(now),
            quote(&reason)
        );
        let sections = [
            ("episode", episode),
            ("pipeline_state", pipeline),
            ("agent_outputs", outputs),
            ("quality_metrics", metrics),
            ("cost_tracking", costs),
            ("timestamps", times),
        ];
        let mut text = format!("{{\n  \"session_id\": {},\n", quote(id));
        for (at, (name, members)) in sections.into_iter().filter(|(_, members)| !members.0.is_empty()).enumerate() {
            // The episode belongs to the id; every other section is set off.
            let gap = if at == 0 { "" } else { "\n" };
            text.push_str(&format!("{gap}  \"{name}\": {},\n", members.lay_out("  ")));
        }
        text.push_str(&format!("\n  \"history\": {history}\n}}\n"));
        text
    }
}

/// An agent's block.
fn agent(one: &Counterpart<'_>, status: AgentStatus, error: Option<&str>) -> String {
    let mut members = MemberTexts::default();
    members.add("status", quote(status.name()));
    if status != AgentStatus::Pending && status != AgentStatus::Skipped {
        members.some("start_time", one.started().map(|time| quote(&time.to_string())));
        let output = one.parts.iter().rev().find_map(|part| part.outputs.first());
        members.some("output_file", output.map(|output| quote(&output.value)));
        let seconds =
            one.started().zip(one.ended()).map(|(from, to)| to.unix() - from.unix()).filter(|seconds| *seconds > 0);
        if status == AgentStatus::Complete {
            members.some("execution_time", seconds.map(|seconds| seconds.to_string()));
        }
        members.some("cost", one.sum().map(|cost| cost.to_string()));
        members.some("quality_score", one.score().map(|score| score.to_string()));
        if status == AgentStatus::Failed {
            members.some("error", error.map(quote));
        }
    }
    members.lay_out("    ")
}

/// The members of an object that is being written, as JSON.
#[derive(Default)]
struct MemberTexts(Vec<(String, String)>);

impl MemberTexts {
    fn add(&mut self, name: &str, json: String) {
        self.0.push((name.to_owned(), json));
    }

    fn some(&mut self, name: &str, json: Option<String>) {
        if let Some(json) = json {
            self.add(name, json);
        }
    }

    fn lay_out(&self, indent: &str) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(name, json)| format!("{indent}  {}: {json}", quote(name))).collect();
        format!("{{\n{}\n{indent}}}", members.join(",\n"))
    }
}

fn is_behind(status: AgentStatus) -> bool {
    matches!(status, AgentStatus::Complete | AgentStatus::Skipped)
}
