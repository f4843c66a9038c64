//! Tickets: the proof of a PIN, kept while somebody chooses a device profile.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use engine::UtcMillis;
use lru::LruCache;
use rand::{RngCore, TryRngCore, rngs::OsRng};

use crate::em::Proof;

/// The time for which a ticket is good, in milliseconds.
const GOOD_MS: u64 = 60_000;
/// Tickets that are kept; past them the oldest go.
const MOST_TICKETS: usize = 10_000;

/// The tickets that were given out.
pub(super) struct Tickets(Mutex<LruCache<String, Ticket>>);

/// Somebody who has shown a PIN, and the profiles to choose from.
pub(super) struct Ticket {
    pub(super) proof: Proof,
    pub(super) profiles: Vec<String>,
    made: UtcMillis,
}

impl Tickets {
    /// None is given out.
    pub(super) fn new() -> Self {
        let most = NonZeroUsize::new(MOST_TICKETS).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }

    /// Gives out a ticket: a code of 128 random bits.
    pub(super) fn give(&self, proof: Proof, profiles: Vec<String>, now: UtcMillis) -> String {
        let mut bytes = [0; 16];
        OsRng.unwrap_err().fill_bytes(&mut bytes);
        let code = format!("{:032x}", u128::from_ne_bytes(bytes));
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.put(code.clone(), Ticket { proof, profiles, made: now });
        code
    }

    /// Takes a ticket, which is good once, at its phone, for a minute.
    pub(super) fn take(&self, code: &str, phone: &str, now: UtcMillis) -> Option<Ticket> {
        let ticket = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop(code)?;
        // A clock that was set back makes no ticket good again.
        let is_young = now >= ticket.made && now.millis_since(ticket.made) < GOOD_MS;
        (is_young && ticket.proof.is_of(phone)).then_some(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_once_at_its_phone_for_a_minute() {
        let tickets = Tickets::new();
        let give = |at: i64| {
            let proof = Proof::of_test("john", "SEP1");
            tickets.give(proof, vec!["desk".to_owned()], UtcMillis(at))
        };
        let take = |code: &str, phone: &str, at: i64| tickets.take(code, phone, UtcMillis(at));
        let code = give(0);
        assert_eq!(code.len(), 32);
        assert_eq!(take(&code, "sep1", 59_999).unwrap().profiles, ["desk"]);
        assert!(take(&code, "SEP1", 59_999).is_none(), "it is good once");
        assert!(take(&give(0), "SEP1", 60_000).is_none(), "it is good for a minute");
        let code = give(0);
        assert!(take(&code, "SEP2", 1).is_none(), "it is another phone's");
        assert!(take(&code, "SEP1", 1).is_none(), "whoever tries uses it up");
        assert!(take(&give(5), "SEP1", 4).is_none(), "the clock was set back");
        assert!(take("", "SEP1", 0).is_none());
    }

    #[test]
    fn tickets_are_bounded_and_the_oldest_go() {
        let tickets = Tickets::new();
        let give = || tickets.give(Proof::of_test("john", "SEP1"), Vec::new(), UtcMillis(0));
        let first = give();
        let second = give();
        for _ in 0..MOST_TICKETS - 1 {
            give();
        }
        assert!(tickets.take(&first, "SEP1", UtcMillis(0)).is_none());
        assert!(tickets.take(&second, "SEP1", UtcMillis(0)).is_some());
    }
}
