//! Texts survive any writer's habits (order of keys, layout, spelling, own keys): parsing and writing keeps them, an event
//! changes only the members that it names, and undo reverts it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::disguise::{Noise, disguise, noise};
use crate::support::explore::{beginning, poor_beginning};
use crate::support::layout::{Layout, Node};
use crate::support::named::{is_named, named};
use crate::support::steps::{Step, steps};
use crate::support::{SAMPLE, STAGES};
use callboard_core::diff::{LineKind, lines};
use callboard_core::{Event, Policy, Session, merge};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A session's text as some writer might have left it.
fn text() -> impl Strategy<Value = (String, Layout)> {
    let start = select(vec![beginning().text().to_owned(), poor_beginning().text().to_owned(), SAMPLE.to_owned()]);
    (start, vec(any::<Index>(), 0..14), any::<u64>(), vec(noise(), 0..8), layout()).prop_map(
        |(start, walk, order, noise, layout)| {
            let tree = Node::parse(&walked(start, &walk));
            (disguised(tree, order, &noise).render(&layout), layout)
        },
    )
}

fn disguised(mut tree: Node, order: u64, noise: &[Noise]) -> Node {
    disguise(&mut tree, order, noise);
    tree
}

fn layout() -> impl Strategy<Value = Layout> {
    let indent = select(vec![None, Some(""), Some("  "), Some("    "), Some("\t"), Some("   ")]);
    let parts = (indent, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    parts.prop_map(|(indent, crlf, spaced, bom, final_newline, inline_arrays)| Layout {
        indent: indent.map(str::to_owned),
        newline: if crlf { "\r\n" } else { "\n" },
        spaced,
        bom,
        final_newline,
        inline_arrays,
    })
}

/// Every event, with its result.
fn answers(session: &Session) -> Vec<(Step, Session)> {
    let now = session.last_updated().unwrap();
    let all = steps(&|_| true).into_iter().filter_map(|step| {
        let event = Event::from_json(&step.json).unwrap();
        let mut after = session.clone();
        let now = now.plus(if step.late { 30 * 86_400 } else { 60 });
        let result = after.apply(&event, now, &Policy::default());
        // An event whose key is already in the text changes nothing.
        let applied = result.as_ref().is_ok_and(|outcome| outcome.duplicate.is_none());
        if !applied {
            assert_eq!(after.text(), session.text(), "{}", step.json);
        }
        applied.then_some((step, after))
    });
    all.collect()
}

/// The text after some accepted events, each chosen from those that are.
fn walked(start: String, walk: &[Index]) -> String {
    let mut session = Session::parse(start).unwrap();
    for choice in walk {
        let mut accepted = answers(&session);
        if accepted.is_empty() {
            break;
        }
        session = Session::parse(accepted.swap_remove(choice.index(accepted.len())).1.text()).unwrap();
    }
    session.text().to_owned()
}

/// Parsing and writing keeps the bytes and the state.
fn identity(text: &str) -> Session {
    let session = Session::parse(text).unwrap();
    assert_eq!(session.text(), text);
    assert_eq!(Session::from_bytes(text.as_bytes()).unwrap().text(), text);
    session
}

/// Asserts that all members not named are unchanged, in spelling and order too.
fn only_named_changes(named: &[String], path: &str, before: &Node, after: &Node) {
    let decoded = |raw: &str| serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
    let below = |key: &str| if path.is_empty() { decoded(key) } else { format!("{path}.{}", decoded(key)) };
    let leads_to = |path: &str| named.iter().any(|name| name.starts_with(&format!("{path}.")));
    let (Node::Object(old), Node::Object(new)) = (before, after) else {
        assert_eq!(before, after, "{path} changed");
        return;
    };
    let mut rest = new.iter();
    for (key, value) in old {
        let path = below(key);
        if is_named(named, &path) {
            let Some((_, changed)) = new.iter().rfind(|(name, _)| name == key) else { continue };
            equal_values_keep_their_spelling(&path, old.iter().rfind(|(name, _)| name == key).unwrap(), changed);
            continue;
        }
        let (_, found) = rest.find(|(name, _)| name == key).unwrap_or_else(|| panic!("{path} is gone, or has moved"));
        only_named_changes(named, &path, value, found);
    }
    for (key, _) in new {
        let path = below(key);
        let was = old.iter().any(|(name, _)| name == key);
        assert!(was || is_named(named, &path) || leads_to(&path), "{path} has come");
    }
}

fn equal_values_keep_their_spelling(path: &str, (_, before): &(String, Node), after: &Node) {
    let (Node::Scalar(before), Node::Scalar(after)) = (before, after) else { return };
    let value = |raw: &str| serde_json::from_str::<serde_json::Value>(raw).ok();
    let same = match (before.parse::<f64>(), after.parse::<f64>()) {
        (Ok(before), Ok(after)) => before == after,
        _ => value(before).is_some() && value(before) == value(after),
    };
    assert!(!same || before == after, "{path} was {before}, and is respelt {after}");
}

/// A line that is gone named a key that the event names, was an element of a list of stages, or only got or
/// lost its comma.
fn untouched_lines_survive(named: &[String], before: &str, after: &str) {
    let differing = lines(before, after);
    let bare = |line: &str| line.trim_end_matches([',', '\r']).to_owned();
    let added: Vec<String> =
        differing.iter().filter(|line| line.kind == LineKind::Added).map(|line| bare(&line.text)).collect();
    for line in differing.iter().filter(|line| line.kind == LineKind::Removed) {
        let content = line.text.trim().trim_end_matches(',');
        let key = serde_json::Deserializer::from_str(content).into_iter::<String>().next();
        let key = key.and_then(Result::ok).unwrap_or_default();
        let names = |path: &String| path.split('.').any(|part| part == key);
        let stage = STAGES.contains(&key.as_str());
        let touched =
            named.iter().any(names) || stage || content.starts_with(['}', ']']) || added.contains(&bare(&line.text));
        assert!(touched || in_named_value(named, content), "gone: {content:?}\n{before}\n->\n{after}");
    }
}

/// True if a line may belong to a value that an event replaces or removes as a whole.
fn in_named_value(named: &[String], content: &str) -> bool {
    let whole = ["feedback", "adjustments_needed", "escalation", "handoff"];
    let replaced = named.iter().any(|path| whole.iter().any(|key| path.ends_with(key)));
    // Its members are no session's own: their lines name no key of the format.
    replaced && !content.contains("stages\"") && !content.contains("retry_count\"")
}

/// Every case tries every event, so few cases suffice; `PROPTEST_CASES` sets another number.
fn config() -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: given.unwrap_or(60), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_event_changes_what_it_names_and_nothing_else((text, layout) in text()) {
        let session = identity(&text);
        let tree = Node::parse(&text);
        for (step, mut after) in answers(&session) {
            let named = named(&step);
            identity(after.text());
            let changed = Node::parse(after.text());
            only_named_changes(&named, "", &tree, &changed);
            if layout.indent.is_some() {
                untouched_lines_survive(&named, &text, after.text());
            }
            // The layout is unchanged.
            let crlf = after.text().matches("\r\n").count();
            let breaks = after.text().matches('\n').count();
            prop_assert!(crlf == 0 || crlf == breaks, "mixed line ends: {:?}", after.text());
            prop_assert!(layout.indent.is_some() || breaks == text.matches('\n').count(), "{}", after.text());
            prop_assert_eq!(after.text().starts_with('\u{feff}'), layout.bom);
            prop_assert_eq!(after.text().ends_with('\n'), layout.final_newline);
            let edits = after.last_edits().unwrap();
            prop_assert_eq!(edits.apply(&text), Some(after.text().to_owned()));
            prop_assert_eq!(edits.revert(after.text()), Some(text.clone()));
            prop_assert!(after.undo() && after.last_edits().is_none());
            prop_assert_eq!(after.text(), text.as_str());
        }
    }

    #[test]
    fn events_one_after_another_are_taken_back_one_by_one((text, _) in text(), walk in vec(any::<Index>(), 1..6)) {
        let mut session = identity(&text);
        let mut texts = Vec::new();
        for choice in walk {
            let now = session.last_updated().unwrap().plus(60);
            let all = steps(&|_| true);
            let events = all.iter().map(|step| Event::from_json(&step.json).unwrap());
            let new = |event: &Event| event.key().is_none_or(|key| session.history_entry_text(key).is_none());
            let applies = |event: &Event| new(event) && session.check(event, now, &Policy::default()).is_ok();
            let accepted: Vec<Event> = events.filter(applies).collect();
            if accepted.is_empty() {
                break;
            }
            texts.push(session.text().to_owned());
            session.apply(choice.get(&accepted), now, &Policy::default()).unwrap();
        }
        prop_assert_eq!(session.undo_depth(), texts.len());
        while let Some(text) = texts.pop() {
            prop_assert_eq!(session.last_edits().unwrap().revert(session.text()), Some(text.clone()));
            prop_assert!(session.undo());
            prop_assert_eq!(session.text(), text);
        }
        prop_assert!(!session.undo());
    }

    #[test]
    fn a_merge_keeps_its_laws((base, _) in text(), (ours, theirs) in any::<(Index, Index)>()) {
        let accepted = answers(&Session::parse(base.as_str()).unwrap());
        prop_assume!(!accepted.is_empty());
        let (x, y) = (ours.get(&accepted).1.text(), theirs.get(&accepted).1.text());
        let merged = |ours: &str, theirs: &str| merge(&base, ours, theirs).unwrap();
        for (ours, theirs) in [(x, base.as_str()), (base.as_str(), x), (x, x)] {
            let merged = merged(ours, theirs);
            prop_assert_eq!(merged.text, x);
            prop_assert!(merged.conflicts.is_empty());
        }
        let (one, other) = (merged(x, y), merged(y, x));
        identity(&one.text);
        let sides = |merged: &callboard_core::Merged, swap: bool| {
            let mut sides: Vec<_> = merged.conflicts.iter().map(|conflict| {
                let (ours, theirs) = (conflict.ours.clone(), conflict.theirs.clone());
                if swap { (conflict.path.clone(), theirs, ours) } else { (conflict.path.clone(), ours, theirs) }
            }).collect();
            sides.sort();
            sides
        };
        prop_assert_eq!(sides(&one, false), sides(&other, true));
    }
}
