//! Log warnings about certificates that expire soon. The pins count, not the dates: clusters keep
//! accepting an expired certificate, but an auditor may not.

use std::{sync::Arc, time::Duration};

use engine::UtcMillis;
use tokio::time::{MissedTickBehavior, interval};

use super::ClusterCertificate;
use crate::cluster::Cluster;

/// The time between two checks.
const EVERY: Duration = Duration::from_hours(24);
/// The time before expiry from which a certificate is logged, as on the page Remote Clusters.
const SOON_MS: i64 = 60 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Checks for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let mut look = interval(EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        for (of, days) in expiring(&cluster) {
            tracing::warn!(of, days, "an EMCC certificate expires soon, or has expired");
        }
    }
}

/// The clusters whose certificates expire soon, with the days left: this cluster and remote clusters.
fn expiring(cluster: &Cluster) -> Vec<(String, i64)> {
    let UtcMillis(now) = cluster.clock.now();
    let mut all = vec![cluster.peers.keys().current.certificate];
    let remote = &cluster.configuration.borrow().remote_clusters;
    all.extend(remote.iter().map(|one| one.certificate.clone()));
    let read = all.iter().filter_map(|pem| ClusterCertificate::from_pem(pem).ok());
    let left = read.map(|one| (one.cluster, one.expires_s.saturating_mul(1_000) - now));
    left.filter(|(_, ms)| *ms < SOON_MS).map(|(of, ms)| (of, ms / DAY_MS)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::TestCluster;

    #[tokio::test]
    async fn a_certificate_is_told_sixty_days_before_its_end() {
        let seoul = TestCluster::start("seoul").await;
        assert_eq!(expiring(&seoul), []);
        let certificate = ClusterCertificate::from_pem(&seoul.peers.keys().current.certificate);
        let left_ms = certificate.unwrap().expires_s * 1_000 - seoul.clock.now().0;
        seoul.advance(left_ms - SOON_MS);
        assert_eq!(expiring(&seoul), []);
        seoul.advance(1);
        assert_eq!(expiring(&seoul), [("seoul".to_owned(), 59)]);
    }
}
