//! Fuzzy matching that tolerates typing errors, fast enough for ten thousand texts per keystroke. Pure.
use crate::order::descending;
use std::collections::BTreeSet;

/// Scores lower-case `text` against every word of `search`; `None` if a word does not match. The beginning of a
/// word scores highest, then any substring, then scattered letters.
pub fn score(text: &str, search: &str) -> Option<u32> {
    search.split_whitespace().try_fold(0, |sum, word| Some(sum + of_word(text, word)?))
}

fn of_word(text: &str, word: &str) -> Option<u32> {
    let mut found = None;
    for (at, _) in text.match_indices(word) {
        let begins = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let ends = !text[at + word.len()..].chars().next().is_some_and(char::is_alphanumeric);
        let early = 20_u32.saturating_sub(u32::try_from(at).unwrap_or(u32::MAX) / 4);
        let score = 100 + early + if begins { 60 } else { 0 } + if begins && ends { 40 } else { 0 };
        found = found.max(Some(score));
        if begins {
            break;
        }
    }
    found.or_else(|| scattered(text, word))
}

/// Scores letters that occur in order, closer ones higher.
fn scattered(text: &str, word: &str) -> Option<u32> {
    // Short words would match scattered letters everywhere.
    if word.chars().count() < 3 {
        return None;
    }
    let mut letters = text.char_indices();
    let (mut first, mut last) = (None, 0);
    for wanted in word.chars() {
        let (at, _) = letters.find(|(_, letter)| *letter == wanted)?;
        first.get_or_insert(at);
        last = at;
    }
    let span = last + 1 - first.unwrap_or_default();
    let loose = span.saturating_sub(word.len());
    (loose <= word.len() * 2).then(|| 60_u32.saturating_sub(u32::try_from(loose).unwrap_or(60) * 4).max(1))
}

/// The distinct words of many texts, against which a mistyped word is compared.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(BTreeSet<String>);

/// Number of words that a mistyped word is taken for.
const CORRECTIONS: usize = 6;

/// Lower bound of a word's length for one typing error, and for two.
const ONE_ERROR: usize = 4;
const TWO_ERRORS: usize = 8;

impl Vocabulary {
    /// Collects the words of lower-case texts. A word with a digit in it is none: another number is another thing.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = BTreeSet::new();
        for text in texts {
            for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| is_word(word)) {
                if !words.contains(word) {
                    words.insert(word.to_owned());
                }
            }
        }
        Self(words)
    }

    /// Returns the closest words to a mistyped word, or to its beginning while it is being typed: letters that are
    /// swapped, left out, doubled or wrong. Empty if the word is one of the texts'.
    fn corrections(&self, word: &str) -> Vec<&str> {
        let length = word.chars().count();
        if !is_word(word) || self.0.iter().any(|known| known.contains(word)) {
            return Vec::new();
        }
        let allowed = if length >= TWO_ERRORS { 2 } else { 1 };
        let distance = |known: &str| {
            if known.chars().count() + allowed < length {
                return None;
            }
            // The word may be typed only in part.
            let beginnings = (length.saturating_sub(allowed)..=length + allowed).map(|end| {
                let end = known.char_indices().nth(end).map_or(known.len(), |(at, _)| at);
                strsim::osa_distance(&known[..end], word)
            });
            beginnings.min().filter(|distance| *distance <= allowed)
        };
        let close: Vec<(&str, usize)> = self.0.iter().filter_map(|known| Some((&**known, distance(known)?))).collect();
        let keys = close.iter().map(|(known, distance)| {
            let extra = known.len().abs_diff(word.len());
            (-i64::try_from(*distance).unwrap_or(i64::MAX), -i64::try_from(extra).unwrap_or(i64::MAX))
        });
        descending(keys).into_iter().take(CORRECTIONS).map(|at| close[at].0).collect()
    }

    /// Returns a lower-case search with each mistyped word replaced by the closest words, best first; empty if no word
    /// is mistyped.
    pub fn corrected(&self, search: &str) -> Vec<String> {
        let mut found = vec![String::new()];
        let mut is_mistyped = false;
        for word in search.split_whitespace() {
            let corrections = self.corrections(word);
            is_mistyped |= !corrections.is_empty();
            let words = if corrections.is_empty() { vec![word] } else { corrections };
            let with =
                |word: &&str| found.iter().map(|begun| format!("{begun} {word}").trim_start().to_owned()).collect();
            found = words.iter().flat_map(|word| -> Vec<String> { with(word) }).take(CORRECTIONS).collect();
        }
        if is_mistyped { found } else { Vec::new() }
    }
}

/// Returns true if a search has a word that may be mistyped.
pub fn may_be_mistyped(search: &str) -> bool {
    search.split_whitespace().any(is_word)
}

fn is_word(word: &str) -> bool {
    word.chars().count() >= ONE_ERROR && word.chars().all(char::is_alphabetic)
}

/// Scores lower-case `text` against a search, else against its corrections, which score lower.
pub fn score_corrected(text: &str, search: &str, corrected: &[String]) -> Option<u32> {
    score(text, search)
        .or_else(|| corrected.iter().filter_map(|search| score(text, search)).max().map(|score| score / 4))
}

/// Returns the items with a score, highest first. The sort is stable.
pub fn best<T: Copy>(scored: impl Iterator<Item = (T, Option<u32>)>) -> Vec<T> {
    let found: Vec<(T, u32)> = scored.filter_map(|(item, score)| Some((item, score?))).collect();
    let order = descending(found.iter().map(|(_, score)| (i64::from(*score), 0)));
    order.into_iter().map(|at| found[at].0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_word_scores_highest() {
        let texts = ["the sounding board", "unsound", "sound of snow", "s o u n d", "nothing"];
        let found = best(texts.iter().map(|text| (text, score(text, "sound"))));
        assert_eq!(found, [&"sound of snow", &"the sounding board", &"unsound", &"s o u n d"]);
    }

    #[test]
    fn every_word_must_match() {
        let text = "ep 42 why octopuses dream ep_042_20240811_1430";
        assert!(score(text, "octo dream").is_some());
        assert!(score(text, "42").unwrap() > score("ep 420 a", "42").unwrap());
        assert!(score(text, "octps").is_some(), "letters in order");
        assert_eq!(score(text, "octo squid"), None);
        assert_eq!(score(text, "zq"), None);
        assert_eq!(score(text, ""), Some(0));
        assert!(score("\u{e9}t\u{e9}", "\u{e9}").is_some(), "letters of any script");
    }

    const TEXTS: [&str; 4] = [
        "ep 42 why octopuses dream ep_042_20240811_1430",
        "ep 7 the last telegram ep_007_20240811_1430",
        "ep 8 the sound of an empty stadium ep_008_20240811_1430",
        "ep 9 \u{e9}t\u{e9} \u{e0} la mer ep_009_20240811_1430",
    ];

    #[track_caller]
    fn check(search: &str, expected: &[usize]) {
        let corrected = Vocabulary::of(TEXTS).corrected(search);
        let texts = TEXTS.iter().enumerate().map(|(at, text)| (at, score_corrected(text, search, &corrected)));
        assert_eq!(best(texts), expected, "{search}: {corrected:?}");
    }

    #[test]
    fn typing_errors_are_tolerated() {
        for search in ["octopsus", "octpouses", "otcopus", "octopuss", "octupuses", "octo dreem", "ocotpus draem"] {
            check(search, &[0]);
        }
        check("telegarm", &[1]);
        check("tellegram", &[1]);
        check("staduim emtpy", &[2]);
        check("squid", &[]);
        // Another number is another thing, and short words have too many neighbours.
        check("20240812", &[]);
        check("teh", &[]);
    }

    #[test]
    fn an_exact_match_goes_before_a_corrected_one() {
        let texts = ["a last telegram", "a lost telegram"];
        let vocabulary = Vocabulary::of(texts);
        assert!(vocabulary.corrected("lost").is_empty());
        let corrected = vocabulary.corrected("lsot telegram");
        let found = best(texts.iter().map(|text| (text, score_corrected(text, "lsot telegram", &corrected))));
        assert_eq!(found, [&texts[1]]);
    }
}
