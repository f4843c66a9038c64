//! The changes that a transaction's requests make to the table of logins: collected, then written together.

use std::collections::HashSet;

use engine::{EndedLogin, LimitSource, Login, LoginId, UserId, ports::StoreError};
use serde::Serialize;
use sqlx::SqliteConnection;
use terms::{LoginFilter, Named};

use super::{
    facts::{Key, Keys},
    stay_changes::{self, StayChange},
};
use crate::{
    error,
    notes::{Notes, insert_notes},
    rows,
};

/// SQL that begins logins, from a JSON array.
macro_rules! begin_logins {
    () => {
        "WITH json AS MATERIALIZED (SELECT key, value FROM json_each(?))
         INSERT INTO logins (id, user, user_key, user_cluster, phone, phone_key, phone_cluster, model,
                             description, profile, type, from_ms, until_ms, limit_source, sole_user, search, began_by_kind,
                             began_by, began_by_address)
         SELECT value ->> 'id', value ->> 'user', value ->> 'user_key', value ->> 'user_cluster',
                value ->> 'phone', value ->> 'phone_key', value ->> 'phone_cluster',
                value ->> 'model', value ->> 'description', value ->> 'profile', value ->> 'type', value ->> 'from_ms', value ->> 'until_ms',
                value ->> 'limit_source', value ->> 'sole_user', value ->> 'search',
                value ->> 'began_by_kind', value ->> 'began_by', value ->> 'began_by_address'
           FROM json ORDER BY key"
    };
}

/// Logins that end and begin, with their events and audit rows.
/// SQLite gets each kind in one statement, as a JSON array, since a statement costs a handover to SQLite's thread.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) notes: Notes,
    ended: Vec<EndedRow>,
    last_users: Vec<LastUserRow>,
    begun: Vec<BegunRow>,
    stays: Vec<StayChange>,
    /// The keys of users and phones whose open logins have changed since the read.
    users: HashSet<Key>,
    phones: HashSet<Key>,
    /// Stays that have ended since the read, whose facts may say that the stay is not over.
    buried: HashSet<LoginId>,
}

/// A point between two requests.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    ended: usize,
    last_users: usize,
    begun: usize,
    stays: usize,
    notes: (usize, usize),
}

/// Columns of a login that ends, by the names of the columns.
#[derive(Serialize)]
struct EndedRow {
    id: String,
    ended_ms: i64,
    cause: &'static str,
    ended_by_kind: &'static str,
    ended_by: String,
    ended_by_address: String,
    reason: String,
    /// What the end adds to the text in which the history looks for words.
    search: String,
}

/// The user who last logged out at a phone.
#[derive(Serialize)]
struct LastUserRow {
    phone_key: String,
    user: String,
    user_cluster: String,
}

/// Columns of a login that begins, by the names of the columns.
#[derive(Serialize)]
struct BegunRow {
    id: String,
    user: String,
    user_key: String,
    user_cluster: String,
    phone: String,
    phone_key: String,
    phone_cluster: String,
    model: String,
    description: String,
    profile: String,
    r#type: &'static str,
    from_ms: i64,
    until_ms: Option<i64>,
    limit_source: &'static str,
    sole_user: Option<String>,
    search: String,
    began_by_kind: &'static str,
    began_by: String,
    began_by_address: String,
}

impl Changes {
    /// Whether the open logins of an operation's user or phone, or its stay, have changed since the read.
    pub(super) fn touch(&self, keys: &Keys) -> bool {
        let Keys { user, phone, stay, .. } = keys;
        user.as_ref().is_some_and(|key| self.users.contains(key))
            || phone.as_ref().is_some_and(|key| self.phones.contains(key))
            || stay.is_some_and(|stay| self.buried.contains(&stay))
    }

    /// Begins a login.
    pub(super) fn begin(&mut self, login: &Login, limit_source: LimitSource, sole: bool) {
        let Login { user, phone, profile, by, .. } = login;
        let (user_key, phone_key) = (rows::key(&user.id), rows::phone_key(&phone.name));
        self.users.insert((user.cluster.clone(), user_key.clone()));
        self.phones.insert((phone.cluster.clone(), phone_key.clone()));
        self.begun.push(BegunRow {
            id: login.id.0.to_string(),
            user: user.id.clone(),
            user_cluster: user.cluster.clone(),
            phone: phone.name.clone(),
            phone_key,
            phone_cluster: phone.cluster.clone(),
            model: login.model.clone(),
            description: login.description.clone(),
            profile: profile.clone(),
            r#type: login.login_type.name(),
            from_ms: login.from.0,
            until_ms: login.until.map(|until| until.0),
            limit_source: limit_source.name(),
            sole_user: sole.then(|| user_key.clone()),
            user_key,
            search: login.searched(),
            began_by_kind: by.kind.name(),
            began_by: by.name.clone(),
            began_by_address: by.address.clone(),
        });
    }

    /// Ends an open login.
    pub(super) fn end(&mut self, ended: &EndedLogin) {
        let EndedLogin { user, phone, by, .. } = ended;
        self.users.insert((user.cluster.clone(), rows::key(&user.id)));
        self.phones.insert((phone.cluster.clone(), rows::phone_key(&phone.name)));
        self.ended.push(EndedRow {
            id: ended.id.0.to_string(),
            ended_ms: ended.ended.0,
            cause: ended.cause.name(),
            ended_by_kind: by.kind.name(),
            ended_by: by.name.clone(),
            ended_by_address: by.address.clone(),
            reason: ended.reason.clone(),
            search: searched(ended),
        });
    }

    /// Sets the user who last logged out at a phone.
    pub(super) fn set_last_user(&mut self, phone: &str, user: &UserId) {
        let UserId { cluster, id } = user.clone();
        let phone_key = rows::phone_key(phone);
        self.last_users.push(LastUserRow { phone_key, user: id, user_cluster: cluster });
    }

    /// Adds a change to the tables of stays.
    pub(super) fn stay(&mut self, change: StayChange) {
        if let StayChange::Bury(stay, _) = &change {
            self.buried.insert(stay.login);
        }
        self.stays.push(change);
    }

    /// The mark after all changes so far.
    pub(super) const fn mark(&self) -> Mark {
        Mark {
            ended: self.ended.len(),
            last_users: self.last_users.len(),
            begun: self.begun.len(),
            stays: self.stays.len(),
            notes: self.notes.mark(),
        }
    }

    /// Drops the changes after a mark.
    /// The users, phones and stays of these changes still count as touched, so their facts are read again.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.ended.truncate(mark.ended);
        self.last_users.truncate(mark.last_users);
        self.begun.truncate(mark.begun);
        self.stays.truncate(mark.stays);
        self.notes.back_to(mark.notes);
    }

    /// Writes all changes.
    pub(super) async fn write(self, tx: &mut SqliteConnection) -> Result<(), StoreError> {
        self.execute(tx, concat!(begin_logins!(), "; ", insert_notes!())).await
    }

    /// Writes all changes and commits.
    pub(super) async fn commit(self, tx: &mut SqliteConnection) -> Result<(), StoreError> {
        self.execute(tx, concat!(begin_logins!(), "; ", insert_notes!(), "; COMMIT")).await
    }

    /// Writes the ends first, so that an ended login does not exclude a new login.
    async fn execute(self, tx: &mut SqliteConnection, sql: &'static str) -> Result<(), StoreError> {
        if !self.ended.is_empty() {
            write_ends(tx, &self.ended).await?;
        }
        if !self.last_users.is_empty() {
            write_last_users(tx, &self.last_users).await?;
        }
        for change in self.stays {
            stay_changes::write(tx, change).await?;
        }
        let begun = serde_json::to_string(&self.begun).map_err(error::bad_row)?;
        let (events, audit) = self.notes.into_json()?;
        let query = sqlx::query(sql).bind(begun).bind(events).bind(audit);
        query.execute(tx).await.map(drop).map_err(error::store)
    }
}

/// The texts of an end in which the history looks for words, one a line.
fn searched(ended: &EndedLogin) -> String {
    let EndedLogin { by, reason, .. } = ended;
    let texts = [&by.name, &by.address, reason].map(|text| LoginFilter::fold(text));
    let texts = texts.iter().filter(|text| !text.is_empty());
    texts.flat_map(|text| ["\n", text]).collect()
}

/// Ends logins; fails if any of them is not open.
async fn write_ends(tx: &mut SqliteConnection, ends: &[EndedRow]) -> Result<(), StoreError> {
    let json = serde_json::to_string(ends).map_err(error::bad_row)?;
    let ended = sqlx::query(
        "WITH json AS MATERIALIZED (SELECT value FROM json_each(?))
         UPDATE logins
            SET ended_ms = value ->> 'ended_ms', cause = value ->> 'cause',
                ended_by_kind = value ->> 'ended_by_kind', ended_by = value ->> 'ended_by',
                ended_by_address = value ->> 'ended_by_address', reason = value ->> 'reason',
                search = search || (value ->> 'search')
           FROM json
          WHERE logins.id = value ->> 'id' AND logins.ended_ms IS NULL",
    )
    .bind(json)
    .execute(tx)
    .await
    .map_err(error::store)?;
    if ended.rows_affected() != ends.len() as u64 {
        let problem = format!("{} of {} logins were open", ended.rows_affected(), ends.len());
        return Err(StoreError::BadRow(problem));
    }
    Ok(())
}

/// Writes the users who last logged out at phones.
async fn write_last_users(
    tx: &mut SqliteConnection,
    last_users: &[LastUserRow],
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE phones SET last_user = value ->> 'user', last_user_cluster = value ->> 'user_cluster'
           FROM json_each(?) WHERE phones.key = value ->> 'phone_key'",
    )
    .bind(serde_json::to_string(last_users).map_err(error::bad_row)?)
    .execute(tx)
    .await
    .map(drop)
    .map_err(error::store)
}
