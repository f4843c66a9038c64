//! `sojourn apply`

use std::path::Path;

use engine::Difference;

use super::{CliError, open, open_unchanged, say};
use crate::{
    admin::{self, Caller},
    cluster::{Passwords, SystemClock},
};

pub(super) async fn run(file: &Path, data_dir: &Path, dry_run: bool) -> Result<(), CliError> {
    let configuration = admin::read(file).map_err(|error| error.to_string())?;
    let store = if dry_run { open_unchanged(data_dir).await? } else { open(data_dir).await? };
    let caller = Caller::command_line("apply");
    let applied =
        admin::apply(&store, &Passwords::new(), &SystemClock, configuration, &caller, dry_run)
            .await;
    store.close().await;
    let differences = applied.map_err(|error| format!("{}: {error}", file.display()))?;
    for difference in &differences {
        say(&line(difference));
    }
    say(&match (differences.len(), dry_run) {
        (0, _) => "Nothing to change.".to_owned(),
        (count, true) => format!("{count} to change; nothing was changed (--dry-run)."),
        (count, false) => format!("{count} changed."),
    });
    Ok(())
}

fn line(difference: &Difference) -> String {
    let Difference { what, field, from, to } = difference;
    match (field.as_str(), from) {
        ("", _) => format!("{what}: {to}"),
        (field, Some(from)) => format!("{what}, {field}: {from} -> {to}"),
        (field, None) => format!("{what}, {field}: {to}"),
    }
}
