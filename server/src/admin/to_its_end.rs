//! Changes that run to completion even if the client disconnects.

use engine::ports::StoreError;

use super::AdminError;
use tracing::Instrument;

use crate::cluster::Cluster;

/// Runs work to completion, even if its caller is dropped, and before the store is closed.
pub(super) async fn to_its_end<T: Send + 'static>(
    cluster: &Cluster,
    work: impl Future<Output = Result<T, AdminError>> + Send + 'static,
) -> Result<T, AdminError> {
    cluster.tasks.spawn(work.in_current_span()).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a change met a fault of the program");
        Err(AdminError::Store(StoreError::Failed(error.to_string())))
    })
}
