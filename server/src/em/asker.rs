//! Who asks, and for whom they may act.

use engine::{Actor, ProfileRight, Version};
use terms::key;

/// Somebody whose password or PIN was right.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    /// The id, as stored.
    pub(super) id: String,
    /// For whom they may act.
    pub(super) may: May,
    /// The configuration that says so.
    pub(super) version: Version,
}

/// For whom somebody may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// For everybody: an application user with the proxy right.
    Everybody,
    /// For nobody: an application user without it.
    Nobody,
    /// For themselves: an end user.
    Themselves,
}

impl Asker {
    /// Whether they may act for a user.
    pub(super) fn may_act_for(&self, user: &str) -> bool {
        match self.may {
            May::Everybody => true,
            May::Nobody => false,
            May::Themselves => key(&self.id) == key(user),
        }
    }

    /// Which device profiles they may name.
    pub(super) fn profile_right(&self) -> ProfileRight {
        match self.may {
            May::Everybody => ProfileRight::Any,
            May::Nobody | May::Themselves => ProfileRight::Own,
        }
    }

    /// The only user whose logins they may end; `None` for everybody's.
    pub(super) fn only(&self) -> Option<String> {
        (self.may == May::Themselves).then(|| self.id.clone())
    }

    /// They, as the one who did something, from an address.
    pub(super) fn actor(&self, address: &str) -> Actor {
        match self.may {
            May::Themselves => Actor::user(&self.id, address),
            May::Everybody | May::Nobody => Actor::application_user(&self.id, address),
        }
    }
}
