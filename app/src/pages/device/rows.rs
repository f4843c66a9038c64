//! The rows of a page of logins, and how live changes reach them.
//!
//! Rows don't move under pointer, touch or focus: while the table is held, arrivals wait and ended
//! rows stay where they are, faded.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use terms::LoginFilter;

use super::{feed::Only, log_out::Wanted};
use crate::api::{
    ActiveLogins, Change, Happened, JobView, LoginQuery, LoginRow, PAGE_ROWS, SortBy, Tiles,
};

/// Events that stay on the screen.
const FEED_SHOWN: usize = 100;
/// Arrivals that wait at most. A page may stand open for days: the oldest give way.
const WAITING: usize = 999;

/// A row on the screen. It counts its references: rows come and go while the page stays.
#[derive(Clone)]
pub(super) struct ShownRow {
    /// The login.
    pub(super) login: Arc<LoginRow>,
    /// Whether it came after the page was read.
    pub(super) fresh: bool,
    /// Whether it has ended.
    pub(super) ended: ArcRwSignal<bool>,
}

impl ShownRow {
    fn new(login: LoginRow, fresh: bool) -> Self {
        Self { login: Arc::new(login), fresh, ended: ArcRwSignal::new(false) }
    }

    /// Its identity.
    pub(super) fn id(&self) -> String {
        self.login.id.clone()
    }
}

/// The state of the page of logins.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// What is on the screen.
    pub(super) shown: RwSignal<Vec<ShownRow>>,
    /// How many logins match the query now.
    pub(super) matching: RwSignal<u64>,
    /// The numbers above.
    pub(super) tiles: RwSignal<Tiles>,
    /// Arrivals that wait to be shown.
    pub(super) waiting: RwSignal<Vec<LoginRow>>,
    /// What happened, the latest first.
    pub(super) feed: RwSignal<Vec<Happened>>,
    /// Which of it is shown.
    pub(super) only: RwSignal<Only>,
    /// Jobs that end logins now.
    pub(super) jobs: RwSignal<Vec<JobView>>,
    /// Identities of the logins that are selected.
    pub(super) selected: RwSignal<BTreeSet<String>>,
    /// Whether pointer, touch or focus is on the table.
    pub(super) held: RwSignal<bool>,
    /// What a dialog asks to end.
    pub(super) wanted: RwSignal<Option<Wanted>>,
    /// What is searched for, and where in it the page is.
    pub(super) query: StoredValue<LoginQuery>,
}

impl Rows {
    pub(super) fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            matching: RwSignal::new(0),
            tiles: RwSignal::new(Tiles::default()),
            waiting: RwSignal::new(Vec::new()),
            feed: RwSignal::new(Vec::new()),
            only: RwSignal::new(Only::All),
            jobs: RwSignal::new(Vec::new()),
            selected: RwSignal::new(BTreeSet::new()),
            held: RwSignal::new(false),
            wanted: RwSignal::new(None),
            query: StoredValue::new(LoginQuery::default()),
        }
    }

    /// What the page shows only.
    pub(super) fn filter(self) -> LoginFilter {
        self.query.with_value(|query| query.filter.clone())
    }

    /// Whether every open login on the screen is selected, and there is one.
    pub(super) fn all_selected(self) -> bool {
        self.shown.with(|rows| {
            let mut open = rows.iter().filter(|row| !row.ended.get()).peekable();
            open.peek().is_some()
                && self.selected.with(|all| open.all(|row| all.contains(&row.login.id)))
        })
    }

    /// Whether more logins belong on this page than it has, and nobody holds it.
    pub(super) fn misses_some(self) -> bool {
        let before = self.query.with_value(|query| u64::from(query.page) * u64::from(PAGE_ROWS));
        let here = self.matching.get().saturating_sub(before).min(u64::from(PAGE_ROWS));
        let there = self.shown.with(Vec::len) + self.waiting.with(Vec::len);
        !self.held.get() && (there as u64) < here
    }

    /// Shows a snapshot.
    pub(super) fn show(&self, query: LoginQuery, page: &ActiveLogins) {
        self.query.set_value(query);
        self.waiting.set(Vec::new());
        self.matching.set(page.matching);
        self.tiles.set(page.tiles.clone());
        self.feed.set(page.feed.clone());
        self.jobs.set(page.jobs.clone());
        self.shown.set(page.rows.iter().map(|row| ShownRow::new(row.clone(), false)).collect());
        self.unselect_unseen();
    }

    /// Shows numbers that were read by themselves. What the tab has heard of since comes on top; if
    /// that is more than it remembers, they are of no use.
    pub(super) fn show_tiles(&self, mut read: Tiles) {
        let known = self.tiles.with_untracked(|tiles| tiles.as_of);
        let remembered = self.feed.with_untracked(|feed| {
            let as_of = read.as_of;
            feed.iter().rev().for_each(|happened| count(&mut read, happened));
            as_of >= known || feed.last().is_some_and(|oldest| oldest.number <= as_of + 1)
        });
        if remembered {
            self.tiles.set(read);
        }
    }

    /// Applies what happened since.
    pub(super) fn change(&self, changes: Vec<Happened>) {
        self.tiles.update(|tiles| changes.iter().for_each(|happened| count(tiles, happened)));
        let filter = self.query.with_value(|query| query.filter.clone());
        for happened in &changes {
            match &happened.change {
                Change::Began(login) => {
                    let LoginRow { user, phone, profile, login_type, .. } = login;
                    if filter.matches(user, phone, profile, *login_type) {
                        self.matching.update(|count| *count += 1);
                        self.waiting.update(|waiting| {
                            if waiting.len() == WAITING {
                                waiting.remove(0);
                            }
                            waiting.push(login.clone());
                        });
                    }
                }
                Change::Ended { id, user, phone, profile, login_type, .. } => {
                    if filter.matches(user, phone, profile, *login_type) {
                        self.matching.update(|count| *count = count.saturating_sub(1));
                    }
                    self.waiting.update(|waiting| waiting.retain(|login| login.id != *id));
                    self.select(id.clone(), false);
                    self.shown.with_untracked(|rows| {
                        if let Some(row) = rows.iter().find(|row| row.login.id == *id) {
                            row.ended.set(true);
                        }
                    });
                }
                Change::Refused { .. } | Change::Configured => {}
            }
        }
        self.feed.update(|feed| {
            let shown = |one: &Happened| !matches!(one.change, Change::Configured);
            let new = changes.into_iter().filter(shown).rev().take(FEED_SHOWN);
            feed.splice(0..0, new);
            feed.truncate(FEED_SHOWN);
        });
        if !self.held.get_untracked() {
            self.settle();
        }
    }

    /// Whether arrivals belong at the top of what is on the screen.
    pub(super) fn arrivals_come_first(&self) -> bool {
        self.query.with_value(|query| query.page == 0 && query.sort == SortBy::Newest)
    }

    /// Puts arrivals where they belong, if that is on this page.
    pub(super) fn settle(&self) {
        if !self.arrivals_come_first() {
            return;
        }
        let arrived = std::mem::take(&mut *self.waiting.write());
        if arrived.is_empty() {
            return;
        }
        self.shown.update(|rows| {
            for login in arrived {
                rows.insert(0, ShownRow::new(login, true));
            }
            rows.truncate(PAGE_ROWS as usize);
        });
        self.unselect_unseen();
    }

    /// Only what is on the screen is selected: nobody ends what they don't see.
    fn unselect_unseen(&self) {
        self.shown.with_untracked(|rows| {
            self.selected.update(|selected| {
                selected.retain(|id| rows.iter().any(|row| row.login.id == *id));
            });
        });
    }

    /// Takes away a row that has faded.
    pub(super) fn remove(&self, id: &str) {
        self.shown.update(|rows| rows.retain(|row| row.id() != id));
    }

    /// Selects a login or not.
    pub(super) fn select(&self, id: String, selected: bool) {
        self.selected.update(|all| {
            if selected {
                all.insert(id);
            } else {
                all.remove(&id);
            }
        });
    }

    /// Selects all rows on the screen, or none.
    pub(super) fn select_all(&self, selected: bool) {
        let ids = self.shown.with_untracked(|rows| {
            rows.iter()
                .filter(|row| selected && !row.ended.get_untracked())
                .map(ShownRow::id)
                .collect()
        });
        self.selected.set(ids);
    }
}

/// Counts what happened in the numbers above, unless they know of it.
fn count(tiles: &mut Tiles, happened: &Happened) {
    if happened.number <= tiles.as_of {
        return;
    }
    tiles.as_of = happened.number;
    match &happened.change {
        Change::Began(login) => *tiles.open.of(login.login_type) += 1,
        Change::Ended { login_type, .. } => {
            let open = tiles.open.of(*login_type);
            *open = open.saturating_sub(1);
        }
        Change::Refused { code, .. } => {
            match tiles.refused.iter_mut().find(|(counted, _)| counted == code) {
                Some((_, count)) => *count += 1,
                None => tiles.refused.push((*code, 1)),
            }
        }
        Change::Configured => {}
    }
}

#[cfg(test)]
mod tests {
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
        let LoginRow { id, user, phone, profile, login_type, from_ms, .. } = login(of);
        let (cause, by, reason) = (EndCause::Logout, by(), String::new());
        let change =
            Change::Ended { id, user, phone, profile, login_type, from_ms, cause, by, reason };
        happened(number, change)
    }

    /// A first page with the logins of these events, of so many; it knows of event 1,000.
    fn page(numbers: std::ops::Range<u64>, matching: u64) -> Rows {
        let rows = Rows::new();
        let mut tiles = Tiles { as_of: 1_000, ..Tiles::default() };
        tiles.open.em = matching;
        let page = ActiveLogins {
            rows: numbers.rev().map(login).collect(),
            matching,
            tiles,
            jobs: Vec::new(),
            feed: Vec::new(),
            as_of: 1_000,
            now_ms: 0,
            may_end: true,
        };
        rows.show(LoginQuery::default(), &page);
        rows
    }

    fn with_owner(test: impl FnOnce()) {
        let owner = Owner::new();
        owner.with(test);
    }

    #[test]
    fn a_login_that_slides_off_the_page_is_selected_no_more() {
        with_owner(|| {
            let rows = page(0..50, 50);
            rows.select_all(true);
            assert!(rows.all_selected());
            rows.change(vec![began(1_001)]);
            assert_eq!(rows.shown.with(Vec::len), 50);
            rows.selected.with(|selected| {
                assert_eq!(selected.len(), 49);
                assert!(!selected.contains("login 0"), "it is on no screen");
            });
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
    fn a_page_that_empties_while_more_match_misses_some() {
        with_owner(|| {
            let rows = page(0..50, 950);
            assert!(!rows.misses_some());
            rows.held.set(true);
            for number in 0..50 {
                rows.change(vec![ended(1_001 + number, number)]);
                rows.remove(&format!("login {number}"));
            }
            assert!(!rows.misses_some(), "not while it is held");
            rows.held.set(false);
            assert!(rows.misses_some());
            let rows = page(0..3, 3);
            rows.change(vec![ended(1_001, 0), ended(1_002, 1), ended(1_003, 2)]);
            (0..3).for_each(|number| rows.remove(&format!("login {number}")));
            assert!(!rows.misses_some(), "there are no more");
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
}
