//! The sessions that should be complete next, and those that are due.

use crate::Listed;
use callboard_core::{DueStatus, HealthLevel, Phase, Policy, Timestamp};

/// A session with its expected completion.
#[derive(Clone, Debug)]
pub struct Completion {
    /// The session.
    pub session: Listed,
    /// The expected completion.
    pub at: Timestamp,
    /// The completion against the due date.
    pub status: Option<DueStatus>,
}

/// The sessions that should be complete next, and the numbers of those that are due.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    /// Number of sessions due or expected on the viewer's day.
    pub today: usize,
    /// Number of sessions that are late.
    pub late: usize,
    /// The running sessions with the earliest expected completions, the earliest first.
    pub next: Vec<Completion>,
    /// Number of sessions that run and have not stalled.
    pub running: usize,
}

impl Completions {
    /// Finds at most `most` next completions at `now`, with days in a zone `offset` minutes ahead of UTC.
    ///
    /// Work that nobody has started is expected only formally, and a stalled agent's not at all: neither is among the
    /// next completions.
    pub fn of(sessions: &[Listed], now: Timestamp, policy: &Policy, offset: i32, most: usize) -> Self {
        let mut found = Self::default();
        let mut order: Vec<(i64, usize)> = Vec::new();
        let outlook = |session: &Listed| session.digest().map(|digest| digest.outlook(now, policy));
        let is_stalled = |session: &Listed| {
            session.digest().is_some_and(|digest| digest.health_summary(now, policy).health == HealthLevel::Stalled)
        };
        for (at, session) in sessions.iter().enumerate() {
            let Some(outlook) = outlook(session) else { continue };
            match outlook.due_status(offset) {
                Some(DueStatus::DueToday) => found.today += 1,
                Some(DueStatus::Late) => found.late += 1,
                _ => {}
            }
            let estimate = outlook.estimate.filter(|_| outlook.phase == Phase::Running && !is_stalled(session));
            order.extend(estimate.map(|done| (done.unix(), at)));
        }
        found.running = order.len();
        order.sort_unstable();
        let completion = |(done, at): (i64, usize)| {
            let session = sessions.get(at)?.clone();
            let status = outlook(&session)?.due_status(offset);
            Some(Completion { session, at: Timestamp::from_unix(done), status })
        };
        found.next = order.into_iter().take(most).filter_map(completion).collect();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;
    use callboard_core::Session;
    use std::sync::Arc;

    fn session(id: &str, stage: &str, agent: &str, more: &str) -> Listed {
        let text = format!(
            r#"{{"session_id": "{id}", "pipeline_state": {{"current_stage": "{stage}"}}, "agent_outputs": {{{agent}}}{more}}}"#
        );
        let session = Session::parse(text).unwrap();
        Listed::Own(Arc::new(Entry::of_file(id.into(), format!("{id}.json"), &session, Timestamp::from_unix(0))))
    }

    #[test]
    fn running_sessions_come_in_the_order_of_their_completion() {
        let now = Timestamp::parse("2024-08-11T15:00:00Z").unwrap();
        let running = |until: &str| {
            format!(
                r#""audio_synthesizer": {{"status": "in_progress", "estimated_completion": "2024-08-11T{until}:00Z"}}"#
            )
        };
        let sessions = [
            session("second", "synthesis", &running("15:30"), ""),
            session("late", "synthesis", &running("14:30"), ""),
            session("third", "synthesis", &running("16:00"), r#", "planning": {"due": "2024-08-12"}"#),
            session("stalled", "synthesis", &running("13:30"), ""),
            session("ready", "synthesis", "", r#", "planning": {"due": "2024-08-11"}"#),
            session("failed", "synthesis", r#""audio_synthesizer": {"status": "failed"}"#, ""),
            session("complete", "complete", "", r#", "planning": {"due": "2024-08-01"}"#),
        ];
        let found = Completions::of(&sessions, now, &Policy::default(), 0, 2);
        assert_eq!((found.today, found.late, found.running), (2, 2, 3));
        let next: Vec<_> = found.next.iter().map(|next| (next.session.key(), next.status)).collect();
        assert_eq!(next, [("late", Some(DueStatus::Late)), ("second", Some(DueStatus::DueToday))]);
        assert_eq!(found.next[0].at, now, "an overdue session is expected now");
        assert!(Completions::of(&[], now, &Policy::default(), 0, 2).next.is_empty());
    }
}
