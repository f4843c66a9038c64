//! The task that notifies phones of events.

use std::{sync::Arc, time::Duration};

use engine::{Event, EventKind, Site, ports::StoreError};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{MissedTickBehavior, interval},
};

use super::{
    commands,
    deliver::{self, Push},
    missed::Missed,
    queue::Queue,
    restart::{self, Restart},
    unanswered::{Channel, NotTold},
};
use crate::cluster::{Cluster, call_server::CallServerClient};

/// Pushes that are in flight at a time.
const PUSHES_AT_A_TIME: usize = 32;
/// The time for a phone to take its push before the restart.
const PUSH_PATIENCE: Duration = Duration::from_secs(4);
/// Phones at a time whose restart is in progress.
const RESTARTS_AT_A_TIME: usize = 256;
/// The pause before events that could not be read are read again.
const RETRY: Duration = Duration::from_millis(500);
/// Events that a lagging task reads at a time.
const PAGE_EVENTS: u32 = 500;

/// The queues of messages to phones.
#[derive(Default)]
struct Queues {
    pushes: Arc<Queue<Push>>,
    restarts: Arc<Queue<Restart>>,
    missed: Arc<Missed>,
}

/// Notifies phones for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let (client, call_server) = match (deliver::client(), CallServerClient::new()) {
        (Ok(client), Ok(call_server)) => (client, call_server),
        (Err(error), _) | (_, Err(error)) => {
            // No phone is notified then, and logins continue.
            tracing::error!(%error, "phones can't be told");
            return std::future::pending().await;
        }
    };
    let queues = Queues::default();
    let pushes = queues.pushes.send_all(PUSHES_AT_A_TIME, |push| {
        let (cluster, client) = (Arc::clone(&cluster), client.clone());
        async move { deliver::deliver(&cluster, &client, &push.message).await }
    });
    let restarts = queues.restarts.send_all(RESTARTS_AT_A_TIME, |restart| {
        let (cluster, call_server) = (Arc::clone(&cluster), call_server.clone());
        let (pushes, missed) = (Arc::clone(&queues.pushes), Arc::clone(&queues.missed));
        async move {
            let restart = &restart.message;
            // A restarting phone takes no push.
            pushes.settled(&restart.phone, PUSH_PATIENCE).await;
            if restart::run(&cluster, &call_server, restart).await {
                missed.add(restart.clone());
            }
        }
    });
    let again = queues.missed.try_again(&queues.restarts);
    if let Err(error) = resume(&cluster, &queues).await {
        failed(&error);
    }
    tokio::join!(follow(&cluster, &queues), pushes, restarts, again);
}

/// Restarts phones that an earlier process may not have notified yet.
async fn resume(cluster: &Cluster, queues: &Queues) -> Result<(), StoreError> {
    let latest = cluster.store.events_after(0, 0).await?.latest;
    let page = cluster.store.events_after(latest.saturating_sub(PAGE_EVENTS.into()), PAGE_EVENTS);
    for restart in page.await?.events.iter().filter_map(|event| Restart::of(event, false)) {
        queues.restarts.add(restart);
    }
    Ok(())
}

/// Follows the events while there is a phone to notify: reading the events adds a small cost to each
/// login.
async fn follow(cluster: &Cluster, queues: &Queues) {
    let mut configuration = cluster.configuration.clone();
    let mut simulated = cluster.phones.simulated.changes();
    let mut tries = interval(RETRY);
    tries.set_missed_tick_behavior(MissedTickBehavior::Delay);
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
                tries.tick().await;
                continue;
            }
        };
        // A page may have read its phone before the subscription, and missed the events in between.
        cluster.phones.simulated.all_changed();
        while is_needed(cluster) {
            match events.recv().await {
                Ok(some) => tell_all(cluster, queues, &some, &mut last),
                Err(RecvError::Lagged(_)) => {
                    while let Err(error) = catch_up(cluster, queues, &mut last).await {
                        failed(&error);
                        tries.tick().await;
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

/// Whether phones are notified, or a page shows a phone in the browser.
fn is_needed(cluster: &Cluster) -> bool {
    let is_told = {
        let site = &cluster.configuration.borrow().site;
        !site.push_user.is_empty() || !site.call_server_rpc.is_empty()
    };
    is_told || cluster.phones.simulated.is_used(cluster.clock.now())
}

async fn catch_up(cluster: &Cluster, queues: &Queues, last: &mut u64) -> Result<(), StoreError> {
    loop {
        let page = cluster.store.events_after(*last, PAGE_EVENTS).await?;
        if page.events.is_empty() {
            return Ok(());
        }
        tell_all(cluster, queues, &page.events, last);
    }
}

/// Notifies phones of the events after `last`.
fn tell_all(cluster: &Cluster, queues: &Queues, events: &[Event], last: &mut u64) {
    for event in events.iter().filter(|event| event.number > *last) {
        tell(cluster, queues, event);
    }
    *last = events.last().map_or(*last, |event| event.number.max(*last));
}

fn tell(cluster: &Cluster, queues: &Queues, event: &Event) {
    let configuration = cluster.configuration.borrow().clone();
    if matches!(event.kind, EventKind::ConfigurationChanged { .. }) {
        cluster.phones.simulated.all_changed();
    }
    let Some((phone, commands)) = commands::of(&event.kind, &configuration.parameters) else {
        // A phone of another cluster, at which a stay has ended.
        let restart = Restart::of(event, true);
        if let Some(restart) = restart.filter(|_| !configuration.site.call_server_rpc.is_empty()) {
            queues.restarts.add(restart);
        }
        return;
    };
    let Site { push_user, call_server_rpc, .. } = &configuration.site;
    // A phone in the browser learns of the login even where pushes are off.
    cluster.phones.simulated.push(&phone, if push_user.is_empty() { &[] } else { &commands });
    if !push_user.is_empty() && !queues.pushes.add(Push { phone: phone.clone(), commands }) {
        lost(cluster, &phone, Channel::Push);
    }
    if let Some(restart) = Restart::of(event, true).filter(|_| !call_server_rpc.is_empty())
        && !queues.restarts.add(restart)
    {
        lost(cluster, &phone, Channel::CallServer);
    }
}

/// Notes that a phone is not notified because the queue is full.
fn lost(cluster: &Cluster, phone: &str, by: Channel) {
    cluster.phones.unanswered.note(phone, by, cluster.clock.now(), Some(NotTold::Error));
    if cluster.counters.pushes_lost.inc() == 0 {
        tracing::warn!("phones are not told: too many wait to be told");
    }
}
