//! Drives the engine through random interleavings of log-in, log-out, expiry, parameter change and
//! restart, against a sequential model that knows nothing of the engine's code.
//!
//! Requests run at the same time: each yields before and after the store's atomic operation, and
//! the seed says who goes on. What the store did, in the order in which it did it, is then replayed
//! on the model, which must say the same of every request.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod memory;
mod model;
mod run;

use rand::{SeedableRng, rngs::StdRng};

/// Interleavings that are driven; each has some forty steps.
const INTERLEAVINGS: u64 = 12_000;

#[test]
fn every_interleaving_keeps_the_promise() {
    let mut total = run::Seen::default();
    for seed in 0..INTERLEAVINGS {
        let seen = run::interleaving(&mut StdRng::seed_from_u64(seed))
            .unwrap_or_else(|problem| panic!("seed {seed}: {problem}"));
        total.add(&seen);
    }
    // A simulation that never meets a rule says nothing about it.
    for code in [11, 12, 18, 19, 22, 23, 25] {
        assert!(total.refused(code) > 500, "error {code} was met {} times", total.refused(code));
    }
    for cause in ["logout", "auto_logout", "expired"] {
        assert!(total.ended(cause) > 500, "{cause} was met {} times", total.ended(cause));
    }
    assert!(total.restarts > 500);
}
