//! The dashboard: figures, sessions that need attention, and charts.
use super::dashboard_address::DashboardView;
use super::welcome::Welcome;
use crate::components::button::{NewSession, ReportLink};
use crate::components::charts::chart_source::SharedChart;
use crate::components::charts::cost::CostChart;
use crate::components::charts::duration::DurationChart;
use crate::components::charts::episodes::EpisodeGrid;
use crate::components::charts::funnel::FunnelChart;
use crate::components::charts::quality::QualityChart;
use crate::components::charts::{Chart, ChartKind};
use crate::components::completions::NextCompletions;
use crate::components::cost_month::CostMonth;
use crate::components::headline::Headline;
use crate::components::needs_attention::NeedsAttention;
use crate::figures::series::Range;
use crate::figures::use_overview;
use crate::platform::dom::{self, Address};
use crate::store::preferences::limits;
use crate::store::session_rows::SessionRows;
use crate::store::workspace::{policy, use_workspace};
use leptos::prelude::*;
use std::time::Duration;

/// The dashboard, or the welcome page while no session is loaded.
#[component]
pub fn Dashboard() -> impl IntoView {
    let workspace = use_workspace();
    let empty = Memo::new(move |_| workspace.listed.with(|sessions| sessions.is_empty()));
    move || {
        // Once sessions are there, the page is not rendered again when the rest is.
        if !empty.get() {
            return view! { <Loaded/> }.into_any();
        }
        if workspace.is_ready() { view! { <Welcome/> }.into_any() } else { ().into_any() }
    }
}

#[component]
fn Loaded() -> impl IntoView {
    let overview = use_overview();
    let Address(address) = expect_context();
    let view = Memo::new(move |_| address.with(|address| DashboardView::parse(address)));
    let range = Memo::new(move |_| view.with(|view| view.range));
    let known = Memo::new(move |_| !overview.rows.with(|rows| rows.is_empty()));
    let many = Memo::new(move |_| overview.rows.with(|rows| rows.len() > 20));
    let chart = move |kind, draw: fn(&SessionRows, Memo<Range>) -> SharedChart| {
        in_own_task(overview.rows, move |rows| {
            let chart = Memo::new(move |_| rows.with(|rows| draw(rows, range)));
            let as_table = Memo::new(move |_| view.with(|view| view.tables.contains(&kind)));
            let toggle = move || dom::navigate(&view.with_untracked(|view| view.toggled(kind).href()));
            view! { <Chart kind chart as_table toggle/> }.into_any()
        })
    };
    let headline = in_own_task(overview.rows, |rows| view! { <Headline rows/> }.into_any());
    let completions = in_own_task(overview.rows, |rows| view! { <NextCompletions rows/> }.into_any());
    let cost_month = in_own_task(overview.rows, |rows| view! { <CostMonth rows/> }.into_any());
    let needs_attention = in_own_task(overview.rows, |rows| view! { <NeedsAttention rows/> }.into_any());
    let cost = chart(ChartKind::Cost, |rows, range| {
        let typical = use_workspace().typical_costs.get();
        SharedChart::new(CostChart::new(rows, range.get(), &typical))
    });
    let quality = chart(ChartKind::Quality, |rows, range| {
        SharedChart::new(QualityChart::new(rows, range.get(), policy().thresholds))
    });
    let episodes = chart(ChartKind::Episodes, |rows, _| SharedChart::new(EpisodeGrid::new(rows)));
    let funnel = chart(ChartKind::Funnel, |rows, _| SharedChart::new(FunnelChart::new(rows)));
    let durations =
        chart(ChartKind::Duration, |rows, _| SharedChart::new(DurationChart::new(rows, limits().typical_durations)));
    view! {
        <div class="page dashboard">
            <div class="page-head">
                <h1 tabindex="-1">"Dashboard"</h1>
                <span class="spacer"></span>
                <ReportLink/>
                <NewSession/>
            </div>
            {headline}
            <div class="board" hidden=move || !known.get()>
                <div class="board-column">
                    {needs_attention}
                    <div class="charts-head">
                        <h2 class="section-title">"Trends"</h2>
                        {move || many.get().then(|| view! { <Ranges view/> })}
                    </div>
                    {cost}
                    {quality}
                    {durations}
                </div>
                <div class="board-column">
                    {completions}
                    {cost_month}
                    {episodes}
                    {funnel}
                </div>
            </div>
        </div>
    }
}

/// Largest number of rows whose views are computed and rendered within a frame.
const FEW: usize = 500;

/// Renders a part of the page that follows the rows in a task of its own, as rendering all parts for many rows at
/// once would block the page.
fn in_own_task(
    rows: RwSignal<SessionRows>,
    part: impl Fn(Signal<SessionRows>) -> AnyView + Send + 'static,
) -> impl IntoView {
    let own = RwSignal::new(SessionRows::default());
    let update = move || {
        if let Some(now) = rows.try_get_untracked() {
            // The page may have been left meanwhile.
            drop(own.try_set(now));
        }
    };
    Effect::new(
        move |_| if rows.with(|rows| rows.len() <= FEW) { update() } else { set_timeout(update, Duration::ZERO) },
    );
    let there = Memo::new(move |_| own.with(|rows| !rows.is_empty()));
    move || there.get().then(|| part(own.into()))
}

/// The choice of the trends' range.
#[component]
fn Ranges(
    /// The parameters of the page's address.
    view: Memo<DashboardView>,
) -> impl IntoView {
    // Stored in the address, so that a link shows the same range.
    let choose =
        move |range: Range| dom::navigate(&view.with_untracked(|view| DashboardView { range, ..view.clone() }.href()));
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
