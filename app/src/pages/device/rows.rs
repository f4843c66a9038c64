//! The rows of a page of logins, and how live changes reach them.
//!
//! Rows don't move under pointer, touch or focus: while the table is held, arrivals wait and ended
//! rows stay where they are, struck through.

use std::sync::Arc;

use leptos::prelude::*;
use terms::{LoginFilter, LoginType};

use super::feed_filter::FeedFilter;
use crate::api::{
    ActiveLogins, Change, Happened, JobView, LogOutScope, LoginQuery, LoginRow, PAGE_ROWS, SortBy,
    Tiles,
};

#[cfg(test)]
mod tests;

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
    pub(super) only: RwSignal<FeedFilter>,
    /// Jobs that end logins now.
    pub(super) jobs: RwSignal<Vec<JobView>>,
    /// Identities of the logins that are selected.
    pub(super) selected: RwSignal<Vec<String>>,
    /// Whether pointer, touch or focus is on the table.
    pub(super) held: RwSignal<bool>,
    /// What a dialog asks to end.
    pub(super) wanted: RwSignal<Option<LogOutScope>>,
    /// What is typed to be found.
    pub(super) typed: RwSignal<String>,
    /// With what the rows were found.
    found: RwSignal<String>,
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
            only: RwSignal::new(FeedFilter::All),
            jobs: RwSignal::new(Vec::new()),
            selected: RwSignal::new(Vec::new()),
            held: RwSignal::new(false),
            wanted: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            found: RwSignal::new(String::new()),
            query: StoredValue::new(LoginQuery::default()),
        }
    }

    /// The filter of the typed text and one login type.
    pub(super) fn typed_filter(self, login_type: Option<LoginType>) -> LoginFilter {
        self.typed.with(|typed| LoginFilter::new(typed, login_type))
    }

    /// Whether the rows are not yet those of what is typed.
    pub(super) fn is_behind(self) -> bool {
        let typed = self.typed_filter(None).find;
        self.found.with(|found| *found != typed)
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
        self.found.set(query.filter.find.clone());
        self.query.set_value(query);
        self.waiting.set(Vec::new());
        self.matching.set(page.matching);
        self.tiles.set(page.tiles.clone());
        self.feed.set(page.feed.clone());
        self.jobs.set(page.jobs.clone());
        // A row that stays is the same row: what is on the screen hears from it that it has ended.
        self.shown.update(|shown| {
            let row = |login: &LoginRow| {
                let there = shown.iter().find(|row| row.login.id == login.id).cloned();
                there.unwrap_or_else(|| ShownRow::new(login.clone(), false))
            };
            *shown = page.rows.iter().map(row).collect();
        });
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
                    self.waiting.maybe_update(|waiting| {
                        let before = waiting.len();
                        waiting.retain(|login| login.id != *id);
                        waiting.len() < before
                    });
                    self.select(id.clone(), false);
                    self.shown.with_untracked(|rows| {
                        if let Some(row) = rows.iter().find(|row| row.login.id == *id) {
                            row.ended.set(true);
                        }
                    });
                }
                Change::Refused { .. } | Change::Alarm(..) | Change::Configured => {}
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
            self.selected.maybe_update(|selected| {
                let before = selected.len();
                selected.retain(|id| rows.iter().any(|row| row.login.id == *id));
                selected.len() < before
            });
        });
    }

    /// The identities of the rows on the screen that have ended.
    pub(super) fn ended(self) -> Vec<String> {
        self.shown
            .with(|rows| rows.iter().filter(|row| row.ended.get()).map(ShownRow::id).collect())
    }

    /// Takes away rows that have ended.
    pub(super) fn remove(&self, ended: &[String]) {
        self.shown.update(|rows| rows.retain(|row| !ended.contains(&row.login.id)));
    }

    /// Selects a login or not.
    pub(super) fn select(&self, id: String, selected: bool) {
        // Each row listens: it is told only of what is new.
        self.selected.maybe_update(|all| {
            let was = all.contains(&id);
            match (was, selected) {
                (false, true) => all.push(id),
                (true, false) => all.retain(|one| *one != id),
                _ => {}
            }
            was != selected
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
        Change::Refused { code, times, .. } => {
            match tiles.refused.iter_mut().find(|(counted, _)| counted == code) {
                Some((_, count)) => *count += times,
                None => tiles.refused.push((*code, *times)),
            }
        }
        Change::Alarm(..) | Change::Configured => {}
    }
}
