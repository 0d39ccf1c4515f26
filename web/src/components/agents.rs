//! What each agent has done, a row an agent, so that the figures line up.
use super::facts::Known;
use super::moment::Ago;
use super::session_signals::SessionSignals;
use super::state_chip::StatusChip;
use crate::format::{duration, money, score};
use callboard_core::{AgentStatus, Stage, State};
use leptos::prelude::*;

/// The four agents in the order of the pipeline.
#[component]
pub fn Agents(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let rows = Stage::ALL.map(|stage| row(session, stage));
    view! {
        <section class="panel" aria-labelledby="agents-title">
            <div class="panel-head"><h2 id="agents-title">"Agents"</h2></div>
            <table class="agents">
                <thead>
                    <tr>
                        <th scope="col">"Stage, agent"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="num">"Quality"</th>
                        <th scope="col" class="num">"Stage cost"</th>
                        <th scope="col" class="num">"Took"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Output"</th>
                    </tr>
                </thead>
                {rows.into_iter().collect_view()}
            </table>
        </section>
    }
}

/// A row, of which each cell follows its own figure.
fn row(session: SessionSignals, stage: Stage) -> impl IntoView {
    let agent = stage.agent();
    let output = session.part(move |session| session.agent(agent));
    let is_current = session.part(move |session| session.stage() == Some(stage));
    let is_known = session.part(|session| session.state() != Ok(State::Unknown));
    let spent = session.part(move |session| session.costs().stages.get(stage.index()).copied().flatten());
    let status = Memo::new(move |_| is_known.get().then(|| output.with(|output| output.status)));
    let quality = Memo::new(move |_| output.with(|output| output.quality_score));
    let took = Memo::new(move |_| output.with(|output| output.execution_time));
    let started = Memo::new(move |_| output.with(|output| output.start_time));
    let path = Memo::new(move |_| output.with(|output| output.output_file.clone()));
    let error = Memo::new(move |_| output.with(|output| output.error.clone()));
    // What has not been done yet has no figures; where it has, the file leaves them out.
    let missing = move |unstated: &'static str| match status.get() {
        Some(AgentStatus::Pending) => "This agent has not started.",
        Some(AgentStatus::InProgress) => "This agent is still at work.",
        _ => unstated,
    };
    view! {
        <tbody class:agent-current=is_current>
            <tr>
                <th scope="row">
                    <span class="agent-stage">{crate::format::title_case(stage.name())}</span>
                    <span class="mono agent-name" translate="no">{agent.name()}</span>
                </th>
                <td data-label="Status">
                    {move || view! { <StatusChip status=status.get() running=stage.state()/> }}
                </td>
                <td class="num" data-label="Quality">
                    {move || view! {
                        <Known
                            value=quality.get().map(|quality| score(Some(quality)))
                            missing=missing("The file holds no score of this agent.")
                        />
                    }}
                </td>
                <td class="num" data-label="Stage cost">
                    {move || view! {
                        <Known
                            value=spent.get().map(|spent| money(Some(spent)))
                            missing="The file states no cost of this stage."
                        />
                    }}
                </td>
                <td class="num nowrap" data-label="Took">
                    {move || view! {
                        <Known
                            value=took.get().map(whole_seconds)
                            missing=missing("The file does not say how long it took.")
                        />
                    }}
                </td>
                <td class="nowrap" data-label="Started"><Ago moment=started/></td>
                <td data-label="Output">{move || output_file(path.get())}</td>
            </tr>
            {move || error.get().map(|error| view! {
                <tr class="agent-error">
                    <td colspan="7"><p class="error-text">{error}</p></td>
                </tr>
            })}
        </tbody>
    }
}

/// A path, its last part first in weight.
fn output_file(path: Option<String>) -> impl IntoView {
    let Some(path) = path else {
        return view! { <Known value=None missing="The file names no output."/> }.into_any();
    };
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name.to_owned()),
        None => (String::new(), path.clone()),
    };
    view! {
        <span class="path" title=path>
            <span class="path-name">{name}</span>
            <span class="path-folder">{folder}</span>
        </span>
    }
    .into_any()
}

#[allow(clippy::cast_possible_truncation)]
fn whole_seconds(seconds: f64) -> String {
    duration(seconds.round() as i64)
}
