//! How long the console's lists take at the store: 100,000 open logins, a million ended ones, and a
//! million lines of audit. Beside each stands the plainest question that SQLite can be asked
//! about as many rows.
//!
//! Run it with `make bench`. The work is bounded, so it ends by itself.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark speaks to people, and stops at the first surprise"
)]

mod fill;

use std::time::{Duration, Instant};

use engine::{
    AuditQuery, HistoryQuery, ListQuery, LoginOrder,
    ports::{Archive, Lookups},
};
use server::cluster::database;
use store::{Limits, SqliteStore};
use terms::{EndCause, LoginFilter, LoginType};

/// Logins that are open.
const OPEN: u32 = 100_000;
/// Logins that have ended.
const ENDED: u32 = 1_000_000;
/// How often each question is asked.
const ASKED: usize = 15;
/// Rows on a page.
const ROWS: u32 = 50;

fn print(what: &str, mut times: Vec<Duration>, matching: u64) {
    times.sort_unstable();
    let ms = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!("{what:<58} p50 {:>7.1} ms   p95 {:>7.1} ms   {matching:>9} match", ms(50), ms(95));
}

/// Asks a question again and again.
macro_rules! ask {
    ($what:expr, $question:expr) => {{
        let mut times = Vec::with_capacity(ASKED);
        let mut matching = 0;
        for _ in 0..ASKED {
            let start = Instant::now();
            matching = $question;
            times.push(start.elapsed());
        }
        print($what, times, matching);
    }};
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path());
    SqliteStore::open(&file, Limits::default()).await.unwrap().close().await;
    fill::fill(&file, OPEN, ENDED).await;
    let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
    println!("{OPEN} open logins, {ENDED} ended ones, pages of {ROWS} with exact totals");

    ask!("yardstick: count(*) of the ended logins", fill::count(&file).await);
    let list = |find: &str, order, offset| ListQuery {
        filter: LoginFilter::new(find, Some(LoginType::Em)),
        order,
        offset,
        limit: ROWS,
    };
    for (what, query) in [
        ("open: first page, newest first", list("", LoginOrder::Newest, 0)),
        ("open: first page, find a rare name", list("user99999", LoginOrder::Newest, 0)),
        ("open: first page, find what all have", list("sep", LoginOrder::Newest, 0)),
        ("open: first page, find, by user", list("user1", LoginOrder::User, 0)),
        ("open: last page, by phone", list("", LoginOrder::Phone, OPEN - ROWS)),
    ] {
        ask!(what, store.active_logins(&query).await.unwrap().matching);
    }
    let history = |find: &str, cause, offset| HistoryQuery {
        find: find.to_owned(),
        cause,
        offset,
        limit: ROWS,
        ..HistoryQuery::default()
    };
    for (what, query) in [
        ("history: first page", history("", None, 0)),
        ("history: find a rare name", history("user99999", None, 0)),
        ("history: find what all have", history("sep", None, 0)),
        ("history: find what nobody has", history("zzz", None, 0)),
        ("history: one cause", history("", Some(EndCause::Forced), 0)),
        ("history: last page", history("", None, ENDED - ROWS)),
    ] {
        ask!(what, store.history(&query).await.unwrap().matching);
    }
    let audit = |find: &str, offset| AuditQuery {
        find: find.to_owned(),
        offset,
        limit: ROWS,
        ..AuditQuery::default()
    };
    for (what, query) in [
        ("audit: first page", audit("", 0)),
        ("audit: find a rare name", audit("user99999", 0)),
        ("audit: find what nobody has", audit("zzz", 0)),
    ] {
        ask!(what, store.audit(&query).await.unwrap().matching);
    }
}
