//! The certificates by which clusters know each other.

use std::fmt::Write;

use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// A certificate of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterCertificate {
    /// The certificate.
    pub der: CertificateDer<'static>,
    /// The id of the cluster that it names (common name).
    pub cluster: String,
    /// From when on it is good, in seconds since 1970: of two certificates of a cluster the later one is newer.
    pub made_s: i64,
    /// When it expires, in seconds since 1970.
    pub expires_s: i64,
}

/// A text that is no certificate of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// There is none in it, or not one alone.
    #[error("must be one certificate (PEM), as `sojourn certificate show` prints it")]
    NotOne,
    /// It does not read.
    #[error("the certificate does not read")]
    Broken,
    /// It names no cluster.
    #[error("the certificate names no cluster")]
    Nameless,
}

impl ClusterCertificate {
    /// Reads a certificate (PEM).
    ///
    /// # Errors
    /// When the text is none.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateError> {
        let mut all = CertificateDer::pem_slice_iter(pem.as_bytes());
        let (Some(Ok(one)), None) = (all.next(), all.next()) else {
            return Err(CertificateError::NotOne);
        };
        Self::from_der(one)
    }

    /// Reads a certificate that somebody has shown.
    ///
    /// # Errors
    /// When it does not read, or names no cluster.
    pub fn from_der(der: CertificateDer<'static>) -> Result<Self, CertificateError> {
        let (_, read) = X509Certificate::from_der(&der).map_err(|_| CertificateError::Broken)?;
        let name = read.subject().iter_common_name().next();
        let cluster = name.and_then(|name| name.as_str().ok()).filter(|name| !name.is_empty());
        let cluster = cluster.ok_or(CertificateError::Nameless)?.to_owned();
        let made_s = read.validity().not_before.timestamp();
        let expires_s = read.validity().not_after.timestamp();
        Ok(Self { der, cluster, made_s, expires_s })
    }

    /// Its fingerprint, to be compared by people: SHA-256, as pairs of digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut text = String::with_capacity(95);
        for byte in Sha256::digest(&self.der) {
            // Writing to a String can't fail.
            let _ = write!(text, "{}{byte:02X}", if text.is_empty() { "" } else { ":" });
        }
        text
    }
}
