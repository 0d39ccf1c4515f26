//! Combobox that selects the session to compare with.
use super::icon::Glyph;
use super::listbox::{ActiveOption, ListOption, Listbox, SessionSearch};
use super::session_signals::SessionSignals;
use crate::figures::use_overview;
use crate::format::count;
use crate::platform::dom;
use crate::session_address::SessionAddress;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// Maximum number of sessions in the list.
const OFFERED: usize = 20;

/// The options of the list.
#[derive(Clone, Debug, Default, PartialEq)]
struct Options {
    /// Each option with the id of its session; `None` ends the comparison.
    options: Vec<(ListOption, Option<String>)>,
    /// Number of matching sessions, listed or not.
    of: usize,
}

/// The combobox.
#[component]
pub fn CompareWith(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let (workspace, overview) = (use_workspace(), use_overview());
    // The search text; `None` while the list is closed.
    let typed = RwSignal::new(None::<String>);
    let active_option = ActiveOption::new("compare-options");
    let is_open = Memo::new(move |_| typed.with(Option::is_some));
    // Prepared only while the list is open.
    let sessions = Memo::new(move |_| is_open.get().then(|| overview.rows.with(SessionSearch::new)));
    let chosen = Memo::new(move |_| {
        let chosen = at.get().compare?;
        let topic = workspace.sessions.with(|sessions| sessions.get(&chosen)?.summary().topic.clone());
        Some(topic.unwrap_or(chosen))
    });
    let list = Memo::new(move |_| {
        let Some(search) = typed.get() else { return Options::default() };
        let search = search.to_lowercase();
        let alone = (search.trim().is_empty() && chosen.with(Option::is_some)).then(|| {
            let title = "Stop comparing".to_owned();
            (ListOption { glyph: Glyph::Close, state: None, title, note: String::new() }, None)
        });
        sessions.with(|sessions| {
            let Some(sessions) = sessions else { return Options::default() };
            let mut found = sessions.find(&search);
            let id = session.id();
            // Only sessions of the framework's shape have the same lanes.
            found.retain(|other| other.entry().is_some_and(|entry| entry.id() != id));
            let first = found.iter().take(OFFERED);
            let first = first.map(|other| (ListOption::session(other), Some(other.key().to_owned())));
            Options { options: alone.into_iter().chain(first).collect(), of: found.len() }
        })
    });
    let options = Signal::derive(move || {
        list.with(|list| list.options.iter().map(|(option, _)| option.clone()).collect::<Vec<_>>())
    });
    let number = move || list.with(|list| list.options.len());
    let open = move |words: String| {
        active_option.point(0);
        typed.set(Some(words));
    };
    let close = move || {
        if typed.with_untracked(Option::is_some) {
            typed.set(None);
        }
    };
    dom::watch_leave(".compare-with", close);
    let take = move |index: usize| {
        let Some(compare) = list.with_untracked(|list| list.options.get(index).map(|(_, id)| id.clone())) else {
            return;
        };
        close();
        let next = SessionAddress { compare, ..at.get_untracked() };
        dom::navigate(&next.href(&session.id()));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let was_open = is_open.get_untracked();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !was_open => open(String::new()),
            "Enter" if was_open && !event.is_composing() => take(active_option.index()),
            "Escape" if was_open => close(),
            key if was_open && active_option.step(key, untrack(number)) => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let words = move || typed.get().or_else(|| chosen.get()).unwrap_or_default();
    let summary = move || {
        list.with(|list| match list.of {
            of if of > OFFERED => {
                format!("{OFFERED} of {}: type to filter", count(of, "session", "sessions"))
            }
            of => count(of, "session", "sessions"),
        })
    };
    let popup = move || {
        is_open.get().then(|| {
            view! {
                // Pressing the mouse in the list leaves the focus in the field.
                <div class="compare-options" on:mousedown=|event| event.prevent_default()>
                    <Listbox class="palette-list" label="Sessions" options active=active_option take=Callback::new(take)/>
                    <p class="compare-count muted" role="status">{summary}</p>
                </div>
            }
        })
    };
    view! {
        <div class="compare-with">
            <input
                id="compare-field"
                class="button compare-field"
                type="text"
                role="combobox"
                aria-label="Compare with"
                aria-autocomplete="list"
                aria-expanded=move || is_open.get().to_string()
                aria-controls=move || is_open.get().then_some("compare-options")
                aria-activedescendant=move || is_open.get().then(|| active_option.active(number())).flatten()
                placeholder="Compare with\u{2026}"
                autocomplete="off"
                spellcheck="false"
                prop:value=words
                on:input:target=move |event| open(event.target().value())
                on:click=move |_| if !is_open.get_untracked() { open(String::new()) }
                on:keydown=on_key
            />
            {popup}
        </div>
    }
}
