//! Tickets: the proof of a PIN, kept while a user chooses a device profile.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use engine::UtcMillis;
use lru::LruCache;

/// The time for which a ticket is good, in milliseconds.
const GOOD_MS: u64 = 60_000;
/// The most tickets that are kept; above this bound the oldest are dropped.
const MOST_TICKETS: usize = 10_000;

/// The tickets that were given out, each with its value and the time of its issue.
pub(crate) struct Tickets<T>(Mutex<LruCache<String, (T, UtcMillis)>>);

impl<T> Default for Tickets<T> {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_TICKETS).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl<T> Tickets<T> {
    /// Gives out a ticket: a code of 128 random bits.
    #[expect(clippy::disallowed_methods, reason = "the code is a secret")]
    pub(crate) fn give(&self, ticket: T, now: UtcMillis) -> String {
        // The generator of the thread is a cryptographic one.
        let code = format!("{:032x}", rand::random::<u128>());
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.put(code.clone(), (ticket, now));
        code
    }

    /// Takes a ticket, which is good once, for a minute.
    pub(crate) fn take(&self, code: &str, now: UtcMillis) -> Option<T> {
        let (ticket, made) = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop(code)?;
        // A clock that was set back makes no ticket good again.
        let is_young = now >= made && now.millis_since(made) < GOOD_MS;
        is_young.then_some(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_once_for_a_minute() {
        let tickets = Tickets::default();
        let give = |at: i64| tickets.give("desk", UtcMillis(at));
        let take = |code: &str, at: i64| tickets.take(code, UtcMillis(at));
        let code = give(0);
        assert_eq!(code.len(), 32);
        assert_eq!(take(&code, 59_999), Some("desk"));
        assert!(take(&code, 59_999).is_none(), "it is good once");
        assert!(take(&give(0), 60_000).is_none(), "it is good for a minute");
        assert!(take(&give(5), 4).is_none(), "the clock was set back");
        assert!(take("", 0).is_none());
    }

    #[test]
    fn tickets_are_bounded_and_the_oldest_go() {
        let tickets = Tickets::default();
        let give = || tickets.give((), UtcMillis(0));
        let first = give();
        let second = give();
        for _ in 0..MOST_TICKETS - 1 {
            give();
        }
        assert!(tickets.take(&first, UtcMillis(0)).is_none());
        assert!(tickets.take(&second, UtcMillis(0)).is_some());
    }
}
