//! Refusals before the rules were asked: who may not ask, from where, too many at a time.
//!
//! They come as fast as somebody can send them, so of each code one is written down in a while; the
//! trace has them all.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use engine::{Actor, EventKind, UtcMillis, ports::EventStore};
use terms::ErrorCode;
use wire::request::{EmRequest, Operation};

use crate::cluster::Cluster;

/// For how long no other refusal with the same code is written down.
const PAUSE_MS: u64 = 1_000;

/// When a refusal was written down last, by code.
#[derive(Default)]
pub(super) struct Refusals(Mutex<HashMap<ErrorCode, UtcMillis>>);

impl Refusals {
    /// Writes a refusal of a login down, if it is its turn. `by` is who was authenticated, or who
    /// somebody said to be.
    pub(super) async fn note(
        &self,
        cluster: &Cluster,
        request: &EmRequest,
        by: Actor,
        code: ErrorCode,
    ) {
        let Operation::Login { user, device, .. } = &request.operation else { return };
        let now = cluster.clock.now();
        if !is_early(code) || !self.is_its_turn(code, now) {
            return;
        }
        let (user, phone) = (user.clone(), device.clone());
        let kind = EventKind::Refused { user, phone, code: code.number(), by };
        if let Err(error) = cluster.store.note_event(kind, now).await {
            tracing::debug!(%error, "a refusal could not be written down");
        }
    }

    fn is_its_turn(&self, code: ErrorCode, now: UtcMillis) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = last.get(&code).is_none_or(|at| now.millis_since(*at) >= PAUSE_MS);
        if turn {
            last.insert(code, now);
        }
        turn
    }
}

/// Whether a code comes before the rules, which write down what they refuse themselves.
const fn is_early(code: ErrorCode) -> bool {
    use ErrorCode::{
        Busy, InvalidAppUser, NoProxyRights, NotAuthorized, ProxyNotAllowed, UntrustedIp,
    };
    matches!(
        code,
        NotAuthorized | InvalidAppUser | NoProxyRights | Busy | UntrustedIp | ProxyNotAllowed
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_with_one_code_one_is_written_down_in_a_while() {
        let refusals = Refusals::default();
        let turn = |code, now| refusals.is_its_turn(code, UtcMillis(now));
        assert!(turn(ErrorCode::Busy, 0));
        assert!(!turn(ErrorCode::Busy, 999));
        assert!(turn(ErrorCode::UntrustedIp, 999));
        assert!(turn(ErrorCode::Busy, 1000));
    }
}
