//! Bad input is answered with an error or diagnostics, never a panic, a hang or a stack overflow.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::SAMPLE;
use crate::support::layout::{Layout, Node};
use callboard_core::{Agent, Event, EventKind, Policy, Session, State, Timestamp};
use std::time::{Duration, Instant};

const NOW: &str = "2024-08-11T15:20:00Z";

/// Everything that a session answers, and every event on it; the errors with their place. What parses is
/// returned.
fn try_everything(text: &str) -> Option<Session> {
    let (now, policy) = (Timestamp::parse(NOW).unwrap(), Policy::default());
    let session = match Session::parse(text) {
        Ok(session) => session,
        Err(error) => {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(&(error.line() as usize)), "{error}");
            assert!(error.column() >= 1 && !error.message().is_empty(), "{error}");
            return None;
        }
    };
    assert_eq!(session.text(), text);
    for diagnostic in session.diagnostics() {
        assert!(diagnostic.line >= 1 && diagnostic.column >= 1, "{diagnostic:?}");
    }
    let unreadable = session.state().map_or(true, |state| state == State::Unknown);
    assert_eq!(session.choices(now, &policy).len(), EventKind::ALL.len());
    let _ = (session.progress(now, &policy), session.timeline(), session.id(), session.created(), session.episode());
    for agent in Agent::ALL {
        let _ = session.agent(agent);
        for kind in EventKind::ALL {
            let mut after = session.clone();
            match after.apply(&Event::minimal(kind, agent), now, &policy) {
                Ok(_) => {
                    assert!(!unreadable, "an event was accepted in a state that cannot be read");
                    Session::parse(after.text()).unwrap();
                    assert!(after.undo());
                }
                Err(refusal) => assert!(!unreadable || refusal.code.name() == "unreadable_state", "{refusal}"),
            }
            assert_eq!(after.text(), text);
        }
    }
    Some(session)
}

#[test]
fn the_sample_cut_off_at_every_byte() {
    for end in 0..SAMPLE.len() {
        let bytes = &SAMPLE.as_bytes()[..end];
        match Session::from_bytes(bytes) {
            // Without its last line end it is complete.
            Ok(_) => assert_eq!(end, SAMPLE.len() - 1),
            Err(error) => assert!(error.line() >= 1 && error.column() >= 1, "at {end}: {error}"),
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            try_everything(text);
        }
    }
}

#[test]
fn each_value_replaced_by_each_type() {
    // A file with every key that the format knows.
    let full = SAMPLE
        .replace("\"retry_count\": 0", "\"retry_count\": 0, \"skipped_stages\": [], \"gate_failures\": 1, \"escalation\": {\"stage\": \"writing\"}")
        .replace("15:18:00Z\"", "15:18:00Z\", \"error\": \"x\", \"handoff\": {\"data\": {}}")
        .replace("\n}\n", ",\n  \"feedback\": [\"a\"], \"adjustments_needed\": [\"b\"],\n  \"history\": [\n    {\"at\": \"2024-08-11T14:58:00Z\", \"event\": \"start\", \"agent\": \"script_writer\", \"cost\": 1, \"attempt\": 1}\n  ]\n}\n");
    let others = [
        "null",
        "true",
        "0",
        "-1",
        "0.5",
        "1e400",
        "-1e400",
        "123456789012345678901234567890",
        "\"\"",
        "\"x\"",
        "[]",
        "[{}]",
        "{}",
        "[[[]]]",
    ];
    let tree = Node::parse(&full);
    let mut count = 0;
    for path in paths(&tree) {
        for other in others {
            let mut changed = tree.clone();
            *at(&mut changed, &path) = Node::Scalar(other.to_owned());
            try_everything(&changed.render(&Layout::indented("  ")));
            count += 1;
        }
    }
    println!("{count} texts");
}

fn paths(node: &Node) -> Vec<Vec<usize>> {
    let items: Vec<&Node> = match node {
        Node::Scalar(_) => Vec::new(),
        Node::Array(items) => items.iter().collect(),
        Node::Object(items) => items.iter().map(|(_, item)| item).collect(),
    };
    let mut out = vec![Vec::new()];
    for (index, item) in items.into_iter().enumerate() {
        out.extend(paths(item).into_iter().map(|rest| [vec![index], rest].concat()));
    }
    out
}

fn at<'a>(node: &'a mut Node, path: &[usize]) -> &'a mut Node {
    let Some((first, rest)) = path.split_first() else { return node };
    match node {
        Node::Scalar(_) => panic!("a scalar has no items"),
        Node::Array(items) => at(&mut items[*first], rest),
        Node::Object(items) => at(&mut items[*first].1, rest),
    }
}

/// Runs `work` on a stack as small as WebAssembly's, and returns the duration.
fn on_a_small_stack(name: &str, work: impl FnOnce() + Send + 'static) -> Duration {
    let began = Instant::now();
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap_or_else(|_| panic!("{name}"));
    began.elapsed()
}

/// A value nested as deep as `depth`.
fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn a_hundred_thousand_levels_deep() {
    let shapes = [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")];
    for (open, close) in shapes {
        let deep = nested(open, "1", close, 100_000);
        let took = on_a_small_stack(open, move || {
            // The whole file, an unknown key, and keys that the machine reads.
            assert!(Session::parse(deep.as_str()).is_err() || open == "{\"a\":");
            for key in ["x", "feedback", "quality_metrics", "history", "session_id", "agent_outputs"] {
                let text = format!(
                    "{{\"session_id\": \"a\", \"pipeline_state\": {{\"current_stage\": \"writing\"}}, \"{key}\": {deep}}}"
                );
                let mut session = Session::parse(text.as_str()).unwrap();
                let _ = (session.diagnostics(), session.timeline(), session.state());
                let event = Event::minimal(EventKind::Complete, Agent::ScriptWriter);
                if session.apply(&event, Timestamp::parse(NOW).unwrap(), &Policy::default()).is_ok() {
                    assert!(session.undo());
                }
                assert_eq!(session.text(), text);
            }
            // Fields of an event.
            for (event, accepted) in [
                (
                    format!(
                        r#"{{"type": "quality_failure", "agent": "quality_evaluator", "report": {{"failures": ["brand_consistency"], "recommendations": {deep}}}}}"#
                    ),
                    true,
                ),
                (
                    format!(
                        r#"{{"type": "quality_failure", "agent": "quality_evaluator", "report": {{"failures": ["technical"], "technical_fixes": {deep}}}}}"#
                    ),
                    true,
                ),
                (
                    format!(
                        r#"{{"type": "complete", "agent": "quality_evaluator", "handoff": {{"data": {{"notes": {deep}}}, "validation": {{}}}}}}"#
                    ),
                    false,
                ),
                (format!(r#"{{"type": "complete", "agent": "quality_evaluator", "handoff": {deep}}}"#), false),
                (format!(r#"{{"type": "fail", "agent": "quality_evaluator", "error": {deep}}}"#), false),
                (deep.clone(), false),
            ] {
                let mut session =
                    Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation"}}"#)
                        .unwrap();
                let result = Event::from_json(&event)
                    .and_then(|event| session.apply(&event, Timestamp::parse(NOW).unwrap(), &Policy::default()));
                assert_eq!(result.is_ok(), accepted, "{}", &event[..80.min(event.len())]);
                if accepted {
                    assert!(session.text().contains(&deep[..1000]));
                }
            }
        });
        println!("{open} 100,000 deep: {took:?}");
    }
}

#[test]
fn a_hundred_megabytes() {
    let long = on_a_small_stack("one long string", || {
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}}, "note": "{}"}}"#,
            "x".repeat(100 << 20)
        );
        big(text);
    });
    let many = on_a_small_stack("many small values", || {
        // Fewer megabytes than the string: each value takes a node.
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}}, "notes": [{}1]}}"#,
            "1,".repeat(10 << 20)
        );
        big(text);
    });
    println!("100 MB: {long:?}; 10 million values: {many:?}");
    assert!(long + many < Duration::from_secs(120));
}

fn big(text: String) {
    let mut session = Session::parse(text).unwrap();
    let length = session.text().len();
    let _ = (session.diagnostics(), session.state());
    let event = Event::minimal(EventKind::Complete, Agent::ScriptWriter);
    session.apply(&event, Timestamp::parse(NOW).unwrap(), &Policy::default()).unwrap();
    assert!(session.text().len() > length);
    assert!(session.undo());
    assert_eq!(session.text().len(), length);
}

#[test]
fn texts_that_are_no_session_are_refused_by_name() {
    let check = |bytes: &[u8], code: &str| {
        let shown = String::from_utf8_lossy(bytes);
        match Session::from_bytes(bytes) {
            Ok(_) => assert_eq!(code, "", "{shown} was taken for a session"),
            Err(error) => assert_eq!(error.code().name(), code, "{shown}: {error}"),
        }
    };
    let with = |value: &str| format!("{{\"session_id\": {value}}}").into_bytes();
    check(b"", "empty");
    check(b"\xef\xbb\xbf", "empty");
    check(b"{}", "not_a_session");
    check(b"null", "not_a_session");
    check(b"\"session_id\"", "not_a_session");
    for value in ["NaN", "Infinity"] {
        check(&with(value), "bad_number");
    }
    check(&with("-Infinity"), "bad_number");
    check(&with("\"\\ud800\""), "");
    check(&with("\"\\udc00\\ud800\""), "");
    check(&with("\"\\u{41}\""), "bad_string");
    check(&with("\"a\0b\""), "bad_string");
    check(&with("\0"), "unexpected_character");
    check(&with("\u{feff}1"), "unexpected_character");
    check(&with("1}\0"), "trailing_characters");
    check(&with("1}\n<<<<<<< HEAD\n"), "merge_conflict");
    check(&[&b"\xef\xbb\xbf"[..], &with("\"a\"")].concat(), "");
    check(&[&with("\"a\"")[..], b"\xef\xbb\xbf"].concat(), "trailing_characters");
    let conflict = SAMPLE.replace(
        "    \"retry_count\": 0\n",
        "<<<<<<< HEAD\n    \"retry_count\": 0\n=======\n    \"retry_count\": 1\n>>>>>>> theirs\n",
    );
    check(conflict.as_bytes(), "merge_conflict");
    for place in [0, 1, 20, 400, SAMPLE.len()] {
        for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80"] {
            let bytes = [&SAMPLE.as_bytes()[..place], bad, &SAMPLE.as_bytes()[place..]].concat();
            check(&bytes, "not_utf8");
        }
    }
    for wide in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let units = std::iter::once(0xfeff).chain(SAMPLE.encode_utf16());
        check(&units.flat_map(wide).collect::<Vec<u8>>(), "not_utf8");
    }
    // Without a byte order mark the bytes are UTF-8 too, full of NULs.
    for wide in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        check(&SAMPLE.encode_utf16().flat_map(wide).collect::<Vec<u8>>(), "not_utf8");
    }
}

#[test]
fn odd_sessions_are_answered_in_full() {
    let with =
        |key: &str, value: &str| SAMPLE.replacen("\"session_id\":", &format!("{key}: {value},\n  \"session_id\":"), 1);
    for (key, value) in [
        ("\"__proto__\"", "{\"pipeline_state\": {\"current_stage\": \"complete\"}}"),
        ("\"constructor\"", "1"),
        ("\"\"", "\"\""),
        ("\"\\ud800\"", "\"\\udfff\""),
        ("\"session\\u005fid\"", "7"),
        ("\"pipeline_state\"", "\"broken\""),
        ("\"Pipeline-State\"", "{\"current_stage\": \"lunch\"}"),
        ("\"timestamps\"", "null"),
        ("\"history\"", "{\"length\": 1e9}"),
        ("\"\u{1F419}\"", "\"\u{2028}\u{202e}\u{0301}\""),
    ] {
        let session = try_everything(&with(key, value)).unwrap();
        // An older duplicate, or an alias of a key that is there, does not count.
        let counts = key == "\"history\"";
        assert_eq!(session.state().is_err(), counts, "{key}: {value}");
        assert!(try_everything(&format!("\u{feff}{}", with(key, value).replace('\n', "\r\n"))).is_some());
    }
    let twice = SAMPLE.replace("\"retry_count\": 0", "\"retry_count\": \"none\", \"retry_count\": 0");
    let session = try_everything(&twice).unwrap();
    assert!(session.diagnostics().iter().any(|found| found.code == "duplicate_key"));
    assert_eq!(session.retry_count(), 0);
}
