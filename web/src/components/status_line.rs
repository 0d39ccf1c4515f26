//! The last action and its undo, and an import that went well.
use super::button::{Button, Weight};
use super::icon::Glyph;
use super::import_report::ImportSaid;
use crate::store::report::Report;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// One line at the foot of the window. It stays until something else happens.
#[component]
pub fn StatusLine() -> impl IntoView {
    let workspace = use_workspace();
    let text = move || workspace.said.get().map(|said| said.text);
    let import = Memo::new(move |_| {
        workspace.report_open.get() && workspace.report.with(|report| report.as_ref().is_some_and(Report::went_well))
    });
    let is_empty = move || !import.get() && workspace.said.with(Option::is_none);
    let undo = move || {
        let back = workspace.said.get()?.undo?;
        Some(view! {
            <Button
                label="Undo"
                glyph=Glyph::Undo
                weight=Weight::Quiet
                key_hint="u"
                on_press=move || workspace.go_back(back.clone())
            />
        })
    };
    let put_back = move || {
        let handed = workspace.handed.get()?;
        let said = workspace.said.get()?;
        (handed.said == said.text).then(|| {
            view! {
                <Button
                    label="Put back in the tray"
                    glyph=Glyph::Undo
                    weight=Weight::Quiet
                    on_press=move || workspace.put_back()
                />
            }
        })
    };
    view! {
        <footer class="status" class:status-empty=is_empty>
            <p class="status-text" role="status">{text}</p>
            {undo}
            {put_back}
            <ImportSaid shown=import/>
            <p class="status-promise">"Files stay on this machine"</p>
        </footer>
    }
}
