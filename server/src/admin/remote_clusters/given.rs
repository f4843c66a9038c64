//! Certificates of remote clusters in a configuration file.

use engine::{
    RemoteClusterEntry, UtcMillis,
    ports::{Store, StoreError},
};
use terms::key;

use crate::cluster::ClusterCertificate;

/// The outcome for a certificate in a file that is not the one in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenCertificate {
    /// The certificate is new, or replaces another one: a person has to compare it.
    New(ClusterCertificate),
    /// The certificate is ignored, because the certificate in use is newer; the value is the one in use.
    Old(ClusterCertificate),
}

/// Removes certificates from `entries` that are in use, or are older than those in use.
/// A cluster may have announced and used another certificate since the file was written. A certificate
/// in use that was made in the future does not count as newer: its maker has chosen that time.
/// `takes_older` says for which clusters the older certificate is wanted.
///
/// # Errors
/// When the store fails.
pub(in crate::admin) async fn keep_certificates(
    store: &dyn Store,
    now: UtcMillis,
    entries: &mut [RemoteClusterEntry],
    takes_older: impl Fn(&str) -> bool,
) -> Result<Vec<GivenCertificate>, StoreError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let is_newer = |in_use: &ClusterCertificate, new: &ClusterCertificate| {
        new.made_s < in_use.made_s && in_use.made_s <= now.0 / 1_000
    };
    let (stored, mut given) = (store.configuration().await?.remote_clusters, Vec::new());
    for entry in entries {
        let new = entry.certificate.as_deref().map(ClusterCertificate::from_pem);
        let Some(Ok(new)) = new else { continue };
        let known = stored.iter().find(|one| key(&one.id) == key(&entry.id));
        match known.and_then(|one| ClusterCertificate::from_pem(&one.certificate).ok()) {
            Some(in_use) if in_use == new => entry.certificate = None,
            Some(in_use) if is_newer(&in_use, &new) && !takes_older(&entry.id) => {
                entry.certificate = None;
                given.push(GivenCertificate::Old(in_use));
            }
            _ => given.push(GivenCertificate::New(new)),
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use engine::Learnt;

    use super::*;
    use crate::cluster::{Seal, TestCluster};

    #[tokio::test]
    async fn an_old_file_does_not_bring_back_a_certificate_that_was_replaced() {
        let (seoul, busan) = (TestCluster::start("seoul").await, TestCluster::start("busan").await);
        let old = busan.peers.keys().current.certificate;
        let file = |pem: &str| {
            let url = "https://192.0.2.1:8443/emservice/EMServiceServlet";
            format!(
                "[[remote_clusters]]\nid = 'busan'\nurl = '{url}'\ncertificate = \"\"\"\n{pem}\"\"\"\n"
            )
        };
        seoul.apply(&file(&old)).await;
        busan.advance(1_000);
        let seal = Seal::of_folder(busan.folder()).unwrap();
        let new = seal.make("busan", busan.clock.now()).unwrap().certificate;
        for learnt in [Learnt::Next(new.clone()), Learnt::Uses(new.clone())] {
            let now = seoul.clock.now();
            assert!(engine::learn(&*seoul.store, "busan".into(), learnt, now).await.unwrap());
        }
        let in_use = async || {
            let stored = seoul.store.configuration().await.unwrap();
            ClusterCertificate::from_pem(&stored.remote_clusters[0].certificate)
        };
        seoul.apply(&file(&old)).await;
        assert_eq!(in_use().await, ClusterCertificate::from_pem(&new));
        seoul.apply(&(file(&old) + "older_certificate = true\n")).await;
        assert_eq!(in_use().await, ClusterCertificate::from_pem(&old), "it is insisted on");
        // A newer certificate replaces the older one.
        let other = seal.make("busan", busan.clock.now()).unwrap().certificate;
        seoul.apply(&file(&other)).await;
        assert_eq!(in_use().await, ClusterCertificate::from_pem(&other));
    }

    #[tokio::test]
    async fn a_certificate_that_is_announced_no_more_is_not_used() {
        let seoul = TestCluster::start("seoul").await;
        let busan = TestCluster::start("busan").await;
        let pem = busan.peers.keys().current.certificate;
        let url = "https://192.0.2.1:8443/emservice/EMServiceServlet";
        let file = format!(
            "[[remote_clusters]]\nid = 'busan'\nurl = '{url}'\ncertificate = \"\"\"\n{pem}\"\"\"\n"
        );
        seoul.apply(&file).await;
        let learn = async |learnt| {
            engine::learn(&*seoul.store, "busan".into(), learnt, seoul.clock.now()).await.unwrap()
        };
        let (one, other) = ("one".to_owned(), "other".to_owned());
        assert!(learn(Learnt::Next(one.clone())).await);
        assert!(learn(Learnt::Next(other.clone())).await);
        assert!(!learn(Learnt::Uses(one)).await, "the other was announced in its place");
        assert!(learn(Learnt::Uses(other.clone())).await);
        assert!(learn(Learnt::Uses(other)).await, "seen a second time");
    }
}
