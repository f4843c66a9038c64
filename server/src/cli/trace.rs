//! `sojourn trace check`

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use wire::trace::records;

use super::{CliError, say};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// The most records per file that are printed because they are not understood.
const SHOWN: usize = 20;

/// Prints for each file the number of records that are understood, and the others. Exits with 1 if there are
/// others.
pub(super) fn check(files: &[PathBuf]) -> Result<ExitCode, CliError> {
    let (mut understood, mut all) = (0, 0);
    for file in files {
        let (known, unknown) = check_one(file)?;
        let count = known + unknown.len();
        say(&format!("{}: {known} of {count} records understood", file.display()));
        for line in unknown.iter().take(SHOWN) {
            say(&format!("  {line}"));
        }
        if unknown.len() > SHOWN {
            say(&format!("  and {} more", unknown.len() - SHOWN));
        }
        (understood, all) = (understood + known, all + count);
    }
    if files.len() > 1 {
        say(&format!("{understood} of {all} records understood"));
    }
    Ok(if understood == all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The number of records that are understood, and the other records, each with its line.
fn check_one(file: &Path) -> Result<(usize, Vec<String>), CliError> {
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    let mut bytes = Vec::new();
    let reading = File::open(file).map_err(failed)?;
    reading.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{}: larger than {} MiB", file.display(), MAX_BYTES / 1024 / 1024));
    }
    // The original writes the names of its users in whatever they are encoded.
    let text = String::from_utf8_lossy(&bytes);
    let (mut known, mut unknown) = (0, Vec::new());
    for record in records(&text) {
        if record.meaning.is_some() {
            known += 1;
        } else {
            let first = record.text.lines().next().unwrap_or_default();
            // A terminal obeys control characters.
            let first = first.replace(char::is_control, " ");
            unknown.push(format!("line {}: {first}", record.line));
        }
    }
    Ok((known, unknown))
}
