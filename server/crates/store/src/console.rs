//! The administrators of the console and their sessions.

mod administrators;
mod sessions;
mod views;

use async_trait::async_trait;
use engine::{
    Actor, Administrator, SavedView, UtcMillis,
    ports::{ConsoleStore, OpenSession, SessionRow, StoreError},
};

use crate::{SqliteStore, error, notes::Notes, rows};

#[async_trait]
impl ConsoleStore for SqliteStore {
    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        administrators::find(&mut connection, &rows::key(name)).await
    }

    async fn administrators(&self) -> Result<Vec<Administrator>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        administrators::all(&mut connection).await
    }

    async fn create_session(&self, session: SessionRow) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::create(tx, session))).await
    }

    async fn save_session(&self, session: SessionRow) -> Result<bool, StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::save(tx, session))).await
    }

    async fn session(
        &self,
        id_hash: [u8; 32],
        now: UtcMillis,
    ) -> Result<Option<(String, UtcMillis)>, StoreError> {
        sessions::find(&self.readers, id_hash, now).await
    }

    async fn sessions_of(
        &self,
        name: &str,
        now: UtcMillis,
    ) -> Result<Vec<OpenSession>, StoreError> {
        sessions::open_of(&self.readers, &rows::key(name), now).await
    }

    async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::end(tx, id_hash))).await
    }

    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::forget(tx, now, limit))).await
    }

    async fn saved_views(&self, administrator: &str) -> Result<Vec<SavedView>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        views::all(&mut connection, &rows::key(administrator)).await
    }

    async fn save_view(
        &self,
        view: SavedView,
        by: Actor,
        now: UtcMillis,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |tx| Box::pin(async move { views::save(tx, view, &by, now).await }))
            .await
    }

    async fn remove_view(
        &self,
        number: u64,
        any_shared: bool,
        by: Actor,
        now: UtcMillis,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    let key = rows::key(&by.name);
                    views::remove(tx, number, &key, any_shared, &by, now).await
                })
            })
            .await
    }

    async fn note(
        &self,
        actor: Actor,
        action: &'static str,
        subject: String,
        detail: String,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    let mut notes = Notes::default();
                    notes.audit(now, &actor, action, subject, detail);
                    notes.write(tx).await
                })
            })
            .await
    }
}
