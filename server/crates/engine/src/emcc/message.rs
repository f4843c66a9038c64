//! The requests and answers between clusters, independent of the wire format.

use std::fmt;

use serde::{Deserialize, Serialize};
use terms::{EndCause, ErrorCode, Release};

use crate::{DeviceProfile, LoginId, UserNumber};

/// A message to a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerMessage {
    /// The number of the request at the sender that causes the message (`requestNum`), for the traces of both
    /// clusters.
    pub number: u64,
    /// The id of the sending cluster (`clusterId`).
    pub sender: String,
    /// The request.
    pub request: PeerRequest,
}

/// A request to a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerRequest {
    /// Asks whether a user belongs to the receiver.
    CheckUser(NamedUser),
    /// To the home cluster: asks whether a user's PIN is right. The sender itself refuses the log-in, and tells the
    /// reason only if the PIN is right.
    CheckPin(PinCheck),
    /// To the home cluster: logs a user in at a phone of the sender.
    HomeLogin(HomeLogin),
    /// To the home cluster: a stay at a phone of the sender has ended, or must not begin.
    HomeLogout(StayEnd),
    /// To the visiting cluster: a stay of a user of the sender has ended.
    VisitingLogout(StayEnd),
    /// Asks which of these stays are over.
    Stays(Stays),
    /// Tells the sender's state, and asks for the receiver's.
    Update(ClusterInfo),
}

/// A user as named at a phone.
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
    /// The phone's name; the phone belongs to the sender.
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

/// A request for a login to the home cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeLogin {
    /// The identity of the stay, chosen by the visiting cluster.
    pub login: LoginId,
    /// The phone's name; the phone belongs to the sender.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The phone's address, as the visiting cluster sees it; empty if unknown.
    pub phone_address: String,
    /// The user's id at home.
    pub user: String,
    /// The user's PIN or ticket.
    pub secret: UserSecret,
    /// The device profile; `None` is the user's only profile.
    pub profile: Option<String>,
    /// The URL that logs the phone out at the visiting cluster (`EMURI`).
    pub log_out_url: String,
}

/// The secret that authenticates a user to the home cluster.
#[derive(Clone, PartialEq, Eq)]
pub enum UserSecret {
    /// A PIN.
    Pin(String),
    /// The ticket that the home cluster has given for a right PIN.
    Ticket(String),
}

/// PIN and ticket are secrets.
impl fmt::Debug for UserSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pin(_) => "Pin",
            Self::Ticket(_) => "Ticket",
        })
    }
}

/// The end of a user's stay at a phone of another cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayEnd {
    /// The identity of the stay; `None` means the stay that is open on the phone.
    pub login: Option<LoginId>,
    /// The phone's name; the phone belongs to the visiting cluster.
    pub phone: String,
    /// Why the stay has ended; `None` if the message does not say.
    pub cause: Option<EndCause>,
}

/// A part of the sender's open stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stays {
    /// The sender's role in all these stays.
    pub sender_is: StayRole,
    /// The identities of the stays, at most [`Stays::MOST`].
    pub logins: Vec<LoginId>,
}

impl Stays {
    /// The maximum number of stays in one message.
    pub const MOST: usize = 200;
}

/// A cluster's role in a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StayRole {
    /// The cluster owns the user.
    Home,
    /// The cluster owns the phone.
    Visiting,
}

impl StayRole {
    /// The role of the other cluster.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Home => Self::Visiting,
            Self::Visiting => Self::Home,
        }
    }
}

/// The state that a cluster tells about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterInfo {
    /// Its release.
    pub release: Release,
    /// Whether the cluster takes part in EMCC with the receiver.
    pub emcc: bool,
    /// The announced next certificate (PEM) of the cluster, if any.
    pub next_certificate: Option<String>,
    /// Whether the cluster compares stays now, because it has lost contact with the receiver: the receiver then
    /// compares stays too.
    pub compares: bool,
}

/// The answer of a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerAnswer {
    /// The id of the user, if the user belongs to the answering cluster.
    User(Option<String>),
    /// The user is logged in; the phone gets this configuration.
    LoggedIn(HomeConfiguration),
    /// The PIN is right, and the user has to choose a device profile.
    Choose(ProfileChoice),
    /// The request is done, and its effect is durable.
    Done,
    /// The stays in question that are not open at the answering cluster.
    Over(Vec<LoginId>),
    /// The state of the answering cluster.
    Cluster(ClusterInfo),
    /// The cluster refuses the request. Nothing is changed.
    Refused(ErrorCode),
}

/// Device profiles to choose from.
#[derive(Clone, PartialEq, Eq)]
pub struct ProfileChoice {
    /// The ticket for the next request: valid once, for a minute, at the same phone.
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

/// The phone's configuration during a stay: the user's device profile, and the call server at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeConfiguration {
    /// The user's id in its stored spelling.
    pub user: String,
    /// The device profile, with the accounts of its lines.
    pub profile: DeviceProfile,
    /// Host and port of the call server; empty if the home cluster has none.
    pub call_server: String,
    /// The remaining time of the login, in seconds; `None` is unlimited. The message has no absolute time,
    /// because the clocks of two clusters differ.
    pub seconds_left: Option<u64>,
}
