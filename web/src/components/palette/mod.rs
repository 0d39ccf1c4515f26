//! The command palette: every place, every session, and what may be done, a few letters away.

pub mod commands;
pub mod fuzzy;

use super::answers::{Answers, Pointed};
use crate::figures::use_board;
use crate::keys::{current_session, use_panels};
use crate::platform::dom;
use crate::route::Route;
use crate::store::workspace::use_workspace;
use commands::{answers, of_session};
use leptos::prelude::*;

/// The palette, shown while it is open. The field keeps the focus; the arrow keys move what it points at.
#[component]
pub fn Palette(
    /// Where we are: the session that commands are about.
    route: Memo<Route>,
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    // Read before the palette takes the focus from the row that it is on.
    let about = RwSignal::new(None::<String>);
    let holder = StoredValue::new_local(None);
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is {
            about.set(current_session(route));
            holder.set_value(dom::focus_holder());
            dom::focus_soon(".palette-field");
        } else if was == Some(true)
            && let Some(holder) = holder.try_update_value(Option::take).flatten()
        {
            dom::give_focus_back(&holder);
        }
        is
    });
    move || open.get().then(|| view! { <Opened about open/> })
}

#[component]
fn Opened(
    /// The session that commands are about.
    about: RwSignal<Option<String>>,
    /// Whether the palette is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let workspace = use_workspace();
    let panels = use_panels();
    let board = use_board();
    let search = RwSignal::new(String::new());
    let pointed = Pointed::new("palette-list");
    let current = Memo::new(move |_| about.get().map(|id| of_session(workspace, &id)).unwrap_or_default());
    let changed = workspace.sessions.with_untracked(|shelf| shelf.changed().next().is_some());
    let found = Memo::new(move |_| {
        let search = search.get().to_lowercase();
        current.with(|current| board.rows.with(|rows| answers(current, rows, changed, &search)))
    });
    let count = move || found.with(Vec::len);
    let run = move |at: usize| {
        if let Some(command) = found.with_untracked(|found| found.get(at).cloned()) {
            open.set(false);
            // When the page is left, the focus is back on its row, and is found there on the way back.
            dom::once_drawn(move || command.run(workspace, panels));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        match event.key().as_str() {
            "Enter" if !event.is_composing() => run(pointed.place()),
            "Escape" => open.set(false),
            // Nothing behind the palette can be reached while it is open.
            "Tab" => {}
            key if pointed.step(key, untrack(count)) => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let lines = Signal::derive(move || {
        found.with(|found| found.iter().map(|command| command.answer.clone()).collect::<Vec<_>>())
    });
    view! {
        <div class="palette-layer" on:pointerdown=move |_| open.set(false)>
            <div
                class="palette"
                role="dialog"
                aria-modal="true"
                aria-label="Commands"
                on:pointerdown=move |event| event.stop_propagation()
                // A press beside the field leaves the focus in it.
                on:mousedown=move |event| event.prevent_default()
            >
                <input
                    class="palette-field"
                    type="text"
                    role="combobox"
                    aria-label="Command or session"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls="palette-list"
                    aria-activedescendant=move || pointed.active(count())
                    placeholder="Go to a place or a session, or do something"
                    autocomplete="off"
                    spellcheck="false"
                    on:input:target=move |event| {
                        search.set(event.target().value());
                        pointed.point(0);
                    }
                    on:mousedown=move |event| event.stop_propagation()
                    on:keydown=on_key
                />
                {move || about.get().map(|id| view! {
                    <p class="palette-about">"About " <span class="mono" translate="no">{id}</span></p>
                })}
                <Answers class="palette-list" label="Commands and sessions" answers=lines pointed take=Callback::new(run)/>
                <p class="sr-only" role="status">{move || crate::format::count(count(), "answer", "answers")}</p>
            </div>
        </div>
    }
}
