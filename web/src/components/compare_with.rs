//! Combobox that selects the session to compare with.
use super::combobox::{Combobox, ComboboxField, ComboboxList, ComboboxOptions};
use super::icon::Glyph;
use super::listbox::{ListOption, SessionSearch};
use super::session_signals::SessionSignals;
use crate::figures::use_overview;
use crate::format::count;
use crate::platform::dom;
use crate::session_address::SessionAddress;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// Maximum number of sessions in the list.
const OFFERED: usize = 20;

/// The combobox.
#[component]
pub fn CompareWith(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let (workspace, overview) = (use_workspace(), use_overview());
    // Prepared when the list is first opened.
    let sessions = Memo::new(move |_| overview.rows.with(SessionSearch::new));
    let chosen = Memo::new(move |_| {
        let chosen = at.get().compare?;
        let topic = workspace.sessions.with(|sessions| sessions.get(&chosen)?.summary().topic.clone());
        Some(topic.unwrap_or(chosen))
    });
    // Each option has the id of its session; `None` ends the comparison.
    let find = move |text: &str| {
        let search = text.to_lowercase();
        let stop = (search.trim().is_empty() && chosen.with(Option::is_some)).then(|| {
            let title = "Stop comparing".to_owned();
            (ListOption { glyph: Glyph::Close, state: None, title, note: String::new() }, None)
        });
        sessions.with(|sessions| {
            let mut found = sessions.find(&search);
            let id = session.id();
            // Only sessions of the framework's shape have the same lanes.
            found.retain(|other| other.entry().is_some_and(|entry| entry.id() != id));
            let summary = match found.len() {
                of if of > OFFERED => format!("{OFFERED} of {}: type to filter", count(of, "session", "sessions")),
                of => count(of, "session", "sessions"),
            };
            let first = found.iter().take(OFFERED);
            let first = first.map(|other| (ListOption::session(other), Some(other.key().to_owned())));
            ComboboxOptions { options: stop.into_iter().chain(first).collect(), summary }
        })
    };
    let take = move |compare: Option<String>| {
        let next = SessionAddress { compare, ..at.get_untracked() };
        dom::navigate(&next.href(&session.id()));
    };
    let combobox = Combobox::new("compare-options", ".compare-with", find, take);
    view! {
        <div class="compare-with">
            <ComboboxField
                combobox
                id="compare-field"
                class="button compare-field"
                label="Compare with"
                placeholder="Compare with\u{2026}"
                chosen=Signal::derive(move || chosen.get().unwrap_or_default())
            />
            <ComboboxList combobox label="Sessions" class="compare-options"/>
        </div>
    }
}
