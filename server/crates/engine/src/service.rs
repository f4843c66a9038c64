//! The functions that the server calls, one for each operation.

use std::sync::Arc;

use crate::{
    Actor, Admitted, DueRefusal, EndNow, EndedLogin, Job, JobId, LoginRequest, LogoutRequest,
    NewJob, ParameterSave, ParametersSaved, UtcMillis, Version,
    operations::{
        self, CancelJob, ClusterId, EndDue, LogIn, LogOut, MakeJob, RecordRefusals, SaveParameters,
        StepJob,
    },
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

/// Makes a job for the logins that are open in its scope now.
///
/// # Errors
/// When the store can't; then there is no job.
pub async fn make_job(
    store: &dyn Transactions,
    job: NewJob,
    now: UtcMillis,
) -> Result<Job, StoreError> {
    match operations::run(store, MakeJob { job, authenticated_at: None, now }).await? {
        Outcome::Done(job) => Ok(job),
        _ => Err(StoreError::Failed("a job is never refused".to_owned())),
    }
}

/// Makes a job likewise, unless the configuration has moved on since `authenticated_at`.
///
/// # Errors
/// When the store can't; then there is no job.
pub async fn make_job_at(
    store: &dyn Transactions,
    job: NewJob,
    authenticated_at: Version,
    now: UtcMillis,
) -> Result<Outcome<Job>, StoreError> {
    let authenticated_at = Some(authenticated_at);
    operations::run(store, MakeJob { job, authenticated_at, now }).await
}

/// Ends at most `limit` more logins of a running job; the number is how many this step ended. A job of
/// which fewer are open is done. `None` when there is no such job.
///
/// # Errors
/// When the store can't; then none has ended.
pub async fn step_job(
    store: &dyn Transactions,
    id: JobId,
    now: UtcMillis,
    limit: u32,
) -> Result<Option<(Job, u32)>, StoreError> {
    operations::run(store, StepJob { id, limit, now }).await
}

/// Stops a running job; what has ended stays ended. `None` when there is no such job.
///
/// # Errors
/// When the store can't.
pub async fn cancel_job(
    store: &dyn Transactions,
    id: JobId,
    by: Actor,
    now: UtcMillis,
) -> Result<Option<Job>, StoreError> {
    operations::run(store, CancelJob { id, by, now }).await
}

/// Saves service parameters, all or none, unless one of them is not as it was seen, and makes the jobs
/// that go with it.
///
/// # Errors
/// When the store can't, or a parameter does not take its value; then nothing is saved.
pub async fn save_parameters(
    store: &dyn Transactions,
    changes: Vec<ParameterSave>,
    end: EndNow,
    by: Actor,
    now: UtcMillis,
) -> Result<ParametersSaved, StoreError> {
    operations::run(store, SaveParameters { changes, end, by, now }).await
}

/// Records refused requests: adds them to the rows of their minutes, and tells of them.
///
/// # Errors
/// When the store can't; then none is recorded.
pub async fn record_refusals(
    store: &dyn Transactions,
    refusals: Vec<DueRefusal>,
) -> Result<(), StoreError> {
    operations::run(store, RecordRefusals(refusals)).await
}

/// The id of the cluster, which a database keeps from the first start on: a new one gets `id_if_new`.
///
/// # Errors
/// When the store can't.
pub async fn cluster_id(store: &dyn Transactions, id_if_new: String) -> Result<String, StoreError> {
    operations::run(store, ClusterId { id_if_new }).await
}
