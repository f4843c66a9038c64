//! Who asks: application users by id and password.
//!
//! A verified password is remembered under the version of the configuration at which it was
//! verified. Every operation compares that version in its own transaction, so a password that was
//! changed, or a user that was deleted, is refused at the very next request.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::{Version, ports::Lookups};
use sha2::{Digest, Sha256};
use store::SqliteStore;
use terms::ErrorCode;

use super::store_code;
use crate::cluster::{PasswordError, Passwords};

/// Verified passwords that are remembered; past this all are forgotten and verified again.
const REMEMBERED: usize = 1024;

/// An application user whose password was right.
#[derive(Clone)]
pub(super) struct Authenticated {
    /// Its id.
    pub(super) id: String,
    /// Whether it may act for anybody.
    pub(super) proxy: bool,
    /// The configuration that says so.
    pub(super) version: Version,
}

struct Verified {
    user: Authenticated,
    stored_hash: String,
    /// Keyed digest of the password: the password itself is not kept.
    digest: [u8; 32],
    /// Whether the configuration may have changed since.
    stale: bool,
}

pub(super) struct Authenticator {
    passwords: Passwords,
    key: [u8; 32],
    verified: Mutex<HashMap<String, Verified>>,
}

impl Authenticator {
    pub(super) fn new(passwords: Passwords) -> Self {
        Self { passwords, key: rand::random(), verified: Mutex::default() }
    }

    /// The application user, or `None` if id or password is wrong.
    pub(super) async fn authenticate(
        &self,
        store: &SqliteStore,
        id: &str,
        password: &str,
    ) -> Result<Option<Authenticated>, ErrorCode> {
        let digest = self.digest(password);
        if let Some(verified) = self.verified().get(id)
            && verified.digest == digest
            && !verified.stale
        {
            return Ok(Some(verified.user.clone()));
        }
        let (version, stored) = store.app_user(id).await.map_err(store_code)?;
        let stored_hash = stored.as_ref().map(|user| user.password_hash.clone());
        let known = self.verified().get(id).is_some_and(|verified| {
            verified.digest == digest && Some(&verified.stored_hash) == stored_hash.as_ref()
        });
        let right = known
            || self
                .passwords
                .verify(password.to_owned(), stored_hash)
                .await
                .map_err(|error| password_code(&error))?;
        let Some(stored) = stored.filter(|_| right) else { return Ok(None) };
        let user = Authenticated { id: stored.id, proxy: stored.proxy, version };
        let mut verified = self.verified();
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(
            id.to_owned(),
            Verified {
                user: user.clone(),
                stored_hash: stored.password_hash,
                digest,
                stale: false,
            },
        );
        Ok(Some(user))
    }

    /// The configuration has moved on: look the user up again at the next request.
    pub(super) fn recheck(&self, id: &str) {
        if let Some(verified) = self.verified().get_mut(id) {
            verified.stale = true;
        }
    }

    fn digest(&self, password: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.key).chain_update(password).finalize().into()
    }

    fn verified(&self) -> MutexGuard<'_, HashMap<String, Verified>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn password_code(error: &PasswordError) -> ErrorCode {
    match error {
        PasswordError::Busy => ErrorCode::Busy,
        PasswordError::Hash(_) => {
            tracing::error!(%error, "an application user could not be checked");
            ErrorCode::Database
        }
    }
}
