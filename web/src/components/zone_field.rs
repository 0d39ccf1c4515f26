//! Combobox of the time zone.
use super::combobox::{Combobox, ComboboxField, ComboboxList, ComboboxOptions};
use super::icon::Glyph;
use super::listbox::ListOption;
use crate::format::count;
use crate::platform::{clock, intl};
use crate::store::preferences::{set_zone, zone};
use crate::zone_names::{ZoneName, find, nearest, todays_name, zone_names};
use leptos::prelude::*;

/// Maximum number of zones in the list.
const OFFERED: usize = 20;

/// Number of zones offered for a name that matches none.
const NEAREST: usize = 3;

fn option(title: String, zone: &str) -> (ListOption, String) {
    let note = intl::offset_name(zone, clock::now());
    (ListOption { glyph: Glyph::Clock, state: None, title, note }, zone.to_owned())
}

/// Returns the title of the browser's own zone.
fn own_title() -> String {
    format!("This machine ({})", todays_name(&intl::own_zone()))
}

/// Returns the zones that match a text, each with its id; the id of the browser's own is empty.
fn matches(zones: &[ZoneName], text: &str) -> ComboboxOptions<String> {
    let own = text.trim().is_empty().then(|| option(own_title(), ""));
    let found = find(zones, text);
    let summary = match found.len() {
        0 => format!("No time zone matches \u{201c}{}\u{201d}. The nearest are listed.", text.trim()),
        of if of > OFFERED => format!("{OFFERED} of {}: type to filter", count(of, "zone", "zones")),
        of => count(of, "zone", "zones"),
    };
    let shown = if found.is_empty() { nearest(zones, text, NEAREST) } else { found };
    // A browser may not accept a name that is newer than it is.
    let is_accepted = |zone: &ZoneName| zone.name == zone.listed || intl::is_known(&zone.name);
    let id = |zone: &ZoneName| if is_accepted(zone) { zone.name.clone() } else { zone.listed.clone() };
    let shown = shown.into_iter().take(OFFERED).map(|zone| option(zone.name.clone(), &id(zone)));
    ComboboxOptions { options: own.into_iter().chain(shown).collect(), summary }
}

/// The choice of the time zone, by any part of its name.
#[component]
pub fn ZoneField() -> impl IntoView {
    let zones = zone_names(&intl::zones());
    let find = move |text: &str| matches(&zones, text);
    let combobox = Combobox::new("zone-list", ".zone", find, |zone: String| set_zone(&zone));
    let chosen = Signal::derive(|| match zone() {
        zone if zone.is_empty() => own_title(),
        zone => todays_name(&zone).to_owned(),
    });
    view! {
        <div class="field zone">
            <div class="field-head">
                <label for="zone">"Time zone"</label>
                <span class="field-unit">{move || intl::offset_name(&zone(), clock::now())}</span>
            </div>
            <span class="field-box"><ComboboxField combobox id="zone" chosen/></span>
            <ComboboxList combobox label="Time zones" class="zone-options"/>
        </div>
    }
}
