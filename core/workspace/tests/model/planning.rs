//! Planning of a session as a change that can be undone.

use crate::support::*;
use callboard_core::{Date, Planning};
use callboard_workspace::plan;

#[test]
fn planning_is_one_change_with_words_of_its_own() {
    let check = |before: &Planning, after: &Planning, label: &str| {
        let mut entry = loaded(&text("Tides"));
        if !before.is_empty() {
            entry = done(plan::set_planning(&entry, before, NOW));
        }
        let planned = done(plan::set_planning(&entry, after, NOW));
        assert_eq!(planned.last().unwrap().label, label);
        assert_eq!(planned.session().planning(), *after);
        assert_eq!(undo(&planned).text(), entry.text());
    };
    let none = Planning::default();
    let owner = Planning { owner: Some("Mira".into()), ..none.clone() };
    let all = Planning {
        owner: Some("Mira".into()),
        due: Date::parse("2026-12-05"),
        labels: vec!["pilot".into(), "season 2".into()],
        notes: Some("Ask Jo".into()),
    };
    check(&none, &owner, "Owner: Mira.");
    check(&owner, &none, "No owner.");
    check(&none, &all, "Owner: Mira; Due date: 5 Dec 2026; Labels: pilot, season 2; Notes changed.");
    check(&all, &owner, "No due date; no labels; no notes.");
}

#[test]
fn an_equal_planning_is_no_change() {
    let entry = loaded(&text("Tides"));
    let refused = plan::set_planning(&entry, &Planning::default(), NOW).unwrap_err();
    assert_eq!(refused, "Nothing to change: the planning is the same.");
}

#[test]
fn a_search_finds_owners_labels_and_notes() {
    let entry = loaded(&text("Tides"));
    let planning = Planning {
        owner: Some("Mira".into()),
        due: None,
        labels: vec!["Season 2".into()],
        notes: Some("Ask Jo".into()),
    };
    let planned = done(plan::set_planning(&entry, &planning, NOW));
    for word in ["mira", "season 2", "ask jo"] {
        assert!(planned.summary().haystack().contains(word), "{word}");
    }
}
