//! The websocket conversation with one tab.

use std::time::Duration;

use app::api::{FromTab, ToTab};
use axum::extract::ws::{Message, WebSocket};
use engine::{Event, EventPage};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval, interval_at, sleep_until, timeout},
};
use tower_sessions::Session;

use crate::{
    admin::{Admin, Caller, NotSignedIn},
    console::{Sessions, happened, still_signed_in},
    edge::sampled_error,
    http::site::BUILD,
};

/// The most events that a tab may be behind; past that a new snapshot is quicker than catching up.
const BEHIND_EVENTS: u32 = 500;
/// The time that a tab has to name the last event it has seen, and to take a message.
const TAB_TIMEOUT: Duration = Duration::from_secs(10);
/// The time between two messages that keep the connection alive.
/// A proxy may cut a connection that is quiet for a minute, and a tab takes a connection that is quiet
/// for 15 s for lost.
const BEAT: Duration = Duration::from_secs(5);
/// The time that a tab may be silent; a tab answers each beat.
const SILENCE: Duration = Duration::from_secs(15);
/// The time between two checks that the viewer of a tab is still signed in.
const SESSION_CHECK: Duration = Duration::from_secs(3);

/// The viewer of a tab.
pub(super) struct Viewer {
    pub(super) admin: Admin,
    pub(super) caller: Caller,
    pub(super) sessions: Sessions,
    pub(super) session: Session,
}

/// Serves a tab until the tab disconnects, its session ends, or the cluster stops.
pub(super) async fn serve(viewer: &Viewer, mut socket: WebSocket) {
    let mut stopping = viewer.admin.stopping();
    let signed_out = tokio::select! {
        () = talk(viewer, &mut socket) => false,
        () = until_signed_out(viewer) => true,
        _ = stopping.wait_for(|stopping| *stopping) => false,
    };
    if signed_out {
        turn_away(socket).await;
    } else {
        close(socket).await;
    }
}

/// Tells a tab that no administrator is signed in.
pub(super) async fn turn_away(mut socket: WebSocket) {
    let _ = send(&mut socket, &ToTab::SignedOut).await;
    close(socket).await;
}

async fn close(mut socket: WebSocket) {
    let _ = timeout(TAB_TIMEOUT, socket.send(Message::Close(None))).await;
}

/// Returns when the session has ended.
async fn until_signed_out(viewer: &Viewer) {
    let Viewer { admin, sessions, session, .. } = viewer;
    let mut check = interval(SESSION_CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        check.tick().await;
        // Read the session anew: the tab's request holds the session's state at its opening. A failed
        // read does not mean that the session has ended.
        if still_signed_in(admin, sessions, session).await == Err(NotSignedIn::Nobody) {
            return;
        }
    }
}

/// The events that a tab has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The tab has seen everything up to this event.
    Seen(u64),
    /// The tab has to name the last event it has seen: the tab is new, or takes a new snapshot.
    Asked {
        /// The deadline of the answer; a tab that does not answer is gone.
        until: Instant,
    },
}

impl Standing {
    /// Asks the tab, which has [`TAB_TIMEOUT`] from now on for the answer.
    fn ask(now: Instant) -> Self {
        Self::Asked { until: now + TAB_TIMEOUT }
    }

    /// The standing of a tab that had seen `seen` and gets this page.
    /// A tab that is too far behind, or needs events that are no longer kept, is asked.
    fn after(seen: u64, page: &EventPage, now: Instant) -> Self {
        let reached = page.events.last().map_or(seen, |last| last.number);
        if page.gap || reached < page.latest { Self::ask(now) } else { Self::Seen(reached) }
    }
}

async fn talk(viewer: &Viewer, socket: &mut WebSocket) {
    // Subscribe first and read the store then, so that no event is missed between the two.
    let Ok(mut events) = viewer.admin.follow(&viewer.caller) else { return };
    let mut standing = Standing::ask(Instant::now());
    let mut beat = interval_at(Instant::now() + BEAT, BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    if send(socket, &ToTab::Build(BUILD.to_owned())).await.is_err() {
        return;
    }
    loop {
        let until = match standing {
            Standing::Asked { until } => Some(until),
            Standing::Seen(_) => None,
        };
        let result = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    heard = Instant::now();
                    match serde_json::from_str(&text) {
                        Ok(FromTab::Resume { after }) => catch_up(viewer, socket, after).await,
                        Ok(FromTab::Beat) => Ok(standing),
                        Err(_) => return,
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(standing),
                _ => return,
            },
            _ = beat.tick() => {
                if heard.elapsed() >= SILENCE {
                    return;
                }
                send(socket, &ToTab::Beat).await.map(|()| standing)
            }
            batch = events.recv() => match (batch, standing) {
                (Ok(batch), Standing::Seen(seen)) => forward(viewer, socket, &batch, seen).await,
                (Err(RecvError::Lagged(_)), Standing::Seen(seen)) => {
                    catch_up(viewer, socket, seen).await
                }
                (Err(RecvError::Closed), _) => return,
                // A tab that has not named the last event it has seen reads the store when it does.
                (_, Standing::Asked { .. }) => Ok(standing),
            },
            () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => return,
        };
        match result {
            Ok(now) => standing = now,
            Err(Gone) => return,
        }
    }
}

/// The tab is gone.
struct Gone;

/// Sends the stored events after `seen`, or tells the tab to take a new snapshot.
async fn catch_up(viewer: &Viewer, socket: &mut WebSocket, seen: u64) -> Result<Standing, Gone> {
    let Viewer { admin, caller, .. } = viewer;
    let page = match admin.events_after(caller, seen, BEHIND_EVENTS).await {
        Ok(page) => page,
        Err(error) => {
            sampled_error!(%error, "a tab could not catch up");
            return Err(Gone);
        }
    };
    let standing = Standing::after(seen, &page, Instant::now());
    match standing {
        Standing::Asked { .. } => send(socket, &ToTab::Resync).await?,
        Standing::Seen(_) if page.events.is_empty() => {}
        Standing::Seen(_) => send(socket, &changes(&page.events)).await?,
    }
    Ok(standing)
}

/// Sends a batch that was just committed, or catches up if events before the batch are missing.
async fn forward(
    viewer: &Viewer,
    socket: &mut WebSocket,
    batch: &[Event],
    seen: u64,
) -> Result<Standing, Gone> {
    let new: Vec<Event> = batch.iter().filter(|event| event.number > seen).cloned().collect();
    match (new.first(), new.last()) {
        (Some(first), Some(last)) if first.number == seen + 1 => {
            send(socket, &changes(&new)).await?;
            Ok(Standing::Seen(last.number))
        }
        (Some(_), _) => catch_up(viewer, socket, seen).await,
        (None, _) => Ok(Standing::Seen(seen)),
    }
}

async fn send(socket: &mut WebSocket, message: &ToTab) -> Result<(), Gone> {
    let text = serde_json::to_string(message).map_err(|_| Gone)?;
    match timeout(TAB_TIMEOUT, socket.send(Message::text(text))).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}

fn changes(events: &[Event]) -> ToTab {
    ToTab::Changes(events.iter().map(happened).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_that_takes_a_new_snapshot_has_its_time_from_then_on() {
        let now = Instant::now() + 10 * TAB_TIMEOUT;
        let time = Standing::Asked { until: now + TAB_TIMEOUT };
        let behind = EventPage { latest: 9, ..EventPage::default() };
        assert_eq!(Standing::after(3, &behind, now), time, "however long ago it was opened");
        let lost = EventPage { latest: 3, gap: true, ..EventPage::default() };
        assert_eq!(Standing::after(3, &lost, now), time);
        let nothing_new = EventPage { latest: 3, ..EventPage::default() };
        assert_eq!(Standing::after(3, &nothing_new, now), Standing::Seen(3));
    }
}
