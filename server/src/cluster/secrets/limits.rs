//! Whether a secret may be tried now. The rules are in [`rules`](super::rules).

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use engine::ports::KnownSource;
use engine::{Actor, UtcMillis};
use sha2::{Digest, Sha256};
use terms::{ActorKind, Named};
use tokio::sync::Notify;

use super::{
    Source,
    locks::{LockNote, Locks},
    tallies::{Tallies, TallyScope, key},
};

/// The most sources that wait to be stored; past that, a new source is stored another time.
const WAITING_SOURCES: usize = 16_384;
/// The age from which the use of a source is stored again, in milliseconds: a day.
const STORED_AGAIN_MS: u64 = 24 * 60 * 60 * 1000;

/// A claim to a name, which a secret has to prove.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The kind of the secret's owner.
    pub kind: ActorKind,
    /// The name, as the client gave it. Empty where the home cluster limits guesses at the name: then only
    /// guesses at the source and the phone count.
    pub name: &'a str,
    /// The stored hash; `None` where the name has none, or does not exist.
    pub hash: Option<&'a str>,
    /// The address of the client; empty where unknown.
    pub address: &'a str,
    /// The phone of the request; empty where there is none.
    pub phone: &'a str,
}

impl Claim<'_> {
    /// The source of the attempt.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::of_text(self.address)
    }

    fn name_at_source(&self) -> TallyScope {
        TallyScope::NameAtSource(self.kind, key(self.name), self.source())
    }

    /// The row that says whether the source knows the name.
    pub(super) fn known_source(&self) -> KnownSource {
        KnownSource {
            kind: self.kind.name().to_owned(),
            name: key(self.name),
            source: self.source().to_string(),
        }
    }

    /// The scopes that count an attempt. At a source that knows the name, only the name at that source counts.
    fn scopes(&self, is_known: bool) -> Vec<TallyScope> {
        let mut scopes = Vec::new();
        if !self.name.is_empty() {
            scopes.push(self.name_at_source());
        }
        if !is_known {
            if !self.name.is_empty() {
                scopes.push(TallyScope::Name(self.kind, key(self.name)));
            }
            scopes.push(TallyScope::Source(self.kind, self.source()));
            if !self.phone.is_empty() {
                scopes.push(TallyScope::Phone(key(&terms::phone_key(self.phone))));
            }
        }
        scopes
    }

    /// A digest of the stored hash; zero where there is none.
    fn secret(&self) -> i64 {
        self.hash.map_or(0, |hash| {
            let digest: [u8; 32] = Sha256::digest(hash).into();
            let first = digest.first_chunk().copied().unwrap_or_default();
            i64::from_le_bytes(first)
        })
    }
}

/// Why a secret is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// How long to wait.
    pub wait: Duration,
    /// Whether the name is locked; otherwise the client has to wait for a short time.
    pub is_locked: bool,
}

/// The failures, and the sources that know names.
pub(super) struct AttemptLimits {
    started: Instant,
    state: Mutex<State>,
    /// Notified when there is something to store.
    pub(super) changed: Notify,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) tallies: Tallies,
    /// Sources to be stored.
    pub(super) sources: HashSet<KnownSource>,
    pub(super) locks: Locks,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self { started: Instant::now(), state: Mutex::default(), changed: Notify::new() }
    }
}

impl AttemptLimits {
    /// The time since the start of the process.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a source waits to be stored.
    pub(super) fn is_waiting(&self, source: &KnownSource) -> bool {
        self.state().sources.contains(source)
    }

    /// The refusal of a name at its source, whatever the other scopes say.
    pub(super) fn refusal_at_source(&self, claim: &Claim<'_>) -> Option<NotChecked> {
        refusal(&self.state().tallies, &[claim.name_at_source()], claim.secret(), self.now())
    }

    /// The delay of a secret at a phone before the secret is checked.
    pub(super) fn delay_at_phone(&self, claim: &Claim<'_>) -> Duration {
        let phones =
            claim.scopes(false).into_iter().filter(|one| matches!(one, TallyScope::Phone(_)));
        let phones: Vec<_> = phones.collect();
        let refusal = refusal(&self.state().tallies, &phones, claim.secret(), self.now());
        refusal.map_or(Duration::ZERO, |refusal| refusal.wait)
    }

    /// Begins an attempt. In the scopes that count from the beginning, the attempt is a failure until the secret
    /// was right or the attempt is taken back.
    pub(super) fn begin(
        &self,
        claim: &Claim<'_>,
        known: Option<UtcMillis>,
    ) -> Result<Attempt<'_>, NotChecked> {
        let now = self.now();
        let secret = claim.secret();
        let (phones, scopes): (Vec<_>, Vec<_>) = claim
            .scopes(known.is_some())
            .into_iter()
            .partition(|scope| matches!(scope, TallyScope::Phone(_)));
        let mut state = self.state();
        if let Some(refusal) = refusal(&state.tallies, &scopes, secret, now) {
            return Err(refusal);
        }
        let delay = refusal(&state.tallies, &phones, secret, now);
        let delay = delay.map_or(Duration::ZERO, |refusal| refusal.wait);
        let (scopes, mut later): (Vec<_>, Vec<_>) = scopes.into_iter().partition(|scope| {
            let failures = state.tallies.get(scope, secret, now).map_or(0, |tally| tally.failures);
            scope.has_name() || !scope.rule().is_free_after(failures)
        });
        later.extend(phones);
        let mut locks = Vec::new();
        for scope in &scopes {
            let failures = state.tallies.fail(scope, secret, now);
            if let Some(lasts) = scope.rule().lock_after(failures) {
                let everywhere = matches!(scope, TallyScope::Name(..));
                locks.push(LockNote { failures, lasts, everywhere });
            }
        }
        drop(state);
        Ok(Attempt { limits: self, delay, scopes, later, locks, known, is_settled: false })
    }
}

fn refusal(
    tallies: &Tallies,
    scopes: &[TallyScope],
    secret: i64,
    now: Duration,
) -> Option<NotChecked> {
    let waits = scopes.iter().filter_map(|scope| {
        let tally = tallies.get(scope, secret, now)?;
        let is_locked = scope.rule().lock_after(tally.failures).is_some();
        Some(NotChecked { wait: tally.wait(now), is_locked })
    });
    waits.filter(|refusal| !refusal.wait.is_zero()).max_by_key(|refusal| refusal.wait)
}

/// An attempt in progress. An attempt that is dropped without a result counts as a failure.
pub(super) struct Attempt<'a> {
    limits: &'a AttemptLimits,
    /// The delay before the secret is checked.
    pub(super) delay: Duration,
    /// The scopes that count the attempt already.
    scopes: Vec<TallyScope>,
    /// The scopes that count the attempt once it has failed; none of these scopes has a name.
    later: Vec<TallyScope>,
    /// The locks that a failure of the attempt causes.
    locks: Vec<LockNote>,
    /// When the name's secret was last right at the source.
    known: Option<UtcMillis>,
    is_settled: bool,
}

impl Attempt<'_> {
    /// Records that the secret was right.
    pub(super) fn succeeded(mut self, claim: &Claim<'_>, now: UtcMillis) {
        self.is_settled = true;
        let mut state = self.limits.state();
        for scope in &self.scopes {
            if matches!(scope, TallyScope::NameAtSource(..)) {
                state.tallies.forget(scope);
            } else {
                state.tallies.take_back(scope);
            }
        }
        let is_stored = self.known.is_some_and(|used| now.millis_since(used) < STORED_AGAIN_MS);
        if !is_stored && !claim.name.is_empty() && state.sources.len() < WAITING_SOURCES {
            state.sources.insert(claim.known_source());
        }
        self.tell(&state);
    }

    /// Records that the secret was wrong; `who` is the owner of the name, if there is an owner.
    pub(super) fn failed(mut self, who: Option<&Actor>) {
        self.is_settled = true;
        let mut state = self.limits.state();
        if let Some(who) = who {
            self.locks.iter().for_each(|lock| state.locks.note(who, lock));
        }
        self.count(&mut state);
    }

    /// Takes the attempt back: the secret was not checked.
    pub(super) fn take_back(mut self) {
        self.is_settled = true;
        let mut state = self.limits.state();
        for scope in &self.scopes {
            state.tallies.take_back(scope);
        }
        self.tell(&state);
    }

    fn count(&self, state: &mut State) {
        let now = self.limits.now();
        for scope in &self.later {
            state.tallies.fail(scope, 0, now);
        }
        for scope in self.scopes.iter().chain(&self.later) {
            state.tallies.mark(scope);
        }
        self.tell(state);
    }

    fn tell(&self, state: &State) {
        if state.has_changes() {
            self.limits.changed.notify_one();
        }
    }
}

impl State {
    fn has_changes(&self) -> bool {
        self.tallies.has_changes() || !self.sources.is_empty() || self.locks.has_any()
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.is_settled {
            let limits = self.limits;
            self.count(&mut limits.state());
        }
    }
}
