//! Find and List: users, phones, device profiles and application users.

use engine::{
    AppUserFilter, DirectoryPage, DirectoryQuery, ListedAppUser, ListedPhone, ListedProfile,
    ListedUser, PhoneFilter, ProfileFilter, UserFilter,
};
use terms::{ActorKind, Role};

use super::{Admin, AdminError, Caller};

impl Admin {
    /// The ids of users who are locked after wrong PINs now.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn locked_users(&self, caller: &Caller) -> Result<Vec<String>, AdminError> {
        let locked = self.gate.open(caller, Role::Viewer)?.secrets.locked();
        let users = locked.into_iter().filter(|lock| lock.kind == ActorKind::User);
        Ok(users.map(|lock| lock.name).collect())
    }

    /// A page of users.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn list_users(
        &self,
        caller: &Caller,
        query: &DirectoryQuery<UserFilter>,
    ) -> Result<DirectoryPage<ListedUser>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.list_users(query).await?)
    }

    /// A page of phones.
    ///
    /// # Errors
    /// As [`Admin::list_users`].
    pub async fn list_phones(
        &self,
        caller: &Caller,
        query: &DirectoryQuery<PhoneFilter>,
    ) -> Result<DirectoryPage<ListedPhone>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.list_phones(query).await?)
    }

    /// A page of device profiles.
    ///
    /// # Errors
    /// As [`Admin::list_users`].
    pub async fn list_profiles(
        &self,
        caller: &Caller,
        query: &DirectoryQuery<ProfileFilter>,
    ) -> Result<DirectoryPage<ListedProfile>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.list_profiles(query).await?)
    }

    /// A page of application users.
    ///
    /// # Errors
    /// As [`Admin::list_users`].
    pub async fn list_app_users(
        &self,
        caller: &Caller,
        query: &DirectoryQuery<AppUserFilter>,
    ) -> Result<DirectoryPage<ListedAppUser>, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.list_app_users(query).await?)
    }
}
