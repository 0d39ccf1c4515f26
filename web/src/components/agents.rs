//! The table of agents, one row each.
use super::glossary::{Help, Term};
use super::labelled_value::ValueOrUnknown;
use super::outputs::list::OutputLink;
use super::session_signals::SessionSignals;
use super::state_chip::StatusChip;
use super::time::RelativeTime;
use crate::format::{duration, money, score};
use crate::session_address::SessionAddress;
use crate::source::output::use_outputs;
use callboard_core::{AgentStatus, Stage, State};
use leptos::prelude::*;

/// The mark of a figure that belongs to the attempt before the current one.
#[component]
pub fn PreviousAttempt() -> impl IntoView {
    view! {
        <span class="previous" tabindex="0" data-tip="From the previous attempt.">"previous attempt"</span>
    }
}

/// The four agents in the order of the pipeline.
#[component]
pub fn Agents(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let rows = Stage::ALL.map(|stage| row(session, at, stage));
    view! {
        <section class="panel" aria-labelledby="agents-title">
            <div class="panel-head help-head"><h2 id="agents-title">"Agents"</h2><Help term=Term::Attempt/></div>
            <table class="agents">
                <thead>
                    <tr>
                        <th scope="col">"Stage, agent"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="num">"Quality"</th>
                        <th scope="col" class="num">"Stage cost"</th>
                        <th scope="col" class="num">"Duration"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Output"</th>
                    </tr>
                </thead>
                {rows.into_iter().collect_view()}
            </table>
        </section>
    }
}

/// A row whose cells follow their own values.
fn row(session: SessionSignals, at: Memo<SessionAddress>, stage: Stage) -> impl IntoView {
    let agent = stage.agent();
    let output = session.part(move |session| session.agent(agent));
    let is_current = session.part(move |session| session.stage() == Some(stage));
    let is_known = session.part(|session| session.state() != Ok(State::Unknown));
    let spent = session.part(move |session| session.costs().stages.get(stage.index()).copied().flatten());
    let status = Memo::new(move |_| is_known.get().then(|| output.with(|output| output.status)));
    let quality = Memo::new(move |_| output.with(|output| output.quality_score));
    let duration = Memo::new(move |_| output.with(|output| output.execution_time));
    let started = Memo::new(move |_| output.with(|output| output.start_time));
    let path = Memo::new(move |_| output.with(|output| output.output_file.clone()));
    let error = Memo::new(move |_| output.with(|output| output.error.clone()));
    // Results of the attempt before the current one stay in the file until it completes.
    let is_previous = session.part(move |session| session.has_previous_results(agent));
    let is_previous_error = session.part(move |session| session.has_previous_error(agent));
    let previous = move |is_known: bool| (is_known && is_previous.get()).then(|| view! { <PreviousAttempt/> });
    // A value can be missing because the agent is not done, or because the file lacks it.
    let missing = move |unknown_cost_reason: &'static str| match status.get() {
        Some(AgentStatus::Pending) => "Not started.",
        Some(AgentStatus::InProgress) => "Still running.",
        _ => unknown_cost_reason,
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
                        <ValueOrUnknown
                            value=quality.get().map(|quality| score(Some(quality)))
                            missing=missing("No score in the file.")
                        />
                        {previous(quality.get().is_some())}
                    }}
                </td>
                <td class="num" data-label="Stage cost">
                    {move || view! {
                        <ValueOrUnknown
                            value=spent.get().map(|spent| money(Some(spent)))
                            missing="No cost in the file."
                        />
                    }}
                </td>
                <td class="num nowrap" data-label="Duration">
                    {move || view! {
                        <ValueOrUnknown
                            value=duration.get().map(whole_seconds)
                            missing=missing("No duration in the file.")
                        />
                        {previous(duration.get().is_some())}
                    }}
                </td>
                <td class="nowrap" data-label="Started"><RelativeTime moment=started/></td>
                <td data-label="Output">{move || view! {
                    {output_file(path.get(), session, at)}
                    {previous(path.with(Option::is_some))}
                }}</td>
            </tr>
            {move || error.get().map(|error| view! {
                <tr class="agent-error">
                    <td colspan="7"><p class="error-text">
                        {move || is_previous_error.get().then(|| view! { <PreviousAttempt/> " " })}
                        <bdi>{error}</bdi>
                    </p></td>
                </tr>
            })}
        </tbody>
    }
}

/// Shows a path with its file name emphasised, as a link where the source hands out outputs.
fn output_file(path: Option<String>, session: SessionSignals, at: Memo<SessionAddress>) -> impl IntoView {
    let Some(path) = path else {
        return view! { <ValueOrUnknown value=None missing="No output in the file."/> }.into_any();
    };
    if use_outputs().is_some() {
        return view! { <OutputLink path session=session.id() at/> }.into_any();
    }
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
