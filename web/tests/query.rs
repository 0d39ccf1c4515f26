//! Property tests of the list's query in its address.
#![allow(missing_docs)]

use callboard_core::{HealthLevel, Money, Stage};
use callboard_web::route::Route;
use callboard_web::store::query::{Column, Query, Sort, states};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn some<T: Clone + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = Vec<T>> + use<T> {
    subsequence(all.to_vec(), 0..=all.len())
}

fn day() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(
        (1970..2100, 1..13, 1..32).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
    )
}

fn amount() -> impl Strategy<Value = Option<Money>> {
    proptest::option::of(
        (0_u32..100_000).prop_filter_map("money", |cents| Money::parse(&format!("{}.{:02}", cents / 100, cents % 100))),
    )
}

prop_compose! {
    fn query()(
        search in any::<String>(),
        states in some(&states()),
        health in some(&HealthLevel::ALL),
        stages in some(&Stage::ALL),
        (from, to, min, max) in (day(), day(), amount(), amount()),
        (over_budget, edited, conflict, grouped, descending) in any::<(bool, bool, bool, bool, bool)>(),
        column in select(Column::ALL.to_vec()),
    ) -> Query {
        let sort = Sort { column, descending };
        Query { search, states, health, stages, from, to, min, max, over_budget, edited, conflict, sort, grouped }
    }
}

proptest! {
    #[test]
    fn a_query_survives_its_address(query in query()) {
        let href = query.href();
        prop_assert!(href.is_ascii() && !href.contains([' ', '"', '<', '>', '`']), "{href}");
        prop_assert_eq!(Route::parse(&href), Route::Sessions);
        let text = href.split_once('?').map(|(_, text)| text).unwrap_or_default();
        prop_assert_eq!(Query::parse(text), query);
    }

    #[test]
    fn any_address_is_normalised(text in any::<String>()) {
        let query = Query::parse(&text);
        prop_assert_eq!(Query::parse(&query.text()), query);
    }

    #[test]
    fn cleared_filters_filter_nothing(query in query()) {
        let cleared = query.unfiltered();
        prop_assert!(!cleared.has_filters());
        prop_assert_eq!((cleared.sort, cleared.grouped), (query.sort, query.grouped));
    }
}
