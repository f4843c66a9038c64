//! The spans of tasks: by them a line of the log names its cluster.

use tracing::Span;

use super::Cluster;

impl Cluster {
    /// The span of a task or another part of this cluster.
    pub(crate) fn span(&self, name: &str) -> Span {
        span(&self.id, name)
    }
}

/// The span of a part of a cluster. At level ERROR, so that no filter which lets a line through leaves
/// its cluster out.
pub(super) fn span(cluster: &str, name: &str) -> Span {
    tracing::error_span!("task", %cluster, %name)
}
