use super::*;
use crate::Timestamp;

fn document(text: &str) -> Document {
    Document::parse(text.to_owned()).unwrap()
}

fn patched<'a>(text: &str, change: impl FnOnce(&mut ObjectPatch<'a>)) -> String {
    let document = document(text);
    let mut patch = ObjectPatch::default();
    change(&mut patch);
    let (after, inverse) = patch.edits(&document, &Style::of(&document)).apply(text);
    Document::parse(after.clone()).unwrap_or_else(|error| panic!("{error}: {after}"));
    assert_eq!(inverse.apply(&after).0, text, "the inverse takes it back");
    after
}

fn scalar(text: &str) -> NewValue<'static> {
    NewValue::Spelt(text.to_owned())
}

#[test]
fn text_that_is_not_json_is_refused_with_its_place() {
    let check = |text: &str, code: &str, line: u32, column: u32, message: &str| {
        let error = Document::parse(text.to_owned()).unwrap_err();
        assert_eq!(
            (error.code().name(), error.line(), error.column(), error.message()),
            (code, line, column, format!("{message}.").as_str()),
            "{text:?}"
        );
    };
    check("", "empty", 1, 1, "The file is empty: a session file holds one JSON object");
    check("\u{feff} \n", "empty", 2, 1, "The file is empty: a session file holds one JSON object");
    check(
        "{\"a\": 1,}",
        "unexpected_character",
        1,
        9,
        "Expected a key in double quotes after the comma, found \"}\": remove the comma before it",
    );
    check(
        "{'a': 1}",
        "unexpected_character",
        1,
        2,
        "Expected a key in double quotes or \"}\", found a single quote: JSON uses double quotes",
    );
    check("{\"a\" 1}", "unexpected_character", 1, 6, "Expected a colon after the key, found \"1\"");
    check(
        "{\"a\": 1 \"b\": 2}",
        "unexpected_character",
        1,
        9,
        "Expected a comma or \"}\" after the value, found \"\"\"",
    );
    check("[1 2]", "unexpected_character", 1, 4, "Expected a comma or \"]\" after the value, found \"2\"");
    check(
        "{\n  // note\n}",
        "unexpected_character",
        2,
        3,
        "Expected a key in double quotes or \"}\", found \"/\": JSON has no comments",
    );
    check(
        "{\"ä\": NaN}",
        "bad_number",
        1,
        7,
        "NaN and Infinity are not numbers that JSON can hold: use null for an unknown figure",
    );
    check("[01]", "bad_number", 1, 2, "\"01\" is not a number that JSON can hold");
    check("[1.]", "bad_number", 1, 2, "\"1.\" is not a number that JSON can hold");
    check("[-]", "bad_number", 1, 2, "\"-\" is not a number that JSON can hold");
    check("[1e", "unexpected_end", 1, 4, "The file ends inside a number");
    check("[+1]", "unexpected_character", 1, 2, "Expected a value, found \"+\"");
    check("[tru", "unexpected_end", 1, 5, "The file ends inside \"true\"");
    check("[True]", "unexpected_character", 1, 2, "Expected a value, found \"T\"");
    check("[nulls]", "unexpected_character", 1, 2, "Expected a value, found \"n\"");
    check("{\"a\": \"b", "unexpected_end", 1, 9, "The file ends inside the string that opens at line 1, column 7");
    check("\"\\x\"", "bad_string", 1, 2, "A backslash must be written twice: \\\\");
    check("\"\\u12g4\"", "bad_string", 1, 2, "\\u must be followed by four hexadecimal digits");
    check("\"\u{1}\"", "bad_string", 1, 2, "A control character is inside a string: write it as \\u0001");
    check(
        "[1,\n {\"a\": [",
        "unexpected_end",
        2,
        9,
        "The file ends early: the \"[\" at line 2, column 8 is not closed",
    );
    check(
        "{} {}",
        "trailing_characters",
        1,
        4,
        "Text follows the end of the JSON value: a session file holds one JSON object",
    );
    check(
        "{\n<<<<<<< HEAD\n\"a\": 1}",
        "merge_conflict",
        2,
        1,
        "Unresolved git merge conflict: resolve it in git first",
    );
    check("[\u{1}]", "unexpected_character", 1, 2, "Expected a value, found the control character U+0001");
    let damaged = "the file is damaged, as after a crash or on a full disk; restore it from git or a backup";
    check("[\0]", "unexpected_character", 1, 2, &format!("Expected a value, found a NUL byte: {damaged}"));
    check("{\n\"a\": \"b\0\"}", "bad_string", 2, 8, &format!("A NUL byte inside a string: {damaged}"));
    check("\0\0\0", "unexpected_character", 1, 1, &format!("The file holds only NUL bytes: {damaged}"));
    check(
        "{}\n\0\0",
        "trailing_characters",
        2,
        1,
        "NUL bytes follow the end of the document, as after a crash: remove them",
    );
}

#[test]
fn a_tape_says_what_the_text_holds() {
    let json = document("{\"a\": [1, \"x\\u0041\\ud83d\\ude00\\ud800\"], \"b\": {\"c\": null}, \"a\": true}");
    assert_eq!(json.members(ROOT).count(), 3);
    let first = json.members(ROOT).next().unwrap().1;
    assert_eq!(json.elements(first).count(), 2);
    let text = json.elements(first).nth(1).unwrap();
    assert_eq!(json.string(text).unwrap(), "xA😀\u{fffd}");
    assert_eq!(json.find(ROOT, "a").map(|id| json.kind(id)), Some(Kind::True), "the last one counts");
    assert_eq!(json.find_set(json.find(ROOT, "b").unwrap(), "c"), None);
    assert_eq!(json.find(ROOT, "d"), None);
}

#[test]
fn a_depth_of_a_hundred_thousand_is_read() {
    let text = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(document(&text).text(), text);
    let error = Document::parse("[".repeat(100_000)).unwrap_err();
    assert_eq!(error.code(), ParseErrorCode::UnexpectedEnd);
}

#[test]
fn a_value_that_is_equal_already_is_not_spelt_again() {
    let text = "{\"n\": 1e3, \"s\": \"\\u0041\", \"z\": 0.00, \"t\": true}";
    let same = patched(text, |root| {
        root.set("n", scalar("1000.00"));
        root.set("s", NewValue::Text("A".into()));
        root.set("z", scalar("0"));
        root.set("t", scalar("true"));
        root.remove("missing");
    });
    assert_eq!(same, text);
    assert_eq!(patched(text, |root| root.set("n", scalar("1001"))), text.replace("1e3", "1001"));
}

#[test]
fn a_tree_that_is_equal_already_is_not_laid_out_again() {
    let text = "{\n  \"h\": {\"a\": [1.0,\n 2], \"b\": {\"c\": \"\\u0041\"}}\n}";
    let check = |json: &'static str, stays: bool| {
        let after = patched(text, |root| root.set("h", NewValue::Json(json.into())));
        assert_eq!(after == text, stays, "{json}");
    };
    check(r#"{"a": [1, 2], "b": {"c": "A"}}"#, true);
    check(r#"{"b":{"c":"A"},"a":[1e0,2.00]}"#, true);
    check(r#"{"a": [2, 1], "b": {"c": "A"}}"#, false);
    check(r#"{"a": [1, 2], "b": {"c": "a"}}"#, false);
    check(r#"{"a": [1, 2], "b": {"c": "A"}, "d": null}"#, false);
    check(r#"{"a": [1, 2]}"#, false);
    check(r#"{"a": [1, 2], "a": [1, 2]}"#, false);
    check("[]", false);
}

#[test]
fn a_time_and_a_name_that_are_read_as_the_same_are_not_spelt_again() {
    let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    let check = |old: &str, stays: bool| {
        let text = format!("{{\"t\": {old}}}");
        assert_eq!(patched(&text, |root| root.set("t", now.into())) == text, stays, "{old}");
    };
    check("\"2024-08-11T16:30:00+02:00\"", true);
    check("\"2024-08-11 14:30:00\"", true);
    check("\"2024-08-11T14:30:00.000Z\"", true);
    check("\"2024-08-11T14:3\\u0030:00Z\"", true);
    check("\"2024-08-11T14:30:00.001Z\"", false);
    check("\"2024-08-11T14:30:00.3NZ\"", false);
    check("\"2024-08-11T14:30:01Z\"", false);
    check("\"noon\"", false);
    check("1723386600", false);
    let name = || NewValue::Alias("pending".into(), |one, other| one.eq_ignore_ascii_case(other));
    let check = |old: &str, stays: bool| {
        let text = format!("{{\"s\": {old}}}");
        assert_eq!(patched(&text, |root| root.set("s", name())) == text, stays, "{old}");
    };
    check("\"PENDING\"", true);
    check("\"\\u0050ending\"", true);
    check("\"in_progress\"", false);
    check("null", false);
}

#[test]
fn a_new_member_is_laid_out_as_the_one_before_it() {
    let check = |text: &str, expected: &str| assert_eq!(patched(text, |root| root.set("z", scalar("9"))), expected);
    check("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2,\"z\":9}");
    check("{ \"a\" : 1, \"b\" : 2 }", "{ \"a\" : 1, \"b\" : 2, \"z\" : 9 }");
    check("{\n\t\"a\": 1\n}\n", "{\n\t\"a\": 1,\n\t\"z\": 9\n}\n");
    check(
        "{\r\n    \"a\": 1,\r\n\r\n    \"b\": 2\r\n}",
        "{\r\n    \"a\": 1,\r\n\r\n    \"b\": 2,\r\n\r\n    \"z\": 9\r\n}",
    );
    check("{\"a\":1\n,\"b\":2}", "{\"a\":1\n,\"b\":2,\"z\":9}");
    check("{}", "{\n  \"z\": 9\n}");
    check("{ }", "{\n  \"z\": 9\n}");
}

#[test]
fn the_second_member_of_a_line_follows_the_commas_of_the_file() {
    let check = |text: &str, expected: &str| {
        let add = |root: &mut ObjectPatch<'_>| {
            root.object("o").set("y", scalar("8"));
            root.object("o").set("z", scalar("9"));
        };
        assert_eq!(patched(text, add), expected);
    };
    // One member: the space before its key follows no comma.
    check("{\"x\": 1, \"o\": {\"a\": 1}}", "{\"x\": 1, \"o\": {\"a\": 1, \"y\": 8, \"z\": 9}}");
    check("{\"x\":1,\"o\":{\"a\":1}}", "{\"x\":1,\"o\":{\"a\":1,\"y\":8,\"z\":9}}");
    check("{\"x\": 1,\"o\": {\"a\": 1}}", "{\"x\": 1,\"o\": {\"a\": 1,\"y\": 8,\"z\": 9}}");
    check("{\"x\":1, \"o\":{\"a\":1}}", "{\"x\":1, \"o\":{\"a\":1, \"y\":8, \"z\":9}}");
    check("{ \"x\":1,\"o\":{ \"a\":1 } }", "{ \"x\":1,\"o\":{ \"a\":1,\"y\":8,\"z\":9 } }");
    // In a file of many lines, other members on one line show the space after commas.
    check("{\n  \"o\": {\"a\": 1}\n}", "{\n  \"o\": {\"a\": 1, \"y\": 8, \"z\": 9}\n}");
    check("{\n  \"o\": {\"a\":1}\n}", "{\n  \"o\": {\"a\":1,\"y\":8,\"z\":9}\n}");
    check("{\n  \"o\": {\"a\":1},\n  \"l\": [1, 2]\n}", "{\n  \"o\": {\"a\":1, \"y\":8, \"z\":9},\n  \"l\": [1, 2]\n}");
    check(
        "{\n  \"l\": [[1,2]],\n  \"o\": {\"a\": 1}\n}",
        "{\n  \"l\": [[1,2]],\n  \"o\": {\"a\": 1,\"y\": 8,\"z\": 9}\n}",
    );
    // No comma anywhere: the colon's space, or the one after the brace.
    check("{\"o\": {\"a\": 1}}", "{\"o\": {\"a\": 1, \"y\": 8, \"z\": 9}}");
    check("{\"o\":{\"a\":1}}", "{\"o\":{\"a\":1,\"y\":8,\"z\":9}}");
    check("{ \"o\":{ \"a\":1 } }", "{ \"o\":{ \"a\":1, \"y\":8, \"z\":9 } }");
    // Nothing to copy from.
    check("{\"x\":1, \"o\":{}}", "{\"x\":1, \"o\":{\"y\":8, \"z\":9}}");
    check("{\"x\":1,\"o\":{ }}", "{\"x\":1,\"o\":{\"y\":8,\"z\":9}}");
    check("{\n\t\"o\": {}\n}", "{\n\t\"o\": {\n\t\t\"y\": 8,\n\t\t\"z\": 9\n\t}\n}");
}

#[test]
fn a_new_object_takes_the_style_of_the_file() {
    let json = "{\"a\":[1,2],\"b\":{\"c\":[{\"d\":1e3}]},\"e\":{}}";
    let check = |text: &str, expected: &str| {
        assert_eq!(patched(text, |root| root.set("z", NewValue::Json(json.into()))), expected)
    };
    check(
        "{\n    \"x\": 1\n}",
        "{\n    \"x\": 1,\n    \"z\": {\n        \"a\": [1, 2],\n        \"b\": {\n            \"c\": [\n                {\n                    \"d\": 1e3\n                }\n            ]\n        },\n        \"e\": {}\n    }\n}",
    );
    check("{\"x\":1}", "{\"x\":1,\"z\":{\"a\":[1,2],\"b\":{\"c\":[{\"d\":1e3}]},\"e\":{}}}");
    check("{\"x\": 1}", "{\"x\": 1, \"z\": {\"a\": [1, 2], \"b\": {\"c\": [{\"d\": 1e3}]}, \"e\": {}}}");
}

#[test]
fn a_missing_section_is_made() {
    let after = patched("{\n  \"a\": 1\n}\n", |root| {
        root.object("outer").object("inner").set("k", NewValue::Text("v".into()));
        root.object("unused").remove("x");
    });
    assert_eq!(after, "{\n  \"a\": 1,\n  \"outer\": {\n    \"inner\": {\n      \"k\": \"v\"\n    }\n  }\n}\n");
    let after = patched("{\n  \"outer\": null\n}", |root| root.object("outer").set("k", NewValue::Text("v".into())));
    assert_eq!(after, "{\n  \"outer\": {\n    \"k\": \"v\"\n  }\n}");
    let after = patched("{\n  \"outer\": {}\n}", |root| root.object("outer").set("k", NewValue::Text("v".into())));
    assert_eq!(after, "{\n  \"outer\": {\n    \"k\": \"v\"\n  }\n}");
}

#[test]
fn a_removed_member_takes_the_comma_before_it() {
    let check = |text: &str, gone: &[&'static str], expected: &str| {
        let after = patched(text, |root| gone.iter().for_each(|key| root.remove(*key)));
        assert_eq!(after, expected);
    };
    let text = "{\n  \"a\": 1,\n  \"b\": 2,\n\n  \"c\": 3\n}";
    check(text, &["b"], "{\n  \"a\": 1,\n\n  \"c\": 3\n}");
    check(text, &["c"], "{\n  \"a\": 1,\n  \"b\": 2\n}");
    check(text, &["a"], "{\n  \"b\": 2,\n\n  \"c\": 3\n}");
    check(text, &["a", "b"], "{\n  \"c\": 3\n}");
    check(text, &["b", "c"], "{\n  \"a\": 1\n}");
    check(text, &["a", "b", "c"], "{}");
    check("{\"a\":1,\"b\":2,\"a\":3}", &["a"], "{\"b\":2}");
    check("{\"A\":1,\"b\":2,\"a\":3}", &["a"], "{\"b\":2}");
    check("{\"a-b\":1,\"b\":2,\"\\u0061_B\":3}", &["a_b"], "{\"b\":2}");
    check("{\"a\":null,\"b\":2,\"A\":3}", &["a"], "{\"b\":2}");
    let text = document("{\"A\":1,\"a\":2,\"b\":3}");
    let mut patch = ObjectPatch::exact();
    patch.remove("a");
    let (after, _) = patch.edits(&text, &Style::of(&text)).apply(text.text());
    assert_eq!(after, "{\"A\":1,\"b\":3}", "of two sides of a merge, each key is only itself");
}

#[test]
fn removal_and_addition_meet_at_the_end() {
    let after = patched("{\n  \"a\": 1,\n  \"b\": 2\n}", |root| {
        root.remove("b");
        root.set("z", scalar("9"));
    });
    assert_eq!(after, "{\n  \"a\": 1,\n  \"z\": 9\n}");
    let after = patched("{\n  \"a\": 1\n}", |root| {
        root.remove("a");
        root.set("y", scalar("8"));
        root.set("z", scalar("9"));
    });
    assert_eq!(after, "{\n  \"y\": 8,\n  \"z\": 9\n}");
}

#[test]
fn list_elements_are_spliced_one_by_one() {
    let check = |text: &str, remove: &[usize], insert: &[(Option<usize>, &'static str)], expected: &str| {
        let after = patched(text, |root| {
            let json = document(text);
            let list = json.find(ROOT, "l");
            let element = |at: usize| json.elements(list.unwrap()).nth(at).unwrap();
            let remove = remove.iter().map(|&at| element(at)).collect();
            let insert = insert.iter().map(|&(at, name)| (at.map(element), super::quote(name).into())).collect();
            root.list("l", ListPatch { remove, insert, lines: false });
        });
        assert_eq!(after, expected);
    };
    check("{\"l\": [\"A\"], \"x\": 1}", &[], &[(None, "b")], "{\"l\": [\"A\", \"b\"], \"x\": 1}");
    check("{\"l\":[\"A\"]}", &[], &[(None, "b")], "{\"l\":[\"A\",\"b\"]}");
    check("{\"l\": []}", &[], &[(None, "b"), (None, "c")], "{\"l\": [\"b\", \"c\"]}");
    check("{\"l\": [\"b\", \"c\"]}", &[0], &[], "{\"l\": [\"c\"]}");
    check("{\"l\": [\"b\", \"c\"]}", &[1], &[], "{\"l\": [\"b\"]}");
    check("{\"l\": [\"b\", \"c\"]}", &[0, 1], &[], "{\"l\": []}");
    check("{\"l\": [\"b\", \"c\"]}", &[0, 1], &[(None, "d")], "{\"l\": [\"d\"]}");
    check("{\"l\": [\"b\", \"c\"]}", &[1], &[(None, "d")], "{\"l\": [\"b\", \"d\"]}");
    check("{\"l\": [\"c\"]}", &[], &[(Some(0), "a"), (Some(0), "b")], "{\"l\": [\"a\", \"b\", \"c\"]}");
    check("{\"l\": [\n  \"b\",\n  \"c\"\n]}", &[0], &[(None, "d")], "{\"l\": [\n  \"c\", \"d\"\n]}");
    check("{\"x\": 1}", &[], &[(None, "b")], "{\"x\": 1, \"l\": [\"b\"]}");
}

#[test]
fn history_holds_one_entry_a_line() {
    let check = |text: &str, expected: &str| {
        let entry = document("{\"at\":\"t\",\"n\":1}").inline(ROOT, &Style::of(&document(text)));
        assert_eq!(patched(text, |root| root.append("history", entry)), expected)
    };
    check("{\n  \"a\": 1\n}", "{\n  \"a\": 1,\n  \"history\": [\n    {\"at\": \"t\", \"n\": 1}\n  ]\n}");
    check("{\n  \"history\": []\n}", "{\n  \"history\": [\n    {\"at\": \"t\", \"n\": 1}\n  ]\n}");
    check("{\n  \"history\": [\n    {}\n  ]\n}", "{\n  \"history\": [\n    {},\n    {\"at\": \"t\", \"n\": 1}\n  ]\n}");
    check("{\n  \"history\": [{}, {}]\n}", "{\n  \"history\": [{}, {},\n    {\"at\": \"t\", \"n\": 1}]\n}");
    check("{\"history\":[{},{}]}", "{\"history\":[{},{},{\"at\":\"t\",\"n\":1}]}");
    check("{\"a\":1}", "{\"a\":1,\"history\":[{\"at\":\"t\",\"n\":1}]}");
    check("{\"history\": [{}]}", "{\"history\": [{}, {\"at\": \"t\", \"n\": 1}]}");
}

#[test]
fn a_column_counts_characters_and_not_the_mark_before_them() {
    assert_eq!(position("äb", 2), (1, 2));
    assert_eq!(position("\u{feff}{", 3), (1, 1));
    assert_eq!(position("a\r\nb", 3), (2, 1));
    assert_eq!(position("a", 99), (1, 2));
}
