//! The rows of a page of logins, and how live changes reach them.
//!
//! Rows don't move under pointer, touch or focus: while the table is held, arrivals wait and ended
//! rows stay where they are, faded.

use leptos::prelude::*;
use terms::LoginFilter;

use crate::api::{ActiveLogins, Change, LoginQuery, LoginRow, PAGE_ROWS, SortBy};

/// A row on the screen.
#[derive(Clone, Copy)]
pub(super) struct ShownRow {
    /// The login.
    pub(super) login: StoredValue<LoginRow>,
    /// Whether it came after the page was read.
    pub(super) fresh: bool,
    /// Whether it has ended.
    pub(super) ended: RwSignal<bool>,
}

impl ShownRow {
    fn new(login: LoginRow, fresh: bool) -> Self {
        Self { login: StoredValue::new(login), fresh, ended: RwSignal::new(false) }
    }

    /// Its identity.
    pub(super) fn id(&self) -> String {
        self.login.with_value(|login| login.id.clone())
    }
}

/// The state of the page of logins.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// What is on the screen.
    pub(super) shown: RwSignal<Vec<ShownRow>>,
    /// How many logins match the query now.
    pub(super) matching: RwSignal<u64>,
    /// How many logins are open now.
    pub(super) open: RwSignal<u64>,
    /// Arrivals that wait to be shown.
    pub(super) waiting: RwSignal<Vec<LoginRow>>,
    /// Whether pointer, touch or focus is on the table.
    pub(super) held: RwSignal<bool>,
    query: StoredValue<LoginQuery>,
}

impl Rows {
    pub(super) fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            matching: RwSignal::new(0),
            open: RwSignal::new(0),
            waiting: RwSignal::new(Vec::new()),
            held: RwSignal::new(false),
            query: StoredValue::new(LoginQuery::default()),
        }
    }

    /// Shows a snapshot.
    pub(super) fn show(&self, query: LoginQuery, page: &ActiveLogins) {
        self.query.set_value(query);
        self.waiting.set(Vec::new());
        self.matching.set(page.matching);
        self.open.set(page.open);
        self.shown.set(page.rows.iter().map(|row| ShownRow::new(row.clone(), false)).collect());
    }

    /// Applies what happened since.
    pub(super) fn change(&self, changes: Vec<Change>) {
        let filter = self.query.with_value(|query| LoginFilter::new(&query.find));
        for change in changes {
            match change {
                Change::Began(login) => {
                    self.open.update(|count| *count += 1);
                    if filter.matches(&login.user, &login.phone, &login.profile) {
                        self.matching.update(|count| *count += 1);
                        self.waiting.update(|waiting| waiting.push(login));
                    }
                }
                Change::Ended { id, user, phone, profile } => {
                    self.open.update(|count| *count = count.saturating_sub(1));
                    if filter.matches(&user, &phone, &profile) {
                        self.matching.update(|count| *count = count.saturating_sub(1));
                    }
                    self.waiting.update(|waiting| waiting.retain(|login| login.id != id));
                    self.shown.with_untracked(|rows| {
                        if let Some(row) = rows.iter().find(|row| row.id() == id) {
                            row.ended.set(true);
                        }
                    });
                }
            }
        }
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
}
