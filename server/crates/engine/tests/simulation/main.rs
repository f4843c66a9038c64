//! Drives the operations through random interleavings of log-in, log-out, expiry, parameter change and
//! crash, against a sequential model (`rules`) that knows nothing of the engine's code.
//!
//! Requests run at the same time, each yields at every step of its transaction, and the seed says who
//! goes on. The store is the one of the crate `model`, which is what PostgreSQL will be: read committed,
//! with locks on users and phones. What was committed, in the order of the commits, is then replayed on
//! the sequential model, which must say the same of every request.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod check;
mod people;
mod rules;
mod run;

use model::Part;
use rand::{SeedableRng, rngs::StdRng};

/// Interleavings that are driven; each has some sixty steps.
const INTERLEAVINGS: u64 = 13_000;

/// The first seed whose interleaving shows a fault.
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
    // A simulation that never meets a rule says nothing about it.
    for code in [11, 12, 18, 19, 22, 23, 25] {
        assert!(total.refused(code) > 500, "error {code} was met {} times", total.refused(code));
    }
    for cause in ["logout", "auto_logout", "expired", "forced"] {
        assert!(total.ended(cause) > 500, "{cause} was met {} times", total.ended(cause));
    }
    let run::Seen { restarts, again, moved, conflicts, .. } = total;
    assert!(restarts > 500 && again > 100 && moved > 500, "{restarts}, {again}, {moved}");
    assert!(conflicts > 100, "{conflicts} conflicts");
}

#[test]
fn a_store_that_lacks_a_part_is_noticed() {
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

/// The unique indexes are the last guard: the promise holds without the locks too, and it is they that
/// keep it.
#[test]
fn where_locks_fail_each_unique_index_keeps_its_part_of_the_promise() {
    let fault = |missing: &'static [Part]| fault(|dice| run::promise(dice, missing));
    assert_eq!(fault(&[Part::Locks]), None);
    let (seed, problem) = fault(&[Part::Locks, Part::PhoneIndex]).expect("the index is needed");
    assert!(problem.starts_with("two logins on SEP"), "{seed}: {problem}");
    let (seed, problem) = fault(&[Part::Locks, Part::UserIndex]).expect("the index is needed");
    assert!(problem.starts_with("two logins of "), "{seed}: {problem}");
}
