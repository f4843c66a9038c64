//! The check of the database after an unclean stop, which runs while the cluster serves.

use std::sync::Arc;

use store::{Check, OpenError};

use super::Cluster;

/// Runs the check. A damaged database stops the cluster: an index that is out of order can admit two
/// logins of one user.
pub(super) async fn run(cluster: Arc<Cluster>, check: Check) {
    match check.run().await {
        Ok(()) => tracing::info!("the database is whole, although it was not closed the last time"),
        Err(damage @ OpenError::Corrupt { .. }) => cluster.fail(damage.to_string()),
        Err(error) => tracing::error!(%error, "the database could not be checked"),
    }
}
