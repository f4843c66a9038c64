//! Open logins: a page of them, and how it changes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{ActorKind, EndCause, LoginFilter, LoginType, phone_key};

#[cfg(feature = "ssr")]
use super::console;
use super::{JobView, Json, PhonePage, Refused};

/// Rows on a page.
pub const PAGE_ROWS: u32 = 50;
/// Events beside the page.
pub const FEED_EVENTS: u32 = 30;

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
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Newest, Self::Oldest, Self::User, Self::Phone, Self::Until];

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
    /// Of a type that a newer program has stored.
    pub other: u64,
}

impl OpenCounts {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.em + self.visiting + self.elsewhere + self.other
    }

    /// Those of a type.
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
    /// The number of the last event that they know of.
    pub as_of: u64,
    /// Whether the database can be written.
    pub writing: Writing,
}

/// Whether the database can be written, and with it whether somebody can log in or out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Writing {
    /// It can.
    #[default]
    Fine,
    /// There is no room.
    NoRoom,
    /// It can't, for a reason that the server's log names.
    Failing,
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
    /// Jobs that end logins now.
    pub jobs: Vec<JobView>,
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
    /// The first word on each connection: the server's build of the console.
    Build(String),
    /// The connection is alive; the tab says so, too.
    Beat,
    /// Everything that happened, in order and without a gap.
    Changes(Vec<Happened>),
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
    /// A request was refused.
    Refused {
        /// Who wanted in or out; empty where the request does not say.
        user: String,
        /// Where; likewise.
        phone: String,
        /// The number of the error.
        code: u16,
        /// Who asked.
        by: By,
        /// How many times it stands for.
        times: u64,
        /// Why it was not understood, where it was not (error 1).
        why: Option<Why>,
    },
    /// An alarm about another cluster: its name in the original's catalogue, and what it is about.
    Alarm(String, String),
    /// Somebody changed the configuration.
    Configured,
}

impl Change {
    /// Whether it may change what a phone shows; the name may be spelt otherwise.
    #[must_use]
    pub fn concerns(&self, name: &str) -> bool {
        match self {
            Self::Began(login) => phone_key(&login.phone) == phone_key(name),
            Self::Ended { phone, .. } => phone_key(phone) == phone_key(name),
            Self::Refused { .. } | Self::Alarm(..) => false,
            Self::Configured => true,
        }
    }
}

/// Why a request was not understood: the parts of a [`terms::NotUnderstood`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The name of the reason.
    pub reason: String,
    /// The element that it names.
    pub element: String,
    /// In which element that belongs.
    pub parent: String,
}

/// What a tab tells the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromTab {
    /// Send everything after this event, and whatever comes.
    Resume {
        /// The number of the last event that the tab knows of.
        after: u64,
    },
    /// The answer to [`ToTab::Beat`].
    Beat,
}

/// One page of the open logins.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "active-logins", input = Json, output = Json)]
pub async fn read_active_logins(query: LoginQuery) -> Result<ActiveLogins, Refused> {
    console().active_logins(query).await
}

/// As [`read_active_logins`], for a page that reads itself anew: that is no use of a session.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "active-logins-anew", input = Json, output = Json)]
pub async fn read_active_logins_anew(query: LoginQuery) -> Result<ActiveLogins, Refused> {
    console().active_logins(query).await
}

/// A phone, for a page that reads itself anew.
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
