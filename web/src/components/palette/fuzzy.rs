//! Fuzzy matching, fast enough for ten thousand texts per keystroke. Pure.
use crate::order::descending;

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
}
