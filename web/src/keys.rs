//! Which key does what, everywhere the same.
use crate::platform::dom::{self, Key};
use crate::route::Route;
use crate::store::workspace::Workspace;
use callboard_core::EventKind;
use leptos::prelude::*;

const ROWS: &str = ".row-link, .fate-path, .changed-file, .changed-file .hunk";

/// What keys open, handed down as context.
#[derive(Clone, Copy)]
pub struct Panels {
    /// The list of keys.
    pub keys: RwSignal<bool>,
    /// The command palette.
    pub palette: RwSignal<bool>,
    /// The form that a session's page is asked to open: the session, and the event.
    pub asked: RwSignal<Option<(String, EventKind)>>,
}

impl Default for Panels {
    fn default() -> Self {
        Self { keys: RwSignal::new(false), palette: RwSignal::new(false), asked: RwSignal::new(None) }
    }
}

/// What keys open.
pub fn use_panels() -> Panels {
    expect_context()
}

/// The session that a key or a command is about: the one shown, else the one whose row has the focus.
pub fn current_session(route: Memo<Route>) -> Option<String> {
    match route.get_untracked() {
        Route::Session(id) => Some(id),
        _ => dom::focused_data("session"),
    }
}

/// Listens for keys as long as the page lives.
pub fn listen(workspace: Workspace, route: Memo<Route>, panels: Panels) {
    let going = StoredValue::new(false);
    dom::watch_keys(move |key: &Key| {
        if key.command && key.name.eq_ignore_ascii_case("k") {
            panels.palette.update(|open| *open = !*open);
            return true;
        }
        // The palette has its own keys, and nothing behind it is acted upon.
        if key.modified || key.typing || panels.palette.get_untracked() {
            return false;
        }
        let was_going = going.get_value();
        going.set_value(false);
        if was_going {
            let place = match key.name.as_str() {
                "d" => Route::Dashboard,
                "s" => Route::Sessions,
                "c" => Route::Changes,
                "n" => Route::New,
                "i" => Route::Import,
                "," => Route::Settings,
                _ => return false,
            };
            dom::go(&place.href());
            return true;
        }
        let session = || current_session(route);
        match key.name.as_str() {
            "g" => going.set_value(true),
            "j" => dom::step_focus(ROWS, 1),
            "k" => dom::step_focus(ROWS, -1),
            // The bar stands above the rows: Tab alone would take long to get there.
            "b" if dom::focus(".bulk .button") => {}
            // Rows that are links do so by themselves; a file of the tray is none.
            "Enter" if dom::focus_is_on(".changed-file, .changed-file .hunk") => match session() {
                Some(id) => dom::go(&Route::Session(id).href()),
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
