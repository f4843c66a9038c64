//! Sessions in the store, under the hash of their id: a reader of the database can't use a session.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use engine::ports::{SessionRow, Store};
use engine::{
    UtcMillis,
    ports::{Clock, StoreError},
};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::IDLE_MINUTES;
use crate::{
    admin::{ADDRESS, ADMINISTRATOR, SIGNED_IN_MS},
    cluster::Cluster,
};

/// The most expired sessions that are deleted when a session is created.
const FORGET: u32 = 100;

/// The sessions of a cluster's console.
#[derive(Clone)]
pub(crate) struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    pub(crate) fn new(cluster: &Cluster) -> Self {
        Self { store: cluster.store.clone(), clock: Arc::clone(&cluster.clock) }
    }

    /// A session as a row.
    /// The expiry follows the cluster's clock, not the machine's.
    fn row(&self, record: &Record) -> Result<SessionRow> {
        let body = serde_json::to_string(&record.data)
            .map_err(|error| Error::Encode(error.to_string()))?;
        let text = |key: &str| {
            record.data.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
        };
        let signed_in = record.data.get(SIGNED_IN_MS).and_then(serde_json::Value::as_i64);
        Ok(SessionRow {
            id_hash: hash(&record.id),
            body,
            expires: UtcMillis(self.clock.now().0 + IDLE_MINUTES * 60_000),
            administrator: text(ADMINISTRATOR),
            address: text(ADDRESS),
            signed_in: UtcMillis(signed_in.unwrap_or_default()),
        })
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.store.delete_expired_sessions(self.clock.now(), FORGET).await.map_err(backend)?;
        // 128 random bits do not collide.
        self.store.create_session(self.row(record)?).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // A session that ended while its request was answered stays ended. The request does not fail:
        // its work was allowed when it came.
        match self.store.save_session(self.row(record)?).await {
            // When the database is full the session is not extended, but its administrator may still read.
            Ok(_) | Err(StoreError::Full) => Ok(()),
            Err(error) => Err(backend(error)),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let session = self.store.session(hash(id), self.clock.now()).await.map_err(backend)?;
        let Some((body, expires)) = session else { return Ok(None) };
        let data = serde_json::from_str(&body).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires.0 / 1000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.store.delete_session(hash(id)).await.map_err(backend)
    }
}

/// The hash under which a session is kept.
pub(super) fn hash(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}
