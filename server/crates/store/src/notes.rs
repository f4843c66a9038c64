//! The events and audit rows of a transaction, written together at its end.

use engine::{Actor, EventKind, UtcMillis, ports::StoreError};
use serde::Serialize;
use sqlx::SqliteConnection;
use terms::Named;

use crate::{error, rows};

/// SQL that inserts events and audit rows, each from a JSON array of [`Notes::into_json`].
/// `json_each` serializes a value again at each use of `value`, unless its rows are materialized.
macro_rules! insert_notes {
    () => {
        "INSERT INTO events (at_ms, body)
         SELECT value ->> 0, value ->> 1 FROM json_each(?) ORDER BY key;
         WITH json AS MATERIALIZED (SELECT key, value FROM json_each(?))
         INSERT INTO audit (at_ms, actor_kind, actor, address, action, subject, detail, search)
         SELECT value ->> 'at', value ->> 'kind', value ->> 'actor', value ->> 'address',
                value ->> 'action', value ->> 'subject', value ->> 'detail', value ->> 'search'
           FROM json ORDER BY key"
    };
}
pub(crate) use insert_notes;

/// The events and audit rows that one transaction has collected.
#[derive(Default)]
pub(crate) struct Notes {
    events: Vec<(i64, String)>,
    audit: Vec<AuditRow>,
}

#[derive(Serialize)]
struct AuditRow {
    at: i64,
    kind: &'static str,
    actor: String,
    address: String,
    action: &'static str,
    subject: String,
    detail: String,
    search: String,
}

impl Notes {
    /// Adds an event.
    pub(crate) fn event(&mut self, at: UtcMillis, kind: &EventKind) -> Result<(), StoreError> {
        self.events.push((at.0, serde_json::to_string(kind).map_err(error::bad_row)?));
        Ok(())
    }

    /// Adds an audit row.
    pub(crate) fn audit(
        &mut self,
        at: UtcMillis,
        actor: &Actor,
        action: &'static str,
        subject: String,
        detail: String,
    ) {
        let Actor { kind, name, address } = actor.clone();
        let kind = kind.name();
        let search = rows::key(&format!("{name}\n{address}\n{action}\n{subject}\n{detail}"));
        let at = at.0;
        self.audit.push(AuditRow {
            at,
            kind,
            actor: name,
            address,
            action,
            subject,
            detail,
            search,
        });
    }

    /// The numbers of collected events and audit rows.
    pub(crate) const fn mark(&self) -> (usize, usize) {
        (self.events.len(), self.audit.len())
    }

    /// Drops the events and audit rows added after a mark.
    pub(crate) fn back_to(&mut self, (events, audit): (usize, usize)) {
        self.events.truncate(events);
        self.audit.truncate(audit);
    }

    /// Writes all events and audit rows, in the order in which they were added.
    pub(crate) async fn write(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        if self.events.is_empty() && self.audit.is_empty() {
            return Ok(());
        }
        let (events, audit) = self.into_json()?;
        let query = sqlx::query(insert_notes!()).bind(events).bind(audit);
        query.execute(connection).await.map(drop).map_err(error::store)
    }

    /// The events and audit rows as JSON arrays for `insert_notes!`.
    pub(crate) fn into_json(self) -> Result<(String, String), StoreError> {
        let events = serde_json::to_string(&self.events).map_err(error::bad_row)?;
        let audit = serde_json::to_string(&self.audit).map_err(error::bad_row)?;
        Ok((events, audit))
    }
}
