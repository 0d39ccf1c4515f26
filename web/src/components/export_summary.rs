//! The summary of the changes: the commit message, how to apply them, and the files.
use super::button::{Button, Weight};
use super::diff_view::Tally;
use super::icon::{Glyph, Icon};
use super::prepared_files::PreparedFiles;
use super::show_more::ShowMore;
use crate::arc_eq::ArcEq;
use crate::export::export_file::{ExportFile, command, left_out, patch};
use crate::export::message::{SUBJECT, message};
use crate::export::prepared::PreparedFile;
use crate::platform::{clock, dom};
use crate::store::export::export_name;
use crate::store::last_export::use_last_export;
use crate::store::review::use_review;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// Number of files listed at once, and added per click.
const LISTED: usize = 150;

/// The summary.
#[component]
pub fn ExportSummary(
    /// The changed files.
    prepared: PreparedFiles,
    /// Ensures that the file at an index is rendered.
    on_go: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let workspace = use_workspace();
    let files = move || {
        prepared.files.with_untracked(|files| files.iter().map(|file| file.file.clone()).collect::<Vec<ExportFile>>())
    };
    let how = Memo::new(move |_| {
        prepared.files.track();
        let files = files();
        (command(&files, &format!("{}.patch", export_name(clock::now()))), left_out(&files))
    });
    let copy_patch = move || workspace.status.copy("the patch", patch(&files()));
    view! {
        <section class="panel export-summary" aria-labelledby="message-title">
            <Message prepared copy_patch/>
            <p class="export-how">
                {move || match how.get().0 {
                    Some(line) => view! { "Apply the patch at the root of the repository: " <code>{line}</code> }.into_any(),
                    None => view! {
                        "Files keep the paths you dropped. In the repository: "
                        <code>{move || format!("git apply --directory=<folder> {}.patch", export_name(clock::now()))}</code>
                        ", or unzip into that folder."
                    }.into_any(),
                }}
            </p>
            {move || how.get().1.map(|why| view! { <p class="export-how">{why}</p> })}
            <FileList prepared on_go/>
        </section>
    }
}

/// The commit message: the suggested one, until it is edited.
#[component]
fn Message(
    /// The changed files.
    prepared: PreparedFiles,
    /// Copies the patch.
    copy_patch: impl Fn() + 'static,
) -> impl IntoView {
    let workspace = use_workspace();
    let exports = use_last_export();
    let suggestion = Memo::new(move |_| {
        prepared.files.with(|files| message(&files.iter().map(|file| file.change.clone()).collect::<Vec<_>>()))
    });
    let text = Memo::new(move |_| exports.typed.get().unwrap_or_else(|| suggestion.get()));
    let first = Memo::new(move |_| text.with(|text| text.lines().next().map_or(0, |line| line.chars().count())));
    let is_edited = Memo::new(move |_| {
        exports.typed.with(|typed| typed.as_ref().is_some_and(|typed| suggestion.with(|text| text != typed)))
    });
    let use_suggestion = move || {
        exports.set_typed(None);
        dom::focus("#export-message");
    };
    view! {
        <div class="panel-head">
            <h2 id="message-title"><label for="export-message">"Commit message"</label></h2>
            <span id="export-length" class="field-unit" class:commit-long=move || { first.get() > SUBJECT }>
                {move || format!("First line: {} of {SUBJECT} characters", first.get())}
            </span>
            <span class="head-buttons">
                <Show when=move || is_edited.get()>
                    <Button label="Use suggestion" weight=Weight::Quiet on_press=use_suggestion/>
                </Show>
                <Button
                    label="Copy message"
                    glyph=Glyph::Copy
                    weight=Weight::Quiet
                    on_press=move || workspace.status.copy("the commit message", text.get_untracked())
                />
                <Button label="Copy patch" weight=Weight::Quiet on_press=copy_patch/>
            </span>
        </div>
        <textarea
            id="export-message"
            class="message mono"
            translate="no"
            rows="6"
            autocomplete="off"
            spellcheck="false"
            aria-describedby="export-length"
            aria-busy=move || (!prepared.is_complete.get()).to_string()
            prop:value=move || text.get()
            on:input:target=move |event| {
                let typed = event.target().value();
                let is_suggestion = typed.trim().is_empty() || suggestion.with_untracked(|text| *text == typed);
                exports.set_typed((!is_suggestion).then_some(typed));
            }
        ></textarea>
    }
}

/// The files, each with a link to its lines.
#[component]
fn FileList(
    /// The changed files.
    prepared: PreparedFiles,
    /// Ensures that the file at an index is rendered.
    on_go: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let review = use_review();
    let asked = RwSignal::new(LISTED);
    let total = Memo::new(move |_| prepared.files.with(Vec::len));
    let each = move || prepared.files.with(|files| files[..files.len().min(asked.get())].to_vec());
    // A row stays where its file changes.
    let row = move |file: ArcEq<PreparedFile>| {
        let id = StoredValue::new(file.file.id.clone());
        let file = Memo::new(move |_| {
            let is_same = |now: &&ArcEq<PreparedFile>| id.with_value(|id| now.file.id == *id);
            prepared.files.with(|files| files.iter().find(is_same).cloned()).unwrap_or_else(|| file.clone())
        });
        let go = move |_| {
            let is_same = |now: &ArcEq<PreparedFile>| id.with_value(|id| now.file.id == *id);
            if let Some(at) = prepared.files.with_untracked(|files| files.iter().position(is_same)) {
                on_go(at);
            }
            // The row may be gone by then.
            let id = id.get_value();
            dom::after_render(move || dom::focus_data("session", &id));
        };
        let mark = move || {
            file.with(|file| review.is_viewed(&file.file.id, &file.key)).then(|| {
                view! { <span class="export-viewed"><Icon glyph=Glyph::Complete/><span class="sr-only">"viewed"</span></span> }
            })
        };
        view! {
            <li class="export-file">
                <button type="button" class="export-path mono" translate="no" on:click=go>
                    <bdi>{move || file.with(|file| file.file.path.clone())}</bdi>
                </button>
                {mark}
                {move || file.with(|file| view! { <Tally added=file.lines.added removed=file.lines.removed/> })}
            </li>
        }
    };
    view! {
        <Show when=move || { total.get() > 1 }>
            <ul class="export-list">
                <For each key=|file| file.file.id.clone() children=row/>
            </ul>
            <ShowMore asked step=LISTED total names=("file", "files")/>
        </Show>
    }
}
