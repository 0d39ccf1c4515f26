//! The list of keyboard shortcuts, and the help panel.
use super::button::{Button, IconButton};
use super::glossary::Glossary;
use super::icon::Glyph;
use crate::keys::use_panels;
use leptos::prelude::*;

/// The shortcuts with their descriptions.
pub const KEYS: &[(&[&str], &str)] = &[
    (&["Ctrl", "K"], "Command palette (\u{2318} K on a Mac)"),
    (&["j"], "Next row"),
    (&["k"], "Previous row"),
    (&["Shift", "J", "K"], "Next or previous session, on a session's page"),
    (&["Enter"], "Open the row"),
    (&["x"], "Select the row; with Shift, extend the selection"),
    (&["b"], "Actions for the selection"),
    (&["/"], "Search"),
    (&["Ctrl", "S"], "Save the session, or all changed sessions (\u{2318} S on a Mac)"),
    (&["e"], "Export the session's file"),
    (&["u"], "Undo the session's last change, or the last action"),
    (&["Shift", "U"], "Redo"),
    (&["Ctrl", "Z"], "Undo the last change in any session (\u{2318} Z on a Mac)"),
    (&["Ctrl", "Shift", "Z"], "Redo (also Ctrl Y)"),
    (&["h"], "Show or hide the undo history"),
    (&["g", "d"], "Go to the dashboard"),
    (&["g", "s"], "Go to sessions"),
    (&["g", "t"], "Go to the timeline of all sessions"),
    (&["g", "c"], "Go to changes"),
    (&["g", "r"], "Go to the production report"),
    (&["g", "w"], "Go to the schedule"),
    (&["g", "n"], "New session"),
    (&["g", "i"], "Go to the import report"),
    (&["g", ","], "Go to settings"),
    (&["v"], "Changes: mark the file as viewed"),
    (&["f"], "Changes: fold or unfold the file"),
    (&["Shift", "F"], "Changes: fold or unfold all files"),
    (&["\u{2190}", "\u{2192}", "\u{2191}", "\u{2193}"], "Step through chart values"),
    (&["+", "-"], "Zoom the timeline"),
    (&["\u{2190}", "\u{2192}"], "Move the timeline"),
    (&["0"], "Show all of the timeline"),
    (&[",", "."], "Previous / next bar"),
    (&["Alt", "\u{2190}", "\u{2192}"], "Move the due date by a day; \u{2191} \u{2193} by a week"),
    (&["?"], "Show or hide this help"),
    (&["Esc"], "Close"),
];

/// The list.
#[component]
pub fn KeyList() -> impl IntoView {
    let rows = KEYS.iter().map(|(keys, what)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> });
        view! {
            <div class="key">
                <dt>{keys.collect_view()}</dt>
                <dd>{*what}</dd>
            </div>
        }
    });
    view! { <dl class="keys">{rows.collect_view()}</dl> }
}

/// The help as a panel in the corner: keys, glossary and tour.
#[component]
pub fn KeysPanel(
    /// True while it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let panels = use_panels();
    let take_tour = move || {
        open.set(false);
        panels.open_tour();
    };
    move || {
        open.get().then(|| {
            view! {
                <section class="keys-panel" aria-label="Help" id="keys-panel">
                    <div class="panel-head">
                        <h2>"Help"</h2>
                        <span class="spacer"></span>
                        <Button label="Take the tour" on_press=take_tour/>
                        <IconButton label="Close help" glyph=Glyph::Close on_press=move || open.set(false)/>
                    </div>
                    <div class="keys-all" role="region" aria-label="Keys and glossary" tabindex="0">
                        <h3 class="help-title">"Keys"</h3>
                        <KeyList/>
                        <h3 class="help-title">"Glossary"</h3>
                        <Glossary/>
                    </div>
                </section>
            }
        })
    }
}
