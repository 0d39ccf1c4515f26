//! What was done last, with the way back.
use super::button::{Button, Weight};
use super::icon::Glyph;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// One line at the foot of the window. It stays until something else happens.
#[component]
pub fn StatusLine() -> impl IntoView {
    let workspace = use_workspace();
    let text = move || workspace.said.get().map(|said| said.text);
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
        <footer class="status" class:status-empty=move || workspace.said.get().is_none()>
            <p class="status-text" role="status">{text}</p>
            {undo}
            {put_back}
            <p class="status-promise">"Files stay on this machine"</p>
        </footer>
    }
}
