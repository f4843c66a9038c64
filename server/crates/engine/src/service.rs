//! The functions that the server calls, one function for each operation.

use std::sync::Arc;

use terms::Note;

use crate::{
    Actor, Admitted, DueRefusal, EndedLogin, Job, JobId, LogOutJobs, LoginId, LoginRequest,
    LogoutRequest, NewJob, ParameterSave, ParametersSaved, UtcMillis, Version,
    decide::NotAdmitted,
    operations::{
        self, CancelJob, ChangePin, ClusterId, EndDue, ForceLogIn, LogIn, LogOut, LogOutByClock,
        MakeJob, Reached, RecordRefusals, SaveParameters, StepJob,
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
    /// The maximum number of logins that one transaction of [`Engine::due`] ends, so that requests run
    /// between the transactions when many logins expire at once.
    pub const DUE_BATCH: u32 = 200;

    /// An engine over these ports.
    #[must_use]
    pub fn new(store: Arc<dyn Transactions>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, clock, ids }
    }

    /// Logs a user in at a phone.
    ///
    /// # Errors
    /// When the store fails; then the user is not logged in.
    pub async fn log_in(&self, request: LoginRequest) -> Result<Outcome<Admitted>, StoreError> {
        let attempt = LoginAttempt { id: self.ids.login_id(), now: self.clock.now(), request };
        log_in(&*self.store, attempt).await
    }

    /// Logs out the user at a phone.
    ///
    /// # Errors
    /// When the store fails; then the login goes on.
    pub async fn log_out(&self, request: LogoutRequest) -> Result<Outcome<EndedLogin>, StoreError> {
        log_out(&*self.store, LogoutAttempt { now: self.clock.now(), request }).await
    }

    /// Ends every login that has expired at `now`.
    ///
    /// # Errors
    /// When the store fails; logins that have ended by then stay ended.
    pub async fn due(&self, now: UtcMillis) -> Result<(), StoreError> {
        while end_due(&*self.store, now, Self::DUE_BATCH).await? == Self::DUE_BATCH {}
        Ok(())
    }
}

/// Logs a user in, or refuses the request.
///
/// # Errors
/// When the store fails; then the user is not logged in.
pub async fn log_in(
    store: &dyn Transactions,
    attempt: LoginAttempt,
) -> Result<Outcome<Admitted>, StoreError> {
    operations::run(store, LogIn(attempt)).await
}

/// Logs a user in for an administrator. The logins of `named`, which the administrator has named, end in the same
/// transaction with the cause `forced` if they are in the way: the login at the phone, and logins of the user
/// elsewhere. Other logins in the way refuse the log-in, and are returned.
///
/// # Errors
/// When the store fails; then the user is not logged in, and no login has ended.
pub async fn force_log_in(
    store: &dyn Transactions,
    attempt: LoginAttempt,
    named: Vec<LoginId>,
) -> Result<Outcome<Result<Admitted, NotAdmitted>>, StoreError> {
    operations::run(store, ForceLogIn { attempt, named }).await
}

/// Replaces the PIN of a user by the PIN with the hash `to`, if the present PIN still has the hash `from` and the user
/// is enabled; returns whether it did. The user has no longer to choose another PIN, and open logins go on.
///
/// # Errors
/// When the store fails; then the PIN stays.
pub async fn change_pin(
    store: &dyn Transactions,
    user: &str,
    (from, to): (String, String),
    by: Actor,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    operations::run(store, ChangePin { user: user.to_owned(), from, to, by, now }).await
}

/// Logs out the user at a phone, or refuses the request.
///
/// # Errors
/// When the store fails; then the login goes on.
pub async fn log_out(
    store: &dyn Transactions,
    attempt: LogoutAttempt,
) -> Result<Outcome<EndedLogin>, StoreError> {
    operations::run(store, LogOut(attempt)).await
}

/// Ends at most `limit` logins that have expired at `now`, the earliest expiry first, in one transaction;
/// returns the number of ended logins.
///
/// # Errors
/// When the store fails; then no login has ended.
pub async fn end_due(
    store: &dyn Transactions,
    now: UtcMillis,
    limit: u32,
) -> Result<u32, StoreError> {
    operations::run(store, EndDue { now, limit }).await
}

/// Makes the jobs that log users out at times of the day which the clock has reached; a time that an earlier call
/// has seen reached makes no further job.
///
/// # Errors
/// When the store fails; then no job is made.
pub async fn log_out_by_clock(
    store: &dyn Transactions,
    reached: Vec<Reached>,
    now: UtcMillis,
) -> Result<Vec<Job>, StoreError> {
    operations::run(store, LogOutByClock { reached, now }).await
}

/// Makes a job for the logins that are open in its scope at `now`.
///
/// # Errors
/// When the store fails; then no job is made.
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

/// Makes a job as [`make_job`] does, unless the version of the configuration is not `authenticated_at`.
///
/// # Errors
/// When the store fails; then no job is made.
pub async fn make_job_at(
    store: &dyn Transactions,
    job: NewJob,
    authenticated_at: Version,
    now: UtcMillis,
) -> Result<Outcome<Job>, StoreError> {
    let authenticated_at = Some(authenticated_at);
    operations::run(store, MakeJob { job, authenticated_at, now }).await
}

/// Ends at most `limit` more logins of a running job, and returns the job and the number of logins that
/// this step ended. A job with fewer than `limit` open logins is done. `None` when the job does not exist.
///
/// # Errors
/// When the store fails; then no login has ended.
pub async fn step_job(
    store: &dyn Transactions,
    id: JobId,
    now: UtcMillis,
    limit: u32,
) -> Result<Option<(Job, u32)>, StoreError> {
    operations::run(store, StepJob { id, limit, now }).await
}

/// Cancels a running job; ended logins stay ended. `None` when the job does not exist.
///
/// # Errors
/// When the store fails.
pub async fn cancel_job(
    store: &dyn Transactions,
    id: JobId,
    by: Actor,
    now: UtcMillis,
) -> Result<Option<Job>, StoreError> {
    operations::run(store, CancelJob { id, by, now }).await
}

/// Saves all these service parameters, or none if the current value of one differs from the value that the
/// administrator saw, and makes the jobs of the save. Each change has the note.
///
/// # Errors
/// When the store fails, or a value is invalid for its parameter; then nothing is saved.
pub async fn save_parameters(
    store: &dyn Transactions,
    changes: Vec<ParameterSave>,
    note: Note,
    end: LogOutJobs,
    by: Actor,
    now: UtcMillis,
) -> Result<ParametersSaved, StoreError> {
    operations::run(store, SaveParameters { changes, note, end, by, now }).await
}

/// Records refused requests: adds them to the rows of their minutes, and writes events about them.
///
/// # Errors
/// When the store fails; then no refusal is recorded.
pub async fn record_refusals(
    store: &dyn Transactions,
    refusals: Vec<DueRefusal>,
) -> Result<(), StoreError> {
    operations::run(store, RecordRefusals(refusals)).await
}

/// Returns the id of the cluster. The database keeps the id from the first start on; a new database gets
/// `id_if_new`.
///
/// # Errors
/// When the store fails.
pub async fn cluster_id(store: &dyn Transactions, id_if_new: String) -> Result<String, StoreError> {
    operations::run(store, ClusterId { id_if_new }).await
}
