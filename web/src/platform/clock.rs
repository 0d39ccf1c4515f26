//! The only clock: the core is told the time, it never asks.
use callboard_core::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// The time, in whole seconds.
pub fn now() -> Timestamp {
    #[allow(clippy::cast_possible_truncation)]
    Timestamp::from_unix((js_sys::Date::now() / 1000.0).floor() as i64)
}

/// The time as the pages see it.
#[derive(Clone, Copy)]
pub struct Clock {
    /// Moves every second.
    pub second: ReadSignal<Timestamp>,
    /// Moves every half minute: enough for "12 min ago" on thousands of rows.
    pub half_minute: Memo<Timestamp>,
}

impl Clock {
    /// Starts ticking; it ticks as long as the page lives.
    pub fn start() -> Self {
        let (second, set_second) = signal(now());
        let half_minute = Memo::new(move |_| Timestamp::from_unix(second.get().unix() / 30 * 30));
        set_interval(move || set_second.set(now()), Duration::from_secs(1));
        Self { second, half_minute }
    }
}

/// The time in milliseconds, to measure how long something takes.
pub fn millis() -> f64 {
    js_sys::Date::now()
}
