//! Rendering of a file's line: coloured runs, visible names for invisible characters, and a length limit.
use crate::format::count;
use leptos::prelude::*;

/// Maximum number of characters shown of a line: megabytes would block the page.
pub const SHOWN: usize = 2_000;

/// Number of bytes shown before the first mark of a long line.
const BEFORE: usize = 200;

/// A run of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextRun {
    /// Text with the class of its colour, or an empty class.
    Text(&'static str, String),
    /// An invisible or direction-changing character, by its code point.
    Hidden(String),
    /// Number of omitted characters.
    Omitted(usize),
}

/// Returns true for an invisible or direction-changing character.
fn is_hidden(letter: char) -> bool {
    let control = letter.is_control() && letter != '\t';
    let marks = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    control || marks || matches!(letter, '\u{61c}' | '\u{feff}' | '\u{ad}')
}

/// Appends text of one colour, at most `left` characters of it.
pub fn push(runs: &mut Vec<TextRun>, class: &'static str, text: &str, left: &mut usize) {
    let mut run = String::new();
    for letter in text.chars().take(*left) {
        *left -= 1;
        if is_hidden(letter) {
            if !run.is_empty() {
                runs.push(TextRun::Text(class, std::mem::take(&mut run)));
            }
            runs.push(TextRun::Hidden(format!("U+{:04X}", u32::from(letter))));
        } else {
            run.push(letter);
        }
    }
    if !run.is_empty() {
        runs.push(TextRun::Text(class, run));
    }
}

/// Splits a line into runs, with a class for the marked byte ranges; a long line is cut around its first mark.
pub fn mark_ranges(line: &str, marks: &[std::ops::Range<usize>], class: &'static str) -> Vec<TextRun> {
    let mut runs = Vec::new();
    let mut left = SHOWN;
    let first = marks.first().map_or(0, |mark| mark.start);
    let start = if line.len() > SHOWN && first > BEFORE { line.floor_char_boundary(first - BEFORE) } else { 0 };
    if start > 0 {
        runs.push(TextRun::Omitted(line[..start].chars().count()));
    }
    let mut at = start;
    for mark in marks {
        let (Some(before), Some(word)) = (line.get(at..mark.start), line.get(mark.clone())) else { break };
        push(&mut runs, "", before, &mut left);
        push(&mut runs, class, word, &mut left);
        at = mark.end;
        if left == 0 {
            break;
        }
    }
    push(&mut runs, "", line.get(at..).unwrap_or_default(), &mut left);
    if left == 0 {
        let more = line[start..].chars().count().saturating_sub(SHOWN);
        if more > 0 {
            runs.push(TextRun::Omitted(more));
        }
    }
    runs
}

/// Renders a run.
pub fn render_run(run: TextRun) -> AnyView {
    match run {
        TextRun::Text("", text) => text.into_any(),
        TextRun::Text(class, text) => view! { <span class=class>{text}</span> }.into_any(),
        TextRun::Hidden(name) => {
            view! { <span class="text-hidden" title="Invisible character">{name}</span> }.into_any()
        }
        TextRun::Omitted(characters) => {
            view! { <span class="text-omitted">{count(characters, "more character", "more characters")}</span> }
                .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(class: &'static str, text: &str) -> TextRun {
        TextRun::Text(class, text.into())
    }

    #[test]
    fn marks_have_their_class_and_invisible_characters_their_name() {
        assert_eq!(mark_ranges("one two", std::slice::from_ref(&(4..7)), "m"), [text("", "one "), text("m", "two")]);
        assert_eq!(
            mark_ranges("a\u{202e}b", &[], "m"),
            [text("", "a"), TextRun::Hidden("U+202E".into()), text("", "b")]
        );
        assert_eq!(mark_ranges("", &[], "m"), []);
    }

    #[test]
    fn a_long_line_is_cut_around_its_first_mark() {
        let line = format!("{}MARK{}", "\u{e9}".repeat(50_000), "x".repeat(50_000));
        let runs = mark_ranges(&line, std::slice::from_ref(&(100_000..100_004)), "m");
        assert_eq!(runs[0], TextRun::Omitted(49_900));
        assert_eq!(runs[2], text("m", "MARK"));
        assert_eq!(runs.last(), Some(&TextRun::Omitted(100_004 - 49_900 - SHOWN)));
        let whole = mark_ranges(&"x".repeat(SHOWN), &[], "m");
        assert_eq!(whole.len(), 1);
    }
}
