//! A changed file: its head, which stays in view, the changes in words, and its lines.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, TextDiff};
use super::icon::{Glyph, Icon};
use super::prepared_files::PreparedFiles;
use crate::arc_eq::ArcEq;
use crate::export::export_file::is_new;
use crate::export::prepared::PreparedFile;
use crate::format::count;
use crate::route::Route;
use crate::store::review::use_review;
use crate::store::workspace::use_workspace;
use callboard_workspace::Entry;
use leptos::prelude::*;

/// A changed file.
#[component]
pub fn ChangedFile(
    /// The session.
    entry: Memo<ArcEq<Entry>>,
    /// The changed files.
    prepared: PreparedFiles,
    /// True to show old and new text side by side.
    split: Signal<bool>,
) -> impl IntoView {
    let review = use_review();
    let id = StoredValue::new(entry.with_untracked(|entry| entry.id().to_owned()));
    let file = Memo::new(move |_| entry.with(|entry| prepared.of(entry)));
    let is_folded = Memo::new(move |_| id.with_value(|id| file.with(|file| review.is_folded(id, &file.key))));
    // The diff is computed only when it is shown.
    let lines = move || {
        let diff = Memo::new(move |_| entry.with(|entry| TextDiff::of_session(entry, 3)));
        let label = Signal::derive(move || entry.with(|entry| format!("Lines changed in {}", entry.file())));
        view! { <DiffView diff label split/> }
    };
    let unfold = move || {
        let words = move || {
            let lines = file.with(|file| file.lines);
            format!("Show {}", count((lines.added + lines.removed) as usize, "changed line", "changed lines"))
        };
        let show = move |_| id.with_value(|id| review.set_folded(id, false));
        view! { <button type="button" class="diff-more" on:click=show>{words}</button> }
    };
    let is_viewed = Memo::new(move |_| id.with_value(|id| file.with(|file| review.is_viewed(id, &file.key))));
    // Of a viewed file, the head says enough.
    let is_done = Memo::new(move |_| is_viewed.get() && is_folded.get());
    view! {
        <section
            class="panel changed-file"
            class:file-viewed=is_viewed
            tabindex="-1"
            data-session=id.get_value()
            aria-label=move || entry.with(|entry| entry.file().to_owned())
        >
            <div class="panel-head file-head">
                <FileBar entry file is_folded/>
                {move || file_tools(&entry.get(), &file.get())}
            </div>
            <Show when=move || !is_done.get()>
                {move || notes(&entry.get(), &file.get())}
                <Show when=move || !is_folded.get() fallback=unfold>{lines}</Show>
            </Show>
        </section>
    }
}

/// The fold, the path, the line counts, and the check box of a viewed file.
#[component]
fn FileBar(
    /// The session.
    entry: Memo<ArcEq<Entry>>,
    /// The file.
    file: Memo<ArcEq<PreparedFile>>,
    /// True while the lines are hidden.
    is_folded: Memo<bool>,
) -> impl IntoView {
    let (workspace, review) = (use_workspace(), use_review());
    let id = StoredValue::new(entry.with_untracked(|entry| entry.id().to_owned()));
    let path = Memo::new(move |_| entry.with(|entry| entry.path().to_owned()));
    let name = move || entry.with(|entry| entry.file().to_owned());
    let is_new = Memo::new(move |_| entry.with(|entry| is_new(entry)));
    let is_viewed = Memo::new(move |_| id.with_value(|id| file.with(|file| review.is_viewed(id, &file.key))));
    let view_file = move |event: leptos::ev::Event| {
        let key = file.with_untracked(|file| file.key.clone());
        let is_changed = |id: &str| workspace.entry_now(id).is_some_and(|entry| entry.changed());
        id.with_value(|id| review.set_viewed(id, key, event_target_checked(&event), is_changed));
    };
    view! {
        <div class="file-bar">
            <button
                type="button"
                class="button button-quiet button-icon file-fold"
                aria-expanded=move || (!is_folded.get()).to_string()
                aria-label=move || format!("Lines of {}", name())
                on:click=move |_| id.with_value(|id| review.set_folded(id, !is_folded.get_untracked()))
            >
                {move || view! { <Icon glyph=if is_folded.get() { Glyph::Next } else { Glyph::Unfolded }/> }}
            </button>
            <h2 class="mono break" translate="no"><bdi>{path}</bdi></h2>
            {move || is_new.get().then(|| view! { <span class="edited">"new"</span> })}
            {move || file.with(|file| view! { <Tally added=file.lines.added removed=file.lines.removed/> })}
            <label class="file-view">
                <input
                    type="checkbox"
                    aria-label=move || format!("Viewed: {}", name())
                    prop:checked=is_viewed
                    on:change=view_file
                />
                <span>"Viewed"</span>
            </label>
        </div>
    }
}

/// The session, and what can be done with the file.
fn file_tools(entry: &ArcEq<Entry>, file: &PreparedFile) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let (undo, export, copied) = (entry.id().to_owned(), entry.id().to_owned(), file.file.text.clone());
    let can_undo = entry.last().is_some();
    // A new session without further changes has nothing to undo; it can be discarded.
    let discarded = (is_new(entry) && !can_undo).then(|| entry.clone());
    let topic = entry.summary().topic.clone().unwrap_or_else(|| entry.id().to_owned());
    view! {
        <div class="file-tools">
            <a class="changed-topic" href=Route::Session(entry.id().to_owned()).href()><bdi>{topic}</bdi></a>
            <span class="head-buttons">
                {can_undo.then(|| view! {
                    <Button label="Undo" glyph=Glyph::Undo weight=Weight::Quiet on_press=move || workspace.undo(&undo)/>
                })}
                {discarded.map(|seen| view! {
                    <Button label="Discard" glyph=Glyph::Undo weight=Weight::Quiet on_press=move || workspace.discard(seen.clone())/>
                })}
                <Button
                    label="Copy text"
                    weight=Weight::Quiet
                    on_press=move || workspace.status.copy("the file's text", copied.to_string())
                />
                <Button
                    label="Export"
                    glyph=Glyph::Export
                    weight=Weight::Quiet
                    on_press=move || workspace.export(&export)
                />
            </span>
        </div>
    }
}

/// The conflict of a session, and its changes in words.
fn notes(entry: &ArcEq<Entry>, file: &PreparedFile) -> impl IntoView + use<> {
    let conflict = entry.summary().conflict.then(|| {
        let words = if entry.record().overwrites() {
            "The file has changed: exporting would overwrite it."
        } else {
            "This session has a conflict."
        };
        view! {
            <p class="conflict-line">
                <Icon glyph=Glyph::Warning/>
                <span>{words}</span>
                <a href=Route::Session(entry.id().to_owned()).href()>"Resolve"</a>
            </p>
        }
    });
    let undone = file.file.undone.iter().map(|sentence| format!("Undone: {sentence}"));
    let steps: Vec<_> =
        file.file.done.iter().cloned().chain(undone).map(|step| view! { <li><bdi>{step}</bdi></li> }).collect();
    let steps = (!steps.is_empty()).then(|| view! { <ol class="changed-steps">{steps}</ol> });
    view! { {conflict} {steps} }
}
