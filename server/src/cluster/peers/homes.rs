//! The home clusters of users, as far as they are known.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{NamedUser, UserId, UserNumber, UtcMillis};
use lru::LruCache;
use terms::key;

/// Users that are remembered; past them those that came longest ago are forgotten.
const MOST_USERS: usize = 10_000;
/// For how long one is remembered, in milliseconds. Home is asked at each login anyway, and a user whom it
/// does not know any more is looked for anew.
const GOOD_MS: u64 = 600_000;

/// The home clusters of users.
pub struct Homes(Mutex<LruCache<NamedUser, (UserId, UtcMillis)>>);

impl Default for Homes {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_USERS).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(most)))
    }
}

impl Homes {
    /// The user, with the home cluster, if that is remembered.
    pub fn find(&self, named: &NamedUser, now: UtcMillis) -> Option<UserId> {
        let (user, at) = self.all().get(&compared(named))?.clone();
        // A clock that was set back makes nothing young again.
        (now >= at && now.millis_since(at) < GOOD_MS).then_some(user)
    }

    /// Remembers the home cluster of a user.
    pub fn remember(&self, named: &NamedUser, user: UserId, now: UtcMillis) {
        self.all().put(compared(named), (user, now));
    }

    /// Forgets a user, whom the home cluster does not know any more.
    pub fn forget(&self, named: &NamedUser) {
        self.all().pop(&compared(named));
    }

    fn all(&self) -> MutexGuard<'_, LruCache<NamedUser, (UserId, UtcMillis)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The user as it is compared with others.
fn compared(named: &NamedUser) -> NamedUser {
    match named {
        NamedUser::Id(id) => NamedUser::Id(key(id)),
        NamedUser::Number(UserNumber::PrimaryExtension(_) | UserNumber::SelfServiceId(_)) => {
            named.clone()
        }
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
        let number = NamedUser::Number(UserNumber::PrimaryExtension("rak".into()));
        assert_eq!(homes.find(&number, UtcMillis(5)), None);
        homes.forget(&named("Rak"));
        assert_eq!(homes.find(&named("rak"), UtcMillis(5)), None);
    }
}
