//! The cluster's keys for connections to other clusters.

use engine::{EmccKey, EmccKeys, UtcMillis, ports::StoreError};
use sqlx::SqliteConnection;

use crate::error;

/// The slot of the key in use.
const CURRENT: &str = "current";
/// The slot of the key that is announced.
const NEXT: &str = "next";

/// Reads the keys.
pub(crate) async fn read(tx: &mut SqliteConnection) -> Result<Option<EmccKeys>, StoreError> {
    let rows: Vec<(String, String, Vec<u8>, i64)> =
        sqlx::query_as("SELECT slot, certificate, sealed_key, made_ms FROM emcc_keys")
            .fetch_all(tx)
            .await
            .map_err(error::store)?;
    let of = |wanted: &str| {
        rows.iter().find(|(slot, ..)| slot == wanted).map(|(_, certificate, sealed, made)| {
            EmccKey {
                certificate: certificate.clone(),
                sealed_key: sealed.clone(),
                made: UtcMillis(*made),
            }
        })
    };
    Ok(of(CURRENT).map(|current| EmccKeys { current, next: of(NEXT) }))
}

/// Writes the keys.
pub(crate) async fn write(tx: &mut SqliteConnection, keys: &EmccKeys) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM emcc_keys").execute(&mut *tx).await.map_err(error::store)?;
    let slots = [(CURRENT, Some(&keys.current)), (NEXT, keys.next.as_ref())];
    for (slot, key) in slots {
        let Some(EmccKey { certificate, sealed_key, made }) = key else { continue };
        sqlx::query(
            "INSERT INTO emcc_keys (slot, certificate, sealed_key, made_ms) VALUES (?, ?, ?, ?)",
        )
        .bind(slot)
        .bind(certificate)
        .bind(sealed_key)
        .bind(made.0)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}
