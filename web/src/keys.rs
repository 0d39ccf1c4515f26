//! Which key does what, everywhere the same.
use crate::platform::dom::{self, Key};
use crate::route::Route;
use crate::store::workspace::Workspace;
use leptos::prelude::*;

const ROWS: &str = ".row-link, .fate-path[href]";

/// Listens for keys as long as the page lives.
pub fn listen(workspace: Workspace, route: Memo<Route>, keys_open: RwSignal<bool>) {
    let going = StoredValue::new(false);
    dom::watch_keys(move |key: &Key| {
        if key.modified || key.typing {
            return false;
        }
        let was_going = going.get_value();
        going.set_value(false);
        if was_going {
            let place = match key.name.as_str() {
                "s" => Route::Sessions,
                "c" => Route::Changes,
                _ => return false,
            };
            dom::go(&place.href());
            return true;
        }
        let session = || match route.get_untracked() {
            Route::Session(id) => Some(id),
            _ => dom::focused_data("session"),
        };
        match key.name.as_str() {
            "g" => going.set_value(true),
            "j" => dom::step_focus(ROWS, 1),
            "k" => dom::step_focus(ROWS, -1),
            "/" => dom::focus("#search"),
            "?" => keys_open.update(|open| *open = !*open),
            "Escape" if dom::close_menus() => {}
            "Escape" if keys_open.get_untracked() => keys_open.set(false),
            "e" => match session() {
                Some(id) => workspace.export(&id),
                None => return false,
            },
            "u" => match session() {
                Some(id) => workspace.undo(&id),
                None => return false,
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
