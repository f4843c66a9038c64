//! A page reads itself anew when it has lost rows while more logins match.

use std::time::Duration;

use leptos::prelude::*;

use super::rows::Rows;

/// Rows end one after the other: one read serves all of them.
const TOGETHER: Duration = Duration::from_millis(300);

/// Reads the page anew when rows are missing and the table is not held.
pub(super) fn refill(rows: Rows, read_anew: impl Fn() + Copy + Send + Sync + 'static) {
    let asked = StoredValue::new(false);
    Effect::new(move |_| {
        if rows.misses_some() && !asked.get_value() {
            asked.set_value(true);
            set_timeout(
                move || {
                    // The reader may have left the page.
                    let here = asked.try_update_value(|asked| *asked = false).is_some();
                    if here && untrack(|| rows.misses_some()) {
                        read_anew();
                    }
                },
                TOGETHER,
            );
        }
    });
}
