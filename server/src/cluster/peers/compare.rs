//! Comparing stays with a remote cluster, which heals drift.

use engine::{LoginId, PeerAnswer, PeerRequest, StayRole, Stays, ports::PeerError};

use super::problem::Problem;
use crate::cluster::Cluster;

/// Compares the next stays after `after` with a remote cluster, and ends the stays that the remote cluster reports
/// as over. Returns the last compared stay. `role` is this cluster's role.
pub(crate) async fn compare(
    cluster: &Cluster,
    peer: &str,
    role: StayRole,
    after: Option<LoginId>,
) -> Result<Option<LoginId>, Problem> {
    let most = u32::try_from(Stays::MOST).unwrap_or(u32::MAX);
    let logins = cluster.store.stays(peer, role, after, most).await?;
    let Some(last) = logins.last().copied() else { return Ok(None) };
    let asked = Stays { sender_is: role, logins };
    let over = match cluster.ask_peer(peer, PeerRequest::Stays(asked.clone())).await? {
        PeerAnswer::Over(over) => over,
        PeerAnswer::Refused(code) => return Err(PeerError::Refused(code).into()),
        _ => return Err(PeerError::NotUnderstood.into()),
    };
    let now = cluster.clock.now();
    let ended = engine::end_stays(&*cluster.store, peer.to_owned(), asked, over, now).await?;
    if ended > 0 {
        tracing::warn!(ended, "stays were open here alone, and are ended");
    }
    Ok(Some(last))
}
