//! The rows of a page of logins, and the live changes to the rows.
//!
//! Rows don't move under pointer, touch or focus: while the table is held, arrivals wait and ended
//! rows stay where they are, struck through.

use std::sync::Arc;

use leptos::prelude::*;
use terms::{LoginFilter, LoginType};

use super::feed_filter::FeedFilter;
use crate::api::{
    ActiveLogins, Change, Happened, JobView, LogOutScope, LoginQuery, LoginRow, MAX_SELECTED,
    PAGE_ROWS, SortBy, Tiles,
};

#[cfg(test)]
mod tests;

/// The most events on the screen.
const FEED_SHOWN: usize = 100;
/// The most arrivals that wait. A page may be open for days: the oldest arrivals are dropped.
const WAITING: usize = 999;

/// A row on the screen.
/// The row counts its references, because rows come and go while the page stays.
#[derive(Clone)]
pub(super) struct ShownRow {
    /// The login.
    pub(super) login: Arc<LoginRow>,
    /// Whether the login began after the page was read.
    pub(super) fresh: bool,
    /// Whether the login has ended.
    pub(super) ended: ArcRwSignal<bool>,
}

impl ShownRow {
    fn new(login: LoginRow, fresh: bool) -> Self {
        Self { login: Arc::new(login), fresh, ended: ArcRwSignal::new(false) }
    }

    /// The login's identity.
    pub(super) fn id(&self) -> String {
        self.login.id.clone()
    }
}

/// The state of the page of logins.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// The rows on the screen.
    pub(super) shown: RwSignal<Vec<ShownRow>>,
    /// How many logins match the query now.
    pub(super) matching: RwSignal<u64>,
    /// The numbers above.
    pub(super) tiles: RwSignal<Tiles>,
    /// Arrivals that wait to be shown.
    pub(super) waiting: RwSignal<Vec<LoginRow>>,
    /// The events, the latest first.
    pub(super) feed: RwSignal<Vec<Happened>>,
    /// The filter of the feed.
    pub(super) only: RwSignal<FeedFilter>,
    /// Jobs that end logins now.
    pub(super) jobs: RwSignal<Vec<JobView>>,
    /// Identities of the logins that are selected, on all pages; at most [`MAX_SELECTED`].
    pub(super) selected: RwSignal<Vec<String>>,
    /// The row that the panel beside the list shows.
    pub(super) opened: RwSignal<Option<ShownRow>>,
    /// Whether the viewer may end logins.
    pub(super) may_end: RwSignal<bool>,
    /// Whether pointer or focus was on the table: a log-out may follow.
    pub(super) near: RwSignal<bool>,
    /// Whether pointer, touch or focus is on the table.
    pub(super) held: RwSignal<bool>,
    /// The logins that the dialog asks to end.
    pub(super) wanted: RwSignal<Option<LogOutScope>>,
    /// The typed search text.
    pub(super) typed: RwSignal<String>,
    /// The search text of the present rows.
    found: RwSignal<String>,
    /// The query of the present rows.
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
            opened: RwSignal::new(None),
            may_end: RwSignal::new(false),
            near: RwSignal::new(false),
            held: RwSignal::new(false),
            wanted: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            found: RwSignal::new(String::new()),
            query: StoredValue::new(LoginQuery::default()),
        }
    }

    /// The filter of the typed text and a login type.
    pub(super) fn typed_filter(self, login_type: Option<LoginType>) -> LoginFilter {
        self.typed.with(|typed| LoginFilter::new(typed, login_type))
    }

    /// Whether the rows are those of an earlier search text.
    pub(super) fn is_behind(self) -> bool {
        let typed = self.typed_filter(None).find;
        self.found.with(|found| *found != typed)
    }

    /// The filter of the page.
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

    /// Whether the page lacks rows for logins that match, and the table is not held.
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
        self.may_end.set(page.may_end);
        // A login that stays keeps its row: the view listens to the row's `ended`.
        self.shown.update(|shown| {
            let row = |login: &LoginRow| {
                let opened = self.opened.get_untracked();
                let there = shown.iter().chain(&opened).find(|row| row.login.id == login.id);
                let there = there.cloned();
                there.unwrap_or_else(|| ShownRow::new(login.clone(), false))
            };
            *shown = page.rows.iter().map(row).collect();
        });
    }

    /// Shows numbers that were read without rows.
    /// Events that the tab has received since are added. If there are more such events than the tab keeps, the
    /// numbers are dropped.
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

    /// Applies events.
    pub(super) fn change(&self, changes: Vec<Happened>) {
        self.tiles.update(|tiles| changes.iter().for_each(|happened| count(tiles, happened)));
        let filter = self.query.with_value(|query| query.filter.clone());
        for happened in &changes {
            let passes = |login: &LoginRow| login.passes(&filter.at(happened.at_ms));
            match &happened.change {
                Change::Began(login) => {
                    if passes(login) {
                        self.matching.update(|count| *count += 1);
                        self.waiting.update(|waiting| {
                            if waiting.len() == WAITING {
                                waiting.remove(0);
                            }
                            waiting.push(login.clone());
                        });
                    }
                }
                Change::Ended { login, .. } => {
                    let id = &login.id;
                    if passes(login) {
                        self.matching.update(|count| *count = count.saturating_sub(1));
                    }
                    self.waiting.maybe_update(|waiting| {
                        let before = waiting.len();
                        waiting.retain(|login| login.id != *id);
                        waiting.len() < before
                    });
                    self.select(id.clone(), false);
                    // The panel may show a login that is on no row of this page.
                    let opened = self.opened.get_untracked().filter(|row| row.login.id == *id);
                    if let Some(opened) = opened {
                        opened.ended.set(true);
                    }
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

    /// Moves the waiting arrivals to the top of the rows, if [`Rows::arrivals_come_first`].
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
    }

    /// How many selected logins are not on the screen: those of other pages, or that the filter hides.
    pub(super) fn selected_elsewhere(self) -> usize {
        self.shown.with(|rows| {
            self.selected.with(|selected| {
                selected.iter().filter(|id| !rows.iter().any(|row| row.login.id == **id)).count()
            })
        })
    }

    /// The identities of the rows on the screen that have ended.
    pub(super) fn ended(self) -> Vec<String> {
        self.shown
            .with(|rows| rows.iter().filter(|row| row.ended.get()).map(ShownRow::id).collect())
    }

    /// Removes rows that have ended.
    pub(super) fn remove(&self, ended: &[String]) {
        self.shown.update(|rows| rows.retain(|row| !ended.contains(&row.login.id)));
    }

    /// Selects or deselects a login.
    pub(super) fn select(&self, id: String, selected: bool) {
        // Every row listens to the selection: a notification is sent only for a change.
        self.selected.maybe_update(|all| {
            let was = all.contains(&id);
            match (was, selected) {
                (false, true) if all.len() < MAX_SELECTED => all.push(id),
                (true, false) => all.retain(|one| *one != id),
                _ => {}
            }
            was != selected
        });
    }

    /// Selects or deselects all open rows on the screen. The selection of other pages stays.
    pub(super) fn select_all(&self, selected: bool) {
        let ids: Vec<String> = self.shown.with_untracked(|rows| {
            rows.iter().filter(|row| !row.ended.get_untracked()).map(ShownRow::id).collect()
        });
        self.selected.update(|all| {
            all.retain(|id| !ids.contains(id));
            if selected {
                let room = MAX_SELECTED.saturating_sub(all.len());
                all.extend(ids.into_iter().take(room));
            }
        });
    }
}

/// Applies an event to the numbers, unless the numbers include the event.
fn count(tiles: &mut Tiles, happened: &Happened) {
    if happened.number <= tiles.as_of {
        return;
    }
    tiles.as_of = happened.number;
    match &happened.change {
        Change::Began(login) => *tiles.open.of(login.login_type) += 1,
        Change::Ended { login, .. } => {
            let open = tiles.open.of(login.login_type);
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
