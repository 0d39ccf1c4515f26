//! The header of a read-only session's page: title, marks, figures and actions.
use super::source::{Sourced, SourcedOrUnknown, SourcedTime, TimeForm, ValueSource};
use crate::components::icon::{Glyph, Icon};
use crate::components::labelled_value::{CostOfBudget, LabelledValue, TextOrUnknown, unknown_cost_reason};
use crate::components::list::ListState;
use crate::components::strip::Strip;
use crate::components::time::RelativeTime;
use crate::format::{UNKNOWN, count, money, state_label, state_name};
use crate::platform::dom;
use crate::route::Route;
use crate::store::library::{Library, use_library};
use crate::store::workspace::use_workspace;
use callboard_core::Money;
use callboard_core::import::{ForeignProgress, ForeignSession, Found};
use callboard_workspace::{ReadOnlyContent, ReadOnlySession, Summary};
use leptos::prelude::*;

/// The header.
#[component]
pub fn ImportedHead(
    /// The session.
    session: ReadOnlySession,
    /// True while the conversion is shown.
    converting: RwSignal<bool>,
) -> impl IntoView {
    // The list with its last filters.
    let list: ListState = expect_context();
    let summary = session.summary().clone();
    let (title, figures, why) = match &session.content {
        ReadOnlyContent::Foreign(foreign) => (
            view! { <bdi>{foreign.label()}</bdi> }.into_any(),
            foreign_figures(foreign, &summary).into_any(),
            "Read from another pipeline's files, which Callboard never writes. Convert the session to work on it.",
        ),
        ReadOnlyContent::Own(own) => (
            view! { <TextOrUnknown text=summary.topic.clone() missing="No topic in the file."/> }.into_any(),
            own_figures(&summary, &ValueSource::line(&own.path, own.place.line)).into_any(),
            "Read from a file that needed repair or holds several sessions: Callboard never writes that file. Add the session to work on it.",
        ),
    };
    let marks = session.foreign_session().map(|foreign| {
        let mark = |mark: &Found<String>| {
            let (source, words) = (ValueSource::found(mark), mark.value.clone());
            view! { <span class="edited"><Sourced source>{words}</Sourced></span> }
        };
        foreign.marks.iter().map(mark).collect_view()
    });
    let origin = origin(&session, use_library());
    let converted = converted(&session);
    view! {
        <div class="session-head imported-head">
            <div class="crumbs">
                <a href=list.address>"Sessions"</a>
                <Icon glyph=Glyph::Next/>
                <bdi class="mono break" translate="no">{session.key.clone()}</bdi>
                <span class="edited" data-tip=why tabindex="0">"read-only"</span>
                {marks}
                {converted}
            </div>
            <div class="session-title">
                <div>
                    <h1 tabindex="-1">{title}</h1>
                    <p class="muted">{origin}</p>
                </div>
                <HeadActions session converting/>
            </div>
            <dl class="headline">{figures}</dl>
        </div>
    }
}

/// A link to the session of the workspace with the same id, while there is one.
fn converted(session: &ReadOnlySession) -> impl IntoView + use<> {
    let id = match &session.content {
        ReadOnlyContent::Foreign(foreign) => foreign.id.as_ref().map(|id| id.value.clone()),
        ReadOnlyContent::Own(own) => Some(own.place.id.clone()),
    };
    let workspace = use_workspace();
    let own = Memo::new(move |_| {
        let id = id.clone()?;
        workspace.sessions.with(|sessions| sessions.get(&id).is_some()).then_some(id)
    });
    move || {
        own.get().map(|id| {
            let tip = "A session with this id is in the workspace.";
            view! { <a class="edited" href=Route::Session(id).href() data-tip=tip>"in the workspace"</a> }
        })
    }
}

/// Describes where the session comes from: the titles of its shapes, and its files.
fn origin(session: &ReadOnlySession, library: Library) -> String {
    let files = count(session.paths().len(), "file", "files");
    match &session.content {
        ReadOnlyContent::Foreign(foreign) => {
            let shapes = library.shapes();
            let title =
                |name: &str| shapes.iter().find(|shape| shape.name() == name).map(|shape| shape.title().to_owned());
            let titles: Vec<String> =
                foreign.shapes.iter().map(|name| title(name).unwrap_or_else(|| name.to_string())).collect();
            format!("{} \u{b7} {files}", titles.join(", "))
        }
        ReadOnlyContent::Own(own) => match own.place.index {
            Some(index) => format!("Session {} of {}", index + 1, own.path),
            None => format!("Repaired when {} was read", own.path),
        },
    }
}

/// The actions; each says in its tip what it will do.
#[component]
fn HeadActions(
    /// The session.
    session: ReadOnlySession,
    /// True while the conversion is shown.
    converting: RwSignal<bool>,
) -> impl IntoView {
    let library = use_library();
    let (label, what) = match &session.content {
        ReadOnlyContent::Foreign(_) => {
            ("Convert to a session", "Creates a session file beside these files. They are not changed.")
        }
        ReadOnlyContent::Own(_) => {
            ("Add as a session", "Creates a session file from this text. The original file is not changed.")
        }
    };
    let paths: Vec<String> = session.paths().into_iter().map(str::to_owned).collect();
    let removal = removal(&session, library);
    let remove = move || {
        library.remove(paths.clone());
        dom::navigate(&Route::Sessions.href());
    };
    view! {
        <div class="session-actions">
            <button type="button" class="button button-quiet" data-tip=removal on:click=move |_| remove()>
                "Remove from workspace"
            </button>
            <button
                type="button"
                class="button button-primary"
                data-tip=what
                on:click=move |_| {
                    converting.set(true);
                    dom::focus_after_render("#conversion-title");
                }
            >
                <Icon glyph=Glyph::New/>
                <span>{label}</span>
            </button>
        </div>
    }
}

/// Describes what removing a session removes: other sessions may be of the same files.
fn removal(session: &ReadOnlySession, library: Library) -> String {
    let paths = session.paths();
    let mut others: Vec<String> = library.assembled.with_untracked(|all| {
        let sessions = paths.iter().flat_map(|path| all.sessions_of(path));
        sessions.filter(|other| other.key != session.key).map(|other| other.key.clone()).collect()
    });
    others.sort_unstable();
    others.dedup();
    let files = count(paths.len(), "file", "files");
    let with = match others.as_slice() {
        [] => String::new(),
        [one] => format!(" {one} comes from the same files and is removed too."),
        [first, ..] => {
            format!(
                " {first} and {} come from the same files and are removed too.",
                count(others.len() - 1, "other", "others")
            )
        }
    };
    format!("Removes {files} from the workspace, not from disk.{with}")
}

/// The chip of a state: another pipeline's label in the colour of the framework's state.
fn state_chip(summary: &Summary) -> impl IntoView + use<> {
    let colour = state_name(summary).to_lowercase();
    view! {
        <span class="state" data-state=colour>
            <Icon glyph=Glyph::of_list_state(&summary.state)/>
            <span class="state-word">{state_label(summary).into_owned()}</span>
        </span>
    }
}

fn foreign_figures(session: &ForeignSession, summary: &Summary) -> impl IntoView + use<> {
    let chip = state_chip(summary);
    let state = match session.state.as_ref().map(ValueSource::derived) {
        Some(source) => view! { <Sourced source>{chip}</Sourced> }.into_any(),
        None => view! { <span data-tip="No state in the files." tabindex="0">{chip}</span> }.into_any(),
    };
    let steps = session.progress.as_ref().and_then(|progress| steps(progress.value));
    let is_counted = steps.is_some();
    let strip = view! {
        // A count stands in for a percentage that is not known.
        <span class:strip-counted=is_counted>
            <Strip marks=summary.marks.clone() percent=summary.percent/>
            {steps.map(|steps| view! { <span class="muted">{steps}</span> })}
        </span>
    };
    let progress = match session.progress.as_ref().map(ValueSource::derived) {
        Some(source) => view! { <Sourced source>{strip}</Sourced> }.into_any(),
        None => view! { <span data-tip="No progress in the files." tabindex="0">{strip}</span> }.into_any(),
    };
    let money_of = |found: &Found<Money>| (money(Some(found.value)), ValueSource::figure(found));
    let remaining = session.remaining.as_ref().map(money_of);
    let spent = spent(session, summary);
    let (created, updated) = (session.created.clone(), session.updated.clone());
    let episode = session.episode.as_ref().map(|episode| (episode.value.to_string(), ValueSource::in_words(episode)));
    let stage = session.current_stage.as_ref().map(|stage| (stage.value.clone(), ValueSource::found(stage)));
    let id =
        session.id.as_ref().filter(|id| id.value != session.key).map(|id| (id.value.clone(), ValueSource::found(id)));
    let quality = session.quality().map(|score| (super::scores::of_scale(score), ValueSource::figure(&score.raw)));
    let optional = |name: &'static str, value: Option<(String, ValueSource)>| {
        value
            .map(|value| view! { <LabelledValue name><SourcedOrUnknown value=Some(value) missing=""/></LabelledValue> })
    };
    view! {
        <LabelledValue name="State">{state}</LabelledValue>
        <LabelledValue name="Progress">{progress}</LabelledValue>
        <LabelledValue name="Cost / budget">{spent}</LabelledValue>
        {optional("Still to spend", remaining)}
        <LabelledValue name="Episode">
            <SourcedOrUnknown value=episode missing="No episode number in the files."/>
        </LabelledValue>
        {optional("Current stage", stage)}
        {optional("Overall score", quality)}
        {optional("Id", id)}
        <LabelledValue name="Created">
            <SourcedTime found=created form=TimeForm::Relative missing="No creation time in the files."/>
        </LabelledValue>
        <LabelledValue name="Updated">
            <SourcedTime found=updated form=TimeForm::Relative missing="No update time in the files."/>
        </LabelledValue>
        {session.completed.clone().map(|completed| view! {
            <LabelledValue name="Completed">
                <SourcedTime found=Some(completed) form=TimeForm::Relative missing=""/>
            </LabelledValue>
        })}
    }
}

/// Describes the stages that are done where no percentage says it.
fn steps(progress: ForeignProgress) -> Option<String> {
    let done = progress.completed.filter(|_| progress.percent.is_none())?;
    Some(format!("{done} done"))
}

/// The cost and the budget, each with its own source.
fn spent(session: &ForeignSession, summary: &Summary) -> impl IntoView + use<> {
    let over = summary.within_budget == Some(false);
    let why = unknown_cost_reason(summary.cost, summary.budget);
    let part = |value: Option<(String, ValueSource)>| match value {
        Some((text, source)) => view! { <Sourced source>{text}</Sourced> }.into_any(),
        None => view! { <span data-tip=why tabindex="0">{UNKNOWN}</span> }.into_any(),
    };
    let cost = session.cost.as_ref().map(|cost| (money(Some(cost.value)), ValueSource::derived(cost)));
    let budget = session.budget.as_ref().map(|budget| (money(Some(budget.value)), ValueSource::figure(budget)));
    view! {
        <span class="spent" class:spent-over=over>
            {part(cost)}
            <span class="spent-of">" / "{part(budget)}</span>
            {over.then(|| view! { <span class="spent-word">"over"</span> })}
        </span>
    }
}

fn own_figures(summary: &Summary, source: &ValueSource) -> impl IntoView + use<> {
    let number = summary.number.map(|number| (number.to_string(), source.clone()));
    let chip = state_chip(summary);
    let strip = view! { <Strip marks=summary.marks.clone() percent=summary.percent/> };
    let (of_state, of_progress) = (source.clone(), source.clone());
    let cost = view! { <CostOfBudget cost=summary.cost budget=summary.budget within=summary.within_budget/> };
    let (created, updated) = (Signal::stored(summary.created), Signal::stored(summary.updated));
    view! {
        <LabelledValue name="State"><Sourced source=of_state>{chip}</Sourced></LabelledValue>
        <LabelledValue name="Progress"><Sourced source=of_progress>{strip}</Sourced></LabelledValue>
        <LabelledValue name="Cost / budget">{cost}</LabelledValue>
        <LabelledValue name="Episode">
            <SourcedOrUnknown value=number missing="No episode number in the file."/>
        </LabelledValue>
        <LabelledValue name="Created"><RelativeTime moment=created/></LabelledValue>
        <LabelledValue name="Updated"><RelativeTime moment=updated/></LabelledValue>
    }
}
