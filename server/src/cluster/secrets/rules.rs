//! The number of free guesses at a secret, and the cost of further guesses.
//!
//! A *secret* is an administrator's password, an application user's password or an end user's PIN.
//! A *source* is an IPv4 address or a /64 network of IPv6. Failures are counted for these scopes:
//!
//! | scope | free failures | wait per further failure | lock at failure | lock lasts | forgotten after |
//! |---|---|---|---|---|---|
//! | an administrator at a source | 3 | 1 s, doubled up to 60 s | 10 | 15 min | 15 min without a failure |
//! | an application or push user at a source | 10 | 1 s, doubled up to 60 s | 20 | 15 min | 15 min without a failure |
//! | an end user at a source | 4 | – | 5 | 30 min | 30 min without a failure |
//! | a name, over all sources | 19 | – | 20 | 10 min | 60 min after the first (once locked: the last) failure |
//! | a source, over all names of a kind | 20 | 1 s, doubled up to 5 s | never | – | 15 min without a failure |
//! | a phone, over all names and sources | 20 | 1 s, doubled up to 5 s | never | – | 15 min without a failure |
//!
//! * While a scope has to wait, or is locked, its secrets are not checked, and the attempts are not counted. A
//!   name that nobody has is treated as an end user's.
//! * The wait of a phone refuses nothing: each secret is checked when its wait is over. An attacker who guesses
//!   at a phone, from any source, keeps nobody else off the phone. The number of secrets that wait because of a
//!   phone is bounded per source and in all; past the bound the answer is busy, and nothing is counted.
//! * The last three scopes do not concern a name at a source where the name's secret was right in the last 90
//!   days: strangers at other sources, or under other names at the same source, keep nobody out.
//! * A right secret clears the failures of that name at that source, and nothing else.
//! * A new secret starts a new count, for the name and for the name at its sources.
//! * For a name, an attempt counts as a failure from its beginning until the secret is found to be right, so
//!   that many attempts at once are no more than one after the other. For a source, that holds only when no
//!   free failure is left, so that many new users may log in at once. An attempt that was not checked, because
//!   the server was busy, is taken back.
//! * Waits are counted down by the monotonic clock. The remaining wait is stored, so that a restart neither
//!   ends nor begins a wait. The time that the server was down counts; if the clock was set back meanwhile, no
//!   time has passed.
//!
//! Strangers therefore have at most 20 guesses at a name in the first hour, and one in ten minutes from then
//! on, however many sources they have. At a source that knows the name, strangers have 5 guesses at a PIN in
//! half an hour, and in a quarter of an hour about 10 guesses at an administrator's password and 20 at an
//! application user's.

use std::time::Duration;

use terms::ActorKind;

/// How long a source knows a name after the name's secret was right there.
pub(super) const KNOWN_DAYS: u32 = 90;

const fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

/// The cost of failures in one scope.
#[derive(Debug)]
pub(super) struct Rule {
    /// Failures that cost nothing: people mistype.
    free_failures: u32,
    /// The longest of the waits that double from [`FIRST_WAIT`].
    longest_wait: Duration,
    /// The failure that locks.
    lock: Option<LockAfter>,
    /// The time after which failures are forgotten.
    forget_after: Duration,
    /// Whether `forget_after` runs from the first failure until there is a lock; otherwise from the last
    /// failure.
    from_first: bool,
}

#[derive(Debug)]
struct LockAfter {
    at_failure: u32,
    lasts: Duration,
}

/// The first wait; each failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

const ADMINISTRATOR: Rule = Rule {
    free_failures: 3,
    longest_wait: minutes(1),
    lock: Some(LockAfter { at_failure: 10, lasts: minutes(15) }),
    forget_after: minutes(15),
    from_first: false,
};

const APPLICATION_USER: Rule = Rule {
    free_failures: 10,
    lock: Some(LockAfter { at_failure: 20, lasts: minutes(15) }),
    ..ADMINISTRATOR
};

/// As the original's default credential policy.
const USER: Rule = Rule {
    free_failures: 4,
    longest_wait: Duration::ZERO,
    lock: Some(LockAfter { at_failure: 5, lasts: minutes(30) }),
    forget_after: minutes(30),
    from_first: false,
};

/// A name, over all sources.
pub(super) const NAME: Rule = Rule {
    free_failures: 19,
    longest_wait: Duration::ZERO,
    lock: Some(LockAfter { at_failure: 20, lasts: minutes(10) }),
    forget_after: minutes(60),
    from_first: true,
};

/// A source or a phone, over all names.
pub(super) const PLACE: Rule = Rule {
    free_failures: 20,
    longest_wait: Duration::from_secs(5),
    lock: None,
    forget_after: minutes(15),
    from_first: false,
};

/// A name at a source.
pub(super) const fn name_at_source(kind: ActorKind) -> &'static Rule {
    match kind {
        // The user of pushes has the kind `Phone`.
        ActorKind::ApplicationUser | ActorKind::Phone => &APPLICATION_USER,
        ActorKind::User => &USER,
        _ => &ADMINISTRATOR,
    }
}

impl Rule {
    /// Whether a free failure is left after `failures`.
    pub(super) const fn is_free_after(&self, failures: u32) -> bool {
        failures < self.free_failures
    }

    /// How long to wait after `failures`.
    fn wait_after(&self, failures: u32) -> Duration {
        match (&self.lock, failures.checked_sub(self.free_failures)) {
            (Some(lock), _) if failures >= lock.at_failure => lock.lasts,
            (_, None | Some(0)) => Duration::ZERO,
            (_, Some(over)) => {
                let factor = 1_u32.checked_shl(over - 1).unwrap_or(u32::MAX);
                FIRST_WAIT.saturating_mul(factor).min(self.longest_wait)
            }
        }
    }

    /// How long the lock after `failures` lasts, if there is a lock.
    pub(super) fn lock_after(&self, failures: u32) -> Option<Duration> {
        self.lock.as_ref().filter(|lock| failures >= lock.at_failure).map(|lock| lock.lasts)
    }
}

/// The failures of one scope. Moments are times since the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) failures: u32,
    /// The end of the wait, until which no secret is checked.
    pub(super) wait_until: Duration,
    /// When the failures are forgotten.
    pub(super) forget_at: Duration,
    /// The digest of the stored hash that the failures are against; zero where the name has no secret, and in
    /// scopes without a name.
    pub(super) secret: i64,
}

impl Tally {
    /// The wait that is left at `now`.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        self.wait_until.saturating_sub(now)
    }

    /// Whether the tally has no effect any more.
    pub(super) fn is_over(&self, now: Duration) -> bool {
        now >= self.wait_until && now >= self.forget_at
    }

    /// Counts a failure.
    pub(super) fn fail(&mut self, rule: &Rule, now: Duration) {
        if now >= self.forget_at {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        self.wait_until = now + rule.wait_after(self.failures);
        let is_locked = rule.lock_after(self.failures).is_some();
        if self.failures == 1 || !rule.from_first || is_locked {
            self.forget_at = now + rule.forget_after;
        }
    }

    /// Takes back an attempt that was counted as a failure in advance.
    pub(super) fn take_back(&mut self, rule: &Rule) {
        let before = self.failures.saturating_sub(1);
        let counted_at = self.wait_until.saturating_sub(rule.wait_after(self.failures));
        self.failures = before;
        self.wait_until = counted_at + rule.wait_after(before);
    }

    /// A tally from the store: `left` is what was left of its times, each bounded by what the rule gives.
    pub(super) fn kept(rule: &Rule, failures: u32, secret: i64, left: Left, now: Duration) -> Self {
        let longest = rule.lock.as_ref().map_or(rule.longest_wait, |lock| lock.lasts);
        Self {
            failures,
            wait_until: now + left.wait.min(longest),
            forget_at: now + left.forget.min(rule.forget_after),
            secret,
        }
    }
}

/// The remaining times of a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) wait: Duration,
    pub(super) forget: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The waits, in seconds, of a user who tries again as soon as the rule allows.
    fn waits(rule: &Rule, failures: usize) -> Vec<u64> {
        let (mut tally, mut now) = (Tally::default(), Duration::ZERO);
        let wait = || {
            tally.fail(rule, now);
            now += tally.wait(now);
            rule.wait_after(tally.failures).as_secs()
        };
        std::iter::repeat_with(wait).take(failures).collect()
    }

    #[test]
    fn waits_grow_are_bounded_and_lead_to_a_lock() {
        assert_eq!(waits(&ADMINISTRATOR, 10), [0, 0, 0, 1, 2, 4, 8, 16, 32, 900]);
        let application = waits(&APPLICATION_USER, 20);
        assert_eq!(application[..10], [0; 10]);
        assert_eq!(application[10..], [1, 2, 4, 8, 16, 32, 60, 60, 60, 900]);
        assert_eq!(waits(&USER, 6), [0, 0, 0, 0, 1_800, 0], "after a lock counting begins anew");
        assert_eq!(waits(&PLACE, 25)[19..], [0, 1, 2, 4, 5, 5]);
    }

    #[test]
    fn a_name_is_locked_for_twenty_failures_in_an_hour_and_for_each_one_that_follows() {
        let mut tally = Tally::default();
        // Nineteen failures in an hour, twice: never twenty within one hour.
        for failure in 0..38 {
            tally.fail(&NAME, SECOND * 190 * failure);
            assert_eq!(tally.wait(SECOND * 190 * failure), Duration::ZERO, "{failure}");
        }
        let mut now = SECOND * 100_000;
        for _ in 0..19 {
            tally.fail(&NAME, now);
        }
        for _ in 0..20 {
            tally.fail(&NAME, now);
            assert_eq!(tally.wait(now), minutes(10));
            now += minutes(10);
            assert_eq!(tally.wait(now), Duration::ZERO);
        }
        tally.fail(&NAME, now + minutes(60));
        assert_eq!(tally.failures, 1, "an hour without a failure ends it");
    }

    #[test]
    fn what_was_taken_back_costs_nothing() {
        let mut tally = Tally::default();
        for _ in 0..4 {
            tally.fail(&USER, SECOND);
        }
        let before = tally;
        tally.fail(&USER, SECOND);
        assert_eq!(tally.wait(SECOND), minutes(30));
        tally.take_back(&USER);
        assert_eq!((tally.failures, tally.wait(SECOND)), (before.failures, Duration::ZERO));
    }

    #[test]
    fn what_was_kept_is_no_longer_than_the_rule_gives() {
        let left = Left { wait: minutes(500), forget: minutes(500) };
        let tally = Tally::kept(&USER, 5, 0, left, SECOND);
        assert_eq!(tally.wait(SECOND), minutes(30));
        assert_eq!(tally.forget_at, SECOND + minutes(30));
        let left = Left { wait: SECOND, forget: SECOND };
        assert_eq!(Tally::kept(&USER, 5, 0, left, SECOND).wait(SECOND), SECOND);
    }
}
