//! Changes that go on when whoever asked for them does not wait.

use engine::ports::StoreError;

use super::AdminError;
use tracing::Instrument;

use crate::cluster::Cluster;

/// Does work to its end, also when its caller goes away, and before the store is closed.
pub(super) async fn to_its_end<T: Send + 'static>(
    cluster: &Cluster,
    work: impl Future<Output = Result<T, AdminError>> + Send + 'static,
) -> Result<T, AdminError> {
    cluster.tasks.spawn(work.in_current_span()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a change met a fault of the program");
        Err(AdminError::Store(StoreError::Failed(error.to_string())))
    })
}
