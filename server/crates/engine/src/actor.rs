//! Who does something.

use serde::{Deserialize, Serialize};

/// Who asks for a change. Every changing operation takes one and writes it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Actor {
    /// An EM API client, by its application user id.
    ApplicationUser(String),
    /// Somebody signed in to the console.
    Administrator(String),
    /// Somebody with access to the data folder, by the name of the command.
    CommandLine(String),
    /// Sojourn itself, for instance when a login's time is up.
    System,
}

impl Actor {
    /// The kind, as the database and the interfaces name it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ApplicationUser(_) => "application_user",
            Self::Administrator(_) => "administrator",
            Self::CommandLine(_) => "command_line",
            Self::System => "system",
        }
    }

    /// The name; empty for the system.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::ApplicationUser(name) | Self::Administrator(name) | Self::CommandLine(name) => {
                name
            }
            Self::System => "",
        }
    }
}
