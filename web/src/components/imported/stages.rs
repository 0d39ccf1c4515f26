//! The stages of another pipeline, with their own names, in their own order.
use super::scores::of_scale;
use super::source::{Places, Sourced, SourcedOrUnknown, SourcedTime, TimeForm, ValueSource, place_href};
use super::stage_timeline::{StageTimeline, status_colour};
use crate::components::icon::{Glyph, Icon};
use crate::components::time::zone_name;
use crate::format::{UNKNOWN, count, duration, money, title_case};
use callboard_core::import::{ForeignSession, ForeignStage, ForeignStatus, Found, LinkedOutput};
use callboard_core::{Money, Stage, State};
use leptos::prelude::*;

/// The columns that some stage has a value for; the others are left out.
#[derive(Clone, Copy, Debug)]
struct Columns {
    cost: bool,
    duration: bool,
    started: bool,
    ended: bool,
}

impl Columns {
    fn of(stages: &[ForeignStage]) -> Self {
        let any = |has: fn(&ForeignStage) -> bool| stages.iter().any(has);
        Self {
            cost: any(|stage| stage.cost.is_some() || stage.budget.is_some()),
            duration: any(|stage| stage.elapsed().is_some()),
            started: any(|stage| stage.started.is_some()),
            ended: any(|stage| stage.ended.is_some()),
        }
    }

    fn count(self) -> usize {
        2 + [self.cost, self.duration, self.started, self.ended].into_iter().filter(|shown| *shown).count()
    }
}

/// The panel: the timeline where times are known, and the table.
#[component]
pub fn Stages(
    /// The session.
    session: ForeignSession,
) -> impl IntoView {
    let stages = &session.stages;
    let columns = Columns::of(stages);
    let has_times = columns.started || columns.ended;
    let rows = stages.iter().map(|stage| row(stage, columns, &session.linked)).collect_view();
    let content = if stages.is_empty() {
        view! { <p class="panel-body muted">"No stages in the files."</p> }.into_any()
    } else {
        view! {
            <StageTimeline session=session.clone()/>
            <table class="stages">
                <thead>
                    <tr>
                        <th scope="col">"Stage"</th>
                        <th scope="col">"Status"</th>
                        {columns.cost.then(|| view! { <th scope="col" class="num">"Cost"</th> })}
                        {columns.duration.then(|| view! { <th scope="col" class="num">"Duration"</th> })}
                        {columns.started.then(|| view! { <th scope="col">"Started"</th> })}
                        {columns.ended.then(|| view! { <th scope="col">"Ended"</th> })}
                    </tr>
                </thead>
                {rows}
            </table>
        }
        .into_any()
    };
    view! {
        <section class="panel stages-panel" aria-labelledby="stages-title">
            <div class="panel-head">
                <h2 id="stages-title">"Stages"</h2>
                {has_times.then(|| view! { <span class="muted">{zone_name}</span> })}
            </div>
            {content}
        </section>
    }
}

fn row(stage: &ForeignStage, columns: Columns, linked: &[LinkedOutput]) -> impl IntoView + use<> {
    let elapsed = stage.elapsed().map(|elapsed| (whole_seconds(elapsed.value), ValueSource::derived(&elapsed)));
    let maps_to = stage.maps_to.filter(|maps_to| maps_to.name() != stage.name).map(|stage: Stage| {
        let why = format!("Mapped to Callboard's {} stage.", stage.name());
        view! { <span class="stage-maps" data-tip=why tabindex="0">{stage.name()}</span> }
    });
    // A label that is the name in other letters says it already.
    let name = (title_case(&stage.name) != stage.label)
        .then(|| view! { <bdi class="mono" translate="no">{stage.name.clone()}</bdi> });
    view! {
        <tbody data-stage=stage.name.clone()>
            <tr>
                <th scope="row">
                    <bdi class="agent-stage">{stage.label.clone()}</bdi>
                    <span class="agent-name">{name}{maps_to}</span>
                </th>
                <td data-label="Status">{status(stage.status.as_ref(), stage.maps_to)}</td>
                {columns.cost.then(|| view! { <td class="num nowrap" data-label="Cost">{cost(stage)}</td> })}
                {columns.duration.then(|| view! {
                    <td class="num nowrap" data-label="Duration">
                        <SourcedOrUnknown value=elapsed missing="No duration in the files."/>
                    </td>
                })}
                {columns.started.then(|| view! {
                    <td class="nowrap" data-label="Started">
                        <SourcedTime found=stage.started.clone() form=TimeForm::DayAndTime missing="No start in the files."/>
                    </td>
                })}
                {columns.ended.then(|| view! {
                    <td class="nowrap" data-label="Ended">
                        <SourcedTime found=stage.ended.clone() form=TimeForm::DayAndTime missing="No end in the files."/>
                    </td>
                })}
            </tr>
            {more(stage, columns, linked)}
        </tbody>
    }
}

/// The chip of a stage's status, with its source.
fn status(found: Option<&Found<ForeignStatus>>, maps_to: Option<Stage>) -> AnyView {
    let status = found.map(|found| found.value);
    let colour = status_colour(status, maps_to);
    let glyph = match status {
        None => Glyph::Unknown,
        Some(ForeignStatus::NotStarted) => Glyph::Pending,
        Some(ForeignStatus::InProgress) => maps_to.map_or(Glyph::Running, |stage| Glyph::of_state(stage.state())),
        Some(ForeignStatus::Failed) => Glyph::of_state(State::Failed),
        Some(ForeignStatus::Complete) => Glyph::of_state(State::Complete),
        Some(ForeignStatus::Skipped) => Glyph::Skipped,
    };
    let words = status.map_or_else(|| UNKNOWN.to_owned(), |status| title_case(status.name()));
    let chip = view! {
        <span class="state" data-state=colour><Icon glyph/><span class="state-word">{words}</span></span>
    };
    match found {
        Some(found) => view! { <Sourced source=ValueSource::in_words(found)>{chip}</Sourced> }.into_any(),
        None => view! { <span data-tip="No status of this stage in the files." tabindex="0">{chip}</span> }.into_any(),
    }
}

/// The cost of a stage, and its budget where a file states one.
fn cost(stage: &ForeignStage) -> impl IntoView + use<> {
    let part = |found: &Found<Money>| (money(Some(found.value)), ValueSource::figure(found));
    let over = stage.cost.as_ref().zip(stage.budget.as_ref()).is_some_and(|(cost, budget)| cost.value > budget.value);
    let budget = stage.budget.as_ref().map(|budget| {
        let (text, source) = part(budget);
        view! { <span class="spent-of">" / "<Sourced source>{text}</Sourced></span> }
    });
    view! {
        <span class="spent" class:spent-over=over>
            <SourcedOrUnknown value=stage.cost.as_ref().map(part) missing="No cost in the files."/>
            {budget}
            {over.then(|| view! { <span class="spent-word">"over"</span> })}
        </span>
    }
}

/// The rest of what the files say of a stage, below its figures.
fn more(stage: &ForeignStage, columns: Columns, linked: &[LinkedOutput]) -> Option<impl IntoView + use<>> {
    let agent = stage.agent.as_ref().map(|agent| {
        let (source, name) = (ValueSource::found(agent), agent.value.clone());
        view! { <li><Sourced source><bdi class="mono" translate="no">{name}</bdi></Sourced></li> }
    });
    let attempts = stage.attempts.as_ref().map(|attempts| {
        let words = format!("{} {}", attempts.value, if attempts.value == 1 { "attempt" } else { "attempts" });
        view! { <li><Sourced source=ValueSource::in_words(attempts)>{words}</Sourced></li> }
    });
    let scores = stage.scores.iter().map(|score| {
        let words = of_scale(score);
        view! {
            <li>
                <span class="muted">{title_case(&score.name)}" "</span>
                <Sourced source=ValueSource::figure(&score.raw)>{words}</Sourced>
            </li>
        }
    });
    let scores = scores.collect_view();
    let outputs = stage.outputs.iter().map(|output| view! { <li>{output_link(output, linked)}</li> }).collect_view();
    let error = stage.error.as_ref().map(|error| {
        let (source, words) = (ValueSource::found(error), error.value.clone());
        view! { <p class="error-text"><Sourced source>{words}</Sourced></p> }
    });
    let is_empty = agent.is_none() && attempts.is_none() && scores.is_empty() && outputs.is_empty() && error.is_none();
    (!is_empty).then(|| {
        view! {
            <tr class="stage-more">
                <td colspan=columns.count().to_string()>
                    {error}
                    <ul class="stage-details">{agent}{attempts}{scores}{outputs}</ul>
                </td>
            </tr>
        }
    })
}

/// An output: a link to its file if the import has it, else its path with the place that names it.
pub fn output_link(output: &Found<String>, linked: &[LinkedOutput]) -> AnyView {
    let file = linked.iter().find(|link| link.output.value == output.value).map(|link| link.file.clone());
    match file {
        Some(file) => view! {
            <a class="path" href=place_href(&file, 0) data-tip=format!("Opens the file. {}", output.source())>
                {output.value.clone()}
            </a>
        }
        .into_any(),
        None => {
            let (source, path) = (ValueSource::found(output), output.value.clone());
            view! { <Sourced source><span class="path">{path}</span></Sourced> }.into_any()
        }
    }
}

/// The files that the session made, of no stage; absent if no file names one.
#[component]
pub fn Outputs(
    /// The session.
    session: ForeignSession,
) -> impl IntoView {
    if session.outputs.is_empty() {
        return ().into_any();
    }
    let rows = session.outputs.iter().map(|output| {
        view! { <li>{output_link(output, &session.linked)}<Places places=vec![output.origin.clone()]/></li> }
    });
    let rows = rows.collect_view();
    let number = count(session.outputs.len(), "file", "files");
    view! {
        <section class="panel" aria-labelledby="outputs-title">
            <div class="panel-head"><h2 id="outputs-title">"Outputs"</h2><span class="muted">{number}</span></div>
            <ul class="panel-body outputs">{rows}</ul>
        </section>
    }
    .into_any()
}

#[allow(clippy::cast_possible_truncation)]
fn whole_seconds(seconds: f64) -> String {
    duration(seconds.round() as i64)
}
