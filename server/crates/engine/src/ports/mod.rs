//! Ports: the interfaces to the outside that the engine and the server need.

mod attempts;
mod console;
mod directory;
mod life;
mod stays;

use async_trait::async_trait;
use terms::{ClockTime, ErrorCode, LoginCondition};

pub use crate::error::StoreError;
pub use attempts::{AttemptChanges, AttemptStore, KnownSource, TallyKey, TallyRow};
pub use console::{ConsoleStore, OpenSession, SessionRow};
pub use directory::Directory;
pub use life::{Follower, Lifecycle, Written};
pub use stays::{PeerError, Peers, StayStore};

use crate::{
    ActiveLoginPage, AuditPage, AuditQuery, AuditRow, Configuration, Credentials, Cursor,
    DeviceProfile, EmccKeys, EndedLogin, Event, EventPage, FoundNames, FoundPhone, HistoryPage,
    HistoryQuery, Job, JobId, KeptSince, ListQuery, Login, LoginId, LoginRequest, LogoutRequest,
    ParameterChange, PastRetention, PhoneDetail, PhoneStatus, Pins, RefusalCounts, RefusalPage,
    RefusalQuery, RefusalRow, Selection, SeveralLogins, UserDetail, UserDetailLimits, UserNumber,
    UserStatus, UtcMillis, Version, WithAccounts, transaction::Transactions,
};

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> UtcMillis;
}

/// A `UtcMillis` is a clock that always shows the same time.
impl Clock for UtcMillis {
    fn now(&self) -> UtcMillis {
        *self
    }
}

/// A source of new identities.
pub trait Ids: Send + Sync {
    /// An identity that no login has.
    fn login_id(&self) -> LoginId;

    /// An identity that no job has.
    fn job_id(&self) -> JobId;
}

/// The outcome of an operation that the rules may refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Done and durable.
    Done(T),
    /// Refused by the rules.
    Refused(ErrorCode),
    /// The configuration has moved on since the request was authenticated: authenticate again.
    ConfigurationMoved,
}

/// A login request with what the engine adds to it.
#[derive(Clone, Debug)]
pub struct LoginAttempt {
    /// The identity of the login if it is admitted.
    pub id: LoginId,
    /// The time of the attempt.
    pub now: UtcMillis,
    /// The request.
    pub request: LoginRequest,
}

/// A log-out request with what the engine adds to it.
#[derive(Clone, Debug)]
pub struct LogoutAttempt {
    /// The time of the attempt.
    pub now: UtcMillis,
    /// The request.
    pub request: LogoutRequest,
}

/// The values by which a follower knows whether there is more to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// The version of the configuration.
    pub version: Version,
    /// The number of the last farewell in the outbox; zero when there is none.
    pub farewell: u64,
}

/// Queries about users, phones and logins. Each answer comes from one snapshot of the database, and a
/// [`Version`] in the answer is the version of the configuration in that snapshot.
#[async_trait]
pub trait Lookups: Send + Sync {
    /// The credentials under an id, which may be in any spelling.
    async fn credentials(&self, id: &str) -> Result<(Version, Credentials), StoreError>;

    /// The version of the configuration.
    async fn version(&self) -> Result<Version, StoreError>;

    /// The values that a follower compares after each commit, in one small read.
    async fn pulse(&self) -> Result<Pulse, StoreError>;

    /// Phones by name; `None` for those that don't exist.
    async fn phones(
        &self,
        names: &[String],
    ) -> Result<(Version, Vec<Option<PhoneStatus>>), StoreError>;

    /// Users by id, compared without case; `None` for those that don't exist.
    async fn users(&self, ids: &[String])
    -> Result<(Version, Vec<Option<UserStatus>>), StoreError>;

    /// The ids of users with this primary extension or self-service id, at most two: a number that two users
    /// share is ambiguous, and does not log anybody in.
    async fn users_by(&self, number: &UserNumber) -> Result<Vec<String>, StoreError>;

    /// When the next login's time is up; `None` while every open login is unlimited.
    async fn next_due(&self) -> Result<Option<UtcMillis>, StoreError>;

    /// The times of the day at which users are logged out at a phone, by the cluster's setting or by a phone's.
    async fn log_out_times(&self) -> Result<Vec<ClockTime>, StoreError>;

    /// One page of the open logins.
    async fn active_logins(&self, query: &ListQuery) -> Result<ActiveLoginPage, StoreError>;

    /// Open logins that match the filter, the newest first, from before the login `from`; at most `limit`. Logins
    /// that begin meanwhile are newer, so a walk visits each login once and ends.
    async fn walk_logins(
        &self,
        filter: &LoginCondition,
        from: Option<&Login>,
        limit: u32,
    ) -> Result<Vec<Login>, StoreError>;
}

/// Jobs that end many logins.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// How many open logins are selected.
    async fn open_in(&self, selection: &Selection) -> Result<u64, StoreError>;

    /// How many open logins are selected, and the first `limit` of them, by user.
    async fn open_logins_in(
        &self,
        selection: &Selection,
        limit: u32,
    ) -> Result<(u64, Vec<Login>), StoreError>;

    /// Users of this cluster who have more than one open login. The answer names at most `limit` of these users.
    /// With `own_phones` only logins at phones of this cluster count.
    async fn several_logins(
        &self,
        limit: u32,
        own_phones: bool,
    ) -> Result<SeveralLogins, StoreError>;

    /// A job.
    async fn job(&self, id: JobId) -> Result<Option<Job>, StoreError>;

    /// Running jobs, the oldest first, at most `limit`.
    async fn running_jobs(&self, limit: u32) -> Result<Vec<Job>, StoreError>;
}

/// The administrator's views beside the open logins. Each answer comes from one snapshot of the database.
#[async_trait]
pub trait Archive: Send + Sync {
    /// A page of ended logins.
    async fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, StoreError>;

    /// Ended logins from a cursor on, or from the last that ended; at most `query.limit`, each with
    /// its cursor. The walk ignores `query.offset`, and counts no rows.
    async fn walk_history(
        &self,
        query: &HistoryQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, EndedLogin)>, StoreError>;

    /// The last logins that ended on a phone, the last first.
    async fn ended_on_phone(&self, name: &str, limit: u32) -> Result<Vec<EndedLogin>, StoreError>;

    /// A page of the audit.
    async fn audit(&self, query: &AuditQuery) -> Result<AuditPage, StoreError>;

    /// Lines of the audit, in the same way as [`Archive::walk_history`].
    async fn walk_audit(
        &self,
        query: &AuditQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, AuditRow)>, StoreError>;

    /// Refusals since a moment and up to event number `up_to`, by error number.
    async fn refusals_since(
        &self,
        since: UtcMillis,
        up_to: u64,
    ) -> Result<RefusalCounts, StoreError>;

    /// A page of refusals.
    async fn refusals(&self, query: &RefusalQuery) -> Result<RefusalPage, StoreError>;

    /// Refusals, in the same way as [`Archive::walk_history`], in whole minutes: a step may have more than
    /// `query.limit` rows.
    async fn walk_refusals(
        &self,
        query: &RefusalQuery,
        from: Option<Cursor>,
    ) -> Result<Vec<(Cursor, RefusalRow)>, StoreError>;

    /// The last events about logins, the latest first, at most `limit`.
    async fn last_events(&self, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// Phones of this cluster whose name, model or description contains `find`, sorted by name: at most `limit`,
    /// and the number of all matches. ASCII letters are compared without case.
    async fn find_phones(
        &self,
        find: &str,
        limit: u32,
    ) -> Result<(Vec<FoundPhone>, u64), StoreError>;

    /// Users and phones of this cluster by a part of a name, for somebody who types: at most `limit` of each, first
    /// those whose name begins with `find`. Names are compared by their keys, words in any order; a phone is found by
    /// its model and description, too. In a large table, parts of words are looked for in a bounded number of rows.
    async fn find_names(&self, find: &str, limit: u32) -> Result<FoundNames, StoreError>;

    /// A phone with all its details.
    async fn phone_detail(&self, name: &str) -> Result<Option<PhoneDetail>, StoreError>;

    /// A user by the name that lists show: an id, compared without case, with the cluster in parentheses for a user of
    /// another cluster. An id that this cluster does not have means the users of all other clusters who have the id.
    /// `None` when nothing is stored about such a user.
    async fn user_detail(
        &self,
        name: &str,
        limits: UserDetailLimits,
    ) -> Result<Option<UserDetail>, StoreError>;

    /// A device profile.
    async fn device_profile(&self, name: &str) -> Result<Option<DeviceProfile>, StoreError>;

    /// Counts the rows that [`Archive::forget`] would delete now, at most `limit` of each kind.
    async fn past_retention(
        &self,
        kept: KeptSince,
        limit: u32,
    ) -> Result<PastRetention, StoreError>;

    /// Deletes at most `limit` rows of each kind that are past their retention; returns how many.
    async fn forget(&self, kept: KeptSince, limit: u32) -> Result<u64, StoreError>;
}

/// The configuration.
#[async_trait]
pub trait ConfigurationStore: Send + Sync {
    /// The configuration in force.
    async fn configuration(&self) -> Result<Configuration, StoreError>;

    /// Each phone and device profile that has accounts at the call server, phones first, by name.
    async fn with_accounts(&self) -> Result<Vec<WithAccounts>, StoreError>;

    /// The keys by which other clusters know this cluster; `None` before its first start.
    async fn emcc_keys(&self) -> Result<Option<EmccKeys>, StoreError>;

    /// The PINs of an end user.
    async fn pins(&self, user: &str) -> Result<Option<Pins>, StoreError>;

    /// Changes of service parameters, the latest first, with the number of all changes.
    async fn parameter_history(
        &self,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<ParameterChange>, u64), StoreError>;

    /// The last change of each service parameter that was ever changed.
    async fn last_parameter_changes(&self) -> Result<Vec<ParameterChange>, StoreError>;

    /// One change of a service parameter.
    async fn parameter_change(&self, number: u64) -> Result<Option<ParameterChange>, StoreError>;
}

/// Events.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// At most `limit` events after number `after`, in order.
    async fn events_after(&self, after: u64, limit: u32) -> Result<EventPage, StoreError>;
}

/// Leases: which of several nodes does a task.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes or keeps the lease `name` for `holder` until `now` + `ttl_ms`. Returns false when another
    /// holder has the lease.
    async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: UtcMillis,
        ttl_ms: u32,
    ) -> Result<bool, StoreError>;
}

/// All ports of a database. Each database has one implementation, and one contract suite tests all
/// implementations.
pub trait Store:
    Transactions
    + Lookups
    + JobStore
    + Archive
    + Directory
    + ConfigurationStore
    + EventStore
    + Leases
    + ConsoleStore
    + AttemptStore
    + StayStore
    + Lifecycle
{
}

impl<T> Store for T where
    T: Transactions
        + Lookups
        + JobStore
        + Archive
        + Directory
        + ConfigurationStore
        + EventStore
        + Leases
        + ConsoleStore
        + AttemptStore
        + StayStore
        + Lifecycle
{
}
