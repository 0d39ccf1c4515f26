//! How production stands, and what needs somebody now.
use super::welcome::Welcome;
use crate::components::charts::cost::CostChart;
use crate::components::charts::duration::DurationChart;
use crate::components::charts::episodes::EpisodeGrid;
use crate::components::charts::funnel::FunnelChart;
use crate::components::charts::quality::QualityChart;
use crate::components::charts::{Chart, Drawn};
use crate::components::headline::{Headline, Reading};
use crate::components::needs_you::NeedsYou;
use crate::figures::series::Range;
use crate::figures::{Rows, use_board};
use crate::store::workspace::{policy, use_workspace};
use leptos::prelude::*;

/// The dashboard, or the first visit's page while there is nothing to show.
#[component]
pub fn Dashboard() -> impl IntoView {
    let workspace = use_workspace();
    let empty = Memo::new(move |_| workspace.shelf.with(|shelf| shelf.is_empty()));
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
    let rows = board.rows.into();
    let range = RwSignal::new(Range::default());
    let total = Signal::derive(move || workspace.shelf.with(|shelf| shelf.len()));
    let known = Memo::new(move |_| !board.rows.with(|rows| rows.is_empty()));
    let many = Memo::new(move |_| board.rows.with(|rows| rows.len() > 20));
    let chart =
        move |draw: fn(&Rows, RwSignal<Range>) -> Drawn| Memo::new(move |_| board.rows.with(|rows| draw(rows, range)));
    let cost = chart(|rows, range| Drawn::new(CostChart::new(rows, range.get())));
    let quality = chart(|rows, range| Drawn::new(QualityChart::new(rows, range.get(), policy().thresholds)));
    let episodes = chart(|rows, _| Drawn::new(EpisodeGrid::new(rows)));
    let funnel = chart(|rows, _| Drawn::new(FunnelChart::new(rows)));
    let durations = chart(|rows, _| Drawn::new(DurationChart::new(rows, policy().typical_durations)));
    view! {
        <div class="page dashboard">
            <div class="page-head">
                <h1 tabindex="-1">"Dashboard"</h1>
                <Reading pending=board.pending of=total/>
            </div>
            {move || known.get().then(|| view! {
                <Headline rows/>
                <div class="board">
                    <div class="board-column">
                        <NeedsYou rows/>
                        <div class="charts-head">
                            <h2 class="section-title">"Trends"</h2>
                            {move || many.get().then(|| view! { <Ranges range/> })}
                        </div>
                        <Chart title="Cost per episode" name="cost" drawn=cost/>
                        <Chart title="Quality trend" name="quality" drawn=quality/>
                    </div>
                    <div class="board-column">
                        <Chart title="Every episode" name="episodes" drawn=episodes/>
                        <Chart title="Pipeline funnel" name="funnel" drawn=funnel/>
                        <Chart title="Duration by stage" name="duration" drawn=durations/>
                    </div>
                </div>
            })}
        </div>
    }
}

/// How much of the past the trends show.
#[component]
fn Ranges(
    /// The chosen range.
    range: RwSignal<Range>,
) -> impl IntoView {
    let choices = Range::ALL.map(|choice| {
        view! {
            <label class="segment segment-small">
                <input
                    type="radio"
                    name="range"
                    class="sr-only"
                    prop:checked=move || range.get() == choice
                    on:change=move |_| range.set(choice)
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
