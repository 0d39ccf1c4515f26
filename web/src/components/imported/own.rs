//! The agents of a session of the framework's own shape that is only read.
use crate::components::labelled_value::ValueOrUnknown;
use crate::components::state_chip::StatusChip;
use crate::components::time::DayAndTime;
use crate::format::{money, score, title_case};
use callboard_core::{Session, Stage, State};
use callboard_workspace::OwnCopy;
use leptos::prelude::*;

/// The panel of the four agents.
#[component]
pub fn OwnAgents(
    /// The session.
    own: OwnCopy,
) -> impl IntoView {
    let rows = Stage::ALL.map(|stage| row(&own.session, stage));
    view! {
        <section class="panel stages-panel" aria-labelledby="stages-title">
            <div class="panel-head"><h2 id="stages-title">"Agents"</h2></div>
            <table class="stages">
                <thead>
                    <tr>
                        <th scope="col">"Stage, agent"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="num">"Cost"</th>
                        <th scope="col" class="num">"Quality"</th>
                        <th scope="col">"Started"</th>
                    </tr>
                </thead>
                {rows.into_iter().collect_view()}
            </table>
        </section>
    }
}

fn row(session: &Session, stage: Stage) -> impl IntoView + use<> {
    let output = session.agent(stage.agent());
    let is_known = session.state().is_ok_and(|state| state != State::Unknown);
    let cost = session.costs().stages.get(stage.index()).copied().flatten();
    let error = output.error.clone();
    view! {
        <tbody>
            <tr>
                <th scope="row">
                    <span class="agent-stage">{title_case(stage.name())}</span>
                    <span class="mono agent-name" translate="no">{stage.agent().name()}</span>
                </th>
                <td data-label="Status"><StatusChip status=is_known.then_some(output.status) running=stage.state()/></td>
                <td class="num" data-label="Cost">
                    <ValueOrUnknown value=cost.map(|cost| money(Some(cost))) missing="No cost in the file."/>
                </td>
                <td class="num" data-label="Quality">
                    <ValueOrUnknown
                        value=output.quality_score.map(|quality| score(Some(quality)))
                        missing="No score in the file."
                    />
                </td>
                <td class="nowrap" data-label="Started">
                    <DayAndTime moment=output.start_time missing="No start in the file."/>
                </td>
            </tr>
            {error.map(|error| view! {
                <tr class="stage-more"><td colspan="5"><p class="error-text">{error}</p></td></tr>
            })}
        </tbody>
    }
}
