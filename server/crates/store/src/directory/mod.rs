//! The lists of users, phones, device profiles and application users.

mod app_users;
mod fill;
mod list;
mod phones;
mod profiles;
mod record;
mod users;

use async_trait::async_trait;
use engine::{
    AppUserFilter, DirectoryPage, DirectoryQuery, InUse, ListedAppUser, ListedPhone, ListedProfile,
    ListedUser, PhoneFilter, ProfileFilter, StoredRecord, UserFilter,
    ports::{Directory, StoreError},
};
use terms::RecordKind;

use crate::{SqliteStore, error};

pub(crate) use fill::fill;

#[async_trait]
impl Directory for SqliteStore {
    async fn list_users(
        &self,
        query: &DirectoryQuery<UserFilter>,
    ) -> Result<DirectoryPage<ListedUser>, StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        users::list(&mut tx, query).await
    }

    async fn list_phones(
        &self,
        query: &DirectoryQuery<PhoneFilter>,
    ) -> Result<DirectoryPage<ListedPhone>, StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        phones::list(&mut tx, query).await
    }

    async fn list_profiles(
        &self,
        query: &DirectoryQuery<ProfileFilter>,
    ) -> Result<DirectoryPage<ListedProfile>, StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        profiles::list(&mut tx, query).await
    }

    async fn list_app_users(
        &self,
        query: &DirectoryQuery<AppUserFilter>,
    ) -> Result<DirectoryPage<ListedAppUser>, StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        app_users::list(&mut tx, query).await
    }

    async fn records(
        &self,
        kind: RecordKind,
        names: &[String],
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        record::read(&mut tx, kind, names).await
    }

    async fn in_use(&self, kind: RecordKind, names: &[String]) -> Result<InUse, StoreError> {
        let search = self.searches.enter()?;
        let mut tx = search.begin().await.map_err(error::store)?;
        record::in_use(&mut tx, kind, names).await
    }
}
