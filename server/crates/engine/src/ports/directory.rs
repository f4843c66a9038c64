//! The port of the lists of users, phones, device profiles and application users.

use async_trait::async_trait;
use terms::RecordKind;

use crate::{
    AppUserFilter, DirectoryPage, DirectoryQuery, InUse, ListedAppUser, ListedPhone, ListedProfile,
    ListedUser, PhoneFilter, ProfileFilter, StoredRecord, UserFilter, ports::StoreError,
};

/// The lists of users, phones, device profiles and application users. Each page comes from one snapshot of the
/// database, and its total is exact.
#[async_trait]
pub trait Directory: Send + Sync {
    /// A page of users.
    async fn list_users(
        &self,
        query: &DirectoryQuery<UserFilter>,
    ) -> Result<DirectoryPage<ListedUser>, StoreError>;

    /// A page of phones.
    async fn list_phones(
        &self,
        query: &DirectoryQuery<PhoneFilter>,
    ) -> Result<DirectoryPage<ListedPhone>, StoreError>;

    /// A page of device profiles.
    async fn list_profiles(
        &self,
        query: &DirectoryQuery<ProfileFilter>,
    ) -> Result<DirectoryPage<ListedProfile>, StoreError>;

    /// A page of application users.
    async fn list_app_users(
        &self,
        query: &DirectoryQuery<AppUserFilter>,
    ) -> Result<DirectoryPage<ListedAppUser>, StoreError>;

    /// Records by their names in any spelling; a name without a record is left out.
    async fn records(
        &self,
        kind: RecordKind,
        names: &[String],
    ) -> Result<Vec<StoredRecord>, StoreError>;

    /// What depends on the records of these names. Names of device profiles have their stored spelling.
    async fn in_use(&self, kind: RecordKind, names: &[String]) -> Result<InUse, StoreError>;
}
