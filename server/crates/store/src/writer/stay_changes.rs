//! The changes that a transaction's requests make to the tables of stays.

use engine::{Farewell, Intent, LoginId, UtcMillis, ports::StoreError, transaction::Stay};
use sqlx::SqliteConnection;
use terms::{EndCause, Named};

use crate::{error, rows};

/// A change to the tables of stays, collected with the other changes of its transaction.
pub(super) enum StayChange {
    Hold(Intent),
    DropIntent(LoginId),
    Bury(Stay, UtcMillis),
    /// Keeps the configuration as JSON.
    KeepVisit(LoginId, String),
    ForgetVisit(LoginId),
    Post(Farewell, UtcMillis),
}

/// Writes a change.
pub(super) async fn write(tx: &mut SqliteConnection, change: StayChange) -> Result<(), StoreError> {
    let query = match change {
        StayChange::Hold(Intent { id, phone, user, expires }) => sqlx::query(
            "INSERT INTO intents (phone_key, phone, id, user, user_cluster, expires_ms)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(rows::phone_key(&phone))
        .bind(phone)
        .bind(id.0.to_string())
        .bind(user.id)
        .bind(user.cluster)
        .bind(expires.0),
        StayChange::DropIntent(id) => {
            sqlx::query("DELETE FROM intents WHERE id = ?").bind(id.0.to_string())
        }
        StayChange::Bury(Stay { visiting, login }, at) => sqlx::query(
            "INSERT INTO buried_stays (visiting, login, at_ms) VALUES (?, ?, ?)
             ON CONFLICT (visiting, login) DO UPDATE SET at_ms = excluded.at_ms",
        )
        .bind(visiting)
        .bind(login.0.to_string())
        .bind(at.0),
        StayChange::KeepVisit(login, configuration) => {
            sqlx::query("INSERT INTO visits (login, configuration) VALUES (?, ?)")
                .bind(login.0.to_string())
                .bind(configuration)
        }
        StayChange::ForgetVisit(login) => {
            sqlx::query("DELETE FROM visits WHERE login = ?").bind(login.0.to_string())
        }
        StayChange::Post(Farewell { to, to_home, login, phone, cause }, at) => sqlx::query(
            "INSERT INTO farewells (recipient, to_home, login, phone, cause, posted_ms)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(to)
        .bind(to_home)
        .bind(login.0.to_string())
        .bind(phone)
        .bind(cause.map(EndCause::name))
        .bind(at.0),
    };
    query.execute(tx).await.map(drop).map_err(error::store)
}
