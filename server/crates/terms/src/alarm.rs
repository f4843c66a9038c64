//! The alarms of the original's catalogue (`System/EMAlarmCatalog`, `CallManager` alarm catalogue 12.5(1)) that
//! Sojourn raises. A login across clusters is an event and raises no alarm.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// An alarm about logins across clusters; its name is that in the catalogue.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
pub enum Alarm {
    /// The certificate of a remote cluster differs from the known certificate.
    NodeNotTrusted,
    /// The visiting cluster could not log in a user of another cluster.
    #[serde(rename = "EMCCFailedInLocalCluster")]
    #[strum(serialize = "EMCCFailedInLocalCluster")]
    FailedHere,
    /// The home cluster refused one of its users at a phone of another cluster.
    #[serde(rename = "EMCCFailedInRemoteCluster")]
    #[strum(serialize = "EMCCFailedInRemoteCluster")]
    FailedAtHome,
    /// The user or the PIN that was typed is wrong.
    #[serde(rename = "UserInputFailure")]
    #[strum(serialize = "UserInputFailure")]
    UserInput,
    /// An alarm that a newer program has stored.
    #[serde(other)]
    #[strum(serialize = "other")]
    Other,
}

impl Named for Alarm {
    const OTHER: Option<Self> = Some(Self::Other);
}

impl Alarm {
    /// The alarm's severity: 3 is an error, 4 a warning.
    #[must_use]
    pub const fn severity(self) -> u8 {
        match self {
            Self::NodeNotTrusted | Self::FailedHere => 3,
            Self::FailedAtHome | Self::UserInput | Self::Other => 4,
        }
    }
}
