//! One action on a group of sessions: preview, results, undo.
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::components::list::bulk_results::BulkResults;
use crate::format::{count, title_case};
use crate::platform::focus;
use crate::store::bulk::{BulkAction, BulkResult};
use crate::store::workspace::{Progress, Workspace};
use callboard_core::EventKind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The phase of an action.
#[derive(Clone, Debug)]
enum Phase {
    /// In progress.
    Busy,
    /// Shows what it will change.
    Preview(Arc<Vec<BulkResult>>),
    /// Shows what it changed.
    Done(Arc<Vec<BulkResult>>),
    /// Shows what was undone.
    Undone(Arc<Vec<BulkResult>>),
}

/// The action on a group that is shown.
#[derive(Clone, Copy)]
pub struct GroupAction {
    workspace: Workspace,
    phase: RwSignal<Option<(EventKind, Phase)>>,
    progress: RwSignal<Progress>,
}

impl GroupAction {
    /// Creates the action, with no group chosen.
    pub fn new(workspace: Workspace) -> Self {
        Self { workspace, phase: RwSignal::new(None), progress: RwSignal::new(Progress { done: 0, total: 0 }) }
    }

    fn begin(self, kind: EventKind, total: usize) {
        self.progress.set(Progress { done: 0, total });
        self.phase.set(Some((kind, Phase::Busy)));
    }

    /// Shows what an action on these sessions would change.
    pub fn preview(self, kind: EventKind, ids: Vec<String>) {
        let (workspace, Some(action)) = (self.workspace, bulk_action(kind)) else { return };
        self.begin(kind, ids.len());
        spawn_local(async move {
            let results = workspace.preview(&action, &ids, self.progress).await;
            self.show(kind, Phase::Preview(Arc::new(results)));
            focus::focus_if_lost(".needs-attention .bulk-panel .button-primary");
        });
    }

    fn perform(self, kind: EventKind, preview: &[BulkResult]) {
        let (workspace, Some(action)) = (self.workspace, bulk_action(kind)) else { return };
        let ids: Vec<String> =
            preview.iter().filter(|result| result.outcome.is_ok()).map(|result| result.id.clone()).collect();
        self.begin(kind, ids.len());
        spawn_local(async move {
            let results = workspace.perform(&action, &ids, self.progress).await;
            self.show(kind, Phase::Done(Arc::new(results)));
            // The pressed button is gone. The focus moves to Close, so that a repeated key press undoes nothing.
            focus::focus_if_lost(".needs-attention .bulk-panel [aria-label=Close]");
        });
    }

    fn undo(self, kind: EventKind, results: &[BulkResult]) {
        let workspace = self.workspace;
        let done: Vec<BulkResult> = results.iter().filter(|result| result.outcome.is_ok()).cloned().collect();
        self.begin(kind, done.len());
        spawn_local(async move {
            let results = workspace.undo_all(&done, self.progress).await;
            self.show(kind, Phase::Undone(Arc::new(results)));
            focus::focus_if_lost(".needs-attention .bulk-panel [aria-label=Close]");
        });
    }

    fn show(self, kind: EventKind, phase: Phase) {
        // The page may have been left meanwhile.
        drop(self.phase.try_set(Some((kind, phase))));
    }
}

/// The preview or the results of the action on a group.
#[component]
pub fn GroupActionPanel(
    /// The action.
    action: GroupAction,
) -> impl IntoView {
    let close = move || {
        action.phase.set(None);
        focus::focus_if_lost("main h1");
    };
    move || {
        action.phase.get().map(|(kind, phase)| match phase {
            Phase::Busy => view! {
                <section class="notice bulk-panel" aria-label="Working">
                    <div class="notice-head">
                        <p role="status">{move || action.progress.with(|p| format!("{} of {}", p.done, count(p.total, "session", "sessions")))}</p>
                    </div>
                </section>
            }
            .into_any(),
            Phase::Preview(results) => {
                let applies = applied(&results);
                let headline = format!("{} {applies} of {}", title_case(kind.name()), count(results.len(), "session", "sessions"));
                let go = (applies > 0).then(|| {
                    let label = format!("{} {}", title_case(kind.name()), count(applies, "session", "sessions"));
                    let results = results.clone();
                    view! { <Button label weight=Weight::Primary on_press=move || action.perform(kind, &results)/> }
                });
                view! { <BulkResults headline results is_preview=true on_close=close>{go}</BulkResults> }.into_any()
            }
            Phase::Done(results) => {
                let changed = applied(&results);
                let headline = format!("{} {changed} of {}", done(kind), count(results.len(), "session", "sessions"));
                let undo = (changed > 0).then(|| {
                    let results = results.clone();
                    view! { <Button label="Undo all" glyph=Glyph::Undo on_press=move || action.undo(kind, &results)/> }
                });
                view! { <BulkResults headline results is_preview=false on_close=close>{undo}</BulkResults> }.into_any()
            }
            Phase::Undone(results) => {
                let headline = format!(
                    "{} undone in {} of {}",
                    title_case(kind.name()),
                    applied(&results),
                    count(results.len(), "session", "sessions")
                );
                view! { <BulkResults headline results is_preview=false on_close=close/> }.into_any()
            }
        })
    }
}

/// Returns the bulk action that applies an event without input; none for other events.
pub fn bulk_action(kind: EventKind) -> Option<BulkAction> {
    match kind {
        EventKind::Start => Some(BulkAction::Start),
        EventKind::Retry => Some(BulkAction::Retry),
        EventKind::Resume => Some(BulkAction::Resume),
        _ => None,
    }
}

/// Returns the past participle of an event.
fn done(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Start => "Started",
        EventKind::Retry => "Retried",
        _ => "Resumed",
    }
}

/// Returns the number of sessions for which the action succeeds.
fn applied(results: &[BulkResult]) -> usize {
    results.iter().filter(|result| result.outcome.is_ok()).count()
}
