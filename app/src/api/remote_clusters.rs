//! Remote clusters: their state, adding and changing a cluster, and asking a cluster.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::EndCause;

#[cfg(feature = "ssr")]
use super::console;
use super::{EmccForm, EmccNeed, EmccSettings, Json, Refused};

/// The most waiting log-outs that a page shows.
pub const FAREWELLS_SHOWN: u32 = 100;

/// A certificate, in the form that people compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateView {
    /// The cluster that the certificate names.
    pub cluster: String,
    /// The certificate's fingerprint.
    pub fingerprint: String,
    /// When the certificate expires: UTC, milliseconds since 1970.
    pub expires_ms: i64,
}

/// A certificate of this cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCertificateView {
    /// The values that people compare.
    pub view: CertificateView,
    /// The certificate (PEM).
    pub pem: String,
}

/// The certificates by which other clusters know this cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCertificatesView {
    /// The certificate in use.
    pub current: OwnCertificateView,
    /// The announced certificate.
    pub next: Option<OwnCertificateView>,
}

/// Why a remote cluster does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkProblem {
    /// The cluster can't be reached; with the system's message.
    NotReached(String),
    /// The server at the cluster's address has another certificate.
    OtherCertificate,
    /// The cluster does not answer in time, or breaks off.
    NoAnswer(String),
    /// The cluster's answer is not understood.
    NotUnderstood,
    /// The cluster does not know this cluster, or knows another certificate of it.
    Unknown,
    /// The cluster knows this cluster under another id.
    OtherId,
    /// The cluster refuses with another error: its number and text.
    Refused(u16, String),
    /// This cluster's connections do not include the cluster yet: it has just been added.
    NotYet,
}

/// The state of a remote cluster's link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkView {
    /// The cluster was not asked since the start of this cluster.
    NotAsked,
    /// The cluster answers.
    Answers {
        /// The time of the last answer.
        at_ms: i64,
    },
    /// The cluster does not answer.
    Failing {
        /// The time since when the cluster does not answer.
        since_ms: i64,
        /// The number of requests since then.
        tries: u32,
        /// The cause.
        problem: LinkProblem,
        /// The time of the next request.
        next_ms: i64,
    },
}

/// The settings of a remote cluster, without its certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoteSettings {
    /// The address of the cluster's EM service.
    pub url: String,
    /// The cluster's description.
    pub description: String,
    /// Whether users of each cluster log in at phones of the other.
    pub enabled: bool,
}

/// A remote cluster with its present state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteClusterRow {
    /// The cluster's id.
    pub id: String,
    /// The cluster's settings.
    pub settings: RemoteSettings,
    /// Whether users log in across both clusters, as far as this cluster decides: EMCC is active, and the cluster is
    /// enabled.
    pub is_on: bool,
    /// The state of the cluster's link.
    pub link: LinkView,
    /// The cluster's release, from its last answer.
    pub release: Option<String>,
    /// Whether the cluster takes part in EMCC with this cluster, from its last answer.
    pub takes_part: bool,
    /// The number of the cluster's users at phones of this cluster.
    pub visiting: u64,
    /// The number of this cluster's users at phones of the cluster.
    pub elsewhere: u64,
    /// The number of log-outs that the cluster has not acknowledged.
    pub farewells: u64,
    /// The cluster's certificate; `None` when the stored certificate can't be read.
    pub certificate: Option<CertificateView>,
    /// The certificate that the cluster has announced.
    pub next: Option<CertificateView>,
}

impl RemoteClusterRow {
    /// Whether one of the cluster's names has the text, which is in lower case.
    #[must_use]
    pub fn matches(&self, find: &str) -> bool {
        let RemoteSettings { url, description, .. } = &self.settings;
        [&self.id, url, description].into_iter().any(|text| text.to_lowercase().contains(find))
    }
}

/// The remote clusters, all as of the same moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteClusters {
    /// The clusters, by id.
    pub rows: Vec<RemoteClusterRow>,
    /// The certificates of this cluster.
    pub own: OwnCertificatesView,
    /// The settings of EMCC.
    pub emcc: EmccSettings,
    /// The conditions that EMCC needs and that do not hold.
    pub emcc_needs: Vec<EmccNeed>,
    /// Whether the viewer may add a cluster.
    pub may_change: bool,
    /// The server's time: UTC, milliseconds since 1970.
    pub now_ms: i64,
}

/// A log-out that another cluster has not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FarewellRow {
    /// The number of the log-out.
    pub number: u64,
    /// The phone.
    pub phone: String,
    /// Whether the phone belongs to this cluster; the user's home is then the other cluster.
    pub own_phone: bool,
    /// Why the login ended; `None` for a login that must not begin.
    pub cause: Option<EndCause>,
    /// The time since when the log-out waits: UTC, milliseconds since 1970.
    pub since_ms: i64,
}

/// A remote cluster with all details, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteCluster {
    /// The cluster.
    pub row: RemoteClusterRow,
    /// The first waiting log-outs, at most [`FAREWELLS_SHOWN`].
    pub farewells: Vec<FarewellRow>,
    /// Why the cluster refuses log-outs, for a cluster that answers and refuses log-outs.
    pub refuses: Option<LinkProblem>,
    /// When the waiting log-outs are sent next; `None` while the log-outs are being sent.
    pub next_try_ms: Option<i64>,
    /// Whether the viewer may ask the cluster.
    pub may_ask: bool,
    /// Whether the viewer may change the cluster.
    pub may_change: bool,
    /// The server's time: UTC, milliseconds since 1970.
    pub now_ms: i64,
}

/// An operation on a remote cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteIntent {
    /// Add a cluster.
    #[default]
    Add,
    /// Change address, description and whether the cluster takes part.
    Change,
    /// Replace the cluster's certificate.
    Certificate,
    /// Ask the cluster for its state, and report the answer.
    Test,
    /// Make this cluster ask the remote cluster now.
    Ask,
    /// Change the settings of EMCC.
    Emcc,
}

/// A form about a remote cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteForm {
    /// The operation.
    pub intent: RemoteIntent,
    /// The cluster's id.
    pub id: String,
    /// The typed settings.
    pub wanted: RemoteSettings,
    /// The settings that the form's page showed.
    pub seen: RemoteSettings,
    /// The certificate (PEM).
    pub certificate: String,
    /// The compared fingerprint; empty before the comparison.
    pub fingerprint: String,
    /// The settings of EMCC.
    pub emcc: EmccForm,
}

/// The result of a form about a remote cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteOutcome {
    /// A cluster is added.
    Added {
        /// The cluster's id.
        id: String,
        /// Whether the cluster is enabled.
        enabled: bool,
    },
    /// The cluster is changed, to these settings.
    Changed(RemoteSettings),
    /// The cluster's certificate is replaced.
    Replaced,
    /// The settings of EMCC are changed.
    EmccChanged,
    /// The cluster is being asked.
    Asked,
    /// The form changed nothing.
    Nothing,
    /// Nothing is done yet: the administrator has to compare this certificate first.
    Compare(CertificateView),
    /// Nothing is done: another administrator has changed the cluster meanwhile, to these settings.
    Conflict(RemoteSettings),
    /// The cluster answers.
    Answers {
        /// The duration until the answer, in milliseconds.
        ms: u64,
        /// The cluster's release.
        release: String,
        /// Whether the cluster takes part in EMCC with this cluster.
        takes_part: bool,
    },
    /// The cluster does not answer.
    Fails(LinkProblem),
    /// Nothing is done: a value is not valid.
    Wrong(RemoteWrong),
}

/// The value that is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteWrong {
    /// The id.
    Id,
    /// The id is this cluster's own.
    OwnId,
    /// The id is taken.
    Taken,
    /// No cluster has the id.
    Unknown,
    /// The address.
    Url,
    /// The description.
    Description,
    /// The text is not exactly one certificate.
    NotOne,
    /// The certificate can't be read, or names no cluster.
    Broken,
    /// The certificate names this cluster id, which differs from the typed id.
    OtherCluster(String),
}

/// The answer to a form without JavaScript, with the typed values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteAnswer {
    /// The answer.
    pub outcome: RemoteOutcome,
    /// The typed values.
    pub typed: RemoteForm,
}

/// The remote clusters.
///
/// # Errors
/// When nobody is signed in or the server can't read the clusters.
#[server(prefix = "/call", endpoint = "remote-clusters", output = Json)]
pub async fn read_remote_clusters() -> Result<RemoteClusters, Refused> {
    console().remote_clusters().await
}

/// Reads what [`read_remote_clusters`] reads, for a page that reads itself anew.
/// The call does not count as use of the session.
///
/// # Errors
/// As [`read_remote_clusters`].
#[server(prefix = "/call", endpoint = "remote-clusters-anew", output = Json)]
pub async fn read_remote_clusters_anew() -> Result<RemoteClusters, Refused> {
    console().remote_clusters().await
}

/// A remote cluster.
///
/// # Errors
/// As [`read_remote_clusters`], and when no cluster has the id.
#[server(prefix = "/call", endpoint = "remote-cluster", output = Json)]
pub async fn read_remote_cluster(id: String) -> Result<RemoteCluster, Refused> {
    console().remote_cluster(id).await
}

/// Reads what [`read_remote_cluster`] reads, for a page that reads itself anew.
/// The call does not count as use of the session.
///
/// # Errors
/// As [`read_remote_cluster`].
#[server(prefix = "/call", endpoint = "remote-cluster-anew", output = Json)]
pub async fn read_remote_cluster_anew(id: String) -> Result<RemoteCluster, Refused> {
    console().remote_cluster(id).await
}

/// The answer to a form on the page of a remote cluster; an empty id is the page of all clusters.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "remote-answer", output = Json)]
pub async fn take_remote_answer(id: String) -> Result<Option<RemoteAnswer>, Refused> {
    console().remote_answer(id).await
}

/// Changes or asks a remote cluster.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't.
#[server(prefix = "/call", endpoint = "change-remote-cluster", output = Json)]
pub async fn change_remote_cluster(
    /// The operation.
    intent: RemoteIntent,
    /// The cluster's id.
    id: String,
    /// The typed settings.
    #[server(default)]
    wanted: RemoteSettings,
    /// The settings that the form's page showed.
    #[server(default)]
    seen: RemoteSettings,
    /// The certificate (PEM).
    #[server(default)]
    certificate: String,
    /// The compared fingerprint.
    #[server(default)]
    fingerprint: String,
    /// The settings of EMCC.
    #[server(default)]
    emcc: EmccForm,
) -> Result<RemoteOutcome, Refused> {
    let form = RemoteForm { intent, id, wanted, seen, certificate, fingerprint, emcc };
    console().change_remote_cluster(form).await
}
