//! Logins, the requests for them, and the answers to queries about them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginCondition, LoginTexts, LoginType};
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
    /// The device profile that the phone shows.
    pub profile: String,
    /// The relation of user and phone to this cluster.
    #[serde(rename = "type")]
    pub login_type: LoginType,
    /// When the login began.
    pub from: UtcMillis,
    /// When the login expires; `None` is unlimited.
    pub until: Option<UtcMillis>,
    /// The actor who logged the user in.
    pub by: Actor,
}

impl Login {
    /// Turns the open login into an ended one.
    #[must_use]
    pub fn ended(self, cause: EndCause, by: Actor, reason: String, ended: UtcMillis) -> EndedLogin {
        let Self {
            id,
            user,
            phone,
            model,
            description,
            profile,
            login_type,
            from,
            until,
            by: began_by,
        } = self;
        EndedLogin {
            id,
            user,
            phone,
            model,
            description,
            profile,
            login_type,
            from,
            until,
            began_by,
            ended,
            cause,
            by,
            reason,
        }
    }

    /// Whether the login has expired at `now`.
    pub(crate) fn is_due(&self, now: UtcMillis) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// The texts of the login in which a filter looks for words.
    #[must_use]
    pub fn searched(&self) -> String {
        let (user, phone) = (self.user.to_string(), self.phone.to_string());
        LoginTexts {
            user: &user,
            phone: &phone,
            profile: &self.profile,
            model: &self.model,
            description: &self.description,
            source: &self.by.name,
            address: &self.by.address,
        }
        .searched()
    }
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
    /// The phone's model.
    #[serde(default)]
    pub model: String,
    /// The phone's description.
    #[serde(default)]
    pub description: String,
    /// The device profile that the login used.
    pub profile: String,
    /// The relation of user and phone to this cluster.
    #[serde(rename = "type")]
    pub login_type: LoginType,
    /// When the login began.
    pub from: UtcMillis,
    /// When the login would have expired; `None` is unlimited.
    #[serde(default)]
    pub until: Option<UtcMillis>,
    /// The actor who logged the user in.
    #[serde(default = "unknown")]
    pub began_by: Actor,
    /// When the login ended.
    pub ended: UtcMillis,
    /// The cause of the end.
    pub cause: EndCause,
    /// The actor who ended the login.
    pub by: Actor,
    /// The reason that was given; empty if none was.
    pub reason: String,
}

/// The actor of a login in an event of an older program, which does not name the actor.
const fn unknown() -> Actor {
    Actor::SYSTEM
}

/// The result of an admitted login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The login that began.
    pub login: Login,
    /// The source of the login's limit.
    pub limit_source: LimitSource,
    /// The logins that ended for the new login, in the order of their end.
    pub ended: Vec<EndedLogin>,
}

/// Which device profiles a requester may name in a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileRight {
    /// The device profiles of the user who logs in.
    Own,
    /// Any existing device profile: the right of an application user with the proxy right.
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
    /// The source address of the request, which the phone must have; `None` accepts any address.
    pub phone_address: Option<IpAddr>,
    /// The duration that the request asks for.
    pub duration: RequestedDuration,
    /// The requester.
    pub actor: Actor,
    /// The version of the configuration under which `actor` was authenticated. The store refuses the request
    /// under another version, so that no request succeeds with a credential that has changed.
    pub authenticated_at: Option<Version>,
}

/// A request to log out the user who is logged in at a phone.
#[derive(Clone, Debug)]
pub struct LogoutRequest {
    /// The phone's name; the phone is of this cluster.
    pub phone: String,
    /// As in [`LoginRequest::phone_address`].
    pub phone_address: Option<IpAddr>,
    /// The only user of this cluster whose login may end, by id; `None` allows the login of any user.
    pub only: Option<String>,
    /// The requester.
    pub actor: Actor,
    /// As in [`LoginRequest::authenticated_at`].
    pub authenticated_at: Option<Version>,
}

/// The current and the last user of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneStatus {
    /// The phone's name.
    pub name: String,
    /// The user who is logged in.
    pub user: Option<UserId>,
    /// The user who last logged out at the phone.
    pub last_user: Option<UserId>,
    /// The address that an administrator set.
    pub address: Option<String>,
    /// Its model.
    pub model: String,
}

/// A number by which users log in at a phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserNumber {
    /// A primary extension.
    PrimaryExtension(String),
    /// A self-service id.
    SelfServiceId(String),
}

/// The phones and device profiles of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserStatus {
    /// The user id in its stored spelling.
    pub id: String,
    /// The phones where the user is logged in, the oldest login first.
    pub phones: Vec<String>,
    /// The user's device profiles; the first is the default.
    pub profiles: Vec<String>,
}

/// The order of a list of open logins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By user id.
    User,
    /// By user id, the last first.
    UserDown,
    /// By phone name.
    Phone,
    /// By phone name, the last first.
    PhoneDown,
    /// The earliest expiry first.
    Until,
    /// The latest expiry first, unlimited logins before all.
    UntilDown,
}

/// A query for a page of open logins.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// The filter.
    pub filter: LoginCondition,
    /// The order.
    pub order: LoginOrder,
    /// The number of logins to skip.
    pub offset: u32,
    /// The maximum number of logins.
    pub limit: u32,
}

/// One page of the open logins, read in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveLoginPage {
    /// The logins of this page.
    pub rows: Vec<Login>,
    /// The number of logins that match the filter.
    pub matching: u64,
    /// The number of open logins.
    pub open: OpenCounts,
    /// The number of the last event that these rows reflect.
    pub as_of: u64,
}

/// The numbers of open logins, by type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenCounts {
    /// Logins at phones of this cluster, by users of this cluster.
    pub em: u64,
    /// Logins at phones of this cluster, by users of other clusters.
    pub visiting: u64,
    /// Logins at phones of other clusters, by users of this cluster.
    pub elsewhere: u64,
    /// Logins of a type that only a newer program knows.
    pub other: u64,
}

impl OpenCounts {
    /// The number of all open logins.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.em + self.visiting + self.elsewhere + self.other
    }
}
