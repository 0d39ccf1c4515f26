//! The status line: the last message with its undo, and a successful import.
use super::button::{Button, Weight};
use super::change_history::OpenChangeHistory;
use super::icon::Glyph;
use super::import_report::ImportStatus;
use crate::store::import::use_imports;
use crate::store::last_export::use_last_export;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// One line at the bottom of the window.
#[component]
pub fn StatusLine() -> impl IntoView {
    let workspace = use_workspace();
    let (imports, last_export) = (use_imports(), use_last_export());
    let text = move || workspace.status.get().map(|message| message.text);
    let import = Memo::new(move |_| imports.open.get() && imports.went_well());
    let is_empty = move || !import.get() && workspace.status.get().is_none();
    let undo = move || {
        let undo = workspace.status.get()?.undo?;
        Some(view! {
            <Button
                label="Undo"
                glyph=Glyph::Undo
                weight=Weight::Quiet
                key_hint="u"
                on_press=move || workspace.undo_action(undo.clone())
            />
        })
    };
    let undo_export = move || {
        let shown = workspace.status.get()?;
        let is_last = |text: &str| {
            last_export.last.with(|last| last.as_ref().is_some_and(|it| it.export.is_some() && it.message == text))
        };
        is_last(&shown.text).then(|| {
            view! {
                <Button
                    label="Undo export"
                    glyph=Glyph::Undo
                    weight=Weight::Quiet
                    on_press=move || workspace.undo_export()
                />
            }
        })
    };
    view! {
        <footer class="status" class:status-empty=is_empty>
            <p class="status-text" role="status">{text}</p>
            {undo}
            {undo_export}
            <ImportStatus shown=import/>
            <div class="status-history"><OpenChangeHistory/></div>
            <p class="status-promise">"Files stay on this machine"</p>
        </footer>
    }
}
