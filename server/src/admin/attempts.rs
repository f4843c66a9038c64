//! Growing delay for whoever fails to sign in.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::UtcMillis;
use lru::LruCache;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 3;
/// The first delay, in seconds; each failure doubles it.
const FIRST_SECONDS: u32 = 1;
/// The longest delay, in seconds.
const LONGEST_SECONDS: u32 = 60;
/// After so many seconds without a failure all is forgotten.
const FORGET_SECONDS: i64 = 900;
/// Names and addresses that are remembered; past it the oldest are forgotten.
const REMEMBERED: usize = 10_000;
/// What is remembered of a name.
const LONGEST_NAME_CHARS: usize = 256;

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: UtcMillis,
}

/// Who failed to sign in lately, by name and by address.
pub struct Attempts {
    failures: Mutex<HashMap<String, Failures>>,
    /// Where each name signed in from: what others do under that name elsewhere does not keep it
    /// out there.
    known: Mutex<LruCache<String, ()>>,
}

impl Default for Attempts {
    fn default() -> Self {
        let remembered = NonZeroUsize::new(REMEMBERED).unwrap_or(NonZeroUsize::MIN);
        Self { failures: Mutex::default(), known: Mutex::new(LruCache::new(remembered)) }
    }
}

impl Attempts {
    /// Begins a try. It counts as a failure until it has succeeded or was taken back, so that many
    /// tries at once wait for each other like tries one after the other.
    ///
    /// # Errors
    /// How many seconds somebody has to wait first.
    pub fn begin(&self, name: &str, address: &str, now: UtcMillis) -> Result<(), u32> {
        let keys = self.keys(name, address);
        let mut failures = self.failures();
        let wait = keys.iter().filter_map(|key| failures.get(key)).map(|failures| {
            let delay = delay_seconds(failures.count);
            let passed = now.millis_since(failures.last) / 1000;
            delay.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX))
        });
        let wait = wait.max().unwrap_or(0);
        if wait > 0 {
            return Err(wait);
        }
        failed(&mut failures, keys, now);
        Ok(())
    }

    /// Takes back a try that was neither right nor wrong.
    pub fn take_back(&self, name: &str, address: &str) {
        let keys = self.keys(name, address);
        let mut failures = self.failures();
        for key in keys {
            if let Some(failures) = failures.get_mut(&key) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
    }

    /// Forgets the failures of whoever has signed in.
    pub fn succeeded(&self, name: &str, address: &str) {
        let [name, address] = keys(name, address);
        let mut failures = self.failures();
        failures.remove(&name);
        failures.remove(&address);
        self.known().put(format!("{name} {address}"), ());
    }

    /// What counts for a try: the address, and the name unless it is known there.
    fn keys(&self, name: &str, address: &str) -> Vec<String> {
        let [name, address] = keys(name, address);
        let is_known = self.known().get(&format!("{name} {address}")).is_some();
        if is_known { vec![address] } else { vec![name, address] }
    }

    fn known(&self) -> MutexGuard<'_, LruCache<String, ()>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<String, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(failures: &mut HashMap<String, Failures>, keys: Vec<String>, now: UtcMillis) {
    let old = |failures: &Failures| {
        now.millis_since(failures.last) > FORGET_SECONDS.unsigned_abs() * 1000
    };
    if failures.len() >= REMEMBERED {
        failures.retain(|_, failures| !old(failures));
    }
    while failures.len() >= REMEMBERED {
        let oldest = failures.iter().min_by_key(|(_, failures)| failures.last);
        let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
        failures.remove(&key);
    }
    for key in keys {
        let entry = failures.entry(key).or_insert(Failures { count: 0, last: now });
        let count = if old(entry) { 0 } else { entry.count };
        *entry = Failures { count: count.saturating_add(1), last: now };
    }
}

fn keys(name: &str, address: &str) -> [String; 2] {
    // What is longer than any name is no key to remember.
    let name: String = name.trim().chars().take(LONGEST_NAME_CHARS).collect();
    [format!("name {}", terms::LoginFilter::fold(&name)), format!("address {address}")]
}

fn delay_seconds(count: u32) -> u32 {
    match count.checked_sub(FREE) {
        None | Some(0) => 0,
        Some(over) => {
            FIRST_SECONDS.checked_shl(over - 1).unwrap_or(LONGEST_SECONDS).clamp(1, LONGEST_SECONDS)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> UtcMillis {
        UtcMillis(seconds * 1000)
    }

    #[test]
    fn the_delay_grows_is_bounded_and_ends_with_a_success() {
        let attempts = Attempts::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for address in 0..12 {
            // Each from an address of its own: the name alone waits.
            let address = format!("192.0.2.{address}");
            let wait = attempts.begin("Kim", &address, at(now)).err().unwrap_or(0);
            waits.push(wait);
            now += i64::from(wait);
            if wait > 0 {
                assert_eq!(attempts.begin(" kim", "x", at(now - 1)), Err(1));
                assert_eq!(attempts.begin("KIM", &address, at(now)), Ok(()));
            }
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        attempts.succeeded("kim", "192.0.2.11");
        assert_eq!(attempts.begin("kim", "192.0.2.11", at(now)), Ok(()));
    }

    #[test]
    fn an_address_waits_under_any_name() {
        let attempts = Attempts::default();
        for name in ["a", "b", "c", "d"] {
            assert_eq!(attempts.begin(name, "192.0.2.1", at(0)), Ok(()));
        }
        assert_eq!(attempts.begin("e", "192.0.2.1", at(0)), Err(1));
        assert_eq!(attempts.begin("e", "192.0.2.2", at(0)), Ok(()));
    }

    #[test]
    fn nobody_elsewhere_keeps_a_name_out_from_where_it_signs_in() {
        let attempts = Attempts::default();
        assert_eq!(attempts.begin("kim", "192.0.2.1", at(0)), Ok(()));
        attempts.succeeded("kim", "192.0.2.1");
        for number in 0..20 {
            let _ = attempts.begin("Kim", &format!("198.51.100.{number}"), at(1));
        }
        assert!(attempts.begin("kim", "203.0.113.1", at(1)).is_err());
        for _ in 0..4 {
            assert_eq!(attempts.begin(" KIM", "192.0.2.1", at(1)), Ok(()));
        }
        assert_eq!(attempts.begin("kim", "192.0.2.1", at(1)), Err(1), "its own failures count");
    }

    #[test]
    fn a_try_that_was_taken_back_costs_nothing() {
        let attempts = Attempts::default();
        for _ in 0..10 {
            assert_eq!(attempts.begin("kim", "192.0.2.1", at(0)), Ok(()));
            attempts.take_back("kim", "192.0.2.1");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let attempts = Attempts::default();
        for number in 0..REMEMBERED + 100 {
            let _ = attempts.begin(&format!("u{number}"), &format!("a{number}"), at(0));
        }
        assert!(attempts.failures.lock().unwrap().len() <= REMEMBERED + 1);
    }
}
