//! Import by drag and drop or paste, anywhere in the window, and of files that the desktop opens with the app.
use super::icon::{Glyph, Icon};
use crate::platform::dom;
use crate::platform::files::{Carried, carried, dropped_text, offer_copy, pasted_text, take_dropped, take_pasted};
use crate::platform::{launch, start};
use crate::store::import::use_imports;
use crate::store::transfer::Transfer;
use leptos::ev;
use leptos::prelude::*;

/// Listens on the window, and shows an overlay while something is dragged over it.
#[component]
pub fn DropLayer() -> impl IntoView {
    let imports = use_imports();
    let hovers = RwSignal::new(None::<Carried>);
    // Entering a child precedes leaving its parent: only the last leave ends the drag.
    let depth = StoredValue::new(0_i32);
    // Drags that begin on the page, such as selected text, are ignored.
    let own = StoredValue::new(false);
    let kind_of = move |event: &leptos::ev::DragEvent| {
        let kind = carried(event)?;
        // A text field accepts text by itself.
        let is_left_alone = own.get_value() || dom::is_on_text_field(event);
        (kind == Carried::Files || !is_left_alone).then_some(kind)
    };
    let hover = move |kind: Option<Carried>| {
        if hovers.get_untracked() != kind {
            hovers.set(kind);
        }
    };
    window_event_listener(ev::dragstart, move |_| own.set_value(true));
    window_event_listener(ev::dragend, move |_| own.set_value(false));
    // The dragged element may have left the page, and then its drag never ends.
    window_event_listener(ev::pointerdown, move |_| own.set_value(false));
    window_event_listener(ev::dragenter, move |event| {
        depth.update_value(|depth| *depth += 1);
        let kind = kind_of(&event);
        hover(kind);
        if kind.is_some() {
            event.prevent_default();
        }
    });
    window_event_listener(ev::dragover, move |event| {
        let kind = kind_of(&event);
        hover(kind);
        if kind.is_some() {
            event.prevent_default();
            offer_copy(&event);
        }
    });
    window_event_listener(ev::dragleave, move |_| {
        depth.update_value(|depth| *depth = (*depth - 1).max(0));
        if depth.get_value() == 0 {
            hover(None);
        }
    });
    let import_text = move |(uris, text): (String, String)| {
        imports.import_text(&uris, text, Transfer::Dropped);
    };
    window_event_listener(ev::drop, move |event| {
        depth.set_value(0);
        hover(None);
        let Some(kind) = kind_of(&event) else { return };
        event.prevent_default();
        let dropped = if kind == Carried::Files { take_dropped(&event) } else { Default::default() };
        let text = dropped_text(&event);
        // Some desktops announce files but provide only their paths.
        if dropped.is_empty() && (kind == Carried::Text || text != Default::default()) {
            import_text(text);
        } else {
            imports.import(dropped);
        }
    });
    window_event_listener(ev::paste, move |event| {
        if dom::is_typing() {
            return;
        }
        let files = take_pasted(&event);
        if !files.is_empty() {
            imports.import(files);
        } else if let Some(text) = pasted_text(&event) {
            imports.import_text("", text, Transfer::Pasted);
        }
    });
    launch::watch(move |files| imports.import(files));
    let (early, texts) = start::take_early_drops();
    if !early.is_empty() {
        imports.import(early);
    }
    texts.into_iter().for_each(import_text);
    let words = move || match hovers.get() {
        Some(Carried::Text) => (
            "Drop to load session JSON",
            "Paths and links cannot be opened: drag files from your file manager, or use Add files.",
        ),
        _ => ("Drop to load", "Session files or folders. They stay on this machine."),
    };
    view! {
        <div class="drop-layer" hidden=move || hovers.get().is_none() aria-hidden="true">
            <div class="drop-card">
                <Icon glyph=Glyph::Add/>
                <p class="drop-title">{move || words().0}</p>
                <p class="muted">{move || words().1}</p>
            </div>
        </div>
    }
}
