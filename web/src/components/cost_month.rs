//! Costs of the current month: spent, expected, the budget, and the price of retries.
use super::labelled_value::LabelledValue;
use super::meters::Meter;
use super::time::{format_time, offset_minutes};
use crate::format::{UNKNOWN, count, money, session_title};
use crate::platform::intl::Style;
use crate::route::Route;
use crate::store::preferences::monthly_budget;
use crate::store::session_rows::SessionRows;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Money, MonthCosts, Policy, Stage, Timestamp, TypicalCosts};
use callboard_workspace::Listed;
use leptos::prelude::*;

/// Maximum number of sessions named that are expected to exceed their budget.
const NAMED: usize = 3;

/// A session that is expected to exceed its budget.
#[derive(Clone, Debug, PartialEq)]
struct Excess {
    title: String,
    href: String,
    expected: Money,
    budget: Money,
}

/// The figures of the panel.
#[derive(Clone, Debug, PartialEq)]
struct Forecast {
    month: MonthCosts,
    typical: TypicalCosts,
    excess: Vec<Excess>,
}

impl Forecast {
    fn of(rows: &SessionRows, typical: TypicalCosts, now: Timestamp, policy: &Policy) -> Self {
        let (own, foreign) = (rows.iter().filter_map(Listed::digest), rows.iter().filter_map(Listed::foreign));
        let excess = |row: &Listed| {
            let (expected, budget) = row.digest()?.expected_over_budget(&typical, now, policy)?;
            Some(Excess { title: session_title(row.summary()), href: Route::of(row).href(), expected, budget })
        };
        Self {
            month: MonthCosts::of(own, foreign, now, &offset_minutes, &typical, policy),
            typical,
            excess: rows.iter().rev().filter_map(excess).take(NAMED).collect(),
        }
    }

    /// Returns the sentence about the typical costs, with the number of sessions that each is a median of.
    fn typical_words(&self) -> String {
        let of = |stage: Stage| {
            let n = self.typical.n[stage.index()];
            let source = if self.typical.is_median(stage) { format!("n {n}") } else { "budget share".to_owned() };
            format!("{} {} ({source})", stage.name(), self.typical.stage(stage).usd())
        };
        format!("Median cost: {}", Stage::ALL.map(of).join(" \u{b7} "))
    }
}

/// The panel.
#[component]
pub fn CostMonth(
    /// All sessions.
    rows: Signal<SessionRows>,
) -> impl IntoView {
    let workspace = use_workspace();
    let forecast = Memo::new(move |_| {
        let now = workspace.clock.half_minute.get();
        rows.with(|rows| Forecast::of(rows, workspace.typical_costs.get(), now, &policy()))
    });
    let budget = Memo::new(move |_| monthly_budget());
    let name = move || format_time(forecast.with(|forecast| forecast.month.until.plus(-1)), Style::Month);
    view! {
        <section class="panel cost-month" aria-labelledby="cost-month-title">
            <div class="panel-head">
                <h2 id="cost-month-title">"Cost this month"</h2>
                <span class="spacer"></span>
                <span class="muted">{name}</span>
            </div>
            <div class="panel-body">{move || forecast.with(|forecast| figures(forecast, budget.get()))}</div>
        </section>
    }
}

fn figures(forecast: &Forecast, budget: Option<Money>) -> impl IntoView + use<> {
    let month = &forecast.month;
    let expected = month.expected();
    let last_day = format_time(month.until.plus(-1), Style::Day);
    let is_over = budget.is_some_and(|budget| expected > budget);
    let scale = budget.unwrap_or(expected).max(expected).dollars();
    let part = |amount: Money| if scale > 0.0 { amount.dollars() / scale } else { 0.0 };
    let colour = if is_over { "failed" } else { "pending" };
    let meter = budget.map(|budget| {
        view! { <Meter part=Some(part(month.spent)) mark=Some(part(budget)) state=colour/> }
    });
    let budget_value = match budget {
        Some(budget) => {
            let left = Money::from_micros(budget.micros() - expected.micros());
            let left = if is_over {
                format!("exceeded by {}", Money::from_micros(-left.micros()).usd())
            } else {
                format!("{} left", left.usd())
            };
            view! { {budget.usd()} " " <span class="cost-note">{left}</span> }.into_any()
        }
        None => view! {
            <span class="muted" data-tip="No monthly budget is set." tabindex="0">{UNKNOWN}</span>
            " "
            " "
            <a class="cost-note" href=Route::Settings.href()>"Set in Settings"</a>
        }
        .into_any(),
    };
    let undated = (month.undated > 0).then(|| format!(", {} without a date", month.undated));
    let spent_note = format!("{}{}", count(month.sessions, "session", "sessions"), undated.unwrap_or_default());
    let later = if month.later > 0 { format!(", {} finish after this month", month.later) } else { String::new() };
    let failed =
        (month.left_out > 0).then(|| format!(" \u{b7} unknown for {}", count(month.left_out, "session", "sessions")));
    let in_flight = format!("{} in progress{later}{}", month.in_flight, failed.unwrap_or_default());
    let excess = (month.over_budget > 0).then(|| excess(forecast));
    let (spent, expected_words, retries, typical) =
        (month.spent.usd(), expected.usd(), retries(month), forecast.typical_words());
    let expected_note = format!("by {last_day} \u{b7} {in_flight}");
    view! {
        {meter}
        <dl class="facts">
            <LabelledValue name="Spent">
                {spent} " " <span class="cost-note">{spent_note}</span>
            </LabelledValue>
            <LabelledValue name="Expected">
                {expected_words} " " <span class="cost-note">{expected_note}</span>
            </LabelledValue>
            <LabelledValue name="Budget">{budget_value}</LabelledValue>
            <LabelledValue name="Retries">{retries}</LabelledValue>
        </dl>
        {excess}
        <p class="cost-note">{typical}</p>
    }
}

/// Returns what attempts after the first one spent, or the reason why it is unknown.
fn retries(month: &MonthCosts) -> AnyView {
    let unknown = format!("unknown for {}", count(month.repeats_unknown, "session", "sessions"));
    if month.repeats == Money::ZERO && month.repeats_unknown > 0 {
        let why = format!("Cost per attempt {unknown}: not in the history.");
        return view! { <span class="muted" data-tip=why.clone() tabindex="0">{UNKNOWN}</span> " " <span class="cost-note">{unknown}</span> }
            .into_any();
    }
    let unknown = (month.repeats_unknown > 0).then(|| format!(", {unknown}"));
    let note = format!("attempts after the first{}", unknown.unwrap_or_default());
    view! { {month.repeats.usd()} " " <span class="cost-note">{note}</span> }.into_any()
}

/// Returns the sessions that are expected to exceed their budget.
fn excess(forecast: &Forecast) -> impl IntoView + use<> {
    let all = forecast.month.over_budget;
    let rows = forecast.excess.iter().cloned().map(|row| {
        view! {
            <li>
                <a href=row.href><bdi>{row.title}</bdi></a>
                <span class="num">{money(Some(row.expected))} " of " {money(Some(row.budget))}</span>
            </li>
        }
    });
    let more = (all > NAMED).then(|| view! { <li class="muted">{format!("and {} more", all - NAMED)}</li> });
    view! {
        <h3 class="cost-excess-title">{format!("{} expected over budget", count(all, "session", "sessions"))}</h3>
        <ul class="cost-excess">{rows.collect_view()} {more}</ul>
    }
}
