//! The certificate by which other clusters know this one.

use std::path::Path;

use engine::{
    EmccKeys, KeyChange,
    ports::{Clock, Store},
};
use terms::Role;

use super::{AdminError, Caller, caller::Gate};
use crate::cluster::{ClusterCertificate, Seal};

/// The certificate of a cluster.
pub struct OwnCertificate<'a> {
    gate: Gate<Needs<'a>>,
}

/// The dependencies of [`OwnCertificate`].
struct Needs<'a> {
    store: &'a dyn Store,
    clock: &'a dyn Clock,
}

/// A certificate, with the values that people compare.
pub struct ShownCertificate {
    /// The certificate (PEM).
    pub pem: String,
    /// Its fingerprint and the end of its validity.
    pub certificate: ClusterCertificate,
}

/// The certificates of a cluster.
pub struct OwnCertificates {
    /// The certificate in use.
    pub current: ShownCertificate,
    /// The certificate that is announced.
    pub next: Option<ShownCertificate>,
}

impl<'a> OwnCertificate<'a> {
    /// The certificate of the cluster that keeps its keys in `store`.
    #[must_use]
    pub const fn new(store: &'a dyn Store, clock: &'a dyn Clock) -> Self {
        Self { gate: Gate::before(Needs { store, clock }) }
    }

    /// The certificates, which are no secrets.
    ///
    /// # Errors
    /// When the caller's role does not allow it, there is no certificate yet, or the store fails.
    pub async fn show(&self, caller: &Caller) -> Result<OwnCertificates, AdminError> {
        let Needs { store, .. } = self.gate.open(caller, Role::Viewer)?;
        let keys = store.emcc_keys().await?.ok_or_else(no_key)?;
        shown(keys)
    }

    /// Makes a new key, and announces its certificate to the remote clusters.
    /// The certificate in use stays in use. `folder` holds the key file.
    ///
    /// # Errors
    /// When the caller's role does not allow it, there is no key yet, or the store fails.
    pub async fn announce(
        &self,
        caller: &Caller,
        folder: &Path,
    ) -> Result<OwnCertificates, AdminError> {
        let Needs { store, clock } = self.gate.open(caller, Role::Administrator)?;
        let keys = store.emcc_keys().await?.ok_or_else(no_key)?;
        let cluster = read(&keys.current.certificate)?.cluster;
        let now = clock.now();
        let invalid = |error: &dyn std::fmt::Display| AdminError::Invalid(error.to_string());
        let seal = Seal::of_folder(folder).map_err(|error| invalid(&error))?;
        let key = seal.make(&cluster, now).map_err(|error| invalid(&error))?;
        self.change(KeyChange::Announce(key), caller).await
    }

    /// Puts the announced key into use.
    ///
    /// # Errors
    /// When the caller's role does not allow it, no key is announced, or the store fails.
    pub async fn use_announced(&self, caller: &Caller) -> Result<OwnCertificates, AdminError> {
        self.change(KeyChange::Use, caller).await
    }

    async fn change(
        &self,
        change: KeyChange,
        caller: &Caller,
    ) -> Result<OwnCertificates, AdminError> {
        let Needs { store, clock } = self.gate.open(caller, Role::Administrator)?;
        let by = caller.actor().clone();
        let changed = engine::change_keys(*store, change, by, clock.now()).await?;
        let none = || AdminError::Invalid("there is no certificate that is announced".to_owned());
        shown(changed.ok_or_else(none)?)
    }
}

fn no_key() -> AdminError {
    let text = "the cluster has no certificate yet: it is made at the first `sojourn serve`";
    AdminError::Invalid(text.to_owned())
}

fn shown(keys: EmccKeys) -> Result<OwnCertificates, AdminError> {
    let of = |pem: String| read(&pem).map(|certificate| ShownCertificate { pem, certificate });
    let next = keys.next.map(|next| of(next.certificate)).transpose()?;
    Ok(OwnCertificates { current: of(keys.current.certificate)?, next })
}

fn read(pem: &str) -> Result<ClusterCertificate, AdminError> {
    ClusterCertificate::from_pem(pem).map_err(|error| AdminError::Invalid(error.to_string()))
}
