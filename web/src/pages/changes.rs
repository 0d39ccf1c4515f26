//! What will be handed back: every session whose text differs from its file's.
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{DiffView, Tally, tally};
use crate::components::icon::Glyph;
use crate::format::count;
use crate::route::Route;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use leptos::prelude::*;

/// The changed files, each with its diff.
#[component]
pub fn Changes() -> impl IntoView {
    let workspace = use_workspace();
    let changed =
        Memo::new(move |_| workspace.shelf.with(|shelf| shelf.changed().cloned().map(Same).collect::<Vec<_>>()));
    let number = move || changed.with(Vec::len);
    view! {
        <div class="page">
            <div class="page-head">
                <h1 tabindex="-1">"Changes"</h1>
                <span class="page-count">{move || count(number(), "file", "files")}</span>
                <span class="spacer"></span>
                {move || (number() > 1).then(|| view! {
                    <Button label="Export all" glyph=Glyph::Export on_press=move || workspace.export_changed()/>
                })}
            </div>
            {move || (number() == 0 && workspace.ready.get()).then(|| view! {
                <div class="empty">
                    <p>"Nothing is changed. When you move a session on, its file waits here with the lines that differ."</p>
                </div>
            })}
            <div class="changed">
                <For
                    each=move || changed.get()
                    key=|entry| entry.revision()
                    children=|entry| view! { <ChangedFile entry/> }
                />
            </div>
        </div>
    }
}

#[component]
fn ChangedFile(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let workspace = use_workspace();
    let lines = entry.diff();
    let (added, removed) = tally(&lines);
    let (undo, export) = (entry.id().to_owned(), entry.id().to_owned());
    let can_undo = entry.last().is_some();
    let topic = entry.summary().topic.clone();
    view! {
        <section class="panel changed-file" data-session=entry.id().to_owned() aria-label=entry.file().to_owned()>
            <div class="panel-head">
                <h2 class="mono break">{entry.path()}</h2>
                <Tally added removed/>
                <a class="changed-topic" href=Route::Session(entry.id().to_owned()).href()>
                    {topic.unwrap_or_else(|| entry.id().to_owned())}
                </a>
                <span class="head-buttons">
                    {can_undo.then(|| view! {
                        <Button label="Undo" glyph=Glyph::Undo weight=Weight::Quiet on_press=move || workspace.undo(&undo)/>
                    })}
                    <Button label="Export" glyph=Glyph::Export on_press=move || workspace.export(&export)/>
                </span>
            </div>
            <DiffView lines label=format!("Lines changed in {}", entry.file())/>
        </section>
    }
}
