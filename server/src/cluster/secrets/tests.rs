//! Guarantees about guessing, over a store in memory.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use engine::ports::{AttemptChanges, AttemptStore, KnownSource, TallyKey, TallyRow};
use engine::{Actor, UtcMillis, ports::StoreError};
use terms::ActorKind;

use super::{Claim, LockedName, Passwords, Secrets, Verdict};

const MINUTE_MS: i64 = 60_000;
const HERE: &str = "192.0.2.1";

#[derive(Default)]
struct Memory {
    tallies: Mutex<Vec<(TallyRow, UtcMillis)>>,
    sources: Mutex<Vec<(KnownSource, UtcMillis)>>,
    audit: Mutex<Vec<String>>,
    writes: AtomicUsize,
}

#[async_trait]
impl AttemptStore for Memory {
    async fn attempt_tallies(&self) -> Result<Vec<(TallyRow, UtcMillis)>, StoreError> {
        Ok(self.tallies.lock().unwrap().clone())
    }

    async fn save_attempts(
        &self,
        changes: AttemptChanges,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        let AttemptChanges { tallies, forgotten, sources, audit } = changes;
        let gone =
            |key: &TallyKey| forgotten.contains(key) || tallies.iter().any(|row| row.key == *key);
        let mut all = self.tallies.lock().unwrap();
        all.retain(|(row, _)| !gone(&row.key));
        all.extend(tallies.iter().map(|row| (row.clone(), now)));
        self.sources.lock().unwrap().extend(sources.into_iter().map(|source| (source, now)));
        self.audit
            .lock()
            .unwrap()
            .extend(audit.into_iter().map(|row| format!("{} {}", row.2, row.3)));
        Ok(())
    }

    async fn known_source(&self, source: &KnownSource) -> Result<Option<UtcMillis>, StoreError> {
        let sources = self.sources.lock().unwrap();
        Ok(sources.iter().rev().find(|(known, _)| known == source).map(|(_, at)| *at))
    }

    async fn forget_sources(&self, _: UtcMillis, _: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}

/// A test setup in which every secret is "right".
struct House {
    store: Memory,
    secrets: Secrets,
    hash: String,
    /// The wall clock.
    now: i64,
}

impl House {
    async fn new() -> Self {
        let secrets = Secrets::default();
        let hash = secrets.passwords().hash("right".to_owned()).await.unwrap();
        Self { store: Memory::default(), secrets, hash, now: 1_800_000_000_000 }
    }

    /// Restarts the program `millis` after its end.
    async fn restart_after(&mut self, millis: i64) {
        let now = UtcMillis(self.now);
        self.secrets.flush(&self.store, now).await.unwrap();
        self.now += millis;
        self.secrets =
            Secrets::load(Passwords::new(), &self.store, UtcMillis(self.now)).await.unwrap();
    }

    async fn check(&self, claim: &Claim<'_>, secret: &str) -> Verdict {
        let now = UtcMillis(self.now);
        self.secrets.check(&self.store, claim, secret.to_owned(), now).await.unwrap()
    }

    fn claim<'a>(&'a self, kind: ActorKind, name: &'a str, address: &'a str) -> Claim<'a> {
        Claim { kind, name, hash: Some(&self.hash), address, phone: "" }
    }

    /// The verdict on a PIN of john from an address.
    async fn john(&self, pin: &str, address: &str) -> Verdict {
        self.check(&self.claim(ActorKind::User, "john", address), pin).await
    }

    async fn kim(&self, password: &str, address: &str) -> Verdict {
        self.check(&self.claim(ActorKind::Administrator, "kim", address), password).await
    }
}

/// The seconds to wait, and whether the name is locked; `None` if the secret was checked.
fn refused(verdict: Verdict) -> Option<(u32, bool)> {
    match verdict {
        Verdict::Refused(refusal) => Some((refusal.seconds(), refusal.is_locked)),
        _ => None,
    }
}

#[tokio::test]
async fn five_wrong_pins_lock_for_half_an_hour_and_a_right_one_before_clears_them() {
    let mut house = House::new().await;
    for _ in 0..2 {
        for _ in 0..4 {
            assert_eq!(house.john("wrong", HERE).await, Verdict::Wrong);
        }
        assert_eq!(house.john("right", HERE).await, Verdict::Right);
    }
    for _ in 0..5 {
        assert_eq!(house.john("wrong", HERE).await, Verdict::Wrong);
    }
    assert_eq!(refused(house.john("right", HERE).await), Some((1_800, true)));
    house.restart_after(29 * MINUTE_MS).await;
    assert_eq!(refused(house.john("right", HERE).await), Some((60, true)), "a restart ends none");
    house.restart_after(MINUTE_MS).await;
    assert_eq!(house.john("right", HERE).await, Verdict::Right, "nor does it begin one");
    let audit = house.store.audit.lock().unwrap();
    assert_eq!(*audit, [format!("user john 5 wrong PINs, for 30 minutes, at {HERE}")]);
}

#[tokio::test]
async fn nobody_elsewhere_locks_a_name_where_it_was_right_before() {
    let mut house = House::new().await;
    assert_eq!(house.john("right", HERE).await, Verdict::Right);
    let mut looked_at = 0;
    for number in 0..40 {
        let address = format!("198.51.100.{number}");
        for _ in 0..5 {
            looked_at += u32::from(house.john("wrong", &address).await == Verdict::Wrong);
        }
    }
    assert_eq!(looked_at, 20, "over all sources");
    house.restart_after(0).await;
    let (wait, is_locked) = refused(house.john("right", "203.0.113.1").await).unwrap();
    assert!((599..=600).contains(&wait) && is_locked, "it is locked where nobody knows it");
    assert_eq!(house.john("wrong", HERE).await, Verdict::Wrong);
    assert_eq!(house.john("right", HERE).await, Verdict::Right);
    house.restart_after(10 * MINUTE_MS).await;
    assert_eq!(house.john("right", "203.0.113.1").await, Verdict::Right, "for minutes");
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_are_one_source() {
    let house = House::new().await;
    for number in 0..5 {
        let address = format!("2001:db8::{number}");
        assert_eq!(house.john("wrong", &address).await, Verdict::Wrong);
    }
    assert!(refused(house.john("wrong", "2001:db8::9").await).is_some());
    assert_eq!(house.john("right", "2001:db8:0:1::9").await, Verdict::Right);
}

#[tokio::test]
async fn the_success_of_one_name_forgives_no_other() {
    let house = House::new().await;
    let jane = house.claim(ActorKind::User, "jane", HERE);
    for _ in 0..5 {
        assert_eq!(house.john("wrong", HERE).await, Verdict::Wrong);
        assert_eq!(house.check(&jane, "right").await, Verdict::Right);
    }
    assert!(refused(house.john("right", HERE).await).is_some());
}

#[tokio::test]
async fn a_source_alone_only_delays_and_not_who_is_known_there() {
    let house = House::new().await;
    assert_eq!(house.kim("right", HERE).await, Verdict::Right);
    for number in 0..21 {
        let name = format!("nobody{number}");
        let nobody = Claim { hash: None, ..house.claim(ActorKind::User, &name, HERE) };
        assert_eq!(house.check(&nobody, "wrong").await, Verdict::Wrong);
    }
    let (wait, is_locked) = refused(house.john("right", HERE).await).unwrap();
    assert!(wait <= 5 && !is_locked, "{wait}");
    assert_eq!(house.john("right", "192.0.2.2").await, Verdict::Right);
    assert_eq!(house.kim("right", HERE).await, Verdict::Right);
    // A name of another kind does not wait either.
    let vera = house.claim(ActorKind::Administrator, "vera", HERE);
    assert_eq!(house.check(&vera, "right").await, Verdict::Right);
}

#[test]
fn many_new_users_of_one_source_try_at_once_until_many_have_failed() {
    let limits = super::AttemptLimits::default();
    let claim =
        |name| Claim { kind: ActorKind::User, name, hash: None, address: HERE, phone: "SEP1" };
    let names: Vec<_> = (0..40).map(|number| format!("user{number}")).collect();
    let mut attempts: Vec<_> =
        names.iter().map(|name| limits.begin(&claim(name), None).ok().unwrap()).collect();
    attempts.drain(..20).for_each(|attempt| attempt.failed(None));
    attempts.into_iter().for_each(super::limits::Attempt::take_back);
    // After twenty failures, attempts are admitted one at a time.
    let one = limits.begin(&claim("one"), None).ok().unwrap();
    assert!(limits.begin(&claim("other"), None).is_err());
    one.take_back();
    assert!(limits.begin(&claim("other"), None).is_ok());
}

#[tokio::test]
async fn guesses_at_a_phone_delay_others_there_and_refuse_nobody() {
    let house = House::new().await;
    for number in 0..21 {
        let (name, address) = (format!("nobody{number}"), format!("198.51.100.{number}"));
        let nobody = Claim { phone: "SEP1", ..house.claim(ActorKind::User, &name, &address) };
        assert_eq!(house.check(&nobody, "wrong").await, Verdict::Wrong);
    }
    let at = |phone| Claim { phone, ..house.claim(ActorKind::User, "john", HERE) };
    let begun = Instant::now();
    assert_eq!(house.check(&at("sep1"), "right").await, Verdict::Right);
    assert!(begun.elapsed() > Duration::from_millis(500), "{:?}", begun.elapsed());
    let elsewhere = Claim { phone: "SEP2", ..house.claim(ActorKind::User, "jane", HERE) };
    assert_eq!(house.check(&elsewhere, "right").await, Verdict::Right);
}

/// The number of refused attempts out of 80 at once, each under its own name, at a phone with 21
/// failed guesses. `address` gives the address of each attempt.
async fn refused_at_a_phone(address: impl Fn(usize) -> String) -> usize {
    let house = House::new().await;
    for number in 0..21 {
        let (name, address) = (format!("nobody{number}"), format!("198.51.100.{number}"));
        let nobody = Claim { phone: "SEP1", ..house.claim(ActorKind::User, &name, &address) };
        assert_eq!(house.check(&nobody, "wrong").await, Verdict::Wrong);
    }
    let all = (0..80).map(async |number: usize| {
        let (name, address) = (format!("new{number}"), address(number));
        let claim = Claim { phone: "SEP1", ..house.claim(ActorKind::User, &name, &address) };
        let now = UtcMillis(house.now);
        // On a busy machine, an attempt may wait too long for its hash: the limits have admitted the
        // attempt all the same.
        let checked = house.secrets.check(&house.store, &claim, "right".to_owned(), now).await;
        matches!(checked, Ok(Verdict::Refused(_)))
    });
    let all = futures::future::join_all(all).await;
    all.into_iter().filter(|is_refused| *is_refused).count()
}

/// Each waiting secret holds a request: the number is bounded per source and in all.
#[tokio::test]
async fn secrets_that_wait_because_of_a_phone_are_bounded() {
    let (one, many) = futures::join!(
        refused_at_a_phone(|_| HERE.to_owned()),
        refused_at_a_phone(|number| format!("203.0.113.{number}")),
    );
    assert_eq!((one, many), (80 - super::DELAYED_EACH, 80 - super::MOST_DELAYED));
}

#[tokio::test]
async fn a_password_of_an_application_user_can_not_be_guessed_for_ever() {
    let mut house = House::new().await;
    let mut looked_at = 0;
    for round in 0..60 {
        let emproxy = house.claim(ActorKind::ApplicationUser, "emproxy", HERE);
        looked_at += u32::from(house.check(&emproxy, &format!("{round}")).await == Verdict::Wrong);
        // The longest of the growing waits.
        house.restart_after(MINUTE_MS).await;
        if looked_at == 20 {
            break;
        }
    }
    let emproxy = house.claim(ActorKind::ApplicationUser, "emproxy", HERE);
    assert_eq!(refused(house.check(&emproxy, "right").await), Some((14 * 60, true)));
    let audit = house.store.audit.lock().unwrap();
    assert!(audit[0].starts_with("application user emproxy 20 wrong passwords"), "{audit:?}");
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_no_wait_longer() {
    let mut house = House::new().await;
    for _ in 0..4 {
        assert_eq!(house.kim("wrong", HERE).await, Verdict::Wrong);
    }
    assert_eq!(refused(house.kim("right", HERE).await), Some((1, false)));
    house.restart_after(-60 * MINUTE_MS).await;
    let wait = refused(house.kim("right", HERE).await);
    assert!(wait.is_none_or(|wait| wait == (1, false)), "{wait:?}");
    house.restart_after(1_000).await;
    assert_eq!(house.kim("right", HERE).await, Verdict::Right);
}

#[tokio::test]
async fn a_new_secret_ends_a_lock() {
    let mut house = House::new().await;
    for _ in 0..5 {
        house.john("wrong", HERE).await;
    }
    assert!(refused(house.john("right", HERE).await).is_some());
    house.restart_after(0).await;
    house.hash = house.secrets.passwords().hash("new".to_owned()).await.unwrap();
    assert_eq!(house.john("new", HERE).await, Verdict::Right);
}

#[tokio::test]
async fn many_at_once_are_no_more_than_one_after_the_other() {
    let house = House::new().await;
    let checks = futures::future::join_all((0..12).map(|_| house.john("wrong", HERE))).await;
    assert_eq!(checks.iter().filter(|check| **check == Verdict::Wrong).count(), 5);
    let passwords = (0..12).map(|_| house.kim("wrong", HERE));
    let checks = futures::future::join_all(passwords).await;
    assert_eq!(checks.iter().filter(|check| **check == Verdict::Wrong).count(), 4);
}

#[tokio::test]
async fn who_does_not_exist_is_refused_like_who_does_and_stands_in_no_audit() {
    let house = House::new().await;
    let nobody = Claim { hash: None, ..house.claim(ActorKind::User, "nobody", HERE) };
    for _ in 0..5 {
        assert_eq!(house.check(&nobody, "wrong").await, Verdict::Wrong);
    }
    assert_eq!(refused(house.check(&nobody, "wrong").await), Some((1_800, true)));
    house.secrets.flush(&house.store, UtcMillis(house.now)).await.unwrap();
    assert!(house.store.audit.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_flood_of_guesses_is_one_write_and_the_right_ones_are_none() {
    let house = House::new().await;
    let flush = async || house.secrets.flush(&house.store, UtcMillis(house.now)).await.unwrap();
    for number in 0..40 {
        house.john("wrong", &format!("198.51.100.{number}")).await;
    }
    assert_eq!(house.store.writes.load(Ordering::SeqCst), 0, "nothing is written by whoever asks");
    flush().await;
    flush().await;
    assert_eq!(house.store.writes.load(Ordering::SeqCst), 1);
    assert_eq!(house.kim("right", HERE).await, Verdict::Right);
    flush().await;
    assert_eq!(house.store.writes.load(Ordering::SeqCst), 2, "the source knows kim now");
    for _ in 0..5 {
        assert_eq!(house.kim("right", HERE).await, Verdict::Right);
        flush().await;
    }
    assert_eq!(house.store.writes.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_attempt_whose_asker_has_gone_counts() {
    let house = Arc::new(House::new().await);
    for _ in 0..5 {
        let mut gone = Box::pin(house.john("wrong", HERE));
        assert!(futures::FutureExt::now_or_never(gone.as_mut()).is_none());
    }
    assert!(refused(house.john("right", HERE).await).is_some());
}

#[tokio::test]
async fn a_lock_is_shown_and_ended_by_hand_and_the_audit_says_by_whom() {
    let mut house = House::new().await;
    for _ in 0..5 {
        house.john("wrong", HERE).await;
    }
    let locked = house.secrets.locked();
    assert_eq!(locked.len(), 1);
    let LockedName { kind, name, source, .. } = &locked[0];
    assert_eq!((*kind, name.as_str(), source.as_str()), (ActorKind::User, "john", HERE));
    let by = Actor::administrator("kim", "192.0.2.9");
    assert!(!house.secrets.unlock(ActorKind::User, "john", "192.0.2.2", &by), "not there");
    assert!(!house.secrets.unlock(ActorKind::Administrator, "john", HERE, &by), "nobody's");
    assert!(house.secrets.unlock(ActorKind::User, "john", HERE, &by));
    assert!(house.secrets.locked().is_empty());
    // The lock stays ended over a restart.
    house.restart_after(MINUTE_MS).await;
    assert_eq!(house.john("right", HERE).await, Verdict::Right);
    let audit = house.store.audit.lock().unwrap().clone();
    assert_eq!(audit.last().unwrap(), &format!("user john at {HERE}"));
}
