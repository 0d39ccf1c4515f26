//! The first visit: what this is, and the two ways in.
use crate::components::button::{Button, ChooseFiles, NewSession, Weight};
use crate::components::icon::{Glyph, Icon};
use crate::samples::samples;
use crate::store::import::use_imports;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// One sentence, a place to drop, samples, and the promise.
#[component]
pub fn Welcome() -> impl IntoView {
    let (workspace, imports) = (use_workspace(), use_imports());
    view! {
        <div class="welcome">
            <h1 tabindex="-1">"See every episode's session, and move it on by the rules."</h1>
            <div class="drop-target">
                <Icon glyph=Glyph::Add/>
                <p class="drop-title">"Drop session files or folders anywhere"</p>
                <p class="muted">"for example " <span class="mono" translate="no">"ep001_session_20240811.json"</span></p>
                <div class="drop-buttons">
                    <ChooseFiles label="Choose files" weight=Weight::Primary/>
                    <Button
                        label="Try it with sample sessions"
                        on_press=move || imports.import_texts(samples(workspace.clock.second.get_untracked()))
                    />
                    <NewSession/>
                </div>
            </div>
            <ul class="promises">
                <li><b>"Nothing leaves this machine."</b>" No server, no account: files are read and edited in this browser."</li>
                <li><b>"Only the lines you change."</b>" An export differs from your file where an event says so, and nowhere else."</li>
                {move || workspace.storage_error.with(Option::is_none).then(|| view! {
                    <li><b>"Nothing is lost."</b>" Every change is stored as you make it and can be undone, after a reload too."</li>
                })}
            </ul>
        </div>
    }
}
