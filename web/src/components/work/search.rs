//! Search among the periods of all sessions. Pure.
use super::overview::{OverviewRow, PeriodId, WorkOverview};
use super::period::{Period, PeriodContext, each_period};
use crate::components::timeline::search::{Words, event_words};
use crate::format::session_label;
use callboard_workspace::Listed;
use std::collections::{HashMap, HashSet};

/// The matches of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkMatches {
    /// The matches in order of the rows: each period, and one for a session that matches by itself.
    pub matches: Vec<PeriodId>,
    /// The periods that are not dimmed.
    lit: HashSet<PeriodId>,
}

impl WorkMatches {
    /// Searches the periods of all rows.
    pub fn of(words: &Words, sessions: &[Listed], overview: &WorkOverview, context: &PeriodContext) -> Self {
        let mut found = Self::default();
        // The number of the row of each period, for lanes; sessions have one each.
        let mut places: HashMap<PeriodId, (usize, usize)> = HashMap::new();
        let mut rows: Vec<usize> = Vec::new();
        for (row, it) in overview.rows.iter().enumerate() {
            match it {
                OverviewRow::Session(session) => rows.push(*session),
                OverviewRow::Lane { spans, .. } => {
                    places.extend(spans.iter().enumerate().map(|(at, span)| (span.id, (row, at))));
                }
            }
        }
        let by_lane = !places.is_empty();
        let all: Vec<usize> = if by_lane { (0..sessions.len()).collect() } else { rows };
        let mut in_lanes: Vec<((usize, usize), PeriodId)> = Vec::new();
        for at in all {
            let Some(session) = sessions.get(at) else { continue };
            let summary = session.summary();
            let label = session_label(summary);
            let topic = summary.topic.as_deref().unwrap_or_default();
            let rest = words.without(&[topic, &summary.id, &label]);
            let mut own: Vec<PeriodId> = Vec::new();
            each_period(session, context, &mut |period| {
                let id = PeriodId { session: at, period: period.index };
                if (!by_lane || places.contains_key(&id)) && matches(&rest, &period) {
                    own.push(id);
                }
            });
            found.lit.extend(own.iter().copied());
            // A session that matches by itself is one match.
            let count = if rest.is_empty() { 1 } else { own.len() };
            for id in own.into_iter().take(count) {
                match places.get(&id) {
                    Some(place) => in_lanes.push((*place, id)),
                    None => found.matches.push(id),
                }
            }
        }
        let key = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let order = crate::order::ascending(in_lanes.iter().map(|((row, at), _)| (key(*row), key(*at))));
        found.matches.extend(order.into_iter().map(|at| in_lanes[at].1));
        found
    }

    /// Returns true if a period is not dimmed.
    pub fn has(&self, id: PeriodId) -> bool {
        self.lit.contains(&id)
    }
}

/// Returns true if a period matches: by agent, stage, attempt, event or error.
fn matches(words: &Words, period: &Period<'_>) -> bool {
    if words.is_empty() {
        return true;
    }
    let attempt = period.attempt.map(|attempt| format!("attempt {attempt} #{attempt}")).unwrap_or_default();
    let stage = period.stage.map_or("", callboard_core::Stage::name);
    let event = period.kind.map_or("", event_words);
    let late = match () {
        () if period.stalled => "stalled",
        () if period.overdue().is_some() => "overdue",
        () => "",
    };
    words.match_all(&[period.who, stage, event, late, &attempt, period.error.unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::super::overview::{GroupBy, TimeRange};
    use super::super::period::tests::{context, listed};
    use super::*;

    fn sessions() -> Vec<Listed> {
        let research =
            [("11T08:00", "start", "research_coordinator"), ("11T09:00", "complete", "research_coordinator")];
        let failed = [("11T10:00", "start", "script_writer"), ("11T11:00", "fail", "script_writer")];
        vec![
            listed("ep_1", "Octopuses", &[&research[..], &failed[..]].concat()),
            listed(
                "ep_2",
                "A forest",
                &[("11T10:30", "start", "script_writer"), ("11T11:45", "complete", "script_writer")],
            ),
        ]
    }

    #[track_caller]
    fn check(by: GroupBy, search: &str, expected: &[(usize, usize)], lit: usize) {
        let (sessions, context) = (sessions(), context("11T12:00"));
        let overview = WorkOverview::of(&sessions, by, TimeRange::All, &context);
        let found = WorkMatches::of(&Words::of(search), &sessions, &overview, &context);
        let ids: Vec<(usize, usize)> = found.matches.iter().map(|id| (id.session, id.period)).collect();
        assert_eq!(ids, expected, "{search}");
        assert_eq!(found.lit.len(), lit, "{search}");
    }

    #[test]
    fn periods_are_found_in_the_order_of_the_rows() {
        // The forest was worked on last.
        check(GroupBy::Session, "script_writer", &[(1, 0), (0, 1)], 2);
        check(GroupBy::Agent, "script_writer", &[(0, 1), (1, 0)], 2);
        check(GroupBy::Session, "no answer failed", &[(0, 1)], 1);
        check(GroupBy::Session, "nowhere", &[], 0);
    }

    #[test]
    fn a_session_is_one_match_and_lights_all_its_work() {
        check(GroupBy::Session, "octopus", &[(0, 0)], 2);
        check(GroupBy::Session, "ep_1 writing", &[(0, 1)], 1);
        check(GroupBy::Agent, "octopus", &[(0, 0)], 2);
    }
}
