//! The certificate of HTTPS: the one in the given files, or a self-signed one that is made in a
//! folder.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{Tls, tls::Peers};

/// The files of a certificate and its key (PEM).
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// A certificate that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}: {1}")]
pub(crate) struct CertificateError(PathBuf, String);

/// TLS with the given certificate, or with a self-signed one in `folder`.
/// A self-signed certificate is made when the folder has none that can be used.
pub(crate) fn certificate(
    folder: &Path,
    given: Option<Files>,
    peers: Option<Peers>,
) -> Result<Tls, CertificateError> {
    if let Some(files) = given {
        return read(&files, peers);
    }
    let files = Files { certificate: folder.join("https.pem"), key: folder.join("https-key.pem") };
    if files.certificate.exists() && files.key.exists() {
        match read(&files, peers.clone()) {
            Ok(tls) => return Ok(tls),
            Err(error) => tracing::warn!(%error, "the self-signed certificate is made anew"),
        }
    }
    make(&files)?;
    read(&files, peers)
}

fn read(files: &Files, peers: Option<Peers>) -> Result<Tls, CertificateError> {
    let Files { certificate, key } = files;
    let bad =
        |error: &dyn std::fmt::Display| CertificateError(certificate.clone(), error.to_string());
    let chain = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| bad(&error))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| bad(&error))?;
    if chain.is_empty() {
        return Err(bad(&"there is no certificate in it"));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| CertificateError(key.clone(), error.to_string()))?;
    Tls::new(chain, private, peers).map_err(|error| bad(&error))
}

fn make(files: &Files) -> Result<(), CertificateError> {
    let failed = |error: &dyn std::fmt::Display| {
        CertificateError(files.certificate.clone(), error.to_string())
    };
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).map_err(|error| failed(&error))?;
    // The key first: a certificate that does not belong to its key is made anew.
    replace(&files.key, &made.signing_key.serialize_pem()).map_err(|error| failed(&error))?;
    replace(&files.certificate, &made.cert.pem()).map_err(|error| failed(&error))
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

    #[test]
    fn what_a_crash_left_of_the_certificate_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let pem = folder.path().join("https.pem");
        assert!(certificate(folder.path(), None, None).is_ok());
        let whole = fs::read_to_string(&pem).unwrap();
        assert!(certificate(folder.path(), None, None).is_ok());
        assert_eq!(fs::read_to_string(&pem).unwrap(), whole, "a good one stays");
        for left in ["", &whole[..whole.len() / 2]] {
            fs::write(&pem, left).unwrap();
            assert!(certificate(folder.path(), None, None).is_ok(), "{} bytes", left.len());
        }
        fs::write(folder.path().join("https-key.pem"), "").unwrap();
        assert!(certificate(folder.path(), None, None).is_ok());
    }

    #[test]
    fn a_given_certificate_that_does_not_read_is_an_error_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let files =
            Files { certificate: folder.path().join("c.pem"), key: folder.path().join("k.pem") };
        fs::write(&files.certificate, "").unwrap();
        fs::write(&files.key, "").unwrap();
        let error = certificate(folder.path(), Some(files.clone()), None).err().unwrap();
        assert!(error.to_string().contains("c.pem"), "{error}");
        assert_eq!(fs::read(&files.certificate).unwrap(), b"");
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
