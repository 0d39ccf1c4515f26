//! What holds a drawing: a cursor that follows the pointer and the arrow keys, and says what it is at.
use crate::platform::dom::place_in;
use leptos::html;
use leptos::prelude::*;

/// A drawing with a cursor. To those who do not see it, it is a slider over its marks.
#[component]
pub fn Plot(
    /// What it shows.
    label: &'static str,
    /// How many marks the cursor can be at.
    #[prop(into)]
    count: Signal<usize>,
    /// How far up and down move it.
    #[prop(into)]
    columns: Signal<usize>,
    /// The mark the cursor is at.
    at: RwSignal<Option<usize>>,
    /// What stands there.
    words: Signal<String>,
    /// The mark at a place, in pixels from the upper left corner.
    locate: Callback<(f64, f64), Option<usize>>,
    /// What Enter and a click do at a mark.
    on_open: Callback<usize>,
    /// The drawing.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let focused = RwSignal::new(false);
    let find = move |event: &leptos::ev::PointerEvent| {
        let node = node.get_untracked()?;
        locate.run(place_in(&node, event))
    };
    let step = move |key: &str| {
        let last = count.get_untracked().checked_sub(1)?;
        let columns = columns.get_untracked();
        let now = at.get_untracked();
        let Some(now) = now else { return Some(if key == "End" { last } else { 0 }) };
        match key {
            "ArrowRight" => Some((now + 1).min(last)),
            "ArrowLeft" => Some(now.saturating_sub(1)),
            "ArrowDown" if now + columns <= last => Some(now + columns),
            "ArrowUp" if now >= columns => Some(now - columns),
            "PageDown" => Some((now + columns * 10).min(last)),
            "PageUp" => Some(now.saturating_sub(columns * 10)),
            "Home" => Some(0),
            "End" => Some(last),
            _ => Some(now),
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        match key.as_str() {
            "ArrowRight" | "ArrowLeft" | "ArrowDown" | "ArrowUp" | "PageDown" | "PageUp" | "Home" | "End" => {
                at.set(step(&key));
            }
            "Enter" => match at.get_untracked() {
                Some(at) => on_open.run(at),
                None => return,
            },
            "Escape" if at.get_untracked().is_some() => at.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div
            class="plot"
            role="slider"
            tabindex="0"
            node_ref=node
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=move || count.get().saturating_sub(1).to_string()
            aria-valuenow=move || at.get().unwrap_or(0).to_string()
            aria-valuetext=words
            on:keydown=on_key
            on:focus=move |_| focused.set(true)
            on:blur=move |_| {
                focused.set(false);
                at.set(None);
            }
            on:pointermove=move |event| {
                let found = find(&event);
                if found != at.get_untracked() {
                    at.set(found);
                }
            }
            on:pointerleave=move |_| if !focused.get_untracked() { at.set(None) }
            on:click=move |event| if let (Some(node), true) = (node.get_untracked(), event.detail() > 0) {
                if let Some(found) = locate.run(place_in(&node, &event)) {
                    on_open.run(found);
                }
            }
        >
            {children()}
        </div>
    }
}
