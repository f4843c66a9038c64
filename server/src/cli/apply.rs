//! `sojourn apply`

use std::{
    io::Write,
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};

use engine::Difference;

use super::{CliError, open, open_unchanged, say};
use crate::{
    admin::{self, AdminError, Applying, Caller, GivenCertificate, Progress},
    cluster::{ClusterCertificate, Passwords, SystemClock},
};

/// The time between two messages about progress.
const SAID_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(file: &Path, data_dir: &Path, dry_run: bool) -> Result<(), CliError> {
    let configuration = admin::read(file).map_err(|error| error.to_string())?;
    let store = if dry_run { open_unchanged(data_dir).await? } else { open(data_dir).await? };
    let caller = Caller::command_line("apply");
    let said = Mutex::new(Instant::now());
    let passwords = Passwords::new();
    let progress = |progress| tell(progress, &said);
    let applying = Applying::new(&store, &passwords, &SystemClock, &progress);
    let applied = if dry_run {
        applying.differences(configuration, &caller).await
    } else {
        applying.apply(configuration, &caller).await
    };
    store.close().await;
    let differences = match &applied {
        Ok(differences) => differences,
        Err(AdminError::NotApplied(in_part)) => &in_part.differences,
        Err(_) => &Vec::new(),
    };
    for difference in differences {
        say(&line(difference));
    }
    let differences = applied.map_err(|error| format!("{}: {error}", file.display()))?;
    say(&match (differences.len(), dry_run) {
        (0, _) => "Nothing to change.".to_owned(),
        (count, true) => format!("{count} to change; nothing was changed (--dry-run)."),
        (count, false) => format!("{count} changed."),
    });
    Ok(())
}

/// Prints progress on standard error. The differences follow at the end, on standard output.
fn tell(progress: Progress, said: &Mutex<Instant>) {
    let line = match progress {
        Progress::Secrets(done, all) => format!("{done} of {all} passwords and PINs checked"),
        Progress::Entries(done, all) => format!("{done} of {all} entries applied"),
        Progress::Certificate(GivenCertificate::New(new)) => return certificate(&new, COMPARE),
        Progress::Certificate(GivenCertificate::Old(in_use)) => {
            return certificate(&in_use, IS_NEWER);
        }
    };
    let mut said = said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if said.elapsed() < SAID_EVERY {
        return;
    }
    *said = Instant::now();
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The message about a new certificate.
const COMPARE: &str = "the certificate is new here. Compare its SHA-256 fingerprint with the one that \
                       `sojourn certificate show` prints there:";
/// The message about a certificate of the file that is older than the one in use.
const IS_NEWER: &str = "the certificate stays: the one in use is newer than the file's. Compare it with the one that `sojourn certificate show` prints there; with \
                        `older_certificate = true` the file's is taken. The SHA-256 fingerprint of the one in use:";

fn certificate(one: &ClusterCertificate, what: &str) {
    let (cluster, fingerprint) = (&one.cluster, one.fingerprint());
    let _ = writeln!(std::io::stderr(), "remote cluster {cluster}: {what}\n{fingerprint}");
}

fn line(difference: &Difference) -> String {
    let Difference { what, field, from, to } = difference;
    match (field.as_str(), from) {
        ("", _) => format!("{what}: {to}"),
        (field, Some(from)) => format!("{what}, {field}: {from} -> {to}"),
        (field, None) => format!("{what}, {field}: {to}"),
    }
}
