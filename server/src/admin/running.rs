//! The administration of a running cluster.

use std::sync::Arc;

use engine::UtcMillis;
use terms::Release;
use tokio::sync::watch;

use super::{caller::Gate, program::ProgramSetting, refused_right::note_refusal};
use crate::cluster::{Cluster, Viewers};

/// The administration of a running cluster.
#[derive(Clone)]
pub struct Admin {
    pub(super) gate: Arc<Gate<Arc<Cluster>>>,
    /// The settings of the program.
    pub(super) program: Arc<Gate<Vec<ProgramSetting>>>,
}

impl Admin {
    /// The administration of this cluster, which shows no settings of the program.
    #[must_use]
    pub fn of(cluster: Arc<Cluster>) -> Self {
        Self::of_program(cluster, Vec::new())
    }

    /// The administration of this cluster, in a program with these settings.
    #[must_use]
    pub fn of_program(cluster: Arc<Cluster>, settings: Vec<ProgramSetting>) -> Self {
        Self {
            gate: Arc::new(Gate::reporting(cluster, note_refusal)),
            program: Arc::new(Gate::before(settings)),
        }
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

    /// The current time of the cluster's clock.
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
