//! Explores everything that can happen between two clusters.
//!
//! `seoul` owns two phones, `busan` the users and a phone; all that happens to a cluster is an operation of
//! the engine on the store of the crate `model`. Between them questions and farewells are lost, late, out of
//! order and repeated, answers are lost and late; Seoul stops waiting or crashes, and logins end on either
//! side, at any moment. Every state that up to three log-ins can lead to is visited, once: this is no sample.

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

/// Whether the whole takes minutes (`make model`): then the clusters reconcile in the largest runs too.
fn is_large() -> bool {
    std::env::var_os("SOJOURN_MODEL").is_some_and(|size| size == "large")
}

/// Three log-ins, and the number of states that they lead to at least.
fn holds(behavior: MultipleLoginBehavior) {
    let run = Run { behavior, log_ins: 3, reconciles: is_large(), missing: None };
    let states = explore(run).unwrap_or_else(|fault| panic!("{fault}"));
    // An exploration that goes nowhere says nothing.
    assert!(states > 300_000, "{states} states");
}

#[test]
fn where_multiple_logins_are_allowed_no_stay_is_forgotten() {
    holds(MultipleLoginBehavior::Allowed);
}

#[test]
fn where_multiple_logins_are_not_allowed_no_stay_is_forgotten_and_the_promise_is_kept() {
    holds(MultipleLoginBehavior::NotAllowed);
}

#[test]
fn under_auto_logout_no_stay_is_forgotten_and_the_promise_is_kept() {
    holds(MultipleLoginBehavior::AutoLogout);
}

#[test]
fn clusters_that_reconcile_end_nothing_that_they_should_not() {
    for behavior in MultipleLoginBehavior::ALL {
        let run = Run { behavior, log_ins: 2, reconciles: true, missing: None };
        let states = explore(run).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(states > 9_000, "{states} states");
    }
}

/// Whether a property fails where this rule is missing, whatever the behavior.
fn is_needed(rule: Missing) -> bool {
    MultipleLoginBehavior::ALL.into_iter().all(|behavior| {
        let run = Run { behavior, log_ins: 2, reconciles: false, missing: Some(rule) };
        explore(run).is_err()
    })
}

#[test]
fn home_has_to_remember_which_stays_are_over() {
    assert!(is_needed(Missing::Tombstones));
}

#[test]
fn the_visiting_cluster_has_to_write_down_that_it_asks() {
    assert!(is_needed(Missing::Intents));
}

#[test]
fn a_farewell_has_to_say_which_login_it_means() {
    assert!(is_needed(Missing::Identities));
}
