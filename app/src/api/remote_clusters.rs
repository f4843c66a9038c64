//! Remote clusters: how each of them is, adding and changing them, and asking one.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::EndCause;

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// Log-outs that wait that a page shows.
pub const FAREWELLS_SHOWN: u32 = 100;

/// A certificate, as people compare it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateView {
    /// The cluster that it names.
    pub cluster: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// When it expires: UTC, milliseconds since 1970.
    pub expires_ms: i64,
}

/// A certificate of this cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCertificateView {
    /// What people compare.
    pub view: CertificateView,
    /// The certificate (PEM).
    pub pem: String,
}

/// The certificates by which other clusters know this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCertificatesView {
    /// The one in use.
    pub current: OwnCertificateView,
    /// The one that is announced.
    pub next: Option<OwnCertificateView>,
}

/// Why a remote cluster does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkProblem {
    /// It can't be reached; what the system says of it.
    NotReached(String),
    /// The server at its address has another certificate.
    OtherCertificate,
    /// It does not answer in time, or breaks off.
    NoAnswer(String),
    /// Its answer is not understood.
    NotUnderstood,
    /// It does not know this cluster, or knows it by another certificate.
    Unknown,
    /// It knows this cluster under another id.
    OtherId,
    /// It refuses with another error: its number and text.
    Refused(u16, String),
    /// It is not known here yet: it has just been added.
    NotYet,
}

/// How a remote cluster answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkView {
    /// Since the start of this cluster it was not asked.
    NotAsked,
    /// It answers.
    Answers {
        /// When it last did.
        at_ms: i64,
    },
    /// It does not answer.
    Failing {
        /// Since when.
        since_ms: i64,
        /// How often it was asked since.
        tries: u32,
        /// Why.
        problem: LinkProblem,
        /// When it is asked next.
        next_ms: i64,
    },
}

/// What can be set of a remote cluster, but its certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoteSettings {
    /// The address of its EM service.
    pub url: String,
    /// Its description.
    pub description: String,
    /// Whether users log in at phones of each other.
    pub enabled: bool,
}

/// A remote cluster, with how it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteClusterRow {
    /// Its id.
    pub id: String,
    /// What is set of it.
    pub settings: RemoteSettings,
    /// How it answers.
    pub link: LinkView,
    /// Its release, as it last said.
    pub release: Option<String>,
    /// Whether it takes part in EMCC with this cluster, as it last said.
    pub takes_part: bool,
    /// Its users at phones of this cluster.
    pub visiting: u64,
    /// Users of this cluster at its phones.
    pub elsewhere: u64,
    /// Log-outs that it has not acknowledged.
    pub farewells: u64,
    /// Its certificate; `None` when the stored one does not read.
    pub certificate: Option<CertificateView>,
    /// The one that it has announced.
    pub next: Option<CertificateView>,
}

impl RemoteClusterRow {
    /// Whether a text to find, in lower case, is in its names.
    #[must_use]
    pub fn matches(&self, find: &str) -> bool {
        let RemoteSettings { url, description, .. } = &self.settings;
        [&self.id, url, description].into_iter().any(|text| text.to_lowercase().contains(find))
    }
}

/// The remote clusters, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteClusters {
    /// They, by id.
    pub rows: Vec<RemoteClusterRow>,
    /// The certificates of this cluster.
    pub own: OwnCertificatesView,
    /// Whether who looks may add one.
    pub may_change: bool,
    /// The server's time.
    pub now_ms: i64,
}

/// A log-out that another cluster has not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FarewellRow {
    /// Its number.
    pub number: u64,
    /// The phone.
    pub phone: String,
    /// Whether the phone is of this cluster, and its user at home there.
    pub own_phone: bool,
    /// Why the login has ended; `None` for one that must not begin.
    pub cause: Option<EndCause>,
    /// Since when it waits.
    pub since_ms: i64,
}

/// A remote cluster with everything about it, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteCluster {
    /// It.
    pub row: RemoteClusterRow,
    /// The first log-outs that wait.
    pub farewells: Vec<FarewellRow>,
    /// Why the cluster refuses log-outs, if it does, although it answers.
    pub refuses: Option<LinkProblem>,
    /// When log-outs that wait are sent next; `None` while they are on their way.
    pub next_try_ms: Option<i64>,
    /// Whether who looks may ask it.
    pub may_ask: bool,
    /// Whether who looks may change it.
    pub may_change: bool,
    /// The server's time.
    pub now_ms: i64,
}

/// What to do with a remote cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteIntent {
    /// Add one.
    #[default]
    Add,
    /// Change address, description and whether it takes part.
    Change,
    /// Replace its certificate.
    Certificate,
    /// Ask it how it is, and say what comes back.
    Test,
    /// Let it be asked now.
    Ask,
}

/// A form about a remote cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteForm {
    /// What to do.
    pub intent: RemoteIntent,
    /// With which.
    pub id: String,
    /// What is typed.
    pub wanted: RemoteSettings,
    /// What the form's page showed of it.
    pub seen: RemoteSettings,
    /// The certificate (PEM).
    pub certificate: String,
    /// The fingerprint that was compared; empty before.
    pub fingerprint: String,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteOutcome {
    /// One of this id is added.
    Added(String),
    /// It is changed, to this.
    Changed(RemoteSettings),
    /// Its certificate is replaced.
    Replaced,
    /// It is being asked.
    Asked,
    /// Nothing was different.
    Nothing,
    /// Nothing is done yet: somebody compares this certificate first.
    Compare(CertificateView),
    /// Nothing is done: somebody else has changed it meanwhile, to this.
    Conflict(RemoteSettings),
    /// It answers.
    Answers {
        /// After so many milliseconds.
        ms: u64,
        /// Its release.
        release: String,
        /// Whether it takes part in EMCC with this cluster.
        takes_part: bool,
    },
    /// It does not answer.
    Fails(LinkProblem),
    /// Nothing is done: something does not do.
    Wrong(RemoteWrong),
}

/// What does not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteWrong {
    /// The id.
    Id,
    /// The id is this cluster's.
    OwnId,
    /// There is one of this id.
    Taken,
    /// There is none of this id.
    Unknown,
    /// The address.
    Url,
    /// The description.
    Description,
    /// The text is no certificate, or not one alone.
    NotOne,
    /// The certificate does not read, or names no cluster.
    Broken,
    /// The certificate names this cluster, and not the one that was typed.
    OtherCluster(String),
}

/// What a form without JavaScript was answered, with what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteAnswer {
    /// The answer.
    pub outcome: RemoteOutcome,
    /// What was typed.
    pub typed: RemoteForm,
}

/// The remote clusters.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "remote-clusters", output = Json)]
pub async fn read_remote_clusters() -> Result<RemoteClusters, Refused> {
    console().remote_clusters().await
}

/// As [`read_remote_clusters`], for a page that reads itself anew: that is no use of a session.
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
/// As [`read_remote_clusters`], and when there is none of this id.
#[server(prefix = "/call", endpoint = "remote-cluster", output = Json)]
pub async fn read_remote_cluster(id: String) -> Result<RemoteCluster, Refused> {
    console().remote_cluster(id).await
}

/// As [`read_remote_cluster`], for a page that reads itself anew.
///
/// # Errors
/// As [`read_remote_cluster`].
#[server(prefix = "/call", endpoint = "remote-cluster-anew", output = Json)]
pub async fn read_remote_cluster_anew(id: String) -> Result<RemoteCluster, Refused> {
    console().remote_cluster(id).await
}

/// What a form of the page of a remote cluster was answered; of the page of all for an empty id.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "remote-answer", output = Json)]
pub async fn take_remote_answer(id: String) -> Result<Option<RemoteAnswer>, Refused> {
    console().remote_answer(id).await
}

/// Does something with a remote cluster.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "change-remote-cluster", output = Json)]
pub async fn change_remote_cluster(
    /// What to do.
    intent: RemoteIntent,
    /// With which.
    id: String,
    /// What is typed.
    #[server(default)]
    wanted: RemoteSettings,
    /// What the form's page showed of it.
    #[server(default)]
    seen: RemoteSettings,
    /// The certificate (PEM).
    #[server(default)]
    certificate: String,
    /// The fingerprint that was compared.
    #[server(default)]
    fingerprint: String,
) -> Result<RemoteOutcome, Refused> {
    let form = RemoteForm { intent, id, wanted, seen, certificate, fingerprint };
    console().change_remote_cluster(form).await
}
