//! Following the database: every change, by this process or another, reaches the trace, the timer
//! and the tabs by this one path.

use std::{sync::Arc, time::Duration};

use engine::{
    Configuration, Event, EventKind, Version,
    ports::{Follower, StoreError},
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::Cluster;

/// Events that are read at a time.
const PAGE_EVENTS: u32 = 500;
/// The pause between two tries to read a database that can't be read.
const RETRY: Duration = Duration::from_millis(500);

/// The thread under which the original writes the service parameters.
const PARAMETERS_THREAD: &str = "Thread-68";

/// The progress of the follower.
struct Followed {
    /// The number of the last event.
    latest: u64,
    /// The greatest number of a farewell.
    farewell: u64,
}

/// Follows the database for as long as the cluster runs.
pub(super) async fn run(
    cluster: Arc<Cluster>,
    mut follower: Box<dyn Follower>,
    publish: watch::Sender<Arc<Configuration>>,
    latest: u64,
) {
    let mut seen = Followed { latest, farewell: 0 };
    let mut tries = interval(RETRY);
    tries.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        if let Err(error) = follower.changed().await {
            // After an error, it is unknown whether something changed: read.
            failed(&error);
            tries.tick().await;
        }
        // The follower reports a change once: a failed read is repeated without waiting for the next
        // commit, which may be long in coming.
        while let Err(error) = read(&cluster, &publish, &mut seen).await {
            failed(&error);
            tries.tick().await;
        }
    }
}

fn failed(error: &StoreError) {
    tracing::error!(%error, "the database could not be followed");
}

async fn read(
    cluster: &Cluster,
    publish: &watch::Sender<Arc<Configuration>>,
    seen: &mut Followed,
) -> Result<(), StoreError> {
    let pulse = cluster.store.pulse().await?;
    configuration(cluster, publish, pulse.version).await?;
    if pulse.farewell > seen.farewell {
        seen.farewell = pulse.farewell;
        cluster.peers.try_all();
    }
    cluster.due.notify_one();
    events(cluster, &mut seen.latest).await
}

async fn configuration(
    cluster: &Cluster,
    publish: &watch::Sender<Arc<Configuration>>,
    version: Version,
) -> Result<(), StoreError> {
    let before = Arc::clone(&publish.borrow());
    // Most commits are logins and keep the version: one small read spares the four reads of a
    // configuration.
    if version == before.version {
        return Ok(());
    }
    let now = cluster.store.configuration().await?;
    let changed = now.parameters != before.parameters;
    if now.passed_over != before.passed_over {
        warn_of_passed_over(&now);
    }
    publish.send_replace(Arc::new(now));
    if changed {
        write_parameters(cluster);
    }
    Ok(())
}

async fn events(cluster: &Cluster, latest: &mut u64) -> Result<(), StoreError> {
    if cluster.events.receiver_count() == 0 {
        let now = cluster.store.events_after(*latest, 0).await?.latest;
        // A receiver that subscribes from here on reads the store first. A receiver that subscribed
        // during the read may have read the store before these events: send the events after all.
        if cluster.events.receiver_count() == 0 {
            *latest = now;
            return Ok(());
        }
    }
    loop {
        let page = cluster.store.events_after(*latest, PAGE_EVENTS).await?;
        let Some(last) = page.events.last() else { return Ok(()) };
        *latest = last.number;
        count_unknown(cluster, &page.events);
        // A send without receivers is no error.
        let _ = cluster.events.send(page.events.into());
        if *latest == page.latest {
            return Ok(());
        }
    }
}

/// Warns of service parameters that this program does not apply.
pub(super) fn warn_of_passed_over(configuration: &Configuration) {
    let names = &configuration.passed_over;
    if !names.is_empty() {
        tracing::warn!(?names, "service parameters of a newer program are passed over");
    }
}

/// Counts events of a newer program, which this program can't interpret, and warns at the first.
fn count_unknown(cluster: &Cluster, events: &[Event]) {
    let is_unknown = |event: &&Event| event.kind == EventKind::Unknown;
    let unknown = events.iter().filter(is_unknown).count() as u64;
    if unknown > 0 && cluster.counters.unknown_events.inc_by(unknown) == 0 {
        tracing::warn!("events of a newer program are passed over");
    }
}

/// Writes the block of service parameters to the trace.
pub(super) fn write_parameters(cluster: &Cluster) {
    let configuration = Arc::clone(&cluster.configuration.borrow());
    let now = cluster.clock.now();
    let entries = wire::trace::service_parameters(&configuration.parameters);
    cluster.trace.write_entries(PARAMETERS_THREAD, now, &entries);
}
