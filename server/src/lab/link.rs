//! The link between the two clusters.

use std::{net::SocketAddr, time::Duration};

use engine::{Actor, ConfigurationChange, RemoteClusterEntry};

use crate::cluster::Cluster;

/// Makes a cluster know `other`, which listens at `https`.
pub(crate) async fn link(
    cluster: &Cluster,
    https: SocketAddr,
    other: &Cluster,
) -> Result<(), String> {
    let entry = RemoteClusterEntry {
        id: other.id.clone(),
        url: format!("https://{https}/emservice/EMServiceServlet"),
        certificate: Some(other.peers.keys().current.certificate),
        description: None,
        enabled: None,
    };
    let change =
        ConfigurationChange { remote_clusters: vec![entry], ..ConfigurationChange::default() };
    let (store, clock) = (&*cluster.store, &*cluster.clock);
    let applied = engine::apply(store, change, Actor::command_line("lab"), clock, &|_| {}).await;
    applied.map(drop).map_err(|error| error.to_string())
}

/// The longest wait for the first answers.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// Waits until a cluster has had an answer from the other one.
/// The driver's first visitors then find their home cluster.
pub(crate) async fn answers(cluster: &Cluster, other: &Cluster) {
    let answers = cluster.peers.links.until_answers(&other.id);
    if tokio::time::timeout(FIRST_ANSWER, answers).await.is_err() {
        tracing::warn!(of = other.id, "the other cluster has not answered yet");
    }
}
