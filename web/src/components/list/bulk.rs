//! Bulk actions: chosen, previewed, done, with their results.
use super::Listing;
use super::verdicts::Verdicts;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::format::count;
use crate::platform::focus;
use crate::store::bulk::{BulkAction, BulkResult};
use crate::store::last_export::use_last_export;
use crate::store::workspace::{Progress, use_workspace};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The stage of a bulk action.
#[derive(Clone, Debug)]
enum Stage {
    /// It is going on.
    Busy,
    /// A preview.
    Preview(Task, Arc<Vec<BulkResult>>),
    /// The results.
    Done(Task, Arc<Vec<BulkResult>>),
}

/// A task for the selected sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    /// Applies an event to each.
    Do(BulkAction),
    /// Exports their files.
    Export,
    /// Undoes an action.
    Undo(BulkAction),
}

impl Task {
    fn preview(self, verdicts: &[BulkResult]) -> String {
        let applies = applied(verdicts);
        let sessions = count(verdicts.len(), "session", "sessions");
        match self {
            Self::Do(action) | Self::Undo(action) => format!("{} applies to {applies} of {sessions}", action.label()),
            Self::Export => format!("{} of {sessions} will be exported", count(applies, "file", "files")),
        }
    }

    fn done(self, verdicts: &[BulkResult]) -> String {
        let (done, sessions) = (applied(verdicts), count(verdicts.len(), "session", "sessions"));
        match self {
            Self::Do(BulkAction::Retry) => format!("Retried {done} of {sessions}"),
            Self::Do(BulkAction::Resume) => format!("Resumed {done} of {sessions}"),
            Self::Undo(action) => format!("{} undone in {done} of {sessions}", action.label()),
            Self::Export => format!("{} of {sessions} exported", count(done, "file", "files")),
        }
    }

    fn button(self, applies: usize) -> String {
        match self {
            Self::Do(action) | Self::Undo(action) => {
                format!("{} {}", action.label(), count(applies, "session", "sessions"))
            }
            Self::Export => format!("Export {}", count(applies, "file", "files")),
        }
    }
}

/// Returns the number of sessions it applies to.
fn applied(verdicts: &[BulkResult]) -> usize {
    verdicts.iter().filter(|verdict| verdict.outcome.is_ok()).count()
}

/// The bar over the rows, while any is selected.
#[component]
pub fn Bulk(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let workspace = use_workspace();
    let number = Memo::new(move |_| list.selected.with(std::collections::HashSet::len));
    let shown = move || list.rows.with(|rows| rows.iter().filter(|row| row.entry().is_some()).count());
    let stage = RwSignal::new(None::<Stage>);
    let progress = RwSignal::new(Progress { done: 0, total: 0 });
    let preview = move |task: Task| {
        let ids = list.chosen();
        progress.set(Progress { done: 0, total: ids.len() });
        stage.set(Some(Stage::Busy));
        spawn_local(async move {
            let verdicts = match task {
                Task::Do(action) | Task::Undo(action) => workspace.preview(action, &ids, progress).await,
                Task::Export => workspace.preview_export(&ids),
            };
            stage.set(Some(Stage::Preview(task, Arc::new(verdicts))));
        });
    };
    let perform = move |task: Task, verdicts: Arc<Vec<BulkResult>>| {
        let these: Vec<BulkResult> = verdicts.iter().filter(|verdict| verdict.outcome.is_ok()).cloned().collect();
        let ids: Vec<String> = these.iter().map(|verdict| verdict.id.clone()).collect();
        progress.set(Progress { done: 0, total: ids.len() });
        stage.set(Some(Stage::Busy));
        spawn_local(async move {
            let verdicts = match task {
                Task::Do(action) => workspace.perform(action, &ids, progress).await,
                Task::Undo(_) => workspace.undo_all(&these, progress).await,
                Task::Export => workspace.perform_export(&ids),
            };
            stage.set(Some(Stage::Done(task, Arc::new(verdicts))));
            // The button that was pressed is gone; a key that is pressed twice takes nothing back.
            focus::give_soon(".bulk-panel [aria-label=Close]");
        });
    };
    let close = move || {
        stage.set(None);
        focus::give_soon(if number.get_untracked() > 0 { ".bulk .button" } else { "main h1" });
    };
    let panel = move || {
        stage.get().map(|now| match now {
            Stage::Busy => view! {
                <section class="notice bulk-panel" aria-label="Working">
                    <div class="notice-head">
                        <p role="status">{move || progress.with(|p| format!("{} of {}", p.done, count(p.total, "session", "sessions")))}</p>
                    </div>
                    <progress
                        aria-label="How many sessions are through"
                        max=move || progress.get().total.to_string()
                        value=move || progress.get().done.to_string()
                    ></progress>
                </section>
            }
            .into_any(),
            Stage::Preview(task, verdicts) => {
                let applies = applied(&verdicts);
                let headline = task.preview(&verdicts);
                let these = verdicts.clone();
                let go = (applies > 0).then(|| view! {
                    <Button label=task.button(applies) weight=Weight::Primary on_press=move || perform(task, these.clone())/>
                });
                view! { <Verdicts headline verdicts future=true on_close=close>{go}</Verdicts> }.into_any()
            }
            Stage::Done(task, verdicts) => {
                let headline = task.done(&verdicts);
                let these = verdicts.clone();
                let back = match task {
                    Task::Do(action) if applied(&verdicts) > 0 => view! {
                        <Button label="Undo all" glyph=Glyph::Undo on_press=move || perform(Task::Undo(action), these.clone())/>
                    }
                    .into_any(),
                    Task::Export => view! { <UndoExport/> }.into_any(),
                    _ => ().into_any(),
                };
                view! { <Verdicts headline verdicts future=false on_close=close>{back}</Verdicts> }.into_any()
            }
        })
    };
    let deselect = move || {
        list.select_none();
        focus::give_soon("main h1");
    };
    let bar = move || {
        (number.get() > 0).then(|| {
            let actions = BulkAction::ALL.map(|action| view! { <Button label=format!("{}\u{2026}", action.label()) on_press=move || preview(Task::Do(action))/> });
            let rest = move || (number.get() < shown()).then(|| view! {
                <Button label=format!("Select all {}", shown()) weight=Weight::Quiet on_press=move || list.select_all()/>
            });
            view! {
                <div class="bulk" role="group" aria-label="Selected sessions">
                    <b class="bulk-count">{move || number.get()} " selected"</b>
                    {actions.into_iter().collect_view()}
                    <Button label="Export\u{2026}" glyph=Glyph::Export on_press=move || preview(Task::Export)/>
                    {rest}
                    <Button label="Deselect" weight=Weight::Quiet on_press=deselect/>
                </div>
            }
        })
    };
    view! {
        {bar}
        {panel}
    }
}

/// The undo of the last export, as long as there is one.
#[component]
fn UndoExport() -> impl IntoView {
    let (workspace, last_export) = (use_workspace(), use_last_export());
    move || {
        last_export.get().map(|_| {
            view! { <Button label="Undo export" glyph=Glyph::Undo on_press=move || workspace.undo_export()/> }
        })
    }
}
