//! Timeline of a session: the attempts of each agent as bars on a lane.

use crate::history::{HistoryEntry, LazyHistory};
use crate::order::Lookup;
use crate::session::{PipelinePosition, Situation};
use crate::{Agent, AgentOutput, AgentStatus, Money, Session, Stage, Timestamp};

/// Timeline of a session.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Timeline {
    /// Lanes of the agents, in pipeline order.
    pub lanes: Vec<Lane>,
    /// Times in which a ready agent had not started, in order.
    pub waits: Vec<Wait>,
    /// Returns to earlier stages after failed gates, in order.
    pub route_backs: Vec<RouteBack>,
}

/// Time in which a ready agent had not started.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Wait {
    /// Agent that was ready.
    pub agent: Agent,
    /// Start of the wait.
    pub from: Timestamp,
    /// End of the wait; none if it goes on.
    pub to: Option<Timestamp>,
    /// True if it is derived from timestamps because the file has no history.
    pub derived: bool,
}

/// Return to an earlier stage after failed gates.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RouteBack {
    /// Time of the failure.
    pub at: Option<Timestamp>,
    /// Stage before.
    pub from: Stage,
    /// Stage after; none if the failure was escalated instead.
    pub to: Option<Stage>,
    /// Error message that names the failed gates.
    pub error: Option<String>,
}

/// Attempts of one agent.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Lane {
    /// Agent of the lane.
    pub agent: Agent,
    /// Stage of the agent.
    pub stage: Stage,
    /// Current status of the agent; none if the session's state is unknown.
    pub status: Option<AgentStatus>,
    /// Attempts of the agent, in order.
    pub bars: Vec<Bar>,
}

/// Attempt of an agent.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Bar {
    /// Result of the attempt.
    pub kind: BarKind,
    /// Start; none if unknown.
    pub start: Option<Timestamp>,
    /// End; none if it is running or unknown.
    pub end: Option<Timestamp>,
    /// Estimated completion of a running attempt.
    pub estimate: Option<Timestamp>,
    /// Number of the attempt, from 1.
    pub attempt: u64,
    /// True if it is derived from timestamps and the agent's block because no history records it.
    pub derived: bool,
    /// Cost.
    pub cost: Option<Money>,
    /// Quality score of the last complete attempt, 0 to 1.
    pub quality: Option<f64>,
    /// Error message.
    pub error: Option<String>,
}

/// Result of an attempt.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum BarKind {
    /// Still running.
    Running,
    /// The agent completed.
    Complete,
    /// The agent failed and was not retried yet.
    Failed,
    /// The agent failed and was retried.
    Retried,
    /// The evaluation reported failed gates.
    GateFailed,
    /// The stage was skipped.
    Skipped,
}

impl Session {
    /// Builds the timeline from `history`; for agents without entries, from the timestamps and the agent's block, marked
    /// as derived.
    ///
    /// ```
    /// use callboard_core::{BarKind, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}, "history": [
    ///     {"at": "2024-08-11T14:30:00Z", "event": "start", "agent": "research_coordinator"},
    ///     {"at": "2024-08-11T14:58:00Z", "event": "complete", "agent": "research_coordinator", "cost": 0.45},
    ///     {"at": "2024-08-11T15:00:00Z", "event": "start", "agent": "script_writer"}]}"#).unwrap();
    /// let timeline = session.timeline();
    /// let research = &timeline.lanes[0].bars[0];
    /// assert_eq!((research.kind, research.cost.unwrap().to_string().as_str()), (BarKind::Complete, "0.45"));
    /// assert_eq!(timeline.waits[0].from.to_string(), "2024-08-11T14:58:00Z");
    /// assert!(timeline.route_backs.is_empty());
    /// ```
    pub fn timeline(&self) -> Timeline {
        self.timeline_in(&self.situation(), &LazyHistory::of(self))
    }

    /// The timeline from parts that were read before.
    pub(crate) fn timeline_in(&self, situation: &Situation, history: &LazyHistory<'_>) -> Timeline {
        let status = |agent| (!situation.unknown).then(|| situation.status(agent));
        let mut lanes: Vec<Lane> = Agent::ALL
            .into_iter()
            .map(|agent| Lane { agent, stage: agent.stage(), status: status(agent), bars: Vec::new() })
            .collect();
        let mut flow = Flow::default();
        let mut late = [const { Vec::new() }; 4];
        for entry in history.entries() {
            flow.follow(entry);
            if let Some(agent) = entry.agent {
                add_entry(entry, &mut lanes[agent.index()].bars, &mut late[agent.index()]);
            }
        }
        for (lane, late) in lanes.iter_mut().zip(late) {
            add_late_costs(late, &mut lane.bars);
        }
        let is_recorded = lanes.iter().any(|lane| !lane.bars.is_empty());
        for lane in &mut lanes {
            let output = self.agent_in(situation, lane.agent);
            if lane.bars.is_empty() {
                lane.bars.extend(self.derived_bar(lane.agent, &output, situation));
            }
            // A history that starts in the middle of an attempt lacks the attempt's start.
            if let [bar] = lane.bars.as_mut_slice()
                && bar.start.is_none()
                && let Some(start) = self.began(lane.agent, bar.end)
            {
                bar.start = Some(start);
                bar.derived = true;
            }
            if let Some(last) = lane.bars.last_mut() {
                match last.kind {
                    BarKind::Complete => last.quality = output.quality_score,
                    BarKind::Running => last.estimate = output.estimated_completion,
                    _ => {}
                }
            }
        }
        if !is_recorded {
            flow.waits = derived_waits(&lanes);
        } else if let Some((agent, from)) = flow.ready {
            flow.waits.push(Wait { agent, from, to: None, derived: false });
        }
        Timeline { lanes, waits: flow.waits, route_backs: flow.route_backs }
    }

    /// Start of an agent's only attempt by its block or the timestamps; none if it is after the end.
    fn began(&self, agent: Agent, end: Option<Timestamp>) -> Option<Timestamp> {
        let started = || self.time_at(&["timestamps", agent.stage().started_key()]);
        let start = self.time_at(&["agent_outputs", agent.name(), "start_time"]).or_else(started);
        start.filter(|start| end.is_none_or(|end| *start <= end))
    }

    /// The only attempt that an agent's block and the timestamps record.
    fn derived_bar(&self, agent: Agent, output: &AgentOutput, situation: &Situation) -> Option<Bar> {
        let stage = agent.stage();
        let retries = if situation.position == PipelinePosition::At(stage) { situation.retry_count } else { 0 };
        let stamp = |key: &str| self.time_at(&["timestamps", key]);
        // An agent that was sent back is pending, but the file still has its last completion.
        let (kind, end) = match output.status {
            AgentStatus::InProgress => (BarKind::Running, None),
            AgentStatus::Complete => (BarKind::Complete, stamp(stage.completed_key())),
            AgentStatus::Failed => (BarKind::Failed, stamp(stage.failed_key())),
            AgentStatus::Retry => (BarKind::Retried, stamp(stage.failed_key())),
            AgentStatus::Skipped => (BarKind::Skipped, None),
            AgentStatus::Pending | AgentStatus::NotImplemented => return None,
        };
        let lasted = output.execution_time.filter(|seconds| *seconds >= 0.0).map(|seconds| seconds as i64);
        let before_end = || end.zip(lasted).map(|(end, seconds)| end.plus(-seconds));
        let start = self.began(agent, end).or_else(before_end);
        let after_start = || start.zip(lasted).map(|(start, seconds)| start.plus(seconds));
        let ended = kind != BarKind::Running && kind != BarKind::Skipped;
        Some(Bar {
            kind,
            start,
            end: if ended { end.or_else(after_start) } else { None },
            estimate: None,
            attempt: retries.saturating_add(1),
            derived: true,
            cost: output.cost,
            quality: None,
            // The error of the attempt before stays in the file until the stage completes.
            error: output.error.clone().filter(|_| ended),
        })
    }
}

/// Derives the waits between the bars of consecutive stages.
fn derived_waits(lanes: &[Lane]) -> Vec<Wait> {
    let mut waits = Vec::new();
    for pair in lanes.windows(2) {
        if let [before, after] = pair
            && let Some(from) = before.bars.last().and_then(|bar| bar.end)
            && let Some(to) = after.bars.first().and_then(|bar| bar.start)
            && to > from
        {
            waits.push(Wait { agent: after.agent, from, to: Some(to), derived: true });
        }
    }
    waits
}

/// Waits and returns found while the history is read.
#[derive(Default)]
struct Flow {
    /// The agent that is ready, and since when.
    ready: Option<(Agent, Timestamp)>,
    waits: Vec<Wait>,
    route_backs: Vec<RouteBack>,
}

impl Flow {
    fn follow(&mut self, entry: &HistoryEntry) {
        let can_begin = |agent: Option<Agent>| agent.zip(entry.at);
        let after = || entry.agent.and_then(|agent| agent.stage().next()).map(Stage::agent);
        match entry.event.as_str() {
            "initialize" => self.ready = can_begin(Some(Agent::ResearchCoordinator)),
            "start" => {
                let waited =
                    self.ready.take().filter(|(agent, from)| Some(*agent) == entry.agent && entry.at > Some(*from));
                if let Some((agent, from)) = waited {
                    self.waits.push(Wait { agent, from, to: entry.at, derived: false });
                }
            }
            "complete" | "skip" => self.ready = can_begin(after()),
            "fail" => self.ready = can_begin(entry.agent),
            "resume" if self.ready.is_none() => self.ready = can_begin(entry.agent),
            "quality_failure" => {
                let stage = |state: &Option<String>| state.as_deref().and_then(Stage::parse);
                let to = stage(&entry.to);
                self.ready = can_begin(to.map(Stage::agent));
                let from = stage(&entry.from).unwrap_or(Stage::Evaluation);
                self.route_backs.push(RouteBack { at: entry.at, from, to, error: entry.error.clone() });
            }
            _ => {}
        }
    }
}

/// Late cost of an attempt that is not the last.
struct LateCost {
    attempt: u64,
    cost: Money,
    /// Number of bars of the lane at that time.
    bars: usize,
}

/// Adds late costs to the bars of their attempts, looking the bars up together so that it does not take quadratic time.
fn add_late_costs(late: Vec<LateCost>, bars: &mut [Bar]) {
    if late.is_empty() {
        return;
    }
    let attempts = Lookup::of(bars.iter().map(|bar| bar.attempt));
    for cost in late {
        let own = attempts.find(cost.attempt);
        let before = own.partition_point(|(_, at)| *at < cost.bars);
        // An attempt without a bar: the cost goes to the last one.
        let at = before.checked_sub(1).map_or(cost.bars - 1, |last| own[last].1);
        bars[at].add(cost.cost);
    }
}

impl Bar {
    fn add(&mut self, cost: Money) {
        self.cost = Some(self.cost.unwrap_or_default().saturating_add(cost));
    }
}

/// Adds an entry of the history to its agent's bars or late costs.
fn add_entry(entry: &HistoryEntry, bars: &mut Vec<Bar>, late: &mut Vec<LateCost>) {
    match entry.event.as_str() {
        "start" => begin(BarKind::Running, entry.at, None, entry, bars),
        "progress" => {
            let count = bars.len();
            if let (Some(last), Some(cost)) = (bars.last_mut(), entry.cost) {
                match entry.attempt {
                    Some(attempt) if attempt != last.attempt => late.push(LateCost { attempt, cost, bars: count }),
                    _ => last.add(cost),
                }
            }
        }
        "complete" => end(entry, BarKind::Complete, bars),
        "fail" => end(entry, BarKind::Failed, bars),
        "quality_failure" => end(entry, BarKind::GateFailed, bars),
        "skip" => begin(BarKind::Skipped, entry.at, entry.at, entry, bars),
        "retry" | "resume" => {
            // Resuming a stalled agent ends its running attempt as a failure.
            match bars.last_mut() {
                Some(last) if last.kind == BarKind::Running => {
                    last.kind = BarKind::Retried;
                    last.end = entry.at;
                    last.error = entry.error.clone();
                }
                Some(last) if last.kind == BarKind::Failed => last.kind = BarKind::Retried,
                _ => {}
            }
        }
        _ => {}
    }
}

/// Adds an attempt, numbered after the one before it unless the history has a number.
fn begin(kind: BarKind, start: Option<Timestamp>, end: Option<Timestamp>, entry: &HistoryEntry, bars: &mut Vec<Bar>) {
    let next = bars.last().map_or(1, |bar| bar.attempt.saturating_add(1));
    bars.push(Bar {
        kind,
        start,
        end,
        estimate: None,
        attempt: entry.attempt.unwrap_or(next),
        derived: false,
        cost: entry.cost,
        quality: None,
        error: entry.error.clone(),
    });
}

/// Ends the running attempt, or adds one that has no reported start.
fn end(entry: &HistoryEntry, kind: BarKind, bars: &mut Vec<Bar>) {
    match bars.last_mut() {
        Some(last) if last.kind == BarKind::Running => {
            last.kind = kind;
            last.end = entry.at;
            last.error = entry.error.clone();
            if let Some(cost) = entry.cost {
                last.add(cost);
            }
        }
        _ => begin(kind, None, entry.at, entry, bars),
    }
}
