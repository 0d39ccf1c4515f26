//! The files that a list knows of.

use crate::support::loaded;

#[test]
fn a_list_knows_the_output_files() {
    let text = r#"{"session_id": "ep_1", "agent_outputs": {"script_writer": {"status": "complete", "output_file": "a/b.md"},
        "research_coordinator": {"status": "complete", "output_file": "a/a.md"}}}"#;
    let outputs: Vec<String> = loaded(text).summary().outputs.iter().map(ToString::to_string).collect();
    assert_eq!(outputs, ["a/a.md", "a/b.md"]);
}
