//! The command palette: search for commands, filters, sessions and files.

pub mod commands;
pub mod files;
pub mod filters;
pub mod fuzzy;
pub mod matching;

use super::listbox::{ActiveOption, Listbox, SessionSearch};
use crate::arc_eq::ArcEq;
use crate::figures::use_overview;
use crate::keys::{current_session, use_panels};
use crate::platform::dom;
use crate::platform::preferences::views;
use crate::route::Route;
use crate::store::library::use_library;
use crate::store::live::use_live;
use crate::store::query::Query;
use crate::store::workspace::use_workspace;
use commands::{CommandContext, session_commands};
use files::FileSearch;
use filters::filter_commands;
use fuzzy::{Vocabulary, may_be_mistyped};
use leptos::prelude::*;
use matching::{PaletteSources, titles};
use std::sync::Arc;

/// The palette. Its field keeps the focus; the arrow keys move the active option.
#[component]
pub fn Palette(
    /// The current page, whose session the commands apply to.
    route: Memo<Route>,
    /// True while it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    // Read before the palette takes the focus.
    let session = RwSignal::new(None::<String>);
    let focused = StoredValue::new_local(None);
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is {
            session.set(current_session(route));
            focused.set_value(dom::focused_element());
            dom::focus_after_render(".palette-field");
        } else if was == Some(true)
            && let Some(focused) = focused.try_update_value(Option::take).flatten()
        {
            dom::restore_focus(&focused);
        }
        is
    });
    move || open.get().then(|| view! { <OpenPalette session open/> })
}

#[component]
fn OpenPalette(
    /// The session that the commands apply to.
    session: RwSignal<Option<String>>,
    /// True while the palette is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let workspace = use_workspace();
    let (live, panels) = (use_live(), use_panels());
    let overview = use_overview();
    let sessions = Memo::new(move |_| overview.rows.with(SessionSearch::new));
    let search = RwSignal::new(String::new());
    let active_option = ActiveOption::new("palette-list");
    let current = Memo::new(move |_| {
        session.get().map(|id| session_commands(workspace, &id, live.abilities().write)).unwrap_or_default()
    });
    let context = CommandContext {
        changed: workspace.sessions.with_untracked(|sessions| sessions.changed().next().is_some()),
        can_save: untrack(|| live.abilities().write),
        can_open_folder: live.can_open_folder() && live.source.with_untracked(Option::is_none),
    };
    let here = untrack(|| {
        let address = dom::hash();
        let is_list = Route::parse(&address) == Route::Sessions;
        is_list.then(|| Query::parse(address.split_once('?').map(|(_, query)| query).unwrap_or_default()))
    });
    let filters =
        Memo::new(move |_| overview.rows.with(|rows| ArcEq(Arc::new(filter_commands(rows, &views(), here.as_ref())))));
    // Both are prepared only once something is typed.
    let library = use_library();
    let files = Memo::new(move |_| {
        let imported = library.assembled.get();
        ArcEq(Arc::new(overview.rows.with(|rows| FileSearch::new(rows, &imported))))
    });
    let vocabulary = Memo::new(move |_| {
        let titles = current.with(|current| filters.with(|filters| titles(current, filters, context)));
        let words =
            |sessions: &SessionSearch| Vocabulary::of(sessions.texts().chain(titles.iter().map(String::as_str)));
        ArcEq(Arc::new(sessions.with(words)))
    });
    let commands = Memo::new(move |_| {
        let search = search.get().to_lowercase();
        let is_empty = search.trim().is_empty();
        let files = if is_empty { ArcEq::default() } else { files.get() };
        let vocabulary = if may_be_mistyped(&search) { vocabulary.get() } else { ArcEq::default() };
        let matching = |current: &Vec<_>, filters: &[_], sessions: &SessionSearch| {
            let sources = PaletteSources { current, filters, sessions, vocabulary: &vocabulary, context };
            sources.matching(&search, &files)
        };
        current.with(|current| filters.with(|filters| sessions.with(|sessions| matching(current, filters, sessions))))
    });
    let count = move || commands.with(Vec::len);
    let run = move |at: usize| {
        if let Some(command) = commands.with_untracked(|commands| commands.get(at).cloned()) {
            open.set(false);
            // The command runs after the focus is back on its row, where going back will find it.
            dom::after_render(move || command.run(workspace, live, panels));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        match event.key().as_str() {
            "Enter" if !event.is_composing() => run(active_option.index()),
            "Escape" => open.set(false),
            // Tab must not leave the palette while it is open.
            "Tab" => {}
            key if active_option.step(key, untrack(count)) => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let lines = Signal::derive(move || {
        commands.with(|commands| commands.iter().map(|command| command.option.clone()).collect::<Vec<_>>())
    });
    view! {
        <div class="palette-layer" on:pointerdown=move |_| open.set(false)>
            <div
                class="palette"
                role="dialog"
                aria-modal="true"
                aria-label="Command palette"
                on:pointerdown=move |event| event.stop_propagation()
                // Pressing the mouse outside of the field leaves the focus in it.
                on:mousedown=move |event| event.prevent_default()
            >
                <input
                    class="palette-field"
                    type="text"
                    role="combobox"
                    aria-label="Command, session or file"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls="palette-list"
                    aria-activedescendant=move || active_option.active(count())
                    placeholder="Search commands, filters, sessions and files"
                    autocomplete="off"
                    spellcheck="false"
                    on:input:target=move |event| {
                        search.set(event.target().value());
                        active_option.point(0);
                    }
                    on:mousedown=move |event| event.stop_propagation()
                    on:keydown=on_key
                />
                {move || session.get().map(|id| view! {
                    <p class="palette-about">"Session " <span class="mono" translate="no">{id}</span></p>
                })}
                <Listbox class="palette-list" label="Results" options=lines active=active_option take=Callback::new(run)/>
                <p class="sr-only" role="status">{move || crate::format::count(count(), "result", "results")}</p>
            </div>
        </div>
    }
}
