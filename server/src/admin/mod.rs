//! The administration of a cluster: everything that administrators and commands see and do. Each
//! operation takes a [`Caller`], whose role opens the [gate](caller) to what it works with.

mod administrators;
mod apply;
mod archive;
mod caller;
mod error;
mod file;
mod log_outs;
mod logins;
mod parameters;
mod sign_in;
mod to_its_end;
mod trace;
mod upkeep;

use std::sync::Arc;

use engine::UtcMillis;
use terms::Release;
use tokio::sync::watch;

use crate::cluster::{Cluster, Viewers};

pub use administrators::{Administrators, MIN_PASSWORD_CHARS, Seen};
pub use apply::{Applying, Progress};
pub(crate) use caller::{ADDRESS, ADMINISTRATOR, SIGNED_IN_MS};
pub use caller::{Caller, NotSignedIn};
pub use error::AdminError;
pub use file::{File, FileError, parse, read};
pub use log_outs::MAX_REASON_CHARS;
pub use parameters::{EndNow, Saved};

use caller::Gate;

/// The administration of a running cluster.
#[derive(Clone)]
pub struct Admin {
    gate: Arc<Gate<Arc<Cluster>>>,
}

impl Admin {
    /// The administration of this cluster.
    #[must_use]
    pub fn of(cluster: Arc<Cluster>) -> Self {
        Self { gate: Arc::new(Gate::before(cluster)) }
    }

    /// The cluster's id, which is in the names of cookies.
    #[must_use]
    pub fn cluster_id(&self) -> &str {
        &self.gate.open_to_strangers().id
    }

    /// The cluster's release, by which pages name service parameters.
    #[must_use]
    pub fn release(&self) -> Release {
        self.gate.open_to_strangers().configuration.borrow().release
    }

    /// The moment it is for the cluster.
    #[must_use]
    pub fn now(&self) -> UtcMillis {
        self.gate.open_to_strangers().clock.now()
    }

    /// The permits for requests of administrators.
    #[must_use]
    pub fn viewers(&self) -> &Viewers {
        &self.gate.open_to_strangers().viewers
    }

    /// Becomes true when the cluster stops.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.gate.open_to_strangers().stopping()
    }
}
