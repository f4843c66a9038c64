//! The settings of EMCC that hold for all remote clusters.

/// The settings of EMCC that hold for all remote clusters: the part of the original's pages *EMCC Intercluster
/// Service Profile* and *EMCC Feature Configuration* (Feature Configuration Guide 12.5(1)) that Sojourn obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmccSettings {
    /// *Active* in the service profile: while false, nobody logs in across clusters, in either direction.
    pub active: bool,
    /// *Enable All Remote Cluster Services When Adding A New Remote Cluster*: whether a new remote cluster is
    /// enabled unless its entry says otherwise.
    pub enable_new: bool,
}

/// Both are on: an installation that adds a remote cluster wants its users to log in. The original has both off.
impl Default for EmccSettings {
    fn default() -> Self {
        Self { active: true, enable_new: true }
    }
}

/// A change of [`EmccSettings`]; a field that is `None` keeps its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EmccSettingsChange {
    /// Whether EMCC is active.
    pub active: Option<bool>,
    /// Whether a new remote cluster is enabled.
    pub enable_new: Option<bool>,
}
