//! Rows that administrators set up, in tables of one shape.

use std::collections::BTreeMap;

use engine::{AppUser, DeviceProfile, Phone, RemoteCluster, User, UserId};
use terms::{key, phone_key};

use super::{Stored, Tables};

/// A row that has a name.
pub trait Record: Clone + Send + Sync + 'static {
    /// The table of such rows.
    fn table(tables: &Tables) -> &BTreeMap<String, Self>;

    /// The table of such rows, mutable.
    fn table_mut(tables: &mut Tables) -> &mut BTreeMap<String, Self>;

    /// The row's name.
    fn name(&self) -> &str;

    /// The key of a name.
    #[must_use]
    fn key(name: &str) -> String {
        key(name)
    }

    /// The row as a replacement of the row before.
    /// A field that no change of the configuration sets keeps its value.
    #[must_use]
    fn in_place_of(self, _before: &Self) -> Self {
        self
    }

    /// Changes the spelling of the row's name from `before` in all rows that show the name.
    fn respell(&self, _before: &str, _tables: &mut Tables) {}
}

impl Tables {
    /// Adds a row, or replaces the row with the same key.
    pub fn put<T: Record>(&mut self, row: T) {
        let table = T::table_mut(self);
        let key = T::key(row.name());
        let row = match table.get(&key) {
            Some(before) => row.in_place_of(before),
            None => row,
        };
        table.insert(key, row);
    }

    /// Removes the row of this name.
    pub(super) fn remove<T: Record>(&mut self, name: &str) {
        let key = T::key(name);
        T::table_mut(self).remove(&key);
    }

    fn open_mut(&mut self) -> impl Iterator<Item = &mut Stored> {
        self.logins.iter_mut().filter(|stored| stored.ended.is_none())
    }
}

impl Record for AppUser {
    fn table(tables: &Tables) -> &BTreeMap<String, Self> {
        &tables.app_users
    }

    fn table_mut(tables: &mut Tables) -> &mut BTreeMap<String, Self> {
        &mut tables.app_users
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Record for DeviceProfile {
    fn table(tables: &Tables) -> &BTreeMap<String, Self> {
        &tables.profiles
    }

    fn table_mut(tables: &mut Tables) -> &mut BTreeMap<String, Self> {
        &mut tables.profiles
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn respell(&self, before: &str, tables: &mut Tables) {
        // The profile of a visiting user belongs to another cluster.
        let logins = tables.open_mut().map(|stored| &mut stored.login);
        let logins = logins.filter(|login| login.user.cluster.is_empty());
        let names = logins.map(|login| &mut login.profile);
        names.filter(|name| key(name) == key(before)).for_each(|name| self.name.clone_into(name));
        let of_users = tables.users.values_mut().flat_map(|user| &mut user.profiles);
        let of_users = of_users.filter(|name| key(name) == key(before));
        of_users.for_each(|name| self.name.clone_into(name));
    }
}

impl Record for User {
    fn table(tables: &Tables) -> &BTreeMap<String, Self> {
        &tables.users
    }

    fn table_mut(tables: &mut Tables) -> &mut BTreeMap<String, Self> {
        &mut tables.users
    }

    fn name(&self) -> &str {
        &self.id
    }

    fn respell(&self, before: &str, tables: &mut Tables) {
        let own = UserId::own(before);
        let logins = tables.open_mut().map(|stored| &mut stored.login.user);
        logins.filter(|user| user.is(&own)).for_each(|user| user.id.clone_from(&self.id));
        let last = tables.phones.values_mut().filter_map(|phone| phone.last_user.as_mut());
        last.filter(|user| user.is(&own)).for_each(|user| user.id.clone_from(&self.id));
    }
}

impl Record for Phone {
    fn table(tables: &Tables) -> &BTreeMap<String, Self> {
        &tables.phones
    }

    fn table_mut(tables: &mut Tables) -> &mut BTreeMap<String, Self> {
        &mut tables.phones
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn key(name: &str) -> String {
        phone_key(name)
    }

    fn in_place_of(self, before: &Self) -> Self {
        Self { last_user: before.last_user.clone(), ..self }
    }

    fn respell(&self, before: &str, tables: &mut Tables) {
        let own = engine::PhoneId::own(before);
        let logins = tables.open_mut().map(|stored| &mut stored.login.phone);
        logins.filter(|phone| phone.is(&own)).for_each(|phone| phone.name.clone_from(&self.name));
    }
}

impl Record for RemoteCluster {
    fn table(tables: &Tables) -> &BTreeMap<String, Self> {
        &tables.remote_clusters
    }

    fn table_mut(tables: &mut Tables) -> &mut BTreeMap<String, Self> {
        &mut tables.remote_clusters
    }

    fn name(&self) -> &str {
        &self.id
    }

    /// A cluster's id has one spelling, so the id is its own key.
    fn key(name: &str) -> String {
        name.to_owned()
    }
}
