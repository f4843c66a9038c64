//! Adding and changing remote clusters.

use engine::{ConfigurationChange, RemoteCluster, RemoteClusterEntry};
use terms::Role;

use super::stored;
use crate::{
    admin::{Admin, AdminError, Caller},
    cluster::{CertificateError, Cluster, ClusterCertificate},
};

/// The longest id, address and description, in characters.
const MAX_CHARS: usize = 256;
/// The longest certificate (PEM), in bytes.
const MAX_PEM_BYTES: usize = 16 * 1024;

/// A change of a remote cluster; a field that is `None` keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteClusterChange {
    /// The address of its EM service.
    pub url: Option<String>,
    /// Its EMCC certificate (PEM).
    pub certificate: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Whether the users of each cluster log in at phones of the other.
    pub enabled: Option<bool>,
}

/// Why a remote cluster is not added or changed; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum RemoteClusterError {
    /// The id is invalid.
    #[error("an id has 1 to {MAX_CHARS} characters that can be seen, and no blanks around it")]
    Id,
    /// The id is that of this cluster.
    #[error("this is the id of this cluster")]
    OwnId,
    /// Another remote cluster has this id.
    #[error("there is a remote cluster of this id")]
    Taken,
    /// No remote cluster has this id.
    #[error("there is no remote cluster of this id")]
    Unknown,
    /// The address is invalid.
    #[error("the url must be an https address without credentials")]
    Url,
    /// The description is invalid.
    #[error("a description has at most {MAX_CHARS} characters on one line")]
    Description,
    /// The certificate is invalid.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The certificate names another cluster.
    #[error("is the certificate of {named:?}, not of {wanted:?}")]
    OtherCluster {
        /// The cluster that the certificate names.
        named: String,
        /// The cluster that the certificate has to name.
        wanted: String,
    },
    /// The caller's role does not allow it, or the store fails.
    #[error(transparent)]
    Admin(#[from] AdminError),
}

impl Admin {
    /// Reads the certificate of a remote cluster to add, and checks its other values.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or a value is invalid.
    pub async fn check_new_remote_cluster(
        &self,
        caller: &Caller,
        id: &str,
        new: &RemoteClusterChange,
    ) -> Result<ClusterCertificate, RemoteClusterError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        check_new(cluster, id, new).await
    }

    /// Adds a remote cluster; returns whether users log in across both clusters now, as far as this cluster decides.
    ///
    /// # Errors
    /// As [`Admin::check_new_remote_cluster`].
    pub async fn add_remote_cluster(
        &self,
        caller: &Caller,
        id: &str,
        new: RemoteClusterChange,
    ) -> Result<bool, RemoteClusterError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        check_new(cluster, id, &new).await?;
        let RemoteClusterChange { url, certificate, description, enabled } = new;
        let url = url.unwrap_or_default();
        let entry =
            RemoteClusterEntry { id: id.to_owned(), url, certificate, description, enabled };
        apply(cluster, caller, entry).await?;
        // The cluster is added: a failed read is no failure of the operation.
        let configuration = cluster.store.configuration().await;
        Ok(configuration.map_or(true, |configuration| configuration.is_emcc_partner(id)))
    }

    /// Reads a certificate that is to replace that of a remote cluster.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the text is no certificate of that cluster.
    pub fn check_certificate(
        &self,
        caller: &Caller,
        id: &str,
        pem: &str,
    ) -> Result<ClusterCertificate, RemoteClusterError> {
        self.gate.open(caller, Role::Administrator)?;
        certificate_of(id, pem)
    }

    /// Changes the given values of a remote cluster; returns whether any value was different.
    ///
    /// # Errors
    /// When the caller's role does not allow it, no remote cluster has this id, or a value is invalid.
    pub async fn change_remote_cluster(
        &self,
        caller: &Caller,
        id: &str,
        change: RemoteClusterChange,
    ) -> Result<bool, RemoteClusterError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        let is = stored(cluster, id).await?.ok_or(RemoteClusterError::Unknown)?;
        check(&change)?;
        let certificate = match change.certificate {
            Some(pem) if !is_same(&is, &certificate_of(id, &pem)?) => Some(pem),
            _ => None,
        };
        let entry = RemoteClusterEntry {
            id: is.id,
            url: change.url.unwrap_or(is.url),
            certificate,
            description: change.description,
            enabled: change.enabled,
        };
        apply(cluster, caller, entry).await
    }
}

async fn apply(
    cluster: &Cluster,
    caller: &Caller,
    entry: RemoteClusterEntry,
) -> Result<bool, RemoteClusterError> {
    let Cluster { store, clock, .. } = cluster;
    let change =
        ConfigurationChange { remote_clusters: vec![entry], ..ConfigurationChange::default() };
    let by = caller.actor().clone();
    let applied = engine::apply(&**store, change, by, &**clock, &|_| {}).await;
    let differences = applied.map_err(|not_applied| AdminError::Store(not_applied.error))?;
    Ok(!differences.is_empty())
}

async fn check_new(
    cluster: &Cluster,
    id: &str,
    new: &RemoteClusterChange,
) -> Result<ClusterCertificate, RemoteClusterError> {
    let is_seen = !terms::key(id).is_empty() && id.trim() == id;
    if !is_seen || id.chars().count() > MAX_CHARS || id.chars().any(char::is_control) {
        return Err(RemoteClusterError::Id);
    }
    if id == cluster.id {
        return Err(RemoteClusterError::OwnId);
    }
    if stored(cluster, id).await?.is_some() {
        return Err(RemoteClusterError::Taken);
    }
    if new.url.is_none() {
        return Err(RemoteClusterError::Url);
    }
    check(new)?;
    certificate_of(id, new.certificate.as_deref().unwrap_or_default())
}

/// Checks the address and the description, if they are given.
fn check(change: &RemoteClusterChange) -> Result<(), RemoteClusterError> {
    let RemoteClusterChange { url, description, .. } = change;
    if url.as_deref().is_some_and(|url| !check_url(url)) {
        return Err(RemoteClusterError::Url);
    }
    let is_bad =
        |text: &str| text.chars().count() > MAX_CHARS || text.chars().any(char::is_control);
    if description.as_deref().is_some_and(is_bad) {
        return Err(RemoteClusterError::Description);
    }
    Ok(())
}

/// Whether a remote cluster can be asked at this address.
/// The console shows the address, so it must not contain credentials.
pub(in crate::admin) fn check_url(url: &str) -> bool {
    let is_short = url.chars().count() <= MAX_CHARS;
    reqwest::Url::parse(url).is_ok_and(|url| {
        let is_bare = url.username().is_empty() && url.password().is_none();
        url.scheme() == "https" && url.has_host() && is_bare && is_short
    })
}

/// The certificate of the remote cluster of this id.
///
/// # Errors
/// When the text is no certificate, or the certificate names another cluster.
pub(in crate::admin) fn certificate_of(
    id: &str,
    pem: &str,
) -> Result<ClusterCertificate, RemoteClusterError> {
    if pem.len() > MAX_PEM_BYTES {
        return Err(CertificateError::NotOne.into());
    }
    let read = ClusterCertificate::from_pem(pem)?;
    if read.cluster == id {
        return Ok(read);
    }
    Err(RemoteClusterError::OtherCluster { named: read.cluster, wanted: id.to_owned() })
}

/// Whether a certificate equals the stored one, whatever line breaks its text has.
fn is_same(stored: &RemoteCluster, new: &ClusterCertificate) -> bool {
    ClusterCertificate::from_pem(&stored.certificate).is_ok_and(|stored| stored == *new)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{RemoteClusterError as Error, *};
    use crate::cluster::TestCluster;

    fn new(certificate: &str) -> RemoteClusterChange {
        RemoteClusterChange {
            url: Some("https://192.0.2.1:8443/emservice/EMServiceServlet".to_owned()),
            certificate: Some(certificate.to_owned()),
            ..RemoteClusterChange::default()
        }
    }

    fn pem(cluster: &TestCluster) -> String {
        cluster.peers.keys().current.certificate
    }

    #[test]
    fn an_address_is_one_of_https_without_credentials() {
        assert!(check_url("https://b.example:8443/emservice/EMServiceServlet"));
        for bad in ["http://b.example/", "b.example", "https://", "https://a:b@b.example/", ""] {
            assert!(!check_url(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_remote_cluster_is_added_once_with_a_certificate_that_names_it() {
        let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
        let admin = Admin::of(Arc::clone(&seoul));
        let by = Caller::of_test("kim", Role::Administrator);
        let add = async |id: &str, new| admin.add_remote_cluster(&by, id, new).await;
        let good = || new(&pem(&busan));
        assert!(matches!(add(" busan", good()).await, Err(Error::Id)));
        assert!(matches!(add("seoul", new(&pem(&seoul))).await, Err(Error::OwnId)));
        let named = add("daegu", good()).await;
        assert!(matches!(named, Err(Error::OtherCluster { named, .. }) if named == "busan"));
        let none = add("busan", new("-----BEGIN")).await;
        assert!(matches!(none, Err(Error::Certificate(CertificateError::NotOne))));
        let http = RemoteClusterChange { url: Some("http://192.0.2.1/".to_owned()), ..good() };
        assert!(matches!(add("busan", http).await, Err(Error::Url)));
        add("busan", good()).await.unwrap();
        assert!(matches!(add("busan", good()).await, Err(Error::Taken)));
        let known = admin.remote_clusters(&by).await.unwrap();
        let known: Vec<_> = known.iter().map(|one| (&*one.cluster.id, one.farewells)).collect();
        assert_eq!(known, [("busan", 0)]);
    }

    #[tokio::test]
    async fn what_is_not_given_stays_and_another_spelling_of_a_certificate_is_the_same() {
        let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
        let admin = Admin::of(Arc::clone(&seoul));
        let by = Caller::of_test("kim", Role::Administrator);
        admin.add_remote_cluster(&by, "busan", new(&pem(&busan))).await.unwrap();
        let change = async |change| admin.change_remote_cluster(&by, "busan", change).await;
        let same = RemoteClusterChange {
            certificate: Some(pem(&busan).replace('\n', "\r\n")),
            ..RemoteClusterChange::default()
        };
        assert!(!change(same).await.unwrap());
        let off = RemoteClusterChange { enabled: Some(false), ..RemoteClusterChange::default() };
        assert!(change(off).await.unwrap());
        let (known, _) = admin.remote_cluster(&by, "busan", 9).await.unwrap().unwrap();
        assert!(!known.cluster.enabled && known.cluster.url.starts_with("https://192.0.2.1"));
        assert_eq!(known.cluster.certificate, pem(&busan));
        let other = change(new(&pem(&seoul))).await;
        assert!(matches!(other, Err(RemoteClusterError::OtherCluster { .. })));
    }

    #[tokio::test]
    async fn viewers_see_operators_ask_and_administrators_change() {
        let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
        let admin = Admin::of(Arc::clone(&seoul));
        let of = |role| Caller::of_test("kim", role);
        let not_allowed = |needed| move |error: &AdminError| matches!(error, AdminError::NotAllowed(role) if *role == needed);
        let added = admin.add_remote_cluster(&of(Role::Operator), "busan", new(&pem(&busan))).await;
        assert!(
            matches!(added, Err(RemoteClusterError::Admin(error)) if not_allowed(Role::Administrator)(&error))
        );
        admin
            .add_remote_cluster(&of(Role::Administrator), "busan", new(&pem(&busan)))
            .await
            .unwrap();
        assert_eq!(admin.remote_clusters(&of(Role::Viewer)).await.unwrap().len(), 1);
        let asked = admin.ask_remote_cluster(&of(Role::Viewer), "busan").await;
        assert!(not_allowed(Role::Operator)(&asked.unwrap_err()));
        assert!(admin.ask_remote_cluster(&of(Role::Operator), "busan").await.unwrap());
        assert!(!admin.ask_remote_cluster(&of(Role::Operator), "daegu").await.unwrap());
    }
}
