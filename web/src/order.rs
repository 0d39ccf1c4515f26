//! One way to sort for all of the app: by two numbers. Sorting is long code, and each kind of thing that the
//! standard library sorts would be another copy of it in the bundle, some kilobytes large.

/// How many bytes of a text are compared as one number.
const PART: usize = 8;

/// The places of `keys` in ascending order; of equals the earlier comes first.
pub fn ascending(keys: impl Iterator<Item = (i64, i64)>) -> Vec<usize> {
    let mut order: Vec<(i64, i64, usize)> = keys.enumerate().map(|(at, (first, second))| (first, second, at)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, at)| at).collect()
}

/// As [`ascending`], the greatest first; of equals still the earlier.
pub fn descending(keys: impl Iterator<Item = (i64, i64)>) -> Vec<usize> {
    ascending(keys.map(|(first, second)| (first.saturating_neg(), second.saturating_neg())))
}

/// The rank of each text among all of them, from 0: equal texts have the same, and a greater one has a greater.
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

/// The places of texts in ascending order; of equals the earlier comes first.
pub fn by_text(texts: &[&str]) -> Vec<usize> {
    sorted(texts).0
}

/// Items in the order of their texts; those of one text stay in the order they have.
pub fn arranged<T: Clone>(items: &[T], text: impl Fn(&T) -> &str) -> Vec<T> {
    let texts: Vec<&str> = items.iter().map(text).collect();
    by_text(&texts).into_iter().map(|at| items[at].clone()).collect()
}

/// Items with those first of which something holds; among themselves all stay in the order they have.
pub fn first<T: Clone>(items: &[T], holds: impl Fn(&T) -> bool) -> Vec<T> {
    let (mut those, mut others) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        if holds(item) { those.push(item.clone()) } else { others.push(item.clone()) }
    }
    those.append(&mut others);
    those
}

/// The places in order, and for each whether its text is another than the one before.
fn sorted(texts: &[&str]) -> (Vec<usize>, Vec<bool>) {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let mut begins = vec![false; texts.len()];
    // Stretches whose texts are the same up to a byte: they are put in order by the next eight.
    let mut open = vec![(0, texts.len(), 0)];
    while let Some((from, to, same)) = open.pop() {
        let stretch: Vec<usize> = order[from..to].to_vec();
        let keys: Vec<(i64, i64)> = stretch.iter().map(|at| part(texts[*at], same)).collect();
        let places = ascending(keys.iter().copied());
        let mut run = from;
        for (offset, place) in places.iter().enumerate() {
            order[from + offset] = stretch[*place];
            let next = places.get(offset + 1).map(|next| keys[*next]);
            if next != Some(keys[*place]) {
                begins[run] = true;
                // A whole part was the same: the texts may go on.
                if from + offset > run && keys[*place].1 == PART as i64 {
                    open.push((run, from + offset + 1, same + PART));
                }
                run = from + offset + 1;
            }
        }
    }
    (order, begins)
}

/// The eight bytes of a text from a place on as a number of their order, and how many there are.
fn part(text: &str, from: usize) -> (i64, i64) {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let there = &rest[..rest.len().min(PART)];
    let mut bytes = [0; PART];
    bytes[..there.len()].copy_from_slice(there);
    // The first bit turned over: numbers with a sign are then in the order of those without.
    ((u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed(), there.len() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_order() {
        let keys = [(2, 0), (1, 5), (1, 4), (2, 0), (i64::MIN, 0)];
        assert_eq!(ascending(keys.into_iter()), [4, 2, 1, 0, 3]);
        assert_eq!(descending(keys.into_iter()), [0, 3, 1, 2, 4]);
        assert_eq!(first(&[1, 2, 3, 4], |number| number % 2 == 0), [2, 4, 1, 3]);
    }

    #[test]
    fn texts_are_in_the_order_that_they_compare_in() {
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
        assert_eq!(arranged(&["b", "c", "a"], |text| text), ["a", "b", "c"]);
    }
}
