//! The rows of the session list: filtered, sorted, grouped. Pure.
use super::columns::Column;
use super::query::{DueFilter, Query, Sort, StateFilter, states};
use super::search::Matches;
use crate::order;
use callboard_core::{
    Agent, DueStatus, HealthLevel, HealthSummary, Money, Outlook, Phase, Policy, State, Timestamp, TypicalCosts,
};
use callboard_workspace::{Entry, ListState, Listed, Summary};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A row of the list.
#[derive(Clone, Debug)]
pub enum ListItem {
    /// The heading of an episode with several sessions in the list.
    Episode {
        /// The episode's number.
        number: u64,
        /// Number of its sessions in the list.
        sessions: usize,
    },
    /// A session.
    Session {
        /// The session.
        session: Listed,
        /// True below an episode's heading.
        nested: bool,
    },
}

impl PartialEq for ListItem {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Episode { number, sessions }, Self::Episode { number: n, sessions: s }) => {
                number == n && sessions == s
            }
            (Self::Session { session, nested }, Self::Session { session: s, nested: n }) => session == s && nested == n,
            _ => false,
        }
    }
}

impl ListItem {
    /// Returns the session of the workspace, which can be selected; `None` for any other row.
    pub fn entry(&self) -> Option<&Arc<Entry>> {
        self.session().and_then(Listed::entry)
    }

    /// Returns the session; `None` for a heading.
    pub fn session(&self) -> Option<&Listed> {
        match self {
            Self::Session { session, .. } => Some(session),
            Self::Episode { .. } => None,
        }
    }
}

/// The inputs of filtering and sorting other than the sessions and the query.
#[derive(Clone, Debug)]
pub struct FilterContext {
    /// The time.
    pub now: Timestamp,
    /// The limits and thresholds in force.
    pub policy: Policy,
    /// The first second of the query's date range, and the first one after it.
    pub days: (Option<i64>, Option<i64>),
    /// Minutes by which the zone in force is ahead of UTC.
    pub offset: i32,
}

/// Returns the rows that match a query, in the order of [`order()`].
pub fn rows(
    sessions: &[Listed],
    order: &[usize],
    found: &Matches,
    query: &Query,
    context: &FilterContext,
) -> Vec<ListItem> {
    let candidates = order.iter().filter(|at| found.has(**at)).filter_map(|at| sessions.get(*at));
    let all = !query.has_non_search_filters() && context.days == (None, None);
    let wanted =
        candidates.filter(|session| all || failed_filters(&Judged::new(session, context), query) == 0).cloned();
    if query.grouped {
        return grouped(wanted.collect());
    }
    wanted.map(|session| ListItem::Session { session, nested: false }).collect()
}

/// Filters that a session can fail, one bit each.
mod filter {
    pub(super) const STATE: u16 = 1;
    pub(super) const HEALTH: u16 = 1 << 1;
    pub(super) const STAGE: u16 = 1 << 2;
    pub(super) const DUE: u16 = 1 << 3;
    pub(super) const OWNER: u16 = 1 << 4;
    pub(super) const LABEL: u16 = 1 << 5;
    pub(super) const DAYS: u16 = 1 << 6;
    pub(super) const COST: u16 = 1 << 7;
    pub(super) const OVER_BUDGET: u16 = 1 << 8;
    pub(super) const EDITED: u16 = 1 << 9;
    pub(super) const CONFLICT: u16 = 1 << 10;
    pub(super) const SENT_BACK: u16 = 1 << 11;
}

/// A session with the judgements of it that depend on the time, each made once and only when it is needed.
struct Judged<'a> {
    session: &'a Listed,
    context: &'a FilterContext,
    health: OnceCell<Option<HealthSummary>>,
    outlook: OnceCell<Option<Outlook>>,
}

impl<'a> Judged<'a> {
    fn new(session: &'a Listed, context: &'a FilterContext) -> Self {
        Self { session, context, health: OnceCell::new(), outlook: OnceCell::new() }
    }

    fn health(&self) -> Option<HealthSummary> {
        let FilterContext { now, policy, .. } = self.context;
        *self.health.get_or_init(|| Some(self.session.digest()?.health_summary(*now, policy)))
    }

    fn outlook(&self) -> Option<Outlook> {
        let FilterContext { now, policy, .. } = self.context;
        *self.outlook.get_or_init(|| Some(self.session.digest()?.outlook(*now, policy)))
    }

    fn is_over_budget(&self) -> bool {
        self.health().map_or(self.session.summary().within_budget == Some(false), |health| health.over_budget)
    }

    fn is_due(&self, due: DueFilter) -> bool {
        let offset = self.context.offset;
        self.outlook().is_some_and(|outlook| match due {
            DueFilter::Late => outlook.due_status(offset) == Some(DueStatus::Late),
            DueFilter::Today => outlook.due_status(offset) == Some(DueStatus::DueToday),
            DueFilter::Week => outlook.is_due_within(7, offset),
        })
    }
}

/// Returns the set filters that a session does not match, one bit each.
fn failed_filters(judged: &Judged<'_>, query: &Query) -> u16 {
    let session = judged.session;
    let summary = session.summary();
    let (from, until) = judged.context.days;
    let fails = |matches: bool, filter: u16| if matches { 0 } else { filter };
    let in_days = from.is_none_or(|from| summary.updated.is_some_and(|at| at.unix() >= from))
        && until.is_none_or(|until| summary.updated.is_some_and(|at| at.unix() < until));
    let in_costs = query.min.is_none_or(|min| summary.cost.is_some_and(|cost| cost >= min))
        && query.max.is_none_or(|max| summary.cost.is_some_and(|cost| cost <= max));
    let has_owner = || query.owners.iter().any(|owner| *owner == owner_of(session).unwrap_or_default());
    let has_label = || query.labels.iter().any(|label| labels_of(session).iter().any(|other| other == label));
    fails(query.states.is_empty() || query.states.contains(&StateFilter::of(&summary.state)), filter::STATE)
        | fails(
            query.health.is_empty() || judged.health().is_some_and(|health| query.health.contains(&health.health)),
            filter::HEALTH,
        )
        | fails(
            query.stages.is_empty() || session.stage().is_some_and(|stage| query.stages.contains(&stage)),
            filter::STAGE,
        )
        | fails(query.due.is_empty() || query.due.iter().any(|due| judged.is_due(*due)), filter::DUE)
        | fails(query.owners.is_empty() || has_owner(), filter::OWNER)
        | fails(query.labels.is_empty() || has_label(), filter::LABEL)
        | fails(in_days, filter::DAYS)
        | fails(in_costs, filter::COST)
        | fails(!query.over_budget || judged.is_over_budget(), filter::OVER_BUDGET)
        | fails(!query.edited || summary.changed, filter::EDITED)
        | fails(!query.conflict || summary.conflict, filter::CONFLICT)
        | fails(!query.sent_back || is_sent_back(session), filter::SENT_BACK)
}

/// Numbers of sessions that match each option of a filter and all other filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterCounts {
    /// By state, in the order of [`states()`].
    pub states: Vec<usize>,
    /// By health level, in the order of [`HealthLevel::ALL`].
    pub health: [usize; 5],
    /// By current stage.
    pub stages: [usize; 4],
    /// By due date, in the order of [`DueFilter::ALL`].
    pub due: [usize; 3],
    /// By owner; the empty text for none.
    pub owners: BTreeMap<String, usize>,
    /// By label.
    pub labels: BTreeMap<String, usize>,
    /// Over their budget.
    pub over_budget: usize,
    /// With unexported changes.
    pub edited: usize,
    /// With a conflict.
    pub conflict: usize,
    /// Sent back by failed quality gates.
    pub sent_back: usize,
}

impl FilterCounts {
    /// Counts the sessions that a search found, in one pass. Owners and labels of all sessions are listed.
    pub fn of(sessions: &[Listed], found: &Matches, query: &Query, context: &FilterContext) -> Self {
        let states = states();
        let mut counts = Self { states: vec![0; states.len()], ..Self::default() };
        for (at, session) in sessions.iter().enumerate() {
            let judged = Judged::new(session, context);
            let failed = if found.has(at) { failed_filters(&judged, query) } else { u16::MAX };
            let counts_for = |filter: u16| failed & !filter == 0;
            // Each text is allocated once.
            let owner = owner_of(session).unwrap_or_default();
            add(&mut counts.owners, owner, usize::from(counts_for(filter::OWNER)));
            for label in labels_of(session) {
                add(&mut counts.labels, label, usize::from(counts_for(filter::LABEL)));
            }
            if failed.count_ones() > 1 {
                continue;
            }
            if counts_for(filter::STATE) {
                let state = StateFilter::of(&session.summary().state);
                let place = states.iter().position(|other| *other == state);
                if let Some(number) = place.and_then(|place| counts.states.get_mut(place)) {
                    *number += 1;
                }
            }
            if counts_for(filter::HEALTH)
                && let Some(health) = judged.health()
                && let Some(number) = counts.health.get_mut(health.health as usize)
            {
                *number += 1;
            }
            if counts_for(filter::STAGE)
                && let Some(stage) = session.stage()
            {
                counts.stages[stage.index()] += 1;
            }
            if counts_for(filter::DUE) {
                for (number, due) in counts.due.iter_mut().zip(DueFilter::ALL) {
                    *number += usize::from(judged.is_due(due));
                }
            }
            let summary = session.summary();
            counts.over_budget += usize::from(counts_for(filter::OVER_BUDGET) && judged.is_over_budget());
            counts.edited += usize::from(counts_for(filter::EDITED) && summary.changed);
            counts.conflict += usize::from(counts_for(filter::CONFLICT) && summary.conflict);
            counts.sent_back += usize::from(counts_for(filter::SENT_BACK) && is_sent_back(session));
        }
        counts
    }
}

fn add(counts: &mut BTreeMap<String, usize>, text: &str, number: usize) {
    match counts.get_mut(text) {
        Some(count) => *count += number,
        None => {
            counts.insert(text.to_owned(), number);
        }
    }
}

/// Returns true if failed quality gates sent the session back to a stage that has not completed since.
pub fn is_sent_back(session: &Listed) -> bool {
    session.digest().is_some_and(|digest| digest.sent_back().is_some())
}

/// Returns the owner; `None` for a session without one.
fn owner_of(session: &Listed) -> Option<&str> {
    session.digest()?.planning.owner.as_deref()
}

fn labels_of(session: &Listed) -> &[String] {
    session.digest().map(|digest| digest.planning.labels.as_slice()).unwrap_or_default()
}

fn health(session: &Listed, context: &FilterContext) -> Option<HealthLevel> {
    Some(session.digest()?.health_summary(context.now, &context.policy).health)
}

/// Returns the index of a state in the pipeline; unreadable states come last.
fn state_index(summary: &Summary) -> i64 {
    let at = |state: State| State::ALL.iter().position(|other| *other == state);
    sort_key(match &summary.state {
        ListState::Known(state) => at(*state).unwrap_or(State::ALL.len()),
        // It is at work, as one in any stage of the framework.
        ListState::Other => at(State::Synthesizing).unwrap_or(State::ALL.len()),
        ListState::Unreadable(_) => State::ALL.len(),
    })
}

/// Returns the indices of all sessions in the order of the list. Unknown values come last in either direction; ties
/// are broken by the last change. Computed when a session or the sorting changes, not for every filter.
pub fn order(sessions: &[Listed], sort: Sort, context: &FilterContext) -> Vec<usize> {
    let by = |key: &dyn Fn(&Summary) -> Option<i64>| {
        sessions.iter().map(|session| key(session.summary())).collect::<Vec<Option<i64>>>()
    };
    let by_text = |text: &dyn for<'a> Fn(&'a Summary) -> Option<&'a str>| {
        let texts: Vec<Option<&str>> = sessions.iter().map(|session| text(session.summary())).collect();
        let ranks = order::ranks(&texts.iter().map(|text| text.unwrap_or_default()).collect::<Vec<_>>());
        texts.iter().zip(ranks).map(|(text, rank)| text.map(|_| rank)).collect()
    };
    let by_outlook = |key: &dyn Fn(&Outlook) -> Option<i64>| {
        let outlook = |session: &Listed| Some(session.digest()?.outlook(context.now, &context.policy));
        sessions.iter().map(|session| key(&outlook(session)?)).collect::<Vec<Option<i64>>>()
    };
    let by_names = |name: &dyn for<'a> Fn(&'a Listed) -> Option<&'a str>| {
        let names: Vec<Option<&str>> = sessions.iter().map(name).collect();
        let ranks = order::ranks(&names.iter().map(|name| name.unwrap_or_default()).collect::<Vec<_>>());
        names.iter().zip(ranks).map(|(name, rank)| name.map(|_| rank)).collect()
    };
    let keys = match sort.column {
        Column::InStage => by_outlook(&|outlook| {
            let since = outlook.since.filter(|_| outlook.phase != Phase::Complete)?;
            Some(context.now.unix() - since.unix())
        }),
        Column::Next => by_outlook(&|outlook| Some(next_agent(outlook)? as i64)),
        Column::Due => by_outlook(&|outlook| expected(outlook, context.offset)),
        Column::Quality => {
            // Millionths, as scores have no more digits.
            #[allow(clippy::cast_possible_truncation)]
            let key = |session: &Listed| Some((session.overall_quality()? * 1e6).round() as i64);
            sessions.iter().map(key).collect()
        }
        Column::Attempts => {
            sessions.iter().map(|session| i64::try_from(session.digest()?.failed_attempts()).ok()).collect()
        }
        Column::Owner => by_names(&owner_of),
        Column::Labels => by_names(&|session| labels_of(session).first().map(String::as_str)),
        Column::Created => by(&|summary| summary.created.map(Timestamp::unix)),
        Column::State => by(&|summary| Some(state_index(summary))),
        Column::Health => sessions.iter().map(|session| health(session, context).map(|level| level as i64)).collect(),
        Column::Episode => by(&|summary| summary.number.map(sort_key)),
        Column::Topic => by_text(&Summary::topic_to_sort_by),
        Column::Id => by_text(&|summary| Some(&summary.id)),
        Column::Progress => by(&|summary| summary.percent.map(i64::from)),
        Column::Cost => by(&|summary| summary.cost.map(Money::micros)),
        Column::ExpectedCost => {
            let typical = TypicalCosts::of(sessions.iter().filter_map(Listed::digest), &context.policy);
            let expected = |session: &Listed| Some(session.digest()?.expected_total(&typical)?.micros());
            sessions.iter().map(expected).collect()
        }
        Column::Updated => by(&|summary| summary.updated.map(Timestamp::unix)),
    };
    let keys = keys.into_iter().zip(sessions.iter()).map(|(key, session)| {
        let key = key.map_or(i64::MAX, |key| if sort.descending { key.saturating_neg() } else { key });
        (key, session.summary().updated.map_or(i64::MAX, |at| at.unix().saturating_neg()))
    });
    order::ascending(keys)
}

/// Returns the agent that acts next: the one that can be started, or the one after the running agent.
pub fn next_agent(outlook: &Outlook) -> Option<Agent> {
    match outlook.phase {
        Phase::Running => outlook.next_agent,
        _ => outlook.agent,
    }
}

/// Returns the time by which a session is due or expected, as a sort key.
fn expected(outlook: &Outlook, offset: i32) -> Option<i64> {
    let running = outlook.stage_estimate.filter(|_| outlook.due.is_none());
    let end_of_day = || Some(outlook.due_day(offset)?.start(offset).plus(86_399).unix());
    // A session past its estimate comes before all that are expected.
    match (running, outlook.overdue()) {
        (Some(estimate), Some(_)) => Some(estimate.unix()),
        (Some(_), None) => outlook.estimate.map(Timestamp::unix),
        (None, _) => end_of_day(),
    }
}

/// Converts a number to a sort key.
fn sort_key(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Groups the sessions of each episode at the position of its first one.
fn grouped(found: Vec<Listed>) -> Vec<ListItem> {
    let mut episodes: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, session) in found.iter().enumerate() {
        if let Some(number) = session.summary().number {
            episodes.entry(number).or_default().push(at);
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    for (at, session) in found.iter().enumerate() {
        let number = session.summary().number;
        match number.and_then(|number| Some((number, episodes.get(&number)?))) {
            Some((number, sessions)) if sessions.len() > 1 => {
                if sessions.first() != Some(&at) {
                    continue;
                }
                rows.push(ListItem::Episode { number, sessions: sessions.len() });
                let nested = sessions.iter().map(|at| ListItem::Session { session: found[*at].clone(), nested: true });
                rows.extend(nested);
            }
            _ => rows.push(ListItem::Session { session: session.clone(), nested: false }),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::search::SearchIndex;
    use super::*;
    use callboard_core::{Session, Stage};
    use callboard_workspace::Record;

    fn sessions() -> Vec<Listed> {
        let mut sessions = Vec::new();
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
            sessions.push(Listed::Own(Arc::new(Entry::new(record, &session))));
        };
        add("a", 1, "writing", "4", 3, "No answer");
        add("b", 2, "evaluation", "2", 2, "");
        add("c", 1, "complete", "null", 1, "");
        sessions
    }

    fn context(from: Option<i64>, until: Option<i64>) -> FilterContext {
        let now = Timestamp::parse("2024-08-03T13:00:00Z").unwrap();
        FilterContext { now, policy: Policy::default(), days: (from, until), offset: 0 }
    }

    fn listed(query: &Query, context: &FilterContext) -> Vec<ListItem> {
        let sessions = sessions();
        let found = SearchIndex::of(&sessions).find(&query.search);
        rows(&sessions, &order(&sessions, query.sort, context), &found, query, context)
    }

    #[track_caller]
    fn check(query: &str, expected: &[&str]) {
        let rows = listed(&Query::parse(query), &context(None, None));
        let ids: Vec<&str> = rows.iter().map(|row| row.session().map_or("episode", Listed::key)).collect();
        assert_eq!(ids, expected, "{query}");
    }

    #[test]
    fn filters_exclude_sessions() {
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
    fn unknown_values_come_last() {
        check("sort=cost", &["b", "a", "c"]);
        check("sort=-cost", &["a", "b", "c"]);
        check("sort=updated", &["c", "b", "a"]);
        check("sort=-topic", &["c", "b", "a"]);
        check("sort=episode", &["a", "c", "b"]);
        check("sort=state", &["b", "c", "a"]);
    }

    #[test]
    fn sessions_are_grouped_by_episode() {
        check("group=episode", &["episode", "a", "c", "b"]);
        check("group=episode&stage=writing", &["a"]);
    }

    /// Sessions with plans, one of which failed gates sent back.
    fn planned() -> Vec<Listed> {
        let session = |id: &str, state: &str, rest: &str| {
            let text = format!(
                r#"{{"session_id": "{id}", "pipeline_state": {{"current_stage": "writing"{state}}},
                "cost_tracking": {{"total": 10, "budget": 9, "within_budget": false}}, {rest}}}"#
            );
            let session = Session::parse(text).unwrap();
            let record =
                Record::of_file(id.into(), format!("{id}.json"), session.text().into(), Timestamp::from_unix(0));
            Listed::Own(Arc::new(Entry::new(record, &session)))
        };
        let running = |estimate: &str| {
            format!(
                r#""agent_outputs": {{"script_writer": {{"status": "in_progress", "start_time": "2024-08-03T12:00:00Z",
                "estimated_completion": "2024-08-03T{estimate}:00Z"}}}}"#
            )
        };
        vec![
            session("soon", "", &running("13:30")),
            session("overdue", "", &running("12:40")),
            session("week", "", r#""planning": {"owner": "Mira", "due": "2024-08-08", "labels": ["a", "b"]}"#),
            session("late", "", r#""planning": {"owner": "Jo", "due": "2024-08-01", "labels": ["b"]}"#),
            session("back", r#", "gate_failures": 1"#, r#""feedback": ["Shorter"]"#),
        ]
    }

    #[track_caller]
    fn check_planned(query: &str, expected: &[&str]) {
        let (sessions, query) = (planned(), Query::parse(query));
        let context = context(None, None);
        let order = order(&sessions, query.sort, &context);
        let rows = rows(&sessions, &order, &Matches::ALL, &query, &context);
        let ids: Vec<&str> = rows.iter().filter_map(ListItem::session).map(Listed::key).collect();
        assert_eq!(ids, expected, "{query:?}");
    }

    #[test]
    fn plans_and_estimates_are_filters() {
        check_planned("due=late&sort=id", &["late", "overdue"]);
        check_planned("due=today&sort=id", &["soon"]);
        check_planned("due=today,late&sort=id", &["late", "overdue", "soon"]);
        check_planned("due=week&sort=id", &["overdue", "soon", "week"]);
        check_planned("owner=Mira", &["week"]);
        check_planned("owner=&owner=Jo&sort=id", &["back", "late", "overdue", "soon"]);
        check_planned("label=b&sort=id", &["late", "week"]);
        check_planned("label=a&owner=Jo", &[]);
        check_planned("reason=gates_failed", &["back"]);
    }

    #[test]
    fn plans_and_estimates_are_sorted() {
        // Unknown values last, and in the order of the collection.
        check_planned("sort=due", &["late", "overdue", "soon", "week", "back"]);
        check_planned("sort=owner", &["late", "week", "soon", "overdue", "back"]);
        check_planned("sort=-labels", &["late", "week", "soon", "overdue", "back"]);
    }

    #[test]
    fn options_count_the_sessions_that_the_other_filters_leave() {
        let sessions = planned();
        let count =
            |query: &str| FilterCounts::of(&sessions, &Matches::ALL, &Query::parse(query), &context(None, None));
        let all = count("");
        assert_eq!((all.due, all.sent_back, all.over_budget, all.edited), ([2, 1, 3], 1, 5, 0));
        assert_eq!((all.stages, all.health.iter().sum::<usize>()), ([0, 5, 0, 0], 5));
        assert_eq!(all.owners, BTreeMap::from([(String::new(), 3), ("Jo".into(), 1), ("Mira".into(), 1)]));
        assert_eq!(all.labels, BTreeMap::from([("a".into(), 1), ("b".into(), 2)]));
        let late = count("due=late");
        assert_eq!(late.due, all.due, "a filter's own options are counted without it");
        assert_eq!((late.over_budget, late.sent_back), (2, 0));
        assert_eq!(late.owners, BTreeMap::from([(String::new(), 1), ("Jo".into(), 1), ("Mira".into(), 0)]));
        let none = count("due=late&owner=Mira");
        assert_eq!((none.over_budget, none.due), (0, [0, 0, 1]));
    }

    #[test]
    fn days_and_money_are_bounds() {
        let noon = Timestamp::parse("2024-08-02T12:00:00Z").unwrap().unix();
        let count = |from, until| listed(&Query::default(), &context(from, until)).len();
        assert_eq!((count(Some(noon), None), count(None, Some(noon))), (2, 1));
        let query = Query { min: Money::parse("2"), stages: vec![Stage::Evaluation], ..Query::default() };
        assert_eq!(listed(&query, &context(None, None)).len(), 1);
    }
}
