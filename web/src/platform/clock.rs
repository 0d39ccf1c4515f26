//! The only clock: the core takes the time as an argument.
use callboard_core::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// Returns the current time in whole seconds.
pub fn now() -> Timestamp {
    #[allow(clippy::cast_possible_truncation)]
    Timestamp::from_unix((js_sys::Date::now() / 1000.0).floor() as i64)
}

/// The current time as signals.
#[derive(Clone, Copy)]
pub struct Clock {
    /// Updates every second.
    pub second: ReadSignal<Timestamp>,
    /// Updates every half minute, enough for "12 min ago" on thousands of rows.
    pub half_minute: Memo<Timestamp>,
}

impl Clock {
    /// Starts the clock for the life of the page.
    pub fn start() -> Self {
        let (second, set_second) = signal(now());
        let half_minute = Memo::new(move |_| Timestamp::from_unix(second.get().unix() / 30 * 30));
        set_interval(move || set_second.set(now()), Duration::from_secs(1));
        Self { second, half_minute }
    }
}

/// Returns the time in milliseconds, to measure durations.
pub fn millis() -> f64 {
    js_sys::Date::now()
}
