//! The asker of a request, and the users for whom the asker may act.

use engine::{Actor, ProfileRight, Version};
use terms::key;

/// An application user or end user whose password or PIN was right, or a phone.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    /// The id, as stored; of a phone its name.
    pub(super) id: String,
    /// The users for whom the asker may act.
    pub(super) may: May,
    /// The version of the configuration at which the asker was authenticated.
    pub(super) version: Version,
}

/// The users for whom an asker may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// For everybody: an application user with the proxy right.
    Everybody,
    /// For nobody: an application user without the proxy right.
    Nobody,
    /// For themselves: an end user.
    Themselves,
    /// For the user who is logged in at the phone: a phone, which does not name its user.
    WhoIsThere,
}

impl Asker {
    /// Whether the asker may act for a user.
    pub(super) fn may_act_for(&self, user: &str) -> bool {
        match self.may {
            May::Everybody => true,
            May::Nobody | May::WhoIsThere => false,
            May::Themselves => key(&self.id) == key(user),
        }
    }

    /// The device profiles that the asker may name.
    pub(super) fn profile_right(&self) -> ProfileRight {
        match self.may {
            May::Everybody => ProfileRight::Any,
            May::Nobody | May::Themselves | May::WhoIsThere => ProfileRight::Own,
        }
    }

    /// The only user whose logins the asker may end; `None` for the logins of all users.
    pub(super) fn only(&self) -> Option<String> {
        (self.may == May::Themselves).then(|| self.id.clone())
    }

    /// The asker as an actor at an address.
    pub(super) fn actor(&self, address: &str) -> Actor {
        match self.may {
            May::Themselves => Actor::user(&self.id, address),
            May::WhoIsThere => Actor::phone(&self.id, address),
            May::Everybody | May::Nobody => Actor::application_user(&self.id, address),
        }
    }
}
