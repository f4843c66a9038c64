//! Who asks: application users by id and password, end users by id and PIN.
//!
//! A verified password is remembered under the version of the configuration at which it was
//! verified. Every operation compares that version in its own transaction, so a password that was
//! changed, or a user that was deleted, is refused at the very next request. PINs are not
//! remembered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use engine::{Actor, UserCredential, UtcMillis, Version, ports::Lookups};
use sha2::{Digest, Sha256};
use store::ConsoleStore;
use terms::{ErrorCode, LoginFilter};
use tokio::sync::{Semaphore, SemaphorePermit};
use wire::trace::Shape;

use super::{journal::Journal, store_code};
use crate::cluster::{Cluster, LOCK_MS, PasswordError, PinCheck, WRONG_PINS};

/// Verified passwords that are remembered; past this all are forgotten and verified again.
const REMEMBERED: usize = 1024;
/// For how long a verified password is remembered that nobody uses (Feature Configuration Guide 12.5(1); unlike the
/// original's, the old one is not good any more once it was changed).
const REMEMBERED_MS: u64 = 120_000;
/// Requests that may be at having a password or PIN verified, or wait for it; one more is refused.
const PLACES: usize = 1024;

/// Somebody whose password or PIN was right.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    /// The id, as stored.
    pub(super) id: String,
    /// For whom they may act.
    pub(super) may: May,
    /// The configuration that says so.
    pub(super) version: Version,
}

/// For whom somebody may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// For everybody: an application user with the proxy right.
    Everybody,
    /// For nobody: an application user without it.
    Nobody,
    /// For themselves: an end user.
    Themselves,
}

impl Asker {
    /// Whether they may act for a user.
    pub(super) fn may_act_for(&self, user: &str) -> bool {
        match self.may {
            May::Everybody => true,
            May::Nobody => false,
            May::Themselves => LoginFilter::fold(&self.id) == LoginFilter::fold(user),
        }
    }

    /// The only user whose logins they may end; `None` for everybody's.
    pub(super) fn only(&self) -> Option<String> {
        (self.may == May::Themselves).then(|| self.id.clone())
    }

    /// They, as the one who did something, from an address.
    pub(super) fn actor(&self, address: &str) -> Actor {
        match self.may {
            May::Themselves => Actor::user(&self.id, address),
            May::Everybody | May::Nobody => Actor::application_user(&self.id, address),
        }
    }
}

struct Verified {
    asker: Asker,
    stored_hash: String,
    /// Keyed digest of the password: the password itself is not kept.
    digest: [u8; 32],
    /// When it was used last.
    used: UtcMillis,
    /// Whether the configuration may have changed since.
    stale: bool,
}

pub(super) struct Authenticator {
    key: [u8; 32],
    verified: Mutex<HashMap<String, Verified>>,
    turns: Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<()>>>>,
    places: Semaphore,
}

impl Authenticator {
    #[expect(clippy::disallowed_methods, reason = "a secret that the operating system chooses")]
    pub(super) fn new() -> Self {
        Self {
            key: rand::random(),
            verified: Mutex::default(),
            turns: Mutex::default(),
            places: Semaphore::new(PLACES),
        }
    }

    /// Who has this id and password or PIN, or `None` if one of them is wrong.
    pub(super) async fn authenticate(
        &self,
        cluster: &Cluster,
        (id, secret): (&str, &str),
        address: &str,
        journal: &mut Journal,
    ) -> Result<Option<Asker>, ErrorCode> {
        let digest = self.digest(id, secret);
        journal.say(Shape::CredentialCache, &[&id]);
        if let Some((asker, remaining)) = self.remembered(id, digest, cluster.clock.now()) {
            journal.say(Shape::CredentialCached, &[&id, &remaining]);
            return Ok(Some(asker));
        }
        let _place = self.place()?;
        // Of many that come at once with the same password one has it verified.
        let one = self.one_at_a_time(digest);
        let _turn = one.lock().await;
        if let Some((asker, _)) = self.remembered(id, digest, cluster.clock.now()) {
            return Ok(Some(asker));
        }
        let (version, stored) = cluster.store.app_user(id).await.map_err(store_code)?;
        let Some(stored) = stored else {
            return end_user(cluster, id, secret, address).await;
        };
        let now = cluster.clock.now();
        let right = self.was_verified(id, digest, &stored.password_hash, now) || {
            let hash = Some(stored.password_hash.clone());
            cluster.passwords.verify(secret.to_owned(), hash).await.map_err(password_code)?
        };
        if !right {
            return Ok(None);
        }
        let may = if stored.proxy { May::Everybody } else { May::Nobody };
        let asker = Asker { id: stored.id, may, version };
        let stored_hash = stored.password_hash;
        let mut verified = self.verified();
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(
            id.to_owned(),
            Verified { asker: asker.clone(), stored_hash, digest, used: now, stale: false },
        );
        Ok(Some(asker))
    }

    /// Who was verified with this password a short while ago, and for how many milliseconds more
    /// that is remembered; whoever goes on asking goes on being remembered.
    fn remembered(&self, id: &str, digest: [u8; 32], now: UtcMillis) -> Option<(Asker, u64)> {
        let mut verified = self.verified();
        let verified = verified.get_mut(id)?;
        let since = now.millis_since(verified.used);
        if verified.digest != digest || verified.stale || since >= REMEMBERED_MS {
            return None;
        }
        verified.used = now;
        Some((verified.asker.clone(), REMEMBERED_MS - since))
    }

    /// Whether this password was verified against this hash a short while ago.
    fn was_verified(&self, id: &str, digest: [u8; 32], hash: &str, now: UtcMillis) -> bool {
        self.verified().get(id).is_some_and(|verified| {
            verified.digest == digest
                && verified.stored_hash == hash
                && now.millis_since(verified.used) < REMEMBERED_MS
        })
    }

    /// A place among those who are verified. Nobody knows yet who they are: their number is bound
    /// here, before the throttle, which is for those who were let in.
    fn place(&self) -> Result<SemaphorePermit<'_>, ErrorCode> {
        self.places.try_acquire().map_err(|_| ErrorCode::Busy)
    }

    /// The turn of those who come with the same id and password.
    fn one_at_a_time(&self, digest: [u8; 32]) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // Who has no turn to wait for is forgotten.
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(digest).or_default())
    }

    /// The configuration has moved on: look the user up again at the next request.
    pub(super) fn recheck(&self, id: &str) {
        if let Some(verified) = self.verified().get_mut(id) {
            verified.stale = true;
        }
    }

    fn digest(&self, id: &str, password: &str) -> [u8; 32] {
        let id_bytes = (id.len() as u64).to_le_bytes();
        let keyed = Sha256::new().chain_update(self.key).chain_update(id_bytes);
        keyed.chain_update(id).chain_update(password).finalize().into()
    }

    fn verified(&self) -> MutexGuard<'_, HashMap<String, Verified>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An end user by PIN, behind the lock-out. A user who may not log in may not ask either.
async fn end_user(
    cluster: &Cluster,
    id: &str,
    pin: &str,
    address: &str,
) -> Result<Option<Asker>, ErrorCode> {
    let (version, user) = cluster.store.user_credential(id).await.map_err(store_code)?;
    let Some(user) = user else {
        // Nobody has this id: as much work, so that the time does not tell.
        let nobody = cluster.passwords.verify(pin.to_owned(), None).await;
        return nobody.map(|_| None).map_err(password_code);
    };
    let now = cluster.clock.now();
    let check = cluster.pins.check(&cluster.passwords, &user, pin.to_owned(), now).await;
    let UserCredential { id, enabled, .. } = user;
    match check.map_err(password_code)? {
        PinCheck::Right => {}
        PinCheck::Wrong | PinCheck::Locked => return Ok(None),
        PinCheck::NowLocked => {
            let (actor, minutes) = (Actor::user(&id, address), LOCK_MS / 60_000);
            let detail = format!("{WRONG_PINS} wrong PINs, for {minutes} minutes");
            let noted = cluster.store.note(actor, "lock_pin", format!("user {id}"), detail, now);
            if let Err(error) = noted.await {
                tracing::error!(%error, "that a user is locked could not be written down");
            }
            return Ok(None);
        }
    }
    Ok(enabled.then_some(Asker { id, may: May::Themselves, version }))
}

fn password_code(error: PasswordError) -> ErrorCode {
    match error {
        PasswordError::Busy => ErrorCode::Busy,
        error @ PasswordError::Hash(_) => {
            tracing::error!(%error, "who asks could not be checked");
            ErrorCode::UserInfo
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_one_too_many_to_be_verified_is_told_busy() {
        let authenticator = Authenticator::new();
        let mut places: Vec<_> = (0..PLACES).map(|_| authenticator.place().unwrap()).collect();
        assert_eq!(authenticator.place().unwrap_err(), ErrorCode::Busy);
        places.pop();
        assert!(authenticator.place().is_ok());
    }
}
