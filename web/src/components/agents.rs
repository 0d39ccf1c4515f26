//! What each agent has done, a row an agent, so that the figures line up.
use super::moment::Ago;
use super::state_chip::StatusChip;
use crate::format::{UNKNOWN, duration, money, score};
use crate::store::entry::Entry;
use crate::store::workspace::Same;
use callboard_core::{Session, Stage};
use leptos::prelude::*;

/// The four agents in the order of the pipeline.
#[component]
pub fn Agents(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let rows = Stage::ALL.map(|stage| row(entry.session(), stage));
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

fn row(session: &Session, stage: Stage) -> impl IntoView + use<> {
    let agent = stage.agent();
    let output = session.agent(agent);
    let spent = session.costs().stages.get(stage.index()).copied().flatten();
    let current = session.stage() == Some(stage);
    let took = output.execution_time.map_or_else(|| UNKNOWN.to_owned(), whole_seconds);
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
                    <span class="mono agent-name">{agent.name()}</span>
                </th>
                <td data-label="Status"><StatusChip status=output.status running=stage.state()/></td>
                <td class="num" data-label="Quality">{score(output.quality_score)}</td>
                <td class="num" data-label="Stage cost">{money(spent)}</td>
                <td class="num nowrap" data-label="Took">{took}</td>
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
        return view! { <span class="muted" title="The file names no output.">{UNKNOWN}</span> }.into_any();
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
