//! The framework's six figures.
use super::time::{offset_at, zone_name};
use crate::format::{UNKNOWN, dollars, duration, score};
use crate::route::Route;
use crate::store::session_rows::SessionRows;
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
    let active = Route::sessions_where(
        "state",
        "initialized,researching,writing,evaluating,synthesizing,in_progress,failed,retry",
    );
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
    let left = &figures.left_out;
    [
        (figures.active.to_string(), with_left_out(format!("of {all} loaded"), left.active)),
        (figures.completed_today.to_string(), with_left_out(today.clone(), left.completed_today)),
        (figures.failed_today.to_string(), with_left_out(today, left.failed_today)),
        average(
            (figures.average_time, left.average_time),
            minutes,
            "created to completed",
            "no completed session has both times",
        ),
        average(
            (figures.average_cost, left.average_cost),
            dollars,
            "completed sessions",
            "no completed session has a cost",
        ),
        average(
            (figures.quality_average, left.quality_average),
            score,
            "overall, 0 to 1",
            "no episode has been evaluated",
        ),
    ]
}

fn minutes(minutes: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    duration((minutes * 60.0).round() as i64)
}

/// Formats a mean with its sample size, or the reason why it is unknown.
fn average((average, left_out): (Average, usize), say: fn(f64) -> String, over: &str, why: &str) -> (String, String) {
    match average.value {
        Some(value) => {
            // Sessions that are left out count: the mean says nothing of them.
            let of = if left_out == 0 { String::new() } else { format!(" of {}", average.n + left_out) };
            (say(value), format!("{over} \u{b7} n\u{a0}{}{of}", average.n))
        }
        None => (UNKNOWN.to_owned(), why.to_owned()),
    }
}

/// Adds the number of sessions of which a figure does not know what it counts.
fn with_left_out(caption: String, left_out: usize) -> String {
    if left_out == 0 { caption } else { format!("{caption} \u{b7} {left_out} not known") }
}
