//! Removal of a session, and the files that a list knows of.

use crate::support::{NOW, done, loaded, text};
use callboard_core::Planning;
use callboard_workspace::{Change, plan};

#[test]
fn a_removal_says_what_would_be_lost() {
    let entry = loaded(&text("Tides"));
    let removed = plan::remove(&entry).unwrap();
    assert!(matches!(removed.change, Change::Remove));
    assert_eq!(removed.message, "Removed from this browser.");
    let planning = Planning { owner: Some("Mira".into()), ..Planning::default() };
    let edited = done(plan::set_planning(&entry, &planning, NOW));
    assert_eq!(plan::remove(&edited).unwrap().message, "Removed from this browser, with unexported changes.");
}

#[test]
fn a_list_knows_the_output_files() {
    let text = r#"{"session_id": "ep_1", "agent_outputs": {"script_writer": {"status": "complete", "output_file": "a/b.md"},
        "research_coordinator": {"status": "complete", "output_file": "a/a.md"}}}"#;
    let outputs: Vec<String> = loaded(text).summary().outputs.iter().map(ToString::to_string).collect();
    assert_eq!(outputs, ["a/a.md", "a/b.md"]);
}
