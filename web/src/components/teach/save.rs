//! The shape's title, and the buttons that keep and export it.
use super::{Teaching, Trial, Tried};
use crate::arc_eq::ArcEq;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::format::count;
use crate::platform::download::download;
use crate::route::Route;
use crate::store::library::use_library;
use crate::store::workspace::use_workspace;
use callboard_core::import::Shape;
use callboard_workspace::{ReadOnlySession, ShapeTrial};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// A shape that was kept.
#[derive(Clone, Debug, PartialEq)]
struct SavedShape {
    name: String,
    /// Its definition: what was kept is said until something changes.
    text: String,
    /// The number of sessions that it makes now.
    sessions: usize,
}

/// The form that ends the teaching.
#[component]
pub fn SaveShape(
    /// The state of the page.
    teaching: Teaching,
) -> impl IntoView {
    let (library, workspace) = (use_library(), use_workspace());
    let kept = RwSignal::new(None::<SavedShape>);
    let saving = RwSignal::new(false);
    let tried = move || match teaching.trial.get() {
        Trial::Tried(ArcEq(tried)) if matches!(tried.trial, ShapeTrial::Sessions(_)) => Some(tried),
        _ => None,
    };
    let save = move || {
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        spawn_local(async move {
            if !teaching.settle().await {
                return;
            }
            let Some(tried) = untrack(tried) else { return saving.set(false) };
            let shape = &tried.shape;
            library.keep_shape(shape).await;
            let name = shape.name().to_owned();
            let sessions = library.assembled.with_untracked(|assembled| {
                let is_of = |session: &&Arc<ReadOnlySession>| {
                    let shapes = session.foreign_session().map(|session| &session.shapes);
                    shapes.is_some_and(|shapes| shapes.iter().any(|known| **known == *name))
                };
                assembled.sessions.iter().filter(is_of).count()
            });
            let words = count(sessions, "session", "sessions");
            workspace.status.set(format!("Callboard now reads files of this shape: {words}."), None);
            // The page may be gone by now.
            let _ = teaching.draft.try_update(|draft| draft.name = Some(name.clone()));
            let _ = kept.try_set(Some(SavedShape { name, text: shape.text().to_owned(), sessions }));
            let _ = saving.try_set(false);
        });
    };
    let shown = move || kept.get().filter(|kept| tried().is_some_and(|tried| tried.shape.text() == kept.text));
    let export = move || {
        spawn_local(async move {
            if teaching.settle().await
                && let Some(tried) = untrack(tried)
            {
                workspace.status.set(export(&tried.shape), None);
            }
        });
    };
    let lacks = move || match teaching.trial.get() {
        // At first the preview says it alone.
        Trial::Missing(why) => Some(why).filter(|_| teaching.draft.with(|draft| !draft.is_empty())),
        Trial::Tried(ArcEq(tried)) => refusal(&tried),
        Trial::Pending => None,
    };
    view! {
        <section class="panel teach-panel" aria-labelledby="teach-save">
            <div class="panel-head"><h2 id="teach-save">"3. Save the shape"</h2></div>
            <div class="panel-body teach-save">
                <div class="field">
                    <label for="teach-title">"Title"</label>
                    <span class="field-box">
                        <input
                            id="teach-title"
                            type="text"
                            autocomplete="off"
                            prop:value=move || teaching.draft.with(|draft| draft.title.clone())
                            on:input:target=move |event| {
                                let title = event.target().value();
                                teaching.draft.update(|draft| draft.title = title);
                            }
                        />
                    </span>
                </div>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=move || teaching.draft.with(|draft| draft.lists_every_stage)
                        on:change:target=move |event| {
                            let checked = event.target().checked();
                            teaching.draft.update(|draft| draft.lists_every_stage = checked);
                        }
                    />
                    <span>"Every stage is listed in the file"</span>
                </label>
                <p class="muted">"Needed for progress in percent: stages that the file does not list would not be counted."</p>
                <div class="teach-buttons">
                    {move || tried().is_some().then(|| view! {
                        <Button label="Save shape" weight=Weight::Primary on_press=save/>
                        <Button label="Export" glyph=Glyph::Export on_press=export/>
                    })}
                    {move || lacks().map(|why| view! { <p class="teach-missing">{why}</p> })}
                </div>
                <div role="status">
                    {move || saving.get().then(|| view! { <p class="muted">"Saving\u{2026}"</p> })}
                    {move || shown().map(|SavedShape { name, sessions, .. }| view! {
                        <p class="teach-kept">
                            "Callboard now reads files of this shape: "
                            <a href=Route::sessions_where("q", &name)>{count(sessions, "session", "sessions")}</a>
                            "."
                        </p>
                    })}
                </div>
            </div>
        </section>
    }
}

/// The reason why a shape cannot be kept.
fn refusal(tried: &Tried) -> Option<String> {
    match &tried.trial {
        ShapeTrial::Sessions(_) => None,
        ShapeTrial::Other { title, .. } => Some(format!("Your shape \u{201c}{title}\u{201d} still reads this file.")),
        ShapeTrial::Unread(why) => Some(why.clone()),
    }
}

/// Downloads the definition of a shape. Returns the message.
pub(super) fn export(shape: &Shape) -> String {
    let name = shape.file_name();
    match download(&name, shape.text()) {
        Ok(()) => format!("Downloaded {name}. Drop it with a folder to read its files."),
        Err(why) => format!("{name} was not downloaded: {why}"),
    }
}
