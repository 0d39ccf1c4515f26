//! The periods of work of a session, of the framework's or another pipeline. Pure.
use callboard_core::import::{ForeignSession, ForeignStatus};
use callboard_core::{Agent, BarKind, HealthLevel, Policy, Stage, Timestamp};
use callboard_workspace::Listed;

/// A period of work on a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Period<'a> {
    /// Number of the period within its session.
    pub index: usize,
    /// The framework's stage, if the work is on one.
    pub stage: Option<Stage>,
    /// The agent's name, or the label of another pipeline's stage.
    pub who: &'a str,
    /// The result; `None` if another pipeline does not say it.
    pub kind: Option<BarKind>,
    /// First second.
    pub from: i64,
    /// Last second: now while it runs, or the last sign of life if it is stalled.
    pub to: i64,
    /// Expected completion while it runs.
    pub estimate: Option<i64>,
    /// Number of the attempt.
    pub attempt: Option<u64>,
    /// True if the agent had several attempts.
    pub numbered: bool,
    /// Error message.
    pub error: Option<&'a str>,
    /// True if it is estimated, as the file has no history.
    pub derived: bool,
    /// The stage that the session was sent back to.
    pub sent_back: Option<Stage>,
    /// True if it runs without a sign of life.
    pub stalled: bool,
}

impl Period<'_> {
    /// Returns true if it failed, whatever happened after.
    pub fn failed(&self) -> bool {
        matches!(self.kind, Some(BarKind::Failed | BarKind::Retried | BarKind::GateFailed))
    }

    /// Returns the first second after its expected completion, if that has passed.
    pub fn overdue(&self) -> Option<i64> {
        self.estimate.map(|due| due.max(self.from)).filter(|due| *due < self.to)
    }
}

/// The time and the limits by which periods are read.
#[derive(Clone, Debug)]
pub struct PeriodContext {
    /// The time.
    pub now: Timestamp,
    /// The limits in force.
    pub policy: Policy,
}

/// Calls `then` with each period of a session, by agent and then by time.
pub fn each_period<'a>(session: &'a Listed, context: &PeriodContext, then: &mut dyn FnMut(Period<'a>)) {
    match session.foreign() {
        Some(foreign) => each_foreign(foreign, context.now, then),
        None => each_attempt(session, context, then),
    }
}

fn each_attempt<'a>(session: &'a Listed, context: &PeriodContext, then: &mut dyn FnMut(Period<'a>)) {
    let Some(digest) = session.digest() else { return };
    let now = context.now.unix();
    let running = digest.timeline.lanes.iter().flat_map(|lane| &lane.bars).any(|bar| bar.kind == BarKind::Running);
    let stalled = running && digest.health_summary(context.now, &context.policy).health == HealthLevel::Stalled;
    // The running agent's own estimate, or its start and the typical duration.
    let due = running.then(|| digest.outlook(context.now, &context.policy).stage_estimate).flatten();
    let last_sign = digest.last_updated.map_or(i64::MIN, Timestamp::unix);
    let mut index = 0;
    for lane in &digest.timeline.lanes {
        for bar in &lane.bars {
            let is_running = bar.kind == BarKind::Running;
            let estimate = due.filter(|_| is_running).map(Timestamp::unix);
            let start = bar.start.or(bar.end).map(Timestamp::unix);
            let end = match bar.end.map(Timestamp::unix) {
                Some(end) => Some(end),
                // An abandoned run would otherwise last for years.
                None if is_running && stalled => Some(last_sign.max(estimate.unwrap_or(i64::MIN)).min(now)),
                None if is_running => Some(now),
                None => None,
            };
            if let Some(from) = start {
                let back = |back: &&callboard_core::RouteBack| back.at.is_some() && back.at == bar.end;
                let backs = &digest.timeline.route_backs;
                then(Period {
                    index,
                    stage: Some(lane.stage),
                    who: lane.agent.name(),
                    kind: Some(bar.kind),
                    from,
                    to: end.unwrap_or(from).max(from),
                    estimate,
                    attempt: Some(bar.attempt),
                    numbered: lane.bars.len() > 1,
                    error: bar.error.as_deref(),
                    derived: bar.derived,
                    sent_back: (bar.kind == BarKind::GateFailed)
                        .then(|| backs.iter().find(back).and_then(|back| back.to))
                        .flatten(),
                    stalled: is_running && stalled,
                });
            }
            index += 1;
        }
    }
}

fn each_foreign<'a>(session: &'a ForeignSession, now: Timestamp, then: &mut dyn FnMut(Period<'a>)) {
    for (index, stage) in session.stages.iter().enumerate() {
        let status = stage.status.as_ref().map(|status| status.value);
        let kind = match status {
            Some(ForeignStatus::InProgress) => Some(BarKind::Running),
            Some(ForeignStatus::Failed) => Some(BarKind::Failed),
            Some(ForeignStatus::Complete) => Some(BarKind::Complete),
            Some(ForeignStatus::Skipped) => Some(BarKind::Skipped),
            Some(ForeignStatus::NotStarted) | None => None,
        };
        let (started, ended) = (stage.started.as_ref().map(|it| it.value), stage.ended.as_ref().map(|it| it.value));
        let Some(from) = started.or(ended) else { continue };
        let end = ended.or((kind == Some(BarKind::Running)).then_some(now)).unwrap_or(from);
        then(Period {
            index,
            stage: stage.maps_to,
            who: stage.maps_to.map_or(&stage.label, |stage| stage.agent().name()),
            kind,
            from: from.unix(),
            to: end.unix().max(from.unix()),
            estimate: None,
            attempt: None,
            numbered: false,
            error: stage.error.as_ref().map(|error| error.value.as_str()),
            derived: false,
            sent_back: None,
            stalled: false,
        });
    }
}

/// Number of groups of lanes by agent: the four agents, and the stages of other pipelines that are none of theirs.
pub const GROUPS: usize = 5;

/// Returns the group of a period's lane.
pub fn group(period: &Period<'_>) -> usize {
    period.stage.map_or(GROUPS - 1, Stage::index)
}

/// Returns the name of a group of lanes.
pub fn group_name(group: usize) -> &'static str {
    Agent::ALL.get(group).map_or("Other stages", |agent| agent.name())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use callboard_core::Session;
    use callboard_workspace::{Entry, Record};
    use std::sync::Arc;

    pub(crate) fn listed(id: &str, topic: &str, entries: &[(&str, &str, &str)]) -> Listed {
        let history: Vec<String> = entries
            .iter()
            .map(|(at, event, agent)| {
                format!(
                    r#"{{"at": "2024-08-{at}:00Z", "event": "{event}", "agent": "{agent}", "to": "WRITING", "error": "No answer"}}"#
                )
            })
            .collect();
        let last = entries.last().map_or("11T12:00", |(at, ..)| at);
        let text = format!(
            r#"{{"session_id": "{id}", "episode": {{"number": 7, "topic": "{topic}"}},
            "pipeline_state": {{"current_stage": "writing", "completed_stages": ["research"]}},
            "agent_outputs": {{"script_writer": {{"status": "in_progress", "estimated_completion": "2024-08-11T13:00:00Z"}}}},
            "timestamps": {{"last_updated": "2024-08-{last}:00Z"}}, "history": [{}]}}"#,
            history.join(",")
        );
        let session = Session::parse(text).unwrap();
        let record = Record::of_file(id.into(), format!("{id}.json"), session.text().into(), Timestamp::from_unix(0));
        Listed::Own(Arc::new(Entry::new(record, &session)))
    }

    pub(crate) fn at(text: &str) -> i64 {
        Timestamp::parse(&format!("2024-08-{text}:00Z")).unwrap().unix()
    }

    pub(crate) fn context(now: &str) -> PeriodContext {
        PeriodContext { now: Timestamp::from_unix(at(now)), policy: Policy::default() }
    }

    #[test]
    fn a_stalled_run_ends_at_its_last_sign_of_life() {
        let session = listed("a", "a", &[("11T12:10", "start", "script_writer")]);
        let last = |now: &str| {
            let mut last = None;
            each_period(&session, &context(now), &mut |period| {
                last = Some((period.to, period.overdue(), period.stalled))
            });
            last.unwrap()
        };
        assert_eq!(last("11T12:30"), (at("11T12:30"), None, false));
        assert_eq!(last("11T13:20"), (at("11T13:20"), Some(at("11T13:00")), false));
        assert_eq!(last("30T12:00"), (at("11T13:00"), None, true));
    }

    #[test]
    fn failed_gates_say_where_the_session_went() {
        let session = listed(
            "a",
            "a",
            &[("11T12:10", "start", "quality_evaluator"), ("11T12:20", "quality_failure", "quality_evaluator")],
        );
        let mut all = Vec::new();
        each_period(&session, &context("11T12:30"), &mut |it| all.push((it.who.to_owned(), it.failed(), it.sent_back)));
        assert_eq!(all, [("quality_evaluator".to_owned(), true, Some(Stage::Writing))]);
    }
}
