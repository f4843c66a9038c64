//! Applying a change of the configuration, or a part of a change.

mod entries;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use terms::{EndCause, LoginType, Note, RecordKind, Release, key, saving};

use self::entries::{Comparison, Entry};
use super::{
    differences::Differences,
    end::{Ending, end},
    parameters,
    work::Work,
};
use crate::{
    Actor, Configuration, ConfigurationChange, DeviceProfile, Difference, EmccSettings,
    EmccSettingsChange, LogOutRules, LogOutRulesChange, PinRules, PinRulesChange, RemoteCluster,
    RemoteClusterEntry, Retention, RetentionChange, Site, SiteChange, StoreError, UserEntry,
    UtcMillis,
    transaction::{Names, Rows, Transaction},
};

/// The name of the field with the time of the day at which users are logged out.
const LOG_OUT_AT: &str = "log_out_at";
/// The name of the field with the zone of that time.
const TIME_ZONE: &str = "time_zone";

/// Applies a change; a dry run only returns the differences.
pub(crate) struct Apply {
    pub(crate) change: ConfigurationChange,
    /// The names of the device profiles of the whole change, by key, for a dry run.
    pub(crate) profiles: Arc<HashMap<String, String>>,
    /// Whether the whole change enables new remote clusters; `None` keeps the stored setting.
    pub(crate) enable_new: Option<bool>,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
    /// Whether this is a dry run, which writes nothing.
    pub(crate) dry_run: bool,
}

#[async_trait]
impl Work for Apply {
    type Output = Vec<Difference>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let change = self.change.clone();
        let mut differences = Differences::default();
        self.settings(tx, &mut differences, &change).await?;
        // Write profiles before users, because users name profiles.
        self.entries(tx, &mut differences, change.app_users).await?;
        self.entries(tx, &mut differences, change.profiles).await?;
        let users = self.with_stored_profiles(tx, change.users).await?;
        self.entries(tx, &mut differences, users).await?;
        self.entries(tx, &mut differences, change.phones).await?;
        if !change.remote_clusters.is_empty() {
            let own = tx.cluster_id().await?;
            if change.remote_clusters.iter().any(|cluster| cluster.id == own) {
                let problem = format!("remote cluster {own}: this is the cluster itself");
                return Err(StoreError::Invalid(problem));
            }
            let remote_clusters = self.with_enabled(tx, change.remote_clusters).await?;
            self.entries(tx, &mut differences, remote_clusters).await?;
        }
        if self.dry_run {
            return Ok(differences.all);
        }
        if differences.all.iter().any(|one| one.field == TIME_ZONE) {
            // In a new zone the times count from now on.
            tx.set_clock_until(self.now).await?;
        }
        differences.write_down(tx, &self.by, self.now).await
    }
}

impl Apply {
    /// Applies the release, the retention, the site and the service parameters.
    async fn settings(
        &self,
        tx: &mut dyn Transaction,
        differences: &mut Differences,
        change: &ConfigurationChange,
    ) -> Result<(), StoreError> {
        let before = tx.configuration().await?;
        let release = change.release.unwrap_or(before.release);
        let (old, new) = (before.release.to_string(), release.to_string());
        differences.compare("cluster", "release", &old, &new);
        let retention = retention(differences, before.retention, change.retention);
        let rules =
            log_out_rules(differences, before.log_out_rules, change.log_out_rules, self.now);
        let pins = pin_rules(differences, before.pin_rules, change.pin_rules);
        let emcc = emcc(differences, before.emcc, change.emcc);
        let site = site(differences, &before.site, change.site.clone());
        differences.moves_on |= !differences.all.is_empty();
        if !self.dry_run && release != before.release {
            tx.set_release(release).await?;
            if release < Release::V12_5 {
                // Below release 12.5 stays at other clusters do not count as logins of their users.
                tx.free_stays().await?;
            }
        }
        if !self.dry_run && retention != before.retention {
            tx.set_retention(retention).await?;
        }
        if !self.dry_run && rules != before.log_out_rules {
            tx.set_log_out_rules(rules).await?;
        }
        if !self.dry_run && pins != before.pin_rules {
            tx.set_pin_rules(pins).await?;
        }
        if !self.dry_run && emcc != before.emcc {
            tx.set_emcc(emcc).await?;
        }
        if !self.dry_run && site != before.site {
            tx.set_site(&site).await?;
        }
        let named = saving::named(&change.parameters)
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        let values = saving::changes_of_file(&named, &before.parameters);
        let before = Configuration { release, ..before };
        let changes = parameters::changes(differences, &before, values)?;
        if self.dry_run {
            return Ok(());
        }
        parameters::set(tx, &changes, &Note::default(), &self.by, self.now).await
    }

    /// Adds or changes the rows that entries of one kind name.
    async fn entries<E: Entry>(
        &self,
        tx: &mut dyn Transaction,
        differences: &mut Differences,
        entries: Vec<E>,
    ) -> Result<(), StoreError>
    where
        for<'t> dyn Transaction + 't: Rows<E::Row>,
    {
        if entries.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = entries.iter().map(|entry| entry.name().to_owned()).collect();
        let stored = Rows::<E::Row>::read(tx, &names).await?;
        let (mut changed, mut respelled, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, stored) in entries.into_iter().zip(stored) {
            let what = entry.what();
            let is_new = stored.is_none();
            if is_new && self.change.only_existing {
                continue;
            }
            let before = stored.as_ref().map(|row| E::name_of(row).to_owned());
            let mut row = stored.unwrap_or_else(|| E::new_row(entry.name()));
            let mut comparison = Comparison::new(&what, is_new, self.now);
            entry.change(&mut row, &mut comparison)?;
            let Comparison { found, cause, .. } = comparison;
            if found.all.is_empty() {
                continue;
            }
            differences.moves_on |= found.moves_on;
            differences.all.extend(found.all);
            ends.extend(cause.map(|cause| (E::name_of(&row).to_owned(), cause)));
            respelled.extend(
                before.filter(|before| before != E::name_of(&row)).map(|old| (old, changed.len())),
            );
            changed.push(row);
        }
        if self.dry_run || changed.is_empty() {
            return Ok(());
        }
        Rows::<E::Row>::write(tx, &changed).await?;
        for (before, at) in respelled {
            Rows::<E::Row>::respell(tx, &before, &changed[at]).await?;
        }
        self.end_logins(tx, &ends).await
    }

    /// Ends the open logins of users, each login with the cause of its user.
    async fn end_logins(
        &self,
        tx: &mut dyn Transaction,
        ends: &[(String, EndCause)],
    ) -> Result<(), StoreError> {
        if ends.is_empty() {
            return Ok(());
        }
        let users: Vec<_> = ends.iter().map(|(user, _)| user.clone()).collect();
        let causes: HashMap<_, _> = ends.iter().map(|(user, cause)| (key(user), *cause)).collect();
        for open in tx.open_of(RecordKind::Users, &users).await? {
            if let Some(cause) = causes.get(&key(&open.user.id))
                && (*cause != EndCause::EmccDisabled || open.login_type == LoginType::Elsewhere)
            {
                end(tx, open, Ending::of(*cause, &self.by), self.now).await?;
            }
        }
        Ok(())
    }

    /// Sets whether new remote clusters are enabled where their entries do not say so. A dry run does not store the
    /// setting of the change.
    async fn with_enabled(
        &self,
        tx: &mut dyn Transaction,
        mut entries: Vec<RemoteClusterEntry>,
    ) -> Result<Vec<RemoteClusterEntry>, StoreError> {
        let ids: Vec<_> = entries.iter().map(|entry| entry.id.clone()).collect();
        let stored = Rows::<RemoteCluster>::read(tx, &ids).await?;
        let enable_new = match self.enable_new {
            Some(enable_new) => enable_new,
            None => tx.configuration().await?.emcc.enable_new,
        };
        for (entry, stored) in entries.iter_mut().zip(stored) {
            if stored.is_none() {
                entry.enabled.get_or_insert(enable_new);
            }
        }
        Ok(entries)
    }

    /// Replaces the profile names of users with their stored spelling. In a dry run the profiles of the change
    /// are not stored yet.
    async fn with_stored_profiles(
        &self,
        tx: &mut dyn Transaction,
        mut users: Vec<UserEntry>,
    ) -> Result<Vec<UserEntry>, StoreError> {
        let named = users.iter().flat_map(|user| user.profiles.iter().flatten());
        let named: Vec<_> = named.cloned().collect();
        let stored = Rows::<DeviceProfile>::read(tx, &named).await?;
        let stored = stored.into_iter().flatten().map(|profile| (key(&profile.name), profile.name));
        let stored: HashMap<_, _> = stored.collect();
        let of_change = |key: &String| self.profiles.get(key).filter(|_| self.dry_run);
        for UserEntry { id, profiles, .. } in &mut users {
            for name in profiles.iter_mut().flatten() {
                let key = key(name);
                let found = stored.get(&key).or_else(|| of_change(&key));
                let problem = || format!("user {id}: there is no device profile {name:?}");
                *name = found.cloned().ok_or_else(|| StoreError::Invalid(problem()))?;
            }
        }
        Ok(users)
    }
}

/// The retention after a change.
fn retention(
    differences: &mut Differences,
    before: Retention,
    change: RetentionChange,
) -> Retention {
    let after = change.applied_to(before);
    for (field, before, after) in [
        ("history_days", before.history_days, after.history_days),
        ("audit_days", before.audit_days, after.audit_days),
        ("event_days", before.event_days, after.event_days),
        ("refusal_days", before.refusal_days, after.refusal_days),
        ("log_outs_per_second", before.log_outs_per_second, after.log_outs_per_second),
    ] {
        differences.compare("cluster", field, &before.to_string(), &after.to_string());
    }
    after
}

/// The rules by which the cluster logs users out after a change.
fn log_out_rules(
    differences: &mut Differences,
    before: LogOutRules,
    change: LogOutRulesChange,
    now: UtcMillis,
) -> LogOutRules {
    let at = change.at.unwrap_or(before.at);
    let idle_minutes = change.idle_minutes.unwrap_or(before.idle_minutes);
    differences.compare("cluster", LOG_OUT_AT, &before.at.to_string(), &at.to_string());
    let (old, new) = (before.idle_minutes.to_string(), idle_minutes.to_string());
    differences.compare("cluster", "idle_minutes", &old, &new);
    let at_since = if at == before.at { before.at_since } else { now };
    LogOutRules { at, at_since, idle_minutes }
}

/// The rules for PINs after a change.
fn pin_rules(differences: &mut Differences, before: PinRules, change: PinRulesChange) -> PinRules {
    let after = PinRules {
        min_length: change.min_length.unwrap_or(before.min_length),
        history: change.history.unwrap_or(before.history),
        allows_trivial: change.allows_trivial.unwrap_or(before.allows_trivial),
    };
    for (field, old, new) in [
        ("min_length", before.min_length.to_string(), after.min_length.to_string()),
        ("history", before.history.to_string(), after.history.to_string()),
        ("trivial", before.allows_trivial.to_string(), after.allows_trivial.to_string()),
    ] {
        differences.compare("pin rules", field, &old, &new);
    }
    after
}

/// The settings of EMCC after a change.
fn emcc(
    differences: &mut Differences,
    before: EmccSettings,
    change: EmccSettingsChange,
) -> EmccSettings {
    let after = EmccSettings {
        active: change.active.unwrap_or(before.active),
        enable_new: change.enable_new.unwrap_or(before.enable_new),
    };
    for (field, old, new) in [
        ("active", before.active, after.active),
        ("enable_new_remote_clusters", before.enable_new, after.enable_new),
    ] {
        differences.compare("emcc", field, &old.to_string(), &new.to_string());
    }
    after
}

/// The facts about the site after a change.
fn site(differences: &mut Differences, before: &Site, change: SiteChange) -> Site {
    let mut after = before.clone();
    let SiteChange {
        service_url,
        call_server,
        call_server_rpc,
        push_user,
        push_password,
        time_zone,
    } = change;
    for (field, value, new) in [
        ("service_url", &mut after.service_url, service_url),
        ("call_server", &mut after.call_server, call_server),
        ("call_server_rpc", &mut after.call_server_rpc, call_server_rpc),
        ("push_user", &mut after.push_user, push_user),
        (TIME_ZONE, &mut after.time_zone, time_zone),
    ] {
        let Some(new) = new else { continue };
        differences.compare("site", field, value, &new);
        *value = new;
    }
    if let Some(password) = push_password.filter(|password| *password != after.push_password) {
        differences.secret("site", "push_password");
        after.push_password = password;
    }
    after
}
