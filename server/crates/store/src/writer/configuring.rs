//! The steps of an operation that change the configuration.

use async_trait::async_trait;
use engine::{
    Actor, Configuration, EmccKeys, EmccSettings, LogOutRules, Login, PinRules, Retention, Site,
    User, UtcMillis, Version,
    ports::StoreError,
    transaction::{ConfigurationSteps, Rows},
};
use terms::{Parameter, RecordKind, Release};

use super::steps::Steps;
use crate::{
    emcc_keys, error, in_force, parameter_changes,
    records::{self, Record},
    rows::{self, OpenRow, open_login_json},
};

/// The open logins that meet a condition on `l`; `keys.value` is a key of a JSON array.
macro_rules! open_of {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            open_login_json!(),
            " FROM json_each(?) keys JOIN logins l ON l.ended_ms IS NULL AND ",
            $condition,
            " ORDER BY keys.key, l.from_ms, l.id"
        )
    };
}

#[async_trait]
impl<T: Record> Rows<T> for Steps<'_> {
    async fn read(&mut self, names: &[String]) -> Result<Vec<Option<T>>, StoreError> {
        records::read(self.alone().await?, names).await
    }

    async fn write(&mut self, rows: &[T]) -> Result<(), StoreError> {
        records::write(self.alone().await?, rows).await
    }

    async fn remove(&mut self, names: &[String]) -> Result<(), StoreError> {
        records::remove::<T>(self.alone().await?, names).await
    }

    async fn respell(&mut self, before: &str, row: &T) -> Result<(), StoreError> {
        records::respell(self.alone().await?, before, row).await
    }
}

#[async_trait]
impl ConfigurationSteps for Steps<'_> {
    async fn cluster_id(&mut self) -> Result<String, StoreError> {
        in_force::cluster_id(self.alone().await?).await
    }

    async fn set_cluster_id(&mut self, id: &str) -> Result<(), StoreError> {
        in_force::set_cluster_id(self.alone().await?, id).await
    }

    async fn emcc_keys(&mut self) -> Result<Option<EmccKeys>, StoreError> {
        emcc_keys::read(self.alone().await?).await
    }

    async fn set_emcc_keys(&mut self, keys: &EmccKeys) -> Result<(), StoreError> {
        emcc_keys::write(self.alone().await?, keys).await
    }

    async fn configuration(&mut self) -> Result<Configuration, StoreError> {
        in_force::read(self.alone().await?).await
    }

    async fn move_on(&mut self) -> Result<Version, StoreError> {
        in_force::move_on(self.alone().await?).await
    }

    async fn set_release(&mut self, release: Release) -> Result<(), StoreError> {
        in_force::set_release(self.alone().await?, release).await
    }

    async fn set_site(&mut self, site: &Site) -> Result<(), StoreError> {
        in_force::set_site(self.alone().await?, site).await
    }

    async fn set_log_out_rules(&mut self, rules: LogOutRules) -> Result<(), StoreError> {
        in_force::set_log_out_rules(self.alone().await?, rules).await
    }

    async fn set_pin_rules(&mut self, rules: PinRules) -> Result<(), StoreError> {
        in_force::set_pin_rules(self.alone().await?, rules).await
    }

    async fn set_emcc(&mut self, settings: EmccSettings) -> Result<(), StoreError> {
        in_force::set_emcc(self.alone().await?, settings).await
    }

    async fn clock_until(&mut self) -> Result<UtcMillis, StoreError> {
        in_force::clock_until(self.alone().await?).await
    }

    async fn set_clock_until(&mut self, until: UtcMillis) -> Result<(), StoreError> {
        in_force::set_clock_until(self.alone().await?, until).await
    }

    async fn set_retention(&mut self, retention: Retention) -> Result<(), StoreError> {
        in_force::set_retention(self.alone().await?, retention).await
    }

    async fn set_parameter(
        &mut self,
        at: UtcMillis,
        by: &Actor,
        parameter: Parameter,
        change: (&str, &str),
        note: &str,
    ) -> Result<(), StoreError> {
        let tx = self.alone().await?;
        in_force::set_parameter(tx, parameter, change.1).await?;
        parameter_changes::insert(tx, at, by, parameter, change, note).await
    }

    async fn last_change(
        &mut self,
        parameter: Parameter,
    ) -> Result<Option<(Actor, UtcMillis)>, StoreError> {
        parameter_changes::last_of(self.alone().await?, parameter).await
    }

    async fn open_of(
        &mut self,
        kind: RecordKind,
        names: &[String],
    ) -> Result<Vec<Login>, StoreError> {
        let (keys, sql): (Vec<_>, _) = match kind {
            RecordKind::Users => (
                names.iter().map(|name| rows::key(name)).collect(),
                open_of!("l.user_key = keys.value AND l.user_cluster = ''"),
            ),
            RecordKind::Phones => (
                names.iter().map(|name| rows::phone_key(name)).collect(),
                open_of!("l.phone_key = keys.value AND l.phone_cluster = ''"),
            ),
            RecordKind::DeviceProfiles => {
                (names.to_vec(), open_of!("l.profile = keys.value AND l.user_cluster = ''"))
            }
            RecordKind::ApplicationUsers => return Ok(Vec::new()),
        };
        let keys = serde_json::to_string(&keys).map_err(error::bad_row)?;
        let open: Vec<String> = sqlx::query_scalar(sql)
            .bind(keys)
            .fetch_all(self.alone().await?)
            .await
            .map_err(error::store)?;
        open.iter().map(|row| rows::json::<OpenRow>(row)?.try_into()).collect()
    }

    async fn users_with(&mut self, profiles: &[String]) -> Result<Vec<User>, StoreError> {
        let profiles = serde_json::to_string(profiles).map_err(error::bad_row)?;
        let tx = self.alone().await?;
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM json_each(users.profiles) AS has
                WHERE has.value IN (SELECT value FROM json_each(?))) ORDER BY key",
        )
        .bind(profiles)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
        Ok(records::read(tx, &ids).await?.into_iter().flatten().collect())
    }
}
