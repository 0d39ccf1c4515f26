//! The framework's six figures, each with what it counts.
use crate::figures::Rows;
use crate::format::{UNKNOWN, count, dollars, duration, score};
use crate::platform::intl::{offset_at, zone};
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
    let figures = Memo::new(move |_| {
        let now = clock.half_minute.get();
        let offset = i32::try_from(offset_at(now) / 60).unwrap_or_default();
        rows.with(|rows| (rows.figures(now, offset), rows.len()))
    });
    let figure = move |read: fn(&Figures, usize) -> (String, String)| {
        Signal::derive(move || figures.with(|(figures, all)| read(figures, *all)))
    };
    let today = format!("since midnight, {}", zone());
    let today = move |_: ()| today.clone();
    let (completed, failed) = (today.clone(), today);
    view! {
        <dl class="figures">
            <Tile
                name="Active sessions"
                figure=figure(|figures, all| (figures.active.to_string(), format!("of {all} loaded")))
                href=Route::sessions_where("state", "initialized,researching,writing,evaluating,synthesizing,failed,retry")
            />
            <Tile
                name="Completed today"
                figure=Signal::derive(move || (figures.with(|(figures, _)| figures.completed_today.to_string()), completed(())))
            />
            <Tile
                name="Failed today"
                figure=Signal::derive(move || (figures.with(|(figures, _)| figures.failed_today.to_string()), failed(())))
            />
            <Tile
                name="Average time"
                figure=figure(|figures, _| {
                    average(figures.average_time, minutes, "created to completed", "no session has both times")
                })
            />
            <Tile
                name="Average cost"
                figure=figure(|figures, _| {
                    average(figures.average_cost, dollars, "completed sessions", "no completed session states a cost")
                })
            />
            <Tile
                name="Average quality"
                figure=figure(|figures, _| {
                    let said = |value| score(Some(value));
                    average(figures.quality_average, said, "overall, of 1", "no episode has been evaluated")
                })
            />
        </dl>
    }
}

fn minutes(minutes: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    duration((minutes * 60.0).round() as i64)
}

/// The mean with its n, or why there is none.
fn average(average: Average, say: fn(f64) -> String, over: &str, why: &str) -> (String, String) {
    match average.value {
        Some(value) => (say(value), format!("{over} \u{b7} n {}", average.n)),
        None => (UNKNOWN.to_owned(), why.to_owned()),
    }
}

#[component]
fn Tile(
    /// Its name.
    name: &'static str,
    /// The figure, and what it is of.
    figure: Signal<(String, String)>,
    /// Where the sessions are that it counts.
    #[prop(optional)]
    href: Option<String>,
) -> impl IntoView {
    let value = move || figure.with(|(value, _)| value.clone());
    let name = match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <div class="figure">
            <dt>{name}</dt>
            <dd class="figure-value" class:figure-unknown=move || figure.with(|(value, _)| value == UNKNOWN)>{value}</dd>
            <dd class="figure-of">{move || figure.with(|(_, of)| of.clone())}</dd>
        </div>
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
                <p class="reading">
                    <progress value=read.to_string() max=of.to_string() aria-label="Sessions read"></progress>
                    <span>{read} " of " {count(of, "session", "sessions")} " read"</span>
                </p>
            }
        })
    }
}
