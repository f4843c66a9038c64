//! A certificate with its key, in files.

use std::path::PathBuf;

use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

/// The files of a certificate and its key (PEM).
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// A certificate that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}: {1}")]
pub(crate) struct CertificateFileError(PathBuf, String);

/// Reads a certificate with its key.
pub(super) fn read(files: &Files) -> Result<CertifiedKey, CertificateFileError> {
    let Files { certificate, key } = files;
    let bad = |error: &dyn std::fmt::Display| unusable(files, error);
    let chain = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| bad(&error))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| bad(&error))?;
    if chain.is_empty() {
        return Err(bad(&"there is no certificate in it"));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| CertificateFileError(key.clone(), error.to_string()))?;
    let provider = rustls::crypto::ring::default_provider();
    CertifiedKey::from_der(chain, private, &provider).map_err(|error| bad(&error))
}

/// The error about a certificate's file.
pub(super) fn unusable(files: &Files, error: &dyn std::fmt::Display) -> CertificateFileError {
    CertificateFileError(files.certificate.clone(), error.to_string())
}
