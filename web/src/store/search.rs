//! Which sessions hold every word of a search. Pure.
//!
//! What is searched of all of them stands in one text, so that a word is looked for once, and not made ready
//! for each of ten thousand.
use callboard_workspace::Sessions;

/// What is searched of every session, in the order of the shelf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Haystack {
    text: String,
    /// Where each session's part begins, and where the last one's ends.
    begins: Vec<usize>,
}

/// Which sessions of the shelf answer a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found(Option<Vec<bool>>);

impl Found {
    /// Every session: nothing is searched for.
    pub const ALL: Self = Self(None);

    /// Whether the session at a place of the shelf does.
    pub fn has(&self, at: usize) -> bool {
        self.0.as_ref().is_none_or(|found| found.get(at).copied().unwrap_or_default())
    }
}

impl Haystack {
    /// What is searched of the sessions of a shelf.
    pub fn of(shelf: &Sessions) -> Self {
        Self::new(shelf.iter().map(|entry| entry.summary().haystack()))
    }

    fn new<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let (mut text, mut begins) = (String::new(), vec![0]);
        for part in parts {
            text.push_str(part);
            // No word holds white space, so that none is found across two parts.
            text.push('\n');
            begins.push(text.len());
        }
        Self { text, begins }
    }

    /// The sessions that hold every word of a search, in whichever letters it is written.
    pub fn find(&self, search: &str) -> Found {
        let search = search.to_lowercase();
        let mut found: Option<Vec<bool>> = None;
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
            found = Some(match found {
                Some(before) => before.into_iter().zip(holding).map(|(before, now)| before && now).collect(),
                None => holding,
            });
        }
        Found(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_the_same_part() {
        let haystack = Haystack::new(["the tide table\nep_1", "", "tide pools", "a pool table"].into_iter());
        let check = |search: &str, expected: [bool; 4]| {
            let found = haystack.find(search);
            assert_eq!([0, 1, 2, 3].map(|at| found.has(at)), expected, "{search}");
        };
        check("", [true; 4]);
        check("  ", [true; 4]);
        check("TIDE", [true, false, true, false]);
        check("table tide", [true, false, false, false]);
        check("ep_1 tide", [true, false, false, false]);
        check("s", [false, false, true, false]);
        check("nowhere", [false; 4]);
        assert!(!haystack.find("tide").has(9) && Found::ALL.has(9));
    }
}
