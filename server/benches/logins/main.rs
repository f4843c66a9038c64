//! Durable logins per second: over HTTP at 256 clients against the built program, beside the bare
//! store and beside SQLite's rate of single commits, all in one run on one machine.
//!
//! Run it with `make bench`. The work is bounded by numbers of logins, so it ends by itself.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark speaks to people, and stops at the first surprise"
)]

mod http;
mod setup;
mod sqlite;
mod store_alone;

use std::{path::Path, time::Duration};

use setup::Check;

/// Clients that log people in at the same time.
const CLIENTS: usize = 256;
/// Logins of each measurement.
const LOGINS: usize = 60_000;
/// Rounds of the comparison with and without trace and checks: one measurement alone is as uncertain
/// as what is looked for is large.
const ROUNDS: usize = 7;
/// Logins of each measurement in it.
const LOGINS_COMPARED: usize = 30_000;
/// Logins at the default of Maximum Concurrent Requests; those refused as busy are tried again.
const LOGINS_AT_DEFAULT: usize = 10_000;
/// The target for the rate at the highest of Maximum Concurrent Requests, in logins a second.
const LEAST_RATE: f64 = 8_000.0;
/// And for the time that 99 of 100 of them take at most, in milliseconds.
const LONGEST_P99_MS: f64 = 60.0;
/// Single commits of the yardstick.
const COMMITS: usize = 2_000;

/// A rate with its times.
struct Measured {
    what: String,
    count: usize,
    took: Duration,
    /// Each operation's time, sorted.
    times: Vec<Duration>,
    /// What it took of the server's CPU time for each operation, where that is known.
    cpu_micros: f64,
    /// Entries of the trace that were lost, where there is one: what is not written costs nothing.
    lost: u64,
}

impl Measured {
    fn new(what: impl Into<String>, took: Duration, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let what = what.into();
        Self { what, count: times.len(), took, times, cpu_micros: f64::NAN, lost: 0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    fn rate(&self) -> f64 {
        self.count as f64 / self.took.as_secs_f64()
    }

    fn percentile(&self, percent: usize) -> f64 {
        self.times[(self.times.len() - 1) * percent / 100].as_secs_f64() * 1000.0
    }

    fn print(&self, yardstick: f64) {
        println!(
            "{:<54} {:>8.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms   {:>6.1} x a single commit   {} trace entries lost",
            self.what,
            self.rate(),
            self.percentile(50),
            self.percentile(99),
            self.rate() / yardstick,
            self.lost
        );
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!(
        "{LOGINS} logins, {CLIENTS} clients, SQLite with synchronous=FULL, policy Not Allowed"
    );
    let single = sqlite::single_commits(&folder.path().join("yardstick.db"), COMMITS).await;
    single.print(single.rate());
    store_alone::measure(&folder.path().join("store"), CLIENTS, LOGINS).await.print(single.rate());
    let asked = http::Asked {
        what: "EM API over HTTP, as it comes: trace DEBUG",
        limit: "1000",
        logins: LOGINS,
        trace: "DEBUG",
        check: Check::Off,
    };
    let measured = http::measure(&asked, &folder.path().join("http"), CLIENTS).await;
    measured.print(single.rate());
    let is_slow = measured.rate() < LEAST_RATE || measured.percentile(99) > LONGEST_P99_MS;
    let missed = compare(folder.path()).await;
    let asked = http::Asked {
        what: "EM API over HTTP, limit 15 (the default)",
        limit: "15",
        logins: LOGINS_AT_DEFAULT,
        trace: "DEBUG",
        check: Check::Off,
    };
    http::measure(&asked, &folder.path().join("15"), CLIENTS).await.print(single.rate());
    assert!(!is_slow, "fewer than {LEAST_RATE} logins a second, or p99 over {LONGEST_P99_MS} ms");
    assert!(!missed, "trace and checks cost more than they may");
}

/// What the trace and the checks of addresses cost together; whether it is too much.
async fn compare(folder: &Path) -> bool {
    let extents = [("OFF", Check::Off), ("DEBUG", Check::Trusted), ("DEBUG", Check::Phone)];
    let mut rates: [Vec<f64>; 3] = Default::default();
    let mut cpu_micros: [Vec<f64>; 3] = Default::default();
    let mut lost = [0; 3];
    for round in 0..ROUNDS {
        // Each round begins elsewhere, so that none always has the machine as another left it.
        for turn in 0..extents.len() {
            let index = (round + turn) % extents.len();
            let (trace, check) = extents[index];
            let asked = http::Asked {
                what: "compared",
                limit: "1000",
                logins: LOGINS_COMPARED,
                trace,
                check,
            };
            let data = folder.join(format!("{round}-{index}"));
            let measured = http::measure(&asked, &data, CLIENTS).await;
            rates[index].push(measured.rate());
            cpu_micros[index].push(measured.cpu_micros);
            lost[index] += measured.lost;
            std::fs::remove_dir_all(data).unwrap();
        }
    }
    println!("\nTrace and checks, medians of {ROUNDS} rounds of {LOGINS_COMPARED} logins:");
    let mut missed = false;
    // Each against the bare one of its own round: the machine's speed drifts from round to round.
    let bare = rates[0].clone();
    for (index, (trace, check)) in extents.into_iter().enumerate() {
        let costs = rates[index].iter().zip(&bare).map(|(rate, bare)| 100.0 * (1.0 - rate / bare));
        let cost = median(&mut costs.collect::<Vec<_>>());
        let (rate, cpu) = (median(&mut rates[index]), median(&mut cpu_micros[index]));
        println!(
            "  trace {trace:<5} check {:<8} {rate:>8.0}/s ({:.0} to {:.0})   {cpu:>5.0} µs of the \
             server's CPU a login   costs {cost:>5.1} % of the rate (target: under 10 %), {} entries lost",
            format!("{check:?}"),
            rates[index][0],
            rates[index][ROUNDS - 1],
            lost[index],
        );
        missed |= cost >= 10.0;
    }
    missed
}

/// The one in the middle; sorts them.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
