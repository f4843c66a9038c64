//! The certificates by which clusters authenticate each other.

use std::fmt::Write;

use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// A certificate of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterCertificate {
    /// The certificate.
    pub der: CertificateDer<'static>,
    /// The id of the certificate's cluster (common name).
    pub cluster: String,
    /// The start of validity, in seconds since 1970: of two certificates of a cluster, the one that starts
    /// later is newer.
    pub made_s: i64,
    /// The time of expiry, in seconds since 1970.
    pub expires_s: i64,
}

/// Why a text is no certificate of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The text holds no certificate, or more than one.
    #[error("must be one certificate (PEM), as `sojourn certificate show` prints it")]
    NotOne,
    /// The certificate can't be parsed.
    #[error("the certificate does not read")]
    Broken,
    /// The certificate names no cluster.
    #[error("the certificate names no cluster")]
    Nameless,
}

impl ClusterCertificate {
    /// Reads a certificate (PEM).
    ///
    /// # Errors
    /// When the text is no certificate of a cluster.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateError> {
        let mut all = CertificateDer::pem_slice_iter(pem.as_bytes());
        let (Some(Ok(one)), None) = (all.next(), all.next()) else {
            return Err(CertificateError::NotOne);
        };
        Self::from_der(one)
    }

    /// Reads a certificate that a peer has shown.
    ///
    /// # Errors
    /// When the certificate can't be parsed, or names no cluster.
    pub fn from_der(der: CertificateDer<'static>) -> Result<Self, CertificateError> {
        let (_, read) = X509Certificate::from_der(&der).map_err(|_| CertificateError::Broken)?;
        let name = read.subject().iter_common_name().next();
        let cluster = name.and_then(|name| name.as_str().ok()).filter(|name| !name.is_empty());
        let cluster = cluster.ok_or(CertificateError::Nameless)?.to_owned();
        let made_s = read.validity().not_before.timestamp();
        let expires_s = read.validity().not_after.timestamp();
        Ok(Self { der, cluster, made_s, expires_s })
    }

    /// The fingerprint, for people to compare: SHA-256, as pairs of hexadecimal digits.
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
