//! The pace of paced log-outs: one pace for the whole cluster, shared by all jobs.

use std::sync::{Mutex, PoisonError};

use engine::UtcMillis;

/// The log-outs that jobs may do now (a token bucket). The rate adds log-outs over time, at most
/// one second's worth.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Free>);

#[derive(Debug, Default)]
struct Free {
    thousandths: u64,
    at: UtcMillis,
}

impl Pace {
    /// Takes one of `parts` shares of the log-outs that are free at `now`; returns the number
    /// taken.
    pub(super) fn take(&self, per_second: u32, parts: usize, now: UtcMillis) -> u32 {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since_ms, per_second) = (now.millis_since(free.at), u64::from(per_second));
        let brought = free.thousandths.saturating_add(since_ms.saturating_mul(per_second));
        let whole = brought.min(per_second * 1_000);
        let taken = (whole / 1_000).div_ceil(parts.max(1) as u64);
        *free = Free { thousandths: whole - taken * 1_000, at: now };
        u32::try_from(taken).unwrap_or(u32::MAX)
    }

    /// Returns log-outs that were taken and not used.
    pub(super) fn give_back(&self, log_outs: u32) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.thousandths += u64::from(log_outs) * 1_000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_free_than_the_rate_brings_whoever_takes_it() {
        let pace = Pace::default();
        let now = |ms: i64| UtcMillis(1_000_000 + ms);
        // Log-outs that no job took are kept for a second.
        assert_eq!(pace.take(10, 1, now(0)), 10);
        assert_eq!(pace.take(10, 1, now(0)), 0);
        assert_eq!(pace.take(10, 3, now(500)), 2);
        assert_eq!(pace.take(10, 2, now(500)), 2);
        assert_eq!(pace.take(10, 1, now(500)), 1);
        assert_eq!(pace.take(10, 1, now(500)), 0);
        pace.give_back(3);
        assert_eq!(pace.take(10, 1, now(500)), 3);
    }

    #[test]
    fn a_slow_rate_is_kept_over_many_steps() {
        let pace = Pace::default();
        let taken = |rate: u32, from: i64| -> u32 {
            (0..50).map(|step| pace.take(rate, 1, UtcMillis(from + step * 200))).sum()
        };
        // The kept second, and the 9.8 seconds from the first step to the last.
        assert_eq!(taken(1, 1_000_000), 1 + 9);
        assert_eq!(taken(7, 2_000_000), 7 + 68);
    }
}
