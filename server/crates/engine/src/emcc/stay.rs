//! The intent and the farewell of a stay.

use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginType};

use super::StayEnd;
use crate::{Login, LoginId, PeerRequest, UserId, UtcMillis};

/// The visiting cluster's record of a pending home login.
///
/// An intent holds the phone until the answer comes, and is durable before the request is sent: after any
/// failure the visiting cluster knows which stay may be open at home.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Intent {
    /// The identity of the stay.
    pub id: LoginId,
    /// The phone's name; the phone is of this cluster.
    pub phone: String,
    /// The user, of the home cluster.
    pub user: UserId,
    /// Until when the intent holds the phone.
    pub expires: UtcMillis,
}

impl Intent {
    /// How long an intent holds its phone, in milliseconds: longer than the time-out of the answer.
    pub const HOLD_MS: i64 = 30_000;

    /// Whether the intent has expired at `now`, and no longer holds the phone.
    #[must_use]
    pub fn is_due(&self, now: UtcMillis) -> bool {
        self.expires <= now
    }
}

/// A message from one cluster to the other that a stay has ended, or must not begin.
///
/// A farewell becomes durable in the same transaction as the reported change, and is sent until the other cluster
/// acknowledges the farewell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Farewell {
    /// The receiving cluster.
    pub to: String,
    /// Whether the receiver is the home cluster; else the receiver is the visiting cluster.
    pub to_home: bool,
    /// The identity of the stay.
    pub login: LoginId,
    /// The phone's name; the phone belongs to the visiting cluster.
    pub phone: String,
    /// Why the stay has ended; `None` for a stay that must not begin.
    pub cause: Option<EndCause>,
}

/// A farewell in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedFarewell {
    /// Its number; later farewells have greater numbers.
    pub number: u64,
    /// When the farewell was posted.
    pub posted: UtcMillis,
    /// The farewell.
    pub farewell: Farewell,
}

impl Farewell {
    /// The farewell of a login that ends; `None` for a login within the cluster.
    #[must_use]
    pub fn of_end(login: &Login, cause: EndCause) -> Option<Self> {
        let Login { id, user, phone, login_type, .. } = login;
        let (to, to_home) = match login_type {
            LoginType::Elsewhere => (phone.cluster.clone(), false),
            LoginType::Visiting => (user.cluster.clone(), true),
            LoginType::Em | LoginType::Other => return None,
        };
        Some(Self { to, to_home, login: *id, phone: phone.name.clone(), cause: Some(cause) })
    }

    /// The farewell of a stay that must not begin: the answer of the home cluster was lost, or came too late.
    #[must_use]
    pub fn of_intent(id: LoginId, phone: &str, home: &str) -> Self {
        let (to, phone) = (home.to_owned(), phone.to_owned());
        Self { to, to_home: true, login: id, phone, cause: None }
    }

    /// The request that carries the farewell.
    #[must_use]
    pub fn request(&self) -> PeerRequest {
        let Self { login, phone, cause, to_home, .. } = self;
        let end = StayEnd { login: Some(*login), phone: phone.clone(), cause: *cause };
        if *to_home { PeerRequest::HomeLogout(end) } else { PeerRequest::VisitingLogout(end) }
    }
}
