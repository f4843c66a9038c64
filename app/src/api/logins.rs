//! Open logins: a page of them, and how it changes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Refused;
#[cfg(feature = "ssr")]
use super::console;

/// Rows on a page.
pub const PAGE_ROWS: u32 = 50;

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
}

impl SortBy {
    const ALL: [Self; 4] = [Self::Newest, Self::Oldest, Self::User, Self::Phone];

    /// Its name in the URL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::User => "user",
            Self::Phone => "phone",
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
    /// Part of a user id, phone name or profile name.
    pub find: String,
    /// The order.
    pub sort: SortBy,
    /// The page, from 0.
    pub page: u32,
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
    /// The device profile.
    pub profile: String,
    /// Since when: UTC, milliseconds since 1970.
    pub from_ms: i64,
    /// Until when, likewise; `None` is unlimited.
    pub until_ms: Option<i64>,
}

/// One page of the open logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveLogins {
    /// The rows.
    pub rows: Vec<LoginRow>,
    /// How many match.
    pub matching: u64,
    /// How many are open.
    pub open: u64,
    /// The number of the last event that the rows know of; the tab goes on from there.
    pub as_of: u64,
    /// The server's time: what "time left" is counted from.
    pub now_ms: i64,
}

/// What the server tells a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToTab {
    /// Everything that changed, up to and with event number `through`.
    Changes {
        /// In order.
        changes: Vec<Change>,
        /// The number of the last event.
        through: u64,
    },
    /// The tab is too far behind: it must read the page anew.
    Resync,
}

/// A change to the open logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// A login began.
    Began(LoginRow),
    /// A login ended.
    Ended {
        /// Which.
        id: String,
        /// Whose, for the filter.
        user: String,
        /// Where, for the filter.
        phone: String,
        /// With which profile, for the filter.
        profile: String,
    },
}

impl Change {
    /// When a login began, if this is its beginning: UTC, milliseconds since 1970.
    #[must_use]
    pub const fn began_ms(&self) -> Option<i64> {
        match self {
            Self::Began(row) => Some(row.from_ms),
            Self::Ended { .. } => None,
        }
    }
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

/// One page of the open logins.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "active-logins")]
pub async fn read_active_logins(query: LoginQuery) -> Result<ActiveLogins, Refused> {
    console().active_logins(query).await
}
