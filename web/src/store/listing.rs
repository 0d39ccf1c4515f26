//! The rows of the list: which sessions, in which order, which of them together. Pure.
use super::entry::Entry;
use super::query::{Column, Query, Sort};
use super::shelf::Shelf;
use super::summary::Summary;
use callboard_core::{HealthLevel, Policy, Standing, State, Timestamp};
use std::cmp::Ordering;
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

/// The rows that answer a query.
pub fn rows(shelf: &Shelf, query: &Query, circumstances: &Circumstances) -> Vec<Row> {
    let found = found(shelf, query, circumstances);
    let sorted = sorted(&found, query.sort, circumstances).into_iter().map(|at| found[at].clone());
    if query.grouped {
        return together(sorted.collect());
    }
    sorted.map(|entry| Row::Session { entry, nested: false }).collect()
}

fn found(shelf: &Shelf, query: &Query, circumstances: &Circumstances) -> Vec<Arc<Entry>> {
    let search = query.search.to_lowercase();
    let words: Vec<&str> = search.split_whitespace().collect();
    let (from, until) = circumstances.days;
    let is_wanted = |summary: &Summary| {
        (!query.edited || summary.changed)
            && (query.states.is_empty() || summary.state.as_ref().is_ok_and(|state| query.states.contains(state)))
            && (query.stages.is_empty() || summary.digest.stage().is_some_and(|stage| query.stages.contains(&stage)))
            && query.min.is_none_or(|min| summary.cost.is_some_and(|cost| cost >= min))
            && query.max.is_none_or(|max| summary.cost.is_some_and(|cost| cost <= max))
            && from.is_none_or(|from| summary.updated.is_some_and(|at| at.unix() >= from))
            && until.is_none_or(|until| summary.updated.is_some_and(|at| at.unix() < until))
            && (query.health.is_empty() || query.health.contains(&health(summary, circumstances)))
            && (!query.over_budget || standing(summary, circumstances).over_budget)
            && summary.matches(&words)
    };
    shelf.iter().filter(|entry| is_wanted(entry.summary())).cloned().collect()
}

fn standing(summary: &Summary, circumstances: &Circumstances) -> Standing {
    summary.digest.standing(circumstances.now, &circumstances.policy)
}

fn health(summary: &Summary, circumstances: &Circumstances) -> HealthLevel {
    standing(summary, circumstances).health
}

/// Where a state stands in the order of the pipeline; those that cannot be read come last.
fn place(summary: &Summary) -> usize {
    let at = |state: State| State::ALL.iter().position(|other| *other == state);
    summary.state.as_ref().ok().and_then(|state| at(*state)).unwrap_or(State::ALL.len())
}

/// The places in their order. What is unknown comes last either way; of equals, the last changed comes first.
fn sorted(found: &[Arc<Entry>], sort: Sort, circumstances: &Circumstances) -> Vec<usize> {
    let Sort { column, descending } = sort;
    match column {
        Column::State => by(found, descending, |summary| Some(place(summary))),
        Column::Health => by(found, descending, |summary| Some(health(summary, circumstances))),
        Column::Episode => by(found, descending, |summary| summary.number),
        Column::Topic => by(found, descending, Summary::topic_to_sort_by),
        Column::Id => by(found, descending, |summary| Some(summary.id.as_str())),
        Column::Progress => by(found, descending, |summary| Some(summary.percent)),
        Column::Cost => by(found, descending, |summary| summary.cost),
        Column::Updated => by(found, descending, |summary| summary.updated),
    }
}

fn by<'a, K: Ord>(found: &'a [Arc<Entry>], descending: bool, key: impl Fn(&'a Summary) -> Option<K>) -> Vec<usize> {
    let mut keyed: Vec<(Option<K>, Option<Timestamp>, usize)> =
        found.iter().enumerate().map(|(at, entry)| (key(entry.summary()), entry.summary().updated, at)).collect();
    keyed.sort_unstable_by(|(a, a_updated, a_at), (b, b_updated, b_at)| {
        let order = match (a, b) {
            (Some(a), Some(b)) if descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        order.then_with(|| b_updated.cmp(a_updated)).then_with(|| a_at.cmp(b_at))
    });
    keyed.into_iter().map(|(_, _, at)| at).collect()
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
    use super::*;
    use callboard_core::{Money, Session, Stage};

    fn shelf() -> Shelf {
        let mut shelf = Shelf::default();
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
            shelf.put(Entry::new(id.into(), format!("{id}.json"), String::new(), &session));
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

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        let rows = rows(&shelf(), &Query::parse(query), &circumstances(None, None));
        let ids: Vec<&str> = rows.iter().map(|row| row.entry().map_or("episode", |entry| entry.id())).collect();
        assert_eq!(ids, expected, "{query}");
    }

    #[test]
    fn every_filter_leaves_out_what_it_says() {
        check("", &["a", "b", "c"]);
        check("state=FAILED", &["a"]);
        check("stage=evaluation", &["b"]);
        check("health=at_risk", &["a"]);
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
        let count = |from, until| rows(&shelf(), &Query::default(), &circumstances(from, until)).len();
        assert_eq!((count(Some(noon), None), count(None, Some(noon))), (2, 1));
        let query = Query { min: Money::parse("2"), stages: vec![Stage::Evaluation], ..Query::default() };
        assert_eq!(rows(&shelf(), &query, &circumstances(None, None)).len(), 1);
    }
}
