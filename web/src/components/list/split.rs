//! List and session side by side on wide pages.
use super::Listing;
use crate::platform::{dom, preferences};
use crate::route::Route;
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use std::time::Duration;

/// Width of the page's content from which a session can be shown beside the list.
const ENOUGH: f64 = 1_060.0;

/// Width of the page's content from which it is, unless the user chose otherwise.
const WIDE: f64 = 1_400.0;

/// Delay after which the focused row's session is shown, so that a held key moves without rendering each of them.
const FOLLOW: Duration = Duration::from_millis(70);

/// List and session side by side.
#[derive(Clone, Copy)]
pub struct SplitView {
    /// True if the page is wide enough.
    pub is_possible: Memo<bool>,
    /// True while it is shown.
    pub is_on: Memo<bool>,
    chosen: RwSignal<Option<bool>>,
    /// The timer that shows the focused row's session.
    timer: StoredValue<Option<TimeoutHandle>>,
    list: Listing,
}

impl SplitView {
    /// Creates the state of a page whose content has this width.
    pub fn new(list: Listing, width: Signal<f64>) -> Self {
        let chosen = RwSignal::new(preferences::split_view());
        let is_possible = Memo::new(move |_| width.get() >= ENOUGH);
        let is_on = Memo::new(move |_| is_possible.get() && chosen.get().unwrap_or_else(|| width.get() >= WIDE));
        Self { is_possible, is_on, chosen, timer: StoredValue::new(None), list }
    }

    /// Turns it on or off, and remembers that.
    pub fn toggle(self) {
        let on = !self.is_on.get_untracked();
        preferences::set_split_view(on);
        self.chosen.set(Some(on));
        if !on {
            self.list.open(None);
        }
    }

    /// Shows the session of the row that takes the focus, once the focus rests there.
    pub fn follow_focus(self, event: &FocusEvent) {
        // Closing the session returns the focus to its row, which must not open it again.
        let Some(session) = row_session(event).filter(|_| self.is_on.get_untracked() && !dom::is_returning()) else {
            return;
        };
        self.cancel();
        let show = move || {
            // The page may have been left meanwhile.
            if self.is_on.try_get_untracked() == Some(true) {
                self.list.open(Some(session));
            }
        };
        self.timer.set_value(set_timeout_with_handle(show, FOLLOW).ok());
    }

    /// Opens the page of the row on which Enter is pressed. Browsers differ in how they tell the click that it makes from
    /// a press of the pointer.
    pub fn follow_key(self, event: &KeyboardEvent) {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if event.key() == "Enter"
            && is_plain
            && self.is_on.get_untracked()
            && let Some(session) = row_session(event)
        {
            event.prevent_default();
            self.cancel();
            dom::navigate(&session.href());
        }
    }

    /// Shows the session of the row that is clicked; a click with a modifier opens its page.
    pub fn follow_click(self, event: &MouseEvent) {
        let is_pressed = event.detail() > 0 && event.button() == 0;
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if self.is_on.get_untracked()
            && is_pressed
            && is_plain
            && let Some(session) = row_session(event)
        {
            event.prevent_default();
            self.cancel();
            if event.detail() > 1 {
                dom::navigate(&session.href());
            } else {
                self.list.open(Some(session));
            }
        }
    }

    /// Stops waiting for the focus to rest.
    fn cancel(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}

/// Returns the page of the row whose link an event is from.
fn row_session(event: &leptos::web_sys::Event) -> Option<Route> {
    let key = |name| dom::data_around(event, ".row-link", name);
    key("session").map(Route::Session).or_else(|| key("imported").map(Route::Imported))
}
