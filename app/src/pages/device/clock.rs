//! The clock of "time left": the server's time, continued in the browser from the last snapshot.

use leptos::prelude::*;
use leptos_use_interval_fn::use_interval_fn;

/// The interval at which "time left" is counted.
const TICK_MS: u64 = 10_000;

/// The server's time: UTC, milliseconds since 1970.
/// The reader of a snapshot sets the clock.
pub(super) fn server_clock() -> RwSignal<i64> {
    let now_ms = RwSignal::new(0);
    use_interval_fn(
        move || now_ms.update(|now| *now += i64::try_from(TICK_MS).unwrap_or(0)),
        TICK_MS,
    );
    now_ms
}
