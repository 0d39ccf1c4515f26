//! The browser does not store: said for as long as it is so, with a download of all edits at hand.
use super::button::Button;
use super::icon::{Glyph, Icon};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// A lasting warning, with the export at hand.
#[component]
pub fn Trouble() -> impl IntoView {
    let workspace = use_workspace();
    move || {
        workspace.trouble.get().map(|why| {
            view! {
                <section class="notice notice-loud" aria-label="Storage">
                    <div class="notice-head">
                        <Icon glyph=Glyph::Warning/>
                        <p role="alert">{why}</p>
                        <Button
                            label="Download all edits"
                            glyph=Glyph::Export
                            on_press=move || workspace.back_up_edits()
                        />
                    </div>
                </section>
            }
        })
    }
}
