//! What is asked of the list, as the query of its address and back.
use crate::format::UNREADABLE;
use callboard_core::{HealthLevel, Money, Stage, State};
use std::fmt::Write as _;

/// A column that the list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The session's state, in the order of the pipeline.
    State,
    /// How it fares.
    Health,
    /// The episode's number.
    Episode,
    /// What it is about.
    Topic,
    /// The session's id.
    Id,
    /// How much of the pipeline is behind.
    Progress,
    /// What it has cost.
    Cost,
    /// When it last changed.
    Updated,
}

impl Column {
    /// Every column, in the order they stand.
    pub const ALL: [Self; 8] =
        [Self::State, Self::Health, Self::Episode, Self::Topic, Self::Id, Self::Progress, Self::Cost, Self::Updated];

    /// The word in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Health => "health",
            Self::Episode => "episode",
            Self::Topic => "topic",
            Self::Id => "id",
            Self::Progress => "progress",
            Self::Cost => "cost",
            Self::Updated => "updated",
        }
    }

    /// The words over the column.
    pub fn label(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Health => "Health",
            Self::Episode => "Ep.",
            Self::Topic => "Topic",
            Self::Id => "Session",
            Self::Progress => "Progress",
            Self::Cost => "Cost / budget",
            Self::Updated => "Updated",
        }
    }

    /// Whether the largest or the latest comes first when the column is chosen.
    fn descends(self) -> bool {
        matches!(self, Self::Health | Self::Cost | Self::Updated)
    }
}

/// In which order the rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub column: Column,
    /// The largest or the latest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: Column::Updated, descending: true }
    }
}

impl Sort {
    /// What pressing a column's head leads to: that column, or the other way round.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        let descending = if self.column == column { !self.descending } else { column.descends() };
        Self { column, descending }
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Words that must all be found.
    pub search: String,
    /// These states, none for what cannot be read; all when empty.
    pub states: Vec<Option<State>>,
    /// These levels of health; all when empty.
    pub health: Vec<HealthLevel>,
    /// These current stages; all when empty.
    pub stages: Vec<Stage>,
    /// Changed on this day or later, as `2024-08-11`.
    pub from: Option<String>,
    /// Changed on this day or earlier.
    pub to: Option<String>,
    /// A cost of at least this.
    pub min: Option<Money>,
    /// A cost of at most this.
    pub max: Option<Money>,
    /// Only those that have cost more than their budget.
    pub over_budget: bool,
    /// Only those that were changed here.
    pub edited: bool,
    /// Only those beside which a dropped text waits.
    pub waiting: bool,
    /// The order.
    pub sort: Sort,
    /// Sessions of one episode stand together.
    pub grouped: bool,
}

impl Query {
    /// Reads the query of an address: what follows its `?`. What it does not know it leaves out.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for pair in text.split('&') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let Some(value) = decoded(value) else { continue };
            match name {
                "q" => query.search = value,
                "state" => query.states = named(&states(), state_name, &value),
                "health" => query.health = named(&HealthLevel::ALL, HealthLevel::name, &value),
                "stage" => query.stages = named(&Stage::ALL, Stage::name, &value),
                "from" => query.from = day(value),
                "to" => query.to = day(value),
                "min" => query.min = Money::parse(&value),
                "max" => query.max = Money::parse(&value),
                "over" => query.over_budget = value == "1",
                "edited" => query.edited = value == "1",
                "waiting" => query.waiting = value == "1",
                "group" => query.grouped = value == "episode",
                "sort" => query.sort = sort(&value).unwrap_or_default(),
                _ => {}
            }
        }
        query
    }

    /// The query as it stands in an address, without its `?`; empty when nothing is asked.
    pub fn text(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", encoded(&value)));
            }
        };
        let list = |names: Vec<&str>| names.join(",");
        let money = |money: Option<Money>| money.map(|money| money.to_string()).unwrap_or_default();
        add("q", self.search.clone());
        add("state", list(self.states.iter().map(|state| state_name(*state)).collect()));
        add("health", list(self.health.iter().map(|level| level.name()).collect()));
        add("stage", list(self.stages.iter().map(|stage| stage.name()).collect()));
        add("from", self.from.clone().unwrap_or_default());
        add("to", self.to.clone().unwrap_or_default());
        add("min", money(self.min));
        add("max", money(self.max));
        let yes = |is_so: bool| if is_so { "1".to_owned() } else { String::new() };
        add("over", yes(self.over_budget));
        add("edited", yes(self.edited));
        add("waiting", yes(self.waiting));
        add("group", if self.grouped { "episode".into() } else { String::new() });
        if self.sort != Sort::default() {
            let sign = if self.sort.descending { "-" } else { "" };
            add("sort", format!("{sign}{}", self.sort.column.name()));
        }
        parts.join("&")
    }

    /// The list's address with this query.
    pub fn href(&self) -> String {
        match self.text().as_str() {
            "" => "#/sessions".into(),
            text => format!("#/sessions?{text}"),
        }
    }

    /// Whether anything is left out.
    pub fn filters(&self) -> bool {
        let shows_all = Self { sort: self.sort, grouped: self.grouped, ..Self::default() };
        *self != shows_all
    }

    /// Whether anything is left out for another reason than the search.
    pub fn filters_by_facts(&self) -> bool {
        *self != Self { search: self.search.clone(), ..self.unfiltered() }
    }

    /// The same order, with nothing left out.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        Self { sort: self.sort, grouped: self.grouped, ..Self::default() }
    }
}

/// Every state that a session may be in, and that of one that cannot be read.
pub fn states() -> Vec<Option<State>> {
    State::ALL.into_iter().map(Some).chain([None]).collect()
}

/// The word for a state in the address.
pub fn state_name(state: Option<State>) -> &'static str {
    state.map_or(UNREADABLE, State::name)
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, value: &str) -> Vec<T> {
    all.iter().copied().filter(|item| value.split(',').any(|word| word.eq_ignore_ascii_case(name(*item)))).collect()
}

fn sort(value: &str) -> Option<Sort> {
    let name = value.trim_start_matches('-');
    let column = Column::ALL.into_iter().find(|column| column.name() == name)?;
    Some(Sort { column, descending: value.starts_with('-') })
}

/// A day as a date field has it; anything else is no day.
fn day(value: String) -> Option<String> {
    let is_day = value.len() == 10
        && value
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    is_day.then_some(value)
}

/// Percent-encodes what would mean something else in a query.
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
    fn an_address_says_what_is_asked() {
        check("", &Query::default());
        check("q=tide%20table", &Query { search: "tide table".into(), ..Query::default() });
        let failed = Query {
            states: vec![Some(State::Failed), Some(State::Retry)],
            sort: Sort { column: Column::Cost, descending: true },
            ..Query::default()
        };
        check("state=FAILED,RETRY&sort=-cost", &failed);
        let all = Query {
            search: "a&b=c#d%?\u{e9}".into(),
            states: vec![Some(State::Complete), None],
            health: vec![HealthLevel::AtRisk, HealthLevel::Failed],
            stages: vec![Stage::Writing],
            from: Some("2024-08-11".into()),
            to: Some("2024-08-12".into()),
            min: Money::parse("4"),
            max: Money::parse("9.50"),
            over_budget: true,
            edited: true,
            waiting: true,
            sort: Sort { column: Column::Topic, descending: false },
            grouped: true,
        };
        assert_eq!(Query::parse(&all.text()), all);
        assert!(all.filters() && !all.unfiltered().filters());
    }

    #[test]
    fn what_cannot_be_read_is_a_state_to_ask_for() {
        check("state=UNREADABLE", &Query { states: vec![None], ..Query::default() });
        // As the dashboard's charts spell it.
        assert_eq!(Query::parse("state=unreadable").states, [None]);
    }

    #[test]
    fn what_it_does_not_know_it_leaves_out() {
        let query = Query::parse("state=nowhere,writing&from=yesterday&sort=colour&min=much&x=1&&q");
        assert_eq!(query, Query { states: vec![Some(State::Writing)], ..Query::default() });
        assert_eq!(Query::parse("q=a+b").search, "a b");
    }

    #[test]
    fn pressing_a_head_turns_the_order_round() {
        let cost = Sort::default().pressed(Column::Cost);
        assert_eq!(cost, Sort { column: Column::Cost, descending: true });
        assert!(!cost.pressed(Column::Cost).descending);
        assert!(!cost.pressed(Column::Topic).descending);
    }
}
