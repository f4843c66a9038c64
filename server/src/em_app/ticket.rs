//! Tickets: the proof of a PIN, kept while its user chooses a device profile.

use engine::{ProfileChoice, UserId};
use terms::phone_key;

use crate::em::Proof;

/// The ticket of a user who has shown a PIN, and chooses a device profile.
pub(super) enum Ticket {
    /// A user of this cluster, with the profiles.
    Own(Proof, Vec<String>),
    /// A user of another cluster.
    Visitor {
        /// The user, with the home cluster.
        user: UserId,
        /// The home cluster's ticket, and the profiles.
        choice: ProfileChoice,
        /// The phone's name.
        phone: String,
    },
}

impl Ticket {
    /// Whether the PIN was shown at this phone.
    pub(super) fn is_of(&self, phone: &str) -> bool {
        match self {
            Self::Own(proof, _) => proof.is_of(phone),
            Self::Visitor { phone: shown_at, .. } => phone_key(shown_at) == phone_key(phone),
        }
    }

    /// The profiles to choose from.
    pub(super) fn profiles(&self) -> &[String] {
        match self {
            Self::Own(_, profiles) => profiles,
            Self::Visitor { choice, .. } => &choice.profiles,
        }
    }
}
