//! The last export or save: what it was, and the message to commit it with.
use super::button::{Button, Weight};
use super::diff_view::Tally;
use super::icon::Glyph;
use crate::arc_eq::ArcEq;
use crate::format::count;
use crate::store::last_export::{ExportNote, use_last_export};
use crate::store::live::use_live;
use crate::store::workspace::use_workspace;
use callboard_workspace::Entry;
use leptos::prelude::*;

/// Number of files that are listed.
const LISTED: usize = 150;

/// The notice, until it is dismissed. Its message folds once there are new changes.
#[component]
pub fn ExportedNotice(
    /// The changed sessions.
    changed: Memo<Vec<ArcEq<Entry>>>,
) -> impl IntoView {
    let (workspace, live, exports) = (use_workspace(), use_live(), use_last_export());
    let sentence = Memo::new(move |_| {
        exports.last.with(|last| {
            let last = last.as_ref()?;
            // A source that commits has a message of its own.
            let is_shown = last.export.is_some() || !live.abilities().commit;
            is_shown.then(|| last.message.clone())
        })
    });
    let can_undo =
        Memo::new(move |_| exports.last.with(|last| last.as_ref().is_some_and(|last| last.export.is_some())));
    let note = Memo::new(move |_| exports.last.with(|last| last.as_ref()?.note.clone()));
    let is_fresh = Memo::new(move |_| {
        let revisions = || changed.with(|changed| changed.iter().map(|entry| entry.revision()).collect::<Vec<_>>());
        exports.last.with(|last| last.as_ref().is_some_and(|last| !last.is_outdated(revisions().into_iter())))
    });
    move || {
        sentence.get().map(|sentence| {
            view! {
                <section class="notice exported" aria-label="Exported">
                    <div class="notice-head">
                        <p>
                            {sentence}
                            {move || can_undo.get().then_some(" You can still undo each change on its session's page.")}
                        </p>
                        {move || can_undo.get().then(|| view! {
                            <Button label="Undo export" glyph=Glyph::Undo on_press=move || workspace.undo_export()/>
                        })}
                        <Button label="Dismiss" weight=Weight::Quiet on_press=move || exports.dismiss()/>
                    </div>
                    {move || note.get().map(|note| view! { <Note note is_fresh/> })}
                </section>
            }
        })
    }
}

/// The commit message of an export, and its files.
#[component]
fn Note(
    /// The note.
    note: ExportNote,
    /// True while nothing else has changed.
    is_fresh: Memo<bool>,
) -> impl IntoView {
    let status = use_workspace().status;
    let copied = note.message.clone();
    let number = note.files.len();
    let rest = number.saturating_sub(LISTED);
    let (added, removed) = note.files.iter().fold((0, 0), |sum, file| (sum.0 + file.1, sum.1 + file.2));
    let rows = note.files.iter().take(LISTED).map(|(path, added, removed)| {
        view! {
            <li class="export-file">
                <bdi class="mono break" translate="no">{path.clone()}</bdi>
                <Tally added=*added removed=*removed/>
            </li>
        }
    });
    view! {
        <details class="fold export-note" prop:open=move || is_fresh.get()>
            <summary>"Commit message"</summary>
            <div class="export-note-body">
                <pre class="message mono" translate="no" tabindex="0" aria-label="Commit message of the export">{note.message.clone()}</pre>
                <div class="export-note-tools">
                    <Button
                        label="Copy message"
                        glyph=Glyph::Copy
                        on_press=move || status.copy("the commit message", copied.clone())
                    />
                    {note.command.clone().map(|command| view! { <code>{command}</code> })}
                </div>
            </div>
        </details>
        <details class="fold export-note">
            <summary>{count(number, "file", "files")} " " <Tally added removed/></summary>
            <ul class="export-list">
                {rows.collect_view()}
                {(rest > 0).then(|| view! { <li class="export-file muted">{format!("and {rest} more")}</li> })}
            </ul>
        </details>
    }
}
