//! The source address of a log-in or log-out: *Validate IP Address* and the parameters beside it.
//!
//! A `Via` header, or `isViaHeaderSet`, marks a request that came through a proxy. Such a request is
//! refused with error 30 unless *Allow Proxy* is true. The source address is the address of the
//! connection; a different address counts only from a sender in the *Trusted List of IPs*:
//! `X-Forwarded-For` from a trusted proxy, `remoteIPAddr` from a trusted sender. The source address
//! must be the address remembered for the phone, stand in the trusted list, or be the phone's own
//! address; otherwise the request is refused with error 28. The transaction of the log-in or log-out
//! reads the phone anyway, and compares the source address with the phone's own.

use std::{
    net::IpAddr,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use engine::{Configuration, Version};
use lru::LruCache;
use terms::{ErrorCode, Parameter, PhoneAddress, Trusted, address, phone_key, trusted_entries};

use super::{request::Origin, store_code, trusted_names::TrustedNames};
use crate::cluster::Cluster;

/// The remembered addresses of phones, and the trusted host names.
pub(super) struct AddressValidation {
    phones: Mutex<LruCache<String, (IpAddr, Version)>>,
    names: Arc<TrustedNames>,
}

impl AddressValidation {
    /// Creates an empty cache.
    pub(super) fn new() -> Self {
        Self { phones: Mutex::new(LruCache::new(NonZeroUsize::MIN)), names: Arc::default() }
    }

    /// Checks the source address of a request for `phone` (`None`: for all phones).
    /// `Ok(Some(address))` means that the request is allowed only if `address` is the phone's own.
    /// `allow_proxy` is the parameter that allows proxies.
    pub(super) async fn validate(
        &self,
        cluster: &Cluster,
        configuration: &Configuration,
        allow_proxy: Parameter,
        origin: &Origin,
        phone: Option<&str>,
    ) -> Result<Option<IpAddr>, ErrorCode> {
        let parameters = &configuration.parameters;
        if !parameters.is_true(Parameter::ValidateIpAddress) {
            return Ok(None);
        }
        if (origin.via.is_some() || origin.stated_via) && !parameters.is_true(allow_proxy) {
            return Err(ErrorCode::ProxyNotAllowed);
        }
        let trusted = parameters.value(Parameter::TrustedIps);
        let source = self.source(cluster, trusted, origin).await?;
        let version = configuration.version;
        if phone.is_some_and(|phone| self.remembered(phone, version) == Some(source)) {
            return Ok(None);
        }
        if self.is_trusted(cluster, trusted, source).await {
            return Ok(None);
        }
        phone.map(|_| Some(source)).ok_or(ErrorCode::UntrustedIp)
    }

    /// Whether `source` is the phone's own address, for a request whose transaction does not read the
    /// phone.
    pub(super) async fn is_own(
        &self,
        cluster: &Cluster,
        configuration: &Configuration,
        phone: &str,
        source: IpAddr,
    ) -> Result<bool, ErrorCode> {
        let found = cluster.store.phones(&[phone.to_owned()]).await.map_err(store_code)?;
        let (version, phones) = found;
        let own = phones.into_iter().flatten().next().and_then(|phone| phone.address);
        let own = own.as_deref().and_then(PhoneAddress::parse);
        let is_own = own.is_some_and(|own| own.has(source));
        if is_own && version == configuration.version {
            self.remember(phone, source, configuration);
        }
        Ok(is_own)
    }

    /// The source address: the address of the connection, of a trusted proxy's report, or of a trusted
    /// sender's statement.
    /// An address that can't be parsed is refused.
    async fn source(
        &self,
        cluster: &Cluster,
        trusted: &str,
        origin: &Origin,
    ) -> Result<IpAddr, ErrorCode> {
        let mut source = origin.peer.ok_or(ErrorCode::UntrustedIp)?;
        if origin.via.is_some() && self.is_trusted(cluster, trusted, source).await {
            source = match &origin.forwarded {
                Some(forwarded) => address(forwarded).ok_or(ErrorCode::UntrustedIp)?,
                None => source,
            };
        }
        match &origin.stated_address {
            Some(stated) if self.is_trusted(cluster, trusted, source).await => {
                address(stated).ok_or(ErrorCode::UntrustedIp)
            }
            _ => Ok(source),
        }
    }

    fn remembered(&self, phone: &str, version: Version) -> Option<IpAddr> {
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let (address, remembered_at) = phones.get(&phone_key(phone))?;
        (*remembered_at == version).then_some(*address)
    }

    /// Remembers `address` as the phone's own under this version of the configuration.
    pub(super) fn remember(&self, phone: &str, address: IpAddr, configuration: &Configuration) {
        let Configuration { version, parameters, .. } = configuration;
        let size = NonZeroUsize::new(parameters.cache_size()).unwrap_or(NonZeroUsize::MIN);
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        if phones.cap() != size {
            phones.resize(size);
        }
        phones.put(phone_key(phone), (address, *version));
    }

    async fn is_trusted(&self, cluster: &Cluster, list: &str, address: IpAddr) -> bool {
        let mut names = Vec::new();
        for entry in trusted_entries(list) {
            match entry {
                Trusted::Address(trusted) if trusted == address => return true,
                Trusted::Address(_) => {}
                Trusted::Name(name) => names.push(name),
            }
        }
        !names.is_empty() && self.names.have(&names, address, cluster.clock.now()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cache holds the last *Extension Mobility Cache Size* phones.
    #[test]
    fn as_many_phones_are_remembered_as_the_parameter_says() {
        let addresses = AddressValidation::new();
        let with = |size: &str, version: u64| {
            let mut configuration =
                Configuration { version: Version(version), ..Configuration::default() };
            let name = Parameter::CacheSize.name();
            configuration.parameters.set(name, size).unwrap();
            configuration
        };
        let (small, address) = (with("1000", 1), IpAddr::from([192, 0, 2, 1]));
        let count = |configuration: &Configuration, phones: u32| {
            let version = configuration.version;
            let remembered = |phone: u32| addresses.remembered(&format!("SEP{phone}"), version);
            (0..phones).filter(|phone| remembered(*phone) == Some(address)).count()
        };
        for phone in 0..1_500 {
            addresses.remember(&format!("SEP{phone}"), address, &small);
        }
        assert_eq!(count(&small, 1_500), 1_000);
        assert_eq!(addresses.remembered("SEP499", small.version), None);
        let large = with("2000", 2);
        assert_eq!(count(&large, 1_500), 0, "another configuration, other addresses");
        for phone in 0..1_500 {
            addresses.remember(&format!("SEP{phone}"), address, &large);
        }
        assert_eq!(count(&large, 1_500), 1_500);
    }
}
