//! Bulk actions on the selected sessions: preview, progress and results.
use super::Listing;
use super::bulk_fields::{BulkForm, BulkQuestion};
use super::bulk_results::BulkResults;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::format::count;
use crate::platform::{dom, focus};
use crate::store::bulk::{BulkAction, BulkResult};
use crate::store::last_export::use_last_export;
use crate::store::workspace::{Progress, use_workspace};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The phase of a bulk action.
#[derive(Clone, Debug)]
enum BulkPhase {
    /// Asking for a value.
    Ask(BulkQuestion),
    /// In progress.
    Busy,
    /// Showing the preview.
    Preview(BulkTask, Arc<Vec<BulkResult>>),
    /// Showing the results.
    Done(BulkTask, Arc<Vec<BulkResult>>),
}

/// A bulk operation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum BulkTask {
    /// Applies an action to each session.
    Apply(BulkAction),
    /// Exports the sessions' files.
    Export,
    /// Undoes an action.
    Undo(BulkAction),
}

impl BulkTask {
    fn preview(&self, results: &[BulkResult]) -> String {
        let applies = applied(results);
        let sessions = count(results.len(), "session", "sessions");
        match self {
            Self::Apply(action) | Self::Undo(action) => {
                let edited = results.iter().filter(|result| result.is_edited).count();
                let lost = match action {
                    BulkAction::Remove if edited > 0 => format!(" ({edited} with unexported changes)"),
                    _ => String::new(),
                };
                format!("{} {applies} of {sessions}{lost}", action.label())
            }
            Self::Export => format!("Export {applies} of {sessions}"),
        }
    }

    fn done(&self, results: &[BulkResult]) -> String {
        let (done, all) = (applied(results), results.len());
        match self {
            Self::Apply(action) => format!("{} {done} of {all}", action.done()),
            Self::Undo(_) => format!("Undone in {done} of {all}"),
            Self::Export => format!("Exported {done} of {all}"),
        }
    }

    fn button(&self, applies: usize) -> String {
        match self {
            Self::Apply(action) | Self::Undo(action) => {
                format!("{} {}", action.label(), count(applies, "session", "sessions"))
            }
            Self::Export => format!("Export {}", count(applies, "file", "files")),
        }
    }
}

/// Returns the number of sessions for which the action succeeds.
fn applied(results: &[BulkResult]) -> usize {
    results.iter().filter(|result| result.outcome.is_ok()).count()
}

/// The actions that need no value.
const EVENTS: [BulkAction; 3] = [BulkAction::Start, BulkAction::Retry, BulkAction::Resume];

/// The toolbar of bulk actions, shown while sessions are selected.
#[component]
pub fn Bulk(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let workspace = use_workspace();
    let number = Memo::new(move |_| list.selected.with(std::collections::HashSet::len));
    let shown = move || list.rows.with(|rows| rows.iter().filter(|row| row.entry().is_some()).count());
    let phase = RwSignal::new(None::<BulkPhase>);
    let progress = RwSignal::new(Progress { done: 0, total: 0 });
    let preview = move |task: BulkTask| {
        let ids = list.selected_in_order();
        progress.set(Progress { done: 0, total: ids.len() });
        phase.set(Some(BulkPhase::Busy));
        spawn_local(async move {
            let results = match &task {
                BulkTask::Apply(action) | BulkTask::Undo(action) => workspace.preview(action, &ids, progress).await,
                BulkTask::Export => workspace.preview_export(&ids),
            };
            let is_asked = matches!(&task, BulkTask::Apply(action) if !EVENTS.contains(action));
            phase.set(Some(BulkPhase::Preview(task, Arc::new(results))));
            if is_asked {
                // The form had the focus.
                focus::focus_if_lost(".bulk-panel .button");
            }
        });
    };
    let perform = move |task: BulkTask, results: Arc<Vec<BulkResult>>| {
        let results_to_apply: Vec<BulkResult> =
            results.iter().filter(|result| result.outcome.is_ok()).cloned().collect();
        let ids: Vec<String> = results_to_apply.iter().map(|result| result.id.clone()).collect();
        progress.set(Progress { done: 0, total: ids.len() });
        phase.set(Some(BulkPhase::Busy));
        spawn_local(async move {
            let results = match &task {
                BulkTask::Apply(action) => workspace.perform(action, &ids, progress).await,
                BulkTask::Undo(_) => workspace.undo_all(&results_to_apply, progress).await,
                BulkTask::Export => workspace.perform_export(&ids),
            };
            // A removed session is no longer selected.
            list.selected.update(|selected| selected.retain(|id| workspace.entry_now(id).is_some()));
            phase.set(Some(BulkPhase::Done(task, Arc::new(results))));
            // The pressed button is gone. The focus moves to Close, so that a repeated key press undoes nothing.
            focus::focus_if_lost(".bulk-panel [aria-label=Close]");
        });
    };
    let close = move || {
        phase.set(None);
        focus::focus_if_lost(if number.get_untracked() > 0 { ".bulk .button" } else { "main h1" });
    };
    let panel = move || {
        phase.get().map(|now| match now {
            BulkPhase::Ask(question) => {
                let on_answer = move |action| preview(BulkTask::Apply(action));
                view! { <BulkForm list question on_answer on_close=close/> }.into_any()
            }
            BulkPhase::Busy => view! {
                <section class="notice bulk-panel" aria-label="In progress">
                    <div class="notice-head">
                        <p role="status">{move || progress.with(|p| format!("{} of {}", p.done, count(p.total, "session", "sessions")))}</p>
                    </div>
                    <progress
                        aria-label="Sessions done"
                        max=move || progress.get().total.to_string()
                        value=move || progress.get().done.to_string()
                    ></progress>
                </section>
            }
            .into_any(),
            BulkPhase::Preview(task, results) => {
                let applies = applied(&results);
                let headline = task.preview(&results);
                let results_to_apply = results.clone();
                let go = (applies > 0).then(|| view! {
                    <Button label=task.button(applies) weight=Weight::Primary on_press=move || perform(task.clone(), results_to_apply.clone())/>
                });
                view! { <BulkResults headline results is_preview=true on_close=close>{go}</BulkResults> }.into_any()
            }
            BulkPhase::Done(task, results) => {
                let headline = task.done(&results);
                let results_to_apply = results.clone();
                let back = match task {
                    BulkTask::Apply(action) if applied(&results) > 0 => view! {
                        <Button label="Undo all" glyph=Glyph::Undo on_press=move || perform(BulkTask::Undo(action.clone()), results_to_apply.clone())/>
                    }
                    .into_any(),
                    BulkTask::Export => view! { <UndoExport/> }.into_any(),
                    _ => ().into_any(),
                };
                view! { <BulkResults headline results is_preview=false on_close=close>{back}</BulkResults> }.into_any()
            }
        })
    };
    let deselect = move || {
        list.select_none();
        focus::focus_if_lost("main h1");
    };
    let (is_shown, is_more) = (move || number.get() > 0, move || shown() > 0 && !list.all_selected());
    let actions = move || {
        let button = |action: BulkAction| view! { <Button label=format!("{}\u{2026}", action.label()) on_press=move || preview(BulkTask::Apply(action.clone()))/> };
        EVENTS.map(button).into_iter().collect_view()
    };
    let ask = move |question: BulkQuestion| {
        phase.set(Some(BulkPhase::Ask(question)));
        dom::focus_after_render(".bulk-form input");
    };
    let questions = move || {
        let button = |question: BulkQuestion| view! { <Button label=format!("{}\u{2026}", question.label()) on_press=move || ask(question)/> };
        BulkQuestion::ALL.map(button).into_iter().collect_view()
    };
    let all = move || view! { <Button label=format!("Select all {}", shown()) weight=Weight::Quiet on_press=move || list.select_all()/> };
    let hidden = Memo::new(move |_| list.hidden_selected());
    let hidden = move || {
        (hidden.get() > 0).then(|| view! {
            <span class="bulk-hidden">
                {hidden} " hidden by filters"
                <Button label="Show" weight=Weight::Quiet on_press=move || list.update_query(|query| *query = query.unfiltered())/>
                <Button label="Clear" weight=Weight::Quiet on_press=move || list.deselect_hidden()/>
            </span>
        })
    };
    view! {
        <Show when=is_shown>
            <div class="bulk" role="group" aria-label="Actions for the selection">
                <b class="bulk-count">{number} " selected" {move || (list.hidden_selected() > 0).then_some(",")}</b>
                {hidden}
                {actions()}
                {questions()}
                <Button label="Export\u{2026}" glyph=Glyph::Export on_press=move || preview(BulkTask::Export)/>
                <Button label="Remove\u{2026}" on_press=move || preview(BulkTask::Apply(BulkAction::Remove))/>
                <Show when=is_more>{all}</Show>
                <Button label="Deselect" weight=Weight::Quiet on_press=deselect/>
            </div>
        </Show>
        {panel}
    }
}

/// The undo of the last export, while it is possible.
#[component]
fn UndoExport() -> impl IntoView {
    let (workspace, last_export) = (use_workspace(), use_last_export());
    move || {
        last_export.last.with(|last| last.as_ref().is_some_and(|last| last.export.is_some())).then(|| {
            view! { <Button label="Undo export" glyph=Glyph::Undo on_press=move || workspace.undo_export()/> }
        })
    }
}
