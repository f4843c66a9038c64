//! What the edges call.

use std::sync::Arc;

use crate::{
    Admitted, EndedLogin, LoginRequest, LogoutRequest, UtcMillis,
    ports::{Clock, Ids, LoginAttempt, LoginStore, LogoutAttempt, Outcome, StoreError},
};

/// The EM service of one cluster, without transport.
#[derive(Clone)]
pub struct Engine {
    logins: Arc<dyn LoginStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Engine {
    /// The most logins that one transaction of [`Engine::due`] ends, so that requests get a turn
    /// when many are due at once.
    pub const DUE_BATCH: u32 = 200;

    /// An engine over these ports.
    #[must_use]
    pub fn new(logins: Arc<dyn LoginStore>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { logins, clock, ids }
    }

    /// Logs a user in at a phone.
    ///
    /// # Errors
    /// When the store can't; the login then did not happen.
    pub async fn log_in(&self, request: LoginRequest) -> Result<Outcome<Admitted>, StoreError> {
        let attempt = LoginAttempt { id: self.ids.login_id(), now: self.clock.now(), request };
        self.logins.log_in(attempt).await
    }

    /// Logs out whoever is at a phone.
    ///
    /// # Errors
    /// When the store can't; the login then goes on.
    pub async fn log_out(&self, request: LogoutRequest) -> Result<Outcome<EndedLogin>, StoreError> {
        self.logins.log_out(LogoutAttempt { now: self.clock.now(), request }).await
    }

    /// Ends every login whose time is up, and says when the next one's will be.
    ///
    /// # Errors
    /// When the store can't; what was ended by then stays ended.
    pub async fn due(&self, now: UtcMillis) -> Result<Option<UtcMillis>, StoreError> {
        while self.logins.end_due(now, Self::DUE_BATCH).await? == Self::DUE_BATCH {}
        self.logins.next_due().await
    }
}
