//! The rows of the common axis.
use super::layout::{Beyond, RowLayout, WorkBar, beyond};
use super::overview::{EndMark, OverviewRow, PeriodId, Span};
use super::period::{Period, PeriodContext, each_period, group_name};
use super::search::WorkMatches;
use super::work_view::WorkView;
use crate::arc_eq::ArcEq;
use crate::components::icon::Glyph;
use crate::components::timeline::axis::Axis;
use crate::components::timeline::axis_marks::ticks;
use crate::components::timeline::drawing::bar_class;
use crate::format::{count, duration, session_label, session_title, state_label, state_name};
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::route::Route;
use callboard_workspace::Listed;
use leptos::prelude::*;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// Height of a bar.
const BAR: f64 = 18.0;
/// Top of the bars in their row.
const TOP: f64 = 7.0;
/// Middle of the bars.
const MIDDLE: f64 = TOP + BAR / 2.0;

/// The lines and breaks behind the bars, the same in each row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenery {
    ticks: String,
    days: String,
    breaks: Vec<(f64, f64)>,
    now: Option<f64>,
}

impl Scenery {
    /// Draws the lines of an axis.
    pub fn of(axis: &Axis, now: i64) -> Self {
        let marks = ticks(axis);
        let line = |mut path: String, x: f64| {
            // Writing into a String cannot fail.
            let _ = write!(path, "M{x:.1} 0V120");
            path
        };
        Self {
            ticks: marks.ticks.iter().map(|tick| tick.x).fold(String::new(), line),
            days: marks.bands.iter().filter(|band| band.is_start).map(|band| band.x).fold(String::new(), line),
            breaks: marks.breaks.iter().map(|it| (it.x, it.width)).collect(),
            now: axis.shows(now).then(|| axis.x(now)),
        }
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkRow {
    index: usize,
    of: usize,
    /// The session that the row leads to.
    key: String,
    /// The row's own key.
    id: String,
    href: String,
    title: String,
    /// A word that a reader of the screen hears after the title.
    note: String,
    glyph: Option<Glyph>,
    state: String,
    bars: Vec<WorkBar>,
    waits: Vec<(f64, f64)>,
    scenery: ArcEq<Scenery>,
    /// Left edge and width of the selected period.
    selected: Option<(f64, f64)>,
    beyond: Option<Beyond>,
    width: f64,
    /// True while a search matches other rows only.
    dim: bool,
}

/// The parts of the page's state that rows are drawn from.
struct Drawn<'a> {
    sessions: &'a [Listed],
    window: &'a Axis,
    /// The visible part of the window.
    seen: (f64, f64),
    width: f64,
    scenery: &'a ArcEq<Scenery>,
    found: Option<&'a WorkMatches>,
    selected: Option<PeriodId>,
    context: PeriodContext,
}

/// Distance in pixels after which a row is drawn again while the view is panned.
const STRIDE: f64 = 64.0;

/// The parts of the page's state that all rows share.
#[derive(Clone, Copy)]
pub struct Shared {
    scenery: Memo<ArcEq<Scenery>>,
    /// The left edge of the view in the window, in strides, and the width of the view.
    seen: Memo<(f64, f64)>,
}

impl Shared {
    /// Follows the page's state.
    pub fn of(work: WorkView) -> Self {
        let scenery = Memo::new(move |_| {
            let now = work.now.get().unix();
            let scenery = work.axis.window.with(|window| window.as_ref().map(|window| Scenery::of(window, now)));
            ArcEq(Arc::new(scenery.unwrap_or_default()))
        });
        let seen = Memo::new(move |_| {
            let width = work.axis.view.with(|view| view.as_ref().map_or(0.0, |view| view.width));
            ((work.axis.seen_at().unwrap_or_default() / STRIDE).floor() * STRIDE, width)
        });
        Self { scenery, seen }
    }
}

/// Returns the rows of a range; reactive.
pub fn rows(work: WorkView, shared: Shared, range: Range<usize>) -> Vec<WorkRow> {
    let Some(window) = work.axis.window.get() else { return Vec::new() };
    let (from, width) = shared.seen.get();
    let (sessions, overview, found) = (work.sessions.get(), work.overview.get(), work.found.get());
    let drawn = Drawn {
        sessions: &sessions,
        window: &window,
        seen: (from, from + STRIDE + width),
        width,
        scenery: &shared.scenery.get(),
        found: found.as_deref(),
        selected: work.selected.get(),
        context: work.context(),
    };
    let of = overview.rows.len();
    range.filter_map(|at| drawn.row(at, of, overview.rows.get(at)?)).collect()
}

impl Drawn<'_> {
    fn row(&self, index: usize, of: usize, row: &OverviewRow) -> Option<WorkRow> {
        match row {
            OverviewRow::Session(at) => self.session(index, of, *at),
            OverviewRow::Lane { group, lane, spans } => self.lane(index, of, (*group, *lane), spans),
        }
    }

    fn session(&self, index: usize, of: usize, at: usize) -> Option<WorkRow> {
        let session = self.sessions.get(at)?;
        let summary = session.summary();
        let mut all: Vec<Span> = Vec::new();
        each_period(session, &self.context, &mut |period| all.push(Span::of(at, &period)));
        let order = crate::order::ascending(all.iter().map(|span| (span.from, span.to)));
        let all: Vec<Span> = order.into_iter().map(|at| all[at]).collect();
        let note = format!("{}, {}", state_label(summary), count(all.len(), "attempt", "attempts"));
        let mut row = WorkRow {
            glyph: Some(Glyph::of_list_state(&summary.state)),
            state: state_name(summary).to_lowercase(),
            title: session_title(summary),
            note,
            ..self.empty(index, of, session, session.key().to_owned())
        };
        let labels = |_: &Listed, period: &Period<'_>| {
            let name = match period.stage {
                Some(stage) => stage.name(),
                None => period.who,
            };
            let number = period.attempt.filter(|_| period.numbered).map(|attempt| format!(" #{attempt}"));
            let number = number.unwrap_or_default();
            let length = duration(period.to - period.from);
            vec![format!("{name}{number} \u{b7} {length}"), format!("{name}{number}"), number.trim().to_owned()]
        };
        self.draw(&mut row, &all, labels);
        if let Some(digest) = session.digest() {
            let waits = digest.timeline.waits.iter().filter_map(|wait| {
                let to = wait.to.map_or_else(|| self.context.now.unix(), callboard_core::Timestamp::unix);
                let (from, end) = (self.window.x(wait.from.unix()), self.window.x(to));
                let is_seen = end >= 0.0 && from <= self.window.width && end - from >= 3.0;
                let x = self.window.x_near(wait.from.unix());
                is_seen.then(|| (x, self.window.x_near(to) - x))
            });
            row.waits = waits.collect();
        }
        Some(row)
    }

    fn lane(&self, index: usize, of: usize, (group, lane): (usize, usize), spans: &[Span]) -> Option<WorkRow> {
        // The row leads to the session that was worked on last.
        let session = self.sessions.get(spans.last()?.id.session)?;
        let name = group_name(group);
        let mut row = WorkRow {
            title: if lane == 0 { name.to_owned() } else { format!("Lane {}", lane + 1) },
            note: format!("{name}, lane {}, latest {}", lane + 1, session_label(session.summary())),
            ..self.empty(index, of, session, format!("{name}\n{lane}"))
        };
        let labels = |session: &Listed, period: &Period<'_>| {
            let summary = session.summary();
            let number = period.attempt.filter(|_| period.numbered).map(|attempt| format!(" #{attempt}"));
            let number = number.unwrap_or_default();
            vec![format!("{}{number}", session_title(summary)), format!("{}{number}", session_label(summary))]
        };
        self.draw(&mut row, spans, labels);
        Some(row)
    }

    fn empty(&self, index: usize, of: usize, session: &Listed, id: String) -> WorkRow {
        WorkRow {
            index,
            of,
            key: session.key().to_owned(),
            id,
            href: Route::of(session).href(),
            title: String::new(),
            note: String::new(),
            glyph: None,
            state: String::new(),
            bars: Vec::new(),
            waits: Vec::new(),
            scenery: self.scenery.clone(),
            selected: None,
            beyond: None,
            width: self.width,
            dim: false,
        }
    }

    /// Draws the periods of a row.
    fn draw(&self, row: &mut WorkRow, spans: &[Span], labels: impl Fn(&Listed, &Period<'_>) -> Vec<String>) {
        let mut layout = RowLayout::new(self.window);
        row.dim = self.found.is_some();
        for span in spans {
            let dim = self.found.is_some_and(|found| !found.has(span.id));
            row.dim &= dim;
            if self.selected == Some(span.id) {
                let x = self.window.x_near(span.from);
                row.selected = Some((x, (self.window.x_near(span.to) - x).max(3.0)));
            }
            layout.add(span, dim);
        }
        row.bars = layout.bars(|id| {
            let mut found = Vec::new();
            if let Some(session) = self.sessions.get(id.session) {
                each_period(session, &self.context, &mut |period| {
                    if period.index == id.period {
                        found = labels(session, &period);
                    }
                });
            }
            found
        });
        let first = spans.first().map(|span| span.from);
        let last = spans.iter().map(|span| span.to).max();
        row.beyond = first.zip(last).and_then(|extent| beyond(extent, self.window, self.seen));
    }
}

impl Row for WorkRow {
    const TEMPLATE: Node<Self> = node!("li" ("class" = "virtual-row")
        [
            Attribute("aria-setsize", |row| Some(row.of.to_string().into())),
            Attribute("aria-posinset", |row| Some((row.index + 1).to_string().into())),
        ]
        {
            node!("div"
                [
                    Attribute("class", |row| Some(if row.dim { "work-row work-row-dim" } else { "work-row" }.into())),
                    Attribute("data-row", |row| Some(row.index.to_string().into())),
                ]
                {
                    node!("a" ("class" = "row-link work-head", "draggable" = "false")
                        [
                            Attribute("href", |row| Some(row.href.as_str().into())),
                            Attribute("data-session", |row| Some(row.key.as_str().into())),
                            Attribute("data-state", |row| Some(row.state.as_str().into())),
                        ]
                        {
                            icon_node!(|row| row.glyph.map(|glyph| glyph.path().into())),
                            node!("bdi" ("class" = "work-title", "data-cut" = "title") [Text(|row| row.title.as_str().into())]),
                            node!("span" ("class" = "sr-only") [Text(|row| format!(", {}", row.note).into())]),
                        }
                    ),
                    node!("svg" ("class" = "work-track timeline-svg", "aria-hidden" = "true") [Content(drawing)]),
                }
            ),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        self.id.as_str().into()
    }
}

fn drawing(row: &WorkRow) -> AnyView {
    let scenery = row.scenery.clone();
    let breaks = scenery.breaks.iter().map(|(x, width)| {
        view! { <rect class="break-body" x=*x y="0" width=*width height="120"></rect> }
    });
    let waits = row.waits.iter().map(|(x, width)| {
        view! { <line class="wait-line" x1=*x x2=x + width y1=MIDDLE y2=MIDDLE></line> }
    });
    let frame = row.selected.map(|(x, width)| {
        view! { <rect class="bar-chosen" x=x - 2.0 y=TOP - 2.0 width=width + 4.0 height=BAR + 4.0 rx="5"></rect> }
    });
    let now = scenery.now.map(|x| view! { <line class="work-now" x1=x x2=x y1="0" y2="120"></line> });
    let beyond = row.beyond.map(|side| {
        let (x, mark) = match side {
            Beyond::Earlier => (10.0, "\u{2039}"),
            Beyond::Later => (row.width - 10.0, "\u{203a}"),
        };
        view! {
            <g class="work-beyond" data-beyond=row.index>
                <rect x=x - 10.0 y="4" width="20" height="24" rx="4"></rect>
                <text x=x y="21" text-anchor="middle">{mark}</text>
            </g>
        }
    });
    view! {
        <g class="work-moved">
            <path class="tick" d=scenery.ticks.clone()></path>
            <path class="tick tick-band" d=scenery.days.clone()></path>
            {breaks.collect_view()}
            {waits.collect_view()}
            {row.bars.iter().map(bar).collect_view()}
            {frame}
            {now}
        </g>
        {beyond}
    }
    .into_any()
}

fn bar(bar: &WorkBar) -> impl IntoView + use<> {
    let (x, end) = (bar.x, bar.x + bar.width);
    let overdue = bar.overdue.map(|from| {
        let from = from.max(x);
        view! {
            <rect class="overdue" x=from y=TOP width=(end - from).max(1.0) height=BAR fill="url(#overdue)"></rect>
            <line class="work-due" x1=from x2=from y1=TOP - 2.0 y2=TOP + BAR + 2.0></line>
        }
    });
    let mark = match bar.end {
        EndMark::Nothing => None,
        EndMark::Failed => Some(format!("M{:.1} {} l6 6 m0 -6 l-6 6", end - 3.0, MIDDLE - 3.0)),
        EndMark::SentBack => Some(format!("M{:.1} {MIDDLE} h-7 m3.5 -3.5 l-3.5 3.5 l3.5 3.5", end + 3.0)),
    };
    let mark = mark.map(|path| {
        view! {
            <circle class="work-end-ground" cx=end cy=MIDDLE r="6.5"></circle>
            <path class="work-end" d=path></path>
        }
    });
    let label = bar.label.clone().map(|label| {
        view! { <text class="bar-label" x=x + 7.0 y=MIDDLE + 4.0>{label}</text> }
    });
    view! {
        <g
            class=bar_class(bar.derived, bar.dim)
            data-state=if bar.skipped { "skipped" } else { bar.colour }
            data-listed=bar.id.session
            data-period=bar.id.period
            data-count=bar.count
        >
            <rect class="bar-body" x=x y=TOP width=bar.width height=BAR rx="3"></rect>
            <rect class="bar-edge" x=x y=TOP width="3" height=BAR rx="1.5"></rect>
            {overdue}
            {label}
            {mark}
        </g>
    }
}
