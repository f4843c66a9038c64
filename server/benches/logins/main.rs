//! Durable logins per second over HTTP with 256 clients against the built program, beside the store
//! without HTTP and SQLite's rate of single commits. Judged are the medians of the ratios within a
//! round; rates and times are printed.
//!
//! `make bench` runs it. The work is bounded by numbers of logins, so the program ends by itself. With
//! the path of an earlier program in `SOJOURN_BEFORE`, that program is measured in the same rounds.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark speaks to people, and stops at the first surprise"
)]

mod emcc;
mod failures;
mod http;
mod pins;
mod setup;
mod sqlite;
mod store_alone;
mod targets;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use setup::Check;
use targets::{Bound, Target, spread};

/// Concurrent clients.
const CLIENTS: usize = 256;
/// Rounds: the spread of single rounds is as large as the differences to detect.
const ROUNDS: usize = 7;
/// Logins of each measurement.
const LOGINS: usize = 30_000;
/// Logins with the default of Maximum Concurrent Requests.
const LOGINS_AT_DEFAULT: usize = 10_000;
/// Single commits of the yardstick.
const COMMITS: usize = 2_000;

/// A rate with its times.
struct Measured {
    count: usize,
    took: Duration,
    /// Each operation's time, sorted.
    times: Vec<Duration>,
    /// The server's CPU time for each operation, in µs, if known.
    cpu_micros: f64,
    /// Records that the trace dropped, if there is a trace: dropped records would make the server look
    /// faster.
    lost: u64,
}

impl Measured {
    fn new(took: Duration, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { count: times.len(), took, times, cpu_micros: f64::NAN, lost: 0 }
    }

    /// Both measurements as one.
    fn and(self, other: Self) -> Self {
        Self::new(self.took + other.took, [self.times, other.times].concat())
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    fn rate(&self) -> f64 {
        self.count as f64 / self.took.as_secs_f64()
    }

    fn percentile(&self, percent: usize) -> f64 {
        self.times[(self.times.len() - 1) * percent / 100].as_secs_f64() * 1000.0
    }
}

/// The index of the trusted sender in [`OVER_HTTP`].
const TRUSTED: usize = 1;

/// The measurements of one round over HTTP.
const OVER_HTTP: [http::Load; 4] = [
    http::Load {
        what: "trace OFF, no check",
        limit: "1000",
        logins: LOGINS,
        trace: "OFF",
        check: Check::Off,
    },
    http::Load {
        what: "trace DEBUG, sender trusted",
        limit: "1000",
        logins: LOGINS,
        trace: "DEBUG",
        check: Check::Trusted,
    },
    http::Load {
        what: "trace DEBUG, phone's own address",
        limit: "1000",
        logins: LOGINS,
        trace: "DEBUG",
        check: Check::Phone,
    },
    http::Load {
        what: "trace DEBUG, limit 15 (the default)",
        limit: "15",
        logins: LOGINS_AT_DEFAULT,
        trace: "DEBUG",
        check: Check::Off,
    },
];

#[tokio::main]
async fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    println!(
        "{ROUNDS} rounds, {LOGINS} logins each, {CLIENTS} clients, SQLite with synchronous=FULL, \
         policy Not Allowed"
    );
    let (mut singles, mut stores) = (Vec::new(), Vec::new());
    let mut over_http: [Vec<Measured>; 4] = Default::default();
    let (mut with_pins, mut failed, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
    let before = std::env::var_os("SOJOURN_BEFORE").map(PathBuf::from);
    let mut of_before = Vec::new();
    for round in 0..ROUNDS {
        let data = folder.path().join(round.to_string());
        std::fs::create_dir(&data).unwrap();
        singles.push(sqlite::single_commits(&data.join("yardstick.db"), COMMITS).await);
        stores.push(store_alone::measure(&data.join("store"), CLIENTS, LOGINS).await);
        // Each round begins with another measurement, so that none always follows the same one.
        for offset in 0..OVER_HTTP.len() {
            let index = (round + offset) % OVER_HTTP.len();
            let (asked, folder) = (&OVER_HTTP[index], data.join(index.to_string()));
            // The two programs alternate in running first.
            let earlier = before.as_ref().filter(|_| index == TRUSTED);
            let folder_of_before = data.join("before");
            if let Some(before) = earlier.filter(|_| round % 2 == 1) {
                of_before.push(http::measure(before, asked, &folder_of_before, CLIENTS).await);
            }
            over_http[index].push(http::measure(http::program(), asked, &folder, CLIENTS).await);
            if let Some(before) = earlier.filter(|_| round % 2 == 0) {
                of_before.push(http::measure(before, asked, &folder_of_before, CLIENTS).await);
            }
        }
        with_pins.push(pins::measure(&data.join("pins")).await);
        failed.push(failures::measure(&data.join("failures")).await);
        elsewhere.push(emcc::measure(&data).await);
        std::fs::remove_dir_all(data).unwrap();
    }
    print("SQLite, single commits", &singles);
    print("the bare store", &stores);
    for (asked, measured) in OVER_HTTP.iter().zip(&over_http) {
        print(asked.what, measured);
    }
    if !of_before.is_empty() {
        print("the same, the program before", &of_before);
    }
    pins::print(&with_pins);
    failures::print(&failed);
    emcc::print(&elsewhere);
    println!("\nTargets, medians of {ROUNDS} rounds:");
    let mut targets = targets(&singles, &over_http);
    targets.extend(pins::targets(&with_pins));
    targets.push(failures::target(&failed));
    targets.extend(emcc::targets(&elsewhere));
    if !of_before.is_empty() {
        targets.push(over_the_program_before(&over_http[TRUSTED], &of_before));
    }
    // All targets are printed, also after a missed one.
    let missed = targets.iter().filter(|target| target.is_missed()).count();
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The rate of this program over an earlier one's, with a trusted sender.
fn over_the_program_before(now: &[Measured], before: &[Measured]) -> Target {
    let mut rate = Target::new("rate, over that of the program before", Bound::AtLeast(0.9));
    for (now, before) in now.iter().zip(before) {
        rate.add(now.rate() / before.rate());
    }
    rate
}

/// The ratios of each round to its own yardsticks.
fn targets(singles: &[Measured], over_http: &[Vec<Measured>; 4]) -> Vec<Target> {
    let mut rate = Target::new("rate, over single commits", Bound::AtLeast(3.0));
    let mut trusted = Target::new("what trace and a trusted sender cost, %", Bound::AtMost(10.0));
    let mut own =
        Target::new("what trace and the phone's own address cost, %", Bound::AtMost(10.0));
    let mut cpu =
        Target::new("what these cost of the server's CPU, µs a login", Bound::AtMost(15.0));
    let mut waits =
        Target::new("rate at the default limit, over single commits", Bound::AtLeast(1.0));
    let mut fair = Target::new("its p99, over its p50", Bound::AtMost(10.0));
    for (round, single) in singles.iter().enumerate() {
        let [bare, with_trusted, with_own, default] = over_http.each_ref().map(|all| &all[round]);
        let cost = |measured: &Measured| 100.0 * (1.0 - measured.rate() / bare.rate());
        rate.add(with_trusted.rate() / single.rate());
        trusted.add(cost(with_trusted));
        own.add(cost(with_own));
        cpu.add(with_own.cpu_micros - bare.cpu_micros);
        waits.add(default.rate() / single.rate());
        fair.add(default.percentile(99) / default.percentile(50));
    }
    vec![rate, trusted, own, cpu, waits, fair]
}

/// The medians of all rounds.
fn print<'a>(what: &str, measured: impl IntoIterator<Item = &'a Measured>) {
    let measured: Vec<_> = measured.into_iter().collect();
    let of = |value: &dyn Fn(&Measured) -> f64| {
        spread(&measured.iter().map(|one| value(one)).collect::<Vec<_>>())
    };
    let (low, rate, high) = of(&Measured::rate);
    let (_, p50, _) = of(&|one| one.percentile(50));
    let (_, p99, _) = of(&|one| one.percentile(99));
    let (_, cpu, _) = of(&|one| one.cpu_micros);
    let lost: u64 = measured.iter().map(|one| one.lost).sum();
    println!(
        "{what:<34} {rate:>7.0}/s ({low:.0} to {high:.0})   p50 {p50:>6.2} ms   p99 {p99:>7.2} ms   \
         {cpu:>5.0} µs CPU   {lost} trace entries lost"
    );
}
