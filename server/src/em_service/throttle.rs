//! *Maximum Concurrent Requests*: how many log-ins and log-outs are worked on at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the requests that are being worked on.
#[derive(Default)]
pub(super) struct Throttle {
    working: AtomicUsize,
}

/// A place among them, given back when dropped.
pub(super) struct Place<'a>(&'a Throttle);

impl Throttle {
    /// Takes a place; `None` when `limit` are taken.
    pub(super) fn enter(&self, limit: usize) -> Option<Place<'_>> {
        self.working
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < limit).then_some(n + 1))
            .ok()?;
        Some(Place(self))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.working.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_than_the_limit_finds_no_place_until_one_is_given_back() {
        let throttle = Throttle::default();
        let first = throttle.enter(2).unwrap();
        let _second = throttle.enter(2).unwrap();
        assert!(throttle.enter(2).is_none());
        drop(first);
        assert!(throttle.enter(2).is_some());
    }
}
