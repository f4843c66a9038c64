//! `sojourn admin`

use std::{
    io::{IsTerminal, Read},
    path::Path,
};

use store::SqliteStore;
use terms::{Named, Role};

use super::{CliError, open, open_existing, open_to_read, say};
use crate::{
    admin::{AdminError, Administrators, Caller},
    cluster::{Secrets, SystemClock},
};

/// The longest input that is read for a password, in bytes.
const MAX_INPUT_BYTES: u64 = 4096;

pub(super) async fn add(name: &str, role: Role, data_dir: &Path) -> Result<(), CliError> {
    let password = password()?;
    let caller = Caller::command_line("admin add");
    // The first administrator may come before the first start.
    let store = open(data_dir).await?;
    with(store, async |administrators| administrators.add(&caller, name, &password, role).await)
        .await?;
    say(&format!("Administrator {} added, role {}.", name.trim(), role.name()));
    Ok(())
}

pub(super) async fn set_password(name: &str, data_dir: &Path) -> Result<(), CliError> {
    let password = password()?;
    let caller = Caller::command_line("admin set-password");
    with(open_existing(data_dir).await?, async |administrators| {
        administrators.set_password(&caller, name, "", &password).await
    })
    .await?;
    say(&format!("Password of {name} set; their sessions have ended."));
    Ok(())
}

pub(super) async fn enable(name: &str, enabled: bool, data_dir: &Path) -> Result<(), CliError> {
    let word = if enabled { "enable" } else { "disable" };
    let caller = Caller::command_line(&format!("admin {word}"));
    with(open_existing(data_dir).await?, async |administrators| {
        administrators.change(&caller, name, None, Some(enabled)).await
    })
    .await?;
    say(&format!("Administrator {name} {word}d."));
    Ok(())
}

pub(super) async fn list(data_dir: &Path) -> Result<(), CliError> {
    let store = open_to_read(data_dir).await?;
    let caller = Caller::command_line("admin list");
    let list = with(store, async |administrators| administrators.all(&caller).await).await?;
    for one in list {
        let state = if one.enabled { "" } else { "  disabled" };
        say(&format!("{:<13}  {}{state}", one.role.name(), one.name));
    }
    Ok(())
}

async fn with<T>(
    store: SqliteStore,
    work: impl AsyncFnOnce(&Administrators<'_>) -> Result<T, AdminError>,
) -> Result<T, CliError> {
    let secrets = Secrets::default();
    let done = work(&Administrators::new(&store, &secrets, &SystemClock)).await;
    store.close().await;
    done.map_err(|error| error.to_string())
}

/// Asks at a terminal; otherwise takes the first line of standard input.
fn password() -> Result<String, CliError> {
    let failed = |error: std::io::Error| format!("the password can't be read: {error}");
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").map_err(failed);
    }
    let mut input = String::new();
    std::io::stdin().take(MAX_INPUT_BYTES).read_to_string(&mut input).map_err(failed)?;
    Ok(input.lines().next().unwrap_or_default().to_owned())
}
