//! The time of day on the phones' displays: the browser's time.

use leptos::{prelude::*, web_sys::js_sys::Date};
use leptos_use_interval_fn::use_interval_fn;

/// The interval at which the clock is read.
const TICK_MS: u64 = 5_000;

/// The time of day as `09:41`; empty on the server, which does not know the reader's time zone.
#[derive(Clone, Copy)]
pub(super) struct Clock(RwSignal<String>);

impl Clock {
    /// A clock that runs while the page is open.
    pub fn new() -> Self {
        let clock = RwSignal::new(String::new());
        let look = move || {
            let now = Date::new_0();
            let time = format!("{:02}:{:02}", now.get_hours(), now.get_minutes());
            if clock.try_with_untracked(|clock| *clock != time) == Some(true) {
                clock.set(time);
            }
        };
        Effect::new(move |_| look());
        use_interval_fn(look, TICK_MS);
        Self(clock)
    }

    /// The time.
    pub fn time(self) -> String {
        self.0.get()
    }
}
