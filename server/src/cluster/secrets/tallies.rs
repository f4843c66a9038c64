//! The tallies of all scopes, in bounded memory.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    time::Duration,
};

use sha2::{Digest, Sha256};
use terms::{ActorKind, LoginFilter};

use super::{
    Source,
    rules::{self, Rule, Tally},
};

/// The most tallies that are kept; past that, the tallies with the fewest failures are dropped.
const MOST_TALLIES: usize = 16_384;
/// The number of tallies that are dropped at once.
const FORGOTTEN_AT_ONCE: usize = 256;
/// The longest name that is kept as it is, in bytes; a longer name is kept as its digest.
const LONGEST_NAME_BYTES: usize = 64;

/// The subject of a count of failures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum TallyScope {
    /// A name at a source.
    NameAtSource(ActorKind, String, Source),
    /// A name, over all sources.
    Name(ActorKind, String),
    /// A source, over all names of a kind.
    Source(ActorKind, Source),
    /// A phone, over all names and sources.
    Phone(String),
}

impl TallyScope {
    pub(super) fn rule(&self) -> &'static Rule {
        match self {
            Self::NameAtSource(kind, ..) => rules::name_at_source(*kind),
            Self::Name(..) => &rules::NAME,
            Self::Source(..) | Self::Phone(_) => &rules::PLACE,
        }
    }

    pub(super) const fn has_name(&self) -> bool {
        matches!(self, Self::NameAtSource(..) | Self::Name(..))
    }
}

/// A name as it is counted: without case, and as a digest where the name is long.
pub(super) fn key(name: &str) -> String {
    let key = LoginFilter::fold(name.trim());
    if key.len() <= LONGEST_NAME_BYTES {
        return key;
    }
    Sha256::digest(key).iter().fold("#".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether failures against `secret` count in this tally. A claim that knows no secret (zero) counts in any
/// tally: such a claim must not reset the count.
fn is_against(tally: &Tally, secret: i64) -> bool {
    secret == 0 || tally.secret == secret
}

#[derive(Default)]
pub(super) struct Tallies {
    all: HashMap<TallyScope, StoredTally>,
    /// The scopes that differ from the store; a scope without a tally is deleted there.
    changed: HashSet<TallyScope>,
}

struct StoredTally {
    tally: Tally,
    is_stored: bool,
}

impl Tallies {
    /// The tally of a scope, against a secret; `None` where the tally is against another secret, or over.
    pub(super) fn get(&self, scope: &TallyScope, secret: i64, now: Duration) -> Option<&Tally> {
        let tally = &self.all.get(scope)?.tally;
        let counts = !tally.is_over(now) && (!scope.has_name() || is_against(tally, secret));
        counts.then_some(tally)
    }

    /// Counts a failure, which is not stored before [`Tallies::mark`]; returns the number of failures.
    pub(super) fn fail(&mut self, scope: &TallyScope, secret: i64, now: Duration) -> u32 {
        if self.all.len() >= MOST_TALLIES && !self.all.contains_key(scope) {
            self.make_room(now);
        }
        let secret = if scope.has_name() { secret } else { 0 };
        let new = StoredTally { tally: Tally { secret, ..Tally::default() }, is_stored: false };
        let StoredTally { tally, .. } = self.all.entry(scope.clone()).or_insert(new);
        if !is_against(tally, secret) {
            *tally = Tally { secret, ..Tally::default() };
        }
        tally.fail(scope.rule(), now);
        tally.failures
    }

    /// Marks a scope to be stored, or deleted, by the next flush.
    pub(super) fn mark(&mut self, scope: &TallyScope) {
        self.changed.insert(scope.clone());
    }

    /// Takes back an attempt that was counted as a failure in advance.
    pub(super) fn take_back(&mut self, scope: &TallyScope) {
        let Some(StoredTally { tally, is_stored }) = self.all.get_mut(scope) else { return };
        tally.take_back(scope.rule());
        if *is_stored {
            self.changed.insert(scope.clone());
        } else if tally.failures == 0 {
            self.all.remove(scope);
        }
    }

    /// Forgets all failures of a scope.
    pub(super) fn forget(&mut self, scope: &TallyScope) {
        if self.all.remove(scope).is_some_and(|entry| entry.is_stored) {
            self.changed.insert(scope.clone());
        }
    }

    /// Forgets the tallies that are over.
    pub(super) fn forget_what_is_over(&mut self, now: Duration) {
        let changed = &mut self.changed;
        self.all.retain(|scope, StoredTally { tally, is_stored }| {
            let is_over = tally.is_over(now);
            if is_over && *is_stored {
                changed.insert(scope.clone());
            }
            !is_over
        });
    }

    fn make_room(&mut self, now: Duration) {
        self.forget_what_is_over(now);
        if self.all.len() < MOST_TALLIES {
            return;
        }
        // Many at once: a flood of new names causes one search per `FORGOTTEN_AT_ONCE` names.
        let mut all: Vec<_> = self.all.iter().collect();
        all.select_nth_unstable_by_key(FORGOTTEN_AT_ONCE, |(_, entry)| {
            (entry.tally.failures, entry.tally.forget_at)
        });
        let least = all[..FORGOTTEN_AT_ONCE].iter().map(|(scope, _)| (*scope).clone());
        for scope in least.collect::<Vec<_>>() {
            self.forget(&scope);
        }
    }

    /// Adds a tally from the store, if there is capacity.
    pub(super) fn restore(&mut self, scope: TallyScope, tally: Tally) {
        if self.all.len() < MOST_TALLIES {
            self.all.insert(scope, StoredTally { tally, is_stored: true });
        }
    }

    /// The scopes that are locked, with the time left. Sources and phones only delay.
    pub(super) fn locked(&self, now: Duration) -> impl Iterator<Item = (&TallyScope, Duration)> {
        self.all.iter().filter_map(move |(scope, entry)| {
            let tally = &entry.tally;
            let left = tally.wait(now);
            let is_locked = scope.rule().lock_after(tally.failures).is_some() && !left.is_zero();
            is_locked.then_some((scope, left))
        })
    }

    pub(super) fn has_changes(&self) -> bool {
        !self.changed.is_empty()
    }

    /// The tallies to store, and the scopes to delete (`None`).
    pub(super) fn take_changes(&mut self) -> Vec<(TallyScope, Option<Tally>)> {
        let changed = std::mem::take(&mut self.changed);
        let with_tally = |scope: TallyScope| {
            let tally = self.all.get_mut(&scope).map(|entry| {
                entry.is_stored = true;
                entry.tally
            });
            (scope, tally)
        };
        changed.into_iter().map(with_tally).collect()
    }

    /// Takes back changes that could not be stored, at most [`MOST_TALLIES`] in all.
    pub(super) fn give_back(&mut self, changes: Vec<(TallyScope, Option<Tally>)>) {
        let room = MOST_TALLIES.saturating_sub(self.changed.len());
        self.changed.extend(changes.into_iter().map(|(scope, _)| scope).take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: usize) -> TallyScope {
        TallyScope::Name(ActorKind::User, key(&number.to_string()))
    }

    #[test]
    fn what_is_remembered_is_bounded_and_many_guesses_outlive_single_ones() {
        let mut tallies = Tallies::default();
        let locked = TallyScope::NameAtSource(ActorKind::User, key("john"), Source::Unknown);
        for _ in 0..5 {
            tallies.fail(&locked, 0, Duration::ZERO);
        }
        for number in 0..MOST_TALLIES + 10 {
            tallies.fail(&name(number), 0, Duration::from_millis(1));
        }
        assert!(tallies.all.len() <= MOST_TALLIES);
        assert!(tallies.all.len() > MOST_TALLIES - FORGOTTEN_AT_ONCE);
        assert!(tallies.get(&locked, 0, Duration::from_secs(1)).is_some());
        tallies.forget_what_is_over(Duration::from_secs(3_601));
        assert_eq!(tallies.all.len(), 0);
        assert!(!tallies.has_changes(), "what was never stored need not be deleted");
    }

    #[test]
    fn a_new_secret_begins_anew() {
        let mut tallies = Tallies::default();
        for _ in 0..19 {
            tallies.fail(&name(1), 1, Duration::ZERO);
        }
        assert!(tallies.get(&name(1), 2, Duration::ZERO).is_none());
        assert_eq!(tallies.fail(&name(1), 2, Duration::ZERO), 1);
        let source = TallyScope::Source(ActorKind::User, Source::Unknown);
        tallies.fail(&source, 1, Duration::ZERO);
        assert_eq!(tallies.fail(&source, 2, Duration::ZERO), 2, "it has no secret");
    }

    #[test]
    fn what_is_forgiven_is_deleted_where_it_was_stored() {
        let mut tallies = Tallies::default();
        tallies.fail(&name(1), 0, Duration::ZERO);
        tallies.mark(&name(1));
        assert!(tallies.take_changes()[0].1.is_some());
        tallies.forget(&name(1));
        assert_eq!(tallies.take_changes(), [(name(1), None)]);
        tallies.fail(&name(1), 0, Duration::ZERO);
        tallies.take_back(&name(1));
        assert!(tallies.all.is_empty() && !tallies.has_changes());
    }

    #[test]
    fn a_long_name_is_kept_short_and_case_is_no_other_name() {
        assert_eq!(key(" John "), key("JOHN"));
        let (long, longer) = ("x".repeat(256), "x".repeat(257));
        assert_eq!(key(&long).len(), 65);
        assert_ne!(key(&long), key(&longer));
    }
}
