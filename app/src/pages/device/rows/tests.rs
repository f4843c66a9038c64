//! What live changes do to the rows.

use std::ops::Range;

use terms::{ActorKind, EndCause, LoginType};

use super::*;
use crate::api::By;

fn by() -> By {
    By { kind: ActorKind::ApplicationUser, name: "emproxy".into(), address: String::new() }
}

fn login(number: u64) -> LoginRow {
    LoginRow {
        id: format!("login {number}"),
        user: format!("user {number}"),
        phone: format!("SEP{number}"),
        model: String::new(),
        description: String::new(),
        profile: String::new(),
        login_type: LoginType::Em,
        from_ms: 0,
        until_ms: None,
        by: by(),
    }
}

fn happened(number: u64, change: Change) -> Happened {
    Happened { number, at_ms: 0, change }
}

fn began(number: u64) -> Happened {
    happened(number, Change::Began(login(number)))
}

fn ended(number: u64, of: u64) -> Happened {
    let (cause, by, reason) = (EndCause::Logout, by(), String::new());
    let change = Change::Ended { login: login(of), cause, by, reason };
    happened(number, change)
}

/// A first page with the logins of these numbers, of `matching` logins; the page includes event 1,000.
fn snapshot(numbers: Range<u64>, matching: u64) -> ActiveLogins {
    let mut tiles = Tiles { as_of: 1_000, ..Tiles::default() };
    tiles.open.em = matching;
    ActiveLogins {
        rows: numbers.rev().map(login).collect(),
        matching,
        tiles,
        jobs: Vec::new(),
        feed: Vec::new(),
        as_of: 1_000,
        now_ms: 0,
        may_end: true,
    }
}

fn page(numbers: Range<u64>, matching: u64) -> Rows {
    let rows = Rows::new();
    rows.show(LoginQuery::default(), &snapshot(numbers, matching));
    rows
}

fn with_owner(test: impl FnOnce()) {
    let owner = Owner::new();
    owner.with(test);
}

#[test]
fn a_login_that_slides_off_the_page_stays_selected_and_is_counted_as_elsewhere() {
    with_owner(|| {
        let rows = page(0..50, 50);
        rows.select_all(true);
        assert!(rows.all_selected());
        rows.change(vec![began(1_001)]);
        assert_eq!(rows.shown.with(Vec::len), 50);
        assert_eq!((rows.selected.with(Vec::len), rows.selected_elsewhere()), (50, 1));
        assert!(!rows.all_selected(), "the arrival is not selected");
    });
}

#[test]
fn all_are_selected_when_each_is_and_not_when_as_many_are() {
    with_owner(|| {
        let rows = page(0..2, 2);
        rows.select("login 0".into(), true);
        rows.select("somewhere else".into(), true);
        assert!(!rows.all_selected());
        rows.select("login 1".into(), true);
        assert!(rows.all_selected());
        rows.held.set(true);
        rows.change(vec![ended(1_001, 0)]);
        assert!(rows.all_selected(), "one that has ended can't be");
    });
}

#[test]
fn a_selection_survives_another_page_and_says_what_is_not_here() {
    with_owner(|| {
        let rows = page(0..2, 60);
        rows.select_all(true);
        rows.show(LoginQuery { page: 1, ..LoginQuery::default() }, &snapshot(10..13, 60));
        assert_eq!((rows.selected.with(Vec::len), rows.selected_elsewhere()), (2, 2));
        rows.select_all(true);
        assert_eq!((rows.selected.with(Vec::len), rows.selected_elsewhere()), (5, 2));
        rows.select_all(false);
        assert_eq!(rows.selected.get(), ["login 1", "login 0"]);
        rows.change(vec![ended(1_001, 0)]);
        assert_eq!(rows.selected.get(), ["login 1"], "one that has ended can't be selected");
    });
}

#[test]
fn events_are_counted_by_all_that_a_row_shows() {
    with_owner(|| {
        let rows = Rows::new();
        let filter = LoginFilter::new("model:8861 left<30m", None);
        rows.show(LoginQuery { filter, ..LoginQuery::default() }, &snapshot(0..0, 5));
        let change = |number, model: &str, until_ms| {
            let login = LoginRow { model: model.into(), until_ms, ..login(number) };
            rows.change(vec![happened(1_000 + number, Change::Began(login))]);
            rows.matching.get()
        };
        assert_eq!(change(1, "Cisco 8861", Some(60_000)), 6);
        assert_eq!(change(2, "Cisco 8851", Some(60_000)), 6);
        assert_eq!(change(3, "Cisco 8861", None), 6, "unlimited");
        let login = LoginRow { model: "8861".into(), until_ms: Some(60_000), ..login(9) };
        let (cause, by, reason) = (EndCause::Logout, by(), String::new());
        rows.change(vec![happened(1_004, Change::Ended { login, cause, by, reason })]);
        assert_eq!(rows.matching.get(), 5);
    });
}

#[test]
fn a_page_that_empties_while_more_match_misses_some() {
    with_owner(|| {
        let rows = page(0..50, 950);
        assert!(!rows.misses_some());
        rows.held.set(true);
        for number in 0..50 {
            rows.change(vec![ended(1_001 + number, number)]);
        }
        rows.remove(&rows.ended());
        assert!(!rows.misses_some(), "not while it is held");
        rows.held.set(false);
        assert!(rows.misses_some());
        let rows = page(0..3, 3);
        rows.change(vec![ended(1_001, 0), ended(1_002, 1), ended(1_003, 2)]);
        rows.remove(&rows.ended());
        assert!(!rows.misses_some(), "there are no more");
    });
}

#[test]
fn a_row_that_stays_when_the_page_is_read_anew_hears_that_it_has_ended() {
    with_owner(|| {
        let rows = page(0..2, 2);
        let on_the_screen = rows.shown.with(|rows| rows[1].clone());
        rows.show(LoginQuery::default(), &snapshot(0..3, 3));
        rows.held.set(true);
        rows.change(vec![ended(1_001, 0)]);
        assert!(on_the_screen.ended.get());
        assert_eq!(rows.ended(), ["login 0"]);
    });
}

#[test]
fn numbers_read_by_themselves_count_each_event_once() {
    with_owner(|| {
        let rows = page(0..3, 3);
        let read = |as_of, em| {
            let mut read = Tiles { as_of, ..Tiles::default() };
            read.open.em = em;
            rows.show_tiles(read);
            rows.tiles.with(|tiles| tiles.open.em)
        };
        rows.change(vec![began(1_001), began(1_002)]);
        assert_eq!(rows.tiles.with(|tiles| tiles.open.em), 5);
        assert_eq!(read(1_001, 4), 5, "they don't know of the last yet");
        assert_eq!(read(1_004, 7), 7, "they know of two that are on their way");
        rows.change(vec![began(1_003), began(1_004), began(1_005)]);
        assert_eq!(rows.tiles.with(|tiles| tiles.open.em), 8);
    });
}
