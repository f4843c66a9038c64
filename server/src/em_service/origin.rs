//! From where a log-in or log-out comes: *Validate IP Address* and what belongs to it.
//!
//! A `Via` header, or `isViaHeaderSet`, says that a request came through a proxy. It is refused
//! (30) unless *Allow Proxy* is true. The address that counts is the connection's own; what a
//! request says about another one (`X-Forwarded-For`, `remoteIPAddr`) is believed only if the
//! connection itself comes from the *Trusted List of IPs*. That address must be the one remembered
//! for the phone, stand in the trusted list, or be the phone's own; else 28. None of this asks who
//! is in the trusted list by anything but address.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, header};
use engine::{Configuration, UtcMillis, Version, ports::Lookups};
use lru::LruCache;
use terms::{ErrorCode, Parameter, Trusted, trusted_entries};
use wire::request::StatedOrigin;

use super::store_code;
use crate::cluster::Cluster;

/// How long a name may take to be looked up.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the addresses of a name are good for.
const NAME_MS: u64 = 60_000;

/// What a connection and its headers say.
pub(super) struct Origin {
    /// The connection's own address.
    pub(super) peer: Option<IpAddr>,
    /// The value of the `Via` header.
    pub(super) via: Option<String>,
    /// The last address of `X-Forwarded-For`: the one that the nearest proxy has seen.
    forwarded: Option<IpAddr>,
}

impl Origin {
    /// Reads a request's headers.
    pub(super) fn of(peer: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        let text = |name| headers.get_all(name).iter().next_back()?.to_str().ok();
        let forwarded = text(header::HeaderName::from_static("x-forwarded-for"))
            .and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        Self {
            peer: peer.map(|peer| peer.ip().to_canonical()),
            via: text(header::VIA).map(ToOwned::to_owned),
            forwarded,
        }
    }

    /// The connection's address as text; empty when it is not known.
    pub(super) fn address(&self) -> String {
        self.peer.map_or_else(String::new, |peer| peer.to_string())
    }
}

/// The addresses that are remembered.
pub(super) struct Addresses {
    phones: Mutex<LruCache<String, (IpAddr, Version)>>,
    names: Mutex<HashMap<String, (Vec<IpAddr>, UtcMillis)>>,
}

impl Default for Addresses {
    fn default() -> Self {
        Self { phones: Mutex::new(LruCache::new(NonZeroUsize::MIN)), names: Mutex::default() }
    }
}

impl Addresses {
    /// Whether a request for `phone` (`None`: for all) may come from where it comes.
    pub(super) async fn validate(
        &self,
        cluster: &Cluster,
        configuration: &Configuration,
        origin: &Origin,
        stated: &StatedOrigin,
        phone: Option<&str>,
    ) -> Result<(), ErrorCode> {
        let parameters = &configuration.parameters;
        if !parameters.is_true(Parameter::ValidateIpAddress) {
            return Ok(());
        }
        if (origin.via.is_some() || stated.via) && !parameters.is_true(Parameter::AllowProxy) {
            return Err(ErrorCode::ProxyNotAllowed);
        }
        let peer = origin.peer.ok_or(ErrorCode::UntrustedIp)?;
        let trusted = parameters.value(Parameter::TrustedIps);
        let relays = self.is_trusted(cluster, trusted, peer).await;
        let source = if relays {
            let stated = match &stated.remote_address {
                // What is said and does not read is no address that anybody may come from.
                Some(stated) => Some(stated.parse().map_err(|_| ErrorCode::UntrustedIp)?),
                None => None,
            };
            stated.or(origin.via.as_ref().and(origin.forwarded)).unwrap_or(peer)
        } else {
            peer
        };
        let version = configuration.version;
        if phone.is_some_and(|phone| self.remembered(phone, version) == Some(source)) {
            return Ok(());
        }
        if (source == peer && relays) || self.is_trusted(cluster, trusted, source).await {
            return Ok(());
        }
        let Some(phone) = phone else { return Err(ErrorCode::UntrustedIp) };
        let (_, found) = cluster.store.phones(&[phone.to_owned()]).await.map_err(store_code)?;
        let own = found.into_iter().flatten().next().and_then(|phone| phone.address);
        if own.and_then(|own| own.parse::<IpAddr>().ok()) == Some(source) {
            self.remember(phone, source, version, parameters.cache_size());
            return Ok(());
        }
        Err(ErrorCode::UntrustedIp)
    }

    fn remembered(&self, phone: &str, version: Version) -> Option<IpAddr> {
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let (address, remembered_at) = phones.get(phone)?;
        (*remembered_at == version).then_some(*address)
    }

    fn remember(&self, phone: &str, address: IpAddr, version: Version, size: usize) {
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let size = NonZeroUsize::new(size).unwrap_or(NonZeroUsize::MIN);
        if phones.cap() != size {
            phones.resize(size);
        }
        phones.put(phone.to_owned(), (address, version));
    }

    async fn is_trusted(&self, cluster: &Cluster, list: &str, address: IpAddr) -> bool {
        for entry in trusted_entries(list) {
            let found = match entry {
                Trusted::Address(trusted) => trusted == address,
                Trusted::Name(name) => {
                    self.addresses_of(name, cluster.clock.now()).await.contains(&address)
                }
            };
            if found {
                return true;
            }
        }
        false
    }

    /// The addresses of a host name; none while it can't be looked up.
    async fn addresses_of(&self, name: &str, now: UtcMillis) -> Vec<IpAddr> {
        let names = || self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((addresses, at)) = names().get(name)
            && now.millis_since(*at) < NAME_MS
        {
            return addresses.clone();
        }
        let looked_up = tokio::time::timeout(LOOKUP_TIMEOUT, tokio::net::lookup_host((name, 0)));
        let addresses: Vec<IpAddr> = if let Ok(Ok(found)) = looked_up.await {
            found.map(|address| address.ip().to_canonical()).collect()
        } else {
            tracing::warn!(name, "a trusted name can't be looked up");
            Vec::new()
        };
        let mut names = names();
        // Names come from the parameter alone; those of an old value are forgotten with their time.
        names.retain(|_, (_, at)| now.millis_since(*at) < NAME_MS);
        names.insert(name.to_owned(), (addresses.clone(), now));
        addresses
    }
}
