//! The last action and its undo, or an import that went well.
use super::button::{Button, Weight};
use super::icon::Glyph;
use super::import_report::{ImportSaid, headline};
use crate::store::report::Report;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// One line at the foot of the window. It stays until something else happens.
#[component]
pub fn StatusLine() -> impl IntoView {
    let workspace = use_workspace();
    // An import that went well is said as quietly as anything else, until something else is.
    let import = Memo::new(move |_| {
        workspace.said.with(Option::is_none)
            && workspace.report_open.get()
            && workspace.report.with(|report| report.as_ref().is_some_and(Report::went_well))
    });
    let text = move || {
        if import.get() {
            return workspace.report.with(|report| report.as_ref().map(headline));
        }
        workspace.said.get().map(|said| said.text)
    };
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
            <p class="status-text" class:import-outcome=move || import.get() role="status">{text}</p>
            <ImportSaid shown=import/>
            {undo}
            {put_back}
            <p class="status-promise">"Files stay on this machine"</p>
        </footer>
    }
}
