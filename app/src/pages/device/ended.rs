//! Ended rows stay where they are, struck through, and are removed when the table is not held.

use std::time::Duration;

use leptos::prelude::*;

use super::rows::Rows;

/// The time for which an ended row stays.
const STAY: Duration = Duration::from_millis(1500);

/// Removes ended rows.
/// The page removes the rows, because a row outlives its reactive owner when the page is read anew.
pub(super) fn take_away_ended(rows: Rows) {
    Effect::new(move |_| {
        let ended = rows.ended();
        if !ended.is_empty() && !rows.held.get() {
            set_timeout(
                move || {
                    // The reader may have left the page.
                    if rows.held.try_get_untracked() == Some(false) {
                        rows.remove(&ended);
                    }
                },
                STAY,
            );
        }
    });
}
