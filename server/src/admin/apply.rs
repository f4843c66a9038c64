//! Applying a configuration file.

use engine::{
    AppUserEntry, ConfigurationChange, Difference, PhoneEntry, ProfileEntry, RemoteClusterEntry,
    UserEntry,
    ports::{Clock, ConfigurationStore, Lookups},
};

use terms::Role;

use super::{AdminError, Caller, file::File};
use crate::cluster::{PasswordError, Passwords};

/// Applies a file, all or nothing, and says what was different. Secrets that are right already are
/// left as they are, so that applying the same file again changes nothing.
///
/// # Errors
/// When the caller may not, the file contradicts what is stored, or the store fails.
pub async fn apply(
    store: &(impl ConfigurationStore + Lookups),
    passwords: &Passwords,
    clock: &dyn Clock,
    file: File,
    caller: &Caller,
    dry_run: bool,
) -> Result<Vec<Difference>, AdminError> {
    caller.must_be(Role::Administrator)?;
    let mut change = ConfigurationChange {
        upkeep: file.cluster.upkeep(),
        release: file.cluster.release.and_then(|release| release.parse().ok()),
        parameters: file.service_parameters,
        ..ConfigurationChange::default()
    };
    for user in file.app_users {
        let stored = store.credentials(&user.id).await?.1.app_user;
        let stored = stored.map(|stored| stored.password_hash);
        let password_hash = match user.password {
            Some(password) => new_hash(passwords, stored, password).await?,
            None => None,
        };
        change.app_users.push(AppUserEntry { id: user.id, password_hash, proxy: user.proxy });
    }
    for user in file.users {
        let stored = store.pin_hash(&user.id).await?;
        let pin_hash = match user.pin {
            Some(pin) => new_hash(passwords, stored, pin).await?,
            None => None,
        };
        change.users.push(UserEntry {
            id: user.id,
            pin_hash,
            enabled: user.enabled,
            emcc: user.emcc,
            max_login_minutes: user.max_login_minutes.map(|own| own.minutes()),
            profiles: user.profiles,
        });
    }
    for profile in file.device_profiles {
        change.profiles.push(ProfileEntry {
            name: profile.name,
            model: profile.model,
            lines: profile.lines,
            speed_dials: profile.speed_dials,
        });
    }
    for phone in file.phones {
        change.phones.push(PhoneEntry {
            name: phone.name,
            model: phone.model,
            description: phone.description,
            extension_mobility: phone.extension_mobility,
            address: phone.address,
            lines: phone.lines,
            speed_dials: phone.speed_dials,
        });
    }
    for cluster in file.remote_clusters {
        change.remote_clusters.push(RemoteClusterEntry {
            id: cluster.id,
            url: cluster.url,
            certificate: cluster.certificate,
        });
    }
    Ok(store.apply(change, caller.actor.clone(), clock.now(), dry_run).await?)
}

/// A new hash, or `None` when the stored one is right.
async fn new_hash(
    passwords: &Passwords,
    stored: Option<String>,
    secret: String,
) -> Result<Option<String>, PasswordError> {
    if stored.is_some() && passwords.verify(secret.clone(), stored).await? {
        return Ok(None);
    }
    passwords.hash(secret).await.map(Some)
}
