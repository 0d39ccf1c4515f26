//! The app's keyboard shortcuts, the same on every page.
use crate::platform::dom::{self, KeyPress};
use crate::route::Route;
use crate::store::live::Live;
use crate::store::workspace::Workspace;
use callboard_core::EventKind;
use leptos::prelude::*;

const ROWS: &str = ".row-link, .import-path, .changed-file, .changed-file .hunk, .teach-value";

/// The panels that keys open, provided as context.
#[derive(Clone, Copy)]
pub struct Panels {
    /// True while the list of shortcuts is open.
    pub keys: RwSignal<bool>,
    /// True while the command palette is open.
    pub palette: RwSignal<bool>,
    /// The event form that a session's page is requested to open: session id and event.
    pub requested_form: RwSignal<Option<(String, EventKind)>>,
}

impl Default for Panels {
    fn default() -> Self {
        Self { keys: RwSignal::new(false), palette: RwSignal::new(false), requested_form: RwSignal::new(None) }
    }
}

/// Returns the panels of this page.
pub fn use_panels() -> Panels {
    expect_context()
}

/// Returns the session that a key or a command applies to: the open one, else the one whose row has the focus.
pub fn current_session(route: Memo<Route>) -> Option<String> {
    match route.get_untracked() {
        Route::Session(id) => Some(id),
        _ => dom::focused_data("session"),
    }
}

/// Handles shortcuts for the life of the page.
pub fn listen(workspace: Workspace, live: Live, route: Memo<Route>, panels: Panels) {
    let go_pending = StoredValue::new(false);
    dom::watch_keys(move |key: &KeyPress| {
        if key.command && key.name.eq_ignore_ascii_case("k") {
            panels.palette.update(|open| *open = !*open);
            return true;
        }
        if key.command && key.name.eq_ignore_ascii_case("s") && untrack(|| live.abilities().write) {
            match current_session(route) {
                Some(id) => live.save(&id),
                None => live.save_all(),
            }
            return true;
        }
        // The palette handles its own keys; nothing behind it reacts.
        if key.modified || key.typing || panels.palette.get_untracked() {
            return false;
        }
        let was_pending = go_pending.get_value();
        go_pending.set_value(false);
        if was_pending {
            let route = match key.name.as_str() {
                "d" => Route::Dashboard,
                "s" => Route::Sessions,
                "c" => Route::Changes,
                "n" => Route::New,
                "w" => Route::Schedule,
                "i" => Route::Import,
                "," => Route::Settings,
                _ => return false,
            };
            dom::navigate(&route.href());
            return true;
        }
        let session = || current_session(route);
        match key.name.as_str() {
            "g" => go_pending.set_value(true),
            "j" => dom::step_focus(ROWS, 1),
            "k" => dom::step_focus(ROWS, -1),
            // The bulk actions precede the rows, so Tab alone would take long to reach them.
            "b" if dom::focus(".bulk .button") => {}
            // Rows that are links open by themselves; a changed file is not a link.
            "Enter" if dom::focus_is_on(".changed-file, .changed-file .hunk") => match session() {
                Some(id) => dom::navigate(&Route::Session(id).href()),
                None => return false,
            },
            "/" => {
                dom::focus("#search");
            }
            "?" => panels.keys.update(|open| *open = !*open),
            "Escape" if dom::close_menus() => {}
            "Escape" if panels.keys.get_untracked() => panels.keys.set(false),
            "e" => match session() {
                Some(id) => workspace.export(&id),
                None => return false,
            },
            "u" => match (session(), workspace.status.get_untracked().and_then(|message| message.undo)) {
                (Some(id), _) => workspace.undo(&id),
                (None, Some(undo)) => workspace.undo_action(undo),
                (None, None) => return false,
            },
            "U" => match session() {
                Some(id) => workspace.redo(&id),
                None => return false,
            },
            _ => return false,
        }
        true
    });
}
