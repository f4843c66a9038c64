//! The rows of a page of logins, and how live changes reach them.
//!
//! Rows don't move under pointer, touch or focus: while the table is held, arrivals wait and ended
//! rows stay where they are, faded.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use terms::LoginFilter;

use super::{feed::Only, log_out::Wanted};
use crate::api::{ActiveLogins, Change, Happened, LoginQuery, LoginRow, PAGE_ROWS, SortBy, Tiles};

/// Events that stay on the screen.
const FEED_SHOWN: usize = 100;

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

    /// Whether every row of the page is selected, and there is one.
    pub(super) fn all_selected(self) -> bool {
        let selected = self.selected.with(BTreeSet::len);
        selected > 0 && selected == self.shown.with(Vec::len)
    }

    /// Shows a snapshot.
    pub(super) fn show(&self, query: LoginQuery, page: &ActiveLogins) {
        self.query.set_value(query);
        self.waiting.set(Vec::new());
        self.matching.set(page.matching);
        self.tiles.set(page.tiles.clone());
        self.feed.set(page.feed.clone());
        self.shown.set(page.rows.iter().map(|row| ShownRow::new(row.clone(), false)).collect());
        self.selected.update(|selected| {
            selected.retain(|id| page.rows.iter().any(|row| row.id == *id));
        });
    }

    /// Applies what happened since.
    pub(super) fn change(&self, changes: Vec<Happened>) {
        let filter = self.query.with_value(|query| query.filter.clone());
        for happened in &changes {
            match &happened.change {
                Change::Began(login) => {
                    self.tiles.update(|tiles| *tiles.open.of(login.login_type) += 1);
                    let LoginRow { user, phone, profile, login_type, .. } = login;
                    if filter.matches(user, phone, profile, *login_type) {
                        self.matching.update(|count| *count += 1);
                        self.waiting.update(|waiting| waiting.push(login.clone()));
                    }
                }
                Change::Ended { id, user, phone, profile, login_type, .. } => {
                    self.tiles.update(|tiles| {
                        let open = tiles.open.of(*login_type);
                        *open = open.saturating_sub(1);
                    });
                    if filter.matches(user, phone, profile, *login_type) {
                        self.matching.update(|count| *count = count.saturating_sub(1));
                    }
                    self.waiting.update(|waiting| waiting.retain(|login| login.id != *id));
                    self.selected.update(|selected| {
                        selected.remove(id);
                    });
                    self.shown.with_untracked(|rows| {
                        if let Some(row) = rows.iter().find(|row| row.id() == *id) {
                            row.ended.set(true);
                        }
                    });
                }
                Change::Refused { code, .. } => self.tiles.update(|tiles| {
                    match tiles.refused.iter_mut().find(|(counted, _)| counted == code) {
                        Some((_, count)) => *count += 1,
                        None => tiles.refused.push((*code, 1)),
                    }
                }),
                Change::Configured => {}
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
