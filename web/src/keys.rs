//! The app's keyboard shortcuts, the same on every page.
use crate::components::list::ListState;
use crate::platform::dom::{self, KeyPress};
use crate::platform::{focus, preferences};
use crate::route::Route;
use crate::store::live::Live;
use crate::store::query::Query;
use crate::store::review::use_review;
use crate::store::workspace::Workspace;
use callboard_core::EventKind;
use leptos::prelude::*;

const ROWS: &str = ".row-link, .need-fold, .import-path, .changed-file, .changed-file .hunk, .teach-value";

/// The panels that keys open, provided as context.
#[derive(Clone, Copy)]
pub struct Panels {
    /// True while the list of shortcuts is open.
    pub keys: RwSignal<bool>,
    /// True while the command palette is open.
    pub palette: RwSignal<bool>,
    /// True while the undo history is open.
    pub history: RwSignal<bool>,
    /// The step of the tour, from 0, while it is open.
    pub tour: RwSignal<Option<usize>>,
    /// The event form that a session's page is requested to open: session id and event.
    pub requested_form: RwSignal<Option<(String, EventKind)>>,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            keys: RwSignal::new(false),
            palette: RwSignal::new(false),
            history: RwSignal::new(false),
            tour: RwSignal::new(None),
            requested_form: RwSignal::new(None),
        }
    }
}

/// The undo commands of the whole workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UndoCommand {
    Undo,
    Redo,
}

impl UndoCommand {
    /// Returns the command of a key, as in text editors: Ctrl Z, Shift Ctrl Z and Ctrl Y, or with the command key of a
    /// Mac.
    fn of(key: &KeyPress) -> Option<Self> {
        match (key.command, key.name.to_lowercase().as_str(), key.shift) {
            (true, "z", false) => Some(Self::Undo),
            (true, "z", true) | (true, "y", false) => Some(Self::Redo),
            _ => None,
        }
    }
}

impl Panels {
    /// Opens the tour at its first step.
    pub fn open_tour(self) {
        self.tour.set(Some(0));
        dom::focus_after_render(".tour h2");
    }

    /// Opens the tour unless it was taken or closed before.
    pub fn offer_tour(self) {
        if !preferences::is_tour_done() {
            self.open_tour();
        }
    }

    /// Closes the tour and remembers it.
    pub fn close_tour(self) {
        preferences::set_tour_done();
        self.tour.set(None);
        focus::focus_if_lost("main h1, main");
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

/// Closes the session that is shown beside the list, and focuses its row. Returns false if there is none.
fn close_session_beside(route: Memo<Route>) -> bool {
    let address = dom::hash();
    let query = Query::parse(address.split_once('?').map(|(_, query)| query).unwrap_or_default());
    if route.get_untracked() != Route::Sessions || query.open.is_none() {
        return false;
    }
    dom::return_focus(".row[aria-current] .row-link");
    dom::replace_address(&Query { open: None, ..query }.href());
    true
}

/// Handles shortcuts for the life of the page.
pub fn listen(workspace: Workspace, live: Live, route: Memo<Route>, panels: Panels) {
    let go_pending = StoredValue::new(false);
    let list: ListState = expect_context();
    let step_session = move |step: isize| {
        let Route::Session(id) = route.get_untracked() else { return false };
        if let Some(next) = list.place(workspace, &id).and_then(|place| place.neighbour(step).map(str::to_owned)) {
            dom::navigate(&Route::Session(next).href());
        }
        true
    };
    let review = use_review();
    let is_review = move || route.get_untracked() == Route::Changes;
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
        // A text field has an undo of its own.
        if !key.typing
            && !panels.palette.get_untracked()
            && let Some(command) = UndoCommand::of(key)
        {
            match command {
                UndoCommand::Undo => workspace.undo_last(),
                UndoCommand::Redo => workspace.redo_last(),
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
                "t" => Route::Timeline,
                "c" => Route::Changes,
                "r" => Route::Report,
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
            "J" => return step_session(1),
            "K" => return step_session(-1),
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
            "h" => panels.history.update(|open| *open = !*open),
            "Escape" if panels.keys.get_untracked() => panels.keys.set(false),
            "Escape" if panels.history.get_untracked() => panels.history.set(false),
            "Escape" if dom::focus_is_on(".tour, .tour *") => panels.close_tour(),
            "Escape" if close_session_beside(route) => {}
            "e" => match session() {
                Some(id) => workspace.export(&id),
                None => return false,
            },
            "v" if is_review() => match session() {
                Some(id) => review.toggle_viewed(&id, workspace),
                None => return false,
            },
            "f" if is_review() => match session() {
                Some(id) => review.toggle_folded(&id, workspace),
                None => return false,
            },
            "F" if is_review() => review.toggle_all(),
            "u" => match session() {
                Some(id) => workspace.undo(&id),
                None => workspace.undo_last(),
            },
            "U" => match session() {
                Some(id) => workspace.redo(&id),
                None => workspace.redo_last(),
            },
            _ => return false,
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_has_the_keys_of_text_editors() {
        let press = |name: &str, command, shift| {
            let key = KeyPress { name: name.into(), typing: false, modified: command, command, shift };
            UndoCommand::of(&key)
        };
        assert_eq!(press("z", true, false), Some(UndoCommand::Undo));
        // Caps Lock changes the letter, not the command.
        assert_eq!(press("Z", true, false), Some(UndoCommand::Undo));
        assert_eq!(press("Z", true, true), Some(UndoCommand::Redo));
        assert_eq!(press("y", true, false), Some(UndoCommand::Redo));
        assert_eq!([press("z", false, false), press("x", true, false), press("y", true, true)], [None; 3]);
    }
}
