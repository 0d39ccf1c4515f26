//! Sorting and finding by a number, in one way for all types.
//!
//! Each type that the standard library sorts or hashes adds another copy of its code to the WebAssembly, some kilobytes
//! large.

/// Sorts items by their numbers, stably.
pub(crate) fn by_number<T: Clone>(items: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    if items.is_sorted_by_key(&number) {
        return;
    }
    let order = Lookup::of(items.iter().map(number)).0;
    *items = order.into_iter().map(|(_, at)| items[at].clone()).collect();
}

/// Index of a list's items by a number, so that matching two lists does not take the square of their lengths.
pub(crate) struct Lookup(Vec<(u64, usize)>);

impl Lookup {
    /// Indexes the numbers of a list, given in its order.
    pub(crate) fn of(numbers: impl Iterator<Item = u64>) -> Lookup {
        Lookup::sort(numbers.zip(0..).collect())
    }

    #[inline(never)]
    fn sort(mut order: Vec<(u64, usize)>) -> Lookup {
        order.sort_unstable();
        Lookup(order)
    }

    /// The numbers in ascending order, each with the index of its item.
    pub(crate) fn sorted(&self) -> &[(u64, usize)] {
        &self.0
    }

    /// The entries of a number, in the order of the list.
    #[inline(never)]
    pub(crate) fn find(&self, number: u64) -> &[(u64, usize)] {
        let from = self.0.partition_point(|item| item.0 < number);
        let to = self.0.partition_point(|item| item.0 <= number);
        &self.0[from..to]
    }
}

/// Hashes a text, with the same result on every run (FNV-1a).
#[inline(never)]
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_keep_their_order() {
        let check = |items: &[(u64, char)], expected: &str| {
            let mut items = items.to_vec();
            by_number(&mut items, |item| item.0);
            assert_eq!(items.iter().map(|item| item.1).collect::<String>(), expected);
        };
        check(&[], "");
        check(&[(1, 'a'), (1, 'b'), (2, 'c')], "abc");
        check(&[(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (u64::MAX, 'e'), (0, 'f')], "fbdace");
    }

    #[test]
    fn a_lookup_finds_every_item_of_a_number() {
        let lookup = Lookup::of([5, 3, 5, u64::MAX].into_iter());
        let check = |number: u64, expected: &[usize]| {
            let found: Vec<usize> = lookup.find(number).iter().map(|item| item.1).collect();
            assert_eq!(found, expected, "{number}");
        };
        check(5, &[0, 2]);
        check(3, &[1]);
        check(4, &[]);
        check(0, &[]);
        check(u64::MAX, &[3]);
    }
}
