//! Properties that hold for any bytes: the fuzz targets, which a test replays on inputs that once broke them.

use callboard_core::{Action, Agent, Event, EventKind, Policy, Session, Timestamp, diff, merge};

/// Separator of the texts of one fuzz input, which no JSON text has.
const SEPARATOR: u8 = 0x1e;

/// Function of a target, which panics if a property does not hold.
pub type Target = fn(&[u8]);

/// Name and function of a target.
pub const TARGETS: [(&str, Target); 3] = [("parse", parse), ("apply", apply), ("merge", merges)];

fn now() -> Timestamp {
    Timestamp::from_unix(1_723_389_600)
}

/// Bytes as a session file, and as an event.
pub fn parse(bytes: &[u8]) {
    match Session::from_bytes(bytes) {
        Ok(session) => look_at(&session, bytes),
        Err(error) => {
            assert!(error.line() >= 1 && error.column() >= 1);
            assert!(error.to_string().ends_with(")."));
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Event::from_json(text);
    }
}

/// Everything that a session answers, and the least event of every kind.
fn look_at(session: &Session, bytes: &[u8]) {
    assert_eq!(session.text().as_bytes(), bytes, "parsing changed a byte");
    let policy = Policy::default();
    let _ = (session.diagnostics(), session.timeline(), session.progress(now(), &policy), session.episode());
    let _ = (session.id(), session.created(), session.costs(), session.quality());
    for choice in session.choices(now(), &policy) {
        let event = match choice.kind {
            // The allowed events assume a person's override, which the minimal event lacks.
            EventKind::Resume => Event::new(choice.agent, Action::Resume { override_escalation: true, reason: None }),
            kind => Event::minimal(kind, choice.agent),
        };
        send(&mut session.clone(), &event, choice.refusal.is_none());
    }
}

/// Sends an event: it applies wholly and can be taken back, or it changes nothing.
fn send(session: &mut Session, event: &Event, may: bool) {
    let policy = Policy::default();
    let before = session.text().to_owned();
    match session.apply(event, now(), &policy) {
        Ok(outcome) if outcome.duplicate.is_some() => {
            assert_eq!(session.text(), before, "a duplicate changed something");
        }
        Ok(outcome) => {
            let after = session.text().to_owned();
            let again = Session::parse(after.as_str()).unwrap_or_else(|error| panic!("{error}: {after}"));
            assert_eq!(again.state(), Ok(outcome.to), "{before}\n{after}");
            let _ = diff::unified(&before, &after, "session.json");
            let edits = session.last_edits().unwrap_or_default();
            assert_eq!(edits.apply(&before).as_deref(), Some(after.as_str()), "the edits are not those that were made");
            assert!(session.undo());
            assert_eq!(session.text(), before, "undo is not exact");
            // And once more, so that events can follow one another.
            assert_eq!(session.apply(event, now(), &policy), Ok(outcome));
            assert_eq!(session.text(), after, "the same event twice is not the same");
            if event.key().is_some() && !event.is_heartbeat() {
                let again = session.apply(event, now().plus(60), &policy);
                assert!(again.is_ok_and(|outcome| outcome.duplicate.is_some()), "the key is not known again");
                assert_eq!(session.text(), after, "a duplicate changed something");
            }
        }
        Err(refusal) => {
            assert_eq!(session.text(), before, "a refusal changed something");
            let cost = refusal.code.name() == "unreadable_state";
            assert!(!may || cost, "what may be done was refused: {refusal}");
        }
    }
}

/// A session file and the events that follow, each as text.
pub fn apply(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == SEPARATOR);
    let Ok(mut session) = Session::from_bytes(parts.next().unwrap_or_default()) else { return };
    for event in parts.take(16) {
        let Ok(event) = std::str::from_utf8(event) else { return };
        if let Ok(event) = session.event(event, now(), &Policy::default()) {
            send(&mut session, &event, false);
        }
    }
    for agent in Agent::ALL {
        for kind in EventKind::ALL {
            let event = Event::minimal(kind, agent);
            send(&mut session.clone(), &event.clone().with_key("a"), false);
            send(&mut session.clone(), &event.clone().with_attempt(1), false);
            send(&mut session.clone(), &event, false);
        }
    }
}

/// Three texts: the common base, and each side's version.
pub fn merges(bytes: &[u8]) {
    let texts: Option<Vec<&str>> =
        bytes.split(|byte| *byte == SEPARATOR).map(|text| std::str::from_utf8(text).ok()).collect();
    let Some(&[base, ours, theirs]) = texts.as_deref() else { return };
    let Ok(merged) = merge(base, ours, theirs) else { return };
    if let Err(error) = Session::parse(merged.text.as_str()) {
        // Each side removed the other's identifying key: the rest is JSON, but no session.
        assert_eq!(error.code().name(), "not_a_session", "{error}: {}", merged.text);
    }
    let other = merge(base, theirs, ours).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(merged.conflicts.len(), other.conflicts.len(), "the sides are not alike");
    for (side, base_text) in [(ours, base), (theirs, base)] {
        for (ours, theirs) in [(side, base_text), (base_text, side), (side, side)] {
            let same = merge(base_text, ours, theirs).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(same.text, side, "a side that changed nothing did not give way");
            assert!(same.conflicts.is_empty());
        }
    }
}
