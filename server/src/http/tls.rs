//! The certificate of HTTPS.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use axum_server::tls_rustls::RustlsConfig;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// A certificate that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}: {1}")]
pub(crate) struct CertificateError(PathBuf, String);

/// The TLS configuration with the given certificate and key, or with a self-signed one that is made
/// in the data folder at the first start.
pub(crate) fn certificate(
    folder: &Path,
    files: Option<(PathBuf, PathBuf)>,
) -> Result<RustlsConfig, CertificateError> {
    let (certificate, key) = match files {
        Some(files) => files,
        None => self_signed(folder)?,
    };
    let bad_certificate = |error: rustls::pki_types::pem::Error| {
        CertificateError(certificate.clone(), error.to_string())
    };
    let chain = CertificateDer::pem_file_iter(&certificate)
        .map_err(bad_certificate)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(bad_certificate)?;
    let private = PrivateKeyDer::from_pem_file(&key)
        .map_err(|error| CertificateError(key.clone(), error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut configuration = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| CertificateError(certificate.clone(), error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| CertificateError(certificate.clone(), error.to_string()))?;
    // The websocket needs HTTP/1.1; nothing here gains from HTTP/2.
    configuration.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(configuration)))
}

fn self_signed(folder: &Path) -> Result<(PathBuf, PathBuf), CertificateError> {
    let (certificate, key) = (folder.join("https.pem"), folder.join("https-key.pem"));
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    let failed =
        |error: &dyn std::fmt::Display| CertificateError(certificate.clone(), error.to_string());
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).map_err(|error| failed(&error))?;
    // The key first: a certificate without its key is made anew, a key without one is replaced.
    write_private(&key, &made.signing_key.serialize_pem()).map_err(|error| failed(&error))?;
    fs::write(&certificate, made.cert.pem()).map_err(|error| failed(&error))?;
    Ok((certificate, key))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
