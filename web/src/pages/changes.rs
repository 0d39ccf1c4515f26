//! Changed sessions: their diffs, the commit message and the export.
use crate::arc_eq::ArcEq;
use crate::components::button::{Button, NewSession, Weight};
use crate::components::change_history::OpenChangeHistory;
use crate::components::commit_panel::CommitPanel;
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::components::icon::{Glyph, Icon};
use crate::export::export_file::{ExportFile, command, is_new, left_out, patch};
use crate::export::message::message;
use crate::format::count;
use crate::platform::pace::yield_task;
use crate::platform::preferences::{set_split_diffs, split_diffs};
use crate::platform::width::width_of;
use crate::platform::{clock, dom};
use crate::route::Route;
use crate::store::commit::Commits;
use crate::store::export::{ExportFormat, export_name};
use crate::store::last_export::use_last_export;
use crate::store::live::use_live;
use crate::store::preferences::limits;
use crate::store::workspace::use_workspace;
use callboard_core::diff::Numstat;
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
    let (workspace, live, last_export) = (use_workspace(), use_live(), use_last_export());
    let changed = Memo::new(move |_| {
        workspace.sessions.track();
        workspace.changed().into_iter().map(ArcEq).collect::<Vec<_>>()
    });
    let number = Memo::new(move |_| changed.with(Vec::len));
    let page = NodeRef::<html::Div>::new();
    let width = width_of(page, TWO_COLUMNS);
    let wide = Memo::new(move |_| width.get() >= TWO_COLUMNS);
    let chosen = RwSignal::new(split_diffs());
    let split = Signal::derive(move || chosen.get() && wide.get());
    let files = RwSignal::new(FILES);
    let left = move || number.get().saturating_sub(files.get());
    let is_any = move || number.get() > 0;
    let export = move |format| move || workspace.export_changed(format);
    let can_save = Memo::new(move |_| live.abilities().write);
    let export_files = move || {
        let label = if number.get() == 1 { "Export file" } else { "Export ZIP" };
        let weight = if can_save.get() { Weight::Plain } else { Weight::Primary };
        view! { <Button label glyph=Glyph::Export weight on_press=export(ExportFormat::Files)/> }
    };
    let save_all = move || {
        let label = if number.get() == 1 { "Save file" } else { "Save all files" };
        can_save.get().then(|| {
            view! { <Button label glyph=Glyph::Save weight=Weight::Primary on_press=move || live.save_all()/> }
        })
    };
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
    view! {
        <div class="page changes-page" node_ref=page>
            <div class="page-head">
                <h1 tabindex="-1">"Changes"</h1>
                <span class="page-count">{move || count(number.get(), "file", "files")}</span>
                <span class="spacer"></span>
                <OpenChangeHistory/>
                <Show when=is_any>
                    <Show when=move || wide.get()><DiffLayout chosen/></Show>
                    <Button label="Export patch" on_press=export(ExportFormat::Patch)/>
                    {export_files}
                    {save_all}
                </Show>
                <NewSession/>
            </div>
            {move || last_export.get().map(|export| view! {
                <section class="notice" aria-label="Exported">
                    <div class="notice-head">
                        <p>{export.message} " You can still undo each change on its session's page."</p>
                        <Button label="Undo export" glyph=Glyph::Undo on_press=move || workspace.undo_export()/>
                        <Button label="Dismiss" weight=Weight::Quiet on_press=move || last_export.set(None)/>
                    </div>
                </section>
            })}
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
                    <p>"No changes yet. Edited sessions appear here, ready to export."</p>
                </div>
            })}
            <Show when=is_any><ExportSummary changed on_go/></Show>
            <div class="changed">
                <For
                    each=move || changed.with(|changed| changed[..changed.len().min(files.get()).min(rendered.get())].to_vec())
                    key=|entry| entry.id().to_owned()
                    children=move |entry| {
                        let id = entry.id().to_owned();
                        let now = move |changed: &Vec<ArcEq<Entry>>| changed.iter().find(|now| now.id() == id).cloned();
                        let entry = Memo::new(move |_| changed.with(&now).unwrap_or_else(|| entry.clone()));
                        view! { <ChangedFile entry split open=Signal::derive(move || number.get() <= OPEN)/> }
                    }
                />
            </div>
            {move || (left() > 0).then(|| view! {
                <button type="button" class="diff-more panel" on:click=move |_| files.update(|files| *files += FILES)>
                    {move || format!("Show {} more of {}", left().min(FILES), count(left(), "file", "files"))}
                </button>
            })}
            {use_context::<Commits>().map(|_| view! { <Show when=move || is_complete.get()><CommitPanel/></Show> })}
            <Reports/>
        </div>
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

/// The summary of an export: files, commit message and patch.
#[component]
fn ExportSummary(
    /// The changed sessions.
    changed: Memo<Vec<ArcEq<Entry>>>,
    /// Ensures that the file at an index is rendered.
    on_go: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let workspace = use_workspace();
    let files = Memo::new(move |_| {
        changed.with(|entries| entries.iter().map(|entry| ExportFile::of(entry)).collect::<Vec<_>>())
    });
    let text = Memo::new(move |_| {
        let policy = limits();
        files.with(|files| message(&files.iter().map(|file| file.change(&policy)).collect::<Vec<_>>()))
    });
    let apply = move || files.with(|files| command(files, &format!("{}.patch", export_name(clock::now()))));
    let list = move || {
        files.with(|files| {
            let items = files.iter().enumerate().map(|(at, file)| {
                let lines = file.numstat();
                let place = file.id.clone();
                let go = move |_| {
                    on_go(at);
                    let place = place.clone();
                    dom::after_render(move || dom::focus_data("session", &place));
                };
                view! {
                    <li class="export-file">
                        <button type="button" class="export-path mono" translate="no" on:click=go><bdi>{file.path.clone()}</bdi></button>
                        <Tally added=lines.added removed=lines.removed/>
                    </li>
                }
            });
            (files.len() > 1).then(|| view! { <ul class="export-list">{items.collect_view()}</ul> })
        })
    };
    view! {
        <section class="panel export-summary" aria-labelledby="handing-title">
            <div class="panel-head">
                <h2 id="handing-title">"Suggested commit message"</h2>
                <span class="head-buttons">
                    <Button
                        label="Copy message"
                        weight=Weight::Quiet
                        on_press=move || workspace.status.copy("the commit message", text.get_untracked())
                    />
                    <Button
                        label="Copy patch"
                        weight=Weight::Quiet
                        on_press=move || workspace.status.copy("the patch", files.with_untracked(|files| patch(files)))
                    />
                </span>
            </div>
            <pre class="message" translate="no" tabindex="0" aria-label="Suggested commit message">{move || text.get()}</pre>
            <p class="export-how">
                {move || match apply() {
                    Some(line) => view! { "Apply the patch at the root of the repository: " <code>{line}</code> }.into_any(),
                    None => view! {
                        "Files keep the paths you dropped. In the repository: "
                        <code>{move || format!("git apply --directory=<folder> {}.patch", export_name(clock::now()))}</code>
                        ", or unzip into that folder."
                    }.into_any(),
                }}
            </p>
            {move || files.with(|files| left_out(files)).map(|why| view! { <p class="export-how">{why}</p> })}
            {list}
        </section>
    }
}

#[component]
fn ChangedFile(
    /// The session.
    entry: Memo<ArcEq<Entry>>,
    /// True to show old and new text side by side.
    split: Signal<bool>,
    /// True to show the lines without a click.
    open: Signal<bool>,
) -> impl IntoView {
    // The diff is computed only when it is shown.
    let shown = RwSignal::new(open.get_untracked());
    let lines = move || {
        let diff = Memo::new(move |_| entry.with(|entry| TextDiff::of_session(entry, 3)));
        let label = Signal::derive(move || entry.with(|entry| format!("Lines changed in {}", entry.file())));
        view! { <DiffView diff label split/> }
    };
    let show = move || {
        let words = move || {
            let Numstat { added, removed } = entry.with(|entry| ExportFile::of(entry).numstat());
            format!("Show {}", count((added + removed) as usize, "changed line", "changed lines"))
        };
        view! { <button type="button" class="diff-more" on:click=move |_| shown.set(true)>{words}</button> }
    };
    view! {
        <section
            class="panel changed-file"
            tabindex="-1"
            data-session=entry.with_untracked(|entry| entry.id().to_owned())
            aria-label=move || entry.with(|entry| entry.file().to_owned())
        >
            {move || changed_file_head(&entry.get())}
            <Show when=move || shown.get() fallback=show>{lines}</Show>
        </section>
    }
}

/// The file of a changed session, the ways to handle it, and the changes in words.
fn changed_file_head(entry: &ArcEq<Entry>) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let file = ExportFile::of(entry);
    let Numstat { added, removed } = file.numstat();
    let (undo, export, copied) = (entry.id().to_owned(), entry.id().to_owned(), file.text.clone());
    let can_undo = entry.last().is_some();
    // A new session without further changes has nothing to undo; it can be discarded.
    let discarded = (is_new(entry) && !can_undo).then(|| entry.clone());
    let topic = entry.summary().topic.clone();
    let conflicts = entry.summary().conflict.then(|| {
        let words = if entry.record().overwrites() {
            "The file has changed: exporting would overwrite it."
        } else {
            "This session has a conflict."
        };
        (words, Route::Session(entry.id().to_owned()).href())
    });
    let undone = file.undone.iter().map(|sentence| format!("Undone: {sentence}"));
    let steps: Vec<_> =
        file.done.iter().cloned().chain(undone).map(|step| view! { <li><bdi>{step}</bdi></li> }).collect();
    view! {
        <div class="panel-head">
            <h2 class="mono break" translate="no"><bdi>{entry.path().to_owned()}</bdi></h2>
            {is_new(entry).then(|| view! { <span class="edited">"new"</span> })}
            <Tally added removed/>
            <a class="changed-topic" href=Route::Session(entry.id().to_owned()).href()>
                <bdi>{topic.unwrap_or_else(|| entry.id().to_owned())}</bdi>
            </a>
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
        {conflicts.map(|(words, href)| view! {
            <p class="conflict-line">
                <Icon glyph=Glyph::Warning/>
                <span>{words}</span>
                <a href=href>"Resolve"</a>
            </p>
        })}
        {(!steps.is_empty()).then(|| view! { <ol class="changed-steps">{steps}</ol> })}
    }
}

/// The production report for other tools.
#[component]
fn Reports() -> impl IntoView {
    let workspace = use_workspace();
    let any = Memo::new(move |_| workspace.sessions.with(|sessions| !sessions.is_empty()));
    move || {
        any.get().then(|| {
            view! {
                <section class="panel reports" aria-labelledby="reports-title">
                    <div class="panel-head">
                        <h2 id="reports-title">"Production report"</h2>
                        <span class="muted">"The dashboard's figures and one row per session."</span>
                        <span class="head-buttons">
                            <Button
                                label="CSV"
                                glyph=Glyph::Export
                                weight=Weight::Quiet
                                on_press=move || workspace.status.download_report("csv", &workspace.production_report().csv())
                            />
                            <Button
                                label="Markdown"
                                glyph=Glyph::Export
                                weight=Weight::Quiet
                                on_press=move || workspace.status.download_report("md", &workspace.production_report().markdown())
                            />
                            <Button
                                label="Copy as Markdown"
                                weight=Weight::Quiet
                                on_press=move || workspace.status.copy("the report", workspace.production_report().markdown())
                            />
                        </span>
                    </div>
                </section>
            }
        })
    }
}
