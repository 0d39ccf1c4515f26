//! Texts at their edges: escapes, times and numbers as they are found, and diffs as git shows them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::diff::{Numstat, numstat, unified};
use callboard_core::{Session, Timestamp};

#[test]
fn escapes_are_read_as_json_means_them() {
    let check = |spelt: &str, meant: &str| {
        let session = Session::parse(format!(r#"{{"session_id": "{spelt}"}}"#)).unwrap();
        assert_eq!(session.id().as_deref(), Some(meant), "{spelt}");
    };
    check(r#"\b\f\n\r\t\"\\\/"#, "\u{8}\u{c}\n\r\t\"\\/");
    check(r"\u00e9\u0000", "\u{e9}\0");
    check(r"\ud83d\udc19", "\u{1F419}");
    check(r"\uD83D\uDC19!", "\u{1F419}!");
    // Half a pair is no character, whatever stands beside it.
    check(r"\ud83d", "\u{fffd}");
    check(r"\udc19\ud83d", "\u{fffd}\u{fffd}");
    check(r"\ud83d\n", "\u{fffd}\n");
    check(r"\ud83d\u0041", "\u{fffd}A");
    check(r"\ud83d\ud83d\udc19", "\u{fffd}\u{1F419}");
}

#[test]
fn a_text_that_ends_inside_an_escape_says_which_string_is_open() {
    for end in ["", "\\", "\\u", "\\u00", "\\u00e"] {
        let error = Session::parse(format!("{{\n  \"session_id\": \"a{end}")).unwrap_err();
        assert_eq!(error.code().name(), "unexpected_end");
        assert_eq!(error.message(), "The file ends inside the string that opens at line 2, column 17.");
    }
}

#[test]
fn times_are_read_only_where_they_can_mean_one_thing() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
    };
    check("2024-08-11T14:30:00+00:00", Some("2024-08-11T14:30:00Z"));
    check("2024-08-11T14:30:00-23:59", Some("2024-08-12T14:29:00Z"));
    check("2024-08-11T14:30:00+24:00", None);
    check("2024-08-11T14:30:00+01:60", None);
    check("2024-08-11T14:30:00+1", None);
    check("2024-08-11T14:30:00+01:0x", None);
    check("2024-08-11T14:30:00 UTC", None);
    check("9999-12-31T23:59:59-00:01", None);
    assert_eq!(Timestamp::from_unix(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
    assert_eq!(Timestamp::from_unix(i64::MIN).to_string(), "0000-01-01T00:00:00Z");
    assert_eq!(Timestamp::from_unix(0).plus(i64::MAX), Timestamp::from_unix(i64::MAX));
}

#[test]
fn diffs_are_those_of_git() {
    let check = |old: &str, new: &str, expected: &str| {
        let lines = |mark: char| expected.lines().skip(2).filter(|line| line.starts_with(mark)).count() as u32;
        assert_eq!(unified(old, new, "a.json"), expected);
        assert_eq!(numstat(old, new), Numstat { added: lines('+'), removed: lines('-') });
    };
    check("a\n", "a\n", "");
    check("", "a\n", "--- a/a.json\n+++ b/a.json\n@@ -0,0 +1 @@\n+a\n");
    check("a\n", "", "--- a/a.json\n+++ b/a.json\n@@ -1 +0,0 @@\n-a\n");
    let none = "\\ No newline at end of file";
    check("a", "b", &format!("--- a/a.json\n+++ b/a.json\n@@ -1 +1 @@\n-a\n{none}\n+b\n{none}\n"));
    check("a\nb", "c\nb", &format!("--- a/a.json\n+++ b/a.json\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n{none}\n"));
    // Two changes are one hunk up to six lines apart, and two hunks beyond.
    let lines = |first: &str, middle: &str, last: &str| format!("{first}\n{middle}{last}\n");
    for (apart, hunks) in [(6, 1), (7, 2)] {
        let middle = "x\n".repeat(apart);
        let patch = unified(&lines("a", &middle, "b"), &lines("c", &middle, "d"), "a.json");
        assert_eq!(patch.matches("@@ -").count(), hunks, "{patch}");
    }
}
