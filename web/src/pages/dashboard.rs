//! How production stands, and what needs somebody now.
use super::dashboard_address::View;
use super::welcome::Welcome;
use crate::components::charts::cost::CostChart;
use crate::components::charts::duration::DurationChart;
use crate::components::charts::episodes::EpisodeGrid;
use crate::components::charts::funnel::FunnelChart;
use crate::components::charts::quality::QualityChart;
use crate::components::charts::{Chart, Drawn, Which};
use crate::components::headline::{Headline, Reading};
use crate::components::needs_you::NeedsYou;
use crate::figures::series::Range;
use crate::figures::{Rows, use_board};
use crate::platform::dom::{self, Address};
use crate::store::preferences::limits;
use crate::store::workspace::{policy, use_workspace};
use leptos::prelude::*;
use std::time::Duration;

/// The dashboard, or the first visit's page while there is nothing to show.
#[component]
pub fn Dashboard() -> impl IntoView {
    let workspace = use_workspace();
    let empty = Memo::new(move |_| workspace.sessions.with(|shelf| shelf.is_empty()));
    move || match (empty.get(), workspace.ready.get()) {
        (false, _) => view! { <Loaded/> }.into_any(),
        (true, true) => view! { <Welcome/> }.into_any(),
        (true, false) => ().into_any(),
    }
}

#[component]
fn Loaded() -> impl IntoView {
    let workspace = use_workspace();
    let board = use_board();
    let Address(address) = expect_context();
    let view = Memo::new(move |_| address.with(|address| View::parse(address)));
    let range = Memo::new(move |_| view.with(|view| view.range));
    let total = Signal::derive(move || workspace.sessions.with(|shelf| shelf.len()));
    let known = Memo::new(move |_| !board.rows.with(|rows| rows.is_empty()));
    let many = Memo::new(move |_| board.rows.with(|rows| rows.len() > 20));
    let chart = move |which, draw: fn(&Rows, Memo<Range>) -> Drawn| {
        in_turn(board.rows, move |rows| {
            let drawn = Memo::new(move |_| rows.with(|rows| draw(rows, range)));
            let as_table = Memo::new(move |_| view.with(|view| view.tables.contains(&which)));
            let turn = move || dom::go(&view.with_untracked(|view| view.turned(which).href()));
            view! { <Chart which drawn as_table turn/> }.into_any()
        })
    };
    let headline = in_turn(board.rows, |rows| view! { <Headline rows/> }.into_any());
    let needs_you = in_turn(board.rows, |rows| view! { <NeedsYou rows/> }.into_any());
    let cost = chart(Which::Cost, |rows, range| Drawn::new(CostChart::new(rows, range.get())));
    let quality =
        chart(Which::Quality, |rows, range| Drawn::new(QualityChart::new(rows, range.get(), policy().thresholds)));
    let episodes = chart(Which::Episodes, |rows, _| Drawn::new(EpisodeGrid::new(rows)));
    let funnel = chart(Which::Funnel, |rows, _| Drawn::new(FunnelChart::new(rows)));
    let durations = chart(Which::Duration, |rows, _| Drawn::new(DurationChart::new(rows, limits().typical_durations)));
    view! {
        <div class="page dashboard">
            <div class="page-head">
                <h1 tabindex="-1">"Dashboard"</h1>
                <Reading pending=board.pending of=total/>
            </div>
            {headline}
            <div class="board" hidden=move || !known.get()>
                <div class="board-column">
                    {needs_you}
                    <div class="charts-head">
                        <h2 class="section-title">"Trends"</h2>
                        {move || many.get().then(|| view! { <Ranges view/> })}
                    </div>
                    {cost}
                    {quality}
                </div>
                <div class="board-column">
                    {episodes}
                    {funnel}
                    {durations}
                </div>
            </div>
        </div>
    }
}

/// So many rows are worked out and drawn within a frame, all parts of the page together.
const FEW: usize = 500;

/// A part of the page that follows the rows in a task of its own: what many rows come to takes a while to
/// work out and to draw, and all parts at once would hold the page up.
fn in_turn(rows: RwSignal<Rows>, part: impl Fn(Signal<Rows>) -> AnyView + Send + 'static) -> impl IntoView {
    let own = RwSignal::new(Rows::default());
    let tell = move || {
        if let Some(now) = rows.try_get_untracked() {
            // The page may have been left in the meantime.
            drop(own.try_set(now));
        }
    };
    Effect::new(move |_| if rows.with(|rows| rows.len() <= FEW) { tell() } else { set_timeout(tell, Duration::ZERO) });
    let there = Memo::new(move |_| own.with(|rows| !rows.is_empty()));
    move || there.get().then(|| part(own.into()))
}

/// How much of the past the trends show.
#[component]
fn Ranges(
    /// How the page is looked at.
    view: Memo<View>,
) -> impl IntoView {
    // In the address: a link to a trend shows what whoever sent it has seen.
    let choose = move |range: Range| dom::go(&view.with_untracked(|view| View { range, ..view.clone() }.href()));
    let choices = Range::ALL.map(|choice| {
        view! {
            <label class="segment segment-small">
                <input
                    type="radio"
                    name="range"
                    class="sr-only"
                    prop:checked=move || view.with(|view| view.range == choice)
                    on:change=move |_| choose(choice)
                />
                <span>{choice.label()}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segments">
            <legend class="sr-only">"Sessions in the trends"</legend>
            {choices.into_iter().collect_view()}
        </fieldset>
    }
}
