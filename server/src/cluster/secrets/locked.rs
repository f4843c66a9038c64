//! The names that are locked now, and ending a lock by hand.

use std::time::Duration;

use engine::Actor;
use terms::ActorKind;

use super::{
    Secrets,
    tallies::{TallyScope, key},
};

/// The most locks that are shown, those that last longest.
const MOST_SHOWN: usize = 200;

/// A name that is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedName {
    /// The kind of name.
    pub kind: ActorKind,
    /// The name as it is counted: in lower case; the digest of a very long name.
    pub name: String,
    /// The source at which the name is locked; empty for all sources that do not know the name.
    pub source: String,
    /// The time that is left.
    pub left: Duration,
}

impl Secrets {
    /// The names that are locked now, the longest lock first.
    #[must_use]
    pub fn locked(&self) -> Vec<LockedName> {
        self.locked_that(|_, _| true)
    }

    /// The locks of one name, the longest first.
    #[must_use]
    pub fn locks_of(&self, kind: ActorKind, name: &str) -> Vec<LockedName> {
        let name = key(name);
        self.locked_that(|one, locked| one == kind && locked == name)
    }

    /// The locks that `is_wanted` takes by kind and name.
    fn locked_that(&self, is_wanted: impl Fn(ActorKind, &str) -> bool) -> Vec<LockedName> {
        let now = self.limits.now();
        let state = self.limits.state();
        let locks = state.tallies.locked(now).filter_map(|(scope, left)| {
            let (kind, name, source) = match scope {
                TallyScope::NameAtSource(kind, name, source) => (*kind, name, source.to_string()),
                TallyScope::Name(kind, name) => (*kind, name, String::new()),
                // Sources and phones only delay.
                TallyScope::Source(..) | TallyScope::Phone(_) => return None,
            };
            // A number that belongs to nobody has nobody to unlock.
            let is_shown = !name.contains(char::is_control) && is_wanted(kind, name);
            is_shown.then(|| LockedName { kind, name: name.clone(), source, left })
        });
        let mut locks: Vec<_> = locks.collect();
        locks.sort_by(|one, other| {
            other.left.cmp(&one.left).then_with(|| one.name.cmp(&other.name))
        });
        locks.truncate(MOST_SHOWN);
        locks
    }

    /// Ends a lock that [`Secrets::locked`] lists, and forgets the failures behind the lock; false when there is
    /// no such lock. The audit names `by`.
    pub fn unlock(&self, kind: ActorKind, name: &str, source: &str, by: &Actor) -> bool {
        let now = self.limits.now();
        let mut state = self.limits.state();
        let is_it = |scope: &TallyScope| match scope {
            TallyScope::NameAtSource(one, stored, at) => {
                *one == kind && stored == name && at.to_string() == source
            }
            TallyScope::Name(one, stored) => *one == kind && stored == name && source.is_empty(),
            TallyScope::Source(..) | TallyScope::Phone(_) => false,
        };
        let found = state.tallies.locked(now).find(|(scope, _)| is_it(scope));
        let Some(scope) = found.map(|(scope, _)| scope.clone()) else { return false };
        state.tallies.forget(&scope);
        state.locks.note_end(by, kind, name, source);
        self.limits.changed.notify_one();
        true
    }
}
