//! Applying a configuration file.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use engine::{
    AppUserEntry, ConfigurationChange, Difference, PhoneEntry, ProfileEntry, RemoteClusterEntry,
    UserEntry,
    ports::{Clock, Store},
};
use futures::{StreamExt, TryStreamExt, stream};
use terms::Role;

use super::{
    AdminError, Caller,
    caller::Gate,
    file::{AppUser, File, MaxLogin, OwnOr, SipLine, User},
    remote_clusters::{GivenCertificate, keep_certificates},
};
use crate::cluster::{PasswordError, Passwords};

/// Secrets that are checked or hashed at a time, for each hash thread.
/// The thread works on one secret while the next one waits.
const SECRETS_PER_THREAD: usize = 2;

/// The pause after a part of a change, as a multiple of the part's time.
const PAUSE_TIMES: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Applies files to a store.
pub struct Applying<'a> {
    gate: Gate<Needs<'a>>,
}

/// The dependencies of [`Applying`].
struct Needs<'a> {
    store: &'a dyn Store,
    passwords: &'a Passwords,
    clock: &'a dyn Clock,
    progress: &'a (dyn Fn(Progress) + Sync),
}

/// The progress of applying a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The number of checked secrets, and the number of all secrets.
    Secrets(usize, usize),
    /// The number of applied entries, and the number of all entries.
    Entries(usize, usize),
    /// A certificate in the file is new, or is ignored because the one in use is newer.
    Certificate(GivenCertificate),
}

impl<'a> Applying<'a> {
    /// Applies files to `store`.
    /// `passwords` hashes the secrets, and `progress` receives the progress.
    pub const fn new(
        store: &'a dyn Store,
        passwords: &'a Passwords,
        clock: &'a dyn Clock,
        progress: &'a (dyn Fn(Progress) + Sync),
    ) -> Self {
        Self { gate: Gate::before(Needs { store, passwords, clock, progress }) }
    }

    /// Applies a file, and returns the differences that it made.
    /// A file that contradicts the store changes nothing. A large file is applied in several
    /// transactions; after an interruption, the same file continues where it stopped. A secret whose
    /// stored hash matches keeps that hash, so that applying a file again changes nothing.
    ///
    /// # Errors
    /// When the caller's role does not allow it, the file contradicts the store, or the store fails.
    pub async fn apply(&self, file: File, caller: &Caller) -> Result<Vec<Difference>, AdminError> {
        let needs = self.gate.open(caller, Role::Administrator)?;
        let change = needs.change(file).await?;
        let progress = Paced::of(needs.progress, &change);
        let by = caller.actor().clone();
        let applied = engine::apply(needs.store, change, by, needs.clock, &progress).await;
        applied.map_err(|not_applied| match not_applied.applied {
            0 => AdminError::Store(not_applied.error),
            _ => AdminError::NotApplied(not_applied),
        })
    }

    /// Lists the differences that applying a file would make.
    ///
    /// # Errors
    /// As [`Applying::apply`].
    pub async fn differences(
        &self,
        file: File,
        caller: &Caller,
    ) -> Result<Vec<Difference>, AdminError> {
        let needs = self.gate.open(caller, Role::Administrator)?;
        let change = needs.change(file).await?;
        let progress = Paced::of(needs.progress, &change);
        Ok(engine::differences(needs.store, change, &progress).await?)
    }
}

impl Needs<'_> {
    /// The change that a file describes, with the hashes of its secrets.
    async fn change(&self, file: File) -> Result<ConfigurationChange, AdminError> {
        let File { app_users, users, .. } = &file;
        let secrets = app_users.iter().filter(|user| user.password.is_some()).count()
            + users.iter().filter(|user| user.pin.is_some()).count();
        // Hashing may take long, so the file is compared with the store first, with empty texts for the secrets.
        let is_given = |secret: &Option<String>| secret.as_ref().map(|_| String::new());
        let mut change = ConfigurationChange {
            app_users: app_users.iter().map(|one| app_user(one, is_given(&one.password))).collect(),
            users: users.iter().map(|one| user(one, is_given(&one.pin))).collect(),
            retention: file.cluster.retention(),
            log_out_rules: file.cluster.log_out_rules(),
            pin_rules: file.pin_rules.change(),
            emcc: file.emcc.change(),
            site: file.site.change(),
            release: file.cluster.release.as_ref().and_then(|release| release.parse().ok()),
            ..without_secrets(&file)
        };
        let takes_older =
            |id: &str| file.remote_clusters.iter().any(|one| one.id == id && one.older_certificate);
        for one in keep_certificates(
            self.store,
            self.clock.now(),
            &mut change.remote_clusters,
            takes_older,
        )
        .await?
        {
            (self.progress)(Progress::Certificate(one));
        }
        if secrets > 0 {
            let progress = Paced::of(self.progress, &change);
            engine::differences(self.store, change.clone(), &progress).await?;
        }

        let hashed = AtomicUsize::new(0);
        let hash = async |given: &Option<String>, stored: Option<String>| {
            let Some(secret) = given.clone() else { return Ok::<_, AdminError>(None) };
            let hash = new_hash(self.passwords, stored, secret).await?;
            let hashed = hashed.fetch_add(1, Ordering::Relaxed) + 1;
            (self.progress)(Progress::Secrets(hashed, secrets));
            Ok(hash)
        };
        let app_users = stream::iter(&file.app_users).map(async |one: &AppUser| {
            let stored = self.store.credentials(&one.id).await?.1.app_user;
            let stored = stored.map(|stored| stored.password_hash);
            Ok::<_, AdminError>(app_user(one, hash(&one.password, stored).await?))
        });
        let at_a_time = self.passwords.threads() * SECRETS_PER_THREAD;
        change.app_users = app_users.buffered(at_a_time).try_collect().await?;
        let users = stream::iter(&file.users).map(async |one: &User| {
            let stored = self.store.pins(&one.id).await?.map(|stored| stored.hash);
            Ok::<_, AdminError>(user(one, hash(&one.pin, stored).await?))
        });
        change.users = users.buffered(at_a_time).try_collect().await?;
        Ok(change)
    }
}

/// Leaves the database to other processes between the parts of a change.
/// A process that waits for the database lock only polls it, so the lock has to be free most of the
/// time.
struct Paced<'a> {
    progress: &'a (dyn Fn(Progress) + Sync),
    all: usize,
    /// When the current part began.
    began: Mutex<Instant>,
}

impl<'a> Paced<'a> {
    fn of(progress: &'a (dyn Fn(Progress) + Sync), change: &ConfigurationChange) -> Self {
        Self { progress, all: change.entries(), began: Mutex::new(Instant::now()) }
    }

    /// Waits for a time and not for a state: a process that polls for the lock is not visible here.
    async fn pause(&self, entries: usize) {
        let began = || self.began.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = began().elapsed() * PAUSE_TIMES;
        if entries < self.all {
            tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
        }
        *began() = Instant::now();
    }
}

#[async_trait]
impl engine::Progress for Paced<'_> {
    async fn checked(&self, entries: usize) {
        self.pause(entries).await;
    }

    async fn applied(&self, entries: usize) {
        (self.progress)(Progress::Entries(entries, self.all));
        self.pause(entries).await;
    }
}

/// The profiles, phones and remote clusters of a file, and its parameters.
fn without_secrets(file: &File) -> ConfigurationChange {
    let profiles = file.device_profiles.iter().map(|profile| ProfileEntry {
        name: profile.name.clone(),
        model: profile.model.clone(),
        lines: profile.lines.as_deref().map(SipLine::lines),
        speed_dials: profile.speed_dials.clone(),
        sip: profile.lines.as_deref().map(SipLine::accounts),
    });
    let phones = file.phones.iter().map(|phone| PhoneEntry {
        name: phone.name.clone(),
        model: phone.model.clone(),
        description: phone.description.clone(),
        extension_mobility: phone.extension_mobility,
        address: phone.address.clone(),
        log_out_at: phone.log_out_at.as_ref().map(OwnOr::own),
        idle_minutes: phone.idle_minutes.as_ref().map(OwnOr::own),
        lines: phone.lines.as_deref().map(SipLine::lines),
        speed_dials: phone.speed_dials.clone(),
        sip: phone.lines.as_deref().map(SipLine::accounts),
    });
    let remote_clusters = file.remote_clusters.iter().map(|cluster| RemoteClusterEntry {
        id: cluster.id.clone(),
        url: cluster.url.clone(),
        certificate: Some(cluster.certificate.clone()),
        description: cluster.description.clone(),
        enabled: cluster.enabled,
    });
    ConfigurationChange {
        parameters: file.service_parameters.clone(),
        profiles: profiles.collect(),
        phones: phones.collect(),
        remote_clusters: remote_clusters.collect(),
        ..ConfigurationChange::default()
    }
}

fn app_user(user: &AppUser, password_hash: Option<String>) -> AppUserEntry {
    AppUserEntry { id: user.id.clone(), password_hash, proxy: user.proxy }
}

fn user(user: &User, pin_hash: Option<String>) -> UserEntry {
    UserEntry {
        id: user.id.clone(),
        pin_hash,
        enabled: user.enabled,
        emcc: user.emcc,
        max_login_minutes: user.max_login_minutes.as_ref().map(MaxLogin::minutes),
        profiles: user.profiles.clone(),
        primary_extension: user.primary_extension.clone(),
        self_service_id: user.self_service_id.clone(),
        pin_must_change: user.pin_must_change,
    }
}

/// A new hash, or `None` when the stored hash matches.
pub(super) async fn new_hash(
    passwords: &Passwords,
    stored: Option<String>,
    secret: String,
) -> Result<Option<String>, PasswordError> {
    if stored.is_some() && passwords.verify(secret.clone(), stored).await? {
        return Ok(None);
    }
    passwords.hash(secret).await.map(Some)
}
