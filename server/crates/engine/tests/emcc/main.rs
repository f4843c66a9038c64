//! Explores every interleaving of two clusters, up to a bound.
//!
//! `seoul` owns two phones, `busan` the users and a phone; each action on a cluster is an operation of
//! the engine on the store of the crate `model`. Questions and farewells are lost, late, out of order
//! and repeated; answers are lost and late; Seoul stops waiting or crashes, and logins end on either
//! side, at any moment. Every state that up to three log-ins can reach is visited once: this is no
//! sample.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod action;
mod cluster;
mod clusters;
mod explore;
mod memo;
mod names;
mod operation;
mod properties;
mod renaming;
mod requests;
mod rest;
mod rows;
mod run;
mod state;
mod tables;
mod transition;

use terms::MultipleLoginBehavior;

use self::{
    explore::explore,
    run::{Missing, Run},
};

/// Whether the largest runs reconcile too, which takes minutes (`make model`).
fn is_large() -> bool {
    std::env::var_os("SOJOURN_MODEL").is_some_and(|size| size == "large")
}

/// Checks all properties for three log-ins.
fn holds(behavior: MultipleLoginBehavior) {
    let run = Run { behavior, log_ins: 3, reconciles: is_large(), missing: None };
    let states = explore(run).unwrap_or_else(|fault| panic!("{fault}"));
    // A small number of states would mean that the exploration does not go on.
    assert!(states > 300_000, "{states} states");
}

#[test]
fn multiple_logins_allowed_forgets_no_stay() {
    holds(MultipleLoginBehavior::Allowed);
}

#[test]
fn multiple_logins_not_allowed_forgets_no_stay_and_keeps_the_promise() {
    holds(MultipleLoginBehavior::NotAllowed);
}

#[test]
fn auto_logout_forgets_no_stay_and_keeps_the_promise() {
    holds(MultipleLoginBehavior::AutoLogout);
}

#[test]
fn reconcile_keeps_every_property() {
    for behavior in MultipleLoginBehavior::ALL {
        let run = Run { behavior, log_ins: 2, reconciles: true, missing: None };
        let states = explore(run).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(states > 9_000, "{states} states");
    }
}

/// Whether a property fails without this rule, for every behavior.
fn is_needed(rule: Missing) -> bool {
    MultipleLoginBehavior::ALL.into_iter().all(|behavior| {
        let run = Run { behavior, log_ins: 2, reconciles: false, missing: Some(rule) };
        explore(run).is_err()
    })
}

#[test]
fn tombstones_are_needed() {
    assert!(is_needed(Missing::Tombstones));
}

#[test]
fn intents_are_needed() {
    assert!(is_needed(Missing::Intents));
}

#[test]
fn login_ids_in_farewells_are_needed() {
    assert!(is_needed(Missing::Identities));
}
