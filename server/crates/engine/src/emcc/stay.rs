//! Parts of a stay that both clusters keep.

use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginType};

use super::StayEnd;
use crate::{LoginId, OpenLogin, PeerRequest, UserId, UtcMillis};

/// The visiting cluster's note that it asks the home cluster for a login. It holds the phone until the
/// answer comes, and is durable before the question goes out: whatever happens then, the visiting cluster
/// knows what home may hold open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Intent {
    /// The identity of the stay.
    pub id: LoginId,
    /// The phone's name; the phone is of this cluster.
    pub phone: String,
    /// The user, of the home cluster.
    pub user: UserId,
    /// Until when it holds the phone.
    pub expires: UtcMillis,
}

impl Intent {
    /// How long an intent holds its phone, in milliseconds: longer than an answer is waited for.
    pub const HOLD_MS: i64 = 30_000;

    /// Whether it holds the phone no longer.
    #[must_use]
    pub fn is_due(&self, now: UtcMillis) -> bool {
        self.expires <= now
    }
}

/// A message that one cluster owes the other: a stay has ended, or must not begin. It is durable with what it
/// tells of, and is sent until the other cluster has acknowledged it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Farewell {
    /// The cluster that is told.
    pub to: String,
    /// Whether that is the home cluster; else it is the visiting one.
    pub to_home: bool,
    /// The identity of the stay.
    pub login: LoginId,
    /// The phone's name; the phone is the visiting cluster's.
    pub phone: String,
    /// Why the stay has ended; `None` for one that must not begin.
    pub cause: Option<EndCause>,
}

/// A farewell in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedFarewell {
    /// Its number; later ones are greater.
    pub number: u64,
    /// When it was posted.
    pub posted: UtcMillis,
    /// The farewell.
    pub farewell: Farewell,
}

impl Farewell {
    /// The farewell of a login that ends; `None` within the cluster.
    #[must_use]
    pub fn of_end(login: &OpenLogin, cause: EndCause) -> Option<Self> {
        let OpenLogin { id, user, phone, login_type, .. } = login;
        let (to, to_home) = match login_type {
            LoginType::Elsewhere => (phone.cluster.clone(), false),
            LoginType::Visiting => (user.cluster.clone(), true),
            LoginType::Em | LoginType::Other => return None,
        };
        Some(Self { to, to_home, login: *id, phone: phone.name.clone(), cause: Some(cause) })
    }

    /// The farewell of a stay that must not begin: its answer was lost, or came too late.
    #[must_use]
    pub fn of_intent(id: LoginId, phone: &str, home: &str) -> Self {
        let (to, phone) = (home.to_owned(), phone.to_owned());
        Self { to, to_home: true, login: id, phone, cause: None }
    }

    /// The message that tells it.
    #[must_use]
    pub fn request(&self) -> PeerRequest {
        let Self { login, phone, cause, to_home, .. } = self;
        let end = StayEnd { login: Some(*login), phone: phone.clone(), cause: *cause };
        if *to_home { PeerRequest::HomeLogout(end) } else { PeerRequest::VisitingLogout(end) }
    }
}
