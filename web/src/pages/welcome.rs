//! The welcome page, shown while no session is loaded.
use crate::components::button::{Button, ChooseFiles, NewSession, Weight};
use crate::components::icon::{Glyph, Icon};
use crate::samples::samples;
use crate::store::import::use_imports;
use crate::store::live::use_live;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// A headline, a drop target, sample sessions, and the app's promises.
#[component]
pub fn Welcome() -> impl IntoView {
    let (workspace, imports, live) = (use_workspace(), use_imports(), use_live());
    view! {
        <div class="welcome">
            <h1 tabindex="-1">"See where every AI-made episode stands, and move it forward."</h1>
            <div class="drop-target">
                <Icon glyph=Glyph::Add/>
                <p class="drop-title">"Drop session files or folders anywhere"</p>
                <p class="muted">"for example " <span class="mono" translate="no">"ep001_session_20240811.json"</span></p>
                <div class="drop-buttons">
                    {live.can_open_folder().then(|| view! {
                        <Button
                            label="Open folder"
                            glyph=Glyph::Folder
                            weight=Weight::Primary
                            on_press=move || live.open_folder()
                        />
                    })}
                    <ChooseFiles
                        label="Choose files"
                        weight=if live.can_open_folder() { Weight::Plain } else { Weight::Primary }
                    />
                    <Button
                        label="Try it with sample sessions"
                        on_press=move || imports.import_texts(samples(workspace.clock.second.get_untracked()))
                    />
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
