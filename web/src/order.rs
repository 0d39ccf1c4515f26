//! The app's only sort, by two integer keys. Each type sorted with the standard library would add its own copy of
//! the algorithm to the bundle, some kilobytes large.

/// Number of bytes of a text that are compared as one integer.
const PART: usize = 8;

/// Returns the indices of `keys` in ascending order. The sort is stable.
pub fn ascending(keys: impl Iterator<Item = (i64, i64)>) -> Vec<usize> {
    let mut order: Vec<(i64, i64, usize)> = keys.enumerate().map(|(at, (first, second))| (first, second, at)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, at)| at).collect()
}

/// Returns the indices of `keys` in descending order. The sort is stable.
pub fn descending(keys: impl Iterator<Item = (i64, i64)>) -> Vec<usize> {
    ascending(keys.map(|(first, second)| (first.saturating_neg(), second.saturating_neg())))
}

/// Returns the rank of each text among all of them, from 0. Equal texts share a rank.
pub fn ranks(texts: &[&str]) -> Vec<i64> {
    let (order, begins) = sorted(texts);
    let mut ranks = vec![0; texts.len()];
    let mut rank = -1;
    for (at, begins) in order.into_iter().zip(begins) {
        rank += i64::from(begins);
        ranks[at] = rank;
    }
    ranks
}

/// Returns the indices of texts in ascending order. The sort is stable.
pub fn by_text(texts: &[&str]) -> Vec<usize> {
    sorted(texts).0
}

/// Returns items sorted by a text. The sort is stable.
pub fn sorted_by_text<T: Clone>(items: &[T], text: impl Fn(&T) -> &str) -> Vec<T> {
    let texts: Vec<&str> = items.iter().map(text).collect();
    by_text(&texts).into_iter().map(|at| items[at].clone()).collect()
}

/// Stable partition, matching items first.
pub fn partition_first<T: Clone>(items: &[T], holds: impl Fn(&T) -> bool) -> Vec<T> {
    let (mut matching, mut others) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        if holds(item) { matching.push(item.clone()) } else { others.push(item.clone()) }
    }
    matching.append(&mut others);
    matching
}

/// Returns the indices in order, and for each a flag that is true if its text differs from the one before.
fn sorted(texts: &[&str]) -> (Vec<usize>, Vec<bool>) {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let mut begins = vec![false; texts.len()];
    // Ranges of texts that share a prefix; the next eight bytes order them.
    let mut open = vec![(0, texts.len(), 0)];
    while let Some((from, to, same)) = open.pop() {
        let stretch: Vec<usize> = order[from..to].to_vec();
        let keys: Vec<(i64, i64)> = stretch.iter().map(|at| part(texts[*at], same)).collect();
        let sorted_indices = ascending(keys.iter().copied());
        let mut run = from;
        for (offset, place) in sorted_indices.iter().enumerate() {
            order[from + offset] = stretch[*place];
            let next = sorted_indices.get(offset + 1).map(|next| keys[*next]);
            if next != Some(keys[*place]) {
                begins[run] = true;
                // All eight bytes were equal, so the texts may continue.
                if from + offset > run && keys[*place].1 == PART as i64 {
                    open.push((run, from + offset + 1, same + PART));
                }
                run = from + offset + 1;
            }
        }
    }
    (order, begins)
}

/// Returns eight bytes of a text from an offset as an integer of the same order, and their number.
fn part(text: &str, from: usize) -> (i64, i64) {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let there = &rest[..rest.len().min(PART)];
    let mut bytes = [0; PART];
    bytes[..there.len()].copy_from_slice(there);
    // Flipping the sign bit maps unsigned order to signed order.
    ((u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed(), there.len() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sort_is_stable() {
        let keys = [(2, 0), (1, 5), (1, 4), (2, 0), (i64::MIN, 0)];
        assert_eq!(ascending(keys.into_iter()), [4, 2, 1, 0, 3]);
        assert_eq!(descending(keys.into_iter()), [0, 3, 1, 2, 4]);
        assert_eq!(partition_first(&[1, 2, 3, 4], |number| number % 2 == 0), [2, 4, 1, 3]);
    }

    #[test]
    fn texts_are_sorted_as_they_compare() {
        let texts = [
            "ep_001_20240811_1430",
            "",
            "ep_001_20240811_1429",
            "ep_001_2",
            "ep_001_20",
            "ep_001_2",
            "\u{e9}t\u{e9}",
            "a\0",
            "a",
            "\u{10ffff}",
            "ep_001_20240811_14300",
            "",
        ];
        let mut expected: Vec<usize> = (0..texts.len()).collect();
        expected.sort_by_key(|at| texts[*at]);
        assert_eq!(by_text(&texts), expected);
        let ranks = ranks(&texts);
        for (one, a) in texts.iter().enumerate() {
            for (other, b) in texts.iter().enumerate() {
                assert_eq!(ranks[one].cmp(&ranks[other]), a.cmp(b), "{a:?} and {b:?}");
            }
        }
        assert_eq!(sorted_by_text(&["b", "c", "a"], |text| text), ["a", "b", "c"]);
    }
}
