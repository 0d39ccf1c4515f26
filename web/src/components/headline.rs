//! The framework's six figures.
use super::time::{offset_at, zone_name};
use crate::figures::SessionRows;
use crate::format::{UNKNOWN, dollars, duration, score};
use crate::route::Route;
use crate::store::workspace::use_workspace;
use callboard_core::{Average, Figures};
use leptos::prelude::*;

/// Sessions active, completed and failed today; average time, cost and quality.
#[component]
pub fn Headline(
    /// All sessions.
    rows: Signal<SessionRows>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let active = Route::sessions_where("state", "initialized,researching,writing,evaluating,synthesizing,failed,retry");
    let figures = Memo::new(move |_| {
        let now = clock.half_minute.get();
        let offset = i32::try_from(offset_at(now) / 60).unwrap_or_default();
        rows.with(|rows| tiles(&rows.figures(now, offset), rows.len()))
    });
    let tiles = NAMES.into_iter().enumerate().map(|(at, name)| {
        let value = move || figures.with(|figures| figures[at].0.clone());
        let of = move || figures.with(|figures| figures[at].1.clone());
        let name = if at == 0 { view! { <a href=active.clone()>{name}</a> }.into_any() } else { name.into_any() };
        view! {
            <div class="figure">
                <dt>{name}</dt>
                <dd class="figure-value" class:figure-unknown=move || value() == UNKNOWN>{value}</dd>
                <dd class="figure-of">{of}</dd>
            </div>
        }
    });
    view! { <dl class="figures">{tiles.collect_view()}</dl> }
}

const NAMES: [&str; 6] =
    ["Active sessions", "Completed today", "Failed today", "Average time", "Average cost", "Average quality"];

/// Returns each figure with its caption.
fn tiles(figures: &Figures, all: usize) -> [(String, String); 6] {
    let today = format!("since midnight, {}", zone_name());
    let score = |value| score(Some(value));
    [
        (figures.active.to_string(), format!("of {all} loaded")),
        (figures.completed_today.to_string(), today.clone()),
        (figures.failed_today.to_string(), today),
        average(figures.average_time, minutes, "created to completed", "no completed session has both times"),
        average(figures.average_cost, dollars, "completed sessions", "no completed session states a cost"),
        average(figures.quality_average, score, "overall, 0 to 1", "no episode has been evaluated"),
    ]
}

fn minutes(minutes: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    duration((minutes * 60.0).round() as i64)
}

/// Formats a mean with its sample size, or the reason why it is unknown.
fn average(average: Average, say: fn(f64) -> String, over: &str, why: &str) -> (String, String) {
    match average.value {
        Some(value) => (say(value), format!("{over} \u{b7} n\u{a0}{}", average.n)),
        None => (UNKNOWN.to_owned(), why.to_owned()),
    }
}
