//! A user chooses another PIN.

use engine::{Actor, PinProblem};
use terms::ErrorCode;

use super::{Em, Origin, pin::Proof, store_code};
use crate::{cluster::PasswordError, edge::sampled_error};

/// Why a PIN was not changed; the former one is still the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PinNotChanged {
    /// A rule refuses the new PIN.
    Problem(PinProblem),
    /// Since the user showed the PIN, it was changed, or the user was disabled.
    Outdated,
    /// A fault.
    Failed(ErrorCode),
}

impl From<ErrorCode> for PinNotChanged {
    fn from(code: ErrorCode) -> Self {
        Self::Failed(code)
    }
}

impl Em {
    /// Replaces the PIN of a user who has shown the present one. Open logins go on.
    ///
    /// # Errors
    /// When a rule refuses the new PIN, the proof is outdated, or the PIN could not be changed.
    pub(crate) async fn change_pin(
        &self,
        proof: &Proof,
        pin: &str,
        origin: &Origin,
    ) -> Result<(), PinNotChanged> {
        let cluster = &self.cluster;
        // From the store: a rule holds from its commit on.
        let rules = cluster.store.configuration().await.map_err(store_code)?.pin_rules;
        let pins = cluster.store.pins(proof.user()).await.map_err(store_code)?;
        let pins = pins.ok_or(PinNotChanged::Outdated)?;
        let numbers = [&*pins.primary_extension, &*pins.self_service_id, proof.user()];
        rules.check(pin, &numbers).map_err(PinNotChanged::Problem)?;
        let passwords = cluster.secrets.passwords();
        let last = std::iter::once(pins.hash).chain(pins.history);
        for hash in last.take(rules.history as usize) {
            let is_used = passwords.verify(pin.to_owned(), Some(hash)).await;
            if is_used.map_err(|error| hashing(&error))? {
                return Err(PinNotChanged::Problem(PinProblem::UsedBefore));
            }
        }
        let hash = passwords.hash(pin.to_owned()).await.map_err(|error| hashing(&error))?;
        let by = Actor::user(proof.user(), origin.address());
        let hashes = (proof.pin_hash().to_owned(), hash);
        let now = cluster.clock.now();
        let done = engine::change_pin(&*cluster.store, proof.user(), hashes, by, now).await;
        if done.map_err(store_code)? { Ok(()) } else { Err(PinNotChanged::Outdated) }
    }
}

fn hashing(error: &PasswordError) -> ErrorCode {
    match error {
        PasswordError::Busy => ErrorCode::Busy,
        PasswordError::Hash(_) => {
            sampled_error!(%error, "a new PIN could not be hashed");
            ErrorCode::UserInfo
        }
    }
}
