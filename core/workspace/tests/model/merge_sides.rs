//! Both sides of an unresolved merge in a session's file.

use crate::support::*;
use callboard_workspace::plan::{self, Export, MergeSides, Resolution, load_sides};
use callboard_workspace::{Entry, Source};

const MARKERS: &str = "{\n<<<<<<< ours\n…\n=======\n…\n>>>>>>> theirs\n}\n";

fn load(here: Option<&Entry>, ours: &str, theirs: &str, base: Option<&str>) -> plan::SessionPlan {
    let (ours, theirs) = (parsed(ours), parsed(theirs));
    load_sides(here, &MergeSides { path: "a.json", text: MARKERS, ours: &ours, theirs: &theirs, base }, NOW)
}

#[test]
fn our_side_is_shown_and_theirs_is_a_conflict_that_can_be_merged() {
    let (base, ours, theirs) = (both("Tides", "all"), both("Ebb", "all"), both("Tides", "few"));
    let open = done(load(None, &ours, &theirs, Some(&base)));
    is(&open, "a.json", &ours, true);
    assert_eq!(conflicts(&open), [(Source::File, theirs.clone())]);
    assert_eq!(open.conflicts()[0].base.as_deref(), Some(base.as_str()));
    // The file holds the markers until the session is exported.
    assert_eq!(open.record().compared_with().as_deref(), Some(MARKERS));
    let merged = resolve(&open, &theirs, Resolution::Merge(vec![]));
    is(&merged, "a.json", &both("Ebb", "few"), true);
    assert_eq!(conflicts(&merged), []);
    let exported = done(Export::of([&merged]).mark(&merged, NOW));
    is(&exported, "a.json", &both("Ebb", "few"), false);
    let undone = undo(&merged);
    is(&undone, "a.json", &ours, true);
    assert_eq!(conflicts(&undone), [(Source::File, theirs.clone())]);
    for (resolution, expected) in [(Resolution::KeepCurrent, ours), (Resolution::TakeIncoming, theirs.clone())] {
        is(&resolve(&open, &theirs, resolution), "a.json", &expected, true);
    }
}

#[test]
fn without_a_base_the_sides_are_chosen_from() {
    for base in [None, Some("{\n}\n<<<<<<<")] {
        let open = done(load(None, &text("Ebb"), &text("Flood"), base));
        assert_eq!(open.conflicts()[0].base, None);
        assert!(plan::resolve(&open, &text("Flood"), &Resolution::Merge(vec![]), NOW).is_err());
        is(&resolve(&open, &text("Flood"), Resolution::TakeIncoming), "a.json", &text("Flood"), true);
    }
}

#[test]
fn a_loaded_session_keeps_its_changes_beside_both_sides() {
    let loaded = loaded(&text("Tides"));
    // Without changes here, our side goes on from the file's text.
    let open = done(load(Some(&loaded), &text("Ebb"), &text("Flood"), None));
    is(&open, "a.json", &text("Ebb"), true);
    assert_eq!(conflicts(&open), [(Source::File, text("Flood"))]);
    is(&undo(&open), "a.json", &text("Tides"), true);
    // Our side is what was loaded.
    let open = done(load(Some(&loaded), &text("Tides"), &text("Flood"), None));
    is(&open, "a.json", &text("Tides"), true);
    assert_eq!(conflicts(&open), [(Source::File, text("Flood"))]);
    // Changes here stay.
    let edited = edit(&loaded, &text("Mine"));
    let open = done(load(Some(&edited), &text("Ebb"), &text("Flood"), None));
    is(&open, "a.json", &text("Mine"), true);
    assert_eq!(conflicts(&open), [(Source::File, text("Ebb")), (Source::File, text("Flood"))]);
    assert!(load(Some(&open), &text("Ebb"), &text("Flood"), None).unwrap_err().contains("already loaded"));
}

#[test]
fn the_resolved_file_meets_the_session() {
    let open = done(load(None, &text("Ebb"), &text("Flood"), None));
    let decided = resolve(&open, &text("Flood"), Resolution::TakeIncoming);
    is(&imported(&decided, "a.json", &text("Flood"), "caught up"), "a.json", &text("Flood"), false);
    // Resolved in another way elsewhere: a conflict without a base, as the markers are none.
    let other = imported(&decided, "a.json", &text("Both"), "conflict");
    assert_eq!(other.conflicts()[0].base, None);
}

#[test]
fn sides_of_two_sessions_are_refused() {
    let theirs = text("Flood").replace("ep_1", "ep_2");
    let refusal = load(None, &text("Ebb"), &theirs, None).unwrap_err();
    assert_eq!(refusal, "The sides of this merge are two sessions, ep_1 and ep_2: restore the file from git.");
}
