//! The task that tells phones what happens at them.

use std::{sync::Arc, time::Duration};

use engine::{Event, EventKind, Site, ports::StoreError};
use tokio::{
    sync::{Semaphore, broadcast::error::RecvError},
    task::JoinSet,
};

use super::{
    commands, deliver,
    queue::{Push, Queue},
    unanswered::Why,
};
use crate::cluster::Cluster;

/// Pushes that are on their way at a time.
const AT_A_TIME: usize = 32;
/// The address from which a phone in the browser asks whether it may obey.
const SIMULATED_ADDRESS: &str = "127.0.0.1";
/// The pause before events that could not be read are read again.
const RETRY: Duration = Duration::from_millis(500);
/// Events that are read at a time by a task that is behind.
const PAGE_EVENTS: u32 = 500;

/// Tells phones for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let client = match deliver::client() {
        Ok(client) => client,
        Err(error) => {
            // Nobody is told then, and logins go on.
            tracing::error!(%error, "phones can't be told");
            return std::future::pending().await;
        }
    };
    let queue = Arc::new(Queue::default());
    let follow = follow(&cluster, &queue);
    let send = async {
        let (permits, mut sending) = (Arc::new(Semaphore::new(AT_A_TIME)), JoinSet::new());
        while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
            let push = queue.next().await;
            let (cluster, client, queue) =
                (Arc::clone(&cluster), client.clone(), Arc::clone(&queue));
            sending.spawn(async move {
                let _permit = permit;
                let on_its_way = queue.on_its_way(push);
                deliver::deliver(&cluster, &client, on_its_way.push()).await;
            });
            while let Some(sent) = sending.try_join_next() {
                if let Err(error) = sent {
                    tracing::error!(%error, "a push met a fault of the program");
                }
            }
        }
    };
    tokio::join!(follow, send);
}

/// Follows the events while there is somebody to tell: reading them costs each login a little.
async fn follow(cluster: &Cluster, queue: &Queue) {
    let mut configuration = cluster.configuration.clone();
    let mut simulated = cluster.phones.simulated.changes();
    loop {
        while !is_needed(cluster) {
            tokio::select! {
                changed = configuration.changed() => if changed.is_err() { return },
                changed = simulated.changed() => if changed.is_err() { return },
            }
        }
        let mut events = cluster.events.subscribe();
        let mut last = match cluster.store.events_after(0, 0).await {
            Ok(page) => page.latest,
            Err(error) => {
                failed(&error);
                tokio::time::sleep(RETRY).await;
                continue;
            }
        };
        // A page may have read its phone before this, and nobody was told of what came between.
        cluster.phones.simulated.all_changed();
        while is_needed(cluster) {
            match events.recv().await {
                Ok(some) => tell_all(cluster, queue, &some, &mut last).await,
                Err(RecvError::Lagged(_)) => {
                    while let Err(error) = catch_up(cluster, queue, &mut last).await {
                        failed(&error);
                        tokio::time::sleep(RETRY).await;
                    }
                }
                Err(RecvError::Closed) => return,
            }
        }
    }
}

fn failed(error: &StoreError) {
    tracing::error!(%error, "events could not be read to tell phones of them");
}

/// Whether phones are pushed to, or somebody looks at one in a browser.
fn is_needed(cluster: &Cluster) -> bool {
    let has_credentials = !cluster.configuration.borrow().site.push_user.is_empty();
    has_credentials || cluster.phones.simulated.is_used(cluster.clock.now())
}

async fn catch_up(cluster: &Cluster, queue: &Queue, last: &mut u64) -> Result<(), StoreError> {
    loop {
        let page = cluster.store.events_after(*last, PAGE_EVENTS).await?;
        if page.events.is_empty() {
            return Ok(());
        }
        tell_all(cluster, queue, &page.events, last).await;
    }
}

/// Tells phones of events after `last`.
async fn tell_all(cluster: &Cluster, queue: &Queue, events: &[Event], last: &mut u64) {
    for event in events.iter().filter(|event| event.number > *last) {
        tell(cluster, queue, &event.kind).await;
    }
    *last = events.last().map_or(*last, |event| event.number.max(*last));
}

async fn tell(cluster: &Cluster, queue: &Queue, event: &EventKind) {
    let configuration = cluster.configuration.borrow().clone();
    if matches!(event, EventKind::ConfigurationChanged { .. }) {
        cluster.phones.simulated.all_changed();
    }
    let Some((phone, commands)) = commands::of(event, &configuration.parameters) else { return };
    let Site { push_user, push_password, .. } = &configuration.site;
    // A phone asks whether it may obey; one in the browser learns of the login in any case.
    let at = (SIMULATED_ADDRESS, "");
    let is_shown = cluster.phones.simulated.is_shown(&phone);
    let obeys = is_shown && cluster.authorizes_push(push_user, push_password, at).await == Ok(true);
    cluster.phones.simulated.push(&phone, if obeys { &commands } else { &[] });
    if push_user.is_empty() {
        return;
    }
    let name = phone.clone();
    if !queue.add(Push { phone, commands }) {
        cluster.phones.unanswered.note(&name, cluster.clock.now(), Some(Why::Error));
        if cluster.counters.pushes_lost.inc() == 0 {
            tracing::warn!("phones are not told: too many wait to be told");
        }
    }
}
