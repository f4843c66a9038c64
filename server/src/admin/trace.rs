//! The trace.

use std::path::PathBuf;

use terms::Role;

use super::{Admin, AdminError, Caller};

impl Admin {
    /// The file to which the trace is written.
    ///
    /// # Errors
    /// When the caller may not.
    pub fn trace_file(&self, caller: &Caller) -> Result<PathBuf, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        Ok(cluster.trace.file().to_owned())
    }
}
