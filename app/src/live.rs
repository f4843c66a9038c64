//! The tab's only websocket.
//!
//! A page passes the event number of its snapshot, and the socket resumes from this event. After a lost
//! connection the socket reconnects by itself and resumes from the last event that it received. When the tab is
//! too far behind, the server says so and the page reads a new snapshot. The server sends a message every few
//! seconds, and a tab that receives none treats the connection as lost.

mod socket;

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

use crate::api::Happened;

/// The shortest time between two updates of the page.
/// Later events wait and are shown together: at a high rate of logins, an update for each login would delay all
/// updates.
const TOGETHER: Duration = Duration::from_millis(100);
/// The most events that wait for an update. The browser delays the timers of a hidden tab.
const GATHERED_EVENTS: usize = 500;

/// The state of the tab's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Without JavaScript, or before it runs.
    Still,
    /// Not connected yet.
    Connecting,
    /// Live: the server has sent a message within the last seconds.
    Live,
    /// Connected, but a periodic read of the page is late: the page shows old data.
    Behind,
    /// Not connected; the tab tries again.
    Lost,
    /// Not connected; the tab tries again.
    /// The server answers all other requests: the network path does not pass the websocket.
    Blocked,
    /// The session has ended.
    SignedOut,
    /// The server has another build of the console: the page must be loaded anew.
    Outdated,
}

/// The live connection of a page.
#[derive(Clone, Copy)]
pub struct Live {
    /// The state of the connection.
    pub connection: RwSignal<Connection>,
    after: RwSignal<Option<u64>>,
    gathered: Gathered,
}

impl Live {
    /// Resumes from a snapshot that includes the event `as_of`.
    pub fn resume(&self, as_of: u64) {
        // The snapshot has the events that wait, or the server sends them again.
        self.gathered.forget();
        self.after.set(Some(as_of));
        if self.connection.get_untracked() == Connection::Behind {
            self.connection.set(Connection::Live);
        }
    }
}

/// Opens the tab's socket.
/// `changed` gets the events. `resync` is called when the page has to read a new snapshot and to call
/// [`Live::resume`] with it.
pub fn live(
    changed: impl Fn(Vec<Happened>) + Send + Sync + 'static,
    resync: impl Fn() + Send + Sync + 'static,
) -> Live {
    let live = Live {
        connection: RwSignal::new(Connection::Still),
        // Set by a snapshot, and moved on by each message without a notification of the signal's readers.
        after: RwSignal::new(None),
        gathered: Gathered::new(changed),
    };
    // The server side has no socket.
    if cfg!(feature = "hydrate") {
        socket::keep_open(live, resync);
    }
    live
}

/// The events since the last update of the page.
#[derive(Clone, Copy)]
struct Gathered {
    changed: StoredValue<Changed>,
    pending: StoredValue<Vec<Happened>>,
    /// Whether the time until the next update has not passed.
    waits: StoredValue<bool>,
}

type Changed = Arc<dyn Fn(Vec<Happened>) + Send + Sync>;

impl Gathered {
    fn new(changed: impl Fn(Vec<Happened>) + Send + Sync + 'static) -> Self {
        Self {
            changed: StoredValue::new(Arc::new(changed)),
            pending: StoredValue::new(Vec::new()),
            waits: StoredValue::new(false),
        }
    }

    /// Shows events at once, or with the next update if the last update was less than [`TOGETHER`] ago.
    fn show(self, new: Vec<Happened>) {
        self.pending.update_value(|pending| pending.extend(new));
        let is_full = self.pending.with_value(|pending| pending.len() >= GATHERED_EVENTS);
        if is_full || !self.waits.get_value() {
            self.draw();
        }
    }

    fn draw(self) {
        let pending = self.pending.try_update_value(std::mem::take).unwrap_or_default();
        if pending.is_empty() {
            return;
        }
        (self.changed.get_value())(pending);
        if !self.waits.get_value() {
            self.waits.set_value(true);
            set_timeout(
                move || {
                    // The reader may have left the page.
                    if self.waits.try_set_value(false).is_none() {
                        self.draw();
                    }
                },
                TOGETHER,
            );
        }
    }

    fn forget(self) {
        self.pending.set_value(Vec::new());
    }
}

/// The events of a batch after `seen`; `None` when events are missing in between.
/// A batch that was sent while the page read a snapshot begins with events that the snapshot has.
fn unseen(changes: &[Happened], seen: u64) -> Option<Vec<Happened>> {
    let new: Vec<_> = changes.iter().filter(|one| one.number > seen).cloned().collect();
    match new.first() {
        Some(first) if first.number != seen + 1 => None,
        _ => Some(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Change;

    #[test]
    fn an_event_that_the_snapshot_has_is_not_applied_again() {
        let batch: Vec<_> = (4..=7)
            .map(|number| Happened { number, at_ms: 0, change: Change::Configured })
            .collect();
        let numbers = |seen| {
            let new = unseen(&batch, seen)?;
            Some(new.iter().map(|one| one.number).collect::<Vec<_>>())
        };
        assert_eq!(numbers(3), Some(vec![4, 5, 6, 7]));
        assert_eq!(numbers(5), Some(vec![6, 7]), "the snapshot has 4 and 5");
        assert_eq!(numbers(9), Some(vec![]), "and it may have all of them");
        assert_eq!(numbers(1), None, "2 and 3 are missing");
    }
}
