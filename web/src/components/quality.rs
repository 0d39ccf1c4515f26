//! The tab of quality scores against gates, and costs against budgets.
use super::agents::PreviousAttempt;
use super::glossary::{Help, Term};
use super::labelled_value::ValueOrUnknown;
use super::meters::Meter;
use super::session_signals::SessionSignals;
use crate::format::{money, score, title_case};
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Agent, GateResult, Metric, Money, Session, Stage};
use leptos::prelude::*;

/// The tab.
#[component]
pub fn QualityAndCost(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    view! {
        <div class="two-columns">
            {gates(session)}
            {costs(session)}
        </div>
    }
}

/// A table of values against limits.
#[component]
fn LimitsTable(
    /// The headings of the name, the value and the limit.
    headings: [&'static str; 3],
    /// The rows.
    children: Children,
) -> impl IntoView {
    let [of, figure, limit] = headings;
    view! {
        <div class="scroll-x">
            <table class="plain limits-table">
                <thead>
                    <tr>
                        <th scope="col">{of}</th>
                        <th scope="col" class="limits-bar"><span class="sr-only">"Bar"</span></th>
                        <th scope="col" class="num">{figure}</th>
                        <th scope="col" class="num">{limit}</th>
                        <th scope="col">"Result"</th>
                    </tr>
                </thead>
                {children()}
            </table>
        </div>
    }
}

/// A row of the table.
struct LimitRow<'a> {
    name: &'a str,
    part: Option<f64>,
    mark: Option<f64>,
    figure: Option<String>,
    /// The reason why the value may be unknown.
    missing: &'static str,
    limit: Option<String>,
    /// The reason why there may be no limit.
    no_limit: &'static str,
    state: &'static str,
    verdict: &'static str,
    why: &'static str,
    /// True if the value is of the attempt before the current one.
    is_previous: bool,
}

impl LimitRow<'_> {
    fn view(self) -> impl IntoView + use<> {
        let Self { name, part, mark, figure, missing, limit, no_limit, state, verdict, why, is_previous } = self;
        let name = title_case(name);
        let why = Some(why).filter(|why| !why.is_empty());
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td><Meter part mark state/></td>
                <td class="num"><ValueOrUnknown value=figure missing/></td>
                <td class="num"><ValueOrUnknown value=limit missing=no_limit/></td>
                <td>
                    <span class="state" data-state=state data-tip=why tabindex=why.map(|_| "0")>
                        <span class="state-word">{verdict}</span>
                    </span>
                    {is_previous.then(|| view! { " "<PreviousAttempt/> })}
                </td>
            </tr>
        }
    }
}

fn gates(session: SessionSignals) -> impl IntoView {
    let results = session.part(|session| session.gates(&policy()));
    // Every gate is scored by the evaluation.
    let is_previous = session.part(|session| session.has_previous_results(Agent::QualityEvaluator));
    // Each row follows its own values.
    let rows = [0, 1, 2, 3, 4].map(|at| {
        let result = Memo::new(move |_| results.with(|results| results[at]));
        move || gate_row(&result.get(), is_previous.get())
    });
    let unknown = Memo::new(move |_| results.with(|results| results.iter().any(|gate| gate.met.is_none())));
    let research = session.part(|session| session.quality().research_quality);
    let script = session.part(|session| session.quality().script_quality);
    let metrics = [(Metric::ResearchQuality, research), (Metric::ScriptQuality, script)].map(|(metric, known)| {
        let is_previous = session.part(move |session| session.is_previous_metric(metric));
        move || {
            let known = known.get();
            let row = LimitRow {
                name: metric.name(),
                part: known,
                mark: None,
                figure: known.map(|known| score(Some(known))),
                missing: "No score in the file yet.",
                limit: None,
                no_limit: "No gate for this score.",
                state: "initialized",
                verdict: "no gate",
                why: "Recorded only: no gate checks this score.",
                is_previous: known.is_some() && is_previous.get(),
            };
            row.view()
        }
    });
    view! {
        <section aria-labelledby="gates-title">
            <div class="help-head"><h3 id="gates-title" class="section-title">"Quality gates"</h3><Help term=Term::Gate/></div>
            <LimitsTable headings=["Gate", "Score", "Needs"]>
                <tbody>{rows.into_iter().collect_view()}{metrics.into_iter().collect_view()}</tbody>
            </LimitsTable>
            {move || unknown.get().then(|| view! {
                <p class="why muted">"Unknown: the file has no score for this gate, which is not a score of 0."</p>
            })}
        </section>
    }
}

fn gate_row(gate: &GateResult, is_previous: bool) -> impl IntoView + use<> {
    let (state, verdict, why) = match gate.met {
        Some(true) => ("complete", "passes", ""),
        Some(false) => ("failed", "below", "The score is below the gate's threshold."),
        None => ("initialized", "unknown", "No score in the file."),
    };
    let row = LimitRow {
        name: gate.gate.name(),
        part: gate.score,
        mark: Some(gate.threshold),
        figure: gate.score.map(|known| score(Some(known))),
        missing: "No score in the file.",
        limit: Some(score(Some(gate.threshold))),
        no_limit: "",
        state,
        verdict,
        why,
        is_previous: is_previous && gate.score.is_some(),
    };
    row.view()
}

#[allow(clippy::cast_precision_loss)]
fn part(cost: Option<Money>, of: Option<Money>) -> Option<f64> {
    let (cost, of) = (cost?, of.filter(|of| *of > Money::ZERO)?);
    Some(cost.micros() as f64 / of.micros() as f64)
}

fn costs(session: SessionSignals) -> impl IntoView {
    let rows = Stage::ALL.map(|stage| {
        let figures = session.part(move |session| {
            let (costs, policy) = (session.costs(), policy());
            (costs.stages[stage.index()], policy.share(stage), costs.over_share(stage, &policy))
        });
        move || {
            let (cost, share, over) = figures.get();
            cost_row(stage.name(), cost, Some(share), over, "No cost in the file.")
        }
    });
    let workspace = use_workspace();
    let costs = session.part(Session::costs);
    let total = Memo::new(move |_| costs.with(|costs| (costs.total, costs.budget, costs.within_budget)));
    let total = move || {
        let (cost, budget, within) = total.get();
        cost_row("total", cost, budget, within.map(|within| !within), "No cost in the file.")
    };
    // A complete session has cost what it is expected to.
    let expected = session.entry_part(move |entry| {
        let digest = entry.digest();
        let expected = digest.expected_total(&workspace.typical_costs.get()).filter(|_| digest.is_active())?;
        Some((expected, digest.costs().budget))
    });
    let is_expected = Memo::new(move |_| expected.get().is_some());
    let expected = move || {
        expected.get().map(|(expected, budget)| {
            let over = budget.map(|budget| expected > budget);
            cost_row("expected total", Some(expected), budget, over, "")
        })
    };
    let matches = Memo::new(move |_| costs.with(|costs| costs.total_matches));
    view! {
        <section aria-labelledby="costs-title">
            <div class="help-head"><h3 id="costs-title" class="section-title">"Cost and budget"</h3><Help term=Term::BudgetShare/></div>
            <LimitsTable headings=["Stage", "Cost", "Share"]>
                <tbody>{rows.into_iter().collect_view()}</tbody>
                <tfoot>{total} {expected}</tfoot>
            </LimitsTable>
            {move || is_expected.get().then(|| view! {
                <p class="muted">"Expected total: the cost so far and the median cost of the stages left."</p>
            })}
            {move || (!matches.get()).then(|| view! {
                <p class="warning">"The total in the file differs from the sum of the stages. The total is kept."</p>
            })}
        </section>
    }
}

fn cost_row(
    name: &str,
    cost: Option<Money>,
    of: Option<Money>,
    over: Option<bool>,
    missing: &'static str,
) -> impl IntoView + use<> {
    let (state, verdict) = match over {
        Some(true) => ("failed", "over"),
        Some(false) => ("complete", "within"),
        None => ("initialized", "unknown"),
    };
    let row = LimitRow {
        name,
        part: part(cost, of),
        mark: None,
        figure: cost.map(|cost| money(Some(cost))),
        missing,
        limit: of.map(|of| money(Some(of))),
        no_limit: "No budget in the file.",
        state,
        verdict,
        why: "",
        is_previous: false,
    };
    row.view()
}
