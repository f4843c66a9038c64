//! The tasks towards remote clusters: a task asks its cluster how it is, sends the farewells of the outbox, and
//! compares stays now and then.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use engine::{ClusterInfo, Learnt, PeerAnswer, PeerRequest, RemoteCluster, Role, ports::PeerError};
use terms::{Alarm, ErrorCode};
use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, timeout},
};
use tracing::Instrument;

use super::{compare::compare, outbox::Outbox, problem::Problem};
use crate::{
    cluster::{About, Cluster},
    edge::Sampled,
};

/// How often a remote cluster is asked how it is: a state that changes is noticed within twice this time.
const ASK_EVERY: Duration = Duration::from_secs(4);
/// How often the stays with a remote cluster are compared with it.
const COMPARE_EVERY: Duration = Duration::from_mins(1);
/// The pause after a round that failed, however often the task is woken.
const RETRY: Duration = Duration::from_millis(500);

/// Keeps up with all remote clusters for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let mut configuration = cluster.configuration.clone();
    let mut running: HashMap<String, AbortHandle> = HashMap::new();
    let mut tasks = JoinSet::new();
    loop {
        let clusters = configuration.borrow_and_update().remote_clusters.clone();
        if let Err(error) = cluster.peers.reload(&*cluster.store, &clusters).await {
            tracing::error!(%error, "the keys of this cluster could not be read");
            tokio::time::sleep(RETRY).await;
            configuration.mark_changed();
        }
        running.retain(|id, task| {
            let stays = clusters.iter().any(|cluster| cluster.id == *id);
            if !stays {
                task.abort();
            }
            stays
        });
        for RemoteCluster { id, .. } in clusters {
            running.entry(id.clone()).or_insert_with(|| {
                let (cluster, span) = (Arc::clone(&cluster), cluster.span(&format!("peer {id}")));
                tasks.spawn(async move { keep_up(&cluster, &id).await }.instrument(span))
            });
        }
        loop {
            tokio::select! {
                Ok(()) = configuration.changed() => break,
                Some(ended) = tasks.join_next() => {
                    // The task of a remote cluster that is known no more was aborted.
                    if ended.is_err_and(|error| !error.is_cancelled()) {
                        tracing::error!("the task of a remote cluster met a fault of the program");
                        return;
                    }
                }
                // The follower has ended: so does this task, with the cluster.
                else => std::future::pending().await,
            }
        }
    }
}

/// Keeps up with one remote cluster.
async fn keep_up(cluster: &Arc<Cluster>, peer: &str) {
    let (mut outbox, mut compare_at) = (Outbox::default(), Instant::now());
    let wake = cluster.peers.wake(peer);
    let unreadable = Sampled::default();
    loop {
        match round(cluster, peer, &mut outbox, &mut compare_at).await {
            Ok(()) => {}
            Err(Problem::Peer(problem)) => {
                let (now, next) = (cluster.clock.now(), cluster.clock.now().after(ASK_EVERY));
                if problem == PeerError::NotTrusted {
                    let about = About { cluster: peer, ..About::default() };
                    cluster.alarm(Alarm::NodeNotTrusted, about);
                }
                if cluster.peers.links.failed(peer, problem.clone(), now, next) {
                    tracing::warn!(%problem, "a remote cluster does not answer");
                }
                // Differences that arise meanwhile are found at the first answer.
                compare_at = Instant::now();
                outbox.try_all();
                tokio::time::sleep(RETRY).await;
            }
            Err(Problem::Store(error)) => {
                if let Some(times) = unreadable.count() {
                    let what = "farewells to a remote cluster could not be read or written";
                    tracing::error!(times, %error, "{what}");
                }
                tokio::time::sleep(RETRY).await;
                continue;
            }
        }
        count_answering(cluster);
        let _ = timeout(ASK_EVERY, wake.notify.notified()).await;
        if wake.compares.swap(false, Ordering::Relaxed) {
            compare_at = Instant::now();
        }
        if wake.tries_all.swap(false, Ordering::Relaxed) {
            outbox.try_all();
        }
    }
}

fn count_answering(cluster: &Cluster) {
    let answering = i64::try_from(cluster.peers.links.answering()).unwrap_or(i64::MAX);
    cluster.counters.emcc_answering.set(answering);
}

async fn round(
    cluster: &Cluster,
    peer: &str,
    outbox: &mut Outbox,
    compare_at: &mut Instant,
) -> Result<(), Problem> {
    let info = update(cluster, peer).await?;
    if cluster.peers.links.answered(peer, info, cluster.clock.now()) {
        tracing::info!("a remote cluster answers");
        count_answering(cluster);
    }
    outbox.deliver(cluster, peer).await?;
    if *compare_at <= Instant::now() {
        *compare_at = Instant::now() + COMPARE_EVERY;
        for role in [Role::Home, Role::Visiting] {
            let mut after = None;
            loop {
                after = match compare(cluster, peer, role, after).await {
                    // The cluster has answered: the next comparison may do. A peer of another make has none.
                    Err(Problem::Peer(PeerError::Refused(ErrorCode::Parsing))) => None,
                    Err(Problem::Peer(problem)) => {
                        tracing::warn!(%problem, "a remote cluster does not compare stays");
                        None
                    }
                    compared => compared?,
                };
                if after.is_none() {
                    break;
                }
                // Farewells don't wait for the end of a long comparison.
                outbox.deliver(cluster, peer).await?;
            }
        }
    }
    Ok(())
}

/// Tells a remote cluster how this one is, and asks how it is; `None` where it does not know the question: a peer of
/// another make answers all the same.
async fn update(cluster: &Cluster, peer: &str) -> Result<Option<ClusterInfo>, Problem> {
    let compares = !cluster.peers.links.link(peer).answers();
    let own = ClusterInfo { compares, ..cluster.info_for(peer) };
    match cluster.ask_peer(peer, PeerRequest::Update(own)).await? {
        PeerAnswer::Cluster(info) => {
            // One that announces none may use it by now, and have answered by a connection from before.
            if let Some(next) = info.next_certificate.clone() {
                cluster.learn(peer, Learnt::Next(next)).await?;
            }
            Ok(Some(info))
        }
        PeerAnswer::Refused(ErrorCode::Parsing) => Ok(None),
        PeerAnswer::Refused(code) => Err(PeerError::Refused(code).into()),
        _ => Err(PeerError::NotUnderstood.into()),
    }
}
