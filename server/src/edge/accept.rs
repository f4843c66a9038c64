//! The accept loop of one listener.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tracing::Instrument;

use super::{
    Sampled,
    connection::{self, Service},
    permits::Permits,
};

/// The time between attempts to accept while descriptors or memory are exhausted.
const RETRY: Duration = Duration::from_millis(100);

/// Accepts and serves connections until `draining` becomes true.
/// Returns the connections that are still open then.
pub(super) async fn run(
    listener: TcpListener,
    permits: Arc<Permits>,
    service: Service,
    mut draining: watch::Receiver<bool>,
) -> JoinSet<()> {
    let mut connections = JoinSet::new();
    let (failed, refused) = (Sampled::default(), Sampled::default());
    let mut retry = interval(RETRY);
    retry.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = draining.changed() => return connections,
        };
        match accepted {
            Ok((stream, peer)) => match permits.take(peer.ip()).await {
                Ok(permit) => {
                    let (service, draining) = (service.clone(), draining.clone());
                    let serve = connection::serve(service, stream, peer, permit, draining);
                    connections.spawn(serve.in_current_span());
                }
                Err(reason) => {
                    if let Some(times) = refused.count() {
                        tracing::warn!(%peer, ?reason, times, "connections were refused");
                    }
                }
            },
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                if let Some(times) = failed.count() {
                    tracing::error!(%error, times, "connections can't be accepted");
                }
                retry.tick().await;
            }
        }
    }
}

/// Whether an error concerns one connection, which ended before it was accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
