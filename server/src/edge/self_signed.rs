//! The self-signed certificate of HTTPS. The certificate names each address and host name of the server, is valid
//! for as long as browsers accept, and is renewed by a task.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
};
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

use super::certificate_files::{CertificateFileError, Files, read, unusable};

/// How long a certificate is valid: Safari refuses one that is valid for more than 398 days.
const VALID: Duration = Duration::from_hours(397 * 24);
/// The start of validity is this long ago, for clients whose clock is late.
const LATE_CLOCKS: Duration = Duration::from_hours(1);
/// The certificate is renewed this long before it expires.
const RENEWED_BEFORE: Duration = Duration::from_hours(30 * 24);
/// How often the certificate is looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_hours(24);
/// The longest common name that X.509 allows.
const MAX_COMMON_NAME: usize = 64;

/// The time by which clients judge a certificate.
#[expect(
    clippy::disallowed_methods,
    reason = "this part knows no cluster, and so no cluster's clock"
)]
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}

/// The facts from which the names in the certificate follow.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Where HTTPS listens.
    pub(super) address: SocketAddr,
    /// The host of the public address, if there is one.
    pub(super) public_host: Option<String>,
}

impl Names {
    /// All names, as they are now: this machine's, its host name, its addresses, and the public one.
    fn all(&self) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = ["localhost", "127.0.0.1", "::1"].map(Into::into).into();
        all.extend(host_name());
        all.extend(self.public_host.clone());
        if self.address.ip().is_unspecified() {
            all.extend(addresses());
        } else {
            all.insert(self.address.ip().to_string());
        }
        all
    }
}

fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_str().ok()?.to_ascii_lowercase();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}

/// The addresses of this machine's interfaces. Of IPv6 none: temporary addresses change daily, and each
/// new certificate is a new warning in browsers.
fn addresses() -> Vec<String> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let addresses = interfaces.iter().map(if_addrs::Interface::ip);
    addresses
        .filter(|ip| matches!(ip, IpAddr::V4(ip) if !ip.is_link_local()))
        .map(|ip| ip.to_string())
        .collect()
}

/// The self-signed certificate in a folder.
#[derive(Debug)]
pub(super) struct SelfSigned {
    files: Files,
    names: Names,
    current: RwLock<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for SelfSigned {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl SelfSigned {
    /// Reads the certificate in `files`, or makes one where there is none that can be used.
    pub(super) fn open(
        files: Files,
        names: Names,
        now: SystemTime,
    ) -> Result<Self, CertificateFileError> {
        let read = || {
            let found = read(&files).inspect_err(|error| {
                tracing::warn!(%error, "the self-signed certificate is made anew");
            });
            found.ok()
        };
        let is_there = files.certificate.exists() && files.key.exists();
        let current = match is_there.then(read).flatten() {
            Some(found) if !is_due(&found, &names, now) => found,
            // A certificate that has to be renewed is better than none.
            Some(found) => make(&files, &names, now).unwrap_or_else(|error| {
                tracing::error!(%error, "the certificate can't be renewed");
                found
            }),
            None => make(&files, &names, now)?,
        };
        Ok(Self { files, names, current: RwLock::new(Arc::new(current)) })
    }

    /// Renews the certificate when that is due, for as long as this is polled.
    pub(super) async fn renew(self: Arc<Self>) {
        let mut look = interval(LOOKED_AT_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            let own = Arc::clone(&self);
            let renewed = tokio::task::spawn_blocking(move || own.renew_if_due(now())).await;
            match renewed {
                Ok(Ok(true)) => tracing::info!("the self-signed certificate is renewed"),
                Ok(Ok(false)) => {}
                Ok(Err(error)) => tracing::error!(%error, "the certificate can't be renewed"),
                Err(error) => tracing::error!(%error, "the renewal met a fault of the program"),
            }
        }
    }

    fn renew_if_due(&self, now: SystemTime) -> Result<bool, CertificateFileError> {
        let is_due = is_due(&self.current(), &self.names, now);
        if is_due {
            let made = Arc::new(make(&self.files, &self.names, now)?);
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = made;
        }
        Ok(is_due)
    }

    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a certificate expires soon, lacks a name, or is not one that browsers accept. A certificate of another
/// issuer was put there by an administrator, and is never due.
fn is_due(key: &CertifiedKey, names: &Names, now: SystemTime) -> bool {
    let Some(found) = key.cert.first().and_then(|der| X509Certificate::from_der(der).ok()) else {
        return true;
    };
    let certificate = found.1;
    if certificate.issuer() != certificate.subject() {
        return false;
    }
    let seconds = |at: SystemTime| OffsetDateTime::from(at).unix_timestamp();
    let validity = certificate.validity();
    let (from, until) = (validity.not_before.timestamp(), validity.not_after.timestamp());
    let is_soon = until < seconds(now + RENEWED_BEFORE);
    let is_long = u64::try_from(until - from).is_ok_and(|valid| valid > VALID.as_secs());
    let usage = certificate.extended_key_usage().ok().flatten();
    let is_for_servers = usage.is_some_and(|usage| usage.value.server_auth);
    is_soon || is_long || !is_for_servers || !names.all().is_subset(&named(&certificate))
}

/// The names in a certificate.
fn named(certificate: &X509Certificate<'_>) -> BTreeSet<String> {
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.as_slice()).unwrap_or_default();
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
        },
        _ => None,
    };
    names.iter().filter_map(text).collect()
}

/// Makes a certificate and writes it to its files.
fn make(
    files: &Files,
    names: &Names,
    now: SystemTime,
) -> Result<CertifiedKey, CertificateFileError> {
    let failed = |error: &dyn std::fmt::Display| unusable(files, error);
    let key = KeyPair::generate().map_err(|error| failed(&error))?;
    let all: Vec<String> = names.all().into_iter().collect();
    let mut params = CertificateParams::new(all).map_err(|error| failed(&error))?;
    let name = names.public_host.clone().or_else(host_name).unwrap_or_default();
    params.distinguished_name = DistinguishedName::new();
    let has_room = !name.is_empty() && name.len() <= MAX_COMMON_NAME;
    params.distinguished_name.push(DnType::CommonName, if has_room { &name } else { "Sojourn" });
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let from = now - LATE_CLOCKS;
    (params.not_before, params.not_after) = (from.into(), (from + VALID).into());
    let certificate = params.self_signed(&key).map_err(|error| failed(&error))?;
    // The key first: a certificate that does not belong to its key is made anew.
    replace(&files.key, &key.serialize_pem()).map_err(|error| failed(&error))?;
    replace(&files.certificate, &certificate.pem()).map_err(|error| failed(&error))?;
    read(files)
}

/// Writes a file for this user alone, whole or not at all: a crash leaves the old file or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_hours(500_000);

    fn files(folder: &Path) -> Files {
        Files { certificate: folder.join("https.pem"), key: folder.join("https-key.pem") }
    }

    fn names(public_host: Option<&str>) -> Names {
        let address = "192.0.2.7:8443".parse().unwrap();
        Names { address, public_host: public_host.map(str::to_owned) }
    }

    fn then() -> SystemTime {
        SystemTime::UNIX_EPOCH + NOW
    }

    fn open(folder: &Path) -> Result<SelfSigned, CertificateFileError> {
        SelfSigned::open(files(folder), names(None), then())
    }

    #[test]
    fn what_a_crash_left_of_the_certificate_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let pem = folder.path().join("https.pem");
        assert!(open(folder.path()).is_ok());
        let whole = fs::read_to_string(&pem).unwrap();
        assert!(open(folder.path()).is_ok());
        assert_eq!(fs::read_to_string(&pem).unwrap(), whole, "a good one stays");
        for left in ["", &whole[..whole.len() / 2]] {
            fs::write(&pem, left).unwrap();
            assert!(open(folder.path()).is_ok(), "{} bytes", left.len());
        }
        fs::write(folder.path().join("https-key.pem"), "").unwrap();
        assert!(open(folder.path()).is_ok());
    }

    #[test]
    fn a_certificate_names_what_the_server_is_reached_by_and_browsers_accept_it() {
        let folder = tempfile::tempdir().unwrap();
        let own = SelfSigned::open(files(folder.path()), names(Some("em.example.org")), then());
        let key = own.unwrap().current();
        let (_, made) = X509Certificate::from_der(&key.cert[0]).unwrap();
        let named = named(&made);
        let host = host_name().unwrap();
        let wanted =
            ["localhost", "127.0.0.1", "::1", "192.0.2.7", "em.example.org", host.as_str()];
        assert_eq!(named, wanted.map(str::to_owned).into());
        assert!(made.extended_key_usage().unwrap().unwrap().value.server_auth);
        let validity = made.validity();
        let days = (validity.not_after.timestamp() - validity.not_before.timestamp()) / 86_400;
        assert_eq!(days, 397);
        assert!(
            validity.is_valid_at(
                x509_parser::time::ASN1Time::from_timestamp(i64::try_from(NOW.as_secs()).unwrap())
                    .unwrap()
            )
        );
    }

    #[test]
    fn all_addresses_are_named_where_the_server_listens_on_all() {
        let all = Names { address: "0.0.0.0:8443".parse().unwrap(), public_host: None }.all();
        assert!(!all.contains("0.0.0.0"));
        assert!(addresses().iter().all(|address| all.contains(address)));
    }

    #[test]
    fn a_certificate_is_renewed_before_it_expires_and_when_a_name_is_new() {
        let folder = tempfile::tempdir().unwrap();
        let own = open(folder.path()).unwrap();
        let first = own.current();
        assert!(!own.renew_if_due(then()).unwrap());
        let late = then() + VALID - RENEWED_BEFORE;
        assert!(own.renew_if_due(late).unwrap());
        assert_ne!(own.current().cert, first.cert, "handshakes get the new one");
        assert!(!own.renew_if_due(late).unwrap());
        let pem = || fs::read_to_string(folder.path().join("https.pem")).unwrap();
        let before = pem();
        SelfSigned::open(files(folder.path()), names(None), late).unwrap();
        assert_eq!(pem(), before, "a good one stays");
        SelfSigned::open(files(folder.path()), names(Some("em.example.org")), late).unwrap();
        assert_ne!(pem(), before);
    }

    #[test]
    fn a_certificate_that_an_older_program_made_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let old =
            rcgen::generate_simple_self_signed(names(None).all().into_iter().collect::<Vec<_>>());
        let old = old.unwrap();
        replace(&files.key, &old.signing_key.serialize_pem()).unwrap();
        replace(&files.certificate, &old.cert.pem()).unwrap();
        open(folder.path()).unwrap();
        assert_ne!(fs::read_to_string(&files.certificate).unwrap(), old.cert.pem());
    }

    #[test]
    fn nothing_is_in_a_file_before_all_of_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        replace(&file, "old").unwrap();
        // Where the new file can't be written the old one stays.
        fs::create_dir(folder.path().join("f.new")).unwrap();
        assert!(replace(&file, "new").is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    }
}
