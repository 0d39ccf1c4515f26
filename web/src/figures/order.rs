//! One way to sort for all of the overview: sorting is long code, and each kind of it would be there again.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_order() {
        let keys = [(2, 0), (1, 5), (1, 4), (2, 0), (i64::MIN, 0)];
        assert_eq!(ascending(keys.into_iter()), [4, 2, 1, 0, 3]);
        assert_eq!(descending(keys.into_iter()), [0, 3, 1, 2, 4]);
    }
}
