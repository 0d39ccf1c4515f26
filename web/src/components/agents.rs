//! What each agent has done, a row an agent, so that the figures line up.
use super::facts::Known;
use super::moment::Ago;
use super::session_signals::SessionSignals;
use super::state_chip::StatusChip;
use crate::format::{duration, money, score};
use callboard_core::{AgentOutput, AgentStatus, Money, Session, Stage, State};
use leptos::prelude::*;

/// The four agents in the order of the pipeline.
#[component]
pub fn Agents(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let rows = Stage::ALL.map(|stage| {
        let work = session.part(move |session| Work::of(session, stage));
        move || work.with(|work| row(work, stage))
    });
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

/// What a session says of one stage.
#[derive(Clone, PartialEq)]
struct Work {
    output: AgentOutput,
    spent: Option<Money>,
    /// The session is at this stage.
    is_current: bool,
    /// The session's state is known.
    is_known: bool,
}

impl Work {
    fn of(session: &Session, stage: Stage) -> Self {
        Self {
            output: session.agent(stage.agent()),
            spent: session.costs().stages.get(stage.index()).copied().flatten(),
            is_current: session.stage() == Some(stage),
            is_known: session.state() != Ok(State::Unknown),
        }
    }
}

fn row(work: &Work, stage: Stage) -> impl IntoView + use<> {
    let agent = stage.agent();
    let Work { output, spent, is_current: current, is_known: known } = work.clone();
    let took = output.execution_time.map(whole_seconds);
    // What has not been done yet has no figures; where it has, the file leaves them out.
    let not_yet = match output.status {
        _ if !known => None,
        AgentStatus::Pending => Some("This agent has not started."),
        AgentStatus::InProgress => Some("This agent is still at work."),
        _ => None,
    };
    let error = output.error.map(|error| {
        view! {
            <tr class="agent-error">
                <td colspan="7"><p class="error-text">{error}</p></td>
            </tr>
        }
    });
    view! {
        <tbody class:agent-current=current>
            <tr>
                <th scope="row">
                    <span class="agent-stage">{crate::format::title_case(stage.name())}</span>
                    <span class="mono agent-name" translate="no">{agent.name()}</span>
                </th>
                <td data-label="Status"><StatusChip status=known.then_some(output.status) running=stage.state()/></td>
                <td class="num" data-label="Quality">
                    <Known
                        value=output.quality_score.map(|quality| score(Some(quality)))
                        missing=not_yet.unwrap_or("The file holds no score of this agent.")
                    />
                </td>
                <td class="num" data-label="Stage cost">
                    <Known
                        value=spent.map(|spent| money(Some(spent)))
                        missing="The file states no cost of this stage."
                    />
                </td>
                <td class="num nowrap" data-label="Took">
                    <Known value=took missing=not_yet.unwrap_or("The file does not say how long it took.")/>
                </td>
                <td class="nowrap" data-label="Started"><Ago moment=output.start_time/></td>
                <td data-label="Output">{output_file(output.output_file)}</td>
            </tr>
            {error}
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
