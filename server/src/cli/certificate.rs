//! `sojourn certificate`

use std::{io::Write, path::Path};

use super::{CliError, open_existing, open_to_read, say};
use crate::{
    admin::{AdminError, Caller, OwnCertificate, OwnCertificates},
    cluster::{ClusterCertificate, SystemClock},
};

/// The operation on the certificate.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Show,
    Announce,
    Use,
}

/// Prints the certificate on standard output, so that the output can go to a file, and its fingerprint on standard
/// error.
pub(super) async fn run(act: Act, data_dir: &Path) -> Result<(), CliError> {
    let store = match act {
        Act::Show => open_to_read(data_dir).await?,
        Act::Announce | Act::Use => open_existing(data_dir).await?,
    };
    let certificate = OwnCertificate::new(&store, &SystemClock);
    let caller = |what: &str| Caller::command_line(&format!("certificate {what}"));
    let done = match act {
        Act::Show => certificate.show(&caller("show")).await,
        Act::Announce => certificate.announce(&caller("announce"), data_dir).await,
        Act::Use => certificate.use_announced(&caller("use")).await,
    };
    let printed = done.map(|shown| print(act, &shown));
    store.close().await;
    printed.map_err(|error: AdminError| error.to_string())
}

fn print(act: Act, shown: &OwnCertificates) {
    let OwnCertificates { current, next } = shown;
    let one = match (act, next) {
        (Act::Announce, Some(next)) => next,
        _ => current,
    };
    say(one.pem.trim_end());
    note(&format!("SHA-256 fingerprint of {}:", one.certificate.cluster), &one.certificate);
    if let (Act::Show, Some(next)) = (act, next) {
        note("Announced to be used next, with the fingerprint", &next.certificate);
    }
    if matches!(act, Act::Announce) {
        let text = "Remote clusters that answer learn of it within seconds. When all of them have, \
                    `sojourn certificate use` uses it.";
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

fn note(what: &str, certificate: &ClusterCertificate) {
    let _ = writeln!(std::io::stderr(), "{what}\n{}", certificate.fingerprint());
}
