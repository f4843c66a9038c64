//! The one websocket of a tab.
//!
//! A page hands it the event number of its snapshot; the socket resumes from there. When it breaks
//! it comes back by itself and resumes from the last event it saw. Too far behind, the server says
//! so and the page reads a new snapshot. There is never silence: the server says something every few
//! seconds, and a tab that hears nothing takes its connection for lost.

mod socket;

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

use crate::api::Happened;

/// What happens sooner than this after what was shown last is shown together: a page that is drawn
/// anew for every login of a busy morning is late with all of them.
const TOGETHER: Duration = Duration::from_millis(100);
/// Events that may wait for that. A tab that nobody sees has its timers held back.
const GATHERED_EVENTS: usize = 500;

/// How the tab is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Without JavaScript, or before it runs.
    Still,
    /// Not yet.
    Connecting,
    /// Live: the server has said something within the last seconds.
    Live,
    /// Connected, but what the page reads anew does not come: what it shows is from before.
    Behind,
    /// Not connected, and trying again.
    Lost,
    /// Likewise, though the server answers everything else: something on the way does not let the
    /// websocket through.
    Blocked,
    /// Nobody is signed in any more.
    SignedOut,
    /// The server has another build of the console: the page has to be loaded anew.
    Outdated,
}

/// The live connection of a page.
#[derive(Clone, Copy)]
pub struct Live {
    /// How it is connected.
    pub connection: RwSignal<Connection>,
    after: RwSignal<Option<u64>>,
    gathered: Gathered,
}

impl Live {
    /// Goes on from a snapshot that knows of event `as_of`.
    pub fn resume(&self, as_of: u64) {
        // What was heard and not shown yet is in the snapshot, or is sent again.
        self.gathered.forget();
        self.after.set(Some(as_of));
        if self.connection.get_untracked() == Connection::Behind {
            self.connection.set(Connection::Live);
        }
    }
}

/// Opens the tab's socket; `changed` gets what happened, `resync` is called when the page has to
/// read a new snapshot and [`Live::resume`] from it.
pub fn live(
    changed: impl Fn(Vec<Happened>) + Send + Sync + 'static,
    resync: impl Fn() + Send + Sync + 'static,
) -> Live {
    let live = Live {
        connection: RwSignal::new(Connection::Still),
        // Set by a snapshot, moved on by each message without telling anybody.
        after: RwSignal::new(None),
        gathered: Gathered::new(changed),
    };
    // The server has nobody to connect to.
    if cfg!(feature = "hydrate") {
        socket::keep_open(live, resync);
    }
    live
}

/// What has happened since the page was drawn last.
#[derive(Clone, Copy)]
struct Gathered {
    changed: StoredValue<Changed>,
    pending: StoredValue<Vec<Happened>>,
    /// Whether it is not yet time to draw again.
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

    /// Shows what happened: at once, or together with what comes until it is time again.
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
                    // The reader may be on another page by now.
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

/// Those of a batch that come after what the page knows; `None` when something lies between. A batch
/// that was on its way while the page took a snapshot begins with what the snapshot has already.
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
