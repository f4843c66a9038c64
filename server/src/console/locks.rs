//! Names that are locked, and phones that do not answer.

use app::api::{LockView, Refused, UnansweredPhone};
use terms::{ActorKind, Named};

use super::request::{ConsoleRequest, refused};
use crate::cluster::LockedName;

impl ConsoleRequest {
    pub(super) async fn locks(&self) -> Result<Vec<LockView>, Refused> {
        let caller = self.caller().await?;
        let now = self.admin.now().0;
        let view = |(lock, may_clear): (LockedName, bool)| {
            let LockedName { kind, name, source, left } = lock;
            let left_ms = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
            LockView { kind, name, source, until_ms: now.saturating_add(left_ms), may_clear }
        };
        Ok(self.admin.locks(&caller).map_err(refused)?.into_iter().map(view).collect())
    }

    /// Ends a lock.
    /// A lock that has ended already is no error.
    pub(super) async fn clear_lock(
        &self,
        kind: &str,
        name: &str,
        source: &str,
    ) -> Result<(), Refused> {
        let caller = self.caller().await?;
        let kind = ActorKind::from_name(kind).ok_or(Refused::NotFound)?;
        self.admin.clear_lock(&caller, kind, name, source).await.map(drop).map_err(refused)
    }

    pub(super) async fn unanswered_phones(&self) -> Result<Vec<UnansweredPhone>, Refused> {
        let caller = self.caller().await?;
        let phones = self.admin.unanswered_phones(&caller).map_err(refused)?.into_iter();
        Ok(phones.map(|(phone, at)| UnansweredPhone { phone, at_ms: at.0 }).collect())
    }
}
