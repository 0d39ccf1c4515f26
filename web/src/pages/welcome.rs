//! The welcome page, shown while no session is loaded.
use crate::components::button::{Button, ChooseFiles, ChooseFolder, NewSession, Weight};
use crate::components::icon::{Glyph, Icon};
use crate::keys::use_panels;
use crate::samples::samples;
use crate::store::import::use_imports;
use crate::store::live::use_live;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// A headline, a drop target, sample sessions, and the app's promises.
#[component]
pub fn Welcome() -> impl IntoView {
    let (workspace, imports, live, panels) = (use_workspace(), use_imports(), use_live(), use_panels());
    let try_samples = move || {
        imports.import_texts(samples(workspace.clock.second.get_untracked()));
        panels.offer_tour();
    };
    view! {
        <div class="welcome">
            <h1 tabindex="-1">"See where every podcast episode is in your AI agents' pipeline, and move it forward."</h1>
            <p class="welcome-about">
                "Callboard tracks podcast episodes that AI agents produce in a pipeline: research, writing, evaluation, synthesis. It reads the session files in which the agents record their progress."
            </p>
            <div class="drop-target">
                <Icon glyph=Glyph::Add/>
                <p class="drop-title">"Drop session files or folders anywhere"</p>
                <p class="muted">"for example " <span class="mono" translate="no">"ep001_session_20240811.json"</span></p>
                <div class="drop-buttons">
                    {match live.can_open_folder() {
                        true => view! {
                            <Button
                                label="Open folder"
                                glyph=Glyph::Folder
                                weight=Weight::Primary
                                on_press=move || live.open_folder()
                            />
                        }
                        .into_any(),
                        // The browser cannot follow a folder; its files are loaded once.
                        false => view! { <ChooseFolder label="Choose folder" weight=Weight::Primary/> }.into_any(),
                    }}
                    <ChooseFiles label="Choose files"/>
                    <Button label="Try it with sample sessions" on_press=try_samples/>
                    <NewSession/>
                </div>
            </div>
            <ul class="promises">
                <li><b>"Nothing leaves this machine."</b>" No account, no upload: your files stay on this computer."</li>
                <li><b>"Clean diffs."</b>" Saves and exports change only the lines your action touched."</li>
                {move || workspace.storage_error.with(Option::is_none).then(|| view! {
                    <li><b>"Nothing is lost."</b>" Changes are saved as you make them, and you can undo them even after a reload."</li>
                })}
            </ul>
        </div>
    }
}
