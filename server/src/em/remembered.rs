//! A cache of application users' passwords that were right.
//!
//! A password is remembered under the version of the configuration at which it was verified, and
//! for the source from which it came. Every operation compares that version in its own transaction,
//! so a password that was changed, or a user that was deleted, is refused at the very next request.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::UtcMillis;
use sha2::{Digest, Sha256};

use super::asker::Asker;
use crate::cluster::Source;

/// The most passwords that are remembered; a full cache is cleared, and passwords are verified
/// again.
const MOST_PASSWORDS: usize = 1_024;
/// The time for which an unused password is remembered, in milliseconds.
/// Source: Feature Configuration Guide 12.5(1). Unlike in the original, a changed password ends the
/// time of the old password at once.
const REMEMBERED_MS: u64 = 120_000;
/// The number of different wrong passwords after which a remembered password is dropped.
/// The bound makes comparing no faster a way to guess than verifying.
const MOST_GUESSES: usize = 20;

/// A keyed digest of an id and a password: the password itself is not kept.
pub(super) type Secret = [u8; 32];

pub(super) struct Remembered {
    key: [u8; 32],
    all: Mutex<HashMap<(String, Source), Verified>>,
}

struct Verified {
    asker: Asker,
    stored_hash: String,
    secret: Secret,
    /// Digests of other passwords from the same source under the same id.
    guesses: Vec<Secret>,
    /// The time of the last use.
    used: UtcMillis,
    /// Whether the configuration may have changed since.
    stale: bool,
}

impl Remembered {
    #[expect(clippy::disallowed_methods, reason = "a secret that the operating system chooses")]
    pub(super) fn new() -> Self {
        Self { key: rand::random(), all: Mutex::default() }
    }

    /// The digest of an id and a password.
    pub(super) fn digest(&self, id: &str, password: &str) -> Secret {
        let id_bytes = (id.len() as u64).to_le_bytes();
        let keyed = Sha256::new().chain_update(self.key).chain_update(id_bytes);
        keyed.chain_update(id).chain_update(password).finalize().into()
    }

    /// The asker that was verified with this secret, and the milliseconds for which the secret was
    /// still remembered. Each use starts that time again.
    pub(super) fn get(
        &self,
        id: &str,
        source: Source,
        secret: Secret,
        now: UtcMillis,
    ) -> Option<(Asker, u64)> {
        let mut all = self.all();
        let key = (id.to_owned(), source);
        let verified = all.get_mut(&key)?;
        if verified.secret != secret {
            if !verified.guesses.contains(&secret) {
                verified.guesses.push(secret);
            }
            if verified.guesses.len() >= MOST_GUESSES {
                all.remove(&key);
            }
            return None;
        }
        let since = now.millis_since(verified.used);
        if verified.stale || since >= REMEMBERED_MS {
            return None;
        }
        verified.used = now;
        Some((verified.asker.clone(), REMEMBERED_MS - since))
    }

    /// Whether this secret was verified against this hash, and is still remembered.
    pub(super) fn has(
        &self,
        id: &str,
        source: Source,
        secret: Secret,
        hash: &str,
        now: UtcMillis,
    ) -> bool {
        self.all().get(&(id.to_owned(), source)).is_some_and(|verified| {
            verified.secret == secret
                && verified.stored_hash == hash
                && now.millis_since(verified.used) < REMEMBERED_MS
        })
    }

    /// Remembers a secret that was right.
    pub(super) fn remember(
        &self,
        id: &str,
        source: Source,
        secret: Secret,
        stored_hash: String,
        (asker, now): (Asker, UtcMillis),
    ) {
        let mut all = self.all();
        if all.len() >= MOST_PASSWORDS {
            all.clear();
        }
        let guesses = Vec::new();
        let verified = Verified { asker, stored_hash, secret, guesses, used: now, stale: false };
        all.insert((id.to_owned(), source), verified);
    }

    /// Makes the next request read the user again, because the configuration has changed.
    pub(super) fn recheck(&self, id: &str) {
        let mut all = self.all();
        let of_user = all.iter_mut().filter(|((user, _), _)| user == id);
        of_user.for_each(|(_, verified)| verified.stale = true);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(String, Source), Verified>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use engine::Version;

    use super::*;
    use crate::em::asker::May;

    const HERE: Source = Source::Unknown;

    fn remembered() -> (Remembered, Secret) {
        let (remembered, now) = (Remembered::new(), UtcMillis(0));
        let secret = remembered.digest("emproxy", "right");
        let asker = Asker { id: "emproxy".to_owned(), may: May::Everybody, version: Version(1) };
        remembered.remember("emproxy", HERE, secret, "$".to_owned(), (asker, now));
        (remembered, secret)
    }

    fn knows(remembered: &Remembered, source: Source, secret: Secret, now: i64) -> bool {
        remembered.get("emproxy", source, secret, UtcMillis(now)).is_some()
    }

    #[test]
    fn a_password_is_remembered_where_it_was_right_as_long_as_it_is_used() {
        let (remembered, secret) = remembered();
        let elsewhere = Source::of_text("192.0.2.1");
        assert!(!knows(&remembered, elsewhere, secret, 0), "elsewhere it is verified");
        assert!(knows(&remembered, HERE, secret, 119_999));
        assert!(knows(&remembered, HERE, secret, 239_998));
        assert!(!knows(&remembered, HERE, secret, 359_998));
    }

    #[test]
    fn one_wrong_password_makes_nothing_be_forgotten_and_many_do() {
        let (remembered, secret) = remembered();
        let guess = |number: usize| remembered.digest("emproxy", &number.to_string());
        for _ in 0..1_000 {
            assert!(!knows(&remembered, HERE, guess(0), 1));
        }
        assert!(knows(&remembered, HERE, secret, 2));
        for number in 0..MOST_GUESSES {
            assert!(!knows(&remembered, HERE, guess(number), 3));
        }
        assert!(!knows(&remembered, HERE, secret, 4), "it is verified, within the limits");
    }
}
