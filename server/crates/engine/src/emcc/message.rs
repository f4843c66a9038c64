//! What clusters ask each other and answer, without its form on the wire.

use std::fmt;

use serde::{Deserialize, Serialize};
use terms::{EndCause, ErrorCode, Release};

use crate::{DeviceProfile, LoginId, UserNumber};

/// A message to a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerMessage {
    /// The sender's number of the request for which it asks (`requestNum`), for the traces of both.
    pub number: u64,
    /// The id of the cluster that sends it (`clusterId`).
    pub sender: String,
    /// The question.
    pub request: PeerRequest,
}

/// A question to a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerRequest {
    /// Whether a user is one of its own.
    CheckUser(NamedUser),
    /// To the home cluster: whether a PIN is a user's. The sender refuses a log-in by itself, and tells the reason
    /// only to the user.
    CheckPin(PinCheck),
    /// To the home cluster: to log a user in at a phone of the sender.
    HomeLogin(HomeLogin),
    /// To the home cluster: a stay at a phone of the sender has ended, or must not begin.
    HomeLogout(StayEnd),
    /// To the visiting cluster: a stay of a user of the sender has ended.
    VisitingLogout(StayEnd),
    /// The question which of these stays are over.
    Stays(Stays),
    /// The state of the receiver; the sender states its own first.
    Update(ClusterInfo),
}

/// A user as somebody at a phone names them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NamedUser {
    /// By user id.
    Id(String),
    /// By a number.
    Number(UserNumber),
}

/// A PIN that the home cluster is asked to check.
#[derive(Clone, PartialEq, Eq)]
pub struct PinCheck {
    /// The phone's name; the phone is the sender's.
    pub phone: String,
    /// The phone's address, as in [`HomeLogin::phone_address`].
    pub phone_address: String,
    /// The user's id at home.
    pub user: String,
    /// The PIN.
    pub pin: String,
}

/// The PIN is a secret.
impl fmt::Debug for PinCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { phone, user, .. } = self;
        f.debug_struct("PinCheck").field("phone", phone).field("user", user).finish_non_exhaustive()
    }
}

/// A login that the home cluster is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeLogin {
    /// The identity of the stay, which the visiting cluster has chosen.
    pub login: LoginId,
    /// The phone's name; the phone is the sender's.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The phone's address, as the visiting cluster sees it; empty where it is not known.
    pub phone_address: String,
    /// The user's id at home.
    pub user: String,
    /// What the user shows.
    pub shown: Shown,
    /// The device profile; `None` is the only one that the user has.
    pub profile: Option<String>,
    /// The address that logs the phone out at the visiting cluster (`EMURI`).
    pub log_out_url: String,
}

/// What a user shows to the home cluster.
#[derive(Clone, PartialEq, Eq)]
pub enum Shown {
    /// A PIN.
    Pin(String),
    /// The ticket that home has given for a PIN that was right.
    Ticket(String),
}

/// Both are secrets.
impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pin(_) => "Pin",
            Self::Ticket(_) => "Ticket",
        })
    }
}

/// The stay of a user at a phone of another cluster that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayEnd {
    /// Its identity; a peer that sends none means whatever stay there is at the phone.
    pub login: Option<LoginId>,
    /// The phone's name; the phone is the visiting cluster's.
    pub phone: String,
    /// Why it has ended, where that is said.
    pub cause: Option<EndCause>,
}

/// A part of the stays that the sender has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stays {
    /// The sender's part in all of them.
    pub sender_is: Role,
    /// Their identities, at most [`Stays::MOST`].
    pub logins: Vec<LoginId>,
}

impl Stays {
    /// The most that one message asks about.
    pub const MOST: usize = 200;
}

/// A cluster's part in a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It owns the user.
    Home,
    /// It owns the phone.
    Visiting,
}

impl Role {
    /// The part of the other cluster.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Home => Self::Visiting,
            Self::Visiting => Self::Home,
        }
    }
}

/// What a cluster tells about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterInfo {
    /// Its release.
    pub release: Release,
    /// Whether it takes part in EMCC with the receiver.
    pub emcc: bool,
    /// The certificate (PEM) that it will use some day, where it has announced one.
    pub next_certificate: Option<String>,
    /// Whether it compares stays now, since it has lost sight of the other cluster: the other does so too.
    pub compares: bool,
}

/// An answer of a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerAnswer {
    /// The id of the user, if the user is its own.
    User(Option<String>),
    /// The user is logged in; the phone becomes this.
    LoggedIn(HomeConfiguration),
    /// The PIN is right, and the user has to choose a device profile.
    Choose(ProfileChoice),
    /// It is done, and durable.
    Done,
    /// Those of the stays that are not open there.
    Over(Vec<LoginId>),
    /// What it tells about itself.
    Cluster(ClusterInfo),
    /// It refuses. Nothing is changed.
    Refused(ErrorCode),
}

/// Device profiles to choose from.
#[derive(Clone, PartialEq, Eq)]
pub struct ProfileChoice {
    /// The ticket to come back with: good once, for a minute, at the same phone.
    pub ticket: String,
    /// The names of the profiles.
    pub profiles: Vec<String>,
}

/// The ticket is a secret.
impl fmt::Debug for ProfileChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileChoice").field("profiles", &self.profiles).finish_non_exhaustive()
    }
}

/// What the phone of a stay becomes: the user's device profile, and the call server at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeConfiguration {
    /// The user's id in its stored spelling.
    pub user: String,
    /// The device profile, with the accounts of its lines.
    pub profile: DeviceProfile,
    /// Host and port of the call server; empty where home has none.
    pub call_server: String,
    /// For how long the login goes on from now, in seconds; `None` is unlimited. A time of day would
    /// not do: the clocks of two clusters differ.
    pub seconds_left: Option<u64>,
}
