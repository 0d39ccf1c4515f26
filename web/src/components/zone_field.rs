//! Combobox of the time zone.
use super::icon::Glyph;
use super::listbox::{ActiveOption, ListOption, Listbox};
use crate::format::count;
use crate::platform::{clock, dom, intl};
use crate::store::preferences::{set_zone, zone};
use crate::zone_names::{ZoneName, find, nearest, todays_name, zone_names};
use leptos::prelude::*;

/// Maximum number of zones in the list.
const OFFERED: usize = 20;

/// Number of zones offered for a name that matches none.
const NEAREST: usize = 3;

/// The options of the list.
#[derive(Clone, Debug, Default, PartialEq)]
struct ZoneOptions {
    /// Each option with its zone; empty for the browser's own.
    options: Vec<(ListOption, String)>,
    /// Number of matching zones, listed or not.
    of: usize,
    /// True if none matches and the nearest are offered.
    is_wrong: bool,
}

fn option(title: String, zone: &str) -> (ListOption, String) {
    let note = intl::offset_name(zone, clock::now());
    (ListOption { glyph: Glyph::Clock, state: None, title, note }, zone.to_owned())
}

/// Returns the title of the browser's own zone.
fn own_title() -> String {
    format!("This machine ({})", todays_name(&intl::own_zone()))
}

/// The choice of the time zone, by any part of its name.
#[component]
pub fn ZoneField() -> impl IntoView {
    let zones = StoredValue::new(zone_names(&intl::zones()));
    // The search text; `None` while the list is closed.
    let typed = RwSignal::new(None::<String>);
    let active_option = ActiveOption::new("zone-list");
    let is_open = Memo::new(move |_| typed.with(Option::is_some));
    let list = Memo::new(move |_| {
        let Some(search) = typed.get() else { return ZoneOptions::default() };
        zones.with_value(|zones| {
            let own = search.trim().is_empty().then(|| option(own_title(), ""));
            let found = find(zones, &search);
            let (of, is_wrong) = (found.len(), found.is_empty());
            let shown = if is_wrong { nearest(zones, &search, NEAREST) } else { found };
            let shown = shown.into_iter().take(OFFERED);
            // A browser may not accept a name that is newer than it is.
            let is_accepted = |zone: &ZoneName| zone.name == zone.listed || intl::is_known(&zone.name);
            let id = |zone: &ZoneName| if is_accepted(zone) { zone.name.clone() } else { zone.listed.clone() };
            let shown = shown.map(|zone| option(zone.name.clone(), &id(zone)));
            ZoneOptions { options: own.into_iter().chain(shown).collect(), of, is_wrong }
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
    dom::watch_leave(".zone", close);
    let take = move |index: usize| {
        let chosen = list.with_untracked(|list| list.options.get(index).map(|(_, zone)| zone.clone()));
        if let Some(chosen) = chosen {
            set_zone(&chosen);
            close();
        }
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
    let current = move || match zone() {
        zone if zone.is_empty() => own_title(),
        zone => todays_name(&zone).to_owned(),
    };
    let words = move || typed.get().unwrap_or_else(current);
    let summary = move || {
        list.with(|list| match list.of {
            _ if list.is_wrong => {
                let typed = typed.get().unwrap_or_default();
                format!("No time zone matches \u{201c}{}\u{201d}. The nearest are listed.", typed.trim())
            }
            of if of > OFFERED => format!("{OFFERED} of {}: type to filter", count(of, "zone", "zones")),
            of => count(of, "zone", "zones"),
        })
    };
    let popup = move || {
        is_open.get().then(|| {
            view! {
                // Pressing the mouse in the list leaves the focus in the field.
                <div class="zone-options" on:mousedown=|event| event.prevent_default()>
                    <p class="zone-count muted" role="status">{summary}</p>
                    <Listbox class="palette-list" label="Time zones" options active=active_option take=Callback::new(take)/>
                </div>
            }
        })
    };
    view! {
        <div class="field zone">
            <div class="field-head">
                <label for="zone">"Time zone"</label>
                <span class="field-unit">{move || intl::offset_name(&zone(), clock::now())}</span>
            </div>
            <span class="field-box">
                <input
                    id="zone"
                    type="text"
                    role="combobox"
                    aria-autocomplete="list"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=move || is_open.get().then_some("zone-list")
                    aria-activedescendant=move || is_open.get().then(|| active_option.active(number())).flatten()
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=words
                    on:input:target=move |event| open(event.target().value())
                    on:click=move |_| if !is_open.get_untracked() {
                        open(String::new());
                    }
                    on:keydown=on_key
                />
            </span>
            {popup}
        </div>
    }
}
