//! The two clusters know each other.

use std::net::SocketAddr;

use engine::{Actor, ConfigurationChange, RemoteClusterEntry};

use crate::cluster::Cluster;

/// Lets a cluster know another one, which listens there.
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
