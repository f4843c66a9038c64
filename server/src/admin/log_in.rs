//! Logging a user in at a phone.

use std::sync::Arc;

use engine::{
    Admitted, LoginId, LoginRequest, NotAdmitted, ProfileRight, RequestedDuration,
    ports::{LoginAttempt, Outcome, StoreError},
};
use terms::Role;

use super::{Admin, AdminError, Caller, to_its_end::to_its_end};

/// The user to log in, and the phone.
pub struct LogIn {
    /// The phone's name.
    pub phone: String,
    /// The user's id.
    pub user: String,
    /// The device profile, one of the user's; `None` for the first.
    pub profile: Option<String>,
    /// The logins that the caller has named, and that end if they are in the way.
    pub named: Vec<LoginId>,
}

impl Admin {
    /// Logs a user in at a phone, without a PIN. A login in the way ends only if the caller has named it; otherwise
    /// the answer names it.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn log_in(
        &self,
        caller: &Caller,
        wish: LogIn,
    ) -> Result<Result<Admitted, NotAdmitted>, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        let LogIn { phone, user, profile, named } = wish;
        let request = LoginRequest {
            phone,
            user,
            profile,
            profile_right: ProfileRight::Own,
            phone_address: None,
            duration: RequestedDuration::Unset,
            actor: caller.actor().clone(),
            authenticated_at: None,
        };
        let (id, now) = (cluster.ids.login_id(), cluster.clock.now());
        let attempt = LoginAttempt { id, now, request };
        let logs_in = Arc::clone(cluster);
        let work = async move {
            match engine::force_log_in(&*logs_in.store, attempt, named).await? {
                Outcome::Done(Ok(admitted)) => {
                    logs_in.counters.logins.inc();
                    logs_in.counters.logouts.inc_by(admitted.ended.len() as u64);
                    Ok(Ok(admitted))
                }
                Outcome::Done(Err(not_admitted)) => Ok(Err(not_admitted)),
                Outcome::Refused(code) => Ok(Err(code.into())),
                Outcome::ConfigurationMoved => Err(StoreError::Busy.into()),
            }
        };
        to_its_end(cluster, work).await
    }
}
