//! One log line for many events of one kind.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Logs an error that requests can cause at any rate: at most one line per place in the program in ten
/// seconds, with the number of errors (`times`) that the line stands for.
macro_rules! sampled_error {
    ($($line:tt)+) => {{
        static SAMPLED: $crate::edge::Sampled = $crate::edge::Sampled::new();
        if let Some(times) = SAMPLED.count() {
            tracing::error!(times, $($line)+);
        }
    }};
}
pub(crate) use sampled_error;

/// How often an event of one kind is logged.
const EVERY: Duration = Duration::from_secs(10);

/// Counts events that strangers can cause at any rate, and lets one be logged per [`EVERY`].
#[derive(Default)]
pub(crate) struct Sampled(Mutex<State>);

#[derive(Default)]
struct State {
    times: u64,
    last: Option<Instant>,
}

impl Sampled {
    /// No event yet.
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(State { times: 0, last: None }))
    }

    /// Counts an event.
    /// Returns the number of events for which a line is logged now; `None` when the last line is
    /// younger than [`EVERY`].
    pub(crate) fn count(&self) -> Option<u64> {
        self.count_at(Instant::now())
    }

    fn count_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.times += 1;
        if state.last.is_some_and(|last| now.duration_since(last) < EVERY) {
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stands_for_all_events_since_the_last() {
        let (sampled, now) = (Sampled::default(), Instant::now());
        assert_eq!(sampled.count_at(now), Some(1));
        assert_eq!(sampled.count_at(now), None);
        assert_eq!(sampled.count_at(now + EVERY), Some(2));
    }
}
