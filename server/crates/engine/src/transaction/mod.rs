//! Transactions: the steps that a store offers, and the operations that combine the steps.
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
    Actor, EndedLogin, EventKind, Facts, Job, JobId, LimitSource, Login, LoginId, PhoneId, Refusal,
    Scope, Selection, StoreError, UserId, UtcMillis,
};

/// The names of an operation, in any spelling. A store locks the user and the phone, and reads the rows
/// under all names, before it runs the operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// A user.
    pub user: Option<UserId>,
    /// A phone.
    pub phone: Option<PhoneId>,
    /// A device profile.
    pub profile: Option<String>,
    /// A stay at the phone, which belongs to another cluster.
    pub stay: Option<LoginId>,
}

/// The steps of one run of an operation. A step sees the writes of the steps before it.
#[async_trait]
pub trait Transaction: ConfigurationSteps + AdministratorSteps + StaySteps {
    /// Reads the facts that are stored under the operation's names.
    async fn facts(&mut self) -> Result<Facts, StoreError>;

    /// Reads open logins whose time is up at `now`, the most overdue first, at most `limit`.
    async fn due(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Login>, StoreError>;

    /// Writes a login that begins. A `sole` login is the only open `sole` login of its user.
    async fn begin(
        &mut self,
        login: &Login,
        limit_source: LimitSource,
        sole: bool,
    ) -> Result<(), StoreError>;

    /// Writes the end of an open login. A store runs the operation again when another transaction has
    /// ended the login meanwhile.
    async fn end(&mut self, ended: &EndedLogin) -> Result<(), StoreError>;

    /// Writes which user last logged out at a phone of this cluster.
    async fn set_last_user(&mut self, phone: &str, user: &UserId) -> Result<(), StoreError>;

    /// Reads the ids of the selected open logins, the oldest first.
    async fn open_in(&mut self, selection: &Selection) -> Result<Vec<LoginId>, StoreError>;

    /// Reads the logins among `ids` that are open, in the order of `ids`.
    async fn open_logins(&mut self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError>;

    /// Writes a job with the logins that it ends.
    async fn insert_job(
        &mut self,
        job: &Job,
        scope: &Scope,
        logins: &[LoginId],
    ) -> Result<(), StoreError>;

    /// Reads a job; no other transaction changes the job until this transaction ends.
    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError>;

    /// Takes the next logins of a job that are still open, at most `limit`.
    async fn next_of_job(&mut self, id: JobId, limit: u32) -> Result<Vec<Login>, StoreError>;

    /// Writes the state of a job.
    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError>;

    /// Adds refused requests to their rows; a row counts the alike refusals of one minute.
    async fn add_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError>;

    /// Writes an event.
    async fn event(&mut self, at: UtcMillis, kind: EventKind) -> Result<(), StoreError>;

    /// Writes an audit line.
    async fn audit(&mut self, at: UtcMillis, by: &Actor, act: Act) -> Result<(), StoreError>;
}

/// An action of an actor, for the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The action, for instance `log_out`.
    pub action: &'static str,
    /// The subject of the action.
    pub subject: String,
    /// Details of the action, for instance the old and the new value.
    pub detail: String,
}

/// The work of one transaction.
#[async_trait]
pub trait Operation: Send {
    /// The names of the operation. An operation without names concerns the whole cluster.
    fn names(&self) -> Names;

    /// Runs the operation. A store may run an operation more than once; only the last run takes effect.
    async fn run(&mut self, transaction: &mut dyn Transaction) -> Result<(), StoreError>;
}

/// A store that runs operations.
#[async_trait]
pub trait Transactions: Send + Sync {
    /// Runs an operation, and returns once its writes are durable.
    async fn run(&self, operation: Box<dyn Operation>) -> Result<(), StoreError>;
}
