//! What the edges call.

use std::sync::Arc;

use crate::{
    Admitted, EndedLogin, LoginRequest, LogoutRequest, UtcMillis,
    operations::{self, EndDue, LogIn, LogOut},
    ports::{Clock, Ids, LoginAttempt, LogoutAttempt, Outcome, StoreError},
    transaction::Transactions,
};

/// The EM service of one cluster, without transport.
#[derive(Clone)]
pub struct Engine {
    store: Arc<dyn Transactions>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Engine {
    /// The most logins that one transaction of [`Engine::due`] ends, so that requests get a turn
    /// when many are due at once.
    pub const DUE_BATCH: u32 = 200;

    /// An engine over these ports.
    #[must_use]
    pub fn new(store: Arc<dyn Transactions>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, clock, ids }
    }

    /// Logs a user in at a phone.
    ///
    /// # Errors
    /// When the store can't; the login then did not happen.
    pub async fn log_in(&self, request: LoginRequest) -> Result<Outcome<Admitted>, StoreError> {
        let attempt = LoginAttempt { id: self.ids.login_id(), now: self.clock.now(), request };
        log_in(&*self.store, attempt).await
    }

    /// Logs out whoever is at a phone.
    ///
    /// # Errors
    /// When the store can't; the login then goes on.
    pub async fn log_out(&self, request: LogoutRequest) -> Result<Outcome<EndedLogin>, StoreError> {
        log_out(&*self.store, LogoutAttempt { now: self.clock.now(), request }).await
    }

    /// Ends every login whose time is up.
    ///
    /// # Errors
    /// When the store can't; what was ended by then stays ended.
    pub async fn due(&self, now: UtcMillis) -> Result<(), StoreError> {
        while end_due(&*self.store, now, Self::DUE_BATCH).await? == Self::DUE_BATCH {}
        Ok(())
    }
}

/// Logs a user in, or refuses.
///
/// # Errors
/// When the store can't; the login then did not happen.
pub async fn log_in(
    store: &dyn Transactions,
    attempt: LoginAttempt,
) -> Result<Outcome<Admitted>, StoreError> {
    operations::run(store, LogIn(attempt)).await
}

/// Logs out whoever is at a phone, or refuses.
///
/// # Errors
/// When the store can't; the login then goes on.
pub async fn log_out(
    store: &dyn Transactions,
    attempt: LogoutAttempt,
) -> Result<Outcome<EndedLogin>, StoreError> {
    operations::run(store, LogOut(attempt)).await
}

/// Ends at most `limit` logins whose time is up at `now`, the most overdue first, in one transaction;
/// says how many.
///
/// # Errors
/// When the store can't; then none has ended.
pub async fn end_due(
    store: &dyn Transactions,
    now: UtcMillis,
    limit: u32,
) -> Result<u32, StoreError> {
    operations::run(store, EndDue { now, limit }).await
}
