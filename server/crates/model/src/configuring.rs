//! The steps that change the configuration.

use async_trait::async_trait;
use engine::{
    Actor, Configuration, EmccKeys, EmccSettings, LogOutRules, Login, ParameterChange, PinRules,
    Retention, Site, StoreError, User, UtcMillis, Version,
    transaction::{ConfigurationSteps, Rows},
};
use terms::{Parameter, RecordKind, Release, key, phone_key};

use super::{Record, Tables, pause, steps::Steps, writes::Write};

impl Steps<'_> {
    /// The committed configuration with the changes of the transaction's earlier steps.
    fn configured(&self) -> Configuration {
        let mut configuration = self.store.state().tables.configuration.clone();
        for write in &self.writes.all {
            if let Write::Configure(change) = write {
                change(&mut configuration);
            }
        }
        configuration
    }

    async fn configure(
        &mut self,
        change: impl Fn(&mut Configuration) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(Write::Configure(Box::new(change))).await
    }
}

#[async_trait]
impl<T: Record> Rows<T> for Steps<'_> {
    async fn read(&mut self, names: &[String]) -> Result<Vec<Option<T>>, StoreError> {
        pause().await;
        Ok(self.view(|tables| {
            let row = |name: &String| T::table(tables).get(&T::key(name)).cloned();
            names.iter().map(row).collect()
        }))
    }

    async fn write(&mut self, rows: &[T]) -> Result<(), StoreError> {
        pause().await;
        for row in rows {
            let row = row.clone();
            let write = Write::Other(Box::new(move |tables| tables.put(row.clone())));
            self.writes.all.push(write);
        }
        Ok(())
    }

    async fn remove(&mut self, names: &[String]) -> Result<(), StoreError> {
        let names = names.to_vec();
        let remove =
            move |tables: &mut Tables| names.iter().for_each(|name| tables.remove::<T>(name));
        Steps::write(self, Write::Other(Box::new(remove))).await
    }

    async fn respell(&mut self, before: &str, row: &T) -> Result<(), StoreError> {
        let (before, row) = (before.to_owned(), row.clone());
        let respell = Write::Other(Box::new(move |tables| row.respell(&before, tables)));
        Steps::write(self, respell).await
    }
}

#[async_trait]
impl ConfigurationSteps for Steps<'_> {
    async fn cluster_id(&mut self) -> Result<String, StoreError> {
        pause().await;
        Ok(self.view(|tables| tables.cluster_id.clone()))
    }

    async fn set_cluster_id(&mut self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        let set = Write::Other(Box::new(move |tables| tables.cluster_id.clone_from(&id)));
        Steps::write(self, set).await
    }

    async fn emcc_keys(&mut self) -> Result<Option<EmccKeys>, StoreError> {
        pause().await;
        Ok(self.view(|tables| tables.emcc_keys.clone()))
    }

    async fn set_emcc_keys(&mut self, keys: &EmccKeys) -> Result<(), StoreError> {
        let keys = keys.clone();
        let write = move |tables: &mut Tables| tables.emcc_keys = Some(keys.clone());
        self.write(Write::Other(Box::new(write))).await
    }

    async fn configuration(&mut self) -> Result<Configuration, StoreError> {
        pause().await;
        self.locks.change_configuration().await;
        self.reads();
        let configuration = self.configured();
        pause().await;
        Ok(configuration)
    }

    async fn move_on(&mut self) -> Result<Version, StoreError> {
        self.configure(|configuration| configuration.version.0 += 1).await?;
        Ok(self.configured().version)
    }

    async fn set_release(&mut self, release: Release) -> Result<(), StoreError> {
        self.configure(move |configuration| configuration.release = release).await
    }

    async fn set_retention(&mut self, retention: Retention) -> Result<(), StoreError> {
        self.configure(move |configuration| configuration.retention = retention).await
    }

    async fn set_log_out_rules(&mut self, rules: LogOutRules) -> Result<(), StoreError> {
        self.configure(move |configuration| configuration.log_out_rules = rules).await
    }

    async fn set_pin_rules(&mut self, rules: PinRules) -> Result<(), StoreError> {
        self.configure(move |configuration| configuration.pin_rules = rules).await
    }

    async fn set_emcc(&mut self, settings: EmccSettings) -> Result<(), StoreError> {
        self.configure(move |configuration| configuration.emcc = settings).await
    }

    async fn clock_until(&mut self) -> Result<UtcMillis, StoreError> {
        pause().await;
        Ok(self.view(|tables| tables.clock_until))
    }

    async fn set_clock_until(&mut self, until: UtcMillis) -> Result<(), StoreError> {
        Steps::write(self, Write::Other(Box::new(move |tables| tables.clock_until = until))).await
    }

    async fn set_site(&mut self, site: &Site) -> Result<(), StoreError> {
        let site = site.clone();
        self.configure(move |configuration| configuration.site.clone_from(&site)).await
    }

    async fn set_parameter(
        &mut self,
        at: UtcMillis,
        by: &Actor,
        parameter: Parameter,
        (from, to): (&str, &str),
        note: &str,
    ) -> Result<(), StoreError> {
        let value = to.to_owned();
        self.configure(move |configuration| {
            // The rules have checked the value.
            let _ = configuration.parameters.set(parameter.name(), &value);
        })
        .await?;
        let (by, from, to) = (by.clone(), from.to_owned(), to.to_owned());
        let note = note.to_owned();
        let change = ParameterChange { number: 0, at, by, parameter, from, to, note };
        self.writes.all.push(Write::Other(Box::new(move |tables| {
            let number = tables.parameter_changes.len() as u64 + 1;
            tables.parameter_changes.push(ParameterChange { number, ..change.clone() });
        })));
        Ok(())
    }

    async fn last_change(
        &mut self,
        parameter: Parameter,
    ) -> Result<Option<(Actor, UtcMillis)>, StoreError> {
        pause().await;
        Ok(self.view(|tables| {
            let mut changes = tables.parameter_changes.iter().rev();
            let last = changes.find(|change| change.parameter == parameter);
            last.map(|change| (change.by.clone(), change.at))
        }))
    }

    async fn open_of(
        &mut self,
        kind: RecordKind,
        names: &[String],
    ) -> Result<Vec<Login>, StoreError> {
        pause().await;
        let is_of = |login: &Login, name: &str| {
            let (is_own_user, is_own_phone) =
                (login.user.cluster.is_empty(), login.phone.cluster.is_empty());
            match kind {
                RecordKind::Users => is_own_user && key(&login.user.id) == key(name),
                RecordKind::Phones => {
                    is_own_phone && phone_key(&login.phone.name) == phone_key(name)
                }
                RecordKind::DeviceProfiles => is_own_user && login.profile == name,
                RecordKind::ApplicationUsers => false,
            }
        };
        Ok(self.view(|tables| {
            let of = |name: &String| {
                let mut open = tables.open_where(|login| is_of(login, name));
                open.sort_by_key(|open| (open.from, open.id.0));
                open
            };
            names.iter().flat_map(of).collect()
        }))
    }

    async fn users_with(&mut self, profiles: &[String]) -> Result<Vec<User>, StoreError> {
        pause().await;
        let has = |user: &&User| user.profiles.iter().any(|name| profiles.contains(name));
        Ok(self.view(|tables| tables.users.values().filter(has).cloned().collect()))
    }
}
