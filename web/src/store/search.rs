//! Full-text search over the sessions. Pure.
//!
//! All searchable text is joined into one string, so that a search prepares each word once instead of ten thousand
//! times.
use callboard_workspace::Listed;

/// The searchable text of every session, in the order of the collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchIndex {
    text: String,
    /// Offset of each session's part, then the end of the last one.
    begins: Vec<usize>,
}

/// The sessions that match a search, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches(Option<Vec<bool>>);

impl Matches {
    /// All sessions, for an empty search.
    pub const ALL: Self = Self(None);

    /// Returns true if the session at an index matches.
    pub fn has(&self, at: usize) -> bool {
        self.0.as_ref().is_none_or(|matches| matches.get(at).copied().unwrap_or_default())
    }

    /// Returns the indices of the matches among `count` texts.
    pub fn iter(&self, count: usize) -> impl Iterator<Item = usize> {
        (0..count).filter(|at| self.has(*at))
    }
}

impl Default for SearchIndex {
    fn default() -> Self {
        Self { text: String::new(), begins: vec![0] }
    }
}

impl SearchIndex {
    /// Indexes sessions.
    pub fn of(sessions: &[Listed]) -> Self {
        Self::new(sessions.iter().map(|session| session.summary().haystack()))
    }

    fn new<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        for part in parts {
            index.push(part);
        }
        index
    }

    /// Adds a lower-case text.
    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        // Search words contain no white space, so no match spans two parts.
        self.text.push('\n');
        self.begins.push(self.text.len());
    }

    /// Adds a text in any case; most have only ASCII letters.
    pub fn push_any_case(&mut self, part: &str) {
        let begin = self.text.len();
        if !part.is_ascii() {
            return self.push(&part.to_lowercase());
        }
        self.push(part);
        if let Some(added) = self.text.get_mut(begin..) {
            added.make_ascii_lowercase();
        }
    }

    /// Returns the text at an index.
    pub fn text(&self, at: usize) -> &str {
        let range = self.begins.get(at).zip(self.begins.get(at + 1));
        range.and_then(|(from, to)| self.text.get(*from..to - 1)).unwrap_or_default()
    }

    /// Returns the number of texts.
    pub fn len(&self) -> usize {
        self.begins.len().saturating_sub(1)
    }

    /// Returns true if there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the sessions that match every word of a search, ignoring case.
    pub fn find(&self, search: &str) -> Matches {
        let search = search.to_lowercase();
        let mut matches: Option<Vec<bool>> = None;
        for word in search.split_whitespace() {
            let mut holding = vec![false; self.begins.len() - 1];
            let mut place = 0;
            for (at, _) in self.text.match_indices(word) {
                while self.begins.get(place + 1).is_some_and(|end| *end <= at) {
                    place += 1;
                }
                if let Some(holding) = holding.get_mut(place) {
                    *holding = true;
                }
            }
            matches = Some(match matches {
                Some(before) => before.into_iter().zip(holding).map(|(before, now)| before && now).collect(),
                None => holding,
            });
        }
        Matches(matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_must_match_one_session() {
        let index = SearchIndex::new(["the tide table\nep_1", "", "tide pools", "a pool table"].into_iter());
        let check = |search: &str, expected: [bool; 4]| {
            let matches = index.find(search);
            assert_eq!([0, 1, 2, 3].map(|at| matches.has(at)), expected, "{search}");
        };
        check("", [true; 4]);
        check("  ", [true; 4]);
        check("TIDE", [true, false, true, false]);
        check("table tide", [true, false, false, false]);
        check("ep_1 tide", [true, false, false, false]);
        check("s", [false, false, true, false]);
        check("nowhere", [false; 4]);
        assert!(!index.find("tide").has(9) && Matches::ALL.has(9));
        assert_eq!((index.text(2), index.len()), ("tide pools", 4));
        assert_eq!(index.find("tide").iter(4).collect::<Vec<_>>(), [0, 2]);
        let mut index = SearchIndex::default();
        index.push_any_case("Show/A.md");
        index.push_any_case("\u{c9}t\u{e9}.md");
        assert_eq!((index.text(0), index.text(1)), ("show/a.md", "\u{e9}t\u{e9}.md"));
    }
}
