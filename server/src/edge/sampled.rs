//! One log line for many events of one kind.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;

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

/// The most kinds of [`SampledBy`]; beyond them the kind that was counted longest ago is forgotten.
const MOST_KINDS: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// As [`Sampled`], for events of kinds that requests name.
pub(crate) struct SampledBy(Mutex<LruCache<String, Sampled>>);

impl Default for SampledBy {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST_KINDS)))
    }
}

impl SampledBy {
    /// Counts an event of a kind, as [`Sampled::count`] does.
    pub(crate) fn count(&self, kind: String) -> Option<u64> {
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.get_or_insert(kind, Sampled::default).count()
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

    #[test]
    fn events_of_another_kind_have_their_own_line() {
        let sampled = SampledBy::default();
        let count = |kind: &str| sampled.count(kind.to_owned());
        assert_eq!((count("a"), count("a"), count("b")), (Some(1), None, Some(1)));
    }
}
