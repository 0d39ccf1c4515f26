//! Notice that a new version of the app is installed. It takes over only when the user wants it to.
use super::button::{Button, IconButton};
use super::icon::{Glyph, Icon};
use crate::platform::{dom, updates};
use crate::store::drafts::use_drafts;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The notice, shown once a new version is installed, in every tab of the older one.
#[component]
pub fn UpdateNotice() -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let is_offered = RwSignal::new(false);
    updates::watch(move || is_offered.set(true));
    let reload = move || {
        spawn_local(async move {
            drafts.save_all().await;
            if workspace.has_unsaved_edits() {
                workspace.status.set("Not reloaded: an edit could not be saved. Export or apply it first.", None);
                return;
            }
            updates::apply().await;
            dom::reload();
        });
    };
    move || {
        is_offered.get().then(|| {
            view! {
                <section class="notice notice-quiet" aria-label="Update">
                    <div class="notice-head">
                        <Icon glyph=Glyph::Retry/>
                        <p role="status">{"A new version is available."}</p>
                        <Button label="Reload" on_press=reload/>
                        <IconButton label="Later" glyph=Glyph::Close on_press=move || is_offered.set(false)/>
                    </div>
                </section>
            }
        })
    }
}
