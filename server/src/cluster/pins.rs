//! PINs of end users, and the one lock-out that every door which takes a PIN shares.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{UserCredential, UtcMillis};
use terms::LoginFilter;

use super::{PasswordError, Passwords};

/// Wrong PINs after which a user is locked.
pub const WRONG_PINS: u32 = 5;
/// For how long a user is locked, and for how long a wrong PIN counts: half an hour, as in the
/// original's default credential policy.
pub const LOCK_MS: u64 = 30 * 60 * 1000;
/// Users whose wrong PINs are remembered, more than a cluster has phones; past this the oldest are
/// forgotten.
const REMEMBERED_USERS: usize = 65_536;

/// What became of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCheck {
    /// It is the user's.
    Right,
    /// It is not.
    Wrong,
    /// It is not, and with it the user is locked.
    NowLocked,
    /// The user was locked already: whatever the PIN, it was not looked at.
    Locked,
}

/// Who gave wrong PINs lately.
#[derive(Default)]
pub struct Pins {
    wrong: Mutex<HashMap<String, Wrong>>,
}

struct Wrong {
    /// Against which PIN: a new one begins anew.
    pin_hash: String,
    count: u32,
    last: UtcMillis,
}

impl Wrong {
    fn counts(&self, now: UtcMillis) -> bool {
        now.millis_since(self.last) < LOCK_MS
    }
}

impl Pins {
    /// Checks a PIN. An attempt counts as wrong from its beginning until it is found to be right,
    /// so that many at once are no more than one after the other.
    ///
    /// Who is locked gets the same work done for nothing: the time does not tell.
    ///
    /// # Errors
    /// [`PasswordError`] when it was not checked; then it does not count.
    pub async fn check(
        &self,
        passwords: &Passwords,
        user: &UserCredential,
        pin: String,
        now: UtcMillis,
    ) -> Result<PinCheck, PasswordError> {
        let key = LoginFilter::fold(&user.id);
        let Some(count) = self.begin(&key, &user.pin_hash, now) else {
            passwords.verify(pin, None).await?;
            return Ok(PinCheck::Locked);
        };
        match passwords.verify(pin, Some(user.pin_hash.clone())).await {
            Ok(true) => {
                self.wrong().remove(&key);
                Ok(PinCheck::Right)
            }
            Ok(false) if count == WRONG_PINS => Ok(PinCheck::NowLocked),
            Ok(false) => Ok(PinCheck::Wrong),
            Err(error) => {
                if let Some(wrong) = self.wrong().get_mut(&key) {
                    wrong.count = wrong.count.saturating_sub(1);
                }
                Err(error)
            }
        }
    }

    /// Counts one more attempt; `None` when the user is locked.
    fn begin(&self, key: &str, pin_hash: &str, now: UtcMillis) -> Option<u32> {
        let mut all = self.wrong();
        if all.len() >= REMEMBERED_USERS && !all.contains_key(key) {
            all.retain(|_, wrong| wrong.counts(now));
            if all.len() >= REMEMBERED_USERS {
                let oldest = all.iter().min_by_key(|(_, wrong)| wrong.last);
                let oldest = oldest.map(|(key, _)| key.clone());
                oldest.and_then(|key| all.remove(&key));
            }
        }
        let wrong = all.entry(key.to_owned()).or_insert_with(|| Wrong {
            pin_hash: pin_hash.to_owned(),
            count: 0,
            last: now,
        });
        if wrong.pin_hash != pin_hash || !wrong.counts(now) {
            *wrong = Wrong { pin_hash: pin_hash.to_owned(), count: 0, last: now };
        }
        if wrong.count >= WRONG_PINS {
            return None;
        }
        wrong.count += 1;
        wrong.last = now;
        Some(wrong.count)
    }

    fn wrong(&self) -> MutexGuard<'_, HashMap<String, Wrong>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn user(passwords: &Passwords, pin: &str) -> UserCredential {
        let pin_hash = passwords.hash(pin.to_owned()).await.unwrap();
        UserCredential { id: "John".to_owned(), pin_hash, enabled: true }
    }

    #[tokio::test]
    async fn five_wrong_pins_lock_for_half_an_hour_and_a_right_one_clears_them() {
        let (passwords, pins) = (Passwords::new(), Pins::default());
        let john = user(&passwords, "12345").await;
        let check = async |pin: &str, now: i64| {
            pins.check(&passwords, &john, pin.to_owned(), UtcMillis(now)).await.unwrap()
        };
        for _ in 0..4 {
            assert_eq!(check("1", 0).await, PinCheck::Wrong);
        }
        assert_eq!(check("12345", 1).await, PinCheck::Right);
        for _ in 0..4 {
            assert_eq!(check("1", 2).await, PinCheck::Wrong);
        }
        assert_eq!(check("1", 3).await, PinCheck::NowLocked);
        let lock = i64::try_from(LOCK_MS).unwrap();
        assert_eq!(check("12345", 3 + lock - 1).await, PinCheck::Locked);
        assert_eq!(check("12345", 3 + lock).await, PinCheck::Right);
    }

    #[tokio::test]
    async fn many_at_once_are_no_more_than_one_after_the_other() {
        let (passwords, pins) = (Passwords::new(), Pins::default());
        let john = user(&passwords, "12345").await;
        let check = |_| pins.check(&passwords, &john, "1".to_owned(), UtcMillis(0));
        let checks = futures::future::join_all((0..12).map(check)).await;
        let looked_at =
            checks.into_iter().filter(|check| *check.as_ref().unwrap() != PinCheck::Locked);
        assert_eq!(looked_at.count(), 5);
    }

    #[tokio::test]
    async fn a_new_pin_ends_the_lock() {
        let (passwords, pins) = (Passwords::new(), Pins::default());
        let mut john = user(&passwords, "12345").await;
        for _ in 0..5 {
            pins.check(&passwords, &john, "1".to_owned(), UtcMillis(0)).await.unwrap();
        }
        john.pin_hash = passwords.hash("54321".to_owned()).await.unwrap();
        let check = pins.check(&passwords, &john, "54321".to_owned(), UtcMillis(1)).await;
        assert_eq!(check.unwrap(), PinCheck::Right);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let pins = Pins::default();
        for number in 0..REMEMBERED_USERS + 10 {
            let now = UtcMillis(i64::try_from(number).unwrap());
            assert_eq!(pins.begin(&number.to_string(), "$", now), Some(1));
        }
        assert_eq!(pins.wrong().len(), REMEMBERED_USERS);
    }
}
