//! What is done to many sessions: chosen, shown beforehand, done, told.
use super::Listing;
use super::verdicts::Verdicts;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::format::count;
use crate::platform::focus;
use crate::store::bulk::{Deed, Verdict};
use crate::store::workspace::{Progress, use_workspace};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// How far a deed is.
#[derive(Clone, Debug)]
enum Stage {
    /// It is being worked out, or done.
    Busy,
    /// What it will do.
    Foreseen(Deed, Arc<Vec<Verdict>>),
    /// What it did.
    Done(Deed, Arc<Vec<Verdict>>),
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
    let foresee = move |deed: Deed| {
        let ids = list.chosen();
        progress.set(Progress { done: 0, total: ids.len() });
        stage.set(Some(Stage::Busy));
        spawn_local(async move {
            let verdicts = workspace.foresee(deed, &ids, progress).await;
            stage.set(Some(Stage::Foreseen(deed, Arc::new(verdicts))));
        });
    };
    let perform = move |deed: Deed, verdicts: Arc<Vec<Verdict>>| {
        let ids: Vec<String> =
            verdicts.iter().filter(|verdict| verdict.outcome.is_ok()).map(|verdict| verdict.id.clone()).collect();
        progress.set(Progress { done: 0, total: ids.len() });
        stage.set(Some(Stage::Busy));
        spawn_local(async move {
            let verdicts = workspace.perform(deed, &ids, progress).await;
            stage.set(Some(Stage::Done(deed, Arc::new(verdicts))));
            // The button that was pressed is gone.
            focus::give_back_soon(None, ".bulk-panel .button");
        });
    };
    let close = move || {
        stage.set(None);
        focus::give_back_soon(None, if number.get_untracked() > 0 { ".bulk .button" } else { "main h1" });
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
            Stage::Foreseen(deed, verdicts) => {
                let applies = verdicts.iter().filter(|verdict| verdict.outcome.is_ok()).count();
                let headline = format!("{} applies to {applies} of {}", deed.label(), count(verdicts.len(), "session", "sessions"));
                let these = verdicts.clone();
                let words = format!("{} {}", deed.label(), count(applies, "session", "sessions"));
                let go = (applies > 0).then(|| view! {
                    <Button label=words weight=Weight::Primary on_press=move || perform(deed, these.clone())/>
                });
                view! { <Verdicts headline verdicts future=true on_close=close>{go}</Verdicts> }.into_any()
            }
            Stage::Done(deed, verdicts) => {
                let done = verdicts.iter().filter(|verdict| verdict.outcome.is_ok()).count();
                let headline = format!("{}: done to {done} of {}", deed.label(), count(verdicts.len(), "session", "sessions"));
                view! { <Verdicts headline verdicts future=false on_close=close/> }.into_any()
            }
        })
    };
    let deselect = move || {
        list.select_none();
        focus::give_back_soon(None, "main h1");
    };
    let export = move || workspace.export_all(list.chosen());
    let bar = move || {
        (number.get() > 0).then(|| {
            let deeds = Deed::ALL.map(|deed| view! { <Button label=format!("{}\u{2026}", deed.label()) on_press=move || foresee(deed)/> });
            let rest = move || (number.get() < shown()).then(|| view! {
                <Button label=format!("Select all {}", shown()) weight=Weight::Quiet on_press=move || list.select_all()/>
            });
            view! {
                <div class="bulk" role="group" aria-label="Selected sessions">
                    <b class="bulk-count">{move || number.get()} " selected"</b>
                    {deeds.into_iter().collect_view()}
                    <Button label="Export" glyph=Glyph::Export on_press=export/>
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
