//! The rows of the list: which sessions, in which order, which of them together. Pure.
use super::query::{Column, Query, Sort};
use super::search::Found;
use crate::order;
use callboard_core::{HealthLevel, HealthSummary, Money, Policy, State, Timestamp};
use callboard_workspace::{Entry, Sessions, Summary};
use std::collections::HashMap;
use std::sync::Arc;

/// One row.
#[derive(Clone, Debug)]
pub enum Row {
    /// The head of an episode that has several sessions in the list.
    Episode {
        /// Its number.
        number: u64,
        /// How many of its sessions are in the list.
        sessions: usize,
    },
    /// A session.
    Session {
        /// The session.
        entry: Arc<Entry>,
        /// It stands below its episode's head.
        nested: bool,
    },
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Episode { number, sessions }, Self::Episode { number: n, sessions: s }) => {
                number == n && sessions == s
            }
            (Self::Session { entry, nested }, Self::Session { entry: e, nested: n }) => {
                Arc::ptr_eq(entry, e) && nested == n
            }
            _ => false,
        }
    }
}

impl Row {
    /// The session; `None` for a head.
    pub fn entry(&self) -> Option<&Arc<Entry>> {
        match self {
            Self::Session { entry, .. } => Some(entry),
            Self::Episode { .. } => None,
        }
    }
}

/// What the answer depends on beside the sessions and the query.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// The limits and thresholds in force.
    pub policy: Policy,
    /// The first second of the query's days, and the first one after them.
    pub days: (Option<i64>, Option<i64>),
}

/// The rows that answer a query, of the sessions at `order`: see [`order()`].
pub fn rows(
    shelf: &Sessions,
    order: &[usize],
    found: &Found,
    query: &Query,
    circumstances: &Circumstances,
) -> Vec<Row> {
    let entries = order.iter().filter(|at| found.has(**at)).filter_map(|at| shelf.at(*at));
    let (from, until) = circumstances.days;
    let is_wanted = |summary: &Summary| {
        (!query.edited || summary.changed)
            && (!query.waiting || summary.conflict)
            && (query.states.is_empty() || query.states.contains(&summary.state.as_ref().ok().copied()))
            && (query.stages.is_empty() || summary.digest.stage().is_some_and(|stage| query.stages.contains(&stage)))
            && query.min.is_none_or(|min| summary.cost.is_some_and(|cost| cost >= min))
            && query.max.is_none_or(|max| summary.cost.is_some_and(|cost| cost <= max))
            && from.is_none_or(|from| summary.updated.is_some_and(|at| at.unix() >= from))
            && until.is_none_or(|until| summary.updated.is_some_and(|at| at.unix() < until))
            && (query.health.is_empty() || query.health.contains(&health(summary, circumstances)))
            && (!query.over_budget || standing(summary, circumstances).over_budget)
    };
    let all = !query.filters_by_facts() && circumstances.days == (None, None);
    let wanted = entries.filter(|entry| all || is_wanted(entry.summary())).cloned();
    if query.grouped {
        return together(wanted.collect());
    }
    wanted.map(|entry| Row::Session { entry, nested: false }).collect()
}

fn standing(summary: &Summary, circumstances: &Circumstances) -> HealthSummary {
    summary.digest.health_summary(circumstances.now, &circumstances.policy)
}

fn health(summary: &Summary, circumstances: &Circumstances) -> HealthLevel {
    standing(summary, circumstances).health
}

/// Where a state stands in the order of the pipeline; those that cannot be read come last.
fn place(summary: &Summary) -> i64 {
    let at = |state: State| State::ALL.iter().position(|other| *other == state);
    number(summary.state.as_ref().ok().and_then(|state| at(*state)).unwrap_or(State::ALL.len()))
}

/// The places of all sessions on the shelf in the order of the list. What is unknown comes last either way; of
/// equals, the last changed comes first. It is asked for when a session or the sorting changes, not at every filter.
pub fn order(shelf: &Sessions, sort: Sort, circumstances: &Circumstances) -> Vec<usize> {
    let by = |key: &dyn Fn(&Summary) -> Option<i64>| {
        shelf.iter().map(|entry| key(entry.summary())).collect::<Vec<Option<i64>>>()
    };
    let by_text = |text: &dyn for<'a> Fn(&'a Summary) -> Option<&'a str>| {
        let texts: Vec<Option<&str>> = shelf.iter().map(|entry| text(entry.summary())).collect();
        let ranks = order::ranks(&texts.iter().map(|text| text.unwrap_or_default()).collect::<Vec<_>>());
        texts.iter().zip(ranks).map(|(text, rank)| text.map(|_| rank)).collect()
    };
    let keys = match sort.column {
        Column::State => by(&|summary| Some(place(summary))),
        Column::Health => by(&|summary| Some(health(summary, circumstances) as i64)),
        Column::Episode => by(&|summary| summary.number.map(number)),
        Column::Topic => by_text(&Summary::topic_to_sort_by),
        Column::Id => by_text(&|summary| Some(&summary.id)),
        Column::Progress => by(&|summary| summary.percent.map(i64::from)),
        Column::Cost => by(&|summary| summary.cost.map(Money::micros)),
        Column::Updated => by(&|summary| summary.updated.map(Timestamp::unix)),
    };
    let keys = keys.into_iter().zip(shelf.iter()).map(|(key, entry)| {
        let key = key.map_or(i64::MAX, |key| if sort.descending { key.saturating_neg() } else { key });
        (key, entry.summary().updated.map_or(i64::MAX, |at| at.unix().saturating_neg()))
    });
    order::ascending(keys)
}

/// A number to sort by.
fn number(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Brings the sessions of an episode together where the first of them stands.
fn together(found: Vec<Arc<Entry>>) -> Vec<Row> {
    let mut episodes: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, entry) in found.iter().enumerate() {
        if let Some(number) = entry.summary().number {
            episodes.entry(number).or_default().push(at);
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    for (at, entry) in found.iter().enumerate() {
        let number = entry.summary().number;
        match number.and_then(|number| Some((number, episodes.get(&number)?))) {
            Some((number, sessions)) if sessions.len() > 1 => {
                if sessions.first() != Some(&at) {
                    continue;
                }
                rows.push(Row::Episode { number, sessions: sessions.len() });
                let nested = sessions.iter().map(|at| Row::Session { entry: found[*at].clone(), nested: true });
                rows.extend(nested);
            }
            _ => rows.push(Row::Session { entry: entry.clone(), nested: false }),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::search::Haystack;
    use super::*;
    use callboard_core::{Session, Stage};
    use callboard_workspace::Record;

    fn shelf() -> Sessions {
        let mut shelf = Sessions::default();
        let mut add = |id: &str, number: u64, stage: &str, cost: &str, day: u32, error: &str| {
            let status = if error.is_empty() { "in_progress" } else { "failed" };
            let text = format!(
                r#"{{"session_id": "{id}", "episode": {{"number": {number}, "topic": "Topic {id}"}},
                "pipeline_state": {{"current_stage": "{stage}", "failed_attempts": 1}},
                "agent_outputs": {{"script_writer": {{"status": "{status}", "error": "{error}"}}}},
                "cost_tracking": {{"total": {cost}, "budget": 9}},
                "timestamps": {{"last_updated": "2024-08-{day:02}T12:00:00Z"}}}}"#
            );
            let session = Session::parse(text).unwrap();
            let record =
                Record::of_file(id.into(), format!("{id}.json"), session.text().into(), Timestamp::from_unix(0));
            shelf.put(Arc::new(Entry::new(record, &session)));
        };
        add("a", 1, "writing", "4", 3, "No answer");
        add("b", 2, "evaluation", "2", 2, "");
        add("c", 1, "complete", "null", 1, "");
        shelf
    }

    fn circumstances(from: Option<i64>, until: Option<i64>) -> Circumstances {
        let now = Timestamp::parse("2024-08-03T13:00:00Z").unwrap();
        Circumstances { now, policy: Policy::default(), days: (from, until) }
    }

    fn listed(query: &Query, circumstances: &Circumstances) -> Vec<Row> {
        let shelf = shelf();
        let found = Haystack::of(&shelf).find(&query.search);
        rows(&shelf, &order(&shelf, query.sort, circumstances), &found, query, circumstances)
    }

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        let rows = listed(&Query::parse(query), &circumstances(None, None));
        let ids: Vec<&str> = rows.iter().map(|row| row.entry().map_or("episode", |entry| entry.id())).collect();
        assert_eq!(ids, expected, "{query}");
    }

    #[test]
    fn every_filter_leaves_out_what_it_says() {
        check("", &["a", "b", "c"]);
        check("state=FAILED", &["a"]);
        check("state=unreadable", &[]);
        check("state=unreadable,failed", &["a"]);
        check("stage=evaluation", &["b"]);
        // The evaluation has been ready for more than a day.
        check("health=at_risk", &["a", "b"]);
        check("health=healthy", &["c"]);
        check("q=topic+c.json", &["c"]);
        check("q=no+answer", &["a"]);
        check("q=quality_evaluator", &["b"]);
        check("q=B.json", &["b"]);
        check("min=3", &["a"]);
        check("max=3", &["b"]);
        check("edited=1", &[]);
    }

    #[test]
    fn what_is_unknown_comes_last_either_way() {
        check("sort=cost", &["b", "a", "c"]);
        check("sort=-cost", &["a", "b", "c"]);
        check("sort=updated", &["c", "b", "a"]);
        check("sort=-topic", &["c", "b", "a"]);
        check("sort=episode", &["a", "c", "b"]);
        check("sort=state", &["b", "c", "a"]);
    }

    #[test]
    fn sessions_of_an_episode_stand_together() {
        check("group=episode", &["episode", "a", "c", "b"]);
        check("group=episode&stage=writing", &["a"]);
    }

    #[test]
    fn days_and_money_are_bounds() {
        let noon = Timestamp::parse("2024-08-02T12:00:00Z").unwrap().unix();
        let count = |from, until| listed(&Query::default(), &circumstances(from, until)).len();
        assert_eq!((count(Some(noon), None), count(None, Some(noon))), (2, 1));
        let query = Query { min: Money::parse("2"), stages: vec![Stage::Evaluation], ..Query::default() };
        assert_eq!(listed(&query, &circumstances(None, None)).len(), 1);
    }
}
