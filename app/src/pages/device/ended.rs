//! Ended rows stay in place, struck through, and go when nobody holds the table.

use std::time::Duration;

use leptos::prelude::*;

use super::rows::Rows;

/// How long an ended row stays.
const STAY: Duration = Duration::from_millis(1500);

/// Takes ended rows away. The page does it and not each row: a row on the screen outlives what it was
/// made in when the page is read anew.
pub(super) fn take_away_ended(rows: Rows) {
    Effect::new(move |_| {
        let ended = rows.ended();
        if !ended.is_empty() && !rows.held.get() {
            set_timeout(
                move || {
                    // The reader may be on another page by now.
                    if rows.held.try_get_untracked() == Some(false) {
                        rows.remove(&ended);
                    }
                },
                STAY,
            );
        }
    });
}
