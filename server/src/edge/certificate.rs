//! The certificate of HTTPS: the one in the given files, or a self-signed one.

use std::{net::SocketAddr, path::Path, sync::Arc};

use rustls::sign::SingleCertAndKey;

use super::{
    Tls,
    certificate_files::{CertificateFileError, Files, read, unusable},
    self_signed::{Names, SelfSigned, now},
    tls::Peers,
};

/// How HTTPS gets its certificate.
pub(crate) enum CertificateSource<'a> {
    /// From an administrator's files.
    Given(Files),
    /// A self-signed certificate in a folder; a new one is made if the folder has no usable certificate.
    SelfSigned {
        /// The folder.
        folder: &'a Path,
        /// Where HTTPS listens.
        address: SocketAddr,
        /// The host of the public address, if there is one.
        public_host: Option<String>,
    },
}

/// TLS with the certificate of `source`.
///
/// # Errors
/// When the certificate can't be read, made or used.
pub(crate) fn certificate(
    source: CertificateSource<'_>,
    peers: Option<Peers>,
) -> Result<Tls, CertificateFileError> {
    match source {
        CertificateSource::Given(files) => {
            let key = Arc::new(SingleCertAndKey::from(read(&files)?));
            Tls::new(key, None, peers).map_err(|error| unusable(&files, &error))
        }
        CertificateSource::SelfSigned { folder, address, public_host } => {
            let files =
                Files { certificate: folder.join("https.pem"), key: folder.join("https-key.pem") };
            let names = Names { address, public_host };
            let own = Arc::new(SelfSigned::open(files.clone(), names, now())?);
            let renewed = Some(Arc::clone(&own));
            Tls::new(own, renewed, peers).map_err(|error| unusable(&files, &error))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_given_certificate_that_does_not_read_is_an_error_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let files =
            Files { certificate: folder.path().join("c.pem"), key: folder.path().join("k.pem") };
        fs::write(&files.certificate, "").unwrap();
        fs::write(&files.key, "").unwrap();
        let error = certificate(CertificateSource::Given(files.clone()), None).err().unwrap();
        assert!(error.to_string().contains("c.pem"), "{error}");
        assert_eq!(fs::read(&files.certificate).unwrap(), b"");
    }
}
