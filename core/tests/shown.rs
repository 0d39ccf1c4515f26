//! Views of a session for user interfaces: handoffs, suggestions, transitions, tokens and the digest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Agent, Availability, Event, EventKind, HandoffKind, Policy, Session, Stage, State, Timestamp, TokenKind,
};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2024-08-11T15:00:00Z").unwrap().plus(minute * 60)
}

fn sample() -> Session {
    Session::parse(SAMPLE).unwrap()
}

fn apply(session: &mut Session, minute: i64, event: &str) {
    let read = Event::from_json(event).unwrap_or_else(|refusal| panic!("{event}: {refusal}"));
    session.apply(&read, at(minute), &Policy::default()).unwrap_or_else(|refusal| panic!("{event}: {refusal}"));
}

#[test]
fn every_agent_but_the_last_hands_over_data_first_and_flags_after() {
    for agent in Agent::ALL {
        let fields = agent.handoff_fields();
        assert_eq!(fields.is_empty(), agent == Agent::AudioSynthesizer);
        let is_flag = |kind| matches!(kind, HandoffKind::StatedFlag | HandoffKind::ComputedFlag);
        assert!(fields.is_sorted_by_key(|field| is_flag(field.kind)), "{agent}");
    }
    let kinds: Vec<HandoffKind> = Agent::ResearchCoordinator.handoff_fields().iter().map(|field| field.kind).collect();
    assert!(kinds.contains(&HandoffKind::Path) && kinds.contains(&HandoffKind::Assessment), "{kinds:?}");
}

#[test]
fn typed_texts_become_a_handoff_that_is_accepted_and_shown() {
    for (agent, stage) in [(Agent::ScriptWriter, Stage::Writing), (Agent::ResearchCoordinator, Stage::Research)] {
        let fields = agent.handoff_fields();
        let typed: Vec<(&str, &str)> = fields
            .iter()
            .map(|field| {
                let text = match field.kind {
                    HandoffKind::Path => "output/a \"b\".md",
                    HandoffKind::Number | HandoffKind::Assessment => " 27 ",
                    HandoffKind::Texts => "one\n\n two \n",
                    HandoffKind::Scores => "clarity: 0.9\nwarmth: 0.8",
                    HandoffKind::Text => "calm",
                    HandoffKind::StatedFlag | HandoffKind::ComputedFlag => "true",
                };
                (field.name, text)
            })
            .collect();
        let handoff = agent.handoff_of(&typed).unwrap();
        let mut session = Session::parse(format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{}"}},
                "agent_outputs": {{"{agent}": {{"status": "in_progress"}}}}}}"#,
            stage.name()
        ))
        .unwrap();
        let event = format!(
            r#"{{"type": "complete", "agent": "{agent}", "cost": 1, "quality_score": 0.95,
                "output_file": "output/a \"b\".md", "handoff": {}}}"#,
            handoff.text()
        );
        apply(&mut session, 0, &event);
        let records = session.handoffs(&Policy::default());
        let record = records.iter().find(|record| record.from == agent).unwrap();
        assert!(record.given && Some(record.to.stage()) == stage.next());
        assert!(
            record.data.iter().all(|(name, value)| value.is_some() || !typed.iter().any(|(typed, _)| typed == name))
        );
        assert!(record.flags.iter().all(|flag| flag.value == Some(true)), "{:?}", record.flags);
    }
}

#[test]
fn a_text_that_is_not_a_number_stays_a_text() {
    let typed = [("script_file", ""), ("word_count", "many"), ("format_valid", "no")];
    let handoff = Agent::ScriptWriter.handoff_of(&typed).unwrap();
    assert!(handoff.text().contains(r#""data": {"word_count": "many"}, "validation": {}"#), "{}", handoff.text());
    assert!(Agent::AudioSynthesizer.handoff_of(&typed).is_none());
    let scores = Agent::ResearchCoordinator.handoff_fields();
    if let Some(field) = scores.iter().find(|field| field.kind == HandoffKind::Scores) {
        let text = Agent::ResearchCoordinator.handoff_of(&[(field.name, "clarity")]).unwrap();
        assert!(text.text().contains(r#"{"clarity": ""}"#), "{}", text.text());
    }
}

#[test]
fn a_flag_is_what_the_file_states_else_what_follows_else_unknown() {
    let text = r#"{"session_id": "a", "agent_outputs": {"script_writer": {"handoff": {"data": {"script_file": "a.md"},
        "validation": {"script_complete": false, "format_valid": "perhaps"}}}}}"#;
    let records = Session::parse(text).unwrap().handoffs(&Policy::default());
    assert_eq!(records.len(), 3);
    let flag = |agent, name| {
        let record = records.iter().find(|record| record.from == agent).unwrap();
        let flag = record.flags.iter().find(|flag| flag.name == name).unwrap();
        (flag.value, flag.stated)
    };
    assert_eq!(flag(Agent::ScriptWriter, "script_complete"), (Some(false), true));
    assert_eq!(flag(Agent::ScriptWriter, "format_valid"), (None, true));
    assert_eq!(flag(Agent::ScriptWriter, "ready_for_evaluation"), (None, false));
    let computed = records[1].flags.iter().filter(|flag| flag.why.is_some());
    assert!(computed.into_iter().all(|flag| flag.value == Some(false) && !flag.stated));
    assert!(!records[0].given && records[0].flags.iter().all(|flag| flag.value.is_none()));
}

#[test]
fn suggestions_are_what_the_file_knows() {
    let policy = Policy::default();
    let session = sample();
    let writer = session.suggestions(Agent::ScriptWriter, at(10), &policy);
    assert_eq!(writer.elapsed, Some(12 * 60));
    assert!(writer.estimated_completion.is_some_and(|estimate| estimate > at(10)));
    let known: Vec<&str> = writer.handoff.iter().map(|(name, _)| *name).collect();
    assert_eq!(known, ["estimated_duration", "complexity_level"]);
    let research = session.suggestions(Agent::ResearchCoordinator, at(10), &policy);
    assert_eq!(research.elapsed, None);
    assert_eq!(research.handoff[0], ("research_package", research.output_file.unwrap()));
    let evaluator = session.suggestions(Agent::QualityEvaluator, at(10), &policy);
    assert_eq!(evaluator.handoff, [("approval_status", "PASS".to_owned())]);
    assert_eq!(evaluator.estimated_completion, Some(at(10).plus(policy.typical_duration(Stage::Evaluation))));
    assert!(session.suggestions(Agent::AudioSynthesizer, at(10), &policy).handoff.is_empty());
}

/// A text that reports this kind of event.
fn event(kind: EventKind, agent: Agent) -> String {
    let more = match kind {
        EventKind::Fail => r#", "error": "e""#,
        EventKind::Skip => r#", "reason": "r""#,
        EventKind::QualityFailure => r#", "report": {"scores": {"overall": 0.5}}"#,
        _ => "",
    };
    format!(r#"{{"type": "{}", "agent": "{agent}"{more}}}"#, kind.name())
}

#[test]
fn a_way_that_is_said_to_be_open_leads_where_it_is_drawn_to() {
    let policy = Policy::default();
    let mut session = sample();
    let steps = [
        r#"{"type": "fail", "agent": "script_writer", "error": "e"}"#,
        r#"{"type": "retry", "agent": "script_writer"}"#,
        r#"{"type": "start", "agent": "script_writer"}"#,
        r#"{"type": "complete", "agent": "script_writer", "cost": 1.2}"#,
        r#"{"type": "start", "agent": "quality_evaluator"}"#,
        r#"{"type": "complete", "agent": "quality_evaluator"}"#,
        r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "r"}"#,
    ];
    let mut seen = 0;
    for (minute, step) in (0..).zip(steps.into_iter().map(Some).chain([None])) {
        let state = session.state().unwrap();
        for way in session.transitions(at(minute), &policy) {
            match way.availability {
                Availability::Allowed if way.kind != EventKind::QualityFailure => {
                    let mut taken = session.clone();
                    apply(&mut taken, minute, &event(way.kind, way.agent));
                    assert_eq!(way.from, state);
                    assert_eq!(taken.state().unwrap(), way.to, "{:?} of {}", way.kind, way.agent);
                    seen += 1;
                }
                Availability::Allowed => assert!([State::Writing, State::Researching].contains(&way.to)),
                Availability::Elsewhere => assert_ne!(way.from, state),
                Availability::Refused(refusal) => assert!(!refusal.to_string().is_empty()),
            }
        }
        if let Some(step) = step {
            apply(&mut session, minute, step);
        }
    }
    assert!(seen > 10, "{seen}");
    let ways = session.transitions(at(9), &policy);
    let taken = |kind, agent, from| {
        let way = ways.iter().find(|way| (way.kind, way.agent, way.from) == (kind, agent, from)).unwrap();
        (way.taken, way.derived)
    };
    assert_eq!(taken(EventKind::Complete, Agent::ResearchCoordinator, State::Researching), (1, true));
    assert_eq!(taken(EventKind::Fail, Agent::ScriptWriter, State::Writing), (1, false));
    assert_eq!(taken(EventKind::Skip, Agent::AudioSynthesizer, State::Synthesizing), (1, false));
}

#[test]
fn between_the_pieces_of_a_text_there_is_only_punctuation() {
    let mut end = 0;
    for token in sample().tokens() {
        let (start, stop) = (token.start as usize, token.end as usize);
        assert!(SAMPLE[end..start].chars().all(|letter| " \n{}[],:".contains(letter)), "{}", &SAMPLE[end..start]);
        let text = &SAMPLE[start..stop];
        let fits = match token.kind {
            TokenKind::Key | TokenKind::Text => text.starts_with('"') && text.ends_with('"') && text.len() > 1,
            TokenKind::Number => text.parse::<f64>().is_ok(),
            TokenKind::Word => ["true", "false", "null"].contains(&text),
        };
        assert!(fits, "{text}");
        end = stop;
    }
    assert!(SAMPLE[end..].chars().all(|letter| " \n{}[],:".contains(letter)));
}

#[test]
fn a_digest_says_what_its_session_says() {
    let mut session = sample();
    let policy = Policy::default();
    let steps = [
        r#"{"type": "complete", "agent": "script_writer", "cost": 1.2}"#,
        r#"{"type": "start", "agent": "quality_evaluator"}"#,
        r#"{"type": "fail", "agent": "quality_evaluator", "error": "e"}"#,
        r#"{"type": "retry", "agent": "quality_evaluator"}"#,
        r#"{"type": "start", "agent": "quality_evaluator"}"#,
        r#"{"type": "complete", "agent": "quality_evaluator"}"#,
        r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "r"}"#,
    ];
    for (minute, step) in (0..).zip(steps) {
        apply(&mut session, minute, step);
        let digest = session.digest();
        let summary = digest.health_summary(at(minute), &policy);
        assert_eq!(digest.state(), session.state().ok());
        assert_eq!(digest.is_complete(), session.state() == Ok(State::Complete));
        assert_eq!(digest.stage().is_none(), digest.is_complete());
        let done = digest.done().iter().filter(|done| **done).count();
        assert_eq!(digest.progress_percentage().map(usize::from), Some(done * 25));
        assert_eq!(summary.health, session.health(at(minute), &policy).health);
        assert_eq!(digest.costs().total, session.costs().total);
        assert_eq!(digest.failures.is_empty(), minute < 2);
        assert!(digest.failures.iter().all(|moment| *moment == at(2)));
    }
    assert!(session.digest().minutes().is_some_and(|minutes| minutes > 0.0));
    let unreadable = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "lunch"}}"#).unwrap();
    let digest = unreadable.digest();
    assert_eq!((digest.state(), digest.stage(), digest.is_complete(), digest.minutes()), (None, None, false, None));
}
