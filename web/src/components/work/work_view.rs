//! The state of the page with all sessions on one axis.
use super::overview::{GroupBy, PeriodId, TimeRange, WorkOverview};
use super::period::{Period, PeriodContext, each_period};
use super::search::WorkMatches;
use crate::arc_eq::ArcEq;
use crate::components::timeline::axis_view::{AxisTimes, AxisView};
use crate::components::timeline::search::{Words, step};
use crate::store::workspace::{ListedSessions, policy, use_workspace};
use crate::timeline_address::TimelineAddress;
use callboard_core::Timestamp;
use callboard_workspace::Listed;
use leptos::prelude::*;
use std::sync::Arc;

/// The identity of a period in every version of the list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PeriodKey {
    session: String,
    period: usize,
}

/// One period, or several drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodRange {
    /// The first period.
    pub id: PeriodId,
    /// Number of periods.
    pub count: usize,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub struct WorkView {
    /// The sessions of the list.
    pub sessions: Memo<ListedSessions>,
    /// The rows.
    pub overview: Memo<ArcEq<WorkOverview>>,
    /// The grouping of the rows.
    pub by: Memo<GroupBy>,
    /// The range of time.
    pub range: Memo<TimeRange>,
    /// The visible stretch of time.
    pub axis: AxisView,
    /// The present.
    pub now: Memo<Timestamp>,
    /// The text of the search.
    pub search: RwSignal<String>,
    /// The matches of the search; `None` without a search.
    pub found: Memo<Option<ArcEq<WorkMatches>>>,
    /// The hovered periods, which take precedence over the selected one.
    pub hovered: RwSignal<Option<PeriodRange>>,
    selected_key: RwSignal<Option<PeriodKey>>,
    /// The selected period.
    pub selected: Memo<Option<PeriodId>>,
    /// The row to scroll to and focus.
    pub target: RwSignal<Option<usize>>,
}

impl WorkView {
    /// Creates the state of an axis of a width, by the page's address.
    pub fn new(address: Memo<TimelineAddress>, width: ReadSignal<f64>) -> Self {
        let workspace = use_workspace();
        let (sessions, now) = (workspace.listed, workspace.clock.half_minute);
        let by = Memo::new(move |_| address.with(|address| address.by));
        let range = Memo::new(move |_| {
            address.with(|address| address.range).unwrap_or_else(|| sessions.with(|all| usual_range(all, now.get())))
        });
        let overview = Memo::new(move |_| {
            let context = context(now.get());
            ArcEq(Arc::new(sessions.with(|sessions| WorkOverview::of(sessions, by.get(), range.get(), &context))))
        });
        let search = RwSignal::new(address.with_untracked(|address| address.search.clone()));
        let found = Memo::new(move |_| {
            let words = search.with(|search| Words::of(search));
            let context = context(now.get_untracked());
            let found = |overview: &WorkOverview| sessions.with(|all| WorkMatches::of(&words, all, overview, &context));
            (!words.is_empty()).then(|| ArcEq(Arc::new(overview.with(|overview| found(overview)))))
        });
        let moments = Memo::new(move |_| match range.get().from(now.get()) {
            Some(from) => vec![from, now.get().unix()],
            None => overview.with(|overview| {
                let first = overview.busy.iter().map(|(from, _)| *from).min();
                let last = overview.busy.iter().map(|(_, to)| *to).max();
                first.into_iter().chain(last).collect()
            }),
        });
        let lesser = Memo::new(move |_| vec![now.get().unix()]);
        let periods = Memo::new(move |_| {
            let ends = moments.with(|moments| moments.iter().map(|at| (*at, *at)).collect::<Vec<_>>());
            let now = now.get().unix();
            overview.with(|overview| overview.busy.iter().copied().chain(ends).chain([(now, now)]).collect())
        });
        let axis = AxisView::new(AxisTimes { width: width.into(), moments, lesser, periods });
        let selected_key = RwSignal::new(None::<PeriodKey>);
        let selected = Memo::new(move |_| {
            let key = selected_key.get()?;
            let session = sessions.with(|all| all.iter().position(|session| session.key() == key.session))?;
            Some(PeriodId { session, period: key.period })
        });
        let (hovered, target) = (RwSignal::new(None), RwSignal::new(None));
        Self { sessions, overview, by, range, axis, now, search, found, hovered, selected_key, selected, target }
    }

    /// Returns the context by which periods are read now.
    pub fn context(self) -> PeriodContext {
        context(self.now.get())
    }

    /// Reads a session's period; `None` if it is gone.
    pub fn period<R>(self, id: PeriodId, read: impl FnOnce(&Listed, &Period<'_>) -> R) -> Option<R> {
        let context = self.context();
        self.sessions.with(|sessions| {
            let session = sessions.get(id.session)?;
            let (mut read, mut result) = (Some(read), None);
            each_period(session, &context, &mut |period| {
                if period.index == id.period
                    && let Some(read) = read.take()
                {
                    result = Some(read(session, &period));
                }
            });
            result
        })
    }

    /// Selects a period.
    pub fn select(self, id: Option<PeriodId>) {
        let key = id.and_then(|id| {
            let session = self.sessions.with_untracked(|all| all.get(id.session).map(|it| it.key().to_owned()))?;
            Some(PeriodKey { session, period: id.period })
        });
        self.selected_key.set(key);
    }

    /// Selects a period, and scrolls to its row and time.
    pub fn select_and_show(self, id: PeriodId) {
        self.select(Some(id));
        let row = self.overview.with_untracked(|overview| overview.row_of(id));
        self.target.set(row);
        if let Some((from, to)) = untrack(|| self.period(id, |_, period| (period.from, period.to))) {
            self.axis.reveal(from, to);
        }
    }

    /// Returns the index of the selected period among the matches of the search.
    pub fn found_at(self) -> Option<usize> {
        let selected = self.selected.get()?;
        self.found.with(|found| found.as_ref()?.matches.iter().position(|id| *id == selected))
    }

    /// Selects the next or previous match of the search, and scrolls to it.
    pub fn step_found(self, by: isize) {
        let count = self.found.with_untracked(|found| found.as_ref().map_or(0, |found| found.matches.len()));
        let next = step(untrack(|| self.found_at()), count, by);
        let id = next.and_then(|at| self.found.with_untracked(|found| found.as_ref()?.matches.get(at).copied()));
        if let Some(id) = id {
            self.select_and_show(id);
        }
    }

    /// Selects the next or previous period, in the order of the rows; the first one is in the row `from`.
    pub fn step_period(self, by: isize, from: Option<usize>) {
        let ids = untrack(|| self.row_ids(from));
        let selected = self.selected.get_untracked();
        let at = selected.and_then(|selected| ids.iter().position(|id| *id == selected));
        let next = match at {
            Some(at) => ids.get(at.saturating_add_signed(by)).copied().or_else(|| {
                // Beyond the end of the row is the next one.
                let row = selected.and_then(|id| self.overview.with_untracked(|overview| overview.row_of(id)))?;
                let row = row.checked_add_signed(by)?;
                let ids = untrack(|| self.row_ids(Some(row)));
                if by > 0 { ids.first().copied() } else { ids.last().copied() }
            }),
            None => ids.first().copied(),
        };
        if let Some(id) = next {
            self.select_and_show(id);
        }
    }

    /// Pans to the last period of a row unless one of its periods is in view.
    pub fn reveal_row(self, row: usize) {
        let ids = untrack(|| self.row_ids(Some(row)));
        let extent = |id: &PeriodId| untrack(|| self.period(*id, |_, period| (period.from, period.to)));
        let is_seen = |(from, to): (i64, i64)| {
            let view = self.axis.view.get_untracked();
            view.is_some_and(|view| view.x(to) >= 0.0 && view.x(from) <= view.width)
        };
        // A lane may have thousands; the last ones are the likeliest.
        if ids.iter().rev().take(50).filter_map(extent).any(is_seen) {
            return;
        }
        if let Some((from, to)) = ids.last().and_then(extent) {
            self.axis.reveal(from, to);
        }
    }

    /// Returns the periods of the selected row, or of another one, in order of time.
    fn row_ids(self, row: Option<usize>) -> Vec<PeriodId> {
        use super::overview::OverviewRow;
        let own = self.selected.get().and_then(|id| self.overview.with(|overview| overview.row_of(id)));
        let row = row.or(own).unwrap_or(0);
        let row = self.overview.with(|overview| overview.rows.get(row).cloned());
        match row {
            None => Vec::new(),
            Some(OverviewRow::Lane { spans, .. }) => spans.iter().map(|span| span.id).collect(),
            Some(OverviewRow::Session(session)) => {
                let context = self.context();
                self.sessions.with(|sessions| {
                    let mut ids = Vec::new();
                    if let Some(it) = sessions.get(session) {
                        each_period(it, &context, &mut |period| {
                            ids.push((period.from, PeriodId { session, period: period.index }));
                        });
                    }
                    let order = crate::order::ascending(ids.iter().map(|(from, _)| (*from, 0)));
                    order.into_iter().map(|at| ids[at].1).collect()
                })
            }
        }
    }
}

fn context(now: Timestamp) -> PeriodContext {
    PeriodContext { now, policy: policy() }
}

/// Returns the last week if there was work in it, else everything.
fn usual_range(sessions: &[Listed], now: Timestamp) -> TimeRange {
    let week = TimeRange::Week.from(now).unwrap_or_default();
    let is_recent = |session: &Listed| session.summary().updated.is_some_and(|at| at.unix() >= week);
    if sessions.iter().any(is_recent) { TimeRange::Week } else { TimeRange::All }
}
