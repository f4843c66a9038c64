//! Random programmes on a database and on the in-memory store of the crate `model`.
//! After each step, both stores have given the same answer and show the same rows.
//!
//! The database has two nodes, and the programme names the node that runs a step. Concurrent requests reach
//! a node in their order, which the writer of SQLite keeps.

mod compare;
mod people;
mod run;
mod stays;
mod step;
mod view;

use std::{cell::RefCell, collections::BTreeSet, env, fmt};

use proptest::{
    collection::vec,
    strategy::Strategy,
    test_runner::{Config, TestError, TestRng, TestRunner},
};

use self::step::Step;
use super::Database;

/// The number of programmes of a usual run, which has the same programmes each time.
/// A run with its number in `PROPTEST_CASES` has new programmes each time.
const PROGRAMMES: u32 = 48;
/// The most steps of a programme.
const STEPS: usize = 58;
/// The most attempts to shorten a failed programme.
const SHORTER: u32 = 2_000;

/// Steps, each with the node that runs it.
#[derive(Clone)]
pub struct Programme(Vec<(usize, Step)>);

impl fmt::Debug for Programme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (node, step)) in self.0.iter().enumerate() {
            write!(f, "\n{number:3}. node {node}: {step:?}")?;
        }
        Ok(())
    }
}

/// The parts of [`Met::EACH`] that occurred in an answer, an event or a farewell.
#[derive(Default)]
pub struct Met(BTreeSet<&'static str>);

impl Met {
    /// Parts of texts that a usual run must meet, since a programme tests only the rules that it meets.
    const EACH: [&str; 34] = [
        "Refused(NoSuchDevice)",
        "Refused(LoginDisabled)",
        "Refused(LogoutDisabled)",
        "Refused(NoSuchUser)",
        "Refused(NoSuchProfile)",
        "Refused(DeviceTaken)",
        "Refused(LoggedInElsewhere)",
        "Refused(NobodyLoggedIn)",
        "Refused(NoProxyRights)",
        "Refused(UntrustedIp)",
        "ConfigurationMoved",
        "Conflict",
        "cause: AutoLogout",
        "cause: Expired",
        "cause: Logout,",
        "cause: Forced",
        "cause: Policy",
        "cause: PinReset",
        "cause: UserDisabled",
        "Refused(EmccNotActivated)",
        "Refused(DuplicateDevice)",
        "Refused(EmccNotAllowed)",
        "cause: Remote",
        "cause: EmccDisabled",
        "login_type: Visiting",
        "login_type: Elsewhere",
        "to_home: true",
        "to_home: false",
        "cause: None",
        "state: Done",
        "state: Cancelled",
        "pin",
        "Last",
        "failed",
    ];

    fn note(&mut self, answer: &str) {
        self.0.extend(Self::EACH.into_iter().filter(|part| answer.contains(part)));
    }
}

/// Runs programmes on databases that `new` makes.
pub fn both_answer_and_show_the_same<D: Database>(new: impl Fn() -> D) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // A failed programme is printed whole, so there is no file of seeds to keep.
    let mut config =
        Config { failure_persistence: None, max_shrink_iters: SHORTER, ..Config::default() };
    let is_usual = env::var_os("PROPTEST_CASES").is_none();
    let mut runner = if is_usual {
        config.cases = PROGRAMMES;
        let dice = TestRng::deterministic_rng(config.rng_algorithm);
        TestRunner::new_with_rng(config, dice)
    } else {
        TestRunner::new(config)
    };
    let met = RefCell::new(Met::default());
    let programmes = vec((0..2_usize, step::any()), 1..STEPS).prop_map(Programme);
    let outcome = runner.run(&programmes, |programme| {
        runtime.block_on(compare::compare(&new(), &programme, &mut met.borrow_mut()))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, programme)) => panic!("{reason}\n{programme:?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
    let met = met.into_inner().0;
    let never: Vec<_> = Met::EACH.iter().filter(|part| !met.contains(**part)).collect();
    assert!(!is_usual || never.is_empty(), "never met: {never:?}");
}
