//! One way to sort: by a number. Each kind of thing that the standard library sorts is another copy of its
//! machinery in the WebAssembly, some kilobytes large.

/// Puts items in the order of their numbers; those of one number stay in the order they have.
pub(crate) fn by_number<T: Clone>(items: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    if items.is_sorted_by_key(&number) {
        return;
    }
    let mut order: Vec<(u64, usize)> = items.iter().enumerate().map(|(at, item)| (number(item), at)).collect();
    order.sort_unstable();
    *items = order.into_iter().map(|(_, at)| items[at].clone()).collect();
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
}
