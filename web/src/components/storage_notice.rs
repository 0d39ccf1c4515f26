//! Notice that changes are not being saved: the reason, the remedy, and a download of all edits.
use super::button::Button;
use super::icon::{Glyph, Icon};
use crate::platform::dom;
use crate::platform::storage_error::{Remedy, StorageError};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The notice, shown while changes are not being saved. It is muted if the browser blocks storage, which is not an
/// error.
#[component]
pub fn StorageNotice() -> impl IntoView {
    let workspace = use_workspace();
    let has_edits = Memo::new(move |_| {
        workspace.sessions.with(|sessions| sessions.iter().any(|entry| entry.changed() || entry.summary().conflict))
    });
    let remedy = move |error: &StorageError| match error.remedy()? {
        Remedy::SaveAgain => Some(view! {
            <Button label="Save again" on_press=move || workspace.save_again()/>
        }),
        Remedy::Reload => Some(view! { <Button label="Reload" on_press=dom::reload/> }),
    };
    let download = move || {
        has_edits.get().then(|| {
            view! {
                <Button
                    label="Download all edits"
                    glyph=Glyph::Export
                    on_press=move || workspace.back_up_edits()
                />
            }
        })
    };
    let error = Memo::new(move |_| workspace.storage_error.get().or_else(|| workspace.imported.storage_error()));
    move || {
        error.get().map(|error| {
            let is_quiet = error == StorageError::Blocked;
            view! {
                <section class="notice" class:notice-loud=!is_quiet class:notice-quiet=is_quiet aria-label="Storage">
                    <div class="notice-head">
                        <Icon glyph=Glyph::Warning/>
                        <p role=if is_quiet { "status" } else { "alert" }>
                            {error.problem()} " " {error.advice()}
                        </p>
                        {remedy(&error)}
                        {download}
                    </div>
                </section>
            }
        })
    }
}
