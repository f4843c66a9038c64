//! The alarms of the original's catalogue (`System/EMAlarmCatalog`, `CallManager` alarm catalogue 12.5(1)) that
//! Sojourn raises. A login across clusters is an event and raises no alarm.

use serde::{Deserialize, Serialize};

/// An alarm about logins across clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Alarm {
    /// The certificate of a remote cluster differs from the known certificate.
    NodeNotTrusted,
    /// The visiting cluster could not log in a user of another cluster.
    #[serde(rename = "EMCCFailedInLocalCluster")]
    FailedHere,
    /// The home cluster refused one of its users at a phone of another cluster.
    #[serde(rename = "EMCCFailedInRemoteCluster")]
    FailedAtHome,
    /// The user or the PIN that was typed is wrong.
    #[serde(rename = "UserInputFailure")]
    UserInput,
    /// An alarm that a newer program has stored.
    #[serde(other)]
    Other,
}

impl Alarm {
    /// The alarm's name in the catalogue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NodeNotTrusted => "NodeNotTrusted",
            Self::FailedHere => "EMCCFailedInLocalCluster",
            Self::FailedAtHome => "EMCCFailedInRemoteCluster",
            Self::UserInput => "UserInputFailure",
            Self::Other => "other",
        }
    }

    /// The alarm's severity: 3 is an error, 4 a warning.
    #[must_use]
    pub const fn severity(self) -> u8 {
        match self {
            Self::NodeNotTrusted | Self::FailedHere => 3,
            Self::FailedAtHome | Self::UserInput | Self::Other => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_stored_by_its_name_in_the_catalogue() {
        use Alarm::{FailedAtHome, FailedHere, NodeNotTrusted, UserInput};
        for alarm in [NodeNotTrusted, FailedHere, FailedAtHome, UserInput] {
            assert_eq!(serde_json::to_value(alarm).unwrap(), alarm.name());
        }
        assert_eq!(serde_json::from_str::<Alarm>(r#""Meteorite""#).unwrap(), Alarm::Other);
    }
}
