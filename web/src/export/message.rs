//! Commit message for exported files.
use super::export_file::ExportFile;
use crate::format::{count, one_line};

/// Length to which git tools show a subject.
const SUBJECT: usize = 72;

/// Returns a subject line, and one line per session with the core's sentences.
pub fn message(files: &[ExportFile]) -> String {
    let lines: Vec<String> = files.iter().map(line).collect();
    format!("{}\n\n{}\n", subject(files), lines.join("\n"))
}

fn subject(files: &[ExportFile]) -> String {
    let new = files.iter().filter(|file| file.before.is_none()).count();
    let updated = files.len() - new;
    let subject = match files {
        [file] => {
            let change = match file.state {
                _ if new == 1 => "new session".to_owned(),
                _ if file.done.is_empty() => "undo".to_owned(),
                Some(state) => state.name().to_lowercase(),
                None => "update".to_owned(),
            };
            let topic = file.topic.as_ref().map(|topic| format!(" ({})", one_line(topic))).unwrap_or_default();
            format!("{}: {change}{topic}", one_line(&file.label))
        }
        _ if updated == 0 => format!("Add {}", count(new, "session", "sessions")),
        _ if new == 0 => format!("Update {}", count(updated, "session", "sessions")),
        _ => format!("Add {}, update {updated}", count(new, "session", "sessions")),
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
    parts.extend(file.undone.iter().map(|sentence| format!("undone: {}", first(sentence))));
    if parts.is_empty() {
        parts.push("changed".into());
    }
    format!("- {}: {}", one_line(&file.id), parts.join("; "))
}

/// The core's first sentence is the result, the second the next step.
fn first(sentence: &str) -> String {
    let first = sentence.split_once(". ").map_or(sentence, |(first, _)| first);
    one_line(first.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::super::export_file::tests::file;
    use super::*;

    #[test]
    fn one_session_is_named_in_the_subject() {
        let mut one = file("a.json", Some("a"), "b");
        one.done =
            vec!["script_writer is complete. Next: start quality_evaluator.".into(), "The file was mended.".into()];
        let text = "ep 1: evaluating (Tides)\n\n- ep_1: script_writer is complete; The file was mended\n";
        assert_eq!(message(std::slice::from_ref(&one)), text);
        one.done.clear();
        one.undone = vec!["script_writer is complete.".into()];
        assert_eq!(message(&[one]), "ep 1: undo (Tides)\n\n- ep_1: undone: script_writer is complete\n");
    }

    #[test]
    fn several_sessions_are_counted() {
        let (old, new) = (file("a.json", Some("a"), "b"), file("b.json", None, "b"));
        let subject = |files: &[ExportFile]| message(files).lines().next().map(str::to_owned);
        assert_eq!(subject(&[old.clone(), old.clone()]).as_deref(), Some("Update 2 sessions"));
        assert_eq!(subject(&[old.clone(), new.clone()]).as_deref(), Some("Add 1 session, update 1"));
        assert_eq!(subject(&[new.clone(), new.clone()]).as_deref(), Some("Add 2 sessions"));
        assert_eq!(message(&[new]), "ep 1: new session (Tides)\n\n- ep_1: new\n");
    }

    #[test]
    fn an_id_stays_on_one_line() {
        let mut one = file("a.json", None, "b");
        one.id = format!("a\n\u{202e}b{}", "x".repeat(200));
        one.label = one.id.clone();
        let text = message(&[one]);
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().next().is_some_and(|subject| subject.chars().count() == SUBJECT));
        assert!(!text.contains('\u{202e}'));
    }
}
