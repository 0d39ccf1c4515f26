use super::{Shapes, assemble};
use crate::work::steps_of;

/// The steps that reading a text takes, and making sessions of it.
fn steps(shapes: &Shapes, text: &str) -> u64 {
    let read = || assemble(vec![shapes.read("ep_7/state.json", text.as_bytes())]);
    let (import, steps) = steps_of(read);
    assert_eq!(import.files.len(), 1);
    steps
}

/// Sixteen times the length takes about sixteen times the steps; a square would take 256 times.
fn check(name: &str, shapes: &Shapes, text: &dyn Fn(usize) -> String) {
    let (small_text, large_text) = (text(500), text(8_000));
    let (small, large) = (steps(shapes, &small_text), steps(shapes, &large_text));
    let lengths = large_text.len() as f64 / small_text.len() as f64;
    assert!(small as usize >= small_text.len(), "{name}: only {small} steps are counted");
    assert!((large as f64) < 1.5 * lengths * small as f64, "{name}: {small} and {large} steps");
}

#[test]
fn the_work_grows_with_the_length_alone() {
    let members =
        |count: usize, of: &str| (0..count).map(|at| of.replace('#', &at.to_string())).collect::<Vec<_>>().join(",");
    let shapes = Shapes::built_in();
    let phase = "\"p#\": {\"status\": \"completed\", \"cost\": 1.5, \"end_time\": \"2025-09-05T11:02:03Z\"}";
    check("phases", &shapes, &|count| format!("{{\"session_id\": \"a\", \"phases\": {{{}}}}}", members(count, phase)));
    let scores = |count: usize| {
        format!(
            "{{\"session_id\": \"a\", \"phases\": {{}}, \"quality_scores\": {{{}}}}}",
            members(count, "\"s#\": 9.5")
        )
    };
    check("scores", &shapes, &scores);
    let episode = "\"e#\": {\"phases\": {\"x\": {\"status\": \"failed\"}}}";
    check("index", &shapes, &|count| format!("{{\"active_episodes\": {{{}}}}}", members(count, episode)));
    check("lines", &shapes, &|count| "{\"session_id\": \"a\", \"status\": \"failed\"}\n".repeat(count));
    let one = "{\"session_id\": \"ä#\", \"status\": \"failed\"}";
    check("list", &shapes, &|count| format!("[{}]", members(count, one)));
    check("unknown keys", &shapes, &|count| format!("{{{}}}", members(count, "\"k#\": [1, 2, {\"a\": null}]")));
    // Damage of every kind, many times over.
    check("braces", &shapes, &|count| "{ ".repeat(count));
    check("closing braces", &shapes, &|count| format!("{{\"a\": 1 {}", "} ".repeat(count)));
    check("quotes", &shapes, &|count| format!("{{“a”: [{}1]}}", "“b”,".repeat(count)));
    check("commas", &shapes, &|count| format!("{{\"a\": [{}1]}}", "[1,],\n".repeat(count)));
    check("comments", &shapes, &|count| format!("{{\"a\": [{}1]}}", "1, // one\n".repeat(count)));
    check("words", &shapes, &|count| format!("{{\"a\": [{}1]}}", "None, ".repeat(count)));
    check("cut", &shapes, &|count| format!("{{\"a\": [{}", "{\"b\": 1},\n".repeat(count)));
    check("prose", &shapes, &|count| format!("{} {{\"a\": 1}}", "Here it is [1].\n".repeat(count)));
    check("fences", &shapes, &|count| "```json\n{\"a\": 1}\n```\n".repeat(count));
    check("conflicts", &shapes, &|count| {
        format!("{{{}\n\"z\": 1}}", "\n<<<<<<< a\n\"a\": 1,\n=======\n\"a\": 2,\n>>>>>>> b".repeat(count))
    });
}
