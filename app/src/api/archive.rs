//! What is looked back at: ended logins and the audit; and a phone.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{ActorKind, EndCause, LoginType};

#[cfg(feature = "ssr")]
use super::console;
use super::{By, LoginRow, Refused};

/// Rows on a page of history or audit.
pub const ARCHIVE_ROWS: u32 = 50;

/// Which rows a page of history or audit shows; all of it stands in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveQuery {
    /// Part of any name.
    pub find: String,
    /// From this moment on: UTC, milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// Before this moment.
    pub before_ms: Option<i64>,
    /// Only this cause (history).
    pub cause: Option<EndCause>,
    /// Only by this kind of actor (audit).
    pub by: Option<ActorKind>,
    /// The page, from 0.
    pub page: u32,
}

/// An ended login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedRow {
    /// Its identity.
    pub id: String,
    /// Who.
    pub user: String,
    /// Where.
    pub phone: String,
    /// The device profile.
    pub profile: String,
    /// How user and phone belonged to this cluster.
    pub login_type: LoginType,
    /// From: UTC, milliseconds since 1970.
    pub from_ms: i64,
    /// Until.
    pub ended_ms: i64,
    /// Why it ended.
    pub cause: EndCause,
    /// Who ended it.
    pub by: By,
    /// The reason that was given.
    pub reason: String,
}

/// A page of ended logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The last ended first.
    pub rows: Vec<EndedRow>,
    /// How many match.
    pub matching: u64,
    /// For how many days they are kept.
    pub days: u32,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When: UTC, milliseconds since 1970.
    pub at_ms: i64,
    /// Who, and from where.
    pub by: By,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// How.
    pub detail: String,
}

/// A page of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// The latest first.
    pub rows: Vec<AuditLine>,
    /// How many match.
    pub matching: u64,
    /// For how many days they are kept.
    pub days: u32,
}

/// A line or speed dial: a number and what the phone shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// The number.
    pub number: String,
    /// The label.
    pub label: String,
}

/// Why a phone shows what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyShown {
    /// Nobody is logged in.
    Own,
    /// A login gave it its device profile.
    Profile,
    /// The login's device profile is not there any more.
    ProfileMissing,
}

/// A phone with everything about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhonePage {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// What it is called.
    pub description: String,
    /// Whether Extension Mobility is enabled on it.
    pub extension_mobility: bool,
    /// The address to which pushes go.
    pub address: Option<String>,
    /// Who last logged out here.
    pub last_user: Option<String>,
    /// Its own lines.
    pub lines: Vec<Labelled>,
    /// Its own speed dials.
    pub speed_dials: Vec<Labelled>,
    /// Its lines now.
    pub lines_now: Vec<Labelled>,
    /// Its speed dials now.
    pub speed_dials_now: Vec<Labelled>,
    /// Why.
    pub why: WhyShown,
    /// Who is on it.
    pub login: Option<LoginRow>,
    /// Whether who looks may end the login.
    pub may_end: bool,
    /// Logins that ended here, the last first.
    pub recent: Vec<EndedRow>,
    /// The server's time.
    pub now_ms: i64,
    /// The number of the last event that this knows of.
    pub as_of: u64,
}

/// A page of ended logins.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "login-history", input = server_fn::codec::Json)]
pub async fn read_history(query: ArchiveQuery) -> Result<History, Refused> {
    console().history(query).await
}

/// A page of the audit.
///
/// # Errors
/// As [`read_history`].
#[server(prefix = "/call", endpoint = "audit", input = server_fn::codec::Json)]
pub async fn read_audit(query: ArchiveQuery) -> Result<Audit, Refused> {
    console().audit(query).await
}

/// A phone; `None` when there is none of this name.
///
/// # Errors
/// As [`read_history`].
#[server(prefix = "/call", endpoint = "phone")]
pub async fn read_phone(name: String) -> Result<Option<PhonePage>, Refused> {
    console().phone(name).await
}
