//! The list of keyboard shortcuts.
use super::button::IconButton;
use super::icon::Glyph;
use leptos::prelude::*;

/// The shortcuts with their descriptions.
pub const KEYS: [(&[&str], &str); 26] = [
    (&["Ctrl", "K"], "Command palette (\u{2318} K on a Mac)"),
    (&["j"], "Next row"),
    (&["k"], "Previous row"),
    (&["Enter"], "Open the row"),
    (&["x"], "Select the row; with Shift, extend the selection"),
    (&["b"], "Actions for the selection"),
    (&["/"], "Search"),
    (&["Ctrl", "S"], "Save the session, or all changed sessions (\u{2318} S on a Mac)"),
    (&["e"], "Export the session's file"),
    (&["u"], "Undo the session's last change, or the last action"),
    (&["Shift", "U"], "Redo"),
    (&["g", "d"], "Go to the dashboard"),
    (&["g", "s"], "Go to sessions"),
    (&["g", "c"], "Go to changes"),
    (&["g", "w"], "Go to the schedule"),
    (&["g", "n"], "New session"),
    (&["g", "i"], "Go to the import report"),
    (&["g", ","], "Go to settings"),
    (&["\u{2190}", "\u{2192}", "\u{2191}", "\u{2193}"], "Step through chart values"),
    (&["+", "-"], "Zoom the focused timeline"),
    (&["\u{2190}", "\u{2192}"], "Move the timeline"),
    (&["0"], "Show all of the timeline"),
    (&[",", "."], "Previous or next bar of the timeline"),
    (&["Alt", "\u{2190}", "\u{2192}"], "Move the due date by a day; \u{2191} \u{2193} by a week"),
    (&["?"], "Show or hide these keys"),
    (&["Esc"], "Close"),
];

/// The list.
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
    /// True while it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    move || {
        open.get().then(|| {
            view! {
                <section class="keys-panel" aria-label="Keys" id="keys-panel">
                    <div class="panel-head">
                        <h2>"Keys"</h2>
                        <IconButton label="Close keys" glyph=Glyph::Close on_press=move || open.set(false)/>
                    </div>
                    <div class="keys-all" role="region" aria-label="All keys" tabindex="0"><KeyList/></div>
                </section>
            }
        })
    }
}
