//! `sojourn admin`

use std::{
    io::{IsTerminal, Read},
    path::Path,
};

use engine::Actor;

use super::{CliError, open, say};
use crate::{
    admin,
    cluster::{Passwords, SystemClock},
};

/// The longest input that is read for a password, in bytes.
const MAX_INPUT_BYTES: u64 = 4096;

pub(super) async fn add(name: &str, data_dir: &Path) -> Result<(), CliError> {
    let password = password().map_err(|error| format!("the password can't be read: {error}"))?;
    let store = open(data_dir).await?;
    let actor = Actor::CommandLine("admin add".to_owned());
    let added = admin::add(&store, &Passwords::new(), &SystemClock, name, &password, actor).await;
    store.close().await;
    added.map_err(|error| error.to_string())?;
    say(&format!("Administrator {} added.", name.trim()));
    Ok(())
}

/// Asks at a terminal; otherwise takes the first line of standard input.
fn password() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ");
    }
    let mut input = String::new();
    std::io::stdin().take(MAX_INPUT_BYTES).read_to_string(&mut input)?;
    Ok(input.lines().next().unwrap_or_default().to_owned())
}
