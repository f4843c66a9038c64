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

use std::time::Duration;

/// Clients that log people in at the same time.
const CLIENTS: usize = 256;
/// Logins of each measurement.
const LOGINS: usize = 60_000;
/// Rounds of the comparison with and without trace and checks.
const ROUNDS: usize = 3;
/// Logins at the default of Maximum Concurrent Requests; those refused as busy are tried again.
const LOGINS_AT_DEFAULT: usize = 10_000;
/// Single commits of the yardstick.
const COMMITS: usize = 2_000;

/// A rate with its times.
struct Measured {
    what: String,
    count: usize,
    took: Duration,
    /// Each operation's time, sorted.
    times: Vec<Duration>,
}

impl Measured {
    fn new(what: impl Into<String>, took: Duration, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let what = what.into();
        Self { what, count: times.len(), took, times }
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
            "{:<52} {:>8.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms   {:>6.1} x a single commit",
            self.what,
            self.rate(),
            self.percentile(50),
            self.percentile(99),
            self.rate() / yardstick
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
    // What the trace and the checks of addresses cost together, in rounds that alternate.
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for (with, rates) in [(false, &mut bare), (true, &mut whole)] {
            let extent =
                if with { "trace DEBUG, addresses checked" } else { "trace OFF, no checks" };
            let asked = http::Asked {
                what: format!("EM API over HTTP, limit 1000, {extent}"),
                limit: "1000",
                logins: LOGINS,
                trace: if with { "DEBUG" } else { "OFF" },
                checks: with,
            };
            let data = folder.path().join(format!("{round}-{with}"));
            let measured = http::measure(&asked, &data, CLIENTS).await;
            measured.print(single.rate());
            rates.push(measured.rate());
            std::fs::remove_dir_all(data).unwrap();
        }
    }
    let median = |rates: &mut Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    let cost = 100.0 * (1.0 - median(&mut whole) / median(&mut bare));
    println!("Trace and checks together cost {cost:.1} % of the rate (target: under 10 %)");
    let asked = http::Asked {
        what: "EM API over HTTP, limit 15 (the default)".to_owned(),
        limit: "15",
        logins: LOGINS_AT_DEFAULT,
        trace: "DEBUG",
        checks: false,
    };
    http::measure(&asked, &folder.path().join("15"), CLIENTS).await.print(single.rate());
}
