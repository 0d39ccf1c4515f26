//! The change of one session file, in the words of a commit message.
use crate::format::{one_line, score};
use callboard_core::{Agent, EventKind, FailedGate, HistoryEntry, Money, Policy, Session, SessionChanges, State};

/// Number of paths of edited values that are named.
const PATHS: usize = 5;

/// Number of events that are named.
const EVENTS: usize = 12;

/// Number of letters of an error or a reason that are shown.
const REASON: usize = 80;

/// The kind of a file's change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileChangeKind {
    /// The session's file is new.
    New,
    /// The file has a new text.
    Updated,
    /// The file is gone.
    Removed,
}

/// A verb and its object for a commit message, such as `complete writing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePhrase {
    /// The verb, in the imperative.
    pub verb: &'static str,
    /// The object of the verb.
    pub object: String,
}

/// The change of one session file, in words. All texts are safe to show on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The kind of change.
    pub kind: FileChangeKind,
    /// The session's id, or the path of a file that is not a session.
    pub id: String,
    /// The short name, such as `ep 042`: as in the names of files.
    pub label: String,
    /// The episode's topic.
    pub topic: Option<String>,
    /// The most important changes, one per stage, in order.
    pub phrases: Vec<ChangePhrase>,
    /// Everything that happened, in order, then gates, costs and state.
    pub details: Vec<String>,
}

impl FileChange {
    /// Describes the change between two texts of a file; `None` stands for a missing file.
    pub fn of(path: &str, before: Option<&str>, now: Option<&str>, policy: &Policy) -> Self {
        let parse = |text: Option<&str>| text.and_then(|text| Session::parse(text).ok());
        let (old, new) = (parse(before), parse(now));
        let kind = match (before, now) {
            (_, None) => FileChangeKind::Removed,
            (None, _) => FileChangeKind::New,
            _ => FileChangeKind::Updated,
        };
        let named = new.as_ref().or(old.as_ref());
        let id = named.and_then(Session::id);
        let episode = named.map(Session::episode).unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or(path);
        let label = match (episode.number, &id) {
            (Some(number), _) => format!("ep {number:03}"),
            (None, Some(id)) => one_line(id),
            (None, None) => one_line(file),
        };
        let (phrases, details) = match (kind, &old, &new) {
            (FileChangeKind::Removed, ..) => (vec![ChangePhrase::new("remove", "session")], vec!["removed".into()]),
            (FileChangeKind::New, _, Some(new)) => {
                let changes = new.changes_since(&Session::reopen(""), policy);
                let events = changes.events.iter().filter(|entry| entry.event != INITIALIZE);
                let mut details = vec!["new".to_owned()];
                details.extend(event_details(events));
                details.extend(outcome_details(new, &changes, policy));
                (vec![ChangePhrase::new("new", "session")], details)
            }
            (FileChangeKind::Updated, Some(old), Some(new)) => {
                let changes = new.changes_since(old, policy);
                (main_phrases(old, new, &changes), details(old, new, &changes, policy))
            }
            (_, None, Some(_)) => (vec![ChangePhrase::new("repair", "file")], vec!["repair the file".into()]),
            (_, _, None) => {
                let problem = "not readable as a session";
                match before {
                    Some(_) => (vec![ChangePhrase::new("change", "file")], vec![problem.to_owned()]),
                    None => (vec![ChangePhrase::new("add", "file")], vec![format!("new, {problem}")]),
                }
            }
        };
        let id = one_line(id.as_deref().unwrap_or(path));
        Self { kind, id, label, topic: episode.topic.map(|topic| one_line(&topic)), phrases, details }
    }
}

/// The name of the event that creates a session.
const INITIALIZE: &str = "initialize";

impl ChangePhrase {
    fn new(verb: &'static str, object: impl Into<String>) -> Self {
        Self { verb, object: object.into() }
    }

    fn of(kind: EventKind, agent: Agent) -> Self {
        let stage = agent.stage().name();
        match kind {
            EventKind::Start => Self::new("start", stage),
            EventKind::Progress => Self::new("record progress of", stage),
            EventKind::Complete => Self::new("complete", stage),
            EventKind::Fail => Self::new("fail", stage),
            EventKind::Retry => Self::new("retry", stage),
            EventKind::Resume => Self::new("resume", stage),
            EventKind::QualityFailure => Self::new("fail", "quality gates"),
            EventKind::Skip => Self::new("skip", stage),
            _ => Self::new("record", format!("{kind} of {stage}")),
        }
    }

    /// Describes an entry of the history, which may be of a kind that is none of Callboard's.
    fn of_entry(entry: &HistoryEntry) -> Self {
        match (EventKind::parse(&entry.event), entry.agent) {
            (Some(kind), Some(agent)) => Self::of(kind, agent),
            _ if entry.event.trim().is_empty() => Self::new("record", "an event"),
            (_, agent) => {
                let of = agent.map(|agent| format!(" of {}", agent.stage())).unwrap_or_default();
                Self::new("record", format!("{}{of}", shortened(&entry.event, REASON / 2)))
            }
        }
    }

    /// Returns it as text: `complete writing`.
    pub fn words(&self) -> String {
        format!("{} {}", self.verb, self.object)
    }
}

/// Returns the most important changes: the last event of each stage, undone events, and edits.
fn main_phrases(old: &Session, new: &Session, changes: &SessionChanges) -> Vec<ChangePhrase> {
    let mut phrases: Vec<(Option<Agent>, ChangePhrase)> = Vec::new();
    let recorded = changes.events.iter().map(|entry| {
        let kind = EventKind::parse(&entry.event).filter(|_| entry.agent.is_some());
        (entry.agent.filter(|_| kind.is_some()), kind == Some(EventKind::Progress), ChangePhrase::of_entry(entry))
    });
    let unrecorded =
        changes.unrecorded.iter().map(|event| (Some(event.agent), false, ChangePhrase::of(event.kind, event.agent)));
    for (agent, is_progress, phrase) in recorded.chain(unrecorded) {
        let known = phrases.iter().position(|known| if agent.is_some() { known.0 == agent } else { known.1 == phrase });
        match known {
            // Progress says less than what came before it.
            Some(_) if is_progress => continue,
            Some(at) => {
                phrases.remove(at);
            }
            None => {}
        }
        phrases.push((agent, phrase));
    }
    let mut phrases: Vec<ChangePhrase> = phrases.into_iter().map(|(_, phrase)| phrase).collect();
    phrases.extend(match changes.undone.as_slice() {
        [] => None,
        [entry] => Some(ChangePhrase::new("undo", ChangePhrase::of_entry(entry).words())),
        entries => Some(ChangePhrase::new("undo", format!("{} events", entries.len()))),
    });
    phrases.extend(edit(&changes.edited));
    if phrases.is_empty() {
        phrases.push(change_without_values(old, new));
    }
    phrases
}

/// Returns the edit of values in a few words: `edit topic and budget`, `edit 4 values`.
fn edit(paths: &[String]) -> Option<ChangePhrase> {
    let object = match paths {
        [] => return None,
        [one] => value_name(one),
        [one, other] => format!("{} and {}", value_name(one), value_name(other)),
        paths => format!("{} values", paths.len()),
    };
    Some(ChangePhrase::new("edit", object))
}

/// Returns the name of a value without its section: `topic`, or `output file of writing`.
fn value_name(path: &str) -> String {
    let name = shortened(&path.rsplit('.').next().unwrap_or(path).replace('_', " "), REASON / 2);
    let mut parts = path.split('.');
    let agent = (parts.next() == Some("agent_outputs")).then(|| parts.next().and_then(Agent::parse)).flatten();
    match agent {
        Some(agent) if parts.next().is_some() => format!("{name} of {}", agent.stage()),
        _ => name,
    }
}

/// Describes a change of the file that changes no value but the time of the last update.
fn change_without_values(old: &Session, new: &Session) -> ChangePhrase {
    match () {
        () if old.text() == new.text() => ChangePhrase::new("change", "mode or encoding"),
        () if old.last_updated() != new.last_updated() => ChangePhrase::new("record", "heartbeat"),
        () => ChangePhrase::new("change", "layout"),
    }
}

fn details(old: &Session, new: &Session, changes: &SessionChanges, policy: &Policy) -> Vec<String> {
    let mut details = event_details(changes.events.iter());
    details.extend(changes.unrecorded.iter().map(|event| ChangePhrase::of(event.kind, event.agent).words()));
    let undone = event_details(changes.undone.iter().rev());
    details.extend(undone.into_iter().map(|event| format!("undo {event}")));
    if !changes.edited.is_empty() {
        let named: Vec<String> = changes.edited.iter().take(PATHS).map(|path| shortened(path, REASON)).collect();
        let more = changes.edited.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        details.push(format!("edit {}{more}", named.join(", ")));
    }
    if let (Some(was), Some(is)) = (old.id(), new.id())
        && was != is
    {
        details.push(format!("replace session {}", shortened(&was, REASON)));
    }
    if details.is_empty() {
        details.push(change_without_values(old, new).words());
    }
    details.extend(outcome_details(new, changes, policy));
    details
}

/// Describes events in order, repeated ones once.
fn event_details<'a>(events: impl Iterator<Item = &'a HistoryEntry>) -> Vec<String> {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for words in events.map(event) {
        match runs.last_mut() {
            Some((last, times)) if *last == words => *times += 1,
            _ => runs.push((words, 1)),
        }
    }
    let earlier = runs.len().saturating_sub(EVENTS);
    let left_out: usize = runs.iter().take(earlier).map(|(_, times)| times).sum();
    let shown = runs.into_iter().skip(earlier);
    let shown = shown.map(|(words, times)| if times > 1 { format!("{words}, {times} times") } else { words });
    let earlier = (left_out > 0).then(|| format!("{left_out} earlier events"));
    earlier.into_iter().chain(shown).collect()
}

/// Describes an event: `fail writing (attempt 2, timeout)`.
fn event(entry: &HistoryEntry) -> String {
    let kind = EventKind::parse(&entry.event);
    let attempt = entry.attempt.filter(|attempt| *attempt > 1 && kind != Some(EventKind::Progress));
    // The failed gates are listed with their scores.
    let error = entry.error.as_deref().filter(|_| kind != Some(EventKind::QualityFailure));
    let texts = [error, entry.reason.as_deref()].into_iter().flatten().map(|text| shortened(text, REASON));
    let notes: Vec<String> = attempt.map(|attempt| format!("attempt {attempt}")).into_iter().chain(texts).collect();
    let words = ChangePhrase::of_entry(entry).words();
    if notes.is_empty() { words } else { format!("{words} ({})", notes.join(", ")) }
}

/// Describes the failed gates, the costs and the state that was reached.
fn outcome_details(new: &Session, changes: &SessionChanges, policy: &Policy) -> Vec<String> {
    let mut details = Vec::new();
    if !changes.failed_gates.is_empty() {
        let gates: Vec<String> = changes.failed_gates.iter().map(gate).collect();
        details.push(format!("failed gates: {}", gates.join(", ")));
    }
    let costs = new.costs();
    if let (Some(added), Some(total)) = (changes.cost_added, costs.total)
        && added != Money::ZERO
    {
        let sign = if added > Money::ZERO { "+" } else { "" };
        let budget = costs.budget.map(|budget| format!(" of {}", budget.usd())).unwrap_or_default();
        let over = if costs.within_budget == Some(false) { ", over budget" } else { "" };
        details.push(format!("{sign}{}, total {}{budget}{over}", added.usd(), total.usd()));
    }
    let is_news = changes.from != changes.to || !changes.events.is_empty() || !changes.undone.is_empty();
    let state = changes.to.filter(|state| is_news && !matches!(state, State::Unknown | State::Initialized));
    if let Some(state) = state {
        let decision = if new.escalated(policy) { ", needs a decision" } else { "" };
        details.push(format!("now {state}{decision}"));
    }
    details
}

/// Describes a failed gate: `Overall 0.79 of 0.85`.
fn gate(failed: &FailedGate) -> String {
    let name = match failed.gate {
        Some(gate) => gate.label().to_owned(),
        None => shortened(&failed.name, REASON / 2),
    };
    match (failed.score, failed.threshold) {
        (Some(is), Some(least)) => format!("{name} {} of {}", score(Some(is)), score(Some(least))),
        (None, Some(least)) => format!("{name} below {}", score(Some(least))),
        _ => name,
    }
}

/// Makes text from a file safe to show on one line, of so many letters at most.
fn shortened(text: &str, most: usize) -> String {
    let text = one_line(text.trim());
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most - 1).chain(['\u{2026}']).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use callboard_core::{Action, Event, GateReport, Initialize, Timestamp};

    /// Returns a new session of an episode.
    pub(in crate::export) fn session(number: u64) -> Session {
        Session::initialize(&Initialize::new(number, "Tides"), Timestamp::from_unix(0), &Policy::default()).unwrap()
    }

    /// Applies an event, given as JSON.
    pub(in crate::export) fn apply(session: &mut Session, event: &str) {
        let at = session.last_updated().unwrap().plus(60);
        session.apply(&Event::from_json(event).unwrap(), at, &Policy::default()).unwrap();
    }

    /// Starts and completes an agent.
    pub(in crate::export) fn work(session: &mut Session, agent: Agent, cost: &str) {
        apply(session, &format!("{{\"type\": \"start\", \"agent\": \"{agent}\"}}"));
        apply(session, &format!("{{\"type\": \"complete\", \"agent\": \"{agent}\", \"cost\": {cost}}}"));
    }

    fn change(before: &str, now: &str) -> FileChange {
        FileChange::of("sessions/a.json", Some(before), Some(now), &Policy::default())
    }

    fn phrases(change: &FileChange) -> Vec<String> {
        change.phrases.iter().map(ChangePhrase::words).collect()
    }

    #[test]
    fn each_stage_has_its_last_event() {
        let before = session(12);
        let mut now = before.clone();
        apply(&mut now, r#"{"type": "start", "agent": "research_coordinator"}"#);
        apply(&mut now, r#"{"type": "fail", "agent": "research_coordinator", "error": "time\nout", "cost": 0.2}"#);
        apply(&mut now, r#"{"type": "retry", "agent": "research_coordinator"}"#);
        work(&mut now, Agent::ResearchCoordinator, "1.00");
        apply(&mut now, r#"{"type": "progress", "agent": "research_coordinator", "cost": 0.3}"#);
        apply(&mut now, r#"{"type": "start", "agent": "script_writer"}"#);
        let found = change(before.text(), now.text());
        assert_eq!(phrases(&found), ["complete research", "start writing"]);
        assert_eq!(
            found.details,
            [
                "start research",
                "fail research (time out)",
                "retry research",
                "start research (attempt 2)",
                "complete research (attempt 2)",
                "record progress of research",
                "start writing",
                "+$1.50, total $1.50 of $9.00",
                "now WRITING",
            ]
        );
        let undone = change(now.text(), before.text());
        assert_eq!(phrases(&undone), ["undo 7 events"]);
        assert_eq!(undone.details[0], "undo start writing");
        assert_eq!(undone.details[7], "-$1.50, total $0.00 of $9.00");
    }

    #[test]
    fn failed_gates_have_score_and_threshold() {
        let mut before = session(12);
        work(&mut before, Agent::ResearchCoordinator, "1");
        work(&mut before, Agent::ScriptWriter, "1");
        apply(&mut before, r#"{"type": "start", "agent": "quality_evaluator"}"#);
        let mut now = before.clone();
        let report = GateReport {
            failures: vec!["pace".into()],
            scores: vec![("overall".into(), 0.79)],
            ..GateReport::default()
        };
        let failure = Action::QualityFailure { report, cost: None, execution_time: None };
        let at = now.last_updated().unwrap();
        now.apply(&Event::new(Agent::QualityEvaluator, failure), at, &Policy::default()).unwrap();
        let found = change(before.text(), now.text());
        assert_eq!(phrases(&found), ["fail quality gates"]);
        let expected = ["fail quality gates", "failed gates: pace, Overall 0.79 of 0.85", "now WRITING"];
        assert_eq!(found.details, expected);
    }

    #[test]
    fn edits_are_named() {
        let before = session(12);
        let text = before.text();
        let check = |now: String, expected: &str, first: &str| {
            let found = change(text, &now);
            assert_eq!((phrases(&found).join("; "), found.details[0].as_str()), (expected.to_owned(), first));
        };
        check(text.replace("Tides", "Ebb"), "edit topic", "edit episode.topic");
        let note = text.replacen("\"status\": \"pending\"", "\"status\": \"pending\", \"model_name\": 1", 1);
        check(note, "edit model name of research", "edit agent_outputs.research_coordinator.model_name");
        let both = text.replace("Tides", "Ebb").replace("\"budget\": 9.00", "\"budget\": 8.00");
        check(both, "edit topic and budget", "edit episode.topic, cost_tracking.budget");
        check(text.replace("INITIALIZED", "INIT"), "edit history", "edit history");
        check(text.replace(": ", ":  "), "change layout", "change layout");
        check(text.to_owned(), "change mode or encoding", "change mode or encoding");
        check(
            text.replace("\"last_updated\": \"1970", "\"last_updated\": \"1971"),
            "record heartbeat",
            "record heartbeat",
        );
        let note = text.replace("\"history\": [", "\"history\": [{\"event\": \"a\\u202enote\"},");
        check(note, "record a\u{fffd}note", "record a\u{fffd}note");
    }

    #[test]
    fn repeated_and_many_events_are_counted() {
        let mut before = session(12);
        apply(&mut before, r#"{"type": "start", "agent": "research_coordinator"}"#);
        let mut now = before.clone();
        for _ in 0..20 {
            apply(&mut now, r#"{"type": "progress", "agent": "research_coordinator", "cost": 0.01}"#);
        }
        let found = change(before.text(), now.text());
        assert_eq!(phrases(&found), ["record progress of research"]);
        assert_eq!(found.details[0], "record progress of research, 20 times");
        let mut many = before.clone();
        for at in 0..20 {
            let fail = format!("{{\"type\": \"fail\", \"agent\": \"research_coordinator\", \"error\": \"e{at}\"}}");
            apply(&mut many, &fail);
            apply(&mut many, r#"{"type": "resume", "agent": "research_coordinator", "override": true}"#);
            apply(&mut many, r#"{"type": "start", "agent": "research_coordinator"}"#);
        }
        let found = change(before.text(), many.text());
        assert_eq!((found.details.len(), found.details[0].as_str()), (EVENTS + 2, "48 earlier events"));
    }

    #[test]
    fn files_come_go_and_break() {
        let session = session(12);
        let of = |before: Option<&str>, now: Option<&str>| {
            let found = FileChange::of("sessions/a.json", before, now, &Policy::default());
            (found.kind, found.label.clone(), found.details.join("; "))
        };
        let text = session.text();
        let ep = || "ep 012".to_owned();
        assert_eq!(of(None, Some(text)), (FileChangeKind::New, ep(), "new".to_owned()));
        assert_eq!(of(Some(text), None), (FileChangeKind::Removed, ep(), "removed".to_owned()));
        assert_eq!(of(Some("{"), Some(text)), (FileChangeKind::Updated, ep(), "repair the file".to_owned()));
        let broken = "not readable as a session".to_owned();
        assert_eq!(of(Some(text), Some("{")), (FileChangeKind::Updated, ep(), broken.clone()));
        assert_eq!(of(None, Some("{")), (FileChangeKind::New, "a.json".to_owned(), format!("new, {broken}")));
        assert_eq!(of(None, None).0, FileChangeKind::Removed);
    }

    #[test]
    fn a_completion_of_another_writer_needs_no_history() {
        let before = r#"{"session_id": "x", "agent_outputs": {"script_writer": {"status": "in_progress"}}}"#;
        let found = change(before, &before.replace("in_progress", "complete"));
        assert_eq!((found.label.as_str(), phrases(&found)), ("x", vec!["complete writing".to_owned()]));
    }
}
