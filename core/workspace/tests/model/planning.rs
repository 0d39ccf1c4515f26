<<<<<<< HEAD
//! Planning of a session, and its removal.

use crate::support::{NOW, done, loaded, text};
use callboard_core::{Date, Planning};
use callboard_workspace::{Change, plan};

#[test]
fn planning_is_a_change_that_can_be_undone() {
    let entry = loaded(&text("Tides"));
    let owner = |planning: &mut Planning| planning.owner = Some("Mira".into());
    let owned = done(plan::planning(&entry, owner, "Owner: Mira.", NOW));
    assert_eq!(owned.digest().planning.owner.as_deref(), Some("Mira"));
    assert!(owned.changed() && owned.last().is_some_and(|version| version.label == "Owner: Mira."));
    let due = |planning: &mut Planning| planning.due = Date::parse("2026-12-05");
    let both = done(plan::planning(&owned, due, "Due 2026-12-05.", NOW));
    assert_eq!(both.digest().planning.due, Date::parse("2026-12-05"));
    assert_eq!(both.digest().planning.owner.as_deref(), Some("Mira"));
    let undone = done(plan::undo(&done(plan::undo(&both))));
    assert_eq!(undone.text(), entry.text());
    // The same once more is no change.
    assert!(plan::planning(&owned, owner, "Owner: Mira.", NOW).is_err());
}

#[test]
fn a_removal_says_what_would_be_lost() {
    let entry = loaded(&text("Tides"));
    let removed = plan::remove(&entry).unwrap();
    assert!(matches!(removed.change, Change::Remove));
    assert_eq!(removed.message, "Removed from this browser.");
    let label = |planning: &mut Planning| planning.labels.push("season 2".into());
    let edited = done(plan::planning(&entry, label, "Label added.", NOW));
    assert_eq!(plan::remove(&edited).unwrap().message, "Removed from this browser, with unexported changes.");
}

#[test]
fn a_list_knows_the_output_files() {
    let text = r#"{"session_id": "ep_1", "agent_outputs": {"script_writer": {"status": "complete", "output_file": "a/b.md"},
        "research_coordinator": {"status": "complete", "output_file": "a/a.md"}}}"#;
    let outputs: Vec<String> = loaded(text).summary().outputs.iter().map(ToString::to_string).collect();
    assert_eq!(outputs, ["a/a.md", "a/b.md"]);
=======
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
    check(&none, &all, "Owner: Mira; Due date: 2026-12-05; Labels: pilot, season 2; Notes changed.");
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
>>>>>>> 82900b17e43ce44c5ce3e4ef96362edfb1f8f3de
}
