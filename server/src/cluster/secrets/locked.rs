//! The names that are locked now, and ending a lock by hand.

use std::time::Duration;

use engine::Actor;
use terms::ActorKind;

use super::{
    Secrets, Source,
    tallies::{Scope, key},
};

/// Locks that are shown at most, those that last longest.
const MOST_SHOWN: usize = 200;

/// A name that is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The kind of name.
    pub kind: ActorKind,
    /// The name, as it is counted: in lower case; of a very long one its digest.
    pub name: String,
    /// The source at which it is locked; empty for all that do not know it.
    pub source: String,
    /// The time that is left.
    pub left: Duration,
}

impl Secrets {
    /// The names that are locked now, those that are locked longest first.
    #[must_use]
    pub fn locked(&self) -> Vec<Lock> {
        let now = self.limits.now();
        let state = self.limits.state();
        let locks = state.tallies.locked(now).map(|(scope, left)| match scope {
            Scope::NameAtSource(kind, name, source) => {
                Lock { kind: *kind, name: name.clone(), source: source.to_string(), left }
            }
            Scope::Name(kind, name) => {
                Lock { kind: *kind, name: name.clone(), source: String::new(), left }
            }
            Scope::Source(kind, _) => {
                Lock { kind: *kind, name: String::new(), source: String::new(), left }
            }
            Scope::Phone(phone) => {
                Lock { kind: ActorKind::Phone, name: phone.clone(), source: String::new(), left }
            }
        });
        let mut locks: Vec<_> = locks.collect();
        locks.sort_by(|one, other| {
            other.left.cmp(&one.left).then_with(|| one.name.cmp(&other.name))
        });
        locks.truncate(MOST_SHOWN);
        locks
    }

    /// Ends the lock of a name at a source, or at all, and forgets its failures there; false when it is not
    /// locked. The audit says who did it.
    pub fn unlock(&self, kind: ActorKind, name: &str, source: &str, by: &Actor) -> bool {
        let scope = if source.is_empty() {
            Scope::Name(kind, key(name))
        } else {
            let source = Source::of_text(source.trim_end_matches("/64"));
            Scope::NameAtSource(kind, key(name), source)
        };
        let now = self.limits.now();
        let mut state = self.limits.state();
        let is_locked = state.tallies.locked(now).any(|(locked, _)| *locked == scope);
        if is_locked {
            state.tallies.forget(&scope);
            state.locks.note_end(by, kind, &key(name), source);
            self.limits.changed.notify_one();
        }
        is_locked
    }
}
