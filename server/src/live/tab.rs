//! One tab.

use std::{sync::Arc, time::Duration};

use app::api::{FromTab, ToTab};
use axum::extract::ws::{Message, WebSocket};
use engine::{Event, ports::EventStore};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tower_sessions::Session;

use crate::{
    cluster::Cluster,
    console::{happened, still_signed_in},
};

/// How many events a tab may be behind; past that a new snapshot is quicker than catching up.
const BEHIND_EVENTS: u32 = 500;
/// How long a tab may take to say where it stands, and to take a message.
const TAB_TIMEOUT: Duration = Duration::from_secs(10);
/// How often it is checked that whoever opened the tab is still signed in.
const SESSION_CHECK: Duration = Duration::from_secs(3);

/// Serves a tab until it goes, its session ends, or the cluster stops.
pub(super) async fn serve(cluster: &Arc<Cluster>, mut socket: WebSocket, session: Session) {
    let mut stopping = cluster.stopping();
    let signed_out = tokio::select! {
        () = talk(cluster, &mut socket) => false,
        () = until_signed_out(cluster, &session) => true,
        _ = stopping.wait_for(|stopping| *stopping) => false,
    };
    if signed_out {
        let _ = send(&mut socket, &ToTab::SignedOut).await;
    }
    let _ = timeout(TAB_TIMEOUT, socket.send(Message::Close(None))).await;
}

/// Returns when the session has ended.
async fn until_signed_out(cluster: &Arc<Cluster>, session: &Session) {
    let mut check = interval(SESSION_CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        check.tick().await;
        // What this tab's request knows of the session is from its opening: read it anew.
        if !still_signed_in(cluster, session).await {
            return;
        }
    }
}

async fn talk(cluster: &Cluster, socket: &mut WebSocket) {
    // Listen first, read the store then: nothing falls between the two.
    let mut events = cluster.events.subscribe();
    let mut seen: Option<u64> = None;
    let opened = Instant::now();
    loop {
        tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    let Ok(FromTab::Resume { after }) = serde_json::from_str(&text) else { return };
                    seen = match catch_up(cluster, socket, after).await {
                        Ok(seen) => seen,
                        Err(Gone) => return,
                    };
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return,
            },
            batch = events.recv() => {
                let result = match (batch, seen) {
                    (Ok(batch), Some(seen)) => forward(cluster, socket, &batch, seen).await,
                    (Err(RecvError::Lagged(_)), Some(seen)) => {
                        catch_up(cluster, socket, seen).await
                    }
                    (Err(RecvError::Closed), _) => return,
                    // A tab that has not said where it stands reads the store when it does.
                    (_, None) => Ok(None),
                };
                match result {
                    Ok(now) => seen = now,
                    Err(Gone) => return,
                }
            }
            () = tokio::time::sleep_until(opened + TAB_TIMEOUT), if seen.is_none() => return,
        }
    }
}

/// The tab is gone.
struct Gone;

/// Sends what the store has after `seen`; says what the tab has seen then, or `None` when it has to
/// take a new snapshot.
async fn catch_up(
    cluster: &Cluster,
    socket: &mut WebSocket,
    seen: u64,
) -> Result<Option<u64>, Gone> {
    let page = match cluster.store.events_after(seen, BEHIND_EVENTS).await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, "a tab could not catch up");
            return Err(Gone);
        }
    };
    let reached = page.events.last().map_or(seen, |last| last.number);
    if page.gap || reached < page.latest {
        send(socket, &ToTab::Resync).await?;
        return Ok(None);
    }
    if !page.events.is_empty() {
        send(socket, &changes(&page.events, reached)).await?;
    }
    Ok(Some(reached))
}

/// Sends a batch that was just committed, or catches up if something lies between.
async fn forward(
    cluster: &Cluster,
    socket: &mut WebSocket,
    batch: &[Event],
    seen: u64,
) -> Result<Option<u64>, Gone> {
    let new: Vec<Event> = batch.iter().filter(|event| event.number > seen).cloned().collect();
    match (new.first(), new.last()) {
        (Some(first), Some(last)) if first.number == seen + 1 => {
            send(socket, &changes(&new, last.number)).await?;
            Ok(Some(last.number))
        }
        (Some(_), _) => catch_up(cluster, socket, seen).await,
        (None, _) => Ok(Some(seen)),
    }
}

async fn send(socket: &mut WebSocket, message: &ToTab) -> Result<(), Gone> {
    let text = serde_json::to_string(message).map_err(|_| Gone)?;
    match timeout(TAB_TIMEOUT, socket.send(Message::text(text))).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}

fn changes(events: &[Event], through: u64) -> ToTab {
    ToTab::Changes { changes: events.iter().map(happened).collect(), through }
}
