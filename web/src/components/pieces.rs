//! A line of a file as it is seen: in runs of one colour, with what cannot be seen named and with an end.
use crate::format::count;
use leptos::prelude::*;

/// How much of a line is shown, in characters: a line of megabytes would stop the page.
pub const SHOWN: usize = 2_000;

/// How much of a long line is shown before what is marked in it, in bytes.
const BEFORE: usize = 200;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Characters with the class of their colour; none where that is empty.
    Text(&'static str, String),
    /// A character that shows nothing or turns the text around it, by its name.
    Hidden(String),
    /// So many characters are left out.
    More(usize),
}

/// Whether a character shows nothing, or turns the text around it.
fn is_hidden(letter: char) -> bool {
    let control = letter.is_control() && letter != '\t';
    let marks = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    control || marks || matches!(letter, '\u{61c}' | '\u{feff}' | '\u{ad}')
}

/// Adds a run of one colour, of which no more than `left` characters.
pub fn push(pieces: &mut Vec<Piece>, class: &'static str, text: &str, left: &mut usize) {
    let mut run = String::new();
    for letter in text.chars().take(*left) {
        *left -= 1;
        if is_hidden(letter) {
            if !run.is_empty() {
                pieces.push(Piece::Text(class, std::mem::take(&mut run)));
            }
            pieces.push(Piece::Hidden(format!("U+{:04X}", u32::from(letter))));
        } else {
            run.push(letter);
        }
    }
    if !run.is_empty() {
        pieces.push(Piece::Text(class, run));
    }
}

/// A line with these bytes of it marked by a class; of a long one, what is around the first mark.
pub fn marked(line: &str, marks: &[std::ops::Range<usize>], class: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut left = SHOWN;
    let first = marks.first().map_or(0, |mark| mark.start);
    let start = if line.len() > SHOWN && first > BEFORE { line.floor_char_boundary(first - BEFORE) } else { 0 };
    if start > 0 {
        pieces.push(Piece::More(line[..start].chars().count()));
    }
    let mut at = start;
    for mark in marks {
        let (Some(before), Some(word)) = (line.get(at..mark.start), line.get(mark.clone())) else { break };
        push(&mut pieces, "", before, &mut left);
        push(&mut pieces, class, word, &mut left);
        at = mark.end;
        if left == 0 {
            break;
        }
    }
    push(&mut pieces, "", line.get(at..).unwrap_or_default(), &mut left);
    if left == 0 {
        let more = line[start..].chars().count().saturating_sub(SHOWN);
        if more > 0 {
            pieces.push(Piece::More(more));
        }
    }
    pieces
}

/// A piece on the page.
pub fn piece(piece: Piece) -> AnyView {
    match piece {
        Piece::Text("", text) => text.into_any(),
        Piece::Text(class, text) => view! { <span class=class>{text}</span> }.into_any(),
        Piece::Hidden(name) => {
            view! { <span class="piece-hidden" title="A character that cannot be seen">{name}</span> }.into_any()
        }
        Piece::More(characters) => {
            view! { <span class="piece-more">{count(characters, "more character", "more characters")}</span> }
                .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(class: &'static str, text: &str) -> Piece {
        Piece::Text(class, text.into())
    }

    #[test]
    fn what_is_marked_has_its_class_and_what_cannot_be_seen_its_name() {
        assert_eq!(marked("one two", std::slice::from_ref(&(4..7)), "m"), [text("", "one "), text("m", "two")]);
        assert_eq!(marked("a\u{202e}b", &[], "m"), [text("", "a"), Piece::Hidden("U+202E".into()), text("", "b")]);
        assert_eq!(marked("", &[], "m"), []);
    }

    #[test]
    fn of_a_long_line_what_is_around_the_first_mark_is_shown() {
        let line = format!("{}MARK{}", "\u{e9}".repeat(50_000), "x".repeat(50_000));
        let pieces = marked(&line, std::slice::from_ref(&(100_000..100_004)), "m");
        assert_eq!(pieces[0], Piece::More(49_900));
        assert_eq!(pieces[2], text("m", "MARK"));
        assert_eq!(pieces.last(), Some(&Piece::More(100_004 - 49_900 - SHOWN)));
        let whole = marked(&"x".repeat(SHOWN), &[], "m");
        assert_eq!(whole.len(), 1);
    }
}
