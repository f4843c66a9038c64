//! Refusals that the rules don't write down themselves: who may not ask, from where, too many at a
//! time, and whatever becomes of log-outs and queries.
//!
//! They come as fast as somebody can send them, so of each code one is written down in a while, with
//! how many it stands for; the trace has them all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use engine::{Actor, EventKind, UtcMillis, ports::EventStore};
use terms::{ErrorCode, NotUnderstood};
use wire::request::Operation;

use crate::cluster::Cluster;

/// For how long no other refusal with the same code is written down.
const PAUSE_MS: u64 = 1_000;

/// What is refused.
pub(super) enum Subject<'a> {
    /// An operation.
    Operation(&'a Operation),
    /// A request that was not understood.
    NotUnderstood(NotUnderstood),
}

/// The refusals of each code that are not written down yet.
#[derive(Default)]
pub(super) struct Refusals(Mutex<HashMap<ErrorCode, Waiting>>);

#[derive(Default)]
struct Waiting {
    times: u64,
    /// When one was written down last.
    last: Option<UtcMillis>,
}

impl Refusals {
    /// Counts a refusal, and has it written down if it is its turn: the answer does not wait for that.
    /// `by` is who was authenticated, or who somebody said to be.
    pub(super) fn note(
        &self,
        cluster: &Arc<Cluster>,
        subject: Subject<'_>,
        by: Actor,
        code: ErrorCode,
    ) {
        cluster.counters.refused(code);
        let (user, phone) = match &subject {
            Subject::Operation(Operation::Login { .. }) if is_by_the_rules(code) => return,
            Subject::Operation(Operation::Login { user, device, .. }) => {
                (user.clone(), device.clone())
            }
            Subject::Operation(Operation::Logout { device }) => (String::new(), device.clone()),
            _ => (String::new(), String::new()),
        };
        let why = match subject {
            Subject::NotUnderstood(why) => Some(why),
            Subject::Operation(_) => None,
        };
        let now = cluster.clock.now();
        let Some(times) = self.times(code, now) else { return };
        let kind = EventKind::Refused { user, phone, code: code.number(), by, times, why };
        let store = cluster.store.clone();
        cluster.tasks.spawn(async move {
            if let Err(error) = store.note_event(kind, now).await {
                tracing::debug!(%error, "a refusal could not be written down");
            }
        });
    }

    /// For how many refusals of this code the one now stands; `None` if it is not its turn.
    fn times(&self, code: ErrorCode, now: UtcMillis) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.entry(code).or_default();
        waiting.times += 1;
        if waiting.last.is_some_and(|last| now.millis_since(last) < PAUSE_MS) {
            return None;
        }
        waiting.last = Some(now);
        Some(std::mem::take(&mut waiting.times))
    }
}

/// Whether a login was refused by the rules, which write that down with the rest of what they do.
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

    #[test]
    fn of_many_with_one_code_one_is_written_down_in_a_while_and_stands_for_all() {
        let refusals = Refusals::default();
        let times = |code, now| refusals.times(code, UtcMillis(now));
        assert_eq!(times(ErrorCode::Busy, 0), Some(1));
        assert_eq!(times(ErrorCode::Busy, 500), None);
        assert_eq!(times(ErrorCode::Busy, 999), None);
        assert_eq!(times(ErrorCode::UntrustedIp, 999), Some(1));
        assert_eq!(times(ErrorCode::Busy, 1000), Some(3));
    }
}
