//! Property tests of the list's query in its address.
#![allow(missing_docs)]

use callboard_core::{HealthLevel, Money, Stage};
use callboard_web::route::Route;
use callboard_web::session_address::Tab;
use callboard_web::store::columns::{Column, ColumnSet};
use callboard_web::store::query::{DueFilter, Query, Sort, states};
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

fn columns() -> impl Strategy<Value = Option<ColumnSet>> {
    proptest::option::of(some(&Column::ALL).prop_map(|columns| ColumnSet::of(&columns)))
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::hash_set(any::<String>(), 0..3).prop_map(|names| names.into_iter().collect())
}

/// The session beside the list, and its tab.
fn open() -> impl Strategy<Value = (Option<Route>, Tab)> {
    let route = ("[^\u{0}]{1,9}", any::<bool>())
        .prop_map(|(id, is_own)| if is_own { Route::Session(id) } else { Route::Imported(id) });
    let tab = select(Tab::ALL.to_vec());
    // A tab belongs to a session.
    (proptest::option::of(route), tab)
        .prop_map(|(open, tab)| if open.is_some() { (open, tab) } else { (None, Tab::default()) })
}

prop_compose! {
    fn query()(
        search in any::<String>(),
        states in some(&states()),
        health in some(&HealthLevel::ALL),
        stages in some(&Stage::ALL),
        due in some(&DueFilter::ALL),
        (owners, labels) in (names(), names()),
        (columns, (open, tab)) in (columns(), open()),
        (from, to, min, max) in (day(), day(), amount(), amount()),
        (over_budget, edited, conflict, sent_back, grouped, descending) in any::<(bool, bool, bool, bool, bool, bool)>(),
        column in select(Column::ALL.to_vec()),
    ) -> Query {
        let sort = Sort { column, descending };
        Query {
            search, states, health, stages, due, owners, labels, from, to, min, max, over_budget, edited, conflict, sent_back,
            sort, grouped, columns, open, tab,
        }
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
        prop_assert_eq!((cleared.columns, cleared.open, cleared.tab), (query.columns, query.open, query.tab));
    }
}
