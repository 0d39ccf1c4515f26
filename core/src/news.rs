//! News of a session: the changes between two of its texts in one sentence, and the ones that need a person's attention.

use crate::merge::history_changes;
use crate::names::shorten;
use crate::quality::GATES_FAILED;
use crate::session::{PipelinePosition, Situation};
use crate::{Agent, AgentStatus, Digest, EventKind, HistoryEntry, Notable, Policy, Session, Stage, Timestamp};

/// News of a session: its last change in words, and the number of changes.
///
/// See the example at [`Session::news_since`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsItem {
    /// Number of changes: each event is one, and so is a change without an event.
    pub changes: usize,
    /// The last change, without a full stop.
    pub last: String,
    /// The kind of news, if it needs a person's attention.
    pub notable: Option<Notable>,
}

impl NewsItem {
    /// The news as part of a sentence, without a full stop.
    ///
    /// ```
    /// use callboard_core::NewsItem;
    /// let news = |changes| NewsItem { changes, last: "script_writer completed writing".into(), notable: None };
    /// assert_eq!(news(1).sentence(), "script_writer completed writing");
    /// assert_eq!(news(3).sentence(), "3 changes, last: script_writer completed writing");
    /// ```
    pub fn sentence(&self) -> String {
        match self.changes {
            0 | 1 => self.last.clone(),
            changes => format!("{changes} changes, last: {}", self.last),
        }
    }

    /// Combines these news with later ones.
    ///
    /// The later `notable` counts; without one, the earlier counts if it is still the session's condition (`current`).
    ///
    /// ```
    /// use callboard_core::{NewsItem, Notable};
    /// let news = |last: &str, notable| NewsItem { changes: 1, last: last.into(), notable };
    /// let failed = news("script_writer failed", Some(Notable::Failed));
    /// let cost = failed.clone().followed_by(news("cost is now $2.00", None), Some(Notable::Failed));
    /// assert_eq!((cost.changes, cost.notable), (2, Some(Notable::Failed)));
    /// let started = failed.followed_by(news("script_writer started writing", None), None);
    /// assert_eq!(started.notable, None);
    /// ```
    #[must_use]
    pub fn followed_by(self, later: NewsItem, current: Option<Notable>) -> NewsItem {
        NewsItem {
            changes: self.changes.saturating_add(later.changes),
            last: later.last,
            notable: later.notable.or(self.notable.filter(|notable| Some(*notable) == current)),
        }
    }
}

impl Session {
    /// The news of this text against an earlier one of the same session; none if nothing but a heartbeat changed.
    ///
    /// A new session, without an earlier text, needs attention as its condition does, unless it is complete. Both texts
    /// are judged at `now`, so that time alone makes no news: see [`Digest::news_between`].
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Notable, Policy, Session, Timestamp};
    /// let (now, policy) = (Timestamp::from_unix(0), Policy::default());
    /// let before = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let mut after = before.clone();
    /// for event in [
    ///     Event::minimal(EventKind::Start, Agent::ScriptWriter),
    ///     Event::from_json(r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#).unwrap(),
    /// ] {
    ///     after.apply(&event, now, &policy).unwrap();
    /// }
    /// let news = after.news_since(Some(&before), now, &policy).unwrap();
    /// assert_eq!(news.sentence(), "2 changes, last: script_writer failed: timeout");
    /// assert_eq!(news.notable, Some(Notable::Failed));
    /// assert_eq!(after.news_since(Some(&after), now, &policy), None);
    /// ```
    pub fn news_since(&self, before: Option<&Session>, now: Timestamp, policy: &Policy) -> Option<NewsItem> {
        let is = self.health_inputs();
        let notable = is.notable(now, policy);
        let Some(before) = before else {
            let notable = notable.filter(|notable| *notable != Notable::Completed);
            return Some(NewsItem { changes: 1, last: "new session".to_owned(), notable });
        };
        if self.text() == before.text() || self.differs_by_heartbeat(before) {
            return None;
        }
        let was = before.health_inputs();
        let events = self.chosen(self.history(), &history_changes(before, self).0);
        let last = events.last().map(of_entry).or_else(|| self.changed_situation(&was.situation, &is.situation));
        let last = last.unwrap_or_else(|| match is.costs.total.filter(|_| is.costs.total != was.costs.total) {
            Some(total) => format!("cost is now {}", total.usd()),
            None => "file edited".to_owned(),
        });
        // The agent may have failed, been retried and failed again.
        let fails_again =
            || matches!(notable, Some(Notable::Failed | Notable::Escalated)) && self.failures() != before.failures();
        let is_news = notable != was.notable(now, policy) || fails_again();
        Some(NewsItem { changes: events.len().max(1), last, notable: notable.filter(|_| is_news) })
    }

    /// True if the texts differ in the time of the last change only.
    fn differs_by_heartbeat(&self, before: &Session) -> bool {
        let around = |session: &Session| {
            let document = session.document();
            let node = document.node(session.at(&["timestamps", "last_updated"])?);
            Some((node.start as usize, node.end as usize))
        };
        let (Some(now), Some(then)) = (around(self), around(before)) else { return false };
        let (text, other) = (self.text(), before.text());
        text[..now.0] == other[..then.0] && text[now.1..] == other[then.1..]
    }

    /// The change of the state of a session whose history does not tell it.
    fn changed_situation(&self, was: &Situation, is: &Situation) -> Option<String> {
        if is.unreadable.is_some() {
            return was.unreadable.is_none().then(|| "state can no longer be read".to_owned());
        }
        if let PipelinePosition::At(stage) = is.position {
            let agent = stage.agent();
            let is_same = was.position == is.position && was.status(agent) == is.status(agent);
            match is.status(agent) {
                _ if is_same => {}
                AgentStatus::InProgress => return Some(started(agent, None)),
                AgentStatus::Failed => return Some(failed(agent, self.agent(agent).error.as_deref())),
                AgentStatus::Retry => return Some(retried(agent)),
                _ => {}
            }
        }
        let newly =
            |done: &[bool; 4]| Stage::ALL.into_iter().rev().find(|stage| done[stage.index()] && !was.done(*stage));
        if let Some(stage) = newly(&is.completed) {
            return Some(completed(stage.agent()));
        }
        if let Some(stage) = newly(&is.skipped) {
            return Some(format!("{stage} was skipped"));
        }
        match (was.position, is.position) {
            (PipelinePosition::At(from), PipelinePosition::At(to)) if to < from => Some(format!("sent back to {to}")),
            (PipelinePosition::Complete, PipelinePosition::At(to)) => Some(format!("sent back to {to}")),
            _ => None,
        }
    }
}

impl Digest {
    /// The condition of the session that needs a person's attention at `now`; none if nothing does.
    ///
    /// ```
    /// use callboard_core::{Notable, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed"}}}"#).unwrap();
    /// assert_eq!(session.digest().notable(Timestamp::from_unix(0), &Policy::default()), Some(Notable::Failed));
    /// ```
    pub fn notable(&self, now: Timestamp, policy: &Policy) -> Option<Notable> {
        self.inputs().notable(now, policy)
    }

    /// The news that time alone made between two moments: the agent stalled, or has waited too long for its start.
    ///
    /// ```
    /// use callboard_core::{Notable, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "in_progress", "start_time": "2024-08-11T14:00:00Z"}}}"#).unwrap();
    /// let at = |time| Timestamp::parse(time).unwrap();
    /// let between = |then, now| session.digest().news_between(at(then), at(now), &Policy::default());
    /// let news = between("2024-08-11T14:01:00Z", "2024-08-12T14:00:00Z").unwrap();
    /// assert_eq!(news.notable, Some(Notable::Stalled));
    /// assert!(news.last.starts_with("script_writer: no update"));
    /// assert_eq!(between("2024-08-12T14:00:00Z", "2024-08-12T14:00:30Z"), None);
    /// ```
    pub fn news_between(&self, then: Timestamp, now: Timestamp, policy: &Policy) -> Option<NewsItem> {
        let notable = self.notable(now, policy)?;
        if self.notable(then, policy) == Some(notable) {
            return None;
        }
        let reason = self.inputs().notable_reason(now, policy)?;
        let last = reason.trim_end_matches('.').to_owned();
        Some(NewsItem { changes: 1, last, notable: Some(notable) })
    }
}

/// The event of an entry in words.
fn of_entry(entry: &HistoryEntry) -> String {
    let reason = entry.reason.as_deref();
    let Some(agent) = entry.agent else { return named(&entry.event, None) };
    match EventKind::parse(&entry.event) {
        Some(EventKind::Start) => started(agent, entry.attempt),
        Some(EventKind::Progress) => match entry.cost {
            Some(cost) => format!("{agent} reported a cost of {}", cost.usd()),
            None => format!("{agent} reported progress"),
        },
        Some(EventKind::Complete) => completed(agent),
        Some(EventKind::Fail) => failed(agent, entry.error.as_deref()),
        Some(EventKind::Retry) => retried(agent),
        Some(EventKind::Resume) => with_reason(format!("{agent} was resumed"), reason),
        Some(EventKind::QualityFailure) => {
            let gates = entry.error.as_deref().map(|error| error.strip_prefix(GATES_FAILED).unwrap_or(error));
            let stage = entry.to.as_deref().and_then(Stage::parse);
            let what = match stage {
                Some(stage) => format!("quality gates failed, sent back to {stage}"),
                None => "quality gates failed".to_owned(),
            };
            with_reason(what, gates)
        }
        Some(EventKind::Skip) => with_reason(format!("{} was skipped", agent.stage()), reason),
        None => named(&entry.event, Some(agent)),
    }
}

/// An event that is none of the machine's.
fn named(event: &str, agent: Option<Agent>) -> String {
    let event = match event {
        "" => "unnamed event".to_owned(),
        "initialize" => "session created".to_owned(),
        event => shorten(&event.replace('_', " ")),
    };
    agent.map_or_else(|| event.clone(), |agent| format!("{agent}: {event}"))
}

fn started(agent: Agent, attempt: Option<u64>) -> String {
    let again =
        attempt.filter(|attempt| *attempt > 1).map_or_else(String::new, |attempt| format!(", attempt {attempt}"));
    format!("{agent} started {}{again}", agent.stage())
}

fn completed(agent: Agent) -> String {
    format!("{agent} completed {}", agent.stage())
}

fn failed(agent: Agent, error: Option<&str>) -> String {
    with_reason(format!("{agent} failed"), error)
}

fn retried(agent: Agent) -> String {
    format!("{agent} will be retried")
}

/// Adds the beginning of a reason, without its full stop.
fn with_reason(what: String, reason: Option<&str>) -> String {
    match reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{what}: {}", shorten(reason.trim_end_matches('.'))),
        None => what,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]
    use super::*;
    use crate::Event;

    const NOW: &str = "2024-08-11T14:30:00Z";

    fn now() -> Timestamp {
        Timestamp::parse(NOW).unwrap()
    }

    fn session(body: &str) -> Session {
        Session::parse(format!(r#"{{"session_id": "a", {body}}}"#)).unwrap()
    }

    fn writing(status: &str, rest: &str) -> Session {
        session(&format!(
            r#""pipeline_state": {{"current_stage": "writing", "completed_stages": ["research"]}},
            "agent_outputs": {{"script_writer": {{"status": "{status}"}}}}{rest}"#
        ))
    }

    fn news(before: &Session, after: &Session) -> Option<(String, Option<Notable>)> {
        let news = after.news_since(Some(before), now(), &Policy::default())?;
        Some((news.sentence(), news.notable))
    }

    #[test]
    fn each_event_has_its_words() {
        let base = writing("pending", r#", "history": []"#);
        let check = |entry: &str, expected: &str| {
            let after = writing("pending", &format!(r#", "history": [{entry}]"#));
            assert_eq!(news(&base, &after).unwrap().0, expected);
        };
        let of = |event: &str, rest: &str| format!(r#"{{"event": "{event}", "agent": "script_writer"{rest}}}"#);
        check(&of("start", ""), "script_writer started writing");
        check(&of("start", r#", "attempt": 2"#), "script_writer started writing, attempt 2");
        check(&of("progress", ""), "script_writer reported progress");
        check(&of("progress", r#", "cost": 1.2"#), "script_writer reported a cost of $1.20");
        check(&of("complete", ""), "script_writer completed writing");
        check(&of("fail", r#", "error": "Out of tokens.""#), "script_writer failed: Out of tokens");
        check(&of("retry", ""), "script_writer will be retried");
        check(&of("resume", r#", "reason": "quota raised""#), "script_writer was resumed: quota raised");
        check(&of("skip", r#", "reason": "reused""#), "writing was skipped: reused");
        check(
            &of("quality_failure", r#", "to": "WRITING", "error": "quality gates failed: technical, overall""#),
            "quality gates failed, sent back to writing: technical, overall",
        );
        check(r#"{"event": "initialize"}"#, "session created");
        check(r#"{"event": "moved_house"}"#, "moved house");
        check("{}", "unnamed event");
    }

    #[test]
    fn a_state_without_a_history_is_told_by_its_difference() {
        let pending = writing("pending", "");
        let check = |before: &Session, after: &Session, words: &str, notable| {
            assert_eq!(news(before, after), Some((words.to_owned(), notable)));
        };
        let failed = writing("failed", "");
        check(&pending, &writing("in_progress", ""), "script_writer started writing", None);
        check(&pending, &failed, "script_writer failed", Some(Notable::Failed));
        check(&failed, &writing("retry", ""), "script_writer will be retried", None);
        let evaluation = session(
            r#""pipeline_state": {"current_stage": "evaluation", "completed_stages": ["research", "writing"]}"#,
        );
        check(&writing("in_progress", ""), &evaluation, "script_writer completed writing", None);
        check(&evaluation, &pending, "sent back to writing", None);
        let complete = session(
            r#""pipeline_state": {"current_stage": "complete", "completed_stages": ["research", "writing", "evaluation", "synthesis"]}"#,
        );
        check(&evaluation, &complete, "audio_synthesizer completed synthesis", Some(Notable::Completed));
        let unreadable = session(r#""pipeline_state": {"current_stage": "lunch"}"#);
        check(&pending, &unreadable, "state can no longer be read", Some(Notable::Decision));
        check(&pending, &writing("pending", r#", "cost_tracking": {"total": 2}"#), "cost is now $2.00", None);
        check(&pending, &writing("pending", r#", "note": 1"#), "file edited", None);
    }

    #[test]
    fn a_heartbeat_is_no_news() {
        let at = |time: &str| writing("in_progress", &format!(r#", "timestamps": {{"last_updated": "{time}"}}"#));
        assert_eq!(news(&at("2024-08-11T14:29:00Z"), &at(NOW)), None);
        let other = writing("in_progress", r#", "timestamps": {"last_updated": "2024-08-11T14:30:00Z", "note": 1}"#);
        assert!(news(&at(NOW), &other).is_some());
    }

    #[test]
    fn a_file_laid_out_anew_has_only_its_new_events() {
        let entry = |event: &str| format!(r#"{{"at": "{NOW}", "event": "{event}", "agent": "script_writer"}}"#);
        let before = writing("in_progress", &format!(r#", "history": [{}]"#, entry("start")));
        let both = format!("[\n{},\n{}\n]", entry("start").replace(": ", ":"), entry("complete"));
        let after = writing("in_progress", &format!(r#", "history": {both}"#));
        assert_eq!(news(&before, &after).unwrap().0, "script_writer completed writing");
    }

    #[test]
    fn a_second_failure_is_news_again() {
        let policy = Policy::default();
        let mut session = writing("in_progress", "");
        let mut apply = |json: &str, minutes: i64| {
            let before = session.clone();
            session.apply(&Event::from_json(json).unwrap(), now().plus(60 * minutes), &policy).unwrap();
            let news = session.news_since(Some(&before), now().plus(60 * minutes), &policy).unwrap();
            (before, news.notable, session.clone())
        };
        let fail = r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#;
        let (_, notable, failed_once) = apply(fail, 1);
        assert_eq!(notable, Some(Notable::Failed));
        assert_eq!(apply(r#"{"type": "retry", "agent": "script_writer"}"#, 2).1, None);
        apply(r#"{"type": "start", "agent": "script_writer"}"#, 3);
        let failed_twice = apply(fail, 4).2;
        let news = failed_twice.news_since(Some(&failed_once), now().plus(300), &policy).unwrap();
        assert_eq!((news.changes, news.notable), (3, Some(Notable::Failed)));
    }

    #[test]
    fn a_new_session_calls_unless_it_is_complete() {
        let new = |session: &Session| session.news_since(None, now(), &Policy::default()).unwrap();
        assert_eq!(new(&writing("pending", "")).sentence(), "new session");
        assert_eq!(new(&writing("failed", "")).notable, Some(Notable::Failed));
        let complete = session(r#""pipeline_state": {"current_stage": "complete"}"#);
        assert_eq!(new(&complete).notable, None);
    }

    #[test]
    fn escalation_follows_failure() {
        let escalated = session(
            r#""pipeline_state": {"current_stage": "writing", "escalation": {"at": "2024-08-11T14:30:00Z"}},
            "agent_outputs": {"script_writer": {"status": "failed"}}"#,
        );
        let news = news(&writing("failed", ""), &escalated).unwrap();
        assert_eq!(news.1, Some(Notable::Escalated));
    }
}
