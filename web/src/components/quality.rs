//! Scores against the gates, costs against shares and budget.
use super::meters::Meter;
use crate::format::{UNKNOWN, money, score, title_case};
use crate::store::entry::Entry;
use crate::store::workspace::{Same, policy};
use callboard_core::{GateStanding, Money, Session, Stage};
use leptos::prelude::*;

/// The tab of figures.
#[component]
pub fn QualityAndCost(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    view! {
        <div class="two-columns">
            {gates(entry.session())}
            {costs(entry.session())}
        </div>
    }
}

fn gates(session: &Session) -> impl IntoView + use<> {
    let rows = session.gates(&policy()).map(|gate| gate_row(&gate));
    let unknown = session.gates(&policy()).iter().any(|gate| gate.met.is_none());
    let quality = session.quality();
    let metrics = [("Research quality", quality.research_quality), ("Script quality", quality.script_quality)];
    let metrics = metrics.map(|(name, known)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td><Meter part=known state="initialized"/></td>
                <td class="num">{known_or(score(known), known.is_none(), "The file holds no such score yet.")}</td>
                <td class="num muted">{UNKNOWN}</td>
                <td class="muted nowrap" title="This score is recorded, and no gate of its own asks for it.">"no gate"</td>
            </tr>
        }
    });
    view! {
        <section aria-labelledby="gates-title">
            <h3 id="gates-title" class="section-title">"Quality against the gates"</h3>
            <div class="scroll-x">
                <table class="plain figures">
                    <thead>
                        <tr>
                            <th scope="col">"Gate"</th>
                            <th scope="col" class="figures-bar"><span class="sr-only">"As a bar"</span></th>
                            <th scope="col" class="num">"Score"</th>
                            <th scope="col" class="num">"Needs"</th>
                            <th scope="col">"Verdict"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().collect_view()}{metrics.into_iter().collect_view()}</tbody>
                </table>
            </div>
            {unknown.then(|| view! {
                <p class="why muted">"Unknown: the file holds no score of that gate, which is not a score of 0."</p>
            })}
        </section>
    }
}

fn known_or(text: String, unknown: bool, why: &'static str) -> impl IntoView {
    view! { <span title=unknown.then_some(why)>{text}</span> }
}

fn gate_row(gate: &GateStanding) -> impl IntoView + use<> {
    let (state, verdict, why) = match gate.met {
        Some(true) => ("complete", "passes", ""),
        Some(false) => ("failed", "below", "The score is below the gate's threshold."),
        None => ("initialized", "unknown", "The file holds no score of this gate."),
    };
    view! {
        <tr>
            <th scope="row">{title_case(gate.gate)}</th>
            <td><Meter part=gate.score mark=gate.threshold state/></td>
            <td class="num">{known_or(score(gate.score), gate.score.is_none(), "The file holds no score of this gate.")}</td>
            <td class="num">{score(Some(gate.threshold))}</td>
            <td>
                <span class="state" data-state=state title=why>
                    <span class="state-word">{verdict}</span>
                </span>
            </td>
        </tr>
    }
}

#[allow(clippy::cast_precision_loss)]
fn part(cost: Option<Money>, of: Option<Money>) -> Option<f64> {
    let (cost, of) = (cost?, of.filter(|of| *of > Money::ZERO)?);
    Some(cost.micros() as f64 / of.micros() as f64)
}

fn costs(session: &Session) -> impl IntoView + use<> {
    let policy = policy();
    let costs = session.costs();
    let rows = Stage::ALL.map(|stage| {
        let (cost, share) = (costs.stages[stage.index()], policy.share(stage));
        let over = costs.over_share(stage, &policy);
        row(title_case(stage.name()), cost, Some(share), over, "The file states no cost of this stage.")
    });
    let over = costs.within_budget.map(|within| !within);
    let total = row("Total".to_owned(), costs.total, costs.budget, over, "The file states no cost.");
    view! {
        <section aria-labelledby="costs-title">
            <h3 id="costs-title" class="section-title">"Cost against share and budget"</h3>
            <div class="scroll-x">
                <table class="plain figures">
                    <thead>
                        <tr>
                            <th scope="col">"Stage"</th>
                            <th scope="col" class="figures-bar"><span class="sr-only">"As a bar"</span></th>
                            <th scope="col" class="num">"Cost"</th>
                            <th scope="col" class="num">"Share"</th>
                            <th scope="col">"Verdict"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().collect_view()}</tbody>
                    <tfoot>{total}</tfoot>
                </table>
            </div>
            {(!costs.total_matches).then(|| view! {
                <p class="warning">"The stated total is not the sum of the stages; it is kept as it stands."</p>
            })}
        </section>
    }
}

fn row(
    name: String,
    cost: Option<Money>,
    of: Option<Money>,
    over: Option<bool>,
    missing: &'static str,
) -> impl IntoView {
    let (state, verdict) = match over {
        Some(true) => ("failed", "over"),
        Some(false) => ("complete", "within"),
        None => ("initialized", "unknown"),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td><Meter part=part(cost, of) state/></td>
            <td class="num">{known_or(money(cost), cost.is_none(), missing)}</td>
            <td class="num">{money(of)}</td>
            <td>
                <span class="state" data-state=state>
                    <span class="state-word">{verdict}</span>
                </span>
            </td>
        </tr>
    }
}
