//! The steps that change the configuration.

use async_trait::async_trait;
use terms::{Parameter, RecordKind, Release};

use crate::{
    Actor, AppUser, Configuration, DeviceProfile, EmccKeys, EmccSettings, LogOutRules, Login,
    Phone, PinRules, RemoteCluster, Retention, Site, StoreError, User, UtcMillis, Version,
};

/// The stored rows of one kind.
#[async_trait]
pub trait Rows<T>: Send {
    /// Reads the rows of these names, which may be in any spelling, in the order of `names`; `None` for a name
    /// without a row.
    async fn read(&mut self, names: &[String]) -> Result<Vec<Option<T>>, StoreError>;

    /// Adds rows, or replaces the rows of the same names.
    async fn write(&mut self, rows: &[T]) -> Result<(), StoreError>;

    /// Removes the rows of these names, which may be in any spelling.
    async fn remove(&mut self, names: &[String]) -> Result<(), StoreError>;

    /// Changes the spelling of a name from `before` to the spelling in `row`, in open logins, in the profiles of
    /// users, and in the last user of a phone. Ended logins keep the old spelling.
    async fn respell(&mut self, before: &str, row: &T) -> Result<(), StoreError>;
}

/// The steps that change the configuration. An operation with names can't use them.
#[async_trait]
pub trait ConfigurationSteps:
    Rows<AppUser> + Rows<DeviceProfile> + Rows<User> + Rows<Phone> + Rows<RemoteCluster>
{
    /// Reads the cluster's id; empty before its first start.
    async fn cluster_id(&mut self) -> Result<String, StoreError>;

    /// Writes the cluster's id.
    async fn set_cluster_id(&mut self, id: &str) -> Result<(), StoreError>;

    /// Reads the keys by which other clusters know this cluster; `None` before its first start.
    async fn emcc_keys(&mut self) -> Result<Option<EmccKeys>, StoreError>;

    /// Writes the cluster's keys.
    async fn set_emcc_keys(&mut self, keys: &EmccKeys) -> Result<(), StoreError>;

    /// Reads the configuration in force.
    async fn configuration(&mut self) -> Result<Configuration, StoreError>;

    /// Moves the configuration to its next version. The server authenticates requests again that it
    /// authenticated under the version before.
    async fn move_on(&mut self) -> Result<Version, StoreError>;

    /// Writes the cluster's release.
    async fn set_release(&mut self, release: Release) -> Result<(), StoreError>;

    /// Writes the retention of each kind of row, and the rate at which jobs end logins.
    async fn set_retention(&mut self, retention: Retention) -> Result<(), StoreError>;

    /// Writes when the cluster logs users out by itself.
    async fn set_log_out_rules(&mut self, rules: LogOutRules) -> Result<(), StoreError>;

    /// Writes the rules for PINs that users choose.
    async fn set_pin_rules(&mut self, rules: PinRules) -> Result<(), StoreError>;

    /// Writes the settings of EMCC that hold for all remote clusters.
    async fn set_emcc(&mut self, settings: EmccSettings) -> Result<(), StoreError>;

    /// Reads the moment up to which times of the day have logged users out.
    async fn clock_until(&mut self) -> Result<UtcMillis, StoreError>;

    /// Writes that moment.
    async fn set_clock_until(&mut self, until: UtcMillis) -> Result<(), StoreError>;

    /// Writes the facts about the site that phones get.
    async fn set_site(&mut self, site: &Site) -> Result<(), StoreError>;

    /// Writes the value of a service parameter, and adds the change with its note to the history of parameters.
    async fn set_parameter(
        &mut self,
        at: UtcMillis,
        by: &Actor,
        parameter: Parameter,
        change: (&str, &str),
        note: &str,
    ) -> Result<(), StoreError>;

    /// Reads who changed a service parameter last, and when.
    async fn last_change(
        &mut self,
        parameter: Parameter,
    ) -> Result<Option<(Actor, UtcMillis)>, StoreError>;

    /// Reads the open logins of users of this cluster, at its phones, or with device profiles of its users, which are
    /// named in their stored spelling. Application users have no logins.
    async fn open_of(
        &mut self,
        kind: RecordKind,
        names: &[String],
    ) -> Result<Vec<Login>, StoreError>;

    /// Reads the users who have one of these device profiles, named in their stored spelling, in the order of the
    /// users' keys.
    async fn users_with(&mut self, profiles: &[String]) -> Result<Vec<User>, StoreError>;
}
