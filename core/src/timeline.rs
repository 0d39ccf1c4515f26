//! The timeline: what each agent did when, as bars on one lane an agent.

use crate::history::HistoryEntry;
use crate::order::Lookup;
use crate::session::Place;
use crate::{Agent, AgentOutput, AgentStatus, Money, Session, Stage, Timestamp};

/// What happened in a session, agent by agent.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Timeline {
    /// One lane an agent, in the order of the pipeline.
    pub lanes: Vec<Lane>,
    /// When an agent could have begun and had not, in the order in which they happened.
    pub waits: Vec<Wait>,
    /// When failed gates sent the session back, in the order in which they did.
    pub route_backs: Vec<RouteBack>,
}

/// A time in which an agent could have begun and had not.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Wait {
    /// The agent that was waited for.
    pub agent: Agent,
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while it is still waited for.
    pub to: Option<Timestamp>,
    /// Whether it is pieced together from timestamps, for want of a history.
    pub derived: bool,
}

/// Failed gates that sent the session back.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RouteBack {
    /// When.
    pub at: Option<Timestamp>,
    /// The stage it came from.
    pub from: Stage,
    /// The stage it went to; none where it was escalated instead.
    pub to: Option<Stage>,
    /// Which gates failed, as the history says it.
    pub error: Option<String>,
}

/// What one agent did.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Lane {
    /// The agent.
    pub agent: Agent,
    /// Its stage.
    pub stage: Stage,
    /// The agent's status now; none where the session's state is unknown.
    pub status: Option<AgentStatus>,
    /// Its attempts, in the order in which they happened.
    pub bars: Vec<Bar>,
}

/// One attempt of an agent.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Bar {
    /// How it ended, or that it has not.
    pub kind: BarKind,
    /// When it began; none where nothing says so.
    pub start: Option<Timestamp>,
    /// When it ended; none while it runs, and where nothing says so.
    pub end: Option<Timestamp>,
    /// When the agent expects to be done; for a running attempt only.
    pub estimate: Option<Timestamp>,
    /// The attempt of its agent that it is, from 1.
    pub attempt: u64,
    /// Whether it is pieced together from timestamps and the agent's block, for want of a history.
    pub derived: bool,
    /// What it cost.
    pub cost: Option<Money>,
    /// How good its result is, 0 to 1; for the last complete attempt only.
    pub quality: Option<f64>,
    /// What went wrong.
    pub error: Option<String>,
}

/// How an attempt ended, or that it has not.
///
/// See the example at [`Session::timeline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum BarKind {
    /// It goes on.
    Running,
    /// The agent completed.
    Complete,
    /// The agent failed, and nothing has followed yet.
    Failed,
    /// The agent failed and was tried again.
    Retried,
    /// The evaluation found gates that failed.
    GateFailed,
    /// The stage was left out.
    Skipped,
}

impl Session {
    /// What happened, agent by agent: from `history` where it tells of the agent, else from the timestamps
    /// and the agent's block, marked as derived.
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
        let situation = self.situation();
        let status = |agent| (!situation.unknown).then(|| situation.status(agent));
        let mut lanes: Vec<Lane> = Agent::ALL
            .into_iter()
            .map(|agent| Lane { agent, stage: agent.stage(), status: status(agent), bars: Vec::new() })
            .collect();
        let mut flow = Flow::default();
        let mut late = [const { Vec::new() }; 4];
        for entry in self.history() {
            flow.follow(&entry);
            if let Some(agent) = entry.agent {
                draw(entry, &mut lanes[agent.index()].bars, &mut late[agent.index()]);
            }
        }
        for (lane, late) in lanes.iter_mut().zip(late) {
            settle(late, &mut lane.bars);
        }
        let told = lanes.iter().any(|lane| !lane.bars.is_empty());
        for lane in &mut lanes {
            let output = self.agent(lane.agent);
            if lane.bars.is_empty() {
                lane.bars.extend(self.derived_bar(lane.agent, &output));
            }
            // A history that begins in the middle of an attempt does not tell when that began.
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
        if !told {
            flow.waits = derived_waits(&lanes);
        } else if let Some((agent, from)) = flow.ready {
            flow.waits.push(Wait { agent, from, to: None, derived: false });
        }
        Timeline { lanes, waits: flow.waits, route_backs: flow.route_backs }
    }

    /// When an agent's one attempt began, as far as its block and the timestamps tell: not after its end.
    fn began(&self, agent: Agent, end: Option<Timestamp>) -> Option<Timestamp> {
        let started = || self.time_at(&["timestamps", agent.stage().started_key()]);
        let start = self.time_at(&["agent_outputs", agent.name(), "start_time"]).or_else(started);
        start.filter(|start| end.is_none_or(|end| *start <= end))
    }

    /// The one attempt that an agent's block and the timestamps tell of.
    fn derived_bar(&self, agent: Agent, output: &AgentOutput) -> Option<Bar> {
        let stage = agent.stage();
        let situation = self.situation();
        let retries = if situation.place == Place::At(stage) { situation.retry_count } else { 0 };
        let stamp = |key: &str| self.time_at(&["timestamps", key]);
        // An agent that has been sent back is pending, but its last completion stands in the file.
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
            error: output.error.clone(),
        })
    }
}

/// Each wait between the end of one stage's bar and the beginning of the next one's.
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

/// How the session went from agent to agent.
#[derive(Default)]
struct Flow {
    /// The agent that can begin, and since when.
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

/// The bill of an attempt that is not the last one when it comes.
struct LateBill {
    attempt: u64,
    cost: Money,
    /// Number of the lane's bars when it comes.
    bars: usize,
}

/// Adds late bills to the bars of their attempts, the last of each. The bars are looked up together: to look through
/// them for each bill would be quadratic.
fn settle(late: Vec<LateBill>, bars: &mut [Bar]) {
    if late.is_empty() {
        return;
    }
    let attempts = Lookup::of(bars.iter().map(|bar| bar.attempt));
    for bill in late {
        let own = attempts.find(bill.attempt);
        let before = own.partition_point(|(_, at)| *at < bill.bars);
        // An attempt that nothing else tells of: the bill is the last one's.
        let at = before.checked_sub(1).map_or(bill.bars - 1, |last| own[last].1);
        bars[at].add(bill.cost);
    }
}

impl Bar {
    fn add(&mut self, cost: Money) {
        self.cost = Some(self.cost.unwrap_or_default().saturating_add(cost));
    }
}

/// Adds what an entry of the history tells to its agent's bars, or to its late bills.
fn draw(entry: HistoryEntry, bars: &mut Vec<Bar>, late: &mut Vec<LateBill>) {
    match entry.event.as_str() {
        "start" => begin(BarKind::Running, entry.at, None, entry, bars),
        "progress" => {
            let count = bars.len();
            if let (Some(last), Some(cost)) = (bars.last_mut(), entry.cost) {
                match entry.attempt {
                    Some(attempt) if attempt != last.attempt => late.push(LateBill { attempt, cost, bars: count }),
                    _ => last.add(cost),
                }
            }
        }
        "complete" => end(entry, BarKind::Complete, bars),
        "fail" => end(entry, BarKind::Failed, bars),
        "quality_failure" => end(entry, BarKind::GateFailed, bars),
        "skip" => begin(BarKind::Skipped, entry.at, entry.at, entry, bars),
        "retry" | "resume" => {
            // A stalled agent is resumed while it runs: its attempt ends there, as a failure.
            match bars.last_mut() {
                Some(last) if last.kind == BarKind::Running => {
                    last.kind = BarKind::Retried;
                    last.end = entry.at;
                    last.error = entry.error;
                }
                Some(last) if last.kind == BarKind::Failed => last.kind = BarKind::Retried,
                _ => {}
            }
        }
        _ => {}
    }
}

/// Adds an attempt. One that the history does not number comes after the one before it.
fn begin(kind: BarKind, start: Option<Timestamp>, end: Option<Timestamp>, entry: HistoryEntry, bars: &mut Vec<Bar>) {
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
        error: entry.error,
    });
}

/// Ends the running attempt, or adds one whose beginning nobody reported.
fn end(entry: HistoryEntry, kind: BarKind, bars: &mut Vec<Bar>) {
    match bars.last_mut() {
        Some(last) if last.kind == BarKind::Running => {
            last.kind = kind;
            last.end = entry.at;
            last.error = entry.error;
            if let Some(cost) = entry.cost {
                last.add(cost);
            }
        }
        _ => begin(kind, None, entry.at, entry, bars),
    }
}
