//! Damaged, wrapped and packed files: what is read, what was done, and where.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::import::{BrokenCode, Encoding, Shapes, assemble, import, mend};
use callboard_core::merge;

/// Reads a text: the one document and what was done.
fn check(text: &str, document: &str, repairs: &[&str]) {
    let mended = mend(text.as_bytes()).unwrap_or_else(|broken| panic!("{}: {text}", broken.message));
    let [found] = mended.documents.as_slice() else { panic!("{} documents: {text}", mended.documents.len()) };
    assert_eq!(found.text().trim(), document, "{text}");
    let done: Vec<String> = mended.repairs.iter().map(|repair| format!("{}: {repair}", repair.code)).collect();
    assert_eq!(done, repairs, "{text}");
}

fn broken(bytes: &[u8], code: BrokenCode, message: &str) {
    let found = mend(bytes).map(|mended| mended.documents.len()).unwrap_err();
    assert_eq!((found.code, found.message.as_str()), (code, message), "{}", bytes.escape_ascii());
}

#[test]
fn json_is_left_alone() {
    check("{\"a\": 1}", "{\"a\": 1}", &[]);
    check("\u{feff}{\"a\": \"“x” // y\"}\n", "\u{feff}{\"a\": \"“x” // y\"}", &[]);
}

#[test]
fn a_fence_and_prose_are_taken_off() {
    check(
        "```json\n{\"a\": 1}\n```\n",
        "{\"a\": 1}",
        &["fence: Read the JSON inside the Markdown fence (line 1, column 1)."],
    );
    check(
        "Here is the state:\n\n```\n{\n  \"a\": 1\n}\n```\nLet me know!",
        "{\n  \"a\": 1\n}",
        &["fence: Read the JSON inside the Markdown fence (line 1, column 1)."],
    );
    check(
        "```json\n{\"a\": 1}\n",
        "{\"a\": 1}",
        &["fence: Read the JSON after the Markdown fence, which is not closed (line 1, column 1)."],
    );
    check("With {braces}: {\"a\": 1}", "{\"a\": 1}", &["prose: Read the JSON inside the text (line 1, column 1)."]);
    check("The state is {\"a\": 1}", "{\"a\": 1}", &["prose: Read the JSON inside the text (line 1, column 1)."]);
    check(
        "{\"a\": 1}\n\nThat is all.",
        "{\"a\": 1}",
        &["prose: Ignored text after the end of the document (line 3, column 1)."],
    );
}

#[test]
fn a_comma_a_comment_and_a_stray_line_are_passed_over() {
    check(
        "{\n  \"a\": [1, 2,],\n  \"b\": 3,\n}",
        "{\n  \"a\": [1, 2 ],\n  \"b\": 3 \n}",
        &[
            "trailing_comma: Ignored the comma before \"]\" (line 2, column 13).",
            "trailing_comma: Ignored the comma before \"}\" (line 3, column 9).",
        ],
    );
    check(
        "{ // the first\n  \"a\": 1, /* one\n  and */ \"b\": \"http://x\" # two\n}",
        "{             \n  \"a\": 1,       \n         \"b\": \"http://x\"      \n}",
        &[
            "comment: Ignored a comment: JSON has none (line 1, column 3).",
            "comment: Ignored a comment: JSON has none (line 2, column 11).",
            "comment: Ignored a comment: JSON has none (line 3, column 26).",
        ],
    );
    check(
        "{\n\nfrom config.voice import voice_id\n  \"a\": 1,\n  \"voice\": voice_id(),\n  \"b\": None\n}",
        "{\n\n                                 \n  \"a\": 1,\n  \"voice\": null,\n  \"b\": null\n}",
        &[
            "stray_line: Ignored a line that is not JSON: from config.voice import voice_id (line 3, column 1).",
            "bare_value: Read voice_id() as null: JSON has no such value (line 5, column 12).",
            "bare_value: Read None as null: JSON has no such value (line 6, column 8).",
        ],
    );
}

#[test]
fn a_part_of_what_cannot_be_read_is_not_taken_for_it() {
    for text in [
        "{\"a\": {\"c\": 1}, \"b\": ]}",
        "```json\n{\"a\": @, \"b\": {\"c\": 1}}\n```",
        "{'a': {\"b\": 1}}",
        "{a: {\"b\": 1}}",
    ] {
        assert_eq!(mend(text.as_bytes()).map(|_| ()).unwrap_err().code, BrokenCode::NotJson, "{text}");
    }
}

#[test]
fn an_old_tail_is_ignored() {
    check(
        "{\n  \"a\": 1\n}\nold\": {\"b\": 2}\n  }\n}\n",
        "{\n  \"a\": 1\n}",
        &["tail: Ignored the rest of an older, longer text after the end of the document (line 4, column 1)."],
    );
    check(
        "{\"a\": 1}}",
        "{\"a\": 1}",
        &["tail: Ignored the rest of an older, longer text after the end of the document (line 1, column 9)."],
    );
}

#[test]
fn a_cut_file_is_read_as_far_as_it_is_whole_and_never_written() {
    let cut = |line: u32, column: u32| {
        format!(
            "cut: Cut off at line {line}: only the complete part before it is read. Callboard never writes this file (line {line}, column {column})."
        )
    };
    check("{\n  \"a\": 1,\n  \"b\": {\"c\": 2, \"d\": \"hal", "{\n  \"a\": 1,\n  \"b\": {\"c\": 2}}", &[&cut(3, 26)]);
    check("{\"a\": [1, 2, {\"x\": 3", "{\"a\": [1, 2, {}]}", &[&cut(1, 21)]);
    check("{\"a\": 1, \"b\": 12", "{\"a\": 1}", &[&cut(1, 17)]);
    check("{\"a\": {\"c\": 1}, \"b\": -", "{\"a\": {\"c\": 1}}", &[&cut(1, 23)]);
    assert!(mend(b"{\"a\": 1, \"b\"").unwrap().is_read_only());
}

#[test]
fn typographic_quotes_are_named() {
    check(
        "{\n  “a”: “it's \"so\"”,\n  „b“: 2\n}",
        "{\n  \"a\": \"it's \\\"so\\\"\",\n  \"b\": 2\n}",
        &[
            "quotes: Read the typographic quotes (U+201C, U+201D) as \" (line 2, column 3).",
            "quotes: Read the typographic quotes (U+201E, U+201C) as \" (line 3, column 3).",
        ],
    );
}

#[test]
fn nothing_zeros_and_other_formats_are_told_as_that() {
    broken(b"", BrokenCode::Empty, "The file is empty.");
    broken(b"\n \n", BrokenCode::Empty, "The file is empty: a session file holds one JSON object.");
    let zeros = "12,288 zero bytes: the file was lost in a crash. Restore it from git or a backup.";
    broken(&[0; 12_288], BrokenCode::Zeros, zeros);
    broken(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", BrokenCode::OtherFormat, "This is a PNG image, not JSON.");
    broken(b"\x1F\x8B\x08\0\0\0\0\0\0\x03", BrokenCode::Packed, "This is a gzip file, not JSON: unpack it first.");
    broken(b"PK\x03\x04\x14\0", BrokenCode::Packed, "This is a ZIP archive, not JSON: unpack it first.");
    broken(b"Just some prose.", BrokenCode::OtherFormat, "This is text, not JSON.");
    let mended = mend(b"{\"a\": 1}\n\0\0\0\0").unwrap();
    let done: Vec<String> = mended.repairs.iter().map(ToString::to_string).collect();
    assert_eq!(done, ["Ignored 4 zero bytes at the end, as after a crash (line 2, column 1)."]);
}

#[test]
fn utf_16_is_read_and_kept() {
    let text = "{\"session_id\": \"ep_1\", \"status\": \"failed\", \"topic\": \"Überfluß\"}";
    for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
        let mended = mend(&encoding.encode(text)).unwrap();
        assert_eq!((mended.encoding, mended.documents[0].text()), (encoding, text));
        let message = format!("Read as {encoding}: exports keep this encoding (line 1, column 1).");
        assert_eq!(mended.repairs.iter().map(ToString::to_string).collect::<Vec<_>>(), [message]);
        assert!(!mended.is_read_only());
    }
}

#[test]
fn several_documents_are_each_their_own_or_ask() {
    let mended = mend(b"{\"a\": 1}\n\n  {\"a\": 2}\n").unwrap();
    let found: Vec<_> = mended.documents.iter().map(|each| (each.index, each.line, each.column, each.text())).collect();
    assert_eq!(found, [(Some(0), 1, 1, "{\"a\": 1}"), (Some(1), 3, 3, "{\"a\": 2}")]);
    let mended = mend(b"[{\"a\": 1},\n {\"a\": 2}]").unwrap();
    let found: Vec<_> = mended.documents.iter().map(|each| (each.index, each.line, each.column, each.text())).collect();
    assert_eq!(found, [(Some(0), 1, 2, "{\"a\": 1}"), (Some(1), 2, 2, "{\"a\": 2}")]);
    let mended = mend(b"{\"a\": 1}\n{\"a\": 2}\n{\"a\": ").unwrap();
    let codes: Vec<&str> = mended.repairs.iter().map(|repair| repair.code.name()).collect();
    assert_eq!((mended.documents.len(), codes.as_slice()), (2, &["lines", "cut"][..]));

    let two = mend(b"First:\n```json\n{\"a\": 1}\n```\nThen:\n```json\n{\"a\": 2}\n```\n").unwrap_err();
    let texts: Vec<(&str, u32)> = two.choices.iter().map(|choice| (choice.text().trim(), choice.line)).collect();
    assert_eq!((two.code, texts.as_slice()), (BrokenCode::Several, &[("{\"a\": 1}", 3), ("{\"a\": 2}", 7)][..]));
    assert_eq!(two.message, "2 JSON documents are in this text: choose one.");
}

#[test]
fn each_of_several_sessions_has_its_index_and_line() {
    let shapes = Shapes::built_in();
    let lines =
        b"{\"session_id\": \"a\", \"status\": \"failed\"}\n{\"session_id\": \"b\", \"status\": \"completed\"}\n";
    let import = assemble(vec![shapes.read("log.jsonl", lines)]);
    let found: Vec<_> = import
        .sessions
        .iter()
        .map(|session| {
            let id = session.id.as_ref().unwrap();
            (session.key.as_str(), session.files[0].index.as_deref(), id.origin.line, id.origin.column)
        })
        .collect();
    assert_eq!(found, [("a", Some("0"), 1, 16), ("b", Some("1"), 2, 16)]);
    let list = b"[\n  {\"session_id\": \"a\", \"status\": \"failed\"},\n  {\"session_id\": \"b\", \"status\": \"completed\"}\n]";
    let import = assemble(vec![shapes.read("list.json", list)]);
    let id = import.sessions[1].id.as_ref().unwrap();
    assert_eq!((id.origin.pointer.as_str(), id.origin.line, id.origin.column), ("/1/session_id", 3, 18));
}

#[test]
fn both_sides_of_a_merge_can_be_merged() {
    let side = |topic: &str, cost: &str| {
        format!(
            "{{\n  \"session_id\": \"a\",\n  \"episode\": {{\n    \"topic\": \"{topic}\"\n  }},\n  \"cost_tracking\": {{\n    \"writing\": {cost}\n  }}\n}}\n"
        )
    };
    let text = side("Tides", "1.00").replace(
        "    \"writing\": 1.00\n",
        "<<<<<<< HEAD\n    \"writing\": 1.50\n||||||| 3f2a1b\n    \"writing\": 1.00\n=======\n    \"writing\": 1.25\n>>>>>>> agent\n",
    );
    let found = mend(text.as_bytes()).unwrap_err();
    assert_eq!((found.code, found.line), (BrokenCode::Conflict, 7));
    assert_eq!(found.message, "An unresolved git merge: both sides can be read and merged (HEAD and agent).");
    let sides = found.sides.unwrap();
    let merged = merge(&sides.base.unwrap(), &sides.ours, &sides.theirs).unwrap();
    assert_eq!(merged.text, side("Tides", "1.75"));
}

#[test]
fn sides_without_their_base_are_compared_and_never_added_up() {
    let sides = |ours: &str, theirs: &str| {
        let text = format!("{{\"session_id\": \"a\",\n<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> agent\n}}\n");
        mend(text.as_bytes()).unwrap_err().sides.unwrap()
    };
    let conflicts = |ours: &str, theirs: &str| {
        let sides = sides(ours, theirs);
        let merged = sides.merge().unwrap();
        assert_eq!(merged.text, sides.ours);
        let conflicts = merged.conflicts.into_iter();
        conflicts.map(|conflict| (conflict.path, conflict.ours, conflict.theirs)).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        conflicts(
            r#""cost_tracking": {"writing": 1.50, "total": 2}, "feedback": "x""#,
            r#""cost_tracking": {"writing": 1.25, "total": 2.0}, "note": 1"#
        ),
        [
            ("cost_tracking.writing".to_owned(), text("1.50"), text("1.25")),
            ("feedback".to_owned(), text("\"x\""), None),
            ("note".to_owned(), None, text("1")),
        ]
    );
    assert_eq!(conflicts(r#""a": {"b": 1, "c": 2}"#, r#""a": {"c": 2, "b": 1}"#), []);
    // One side that continues the other's history is ahead of it.
    let entry = |at: u32| format!(r#"{{"at": "2025-09-05T11:00:0{at}Z", "event": "start"}}"#);
    let short = format!(r#""pipeline_state": {{"current_stage": "research"}}, "history": [{}]"#, entry(1));
    let long = format!(r#""pipeline_state": {{"current_stage": "writing"}}, "history": [{}, {}]"#, entry(1), entry(2));
    let fork = format!(r#""pipeline_state": {{"current_stage": "research"}}, "history": [{}]"#, entry(3));
    for (ours, theirs) in [(&short, &long), (&long, &short)] {
        let merged = sides(ours, theirs).merge().unwrap();
        assert!(merged.text.contains("\"writing\"") && merged.conflicts.is_empty());
    }
    assert_eq!(conflicts(&fork, &long).len(), 2);
    // An empty history continues nothing.
    assert_eq!(conflicts(r#""history": [], "a": 1"#, &long).len(), 3);
    assert!(sides("\"a\": 1,", "\"a\": 2").merge().is_err());
}

#[test]
fn a_damaged_file_has_the_place_of_its_damage() {
    let place = |bytes: &[u8]| {
        let import = import(&Shapes::built_in(), &[("a.json", bytes)]);
        let file = &import.files[0];
        (file.broken.map(BrokenCode::name), file.line, file.column)
    };
    assert_eq!(place(b"{\"a\": 1}"), (None, 0, 0));
    assert_eq!(place(b"{\"a\": 1,}"), (None, 0, 0));
    assert_eq!(place(b"{\n\"a\" 1}"), (Some("not_json"), 2, 5));
    assert_eq!(place(b"{\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n}"), (Some("conflict"), 2, 1));
    assert_eq!(place(b"One {\"a\": 1}\nand {\"b\": 2}"), (Some("several"), 2, 5));
    assert_eq!(place(&[0; 9]), (Some("zeros"), 1, 1));
}
