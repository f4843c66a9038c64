//! The saves of other administrators, which the open page follows.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::state::State;
use crate::{
    api::{Change, Refused, read_parameters_anew},
    live::{Live, live},
};

/// The wait before a failed reading is repeated.
const AGAIN: Duration = Duration::from_secs(2);

/// Whether a reading waits for its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    Waits,
    /// Reads again after the answer, because the answer may be from before a change.
    WaitsAndAgain,
}

/// Reads the values anew after each event about the configuration.
pub(super) fn follow(state: State) -> Live {
    let reading = StoredValue::new(Reading::Nothing);
    let read_anew = move || read(state, reading);
    let live = live(
        move |changes| {
            if changes.iter().any(|one| matches!(one.change, Change::Configured)) {
                read_anew();
            }
        },
        read_anew,
    );
    Effect::new(move |_| {
        let as_of = state.page.with(|page| (!page.values.is_empty()).then_some(page.as_of));
        if let Some(as_of) = as_of {
            live.resume(as_of);
        }
    });
    live
}

fn read(state: State, reading: StoredValue<Reading>) {
    match reading.try_get_value() {
        Some(Reading::Nothing) => reading.set_value(Reading::Waits),
        Some(_) => return reading.set_value(Reading::WaitsAndAgain),
        // The reader has left the page.
        None => return,
    }
    spawn_local(async move {
        let answer = read_parameters_anew().await;
        let Some(was) = reading.try_get_value() else { return };
        reading.set_value(Reading::Nothing);
        match answer {
            Ok(page) => state.follow(page),
            Err(Refused::Unavailable | Refused::Transport(_)) => {
                return set_timeout(move || read(state, reading), AGAIN);
            }
            Err(_) => return,
        }
        if was == Reading::WaitsAndAgain {
            read(state, reading);
        }
    });
}
