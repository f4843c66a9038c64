//! Open logins: a page of them, how it changes, and ending them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{ActorKind, EndCause, LoginFilter, LoginType};

use super::Refused;
#[cfg(feature = "ssr")]
use super::console;

/// Rows on a page.
pub const PAGE_ROWS: u32 = 50;
/// Events beside the page.
pub const FEED_EVENTS: u32 = 30;
/// Past this many logins whoever ends them has to type how many.
pub const TYPED_COUNT_FROM: u64 = 51;

/// How the page is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortBy {
    /// The newest login first.
    #[default]
    Newest,
    /// The oldest login first.
    Oldest,
    /// By user id.
    User,
    /// By phone name.
    Phone,
    /// What ends first.
    Until,
}

impl SortBy {
    const ALL: [Self; 5] = [Self::Newest, Self::Oldest, Self::User, Self::Phone, Self::Until];

    /// Its name in the URL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::User => "user",
            Self::Phone => "phone",
            Self::Until => "until",
        }
    }

    /// The order of this name; anything else falls back to the newest first.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|sort| sort.name() == name).unwrap_or_default()
    }
}

/// Which logins a page shows; all of it stands in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginQuery {
    /// Which logins.
    pub filter: LoginFilter,
    /// The order.
    pub sort: SortBy,
    /// The page, from 0.
    pub page: u32,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// What kind of asker.
    pub kind: ActorKind,
    /// Its name; empty for the system.
    pub name: String,
    /// The address it came from; empty where there is none.
    pub address: String,
}

/// An open login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRow {
    /// Its identity.
    pub id: String,
    /// Who.
    pub user: String,
    /// Where.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// What the phone is called.
    pub description: String,
    /// The device profile.
    pub profile: String,
    /// How user and phone belong to this cluster.
    pub login_type: LoginType,
    /// Since when: UTC, milliseconds since 1970.
    pub from_ms: i64,
    /// Until when, likewise; `None` is unlimited.
    pub until_ms: Option<i64>,
    /// Who logged the user in.
    pub by: By,
}

/// How many logins are open, by type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCounts {
    /// In this cluster, by its users.
    pub em: u64,
    /// Here, by users of other clusters.
    pub visiting: u64,
    /// At other clusters, by users of this one.
    pub elsewhere: u64,
}

impl OpenCounts {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.em + self.visiting + self.elsewhere
    }

    /// Those of a type.
    pub const fn of(&mut self, login_type: LoginType) -> &mut u64 {
        match login_type {
            LoginType::Em => &mut self.em,
            LoginType::Visiting => &mut self.visiting,
            LoginType::Elsewhere => &mut self.elsewhere,
        }
    }
}

/// The numbers above the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    /// Open logins.
    pub open: OpenCounts,
    /// Refusals in the last hour by code, the most frequent first.
    pub refused: Vec<(u16, u64)>,
}

/// One page of the open logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveLogins {
    /// The rows.
    pub rows: Vec<LoginRow>,
    /// How many match.
    pub matching: u64,
    /// The numbers above them.
    pub tiles: Tiles,
    /// What happened last, the latest first.
    pub feed: Vec<Happened>,
    /// The number of the last event that the rows know of; the tab goes on from there.
    pub as_of: u64,
    /// The server's time: what "time left" is counted from.
    pub now_ms: i64,
    /// Whether who looks may end logins.
    pub may_end: bool,
}

/// What the server tells a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToTab {
    /// Everything that happened, up to and with event number `through`.
    Changes {
        /// In order.
        changes: Vec<Happened>,
        /// The number of the last event.
        through: u64,
    },
    /// The tab is too far behind: it must read the page anew.
    Resync,
    /// Nobody is signed in any more: the tab stops.
    SignedOut,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// The number of the event.
    pub number: u64,
    /// When: UTC, milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub change: Change,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// A login began.
    Began(LoginRow),
    /// A login ended.
    Ended {
        /// Which.
        id: String,
        /// Whose.
        user: String,
        /// Where.
        phone: String,
        /// With which profile, for the filter.
        profile: String,
        /// Of which type.
        login_type: LoginType,
        /// Since when.
        from_ms: i64,
        /// Why.
        cause: EndCause,
        /// Who ended it.
        by: By,
        /// The reason that was given.
        reason: String,
    },
    /// A login was refused.
    Refused {
        /// Who wanted in.
        user: String,
        /// Where.
        phone: String,
        /// The number of the error.
        code: u16,
    },
    /// Somebody changed the configuration.
    Configured,
}

/// What a tab tells the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromTab {
    /// Send everything after this event, and whatever comes.
    Resume {
        /// The number of the last event that the tab knows of.
        after: u64,
    },
}

/// How a job that ends logins stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// Its identity.
    pub id: String,
    /// How many logins it was to end.
    pub total: u64,
    /// How many it has ended.
    pub ended: u64,
    /// Whether it goes on.
    pub running: bool,
    /// Whether somebody stopped it.
    pub cancelled: bool,
    /// With which cause.
    pub cause: EndCause,
    /// The reason that was given.
    pub reason: String,
    /// Who wanted it.
    pub by: By,
    /// When: UTC, milliseconds since 1970.
    pub made_ms: i64,
}

/// Which logins to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOutScope {
    /// These, by identity.
    Selected(Vec<String>),
    /// All that match.
    Matching(LoginFilter),
}

/// What became of a wish to end logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOutOutcome {
    /// A job does it.
    Begun(JobView),
    /// The number that was typed is not how many there are.
    CountWrong {
        /// How many there are.
        count: u64,
    },
    /// The reason is too long.
    ReasonWrong,
    /// None of them is open any more.
    NothingOpen,
}

/// One page of the open logins.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "active-logins", input = server_fn::codec::Json)]
pub async fn read_active_logins(query: LoginQuery) -> Result<ActiveLogins, Refused> {
    console().active_logins(query).await
}

/// The numbers above the page.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "tiles")]
pub async fn read_tiles() -> Result<Tiles, Refused> {
    console().tiles().await
}

/// How many logins are open in a scope.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "count-open", input = server_fn::codec::Json)]
pub async fn count_open(scope: LogOutScope) -> Result<u64, Refused> {
    console().count_open(scope).await
}

/// Ends logins: those of `ids` (identities with a comma between them), or all that match when it is
/// empty. From a form without JavaScript it goes on to the job's page.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "log-out")]
pub async fn log_out_logins(
    /// Identities with a comma between them; empty for all that match.
    #[server(default)]
    ids: String,
    /// What to find, when `ids` is empty.
    #[server(default)]
    find: String,
    /// The type by name, when `ids` is empty.
    #[server(default)]
    only: String,
    /// Why.
    #[server(default)]
    reason: String,
    /// How many, typed by whoever ends more than a few.
    #[server(default)]
    count: String,
) -> Result<LogOutOutcome, Refused> {
    let scope = if ids.is_empty() {
        LogOutScope::Matching(LoginFilter::new(&find, LoginType::from_name(&only)))
    } else {
        LogOutScope::Selected(ids.split(',').map(ToOwned::to_owned).collect())
    };
    let outcome = console().log_out(scope, reason, count).await?;
    if let LogOutOutcome::Begun(job) = &outcome
        && console().is_form()
    {
        leptos_axum::redirect(&format!("/jobs/{}", job.id));
    }
    Ok(outcome)
}

/// What a form without JavaScript was answered when it wanted to end logins; says it once.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "log-out-problem")]
pub async fn take_log_out_problem() -> Result<Option<LogOutOutcome>, Refused> {
    console().log_out_problem().await
}

/// A job.
///
/// # Errors
/// When nobody is signed in, or there is no such job.
#[server(prefix = "/call", endpoint = "job")]
pub async fn read_job(id: String) -> Result<JobView, Refused> {
    console().job(id).await
}

/// Stops a job.
///
/// # Errors
/// When nobody is signed in, the role is too small, or there is no such job.
#[server(prefix = "/call", endpoint = "cancel-job")]
pub async fn cancel_job(
    /// The job's identity.
    id: String,
) -> Result<JobView, Refused> {
    console().cancel_job(id).await
}
