//! Replays the founding document's three cases of two clusters: each line of its traces occurs in ours.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod support;

use std::{collections::BTreeMap, fs, path::Path};

use support::{
    behavior,
    clusters::{Clusters, DESK, LOBBY, Node},
};
use wire::trace::{Meaning, Shape, records};

const VISITING: &str = "atbabu";
const HOME: &str = "mjunnur";

macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!("../crates/wire/golden/traces/emcc-", $name, ".log"))
    };
}

/// Lines of the original that ours never write, each with the reason.
fn is_missing(line: &Meaning<'_>) -> Option<&'static str> {
    match (line.shape, line.value("request")) {
        (Shape::EmccProfile, Some("145")) => Some("home tells the profile with its yes alone"),
        (Shape::ProfileCount, _) => {
            Some("check user is answered without profiles: anybody may ask")
        }
        _ => None,
    }
}

/// Values that differ between runs: numbers of requests, times, addresses and ids.
fn is_aside(shape: Shape, name: &str) -> bool {
    matches!(
        name,
        "request" | "remote" | "millis" | "url" | "address" | "host" | "pkid" | "uri" | "numbers"
    ) || (shape == Shape::PostMessage && name == "url")
}

/// A value without the parts that differ: addresses, identities, our additions to the original's
/// messages, and white space.
fn compared(shape: Shape, value: &str) -> String {
    let mut text = value.replace(char::is_whitespace, "");
    if shape == Shape::VisitingLogoutXml {
        for element in ["loginId", "cause", "requestNum"] {
            let (open, close) = (format!("<{element}>"), format!("</{element}>"));
            if let (Some(begin), Some(end)) = (text.find(&open), text.find(&close)) {
                text.replace_range(begin..end + close.len(), "");
            }
        }
    }
    if matches!(shape, Shape::LoggedInDevices | Shape::VisitingQuery) {
        // The parameters are addresses, identities and the address for the log-out.
        text.truncate(text.find(":parameter").unwrap_or(text.len()));
        text.truncate(text.find(",'http").unwrap_or(text.len()));
    }
    text
}

fn is_same(golden: &Meaning<'_>, ours: &Meaning<'_>) -> bool {
    let value = |meaning: &Meaning<'_>, name: &str| meaning.value(name).map(ToOwned::to_owned);
    golden.shape == ours.shape
        && golden.level == ours.level
        && golden.values.iter().all(|(name, wanted)| {
            is_aside(golden.shape, name)
                || value(ours, name).is_some_and(|found| {
                    compared(golden.shape, &found) == compared(golden.shape, wanted)
                })
        })
}

/// The kind of a thread: of a pool, started for a task, or named after a cluster.
fn kind(thread: &str) -> &str {
    thread.split_once('-').map_or(thread, |(kind, _)| kind)
}

/// Each thread of the golden trace occurs in ours, in order.
fn holds(ours: &str, golden: &str, what: &str) {
    let meanings = |text| {
        records(text).map(|record| record.meaning.unwrap_or_else(|| panic!("{}", record.text)))
    };
    let mut threads: BTreeMap<&str, Vec<Meaning<'_>>> = BTreeMap::new();
    for meaning in meanings(golden) {
        threads.entry(meaning.thread).or_default().push(meaning);
    }
    for (thread, lines) in threads {
        let mut found = meanings(ours).filter(|one| kind(one.thread) == kind(thread));
        for line in lines.iter().filter(|line| is_missing(line).is_none()) {
            assert!(
                found.any(|one| is_same(line, &one)),
                "{what}: not found, or not in this order: {:?} {}\n{ours}",
                line.shape,
                line.message
            );
        }
    }
}

fn trace(node: &mut Node) -> String {
    node.server.take().unwrap().stop();
    let folder: &Path = node.folder.path();
    fs::read_to_string(folder.join("trace/emservice.log")).unwrap()
}

/// Two log-ins of rak at two phones under a behavior of the home cluster: the traces of the visiting
/// and the home cluster, and the second phone's screen.
fn replay(home_behavior: &str) -> (String, String, String) {
    let mut clusters = Clusters::linked_as(VISITING, HOME);
    behavior(clusters.busan.folder.path(), home_behavior);
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    // The restart clears the remembered home cluster, since the original asks for it at each log-in.
    clusters.seoul.server.take().unwrap().stop();
    clusters.seoul.start_again();
    clusters.busan.knows(VISITING, clusters.seoul.server().https, &clusters.seoul.certificate());
    let second = clusters.seoul.log_in("rak", "12345", DESK);
    (trace(&mut clusters.busan), trace(&mut clusters.seoul), second)
}

#[test]
fn multiple_logins_allowed() {
    let (home, visiting, second) = replay("Multiple Logins Allowed");
    assert_eq!(second, "Login successful: rak");
    holds(&home, golden!("multiple-logins-allowed.home"), "home");
    holds(&visiting, golden!("multiple-logins-allowed.visiting"), "visiting");
    assert!(!visiting.contains("12345") && !home.contains("12345"), "a PIN is in no trace");
}

#[test]
fn multiple_logins_not_allowed() {
    let (home, visiting, second) = replay("Multiple Logins Not Allowed");
    assert_eq!(second, "Multi-Login Not Allowed (25)");
    holds(&home, golden!("multiple-logins-not-allowed.home"), "home");
    holds(&visiting, golden!("multiple-logins-not-allowed.visiting"), "visiting");
}

#[test]
fn auto_logout() {
    let (home, _, second) = replay("Auto Logout");
    assert_eq!(second, "Login successful: rak");
    holds(&home, golden!("auto-logout.home"), "home");
}
