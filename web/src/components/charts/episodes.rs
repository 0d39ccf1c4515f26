//! Every episode as a cell coloured by its state: one path a state, from one cell to ten thousand.
use super::pen::Pen;
use super::plot::Plot;
use super::scale::Cells;
use super::{ChartPanel, Table};
use crate::components::icon::{Glyph, Icon};
use crate::figures::series::{STATES, by_episode};
use crate::figures::{Row, Rows};
use crate::format::{count as counted, money};
use crate::platform::dom;
use crate::platform::width::width_of;
use crate::route::Route;
use callboard_core::State;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// How high the grid grows before its cells become smaller.
const HEIGHT: f64 = 336.0;

#[derive(Clone, Debug)]
struct Series {
    rows: Arc<Vec<Arc<Row>>>,
    counts: [usize; 9],
}

impl PartialEq for Series {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
    }
}

/// The grid of all episodes.
#[component]
pub fn EpisodeGrid(
    /// Every session.
    rows: Signal<Rows>,
) -> impl IntoView {
    let series = Memo::new(move |_| {
        let (sorted, counts) = rows.with(|rows| by_episode(rows));
        Series { rows: Arc::new(sorted), counts }
    });
    let count = Signal::derive(move || series.with(|series| series.rows.len()));
    let at = RwSignal::new(None);
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 400.0);
    let cells = Memo::new(move |_| Cells::fit(count.get(), width.get(), HEIGHT));
    let readout = Signal::derive(move || {
        series.with(|series| match at.get().and_then(|at: usize| series.rows.get(at)) {
            Some(row) => says(row),
            None => {
                let number = series.rows.len();
                format!("{}, by episode.", counted(number, "session", "sessions"))
            }
        })
    });
    let cursor = move || {
        let (at, cells) = (at.get().filter(|at| *at < count.get())?, cells.get());
        let (x, y) = cells.corner(at);
        let size = cells.pitch;
        let place = |corner: u32| f64::from(corner) - 1.5;
        let size = f64::from(size) + 2.0;
        Some(view! { <rect class="cursor-cell" x=place(x) y=place(y) width=size height=size rx="2"></rect> })
    };
    let locate = Callback::new(move |(x, y)| cells.get_untracked().locate(x, y, count.get_untracked()));
    let on_open = Callback::new(move |at: usize| {
        if let Some(row) = series.with_untracked(|series| series.rows.get(at).cloned()) {
            dom::go(&Route::Session(row.id.clone()).href());
        }
    });
    view! {
        <ChartPanel
            title="Every episode"
            name="episodes"
            readout
            empty=Signal::derive(move || (count.get() == 0).then_some("No session is loaded."))
            table=Signal::derive(move || series.with(|series| table(&series.counts)))
            keys=move || series.with(|series| keys(&series.counts))
        >
            <Plot
                label="Every episode by state"
                count
                columns=Signal::derive(move || cells.get().columns)
                at
                words=readout
                locate
                on_open
            >
                <div node_ref=node class="plot-inner">
                    <svg width=move || width.get() height=move || cells.get().height() aria-hidden="true">
                        {move || series.with(|series| picture(&series.rows, cells.get()))}
                        {cursor}
                    </svg>
                </div>
            </Plot>
        </ChartPanel>
    }
}

fn says(row: &Row) -> String {
    let costs = row.digest.costs();
    format!("{} \u{b7} {} \u{b7} {} of {}", row.title(), row.state(), money(costs.total), money(costs.budget))
}

/// Each state that there is, with how many: each leads to the list of them.
fn keys(counts: &[usize; 9]) -> impl IntoView + use<> {
    let there = STATES.into_iter().zip(*counts).filter(|(_, count)| *count > 0);
    let keys = there.map(|(name, count)| {
        let glyph = State::ALL.into_iter().find(|state| state.name() == name).map_or(Glyph::Warning, Glyph::of_state);
        let state = name.to_lowercase();
        let href = Route::sessions_where("state", &state);
        view! {
            <a class="chart-key state" data-state=state href=href>
                <Icon glyph/>
                <span class="state-word">{name}</span>
                <span class="chart-key-number">{count}</span>
            </a>
        }
    });
    keys.collect_view()
}

fn table(counts: &[usize; 9]) -> Table {
    let rows = STATES.into_iter().zip(counts).map(|(name, count)| vec![name.to_owned(), count.to_string()]);
    Table { head: vec!["State", "Sessions"], rows: rows.collect() }
}

fn picture(rows: &[Arc<Row>], cells: Cells) -> impl IntoView + use<> {
    let mut pens: [Pen; 9] = Default::default();
    let gap = if cells.pitch >= 12 { 2.0 } else { 1.0 };
    let size = f64::from(cells.pitch) - gap;
    for (at, row) in rows.iter().enumerate() {
        let state = row.state();
        let (x, y) = cells.corner(at);
        if let Some(pen) = STATES.iter().position(|name| *name == state).and_then(|at| pens.get_mut(at)) {
            pen.rect(f64::from(x), f64::from(y), size, size);
        }
    }
    let paths = STATES.into_iter().zip(pens).map(|(name, pen)| {
        view! { <path class="chart-cell" data-state=name.to_lowercase() d=pen.data()></path> }
    });
    paths.collect_view()
}
