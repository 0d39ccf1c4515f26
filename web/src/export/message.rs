//! Commit message for changed session files.
use super::file_change::{ChangePhrase, FileChange, FileChangeKind};
use crate::format::count;

/// Greatest length of the first line: git tools show 72 characters, some of them fewer by one.
pub const SUBJECT: usize = 71;

/// Length at which the lines after the first are wrapped.
const WIDTH: usize = 72;

/// Number of sessions that a subject names.
const NAMED: usize = 4;

/// Returns a subject line, and a paragraph per session: what happened, failed gates, costs and the state reached.
pub fn message(changes: &[FileChange]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let paragraphs: Vec<String> = changes.iter().map(paragraph).collect();
    format!("{}\n\n{}\n", subject(changes), paragraphs.join("\n"))
}

fn subject(changes: &[FileChange]) -> String {
    let (head, phrases) = match changes {
        [one] => {
            if let Some(topic) = &one.topic
                && let Some(subject) = fitting(&one.label, &[format!("{} ({topic})", words(&one.phrases))])
            {
                return subject;
            }
            (one.label.clone(), one.phrases.clone())
        }
        _ => {
            if let Some(subject) = of_all(changes) {
                return subject;
            }
            (counted(changes), frequent(changes))
        }
    };
    if changes.len() == 1 {
        // The last events say most about where the session is now.
        let latest = (0..phrases.len()).find_map(|from| fitting(&head, &joined_by_verb(&phrases[from..])));
        return latest.unwrap_or_else(|| cut(&format!("{head}: {}", words(&phrases))));
    }
    let most = (1..=phrases.len()).rev().find_map(|to| {
        let mut shown = joined_by_verb(&phrases[..to]);
        shown.extend((to < phrases.len()).then(|| "\u{2026}".to_owned()));
        fitting(&head, &shown)
    });
    most.unwrap_or_else(|| cut(&head))
}

/// Returns the subject of a few sessions to which the same happened.
fn of_all(changes: &[FileChange]) -> Option<String> {
    let (first, rest) = changes.split_first()?;
    let is_same = |other: &FileChange| other.kind == first.kind && other.phrases == first.phrases;
    let labels: Vec<&str> = changes.iter().map(|change| change.label.as_str()).collect();
    let is_repeated = |at: usize| labels[..at].contains(&labels[at]);
    let is_named = first.kind == FileChangeKind::Updated && labels.len() <= NAMED && rest.iter().all(is_same);
    if !is_named || (0..labels.len()).any(is_repeated) {
        return None;
    }
    fitting(&labels.join(", "), &joined_by_verb(&first.phrases))
}

/// Counts the files by the kinds of their changes: `Add 1 session, update 4`.
fn counted(changes: &[FileChange]) -> String {
    let kinds =
        [(FileChangeKind::New, "add"), (FileChangeKind::Updated, "update"), (FileChangeKind::Removed, "remove")];
    let mut text = String::new();
    for (kind, verb) in kinds {
        let number = changes.iter().filter(|change| change.kind == kind).count();
        if number == 0 {
            continue;
        }
        if text.is_empty() {
            let (first, rest) = verb.split_at(1);
            text = format!("{}{rest} {}", first.to_uppercase(), count(number, "session", "sessions"));
        } else {
            text.push_str(&format!(", {verb} {number}"));
        }
    }
    text
}

/// Returns what happened to the updated sessions, the most frequent first.
fn frequent(changes: &[FileChange]) -> Vec<ChangePhrase> {
    let mut counts: Vec<(&ChangePhrase, usize)> = Vec::new();
    let updated = changes.iter().filter(|change| change.kind == FileChangeKind::Updated);
    for phrase in updated.flat_map(|change| &change.phrases) {
        match counts.iter_mut().find(|(known, _)| *known == phrase) {
            Some((_, times)) => *times += 1,
            None => counts.push((phrase, 1)),
        }
    }
    counts.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    counts.into_iter().map(|(phrase, _)| phrase.clone()).collect()
}

/// Joins the objects of each verb: `complete research and writing`.
fn joined_by_verb(phrases: &[ChangePhrase]) -> Vec<String> {
    let mut verbs: Vec<(&str, Vec<&str>)> = Vec::new();
    for phrase in phrases {
        match verbs.last_mut() {
            Some((verb, objects)) if *verb == phrase.verb => objects.push(&phrase.object),
            _ => verbs.push((phrase.verb, vec![&phrase.object])),
        }
    }
    let phrase = |(verb, objects): (&str, Vec<&str>)| match objects.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{verb} {} and {last}", first.join(", ")),
        objects => format!("{verb} {}", objects.concat()),
    };
    verbs.into_iter().map(phrase).collect()
}

fn words(phrases: &[ChangePhrase]) -> String {
    joined_by_verb(phrases).join(", ")
}

/// Returns a subject if it is short enough.
fn fitting(head: &str, phrases: &[String]) -> Option<String> {
    let subject = format!("{head}: {}", phrases.join(", "));
    (subject.chars().count() <= SUBJECT).then_some(subject)
}

fn cut(subject: &str) -> String {
    if subject.chars().count() <= SUBJECT {
        return subject.to_owned();
    }
    subject.chars().take(SUBJECT - 1).chain(['\u{2026}']).collect()
}

/// Returns the paragraph of a session. Its further lines are indented, so that no text of a file can begin a line.
fn paragraph(change: &FileChange) -> String {
    let topic = change.topic.as_ref().map(|topic| format!(" ({topic})")).unwrap_or_default();
    let rest = format!("{topic}: {}", change.details.join("; "));
    // An id stays whole.
    let mut words = rest.split(' ');
    let mut text = format!("- {}{}", change.id, words.next().unwrap_or_default());
    let mut length = text.chars().count();
    for word in words.filter(|word| !word.is_empty()) {
        let letters = word.chars().count();
        if length + 1 + letters > WIDTH {
            text.push_str("\n  ");
            length = 2 + letters;
        } else {
            text.push(' ');
            length += 1 + letters;
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::file_change::tests::{apply, session, work};
    use super::*;
    use callboard_core::{Agent, Policy, Session};

    fn change(before: Option<&Session>, now: &Session) -> FileChange {
        FileChange::of("a.json", before.map(Session::text), Some(now.text()), &Policy::default())
    }

    /// Returns a session whose script is ready, and the same one after its evaluation has begun.
    fn evaluated(number: u64) -> [Session; 2] {
        let mut before = session(number);
        work(&mut before, Agent::ResearchCoordinator, "3.30");
        let mut now = before.clone();
        work(&mut now, Agent::ScriptWriter, "1.20");
        apply(&mut now, r#"{"type": "start", "agent": "quality_evaluator"}"#);
        [before, now]
    }

    fn first(changes: &[FileChange]) -> String {
        message(changes).lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn one_session_is_named_in_the_subject() {
        let [before, now] = evaluated(12);
        let text = "ep 012: complete writing, start evaluation (Tides)\n\n\
            - ep_012_19700101_0000 (Tides): start writing; complete writing; start\n  \
            evaluation; +$1.20, total $4.50 of $9.00; now EVALUATING\n";
        assert_eq!(message(&[change(Some(&before), &now)]), text);
        assert_eq!(first(&[change(Some(&now), &before)]), "ep 012: undo 3 events (Tides)");
        let mut one = before.clone();
        apply(&mut one, r#"{"type": "start", "agent": "script_writer"}"#);
        let text =
            "ep 012: undo start writing (Tides)\n\n- ep_012_19700101_0000 (Tides): undo start writing; now WRITING\n";
        assert_eq!(message(&[change(Some(&one), &before)]), text);
        let edited = Session::parse(before.text().replace("Tides", "Ebb")).unwrap();
        assert_eq!(first(&[change(Some(&before), &edited)]), "ep 012: edit topic (Ebb)");
        let mut all = session(12);
        for agent in Agent::ALL {
            work(&mut all, agent, "1");
        }
        let done = "ep 012: complete research, writing, evaluation and synthesis (Tides)";
        assert_eq!(first(&[change(Some(&session(12)), &all)]), done);
        assert_eq!(message(&[]), "");
    }

    #[test]
    fn several_sessions_are_named_or_counted() {
        let [before, now] = evaluated(12);
        let [other, later] = evaluated(13);
        let (one, two) = (change(Some(&before), &now), change(Some(&other), &later));
        let both = "ep 012, ep 013: complete writing, start evaluation";
        assert_eq!(first(&[one.clone(), two.clone()]), both);
        let edited = Session::parse(before.text().replace("Tides", "Ebb")).unwrap();
        let edit = change(Some(&before), &edited);
        let mixed = [one.clone(), edit.clone()];
        assert_eq!(first(&mixed), "Update 2 sessions: complete writing, start evaluation, edit topic");
        // The same session twice is not named twice.
        assert_eq!(first(&[one.clone(), one.clone()]), "Update 2 sessions: complete writing, start evaluation");
        let new = change(None, &session(14));
        let gone = FileChange::of("b.json", Some(before.text()), None, &Policy::default());
        assert_eq!(first(&[new.clone(), edit.clone()]), "Add 1 session, update 1: edit topic");
        assert_eq!(first(&[gone.clone(), edit, new.clone()]), "Add 1 session, update 1, remove 1: edit topic");
        assert_eq!(first(&[new.clone(), new.clone()]), "Add 2 sessions");
        assert_eq!(first(&[gone]), "ep 012: remove session (Tides)");
        let text = "ep 014: new session (Tides)\n\n- ep_014_19700101_0000 (Tides): new\n";
        assert_eq!(message(&[new]), text);
    }

    #[test]
    fn a_subject_keeps_what_fits() {
        let mut one = change(None, &session(1));
        one.kind = FileChangeKind::Updated;
        let phrase = |verb, at: usize| ChangePhrase { verb, object: format!("a rather long object {at}") };
        one.phrases = vec![phrase("complete", 1), phrase("start", 2), phrase("edit", 3)];
        assert_eq!(first(&[one.clone()]), "ep 001: start a rather long object 2, edit a rather long object 3");
        let mut two = one.clone();
        two.phrases = vec![phrase("undo", 4), phrase("start", 2)];
        let most = "Update 2 sessions: start a rather long object 2, \u{2026}";
        assert_eq!(first(&[one.clone(), two]), most);
        one.topic = Some("long ".repeat(40));
        one.kind = FileChangeKind::New;
        one.phrases = vec![ChangePhrase { verb: "new", object: "session".into() }];
        assert_eq!(first(&[one]), "ep 001: new session");
    }

    #[test]
    fn an_id_stays_on_one_line() {
        let id = format!("a\\n\\u202eb{}", "x".repeat(200));
        let text = |stage: &str| {
            let text = format!(r#"{{"session_id": "{id}", "pipeline_state": {{"current_stage": "{stage}"}}}}"#);
            Session::parse(text).unwrap()
        };
        let text = message(&[change(Some(&text("research")), &text("writing"))]);
        assert!(text.lines().next().is_some_and(|subject| subject.chars().count() == SUBJECT), "{text}");
        assert!(text.lines().skip(2).enumerate().all(|(at, line)| line.starts_with(if at == 0 {
            "- a "
        } else {
            "  "
        })));
        assert!(!text.contains('\u{202e}'));
    }

    #[test]
    fn lines_are_wrapped() {
        let mut one = change(None, &session(1));
        one.details = vec!["word".into(); 40];
        one.details.push("y".repeat(100));
        let text = message(&[one]);
        let mut lines = text.lines().skip(2);
        assert!(lines.clone().count() > 3);
        assert!(lines.all(|line| line.chars().count() <= WIDTH || line.trim_start() == "y".repeat(100)));
    }
}
