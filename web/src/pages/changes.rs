//! Changed sessions: their diffs, the commit message and the export.
use crate::arc_eq::ArcEq;
use crate::components::button::{Button, NewSession, ReportLink, SaveButton, Weight};
use crate::components::change_history::OpenChangeHistory;
use crate::components::changed_file::ChangedFile;
use crate::components::commit_panel::CommitPanel;
use crate::components::export_note::ExportedNotice;
use crate::components::export_summary::ExportSummary;
use crate::components::icon::{Glyph, Icon};
use crate::components::prepared_files::PreparedFiles;
use crate::export::prepared::PreparedFile;
use crate::format::count;
use crate::platform::pace::yield_task;
use crate::platform::preferences::{set_split_diffs, split_diffs};
use crate::platform::width::width_of;
use crate::store::commit::Commits;
use crate::store::export::ExportFormat;
use crate::store::last_export::use_last_export;
use crate::store::live::use_live;
use crate::store::review::use_review;
use crate::store::workspace::use_workspace;
use callboard_workspace::Entry;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Width in CSS pixels below which two columns are too narrow to read.
const TWO_COLUMNS: f64 = 840.0;

/// Number of files up to which their lines are shown without a click.
const OPEN: usize = 10;

/// Number of files shown at once, and added per click.
const FILES: usize = 50;

/// Number of files that are rendered in one task.
const AT_ONCE: usize = 2;

/// The page of changed sessions.
#[component]
pub fn Changes() -> impl IntoView {
    let (workspace, live, review, exports) = (use_workspace(), use_live(), use_review(), use_last_export());
    let changed = Memo::new(move |_| {
        workspace.sessions.track();
        workspace.changed().into_iter().map(ArcEq).collect::<Vec<_>>()
    });
    let number = Memo::new(move |_| changed.with(Vec::len));
    let prepared = PreparedFiles::follow(changed);
    let page = NodeRef::<html::Div>::new();
    let width = width_of(page, TWO_COLUMNS);
    let wide = Memo::new(move |_| width.get() >= TWO_COLUMNS);
    let chosen = RwSignal::new(split_diffs());
    let split = Signal::derive(move || chosen.get() && wide.get());
    let files = RwSignal::new(FILES);
    let left = move || number.get().saturating_sub(files.get());
    let is_any = Memo::new(move |_| number.get() > 0);
    let export = move |format| move || workspace.export_changed(format);
    let can_save = Memo::new(move |_| live.abilities().write);
    let export_files = move || {
        let label = if number.get() == 1 { "Export file" } else { "Export ZIP" };
        let weight = if can_save.get() { Weight::Plain } else { Weight::Primary };
        view! { <Button label glyph=Glyph::Export weight on_press=export(ExportFormat::Files)/> }
    };
    let save_label = Signal::derive(move || if number.get() == 1 { "Save file" } else { "Save all files" });
    Effect::new(move |_| review.fold_by_default(number.get() > OPEN));
    // The files come in tasks of their own, then the commit, so that none blocks the page.
    let rendered = RwSignal::new(0);
    let wanted = Memo::new(move |_| number.get().min(files.get()));
    let is_complete = Memo::new(move |before| before == Some(&true) || rendered.get() >= wanted.get());
    Effect::new(move |_| {
        let (now, wanted) = (rendered.get(), wanted.get());
        if now < wanted {
            spawn_local(async move {
                yield_task().await;
                // The page may have been left meanwhile.
                let _ = rendered.try_update(|rendered| *rendered = (*rendered).max(wanted.min(now + AT_ONCE)));
            });
        }
    });
    let on_go = move |at: usize| {
        files.update(|files| *files = (*files).max(at + 1));
        rendered.update(|rendered| *rendered = (*rendered).max(at + 1));
    };
    Effect::new(move |_| {
        if review.is_restarting.get() && wanted.get_untracked() > OPEN {
            rendered.set(0);
        }
    });
    view! {
        <div class="page changes-page" node_ref=page>
            <div class="page-head">
                <h1 tabindex="-1">"Changes"</h1>
                <span class="page-count">{move || count(number.get(), "file", "files")}</span>
                <span class="spacer"></span>
                <OpenChangeHistory/>
                <Show when=move || is_any.get()>
                    <Button label="Export patch" on_press=export(ExportFormat::Patch)/>
                    {export_files}
                    <Show when=move || can_save.get()>
                        <SaveButton label=save_label on_press=move || live.save_all()/>
                    </Show>
                </Show>
                <ReportLink/>
                <NewSession/>
            </div>
            <ExportedNotice changed/>
            {move || {
                let conflicts = changed.with(|changed| changed.iter().filter(|entry| entry.summary().conflict).count());
                (conflicts > 0 && number.get() > 1).then(|| view! {
                    <p class="panel conflict-line">
                        <Icon glyph=Glyph::Warning/>
                        <span>{format!("{conflicts} of {} sessions have a conflict. Resolve them before exporting.", number.get())}</span>
                    </p>
                })
            }}
            {move || (number.get() == 0 && workspace.ready.get()).then(|| view! {
                <div class="empty">
                    <p>
                        {move || if exports.last.with(Option::is_some) {
                            "Nothing left to export."
                        } else {
                            "No changes yet. Edited sessions appear here, ready to export."
                        }}
                    </p>
                </div>
            })}
            <Show when=move || is_any.get()>
                <ExportSummary prepared on_go/>
                <div class="review-bar">
                    <ViewedProgress prepared number/>
                    <span class="spacer"></span>
                    <Show when=move || { number.get() > 1 }><FoldAll/></Show>
                    <Show when=move || wide.get()><DiffLayout chosen/></Show>
                </div>
            </Show>
            <div class="changed">
                <For
                    each=move || changed.with(|changed| changed[..changed.len().min(files.get()).min(rendered.get())].to_vec())
                    key=|entry| entry.id().to_owned()
                    children=move |entry| {
                        let id = entry.id().to_owned();
                        let now = move |changed: &Vec<ArcEq<Entry>>| changed.iter().find(|now| now.id() == id).cloned();
                        let entry = Memo::new(move |_| changed.with(&now).unwrap_or_else(|| entry.clone()));
                        view! { <ChangedFile entry prepared split/> }
                    }
                />
            </div>
            {move || (left() > 0).then(|| view! {
                <button type="button" class="diff-more panel" on:click=move |_| files.update(|files| *files += FILES)>
                    {move || format!("Show {} more of {}", left().min(FILES), count(left(), "file", "files"))}
                </button>
            })}
            {use_context::<Commits>().map(|_| view! { <Show when=move || is_complete.get()><CommitPanel/></Show> })}
        </div>
    }
}

/// The number of files that were viewed, of all.
#[component]
fn ViewedProgress(
    /// The files.
    prepared: PreparedFiles,
    /// The number of changed files.
    number: Memo<usize>,
) -> impl IntoView {
    let review = use_review();
    let viewed = Memo::new(move |_| {
        let is_viewed = |file: &&ArcEq<PreparedFile>| review.is_viewed(&file.file.id, &file.key);
        prepared.files.with(|files| files.iter().filter(is_viewed).count())
    });
    view! {
        <span class="viewed-progress">
            <progress
                aria-label="Files viewed"
                max=move || number.get().max(1).to_string()
                value=move || viewed.get().to_string()
            ></progress>
            <span class="viewed-count">{move || format!("{} of {} viewed", viewed.get(), number.get())}</span>
        </span>
    }
}

/// A button that folds or unfolds all files.
#[component]
fn FoldAll() -> impl IntoView {
    let review = use_review();
    view! {
        <button type="button" class="button fold-all" on:click=move |_| review.toggle_all()>
            {move || if review.are_all_folded() { "Unfold all" } else { "Fold all" }}
        </button>
    }
}

/// The choice between unified and split diffs, which is stored.
#[component]
fn DiffLayout(
    /// True for two columns.
    chosen: RwSignal<bool>,
) -> impl IntoView {
    let choices = [(false, "Unified"), (true, "Split")].map(|(split, label)| {
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="diff"
                    class="sr-only"
                    prop:checked=move || chosen.get() == split
                    on:change=move |_| {
                        chosen.set(split);
                        set_split_diffs(split);
                    }
                />
                <span>{label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segments">
            <legend class="sr-only">"Diff layout"</legend>
            {choices.into_iter().collect_view()}
        </fieldset>
    }
}
