//! Tasks that run once a while after they are first asked for, however often that is.
use leptos::prelude::*;
use std::time::Duration;

/// A task that is asked for more often than it needs to run.
#[derive(Clone, Copy, Debug)]
pub struct Delayed {
    is_due: StoredValue<bool>,
    delay: Duration,
}

impl Delayed {
    /// Creates the state of a task that runs this long after it is first asked for.
    pub fn by(delay: Duration) -> Self {
        Self { is_due: StoredValue::new(false), delay }
    }

    /// Returns true if the task was asked for and has not run yet.
    pub fn is_due(self) -> bool {
        self.is_due.get_value()
    }

    /// Runs the task after the delay, unless it is due already.
    pub fn run(self, task: impl FnOnce() + 'static) {
        if self.is_due() {
            return;
        }
        self.is_due.set_value(true);
        set_timeout(
            move || {
                self.is_due.set_value(false);
                task();
            },
            self.delay,
        );
    }
}
