//! Three clusters with the real store and the real messages: a home cluster and two visiting clusters. A seed
//! decides the next event, one message or timer at a time, each run to its commit.

mod queue;
mod world;

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use terms::MultipleLoginBehavior;

use world::World;

/// The number of seeds that run for each behavior.
const SEEDS: u64 = 10;
/// The number of steps of one seed before the network heals.
const STEPS: usize = 45;

/// Runs a seed, and returns its events, one line each.
async fn drive(seed: u64, behavior: MultipleLoginBehavior) -> Vec<String> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut world = World::start(behavior).await;
    for _ in 0..STEPS {
        step(&mut world, &mut dice).await;
        world.check().await;
    }
    world.heal().await;
    world.check().await;
    world.agree().await;
    world.stop().await
}

async fn step(world: &mut World, dice: &mut StdRng) {
    let (visiting, user) = (dice.random_range(1..3), dice.random_range(0..2));
    let phone = dice.random_range(0..2);
    match dice.random_range(0..20) {
        0..5 => world.log_in(visiting, user, phone).await,
        5 => world.log_in_at_home(user).await,
        6 => world.log_out(visiting, phone).await,
        7 => world.end_all(dice.random_range(0..3)).await,
        8 => world.time_is_up(dice.random_range(0..3)).await,
        9 => world.die(dice.random_range(0..3)).await,
        10 | 11 => world.send_farewell(dice.random_range(0..3)).await,
        12 => world.compare(dice.random_range(0..3)).await,
        13 => world.lose(dice, false).await,
        14 => world.lose(dice, true).await,
        15 => world.double(dice).await,
        _ => world.deliver(dice).await,
    }
}

#[tokio::test]
async fn whatever_happens_between_clusters_the_promise_holds_and_they_agree_in_the_end() {
    for behavior in MultipleLoginBehavior::ALL {
        let mut happened = 0;
        for seed in 0..SEEDS {
            // The caught panic reports the location; this panic reports the behavior and the seed.
            let driven = AssertUnwindSafe(drive(seed, behavior)).catch_unwind().await;
            let log = driven.unwrap_or_else(|_| panic!("{behavior:?}, seed {seed}"));
            happened += log.iter().filter(|line| line.contains("logged in")).count();
        }
        assert!(happened > 40, "{behavior:?}: {happened} logins between clusters");
    }
}

#[tokio::test]
async fn the_same_seed_does_the_same_twice() {
    let behavior = MultipleLoginBehavior::AutoLogout;
    let (first, second) = (drive(7, behavior).await, drive(7, behavior).await);
    assert!(first.len() > STEPS, "{first:#?}");
    assert_eq!(first, second);
}
