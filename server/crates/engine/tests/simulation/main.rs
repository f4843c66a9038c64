//! Runs random interleavings of log-in, log-out, expiry, parameter change and crash, and compares them
//! with a sequential model (`rules`) that is independent of the engine's code.
//!
//! Requests run concurrently, each yields at every step of its transaction, and the seed chooses the
//! next one. The store is the one of the crate `model`, with PostgreSQL's semantics: read committed,
//! with locks on users and phones. The committed operations, in the order of the commits, are then
//! replayed on the sequential model, which must give the same answers.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod check;
mod people;
mod rules;
mod run;

use model::Part;
use rand::{SeedableRng, rngs::StdRng};

/// The number of interleavings; each has about sixty steps.
const INTERLEAVINGS: u64 = 13_000;

/// The first seed with a fault.
fn fault(mut drive: impl FnMut(&mut StdRng) -> Result<(), String>) -> Option<(u64, String)> {
    (0..INTERLEAVINGS).find_map(|seed| Some((seed, drive(&mut StdRng::seed_from_u64(seed)).err()?)))
}

#[test]
fn every_interleaving_keeps_the_promise() {
    let mut total = run::Seen::default();
    let fault = fault(|dice| {
        total.add(&run::interleaving(dice, &[])?);
        Ok(())
    });
    assert_eq!(fault, None);
    // A rule is tested only if the simulation reaches it often enough.
    for code in [11, 12, 18, 19, 22, 23, 25] {
        assert!(total.refused(code) > 500, "error {code} occurred {} times", total.refused(code));
    }
    for cause in ["logout", "auto_logout", "expired", "forced"] {
        assert!(total.ended(cause) > 500, "{cause} occurred {} times", total.ended(cause));
    }
    let run::Seen { restarts, again, moved, conflicts, .. } = total;
    assert!(restarts > 500 && again > 100 && moved > 500, "{restarts}, {again}, {moved}");
    assert!(conflicts > 100, "{conflicts} conflicts");
}

#[test]
fn a_store_without_one_of_its_parts_shows_a_fault() {
    const PARTS: [&[Part]; 6] = [
        &[Part::Locks],
        &[Part::ReadAfterLock],
        &[Part::EndCheck],
        &[Part::JobLock],
        &[Part::Version],
        &[Part::ConfigurationLock],
    ];
    for missing in PARTS {
        let fault = fault(|dice| run::interleaving(dice, missing).map(drop));
        assert!(fault.is_some(), "without {missing:?}");
    }
}

/// The unique indexes are the last guard: without the locks they alone keep the promise.
#[test]
fn without_locks_each_unique_index_keeps_its_part_of_the_promise() {
    let fault = |missing: &'static [Part]| fault(|dice| run::promise(dice, missing));
    assert_eq!(fault(&[Part::Locks]), None);
    let (seed, problem) = fault(&[Part::Locks, Part::PhoneIndex]).expect("the index is needed");
    assert!(problem.starts_with("two logins on SEP"), "{seed}: {problem}");
    let (seed, problem) = fault(&[Part::Locks, Part::UserIndex]).expect("the index is needed");
    assert!(problem.starts_with("two logins of "), "{seed}: {problem}");
}
