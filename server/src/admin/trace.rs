//! The trace.

use std::path::PathBuf;

use terms::{Role, TraceLog};

use super::{Admin, AdminError, Caller};

impl Admin {
    /// The file to which a trace is written.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn trace_file(&self, caller: &Caller, log: TraceLog) -> Result<PathBuf, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let trace = match log {
            TraceLog::Service => &cluster.trace,
            TraceLog::Application => &cluster.app_trace,
        };
        Ok(trace.file().to_owned())
    }
}
