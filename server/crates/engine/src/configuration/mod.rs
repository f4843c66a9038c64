//! The configuration of a cluster: administrators set it, and every transaction reads it.

mod change;
mod credentials;
mod emcc_keys;
mod emcc_settings;
mod log_out_rules;
mod parameters;
mod pin_rules;
mod records;
mod retention;
mod site;

use serde::{Deserialize, Serialize};
use terms::{Release, ServiceParameters};

pub use change::{
    AppUserEntry, ConfigurationChange, Difference, PhoneEntry, ProfileEntry, RemoteClusterEntry,
    UserEntry,
};
pub use credentials::{AppUser, Credentials, Pins, UserCredential};
pub use emcc_keys::{EmccKey, EmccKeys};
pub use emcc_settings::{EmccSettings, EmccSettingsChange};
pub use log_out_rules::{LogOutRules, LogOutRulesChange};
pub use parameters::{
    LogOutJobs, ParameterChange, ParameterConflict, ParameterSave, ParametersSaved,
};
pub use pin_rules::{PinProblem, PinRules, PinRulesChange};
pub use records::{
    DeviceProfile, Line, Phone, RemoteCluster, SipAccount, SpeedDial, User, WithAccounts,
};
pub use retention::{KeptSince, PastRetention, PastRows, Retention, RetentionChange};
pub use site::{Site, SiteChange};

/// The version of the configuration.
///
/// The version grows whenever a credential, a right, the address of a phone, the spelling of a user, a
/// service parameter or a setting of the cluster changes. Every transaction reads the version.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Version(pub u64);

/// The part of the configuration that governs requests, at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Its version.
    pub version: Version,
    /// The cluster's release.
    pub release: Release,
    /// The service parameters in force.
    pub parameters: ServiceParameters,
    /// The retention, and the rate at which jobs end logins.
    pub retention: Retention,
    /// When the cluster logs users out by itself.
    pub log_out_rules: LogOutRules,
    /// The rules for PINs that users choose.
    pub pin_rules: PinRules,
    /// The settings of EMCC that hold for all remote clusters.
    pub emcc: EmccSettings,
    /// The facts about the site that phones get.
    pub site: Site,
    /// The remote clusters, by id.
    pub remote_clusters: Vec<RemoteCluster>,
    /// Stored service parameters that this program does not know, or whose value it does not know: a newer
    /// program wrote them.
    pub passed_over: Vec<String>,
}

impl Configuration {
    /// The remote clusters with which users log in across clusters now.
    pub fn emcc_partners(&self) -> impl Iterator<Item = &RemoteCluster> {
        self.remote_clusters.iter().filter(|cluster| self.emcc.active && cluster.enabled)
    }

    /// Whether users log in across this cluster and the remote cluster of this id now.
    #[must_use]
    pub fn is_emcc_partner(&self, id: &str) -> bool {
        self.emcc_partners().any(|cluster| cluster.id == id)
    }
}
