//! The alarms of the original's catalogue (System/EMAlarmCatalog, CallManager alarm catalogue 12.5(1)) that something
//! here brings about. Logins across clusters are events, and no alarms besides.

use crate::named::named;

named! {
    /// An alarm about logins across clusters.
    Alarm {
        /// A remote cluster shows another certificate than the one that is known.
        NodeNotTrusted = "NodeNotTrusted",
        /// The visiting cluster could not log a user of another one in.
        FailedHere = "EMCCFailedInLocalCluster",
        /// The home cluster refused one of its users at a phone of another cluster.
        FailedAtHome = "EMCCFailedInRemoteCluster",
        /// Somebody typed a wrong user or PIN.
        UserInput = "UserInputFailure",
    } else Other
}

impl Alarm {
    /// Its severity: 3 is an error, 4 a warning.
    #[must_use]
    pub const fn severity(self) -> u8 {
        match self {
            Self::NodeNotTrusted | Self::FailedHere => 3,
            Self::FailedAtHome | Self::UserInput | Self::Other => 4,
        }
    }
}
