//! Open logins: a page of the list, and its changes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{ActorKind, EndCause, LoginCondition, LoginTexts, LoginType, key, phone_key};

#[cfg(feature = "ssr")]
use super::console;
use super::{JobView, Json, LoginQuery, PhonePage, Refused};

/// The most rows on a page.
pub const PAGE_ROWS: u32 = 50;
/// The most logins that can be selected one by one, over all pages.
pub const MAX_SELECTED: usize = 500;
/// The most events in the feed beside the page.
pub const FEED_EVENTS: u32 = 30;

/// The actor of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The actor's name; empty for the system.
    pub name: String,
    /// The actor's source address; empty where there is none.
    pub address: String,
}

/// An open login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRow {
    /// The login's identity.
    pub id: String,
    /// The user.
    pub user: String,
    /// The phone.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The device profile.
    pub profile: String,
    /// How user and phone belong to this cluster.
    pub login_type: LoginType,
    /// The start of the login: UTC, milliseconds since 1970.
    pub from_ms: i64,
    /// The end of the login's time limit: UTC, milliseconds since 1970; `None` is unlimited.
    pub until_ms: Option<i64>,
    /// Who logged the user in.
    pub by: By,
}

impl LoginRow {
    /// Whether the login passes a filter's condition.
    #[must_use]
    pub fn passes(&self, condition: &LoginCondition) -> bool {
        if condition.is_everything() {
            return true;
        }
        let texts = LoginTexts {
            user: &self.user,
            phone: &self.phone,
            profile: &self.profile,
            model: &self.model,
            description: &self.description,
            source: &self.by.name,
            address: &self.by.address,
        };
        condition.passes(&texts.searched(), self.login_type, self.from_ms, self.until_ms)
    }
}

/// The number of open logins, by type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCounts {
    /// In this cluster, by this cluster's users.
    pub em: u64,
    /// In this cluster, by users of other clusters.
    pub visiting: u64,
    /// At other clusters, by this cluster's users.
    pub elsewhere: u64,
    /// Of a type that a newer version of the program has stored.
    pub other: u64,
}

impl OpenCounts {
    /// The open logins of all types.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.em + self.visiting + self.elsewhere + self.other
    }

    /// The open logins of one type.
    pub const fn of(&mut self, login_type: LoginType) -> &mut u64 {
        match login_type {
            LoginType::Em => &mut self.em,
            LoginType::Visiting => &mut self.visiting,
            LoginType::Elsewhere => &mut self.elsewhere,
            LoginType::Other => &mut self.other,
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
    /// The number of the last event that the numbers include.
    pub as_of: u64,
    /// Whether the database can be written.
    pub writing: Writing,
}

/// Whether the database can be written; log-ins and log-outs need a writable database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Writing {
    /// The database can be written.
    #[default]
    Fine,
    /// The disk is full.
    NoRoom,
    /// The database can't be written, for a reason that the server's log names.
    Failing,
}

/// One page of the open logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveLogins {
    /// The rows.
    pub rows: Vec<LoginRow>,
    /// The number of logins that match.
    pub matching: u64,
    /// The numbers above the rows.
    pub tiles: Tiles,
    /// Jobs that end logins now.
    pub jobs: Vec<JobView>,
    /// The last events, the latest first.
    pub feed: Vec<Happened>,
    /// The number of the last event that the rows include; the tab resumes from this event.
    pub as_of: u64,
    /// The server's time, from which "time left" is counted: UTC, milliseconds since 1970.
    pub now_ms: i64,
    /// Whether the viewer may end logins.
    pub may_end: bool,
}

/// A message from the server to a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToTab {
    /// The first message on each connection: the server's build of the console.
    Build(String),
    /// A heartbeat; the tab answers with [`FromTab::Beat`].
    Beat,
    /// Events, in order and without a gap.
    Changes(Vec<Happened>),
    /// The tab is too far behind and must read the page anew.
    Resync,
    /// The session has ended; the tab stops.
    SignedOut,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// The number of the event.
    pub number: u64,
    /// The time: UTC, milliseconds since 1970.
    pub at_ms: i64,
    /// The change.
    pub change: Change,
}

/// The change of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// A login began.
    Began(LoginRow),
    /// A login ended.
    Ended {
        /// The login.
        login: LoginRow,
        /// Why the login ended.
        cause: EndCause,
        /// Who ended the login.
        by: By,
        /// The reason that the administrator gave.
        reason: String,
    },
    /// A request was refused.
    Refused {
        /// The user whom the request names; empty where the request names none.
        user: String,
        /// The phone that the request names; empty where the request names none.
        phone: String,
        /// The number of the error.
        code: u16,
        /// The short text of the error; empty for a number that only a newer program knows.
        error: String,
        /// The asker.
        by: By,
        /// The number of refusals that the event stands for.
        times: u64,
    },
    /// An alarm about another cluster: its name in the original's catalogue, and its subject.
    Alarm(String, String),
    /// An administrator changed the configuration.
    Configured,
}

impl Change {
    /// Whether the change may alter what a phone shows.
    /// The spelling of the phone's name may differ.
    #[must_use]
    pub fn concerns(&self, name: &str) -> bool {
        match self {
            Self::Began(login) | Self::Ended { login, .. } => {
                phone_key(&login.phone) == phone_key(name)
            }
            Self::Refused { .. } | Self::Alarm(..) => false,
            Self::Configured => true,
        }
    }

    /// Whether the change may alter what the page of a user shows.
    /// The spelling of the name may differ, and a request names an id without the cluster that a list shows with it.
    #[must_use]
    pub fn concerns_user(&self, name: &str) -> bool {
        let id = |name: &str| key(name.rsplit_once(" (").map_or(name, |(id, _)| id));
        match self {
            Self::Began(login) | Self::Ended { login, .. } => id(&login.user) == id(name),
            Self::Refused { user, .. } => id(user) == id(name),
            Self::Alarm(..) => false,
            Self::Configured => true,
        }
    }
}

/// Why a request was not understood: the parts of a [`terms::NotUnderstood`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUnderstoodView {
    /// The name of the reason.
    pub reason: String,
    /// The element that the reason names.
    pub element: String,
    /// The element in which the named element belongs.
    pub parent: String,
}

/// A message from a tab to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromTab {
    /// Asks for all events after the given event, and for all later events.
    Resume {
        /// The number of the last event that the tab has received.
        after: u64,
    },
    /// The answer to [`ToTab::Beat`].
    Beat,
}

/// One page of the open logins.
///
/// # Errors
/// When nobody is signed in or the server can't read the logins.
#[server(prefix = "/call", endpoint = "active-logins", input = Json, output = Json)]
pub async fn read_active_logins(query: LoginQuery) -> Result<ActiveLogins, Refused> {
    console().active_logins(query).await
}

/// Reads what [`read_active_logins`] reads, for a page that reads itself anew.
/// The call does not count as use of the session.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "active-logins-anew", input = Json, output = Json)]
pub async fn read_active_logins_anew(query: LoginQuery) -> Result<ActiveLogins, Refused> {
    console().active_logins(query).await
}

/// A phone, for a page that reads itself anew.
/// The call does not count as use of the session.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "phone-anew", output = Json)]
pub async fn read_phone_anew(
    /// The phone's name.
    name: String,
) -> Result<Option<PhonePage>, Refused> {
    console().phone(name).await
}

/// The numbers above the page.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "tiles", output = Json)]
pub async fn read_tiles() -> Result<Tiles, Refused> {
    console().tiles().await
}
