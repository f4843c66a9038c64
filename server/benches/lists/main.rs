//! Times of the console's lists at the store, with 100,000 open logins, users, phones and device profiles, a million
//! ended logins and a million rows of audit. The yardstick is SQLite's count(*) of the ended logins. The judged value is
//! the median of a list over the median of the yardstick.
//!
//! `make bench` runs it. The work is bounded, so the program ends by itself.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark speaks to people, and stops at the first surprise"
)]

mod fill;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use engine::{
    AuditQuery, Cursor, DirectoryOrder, DirectoryQuery, HistoryQuery, ListQuery, LoginOrder,
    PhoneFilter, ProfileFilter, UserFilter, UtcMillis,
    ports::{Archive, Directory, Lookups},
};
use server::cluster::database;
use store::{Limits, SqliteStore};
use terms::{ActorKind, EndCause, LoginFilter, LoginType};

/// Open logins.
const OPEN: u32 = 100_000;
/// Ended logins.
const ENDED: u32 = 1_000_000;
/// Repetitions of each query.
const ASKED: usize = 15;
/// Rows on a page.
const ROWS: u32 = 50;
/// Rows that a download reads at a time.
const CHUNK: u32 = 2_000;
/// The bound of any page, as a multiple of the yardstick.
const ANY_PAGE: f64 = 3.0;
/// The bound of a first page and of a rare name, as a multiple of the yardstick.
const FIRST_PAGE: f64 = 1.0;

/// The measured values.
struct Report {
    /// The median of the yardstick, in milliseconds.
    yardstick_ms: f64,
    missed: usize,
}

impl Report {
    /// Prints the median time of a query, in milliseconds and as a multiple of the yardstick, whose
    /// bound is `most`.
    fn add(
        &mut self,
        what: impl std::fmt::Display,
        most: f64,
        mut times: Vec<Duration>,
        matching: u64,
    ) {
        times.sort_unstable();
        let ms = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
        let ratio = ms(50) / self.yardstick_ms;
        let is_missed = ratio > most;
        self.missed += usize::from(is_missed);
        println!(
            "{:<58} p50 {:>7.1} ms   p95 {:>7.1} ms   {ratio:>6.2} x, of {most}   {matching:>9} match{}",
            what.to_string(),
            ms(50),
            ms(95),
            if is_missed { "   MISSED" } else { "" }
        );
    }

    fn end(self) -> ExitCode {
        if self.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Measures a query.
macro_rules! ask {
    ($report:ident, $what:expr, $most:expr, $question:expr) => {{
        let mut times = Vec::with_capacity(ASKED);
        let mut matching = 0;
        for _ in 0..ASKED {
            let start = Instant::now();
            matching = $question;
            times.push(start.elapsed());
        }
        $report.add($what, $most, times, matching);
    }};
}

#[tokio::main]
async fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    SqliteStore::open(&file, Limits::default()).await.unwrap().close().await;
    fill::fill(&file, OPEN, ENDED).await;
    let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
    println!("{OPEN} open logins, {ENDED} ended ones, pages of {ROWS} with exact totals");

    let mut yardstick = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let start = Instant::now();
        fill::count(&file).await;
        yardstick.push(start.elapsed());
    }
    yardstick.sort_unstable();
    let yardstick_ms = yardstick[ASKED / 2].as_secs_f64() * 1000.0;
    println!("yardstick: count(*) of the ended logins, p50 {yardstick_ms:.1} ms");
    let mut report = Report { yardstick_ms, missed: 0 };
    for (what, query) in open_questions() {
        let page = async || store.active_logins(&query).await.unwrap().matching;
        ask!(report, what, most(what), page().await);
    }
    for (what, query) in history_questions() {
        let page = async || store.history(&query).await.unwrap().matching;
        ask!(report, what, most(what), page().await);
    }
    for (what, query) in audit_questions() {
        let page = async || store.audit(&query).await.unwrap().matching;
        ask!(report, what, most(what), page().await);
    }
    for (what, query) in directory_questions(UserFilter::NoKnownLogin) {
        let page = async || store.list_users(&query).await.unwrap().matching;
        ask!(report, format!("users: {what}"), most(what), page().await);
    }
    for (what, query) in directory_questions(PhoneFilter::OtherModel) {
        let page = async || store.list_phones(&query).await.unwrap().matching;
        ask!(report, format!("phones: {what}"), most(what), page().await);
    }
    for (what, query) in directory_questions(ProfileFilter::Unused) {
        let page = async || store.list_profiles(&query).await.unwrap().matching;
        ask!(report, format!("profiles: {what}"), most(what), page().await);
    }
    let half = Cursor { at: UtcMillis(i64::from(ENDED) * 500), number: i64::MAX };
    let query = HistoryQuery { limit: CHUNK, ..HistoryQuery::default() };
    let chunk = async || store.walk_history(&query, Some(half)).await.unwrap().len() as u64;
    ask!(report, "download: a chunk in the middle", ANY_PAGE, chunk().await);
    report.end()
}

/// The bound of a query, as a multiple of the yardstick.
fn most(what: &str) -> f64 {
    if what.contains("first page") || what.contains("rare name") { FIRST_PAGE } else { ANY_PAGE }
}

fn open_questions() -> [(&'static str, ListQuery); 5] {
    let list = |find: &str, order, offset| ListQuery {
        filter: LoginFilter::new(find, Some(LoginType::Em)).at(0),
        order,
        offset,
        limit: ROWS,
    };
    [
        ("open: first page, newest first", list("", LoginOrder::Newest, 0)),
        ("open: first page, find a rare name", list("user99999", LoginOrder::Newest, 0)),
        ("open: first page, find what all have", list("sep", LoginOrder::Newest, 0)),
        ("open: first page, find, by user", list("user1", LoginOrder::User, 0)),
        ("open: last page, by phone", list("", LoginOrder::Phone, OPEN - ROWS)),
    ]
}

/// Questions of a list of [`OPEN`] rows; `filter` is the filter that reads the most.
fn directory_questions<F: Clone>(filter: F) -> [(&'static str, DirectoryQuery<F>); 6] {
    let list = |find: &str, filters, order, offset| DirectoryQuery {
        find: LoginFilter::texts(find),
        filters,
        order,
        is_descending: false,
        offset,
        limit: ROWS,
        after: None,
    };
    let name = DirectoryOrder::Name;
    [
        ("first page", list("", vec![], name, 0)),
        ("first page, find a rare name", list("99999", vec![], name, 0)),
        ("first page, find what all have", list("e", vec![], name, 0)),
        ("by model", list("", vec![], DirectoryOrder::Model, 0)),
        ("one filter", list("", vec![filter], name, 0)),
        ("last page", list("", vec![], name, OPEN - ROWS)),
    ]
}

fn history_questions() -> Vec<(&'static str, HistoryQuery)> {
    let of = |find: &str, cause, offset| HistoryQuery {
        find: LoginFilter::words(find),
        cause,
        offset,
        limit: ROWS,
        ..HistoryQuery::default()
    };
    // The middle half of the time span, and the last day.
    let (since, before) = (i64::from(ENDED) * 250, i64::from(ENDED) * 750);
    let (half, last) = (
        (Some(UtcMillis(since)), Some(UtcMillis(before))),
        (Some(UtcMillis(i64::from(ENDED) * 1000 - 86_400_000)), None),
    );
    let between = |(since, before), query| HistoryQuery { since, before, ..query };
    let forced = Some(EndCause::Forced);
    vec![
        ("history: first page", of("", None, 0)),
        ("history: find a rare name", of("user99999", None, 0)),
        ("history: find what all have", of("sep", None, 0)),
        ("history: find what nobody has", of("zzz", None, 0)),
        ("history: one cause", of("", forced, 0)),
        ("history: last page", of("", None, ENDED - ROWS)),
        ("history: half the time", between(half, of("", None, 0))),
        ("history: half the time, find", between(half, of("user99999", None, 0))),
        ("history: half the time, one cause, find", between(half, of("user9", forced, 0))),
        ("history: the last day", between(last, of("", None, 0))),
    ]
}

fn audit_questions() -> Vec<(&'static str, AuditQuery)> {
    let of = |find: &str, by| AuditQuery {
        find: LoginFilter::words(find),
        by,
        limit: ROWS,
        ..AuditQuery::default()
    };
    let (since, before) = (i64::from(ENDED) * 125, i64::from(ENDED) * 375);
    let half = |query| AuditQuery {
        since: Some(UtcMillis(since)),
        before: Some(UtcMillis(before)),
        ..query
    };
    let kind = Some(ActorKind::Administrator);
    vec![
        ("audit: first page", of("", None)),
        ("audit: find a rare name", of("user99999", None)),
        ("audit: find what nobody has", of("zzz", None)),
        ("audit: find what all have", of("192.0.2.1", None)),
        ("audit: one kind of actor", of("", kind)),
        ("audit: one kind of actor, find", of("user9", kind)),
        ("audit: half the time", half(of("", None))),
        ("audit: half the time, one kind of actor, find", half(of("user9", kind))),
    ]
}
