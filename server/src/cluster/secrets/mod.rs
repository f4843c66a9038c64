//! Checking secrets: administrators' and application users' passwords, and end users' PINs.
//!
//! All interfaces that take a secret check it here, so that the limits on guessing are the same for all
//! interfaces, and no interface can be used to guess for another.

mod keep;
mod limits;
mod locked;
mod locks;
mod rules;
mod tallies;
#[cfg(test)]
mod tests;

use engine::ports::AttemptStore;
use engine::{Actor, UtcMillis};
use terms::ActorKind;
use tokio::time::sleep;

pub(super) use keep::run;
use limits::AttemptLimits;
pub use limits::{Claim, NotChecked};
pub use locked::LockedName;

use super::{Class, PasswordError, Passwords, Share, Source};
use crate::shares::Shares;

/// The most secrets from one source that wait because of a phone.
const DELAYED_EACH: usize = 4;
/// The most secrets from all sources that wait because of a phone.
const MOST_DELAYED: usize = 64;

/// Checks secrets within the limits on guessing.
pub struct Secrets {
    passwords: Passwords,
    limits: AttemptLimits,
    /// Permits for secrets that wait because of a phone: each waiting secret holds a request and its connection.
    delayed: Shares,
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new(Passwords::default())
    }
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The secret belongs to the name.
    Right,
    /// The secret does not belong to the name, or nobody has the name.
    Wrong,
    /// The secret was not checked.
    Refused(NotChecked),
}

impl NotChecked {
    /// How long to wait, in whole seconds, rounded up.
    #[must_use]
    pub fn seconds(&self) -> u32 {
        let seconds = self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0);
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

impl Secrets {
    /// Starts without any failures.
    #[must_use]
    pub fn new(passwords: Passwords) -> Self {
        let delayed = (passwords.strangers() / 2).clamp(1, MOST_DELAYED);
        let delayed = Shares::new(delayed, DELAYED_EACH, 0);
        Self { passwords, limits: AttemptLimits::default(), delayed }
    }

    /// Checks a secret.
    ///
    /// # Errors
    /// [`PasswordError`] when the secret was not checked; then the attempt does not count.
    pub async fn check(
        &self,
        store: &(impl AttemptStore + ?Sized),
        claim: &Claim<'_>,
        secret: String,
        now: UtcMillis,
    ) -> Result<Verdict, PasswordError> {
        self.check_if(store, claim, secret, true, now).await
    }

    /// Checks a secret that counts as wrong where `is_good` is false. The secret is verified all the same, so
    /// that nothing reveals whether the secret was right.
    ///
    /// # Errors
    /// As [`Secrets::check`].
    pub async fn check_if(
        &self,
        store: &(impl AttemptStore + ?Sized),
        claim: &Claim<'_>,
        secret: String,
        is_good: bool,
        now: UtcMillis,
    ) -> Result<Verdict, PasswordError> {
        let hash = claim.hash.map(ToOwned::to_owned);
        let verify = async |share| {
            let is_right = self.passwords.verify_for(share, secret, hash).await?;
            Ok(is_right && is_good)
        };
        self.check_by(store, claim, now, verify).await
    }

    /// Takes the time of a check of a stranger's secret, without a hash that could match. The time then does not
    /// reveal an answer that needs no check.
    ///
    /// # Errors
    /// As [`Secrets::check`].
    pub async fn pretend(&self, claim: &Claim<'_>, secret: String) -> Result<(), PasswordError> {
        let delay = self.limits.delay_at_phone(claim);
        if !delay.is_zero() {
            let permit = self.delayed.take(&claim.source().to_string());
            let _permit = permit.ok_or(PasswordError::Busy)?;
            // The delay slows guesses down: it ends with time alone, as in `check_by`.
            sleep(delay).await;
        }
        let share = Share { class: Class::Stranger, source: claim.source() };
        self.passwords.verify_for(share, secret, None).await.map(drop)
    }

    /// Checks a secret that is not stored as a hash, because others have to see the secret; `is_right` is the
    /// result of the comparison. The same limits apply.
    ///
    /// # Errors
    /// As [`Secrets::check`].
    pub async fn check_kept(
        &self,
        store: &(impl AttemptStore + ?Sized),
        claim: &Claim<'_>,
        is_right: bool,
        now: UtcMillis,
    ) -> Result<Verdict, PasswordError> {
        self.check_by(store, claim, now, async |_| Ok(is_right)).await
    }

    /// Checks a secret by `verify`.
    ///
    /// # Errors
    /// As [`Secrets::check`].
    pub(crate) async fn check_by(
        &self,
        store: &(impl AttemptStore + ?Sized),
        claim: &Claim<'_>,
        now: UtcMillis,
        verify: impl AsyncFnOnce(Share) -> Result<bool, PasswordError>,
    ) -> Result<Verdict, PasswordError> {
        // Checked first: a flood of guesses does not reach the store.
        if let Some(refusal) = self.limits.refusal_at_source(claim) {
            return Ok(Verdict::Refused(refusal));
        }
        let known = self.known(store, &claim.known_source(), now).await.unwrap_or_else(|error| {
            tracing::error!(%error, "where a name was right before can't be read");
            None
        });
        let attempt = match self.limits.begin(claim, known) {
            Ok(attempt) => attempt,
            Err(refusal) => return Ok(Verdict::Refused(refusal)),
        };
        if !attempt.delay.is_zero() {
            let Some(_permit) = self.delayed.take(&claim.source().to_string()) else {
                let refusal = NotChecked { wait: attempt.delay, is_locked: false };
                attempt.take_back();
                return Ok(Verdict::Refused(refusal));
            };
            // The delay slows guesses down: it ends with time alone.
            sleep(attempt.delay).await;
        }
        let class = match claim.kind {
            ActorKind::User | ActorKind::ApplicationUser if known.is_some() => Class::Known,
            ActorKind::User | ActorKind::ApplicationUser => Class::Stranger,
            _ => Class::Console,
        };
        match verify(Share { class, source: claim.source() }).await {
            Ok(true) => {
                attempt.succeeded(claim, now);
                Ok(Verdict::Right)
            }
            Ok(false) => {
                let Claim { kind, name, address, .. } = *claim;
                let who = Actor { kind, name: name.to_owned(), address: address.to_owned() };
                attempt.failed(claim.hash.map(|_| &who));
                Ok(Verdict::Wrong)
            }
            Err(error) => {
                attempt.take_back();
                Err(error)
            }
        }
    }

    /// The hash threads.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }
}
