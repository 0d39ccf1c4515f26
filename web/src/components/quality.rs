//! Scores against the gates, costs against shares and budget.
use super::facts::Known;
use super::meters::Meter;
use super::session_signals::SessionSignals;
use crate::format::{money, score, title_case};
use crate::store::workspace::policy;
use callboard_core::{GateResult, Money, Session, Stage};
use leptos::prelude::*;

/// The tab of figures.
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

/// A table of figures against limits: what it is of, the figure, the limit, and what follows.
#[component]
fn Figures(
    /// What the rows are of, what the figure and the limit are called.
    what: [&'static str; 3],
    /// The rows.
    children: Children,
) -> impl IntoView {
    let [of, figure, limit] = what;
    view! {
        <div class="scroll-x">
            <table class="plain limits-table">
                <thead>
                    <tr>
                        <th scope="col">{of}</th>
                        <th scope="col" class="limits-bar"><span class="sr-only">"As a bar"</span></th>
                        <th scope="col" class="num">{figure}</th>
                        <th scope="col" class="num">{limit}</th>
                        <th scope="col">"Verdict"</th>
                    </tr>
                </thead>
                {children()}
            </table>
        </div>
    }
}

/// A row of it.
struct Row<'a> {
    name: &'a str,
    part: Option<f64>,
    mark: Option<f64>,
    figure: Option<String>,
    /// Why the figure may be unknown.
    missing: &'static str,
    limit: Option<String>,
    /// Why there may be no limit.
    no_limit: &'static str,
    state: &'static str,
    verdict: &'static str,
    why: &'static str,
}

impl Row<'_> {
    fn view(self) -> impl IntoView + use<> {
        let Self { name, part, mark, figure, missing, limit, no_limit, state, verdict, why } = self;
        let name = title_case(name);
        let why = Some(why).filter(|why| !why.is_empty());
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td><Meter part mark state/></td>
                <td class="num"><Known value=figure missing/></td>
                <td class="num"><Known value=limit missing=no_limit/></td>
                <td>
                    <span class="state" data-state=state data-tip=why tabindex=why.map(|_| "0")>
                        <span class="state-word">{verdict}</span>
                    </span>
                </td>
            </tr>
        }
    }
}

fn gates(session: SessionSignals) -> impl IntoView {
    let standings = session.part(|session| session.gates(&policy()));
    // Each row changes with its own figures.
    let rows = [0, 1, 2, 3, 4].map(|at| {
        let standing = Memo::new(move |_| standings.with(|standings| standings[at]));
        move || gate_row(&standing.get())
    });
    let unknown = Memo::new(move |_| standings.with(|standings| standings.iter().any(|gate| gate.met.is_none())));
    let research = session.part(|session| session.quality().research_quality);
    let script = session.part(|session| session.quality().script_quality);
    let metrics = [("research_quality", research), ("script_quality", script)].map(|(name, known)| {
        move || {
            let known = known.get();
            let row = Row {
                name,
                part: known,
                mark: None,
                figure: known.map(|known| score(Some(known))),
                missing: "The file holds no such score yet.",
                limit: None,
                no_limit: "No gate asks for this score.",
                state: "initialized",
                verdict: "no gate",
                why: "This score is recorded, and no gate of its own asks for it.",
            };
            row.view()
        }
    });
    view! {
        <section aria-labelledby="gates-title">
            <h3 id="gates-title" class="section-title">"Quality against the gates"</h3>
            <Figures what=["Gate", "Score", "Needs"]>
                <tbody>{rows.into_iter().collect_view()}{metrics.into_iter().collect_view()}</tbody>
            </Figures>
            {move || unknown.get().then(|| view! {
                <p class="why muted">"Unknown: the file holds no score of that gate, which is not a score of 0."</p>
            })}
        </section>
    }
}

fn gate_row(gate: &GateResult) -> impl IntoView + use<> {
    let (state, verdict, why) = match gate.met {
        Some(true) => ("complete", "passes", ""),
        Some(false) => ("failed", "below", "The score is below the gate's threshold."),
        None => ("initialized", "unknown", "The file holds no score of this gate."),
    };
    let row = Row {
        name: gate.gate.name(),
        part: gate.score,
        mark: Some(gate.threshold),
        figure: gate.score.map(|known| score(Some(known))),
        missing: "The file holds no score of this gate.",
        limit: Some(score(Some(gate.threshold))),
        no_limit: "",
        state,
        verdict,
        why,
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
            cost_row(stage.name(), cost, Some(share), over, "The file states no cost of this stage.")
        }
    });
    let costs = session.part(Session::costs);
    let total = Memo::new(move |_| costs.with(|costs| (costs.total, costs.budget, costs.within_budget)));
    let total = move || {
        let (cost, budget, within) = total.get();
        cost_row("total", cost, budget, within.map(|within| !within), "The file states no cost.")
    };
    let matches = Memo::new(move |_| costs.with(|costs| costs.total_matches));
    view! {
        <section aria-labelledby="costs-title">
            <h3 id="costs-title" class="section-title">"Cost against share and budget"</h3>
            <Figures what=["Stage", "Cost", "Share"]>
                <tbody>{rows.into_iter().collect_view()}</tbody>
                <tfoot>{total}</tfoot>
            </Figures>
            {move || (!matches.get()).then(|| view! {
                <p class="warning">"The stated total is not the sum of the stages; it is kept as it stands."</p>
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
    let row = Row {
        name,
        part: part(cost, of),
        mark: None,
        figure: cost.map(|cost| money(Some(cost))),
        missing,
        limit: of.map(|of| money(Some(of))),
        no_limit: "The file states no budget.",
        state,
        verdict,
        why: "",
    };
    row.view()
}
