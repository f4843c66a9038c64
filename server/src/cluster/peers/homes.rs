//! A cache of the home clusters of users.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{NamedUser, UserId, UtcMillis};
use lru::LruCache;
use terms::key;

/// The most users in the cache; past that, the least recently used entry is dropped.
const MOST_USERS: usize = 10_000;
/// How long an entry is valid, in milliseconds. Each login asks the home cluster anyway, and a user who is
/// unknown there is looked up anew.
const GOOD_MS: u64 = 600_000;

/// The home clusters of users, by the key of the user id. Numbers are not cached: a number may belong to
/// another user of the same cluster tomorrow.
pub struct Homes(Mutex<LruCache<String, (UserId, UtcMillis)>>);

impl Default for Homes {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_USERS).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl Homes {
    /// The user with the home cluster, if the cache has a valid entry.
    pub fn find(&self, named: &NamedUser, now: UtcMillis) -> Option<UserId> {
        let NamedUser::Id(id) = named else { return None };
        let (user, at) = self.all().get(&key(id))?.clone();
        // An entry from before the clock was set back is not valid.
        (now >= at && now.millis_since(at) < GOOD_MS).then_some(user)
    }

    /// Remembers the home cluster of a user.
    pub fn remember(&self, named: &NamedUser, user: UserId, now: UtcMillis) {
        if let NamedUser::Id(id) = named {
            self.all().put(key(id), (user, now));
        }
    }

    /// Forgets a user whom the home cluster no longer knows.
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
