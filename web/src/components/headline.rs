//! The framework's six figures, each with what it counts.
use super::moment::{offset_at, zone_name};
use crate::figures::Rows;
use crate::format::{UNKNOWN, count, dollars, duration, score};
use crate::route::Route;
use crate::store::workspace::use_workspace;
use callboard_core::{Average, Figures};
use leptos::prelude::*;

/// Active, completed today, failed today; average time, cost and quality.
#[component]
pub fn Headline(
    /// Every session.
    rows: Signal<Rows>,
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

/// Each figure, and what it is of.
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

/// The mean with its n, or why there is none.
fn average(average: Average, say: fn(f64) -> String, over: &str, why: &str) -> (String, String) {
    match average.value {
        Some(value) => (say(value), format!("{over} \u{b7} n\u{a0}{}", average.n)),
        None => (UNKNOWN.to_owned(), why.to_owned()),
    }
}

/// How far the reading of many sessions has come.
#[component]
pub fn Reading(
    /// How many are still to be read.
    pending: RwSignal<usize>,
    /// How many there are.
    #[prop(into)]
    of: Signal<usize>,
) -> impl IntoView {
    move || {
        let (pending, of) = (pending.get(), of.get());
        (pending > 0 && of > 0).then(|| {
            let read = of.saturating_sub(pending);
            view! {
                <p class="reading-line">
                    <progress value=read.to_string() max=of.to_string() aria-label="Sessions read"></progress>
                    <span>{read} " of " {count(of, "session", "sessions")} " read"</span>
                </p>
            }
        })
    }
}
