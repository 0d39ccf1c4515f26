//! A commit message that says what is handed back.
use super::outgoing::ExportFile;
use crate::format::{count, one_line};

/// What git's own tools show of a subject.
const SUBJECT: usize = 72;

/// A subject, and a line for each session: what was done, in the core's words.
pub fn message(files: &[ExportFile]) -> String {
    let lines: Vec<String> = files.iter().map(line).collect();
    format!("{}\n\n{}\n", subject(files), lines.join("\n"))
}

fn subject(files: &[ExportFile]) -> String {
    let new = files.iter().filter(|file| file.before.is_none()).count();
    let moved = files.len() - new;
    let subject = match files {
        [file] if new == 1 => format!("Add session {}", one_line(&file.id)),
        [file] if file.done.is_empty() => format!("Take {} back", one_line(&file.id)),
        [file] => match file.state {
            Some(state) => format!("Move {} on to {state}", one_line(&file.id)),
            None => format!("Change {}", one_line(&file.id)),
        },
        _ if moved == 0 => format!("Add {}", count(new, "session", "sessions")),
        _ if new == 0 => format!("Move {} on", count(moved, "session", "sessions")),
        _ => format!("Add {}, move {moved} on", count(new, "session", "sessions")),
    };
    if subject.chars().count() <= SUBJECT {
        return subject;
    }
    subject.chars().take(SUBJECT - 1).chain(['\u{2026}']).collect()
}

fn line(file: &ExportFile) -> String {
    let mut parts: Vec<String> = Vec::new();
    if file.before.is_none() {
        parts.push("new".into());
    }
    parts.extend(file.done.iter().map(|sentence| first(sentence)));
    parts.extend(file.taken_back.iter().map(|sentence| format!("taken back: {}", first(sentence))));
    if parts.is_empty() {
        parts.push("changed".into());
    }
    format!("- {}: {}", one_line(&file.id), parts.join("; "))
}

/// The first of the core's sentences says what happened, the second what comes next.
fn first(sentence: &str) -> String {
    let first = sentence.split_once(". ").map_or(sentence, |(first, _)| first);
    one_line(first.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::super::outgoing::tests::file;
    use super::*;

    #[test]
    fn one_session_is_named_in_the_subject() {
        let mut one = file("a.json", Some("a"), "b");
        one.done =
            vec!["script_writer is complete. Next: start quality_evaluator.".into(), "The file was mended.".into()];
        let text = "Move ep_1 on to EVALUATING\n\n- ep_1: script_writer is complete; The file was mended\n";
        assert_eq!(message(std::slice::from_ref(&one)), text);
        one.done.clear();
        one.taken_back = vec!["script_writer is complete.".into()];
        assert_eq!(message(&[one]), "Take ep_1 back\n\n- ep_1: taken back: script_writer is complete\n");
    }

    #[test]
    fn several_are_counted() {
        let (old, new) = (file("a.json", Some("a"), "b"), file("b.json", None, "b"));
        let subject = |files: &[ExportFile]| message(files).lines().next().map(str::to_owned);
        assert_eq!(subject(&[old.clone(), old.clone()]).as_deref(), Some("Move 2 sessions on"));
        assert_eq!(subject(&[old.clone(), new.clone()]).as_deref(), Some("Add 1 session, move 1 on"));
        assert_eq!(subject(&[new.clone(), new.clone()]).as_deref(), Some("Add 2 sessions"));
        assert_eq!(message(&[new]), "Add session ep_1\n\n- ep_1: new\n");
    }

    #[test]
    fn an_id_stays_on_its_line() {
        let mut one = file("a.json", None, "b");
        one.id = format!("a\n\u{202e}b{}", "x".repeat(200));
        let text = message(&[one]);
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().next().is_some_and(|subject| subject.chars().count() == SUBJECT));
        assert!(!text.contains('\u{202e}'));
    }
}
