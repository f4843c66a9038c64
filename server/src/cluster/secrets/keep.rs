//! Storage of failure counts. The counts survive a restart, and a flood of guesses causes one write
//! a second.

use std::{sync::Arc, time::Duration};

use engine::ports::{AttemptChanges, AttemptStore, KnownSource, TallyKey, TallyRow};
use engine::{UtcMillis, ports::StoreError};
use terms::{ActorKind, Named};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    Secrets, Source,
    limits::AttemptLimits,
    rules::{KNOWN_DAYS, Left, Tally},
    tallies::TallyScope,
};
use crate::cluster::{Cluster, Passwords};

/// The shortest time between two writes.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// How often expired tallies and sources are deleted.
const FORGET_EVERY: Duration = Duration::from_mins(1);
/// The most sources that one transaction deletes.
const FORGOTTEN_SOURCES: u32 = 500;

/// Stores changes for as long as the cluster runs.
pub(in crate::cluster) async fn run(cluster: Arc<Cluster>) {
    let Cluster { secrets, store, clock, .. } = &*cluster;
    let (mut write, mut forget) = (interval(WRITE_EVERY), interval(FORGET_EVERY));
    write.set_missed_tick_behavior(MissedTickBehavior::Delay);
    forget.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    loop {
        tokio::select! {
            () = secrets.limits.changed.notified() => {}
            _ = forget.tick() => {
                let limits = &secrets.limits;
                limits.state().tallies.forget_what_is_over(limits.now());
                let days = i64::from(KNOWN_DAYS) * 24 * 60 * 60 * 1000;
                let before = UtcMillis(clock.now().0.saturating_sub(days));
                if let Err(error) = store.forget_sources(before, FORGOTTEN_SOURCES).await {
                    tracing::debug!(%error, "sources could not be forgotten");
                }
            }
        }
        let written = secrets.flush(&**store, clock.now()).await;
        if let Err(error) = &written
            && !is_failing
        {
            tracing::error!(%error, "failed attempts could not be written down");
        }
        is_failing = written.is_err();
        write.tick().await;
    }
}

impl Secrets {
    /// Loads the tallies that an earlier run stored.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn load(
        passwords: Passwords,
        store: &(impl AttemptStore + ?Sized),
        now: UtcMillis,
    ) -> Result<Self, StoreError> {
        let secrets = Self::new(passwords);
        secrets.limits.restore(store.attempt_tallies().await?, now);
        Ok(secrets)
    }

    /// Stores all changes.
    ///
    /// # Errors
    /// When the changes can't be stored; the next flush tries again.
    pub async fn flush(
        &self,
        store: &(impl AttemptStore + ?Sized),
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        let limits = &self.limits;
        let (tallies, sources, audit) = {
            let mut state = limits.state();
            // Sources stay in `state` until they are stored: a check in the meantime finds them
            // without a read of the store.
            let sources: Vec<_> = state.sources.iter().cloned().collect();
            (state.tallies.take_changes(), sources, state.locks.take(limits.now()))
        };
        if tallies.is_empty() && sources.is_empty() && audit.is_empty() {
            return Ok(());
        }
        let mut changes = AttemptChanges { sources, audit, ..AttemptChanges::default() };
        for (scope, tally) in &tallies {
            match tally {
                Some(tally) => changes.tallies.push(row(scope, tally, limits.now())),
                None => changes.forgotten.push(tally_key(scope)),
            }
        }
        let (sources, audit) = (changes.sources.clone(), changes.audit.clone());
        let saved = store.save_attempts(changes, now).await;
        let mut state = limits.state();
        if saved.is_ok() {
            for source in &sources {
                state.sources.remove(source);
            }
        } else {
            state.tallies.give_back(tallies);
            state.locks.give_back(audit);
        }
        saved
    }

    /// Stores all remaining changes when the cluster stops, also locks that wait for the end of
    /// their minute.
    ///
    /// # Errors
    /// When the changes can't be stored.
    pub async fn close(
        &self,
        store: &(impl AttemptStore + ?Sized),
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.limits.state().locks.end_minute();
        self.flush(store, now).await
    }

    /// When the secret of a name was last right at a source.
    pub(super) async fn known(
        &self,
        store: &(impl AttemptStore + ?Sized),
        source: &KnownSource,
        now: UtcMillis,
    ) -> Result<Option<UtcMillis>, StoreError> {
        if self.limits.is_waiting(source) {
            return Ok(Some(now));
        }
        store.known_source(source).await
    }
}

impl AttemptLimits {
    /// Restores stored tallies. The time since they were stored counts as passed; a stored time in
    /// the future counts as now.
    fn restore(&self, rows: Vec<(TallyRow, UtcMillis)>, wall: UtcMillis) {
        let now = self.now();
        let mut state = self.state();
        for (row, stored) in rows {
            let TallyRow { key, failures, secret, wait_ms, forget_ms } = row;
            // A scope of a newer program is ignored, and its row stays in the store.
            let Some(scope) = scope(key) else { continue };
            let passed = wall.millis_since(stored);
            let left = |ms: u64| Duration::from_millis(ms.saturating_sub(passed));
            let left = Left { wait: left(wait_ms), forget: left(forget_ms) };
            let tally = Tally::kept(scope.rule(), failures, secret, left, now);
            state.tallies.restore(scope.clone(), tally);
            if stored > wall {
                // Stored again with the current time, or the time until the next start might not
                // count.
                state.tallies.mark(&scope);
            }
        }
    }
}

fn row(scope: &TallyScope, tally: &Tally, now: Duration) -> TallyRow {
    let millis = |left: Duration| u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    TallyRow {
        key: tally_key(scope),
        failures: tally.failures,
        secret: tally.secret,
        wait_ms: millis(tally.wait(now)),
        forget_ms: millis(tally.forget_at.saturating_sub(now)),
    }
}

fn tally_key(scope: &TallyScope) -> TallyKey {
    let key = |scope: &str, kind: &str, name: &str, source: String| TallyKey {
        scope: scope.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        source,
    };
    match scope {
        TallyScope::NameAtSource(kind, name, source) => {
            key("name_at_source", kind.name(), name, source.to_string())
        }
        TallyScope::Name(kind, name) => key("name", kind.name(), name, String::new()),
        TallyScope::Source(kind, source) => key("source", kind.name(), "", source.to_string()),
        TallyScope::Phone(phone) => key("phone", "", phone, String::new()),
    }
}

fn scope(key: TallyKey) -> Option<TallyScope> {
    let TallyKey { scope, kind, name, source } = key;
    let kind = || ActorKind::from_name(&kind);
    let source = || Source::of_text(&source);
    match scope.as_str() {
        "name_at_source" => Some(TallyScope::NameAtSource(kind()?, name, source())),
        "name" => Some(TallyScope::Name(kind()?, name)),
        "source" => Some(TallyScope::Source(kind()?, source())),
        "phone" => Some(TallyScope::Phone(name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_reads_back_from_how_it_is_stored() {
        let source = Source::of_text("2001:db8::1");
        for one in [
            TallyScope::NameAtSource(ActorKind::Administrator, "kim".to_owned(), source),
            TallyScope::NameAtSource(ActorKind::User, "john".to_owned(), Source::Unknown),
            TallyScope::Name(ActorKind::ApplicationUser, "emproxy".to_owned()),
            TallyScope::Source(ActorKind::User, Source::of_text("192.0.2.1")),
            TallyScope::Phone("sep1".to_owned()),
        ] {
            assert_eq!(scope(tally_key(&one)), Some(one));
        }
        assert_eq!(scope(TallyKey { scope: "tomorrow".into(), ..TallyKey::default() }), None);
    }
}
