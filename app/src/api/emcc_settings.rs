//! The settings of EMCC that hold for all remote clusters, and what EMCC still needs.

use serde::{Deserialize, Serialize};

/// The settings of EMCC that hold for all remote clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmccSettings {
    /// Whether users log in across clusters at all.
    pub active: bool,
    /// Whether a new remote cluster is enabled.
    pub enable_new: bool,
}

/// The settings of EMCC in a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmccForm {
    /// The typed settings.
    #[serde(default)]
    pub wanted: EmccSettings,
    /// The settings that the form's page showed.
    pub seen: EmccSettings,
}

/// A condition that EMCC needs and that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmccNeed {
    /// EMCC is not active.
    Active,
    /// No remote cluster is known.
    RemoteCluster,
    /// Each remote cluster is disabled.
    EnabledCluster,
    /// No enabled remote cluster answers.
    AnsweringCluster,
    /// Each remote cluster that answers has switched EMCC with this cluster off.
    WillingCluster,
    /// No user of this cluster may log in at other clusters.
    User,
    /// The service URL that phones get has no `EMCC=#EMCC#`.
    ServiceUrl,
}
