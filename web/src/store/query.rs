//! Filters, sorting and columns of the session list, formatted as the query of its address.
use super::columns::{Column, ColumnSet};
use crate::format::{OTHER, UNREADABLE};
use crate::route::Route;
use crate::session_address::Tab;
use callboard_core::{HealthLevel, Money, Stage, State};
use callboard_workspace::ListState;
use std::fmt::Write as _;

/// The sort order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The sorted column.
    pub column: Column,
    /// True for largest or latest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: Column::Updated, descending: true }
    }
}

impl Sort {
    /// Returns the sort after a click on a column's heading: that column, or the other direction.
    #[must_use]
    pub fn clicked(self, column: Column) -> Self {
        let descending = if self.column == column { !self.descending } else { column.descends() };
        Self { column, descending }
    }
}

/// A state to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFilter {
    /// A state of the framework.
    Known(State),
    /// In progress in a stage that the framework does not have.
    Other,
    /// A state that cannot be read.
    Unreadable,
}

impl StateFilter {
    /// Returns the filter that a state matches.
    pub fn of(state: &ListState) -> Self {
        match state {
            ListState::Known(state) => Self::Known(*state),
            ListState::Other => Self::Other,
            ListState::Unreadable(_) => Self::Unreadable,
        }
    }

    /// Returns its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Known(state) => state.name(),
            Self::Other => OTHER,
            Self::Unreadable => UNREADABLE,
        }
    }
}

/// A due date to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueFilter {
    /// Later than planned, or past the running stage's estimate.
    Late,
    /// Due or expected today.
    Today,
    /// Due or expected within seven days, today included.
    Week,
}

impl DueFilter {
    /// All filters in display order.
    pub const ALL: [Self; 3] = [Self::Late, Self::Today, Self::Week];

    /// Returns its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Today => "today",
            Self::Week => "week",
        }
    }

    /// Returns its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Late => "Late",
            Self::Today => "Due today",
            Self::Week => "Due within 7 days",
        }
    }
}

/// The filters, sorting, grouping and columns of the list, and the session shown beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Search words, all of which must match.
    pub search: String,
    /// The states to show; all if empty.
    pub states: Vec<StateFilter>,
    /// The health levels to show; all if empty.
    pub health: Vec<HealthLevel>,
    /// The current stages to show; all if empty.
    pub stages: Vec<Stage>,
    /// The due dates to show; all if empty.
    pub due: Vec<DueFilter>,
    /// The owners to show, the empty text for none; all if empty.
    pub owners: Vec<String>,
    /// The labels of which a session must have one; all if empty.
    pub labels: Vec<String>,
    /// First day of the last change, as `2024-08-11`.
    pub from: Option<String>,
    /// Last day of the last change.
    pub to: Option<String>,
    /// Minimum cost.
    pub min: Option<Money>,
    /// Maximum cost.
    pub max: Option<Money>,
    /// Shows only sessions over their budget.
    pub over_budget: bool,
    /// Shows only sessions with unexported changes.
    pub edited: bool,
    /// Shows only sessions with a conflict.
    pub conflict: bool,
    /// Shows only sessions that failed quality gates sent back.
    pub sent_back: bool,
    /// The sort order.
    pub sort: Sort,
    /// Groups the sessions of each episode.
    pub grouped: bool,
    /// The columns; the remembered ones if none.
    pub columns: Option<ColumnSet>,
    /// The page of the session that is shown beside the list.
    pub open: Option<Route>,
    /// The open tab of that session.
    pub tab: Tab,
}

impl Query {
    /// Parses the part of an address after `?`, ignoring unknown parameters.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for pair in text.split('&') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let Some(value) = decoded(value) else { continue };
            match name {
                "q" => query.search = value,
                "state" => query.states = named(&states(), StateFilter::name, &value),
                "health" => query.health = named(&HealthLevel::ALL, HealthLevel::name, &value),
                "stage" => query.stages = named(&Stage::ALL, Stage::name, &value),
                "due" => query.due = named(&DueFilter::ALL, DueFilter::name, &value),
                // One parameter for each, as a name may contain any character.
                "owner" if !query.owners.contains(&value) => query.owners.push(value),
                "label" if !query.labels.contains(&value) => query.labels.push(value),
                "reason" => query.sent_back = value == SENT_BACK,
                "from" => query.from = day(value),
                "to" => query.to = day(value),
                "min" => query.min = Money::parse(&value),
                "max" => query.max = Money::parse(&value),
                "over" => query.over_budget = value == "1",
                "edited" => query.edited = value == "1",
                // Saved views of version 0.1 have its former name.
                "conflict" | "waiting" => query.conflict = value == "1",
                "group" => query.grouped = value == "episode",
                "sort" => query.sort = sort(&value).unwrap_or_default(),
                "columns" => query.columns = Some(ColumnSet::of(&named(&Column::ALL, Column::name, &value))),
                "open" if !value.is_empty() => query.open = Some(Route::Session(value)),
                "imported" if !value.is_empty() => query.open = Some(Route::Imported(value)),
                "tab" => query.tab = Tab::named(&value),
                _ => {}
            }
        }
        if query.open.is_none() {
            query.tab = Tab::default();
        }
        query
    }

    /// Formats the query without its `?`; empty for the default.
    pub fn text(&self) -> String {
        let mut parts = Vec::new();
        // The empty text among owners means none.
        for (name, values) in [("owner", &self.owners), ("label", &self.labels)] {
            parts.extend(values.iter().map(|value| format!("{name}={}", encoded(value))));
        }
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", encoded(&value)));
            }
        };
        let list = |names: Vec<&str>| names.join(",");
        let money = |money: Option<Money>| money.map(|money| money.to_string()).unwrap_or_default();
        add("q", self.search.clone());
        add("state", list(self.states.iter().map(|state| state.name()).collect()));
        add("health", list(self.health.iter().map(|level| level.name()).collect()));
        add("stage", list(self.stages.iter().map(|stage| stage.name()).collect()));
        add("due", list(self.due.iter().map(|due| due.name()).collect()));
        add("from", self.from.clone().unwrap_or_default());
        add("to", self.to.clone().unwrap_or_default());
        add("min", money(self.min));
        add("max", money(self.max));
        let yes = |is_so: bool| if is_so { "1".to_owned() } else { String::new() };
        add("over", yes(self.over_budget));
        add("edited", yes(self.edited));
        add("conflict", yes(self.conflict));
        add("reason", if self.sent_back { SENT_BACK.into() } else { String::new() });
        add("group", if self.grouped { "episode".into() } else { String::new() });
        if self.sort != Sort::default() {
            let sign = if self.sort.descending { "-" } else { "" };
            add("sort", format!("{sign}{}", self.sort.column.name()));
        }
        add("columns", self.columns.map(ColumnSet::text).unwrap_or_default());
        match &self.open {
            Some(Route::Session(id)) => add("open", id.clone()),
            Some(Route::Imported(key)) => add("imported", key.clone()),
            _ => {}
        }
        if self.open.is_some() && self.tab != Tab::default() {
            add("tab", self.tab.name().into());
        }
        parts.join("&")
    }

    /// Returns the list's address with this query.
    pub fn href(&self) -> String {
        match self.text().as_str() {
            "" => "#/sessions".into(),
            text => format!("#/sessions?{text}"),
        }
    }

    /// Returns true if any filter is set.
    pub fn has_filters(&self) -> bool {
        *self != self.unfiltered()
    }

    /// Returns true if a filter other than the search is set.
    pub fn has_non_search_filters(&self) -> bool {
        *self != Self { search: self.search.clone(), ..self.unfiltered() }
    }

    /// Returns the same order, columns and open session without filters.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        let Self { sort, grouped, columns, ref open, tab, .. } = *self;
        Self { sort, grouped, columns, open: open.clone(), tab, ..Self::default() }
    }

    /// Returns the query that a saved view keeps, with these columns.
    #[must_use]
    pub fn as_view(&self, columns: ColumnSet) -> Self {
        let columns = Some(columns).filter(|columns| *columns != ColumnSet::default());
        Self { columns, ..self.of_rows() }
    }

    /// Returns the parts that decide which rows the list has.
    #[must_use]
    pub fn of_rows(&self) -> Self {
        Self { columns: None, open: None, tab: Tab::default(), ..self.clone() }
    }
}

/// Returns every state that a session may have.
pub fn states() -> Vec<StateFilter> {
    State::ALL.into_iter().map(StateFilter::Known).chain([StateFilter::Other, StateFilter::Unreadable]).collect()
}

/// The code of the reason for which failed quality gates sent a session back.
const SENT_BACK: &str = "gates_failed";

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, value: &str) -> Vec<T> {
    all.iter().copied().filter(|item| value.split(',').any(|word| word.eq_ignore_ascii_case(name(*item)))).collect()
}

fn sort(value: &str) -> Option<Sort> {
    let name = value.trim_start_matches('-');
    let column = Column::ALL.into_iter().find(|column| column.name() == name)?;
    Some(Sort { column, descending: value.starts_with('-') })
}

/// Returns a date as a date field formats it; `None` for anything else.
fn day(value: String) -> Option<String> {
    let is_day = value.len() == 10
        && value
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    is_day.then_some(value)
}

/// Percent-encodes the characters that are reserved in a query.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn decoded(text: &str) -> Option<String> {
    crate::route::decode(&text.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, query: &Query) {
        assert_eq!(&Query::parse(text), query);
        assert_eq!(query.text(), text);
    }

    #[test]
    fn a_query_survives_a_round_trip() {
        check("", &Query::default());
        check("q=tide%20table", &Query { search: "tide table".into(), ..Query::default() });
        let failed = Query {
            states: vec![StateFilter::Known(State::Failed), StateFilter::Known(State::Retry)],
            sort: Sort { column: Column::Cost, descending: true },
            ..Query::default()
        };
        check("state=FAILED,RETRY&sort=-cost", &failed);
        let all = Query {
            search: "a&b=c#d%?\u{e9}".into(),
            states: vec![StateFilter::Known(State::Complete), StateFilter::Unreadable],
            health: vec![HealthLevel::AtRisk, HealthLevel::Failed],
            stages: vec![Stage::Writing],
            due: vec![DueFilter::Late, DueFilter::Week],
            owners: vec![String::new(), "Mira & Jo, \u{e9}".into()],
            labels: vec!["season 2".into(), "a,b".into()],
            sent_back: true,
            from: Some("2024-08-11".into()),
            to: Some("2024-08-12".into()),
            min: Money::parse("4"),
            max: Money::parse("9.50"),
            over_budget: true,
            edited: true,
            conflict: true,
            sort: Sort { column: Column::Topic, descending: false },
            grouped: true,
            columns: Some(ColumnSet::of(&[Column::Owner, Column::Due])),
            open: Some(Route::Session("ep_1&x".into())),
            tab: Tab::Json,
        };
        assert_eq!(Query::parse(&all.text()), all);
        assert!(all.has_filters() && !all.unfiltered().has_filters());
        assert_eq!(all.unfiltered().open, all.open);
        assert_eq!(Query::parse(&all.of_rows().text()), all.of_rows());
    }

    #[test]
    fn columns_and_the_open_session_are_no_filters() {
        check(
            "columns=topic,due,owner",
            &Query { columns: Some(ColumnSet::of(&[Column::Due, Column::Owner])), ..Query::default() },
        );
        check(
            "open=ep_1&tab=json",
            &Query { open: Some(Route::Session("ep_1".into())), tab: Tab::Json, ..Query::default() },
        );
        check("imported=show%2Fep_1", &Query { open: Some(Route::Imported("show/ep_1".into())), ..Query::default() });
        assert!(!Query::parse("columns=owner&open=ep_1&tab=json").has_filters());
        assert!(Query::parse("owner=").has_filters() && Query::parse("reason=gates_failed").has_filters());
    }

    #[test]
    fn unreadable_is_a_state_to_filter_by() {
        check("state=UNREADABLE", &Query { states: vec![StateFilter::Unreadable], ..Query::default() });
        // The spelling of the dashboard's links.
        assert_eq!(Query::parse("state=unreadable").states, [StateFilter::Unreadable]);
    }

    #[test]
    fn unknown_parameters_are_ignored() {
        let query = Query::parse("state=nowhere,writing&from=yesterday&sort=colour&min=much&x=1&&q");
        assert_eq!(query, Query { states: vec![StateFilter::Known(State::Writing)], ..Query::default() });
        assert_eq!(Query::parse("q=a+b").search, "a b");
    }

    #[test]
    fn clicking_a_heading_reverses_the_order() {
        let cost = Sort::default().clicked(Column::Cost);
        assert_eq!(cost, Sort { column: Column::Cost, descending: true });
        assert!(!cost.clicked(Column::Cost).descending);
        assert!(!cost.clicked(Column::Topic).descending);
    }
}
