//! Refused rights in the audit.

use std::sync::Arc;

use terms::{Named, Role};
use tracing::Instrument;

use super::Caller;
use crate::{cluster::Cluster, edge::sampled_error, shortened::shortened};

/// Writes to the audit that a caller's role was too small, once for
/// the same request of the same administrator within a few seconds.
/// The caller does not wait for the entry.
pub(super) fn note_refusal(cluster: &Arc<Cluster>, caller: &Caller, needed: Role) {
    let kind = format!("{} {}", caller.name(), caller.path());
    let Some(times) = cluster.rights_refused.count(kind) else { return };
    let (store, now) = (Arc::clone(&cluster.store), cluster.clock.now());
    let (actor, path) = (caller.actor().clone(), shortened(caller.path()));
    let detail = format!("needs the role {}; {times} since the last line", needed.name());
    let note = async move {
        if let Err(error) = store.note(actor, "right_refused", path, detail, now).await {
            sampled_error!(%error, "a refused right could not be written down");
        }
    };
    cluster.tasks.spawn(note.in_current_span());
}
