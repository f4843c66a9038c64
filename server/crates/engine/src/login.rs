//! Logins, and what is asked and answered about them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginFilter, LoginType};
use uuid::Uuid;

use crate::{Actor, LimitSource, PhoneId, RequestedDuration, UserId, UtcMillis, Version};

/// The identity of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoginId(pub Uuid);

/// An open login: a user's stay on a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Its identity.
    pub id: LoginId,
    /// The user.
    pub user: UserId,
    /// The phone.
    pub phone: PhoneId,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The device profile that the phone took over.
    pub profile: String,
    /// How user and phone belong to this cluster.
    #[serde(rename = "type")]
    pub login_type: LoginType,
    /// When it began.
    pub from: UtcMillis,
    /// When its time is up; `None` is unlimited.
    pub until: Option<UtcMillis>,
    /// Who logged the user in.
    pub by: Actor,
}

/// A login that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedLogin {
    /// Its identity.
    pub id: LoginId,
    /// The user.
    pub user: UserId,
    /// The phone.
    pub phone: PhoneId,
    /// The device profile it used.
    pub profile: String,
    /// How user and phone belonged to this cluster.
    #[serde(rename = "type")]
    pub login_type: LoginType,
    /// When it began.
    pub from: UtcMillis,
    /// When it ended.
    pub ended: UtcMillis,
    /// Its one cause.
    pub cause: EndCause,
    /// Who ended it.
    pub by: Actor,
    /// What was given as the reason; empty where none was.
    pub reason: String,
}

/// What an admitted login did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The login that began.
    pub login: Login,
    /// Who set its limit.
    pub limit_source: LimitSource,
    /// The logins that ended for it, in the order in which they did.
    pub ended: Vec<EndedLogin>,
}

/// Which device profiles somebody may name in a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileRight {
    /// Those of the user who logs in.
    Own,
    /// Any that exists: an application user with the proxy right.
    Any,
}

/// A request to log a user in at a phone, authenticated and parsed.
#[derive(Clone, Debug)]
pub struct LoginRequest {
    /// The phone's name; the phone is of this cluster.
    pub phone: String,
    /// The user's id, in any spelling; the user is of this cluster.
    pub user: String,
    /// The device profile; `None` is the user's first.
    pub profile: Option<String>,
    /// Which device profiles may be named.
    pub profile_right: ProfileRight,
    /// The address that the phone must have, because the request comes from there; `None` for any.
    pub phone_address: Option<IpAddr>,
    /// How long the request wants the login to last.
    pub duration: RequestedDuration,
    /// Who asks.
    pub actor: Actor,
    /// The configuration under which `actor` was authenticated; the store refuses to go on under
    /// another, so that a changed credential is not good for one more request.
    pub authenticated_at: Option<Version>,
}

/// A request to log out whoever is logged in at a phone.
#[derive(Clone, Debug)]
pub struct LogoutRequest {
    /// The phone's name; the phone is of this cluster.
    pub phone: String,
    /// As in [`LoginRequest::phone_address`].
    pub phone_address: Option<IpAddr>,
    /// The only user of this cluster whose login may end, by id; `None` for whoever may log anybody out.
    pub only: Option<String>,
    /// Who asks.
    pub actor: Actor,
    /// As in [`LoginRequest::authenticated_at`].
    pub authenticated_at: Option<Version>,
}

/// Who is and was at a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneStatus {
    /// The phone's name.
    pub name: String,
    /// Who is logged in.
    pub user: Option<UserId>,
    /// Who last logged out here.
    pub last_user: Option<UserId>,
    /// The address that an administrator set.
    pub address: Option<String>,
    /// Its model.
    pub model: String,
}

/// A number by which people log in at a phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserNumber {
    /// A primary extension.
    PrimaryExtension(String),
    /// A self-service id.
    SelfServiceId(String),
}

/// Where a user is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserStatus {
    /// The user id in its stored spelling.
    pub id: String,
    /// The phones, the oldest login first.
    pub phones: Vec<String>,
    /// The user's device profiles; the first is the default.
    pub profiles: Vec<String>,
}

/// How a list of open logins is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By user id.
    User,
    /// By phone name.
    Phone,
    /// What ends first.
    Until,
}

/// Which page of the open logins.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Which logins.
    pub filter: LoginFilter,
    /// In which order.
    pub order: LoginOrder,
    /// How many to skip.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// One page of the open logins; all of it read in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveLoginPage {
    /// The logins of this page.
    pub rows: Vec<Login>,
    /// How many match the filter.
    pub matching: u64,
    /// How many are open.
    pub open: OpenCounts,
    /// The number of the last event that these rows know of.
    pub as_of: u64,
}

/// How many logins are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenCounts {
    /// In this cluster, by its users.
    pub em: u64,
    /// On its phones, by users of other clusters.
    pub visiting: u64,
    /// On phones of other clusters, by its users.
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
}
