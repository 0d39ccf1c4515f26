//! Comparison of names that ignores case and treats `-` as `_`.

/// True if two names are equal, ignoring case and hyphens.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    likeness(a.as_bytes(), b.as_bytes()) != Likeness::None
}

/// Likeness of two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    Exact,
    /// Equal, ignoring case and hyphens only.
    Alias,
    None,
}

/// Compares two names in one pass; nearly always the first byte differs.
pub(crate) fn likeness(a: &[u8], b: &[u8]) -> Likeness {
    let fold = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    if a.len() != b.len() {
        return Likeness::None;
    }
    let mut likeness = Likeness::Exact;
    for (a, b) in a.iter().zip(b) {
        if a != b {
            if fold(*a) != fold(*b) {
                return Likeness::None;
            }
            likeness = Likeness::Alias;
        }
    }
    likeness
}

/// Finds the candidate that a misspelt name most likely means: at most two edits, and a third of its length, away.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The distance takes quadratic time, and no name of the format is this long.
    if name.len() > 64 {
        return None;
    }
    let name = name.to_ascii_lowercase().replace('-', "_");
    let length = name.chars().count();
    let limit = (length / 3).clamp(1, 2);
    // Each letter more or less is an edit, which rules most candidates out.
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance in characters; swapped neighbours count as one edit.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut above: Vec<usize> = row.clone();
    let mut last = None;
    for (i, from) in a.chars().enumerate() {
        let before = std::mem::replace(&mut above, row.clone());
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = above[j] + usize::from(from != *to);
            row[j + 1] = substituted.min(row[j] + 1).min(above[j + 1] + 1);
            if j > 0 && last == Some(*to) && b[j - 1] == from {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        last = Some(from);
    }
    row[b.len()]
}

/// Shortens a very long name for a message.
pub(crate) fn shorten(name: &str) -> String {
    match name.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_case_and_hyphens() {
        assert!(same_name("Script-Writer", "script_writer"));
        assert!(!same_name("scriptwriter", "script_writer"));
    }

    #[test]
    fn a_misspelt_name_finds_the_one_meant() {
        assert_eq!(closest("script_writter", ["script_writer", "quality_evaluator"]), Some("script_writer"));
        assert_eq!(closest("Retrys", ["retry", "start"]), Some("retry"));
        assert_eq!(closest("strat", ["retry", "start"]), Some("start"));
        assert_eq!(closest("podcast", ["retry", "start"]), None);
    }
}
