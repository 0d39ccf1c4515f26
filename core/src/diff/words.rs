//! Word diffs of changed lines.

use gix_imara_diff::{Algorithm, Diff, InternedInput, TokenSource};
use std::ops::Range;

/// Likeness below which two lines are not versions of one line.
const ALIKE: f64 = 0.25;

/// Number of comparisons above which lines are paired in order: a replaced file need not be matched line by line.
const COMPARISONS: usize = 10_000;

/// Number of words above which a line is marked as a whole.
const WORDS: usize = 20_000;

/// Differing byte ranges of two versions of a line.
///
/// See the example at [`words`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// Removed ranges of the old line.
    pub removed: Vec<Range<usize>>,
    /// Added ranges of the new line.
    pub added: Vec<Range<usize>>,
}

/// Finds the words that differ in two versions of a line.
///
/// ```
/// use callboard_core::diff::words;
/// let (old, new) = (r#""status": "in_progress","#, r#""status": "complete","#);
/// let marks = words(old, new);
/// assert_eq!(&old[marks.removed[0].clone()], "in_progress");
/// assert_eq!(&new[marks.added[0].clone()], "complete");
/// ```
pub fn words(old: &str, new: &str) -> Marks {
    let (old_words, new_words) = (Words(old), Words(new));
    if old_words.tokenize().take(WORDS).count() + new_words.tokenize().take(WORDS).count() >= WORDS {
        let whole = |line: &str| (!line.is_empty()).then_some(0..line.len()).into_iter().collect();
        return Marks { removed: whole(old), added: whole(new) };
    }
    let input = InternedInput::new(old_words, new_words);
    let diff = Diff::compute(Algorithm::Myers, &input);
    let ends = |words: Words<'_>| {
        let mut at = 0;
        let mut ends = vec![0];
        for word in words.tokenize() {
            at += word.len();
            ends.push(at);
        }
        ends
    };
    let (old_ends, new_ends) = (ends(old_words), ends(new_words));
    let mut marks = Marks::default();
    for hunk in diff.hunks() {
        push(&mut marks.removed, old, &old_ends, hunk.before);
        push(&mut marks.added, new, &new_ends, hunk.after);
    }
    marks
}

/// Adds a range of words, joining it with the last one if only white space is between them.
fn push(marks: &mut Vec<Range<usize>>, line: &str, ends: &[usize], words: Range<u32>) {
    let (start, end) = (ends[words.start as usize], ends[words.end as usize]);
    if start == end {
        return;
    }
    match marks.last_mut() {
        Some(last) if line[last.end..start].trim().is_empty() => last.end = end,
        _ => marks.push(start..end),
    }
}

/// Pairs removed lines with the added lines that they became, in order, so that the pairs have the most in common.
///
/// Lines with nothing in common are not paired.
///
/// ```
/// use callboard_core::diff::counterparts;
/// let removed = [r#""cost": 0.00,"#, r#""error": "late""#];
/// let added = [r#""model": "b","#, r#""cost": 1.20,"#];
/// assert_eq!(counterparts(&removed, &added), [(0, 1)]);
/// ```
pub fn counterparts(removed: &[&str], added: &[&str]) -> Vec<(usize, usize)> {
    if removed.len().saturating_mul(added.len()) > COMPARISONS {
        let pairs = removed.iter().zip(added).enumerate();
        return pairs
            .filter(|(_, (old, new))| likeness(&sorted(old), &sorted(new)) >= ALIKE)
            .map(|(at, _)| (at, at))
            .collect();
    }
    let old: Vec<_> = removed.iter().map(|line| sorted(line)).collect();
    let new: Vec<_> = added.iter().map(|line| sorted(line)).collect();
    let width = new.len() + 1;
    // The best total likeness from each pair of lines on, and the likeness of each pair.
    let mut best = vec![0.0; (old.len() + 1) * width];
    let mut alike = vec![0.0; old.len() * width];
    for at in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            let likeness = likeness(&old[at], &new[to]);
            let likeness = if likeness < ALIKE { 0.0 } else { likeness };
            alike[at * width + to] = likeness;
            let paired = likeness + best[(at + 1) * width + to + 1];
            best[at * width + to] = f64::max(paired, f64::max(best[(at + 1) * width + to], best[at * width + to + 1]));
        }
    }
    let (mut at, mut to) = (0, 0);
    let mut pairs = Vec::new();
    while at < old.len() && to < new.len() {
        let (here, likeness) = (best[at * width + to], alike[at * width + to]);
        if likeness > 0.0 && here <= likeness + best[(at + 1) * width + to + 1] {
            pairs.push((at, to));
            at += 1;
            to += 1;
        } else if here <= best[(at + 1) * width + to] {
            at += 1;
        } else {
            to += 1;
        }
    }
    pairs
}

/// The words of a line in alphabetical order, without the characters between them.
fn sorted(line: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Words(line).tokenize().filter(|word| word.starts_with(in_word)).take(WORDS).collect();
    words.sort_unstable();
    words
}

/// Likeness of two lines by the length of their common words, 0 to 1.
fn likeness(old: &[&str], new: &[&str]) -> f64 {
    let length = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
    let total = length(old) + length(new);
    let (mut at, mut to, mut common) = (0, 0, 0);
    while let (Some(left), Some(right)) = (old.get(at), new.get(to)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => to += 1,
            std::cmp::Ordering::Equal => {
                common += left.len();
                at += 1;
                to += 1;
            }
        }
    }
    if total == 0 { 0.0 } else { 2.0 * common as f64 / total as f64 }
}

/// Words of a line: runs of letters and digits, runs of white space, and single other characters.
#[derive(Clone, Copy)]
struct Words<'a>(&'a str);

fn in_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.0.chars().next()?;
        let end = if in_word(first) {
            self.0.find(|letter| !in_word(letter))
        } else if first.is_whitespace() {
            self.0.find(|letter: char| !letter.is_whitespace())
        } else {
            Some(first.len_utf8())
        };
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        Some(word)
    }
}

impl<'a> TokenSource for Words<'a> {
    type Token = &'a str;
    type Tokenizer = Words<'a>;

    fn tokenize(&self) -> Words<'a> {
        *self
    }

    fn estimate_tokens(&self) -> u32 {
        (self.0.len() / 4) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, removed: &[&str], added: &[&str]) {
        let marks = words(old, new);
        let texts = |line: &'static str, ranges: &[Range<usize>]| -> Vec<&'static str> {
            ranges.iter().map(|range| &line[range.clone()]).collect()
        };
        assert_eq!(texts(old.to_owned().leak(), &marks.removed), removed);
        assert_eq!(texts(new.to_owned().leak(), &marks.added), added);
    }

    #[test]
    fn whole_words_are_marked() {
        check(r#""cost": 0.00,"#, r#""cost": 1.20,"#, &["0", "00"], &["1", "20"]);
        check(r#""a": "b""#, r#""a": "b","#, &[], &[","]);
        check(r#"["research"],"#, r#"["research", "writing"],"#, &[], &[", \"writing\""]);
        check("the caf\u{e9} closed", "the caf\u{e8} opened", &["caf\u{e9} closed"], &["caf\u{e8} opened"]);
        check("same", "same", &[], &[]);
        check("", "new", &[], &["new"]);
    }

    #[test]
    fn a_line_of_too_many_words_is_marked_as_a_whole() {
        let one = |end| std::iter::once(0..end).collect();
        let (old, new) = ("a ".repeat(WORDS), "b".to_owned());
        assert_eq!(words(&old, &new), Marks { removed: one(old.len()), added: one(1) });
        assert_eq!(words(&old, "").added, []);
    }

    #[test]
    fn lines_find_what_became_of_them() {
        let check = |removed: &[&str], added: &[&str], expected: &[(usize, usize)]| {
            assert_eq!(counterparts(removed, added), expected);
        };
        check(&[], &["a"], &[]);
        check(&["}"], &["},"], &[]);
        check(&["alpha one", "beta two"], &["beta two!", "alpha one!"], &[(1, 0)]);
        check(&["key: 1", "}"], &["key: 1,", "other: 2", "},"], &[(0, 0)]);
        let many: Vec<String> = (0..200).map(|line| format!("line {line}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(counterparts(&many, &many).len(), 200);
    }
}
