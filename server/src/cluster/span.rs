//! The spans of tasks: by them a line of the log names its cluster.

use tracing::Span;

use super::Cluster;

impl Cluster {
    /// The span of a task or another part of this cluster.
    pub(crate) fn span(&self, name: &str) -> Span {
        span(&self.id, name)
    }
}

/// The span of a part of a cluster. At level ERROR, so that no filter by level leaves it out. A task that a request begins goes on after it: it has no parent.
pub(super) fn span(cluster: &str, name: &str) -> Span {
    tracing::error_span!(parent: None, "task", %cluster, %name)
}
