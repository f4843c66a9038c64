//! Growing delay for whoever fails to sign in.

use std::{collections::HashMap, sync::Mutex};

use engine::UtcMillis;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 3;
/// The first delay, in seconds; each failure doubles it.
const FIRST_SECONDS: u32 = 1;
/// The longest delay, in seconds. Short enough that nobody can keep an administrator out for good.
const LONGEST_SECONDS: u32 = 60;
/// After so many seconds without a failure all is forgotten.
const FORGET_SECONDS: i64 = 900;
/// Names and addresses that are remembered; past it the oldest are forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: UtcMillis,
}

/// Who failed to sign in lately, by name and by address.
#[derive(Default)]
pub struct Attempts {
    failures: Mutex<HashMap<String, Failures>>,
}

impl Attempts {
    /// How many seconds somebody has to wait before the next try; zero is none.
    #[must_use]
    pub fn wait_seconds(&self, name: &str, address: &str, now: UtcMillis) -> u32 {
        let failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys(name, address)
            .iter()
            .filter_map(|key| failures.get(key))
            .map(|failures| {
                let delay = delay_seconds(failures.count);
                let passed = now.millis_since(failures.last) / 1000;
                delay.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX))
            })
            .max()
            .unwrap_or(0)
    }

    /// Notes a failure.
    pub fn failed(&self, name: &str, address: &str, now: UtcMillis) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let old = |failures: &Failures| {
            now.millis_since(failures.last) > FORGET_SECONDS.unsigned_abs() * 1000
        };
        if failures.len() >= REMEMBERED {
            failures.retain(|_, failures| !old(failures));
        }
        if failures.len() >= REMEMBERED {
            let oldest = failures.iter().min_by_key(|(_, failures)| failures.last);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                failures.remove(&key);
            }
        }
        for key in keys(name, address) {
            let entry = failures.entry(key).or_insert(Failures { count: 0, last: now });
            let count = if old(entry) { 0 } else { entry.count };
            *entry = Failures { count: count.saturating_add(1), last: now };
        }
    }

    /// Forgets the failures of whoever has signed in.
    pub fn succeeded(&self, name: &str, address: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for key in keys(name, address) {
            failures.remove(&key);
        }
    }
}

fn keys(name: &str, address: &str) -> [String; 2] {
    [format!("name {}", terms::LoginFilter::fold(name.trim())), format!("address {address}")]
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

    #[test]
    fn the_delay_grows_is_bounded_and_ends_with_a_success() {
        let attempts = Attempts::default();
        let at = |seconds: i64| UtcMillis(seconds * 1000);
        let mut waits = Vec::new();
        for _ in 0..10 {
            attempts.failed("Kim", "192.0.2.1", at(0));
            waits.push(attempts.wait_seconds("kim", "192.0.2.2", at(0)));
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60]);
        assert_eq!(attempts.wait_seconds("kim", "x", at(59)), 1);
        assert_eq!(attempts.wait_seconds("kim", "x", at(60)), 0);
        assert_eq!(attempts.wait_seconds("lee", "192.0.2.1", at(0)), 60, "the address waits too");
        assert_eq!(attempts.wait_seconds("lee", "192.0.2.2", at(0)), 0);
        attempts.succeeded("kim", "192.0.2.1");
        assert_eq!(attempts.wait_seconds("kim", "192.0.2.1", at(0)), 0);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let attempts = Attempts::default();
        for number in 0..REMEMBERED + 100 {
            attempts.failed(&format!("u{number}"), "192.0.2.1", UtcMillis(0));
        }
        assert!(attempts.failures.lock().unwrap().len() <= REMEMBERED + 1);
    }
}
