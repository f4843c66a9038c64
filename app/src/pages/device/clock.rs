//! The clock of "time left": the server's, going on in the browser from the last snapshot.

use leptos::prelude::*;
use leptos_use::use_interval_fn;

/// How often "time left" is counted anew.
const TICK_MS: u64 = 10_000;

/// The server's time: UTC, milliseconds since 1970. Whoever reads a snapshot sets it.
pub(super) fn server_clock() -> RwSignal<i64> {
    let now_ms = RwSignal::new(0);
    use_interval_fn(
        move || now_ms.update(|now| *now += i64::try_from(TICK_MS).unwrap_or(0)),
        TICK_MS,
    );
    now_ms
}
