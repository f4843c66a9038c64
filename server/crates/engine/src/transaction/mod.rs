//! Transactions: the steps that a store offers, and the operations that the rules make of them.
//!
//! A store decides how many operations share a commit, in which order it takes locks, and when an
//! operation has to run again. The operations decide everything else.

mod administrators;
mod configuration;
mod stays;

use async_trait::async_trait;

pub use administrators::AdministratorSteps;
pub use configuration::{ConfigurationSteps, Rows};
pub use stays::{Stay, StaySteps};

use crate::{
    Actor, EndedLogin, EventKind, Facts, Job, JobId, LimitSource, Login, LoginId, OpenLogin,
    PhoneId, Refusal, Scope, Selection, StoreError, UserId, UtcMillis,
};

/// The names of an operation, in any spelling. A store locks the user and the phone, and reads what
/// is stored under all of them, before it runs the operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// A user.
    pub user: Option<UserId>,
    /// A phone.
    pub phone: Option<PhoneId>,
    /// A device profile.
    pub profile: Option<String>,
    /// A stay at the phone, which is of another cluster.
    pub stay: Option<LoginId>,
}

/// The steps of one run of an operation. What a step has written is seen by the steps after it.
#[async_trait]
pub trait Transaction: ConfigurationSteps + AdministratorSteps + StaySteps {
    /// Reads what is stored under the operation's names.
    async fn facts(&mut self) -> Result<Facts, StoreError>;

    /// Reads open logins whose time is up at `now`, the most overdue first, at most `limit`.
    async fn due(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<OpenLogin>, StoreError>;

    /// Writes a login that begins. A `sole` one is the only such login of its user.
    async fn begin(
        &mut self,
        login: &Login,
        limit_source: LimitSource,
        sole: bool,
    ) -> Result<(), StoreError>;

    /// Writes the end of an open login. A store that finds the login ended by somebody else runs the
    /// operation again.
    async fn end(&mut self, ended: &EndedLogin) -> Result<(), StoreError>;

    /// Writes who last logged out at a phone of this cluster.
    async fn set_last_user(&mut self, phone: &str, user: &UserId) -> Result<(), StoreError>;

    /// Reads which open logins are selected, the oldest first.
    async fn open_in(&mut self, selection: &Selection) -> Result<Vec<LoginId>, StoreError>;

    /// Reads those of these logins that are open, in this order.
    async fn open_logins(&mut self, ids: &[LoginId]) -> Result<Vec<OpenLogin>, StoreError>;

    /// Writes a job with the logins that it ends.
    async fn insert_job(
        &mut self,
        job: &Job,
        scope: &Scope,
        logins: &[LoginId],
    ) -> Result<(), StoreError>;

    /// Reads a job, which nobody else changes until this transaction ends.
    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError>;

    /// Takes the next logins of a job that are open still, at most `limit`.
    async fn next_of_job(&mut self, id: JobId, limit: u32) -> Result<Vec<OpenLogin>, StoreError>;

    /// Writes how a job stands.
    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError>;

    /// Adds refused requests to the rows of those that are alike, of their minutes.
    async fn add_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError>;

    /// Notes an event.
    async fn event(&mut self, at: UtcMillis, kind: EventKind) -> Result<(), StoreError>;

    /// Notes who did what to what.
    async fn audit(&mut self, at: UtcMillis, by: &Actor, act: Act) -> Result<(), StoreError>;
}

/// Something that somebody did, for the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The action, for instance `log_out`.
    pub action: &'static str,
    /// To what.
    pub subject: String,
    /// How, or from which value to which.
    pub detail: String,
}

/// What is done in one transaction.
#[async_trait]
pub trait Operation: Send {
    /// Its names. An operation without any concerns the whole cluster.
    fn names(&self) -> Names;

    /// Does it. It may run more than once; only the last run has happened.
    async fn run(&mut self, transaction: &mut dyn Transaction) -> Result<(), StoreError>;
}

/// A store that runs operations.
#[async_trait]
pub trait Transactions: Send + Sync {
    /// Runs an operation, and returns once what it did is durable.
    async fn run(&self, operation: Box<dyn Operation>) -> Result<(), StoreError>;
}
