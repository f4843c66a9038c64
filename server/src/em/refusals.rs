//! Refusals that the rules don't write down themselves: of authentication, of addresses, of permits, and
//! all of log-outs and queries.
//!
//! They come as fast as somebody can send them, so of each code one is written down in a while, with
//! how many it stands for: the first at once, the last at the end of a pause or when the cluster stops.
//! The trace has them all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use engine::{Actor, EventKind, UtcMillis};
use terms::{ErrorCode, NotUnderstood};

use super::request::Operation;
use crate::cluster::Cluster;

/// For how long no other refusal with the same code is written down.
const PAUSE_MS: u64 = 1_000;

/// The thing that is refused.
pub(super) enum Subject<'a> {
    /// An operation.
    Operation(&'a Operation),
    /// A request that was not understood.
    NotUnderstood(NotUnderstood),
}

/// The refusals of each code that are not written down yet.
#[derive(Clone, Default)]
pub(super) struct Refusals(Arc<Mutex<HashMap<ErrorCode, Waiting>>>);

#[derive(Default)]
struct Waiting {
    times: u64,
    /// The last of them, with when it was.
    last: Option<(EventKind, UtcMillis)>,
    /// When one was written down.
    written: Option<UtcMillis>,
    /// Whether a task writes them down at the end of the pause.
    is_due: bool,
}

impl Refusals {
    /// Counts a refusal, and has it written down if it is its turn: the answer does not wait for that.
    /// `by` is the authenticated asker, or the id that the request names.
    pub(super) fn note(
        &self,
        cluster: &Arc<Cluster>,
        subject: Subject<'_>,
        by: Actor,
        code: ErrorCode,
    ) {
        cluster.counters.refused(code);
        let (user, phone) = match &subject {
            Subject::Operation(Operation::LogIn { .. }) if is_by_the_rules(code) => return,
            Subject::Operation(Operation::LogIn { user, phone, .. }) => {
                (user.clone(), phone.clone())
            }
            Subject::Operation(Operation::LogOut { phone }) => (String::new(), phone.clone()),
            _ => (String::new(), String::new()),
        };
        let why = match subject {
            Subject::NotUnderstood(why) => Some(why),
            Subject::Operation(_) => None,
        };
        let now = cluster.clock.now();
        let kind = EventKind::Refused { user, phone, code: code.number(), by, times: 1, why };
        let Some(pause) = self.count(code, kind, now) else { return };
        // The first stands for itself, whatever comes before it is written.
        let first = if pause.is_zero() { self.take(code, now) } else { None };
        let (refusals, cluster) = (self.clone(), Arc::clone(cluster));
        cluster.tasks.clone().spawn(async move {
            let taken = if first.is_some() {
                first
            } else {
                let mut stopping = cluster.stopping();
                let stopped = stopping.wait_for(|stopping| *stopping);
                // Whichever is first: a refusal is written down before the store is closed.
                let _ = tokio::time::timeout(pause, stopped).await;
                refusals.take(code, cluster.clock.now())
            };
            let Some((kind, at)) = taken else { return };
            if let Err(error) = cluster.store.note_event(kind, at).await {
                tracing::debug!(%error, "a refusal could not be written down");
            }
        });
    }

    /// Counts a refusal; says after which pause those of its code are to be written down, unless that
    /// is due already.
    fn count(&self, code: ErrorCode, kind: EventKind, now: UtcMillis) -> Option<Duration> {
        let mut all = self.all();
        let waiting = all.entry(code).or_default();
        waiting.times += 1;
        waiting.last = Some((kind, now));
        if std::mem::replace(&mut waiting.is_due, true) {
            return None;
        }
        let since = waiting.written.map_or(PAUSE_MS, |written| now.millis_since(written));
        Some(Duration::from_millis(PAUSE_MS.saturating_sub(since)))
    }

    /// Takes the refusals of a code as one event: the last of them, with how many there were.
    fn take(&self, code: ErrorCode, now: UtcMillis) -> Option<(EventKind, UtcMillis)> {
        let mut all = self.all();
        let waiting = all.get_mut(&code)?;
        (waiting.is_due, waiting.written) = (false, Some(now));
        let counted = std::mem::take(&mut waiting.times);
        let (mut kind, at) = waiting.last.take()?;
        if let EventKind::Refused { times, .. } = &mut kind {
            *times = counted;
        }
        Some((kind, at))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<ErrorCode, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a login was refused by the rules, which write that down in their transaction.
const fn is_by_the_rules(code: ErrorCode) -> bool {
    use ErrorCode::{
        DeviceTaken, LoggedInElsewhere, LoginDisabled, NoSuchDevice, NoSuchProfile, NoSuchUser,
    };
    matches!(
        code,
        NoSuchDevice | LoginDisabled | NoSuchUser | NoSuchProfile | DeviceTaken | LoggedInElsewhere
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(phone: &str) -> EventKind {
        let (user, phone, by) = (String::new(), phone.to_owned(), Actor::SYSTEM);
        EventKind::Refused { user, phone, code: 26, by, times: 1, why: None }
    }

    #[test]
    fn of_many_with_one_code_one_is_written_down_in_a_while_and_stands_for_all() {
        let refusals = Refusals::default();
        let count = |code, now| refusals.count(code, kind("SEP1"), UtcMillis(now));
        let pause = |ms| Some(Duration::from_millis(ms));
        assert_eq!(count(ErrorCode::Busy, 0), pause(0));
        assert_eq!(
            refusals.take(ErrorCode::Busy, UtcMillis(1)),
            Some((kind("SEP1"), UtcMillis(0)))
        );
        assert_eq!(count(ErrorCode::Busy, 501), pause(500));
        assert_eq!(count(ErrorCode::UntrustedIp, 700), pause(0));
        assert_eq!(count(ErrorCode::Busy, 800), None, "it is due");
        let (taken, at) = refusals.take(ErrorCode::Busy, UtcMillis(1_001)).unwrap();
        assert!(matches!(taken, EventKind::Refused { times: 2, .. }), "{taken:?}");
        assert_eq!(at, UtcMillis(800), "when the last of them was");
        assert_eq!(refusals.take(ErrorCode::Busy, UtcMillis(1_002)), None);
    }
}
