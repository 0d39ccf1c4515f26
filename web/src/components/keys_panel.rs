//! The keys, listed.
use super::button::IconButton;
use super::icon::Glyph;
use leptos::prelude::*;

/// Each key with what it does.
pub const KEYS: [(&[&str], &str); 23] = [
    (&["Ctrl", "K"], "Every command and every session (\u{2318} K on a Mac)"),
    (&["j"], "Next row"),
    (&["k"], "Previous row"),
    (&["Enter"], "Open the row"),
    (&["x"], "Select the row; with Shift, all from the one selected last"),
    (&["b"], "Go to what can be done with those selected"),
    (&["/"], "Search"),
    (&["e"], "Export the session's file"),
    (&["u"], "Undo the session's last change, or what was just done"),
    (&["Shift", "U"], "Redo it"),
    (&["g", "d"], "Go to the dashboard"),
    (&["g", "s"], "Go to sessions"),
    (&["g", "c"], "Go to changes"),
    (&["g", "n"], "Make a new session"),
    (&["g", "i"], "Go to the import report"),
    (&["g", ","], "Go to the settings"),
    (&["\u{2190}", "\u{2192}", "\u{2191}", "\u{2193}"], "Read a chart, mark by mark"),
    (&["+", "-"], "Zoom the timeline, when it has the focus"),
    (&["\u{2190}", "\u{2192}"], "Move the timeline"),
    (&["0"], "Show all of the timeline"),
    (&[",", "."], "Choose the timeline's bar before, or the next"),
    (&["?"], "Show or hide these keys"),
    (&["Esc"], "Close what is open"),
];

/// The list itself.
#[component]
pub fn KeyList() -> impl IntoView {
    let rows = KEYS.map(|(keys, what)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> });
        view! {
            <div class="key">
                <dt>{keys.collect_view()}</dt>
                <dd>{what}</dd>
            </div>
        }
    });
    view! { <dl class="keys">{rows.into_iter().collect_view()}</dl> }
}

/// The list as a panel in the corner.
#[component]
pub fn KeysPanel(
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    move || {
        open.get().then(|| {
            view! {
                <section class="keys-panel" aria-label="Keys" id="keys-panel">
                    <div class="panel-head">
                        <h2>"Keys"</h2>
                        <IconButton label="Close the keys" glyph=Glyph::Close on_press=move || open.set(false)/>
                    </div>
                    <div class="keys-all" role="region" aria-label="All keys" tabindex="0"><KeyList/></div>
                </section>
            }
        })
    }
}
