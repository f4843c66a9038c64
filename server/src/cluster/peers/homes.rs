//! The home clusters of users, as far as they are known.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{NamedUser, UserId, UtcMillis};
use lru::LruCache;
use terms::key;

/// Users that are remembered; past them those that came longest ago are forgotten.
const MOST_USERS: usize = 10_000;
/// For how long one is remembered, in milliseconds. Home is asked at each login anyway, and a user whom it
/// does not know any more is looked for anew.
const GOOD_MS: u64 = 600_000;

/// The home clusters of users, by the key of the user id. Numbers are not remembered: one may be another user's
/// tomorrow, in the same cluster.
pub struct Homes(Mutex<LruCache<String, (UserId, UtcMillis)>>);

impl Default for Homes {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_USERS).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl Homes {
    /// The user, with the home cluster, if that is remembered.
    pub fn find(&self, named: &NamedUser, now: UtcMillis) -> Option<UserId> {
        let NamedUser::Id(id) = named else { return None };
        let (user, at) = self.all().get(&key(id))?.clone();
        // A clock that was set back makes nothing young again.
        (now >= at && now.millis_since(at) < GOOD_MS).then_some(user)
    }

    /// Remembers the home cluster of a user.
    pub fn remember(&self, named: &NamedUser, user: UserId, now: UtcMillis) {
        if let NamedUser::Id(id) = named {
            self.all().put(key(id), (user, now));
        }
    }

    /// Forgets a user, whom the home cluster does not know any more.
    pub fn forget(&self, named: &NamedUser) {
        if let NamedUser::Id(id) = named {
            self.all().pop(&key(id));
        }
    }

    fn all(&self) -> MutexGuard<'_, LruCache<String, (UserId, UtcMillis)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_remembered_for_a_while_in_any_spelling() {
        let (homes, rak) = (Homes::default(), UserId { cluster: "busan".into(), id: "rak".into() });
        let named = |id: &str| NamedUser::Id(id.to_owned());
        homes.remember(&named("rak"), rak.clone(), UtcMillis(5));
        assert_eq!(homes.find(&named("RAK"), UtcMillis(600_004)), Some(rak.clone()));
        assert_eq!(homes.find(&named("rak"), UtcMillis(600_005)), None);
        assert_eq!(homes.find(&named("rak"), UtcMillis(4)), None, "the clock was set back");
        let number = NamedUser::Number(engine::UserNumber::PrimaryExtension("rak".into()));
        homes.remember(&number, rak, UtcMillis(5));
        assert_eq!(homes.find(&number, UtcMillis(5)), None);
        homes.forget(&named("Rak"));
        assert_eq!(homes.find(&named("rak"), UtcMillis(5)), None);
    }
}
