//! This cluster's EMCC key. The key is made once, and kept in the database, sealed by a key file in the
//! data folder. Several nodes share both, and a copy of the database alone does not reveal the key.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use engine::{EmccKey, UtcMillis};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use crate::cluster::phone_secrets::PhoneSecrets;

/// The file of the sealing key.
const SEAL_FILE: &str = "emcc-seal.key";
/// The size of the sealing key, in bytes.
const SEAL_BYTES: usize = 32;
/// How long a certificate is valid: clusters pin certificates, and a new certificate is announced first.
const GOOD_DAYS: i64 = 3_650;

/// Why this cluster's key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file can't be read or written.
    #[error("{SEAL_FILE}: {0}")]
    File(#[from] io::Error),
    /// The key file is invalid, or another key file sealed the key.
    #[error(
        "{SEAL_FILE} does not open the EMCC key of this database: the file belongs to the database"
    )]
    Sealed,
    /// No key can be made.
    #[error("no EMCC key can be made: {0}")]
    Make(String),
}

/// The sealing key.
pub struct Seal {
    key: LessSafeKey,
    phone_secrets: hmac::Key,
}

impl Seal {
    /// Reads the key file of a data folder; makes the file if it is missing.
    ///
    /// # Errors
    /// When the file can't be read or written, or is invalid.
    pub fn of_folder(folder: &Path) -> Result<Self, KeyError> {
        let path = folder.join(SEAL_FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_file(&path)?,
            Err(error) => return Err(error.into()),
        };
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| KeyError::Sealed)?;
        Ok(Self { key: LessSafeKey::new(key), phone_secrets: PhoneSecrets::key(&bytes) })
    }

    /// The secrets of phones that follow from the key file.
    #[must_use]
    pub fn phone_secrets(&self) -> PhoneSecrets {
        PhoneSecrets::of(self.phone_secrets.clone())
    }

    /// Makes a key with its certificate, which names the cluster.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn make(&self, cluster: &str, now: UtcMillis) -> Result<EmccKey, KeyError> {
        let failed = |error: &dyn std::fmt::Display| KeyError::Make(error.to_string());
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, cluster);
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let from = OffsetDateTime::from_unix_timestamp(now.0 / 1_000);
        let from = from.map_err(|error| failed(&error))? - Duration::days(1);
        (params.not_before, params.not_after) = (from, from + Duration::days(GOOD_DAYS));
        let certificate = params.self_signed(&key).map_err(|error| failed(&error))?;
        let sealed_key = self.seal(&key.serialize_der())?;
        Ok(EmccKey { certificate: certificate.pem(), sealed_key, made: now })
    }

    /// Opens a sealed key.
    ///
    /// # Errors
    /// When another key file sealed it.
    pub fn open(&self, key: &EmccKey) -> Result<PrivateKeyDer<'static>, KeyError> {
        let (nonce, sealed) = key.sealed_key.split_at_checked(NONCE_LEN).ok_or(KeyError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyError::Sealed)?;
        let mut bytes = sealed.to_vec();
        let opened = self.key.open_in_place(nonce, Aad::empty(), &mut bytes);
        let opened = opened.map_err(|_| KeyError::Sealed)?.to_vec();
        Ok(PrivatePkcs8KeyDer::from(opened).into())
    }

    fn seal(&self, key: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Make("the system has no randomness".to_owned());
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(failed)?;
        let mut bytes = key.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(unique, Aad::empty(), &mut bytes).map_err(failed)?;
        Ok([nonce.as_slice(), &bytes].concat())
    }
}

/// Writes a new key file, for this user alone. Two processes that do so at once read the same file.
fn make_file(path: &Path) -> Result<Vec<u8>, KeyError> {
    let mut bytes = vec![0; SEAL_BYTES];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| KeyError::Make("the system has no randomness".to_owned()))?;
    let beside = path.with_extension("new");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    // A hard link does not replace an existing file.
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(fs::read(path)?),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::peers::ClusterCertificate;

    #[test]
    fn a_key_opens_with_the_file_that_sealed_it_alone() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let seal = Seal::of_folder(folder.path()).unwrap();
        let key = seal.make("seoul", UtcMillis(1_767_225_600_000)).unwrap();
        let again = Seal::of_folder(folder.path()).unwrap();
        assert_eq!(again.open(&key).unwrap(), seal.open(&key).unwrap());
        let stranger = Seal::of_folder(other.path()).unwrap();
        assert!(matches!(stranger.open(&key), Err(KeyError::Sealed)));
        let text = key.certificate + "";
        assert_eq!(ClusterCertificate::from_pem(&text).unwrap().cluster, "seoul");
        fs::write(folder.path().join(SEAL_FILE), "short").unwrap();
        assert!(Seal::of_folder(folder.path()).is_err());
    }

    #[test]
    fn the_key_file_is_for_this_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        Seal::of_folder(folder.path()).unwrap();
        let metadata = fs::metadata(folder.path().join(SEAL_FILE)).unwrap();
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{metadata:?}");
    }
}
