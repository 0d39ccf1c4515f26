//! Versions: undo, redo, going to any, and what each step refuses.

use crate::support::*;
use callboard_core::{Agent, Event, EventKind, Policy};
use callboard_workspace::{Change, Entry, Record, plan};

#[test]
fn undo_goes_back_byte_for_byte_and_redo_forward() {
    let entry = loaded(&text("one"));
    let edited = apply(&entry);
    let again = edit(&edited, &text("two"));
    let undone = undo(&again);
    assert_eq!((undone.text(), undone.changed()), (edited.text(), true));
    let first = undo(&undone);
    is(&first, "a.json", &text("one"), false);
    assert!(plan::undo(&first).is_err() && first.last().is_none());
    assert_eq!(redo(&redo(&first)).record(), again.record());
    assert!(plan::redo(&again).is_err() && again.next().is_none());
}

#[test]
fn undo_and_redo_name_the_action() {
    let check = |entry: Entry, action: &str| {
        let undone = plan::undo(&entry).unwrap();
        assert_eq!(undone.message, format!("Undid: {action}"));
        assert_eq!(plan::redo(&done(Ok(undone))).unwrap().message, format!("Redid: {action}"));
    };
    let entry = loaded(&text("one"));
    let start = Event::minimal(EventKind::Start, Agent::QualityEvaluator);
    check(done(plan::apply(&apply(&entry), &start, NOW, &Policy::default())), "start quality_evaluator");
    check(apply(&entry), "complete script_writer");
    check(edit(&entry, &text("two")), "Text edited by hand");
}

#[test]
fn a_step_after_undo_destroys_nothing() {
    let one = loaded(&text("one"));
    let two = edit(&one, &text("two"));
    let three = edit(&undo(&two), &text("three"));
    assert!(three.next().is_none());
    let back = done(plan::go_to(&three, two.record().current));
    is(&back, "a.json", &text("two"), true);
    // The line that redo follows is that version's now.
    assert!(back.next().is_none());
    assert_eq!(undo(&back).next().map(|version| version.id), Some(two.record().current));
}

#[test]
fn going_back_on_the_line_keeps_what_redo_leads_to() {
    let one = loaded(&text("one"));
    let three = edit(&edit(&one, &text("two")), &text("three"));
    let first = done(plan::go_to(&three, one.record().current));
    is(&first, "a.json", &text("one"), false);
    assert_eq!(redo(&redo(&first)).record(), three.record());
}

#[test]
fn the_same_step_has_one_name_wherever_it_is_made() {
    let one = loaded(&text("one"));
    let (here, there) = (edit(&one, &text("two")), edit(&one, &text("two")));
    assert_eq!(here.record().current, there.record().current);
    // Made again after an undo, it is the version that was there.
    let again = edit(&undo(&here), &text("two"));
    assert_eq!(again.record(), here.record());
}

#[test]
fn a_text_at_another_path_is_another_version() {
    let one = loaded(&text("one"));
    let undone = undo(&edit(&one, &text("two")));
    let moved = imported(&undone, "b.json", &text("two"), "from another path");
    is(&moved, "b.json", &text("two"), false);
    is(&undo(&moved), "a.json", &text("one"), false);
}

#[test]
fn a_refused_step_says_why() {
    let entry = loaded(&text("one"));
    let event = Event::minimal(EventKind::Retry, Agent::ScriptWriter);
    assert!(plan::apply(&entry, &event, NOW, &Policy::default()).is_err());
    assert!(plan::edit(&entry, "{}", &text("two"), NOW).unwrap_err().contains("changed elsewhere"));
    assert!(plan::edit(&entry, entry.text(), "{", NOW).is_err());
    let other = text("one").replace("ep_1", "ep_2");
    assert!(plan::edit(&entry, entry.text(), &other, NOW).unwrap_err().contains("session_id"));
    let edited = edit(&entry, &text("two"));
    assert!(plan::undo_version(&edited, entry.record().current).is_err());
    assert!(plan::undo_version(&edited, edited.record().current).is_ok());
    assert!(plan::go_to(&entry, edited.record().current).is_err());
}

#[test]
fn an_event_that_was_applied_before_changes_nothing() {
    let event = complete().with_key("once");
    let entry = done(plan::apply(&loaded(&text("one")), &event, NOW, &Policy::default()));
    let again = plan::apply(&entry, &event, NOW, &Policy::default()).unwrap();
    assert!(matches!(again.change, Change::Nothing) && !again.message.is_empty());
}

#[test]
fn a_fix_is_a_step() {
    let broken = text("one").replace("writing", "writting");
    let entry = loaded(&broken);
    let fix = entry.session().diagnostics()[0].fix.clone().unwrap();
    let fixed = done(plan::fix(&entry, &fix, NOW));
    is(&fixed, "a.json", &text("one"), true);
    assert!(plan::fix(&fixed, &fix, NOW).is_err());
    is(&undo(&fixed), "a.json", &broken, false);
}

#[test]
fn a_file_among_several_is_the_current_texts_own() {
    let mut entry = edit(&loaded_at("x/a.json", &text("one")), &text("two"));
    entry = imported(&entry, "x/a.json", &text("two"), "caught up");
    entry = imported(&entry, "y/a.json", &text("three"), "from another path");
    is(&entry, "y/a.json", &text("three"), false);
    // Dropped loose, it is the one that is shown.
    entry = imported(&entry, "a.json", &text("four"), "updated");
    is(&entry, "y/a.json", &text("four"), false);
    is(&undo(&undo(&entry)), "x/a.json", &text("two"), false);
}

#[test]
fn ancestors_of_a_damaged_record_end() {
    let mut record: Record = edit(&loaded(&text("one")), &text("two")).record().clone();
    record.versions[0].parent = Some(record.current);
    assert_eq!(record.ancestors(record.current).count(), 2);
    record.versions.swap(0, 1);
    record.versions.truncate(1);
    assert_eq!(record.text_of(record.current), None);
}
