//! The spans of tasks, by which a line of the log names its cluster.

use tracing::Span;

use super::Cluster;

impl Cluster {
    /// The span of a task or another part of this cluster.
    pub(crate) fn span(&self, name: &str) -> Span {
        span(&self.id, name)
    }
}

/// The span of a part of a cluster. Level ERROR keeps the span under every level filter. The span
/// has no parent, because a task that a request begins outlives the request.
pub(super) fn span(cluster: &str, name: &str) -> Span {
    tracing::error_span!(parent: None, "task", %cluster, %name)
}
