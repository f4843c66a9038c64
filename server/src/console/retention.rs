//! Retention, and the rate at which jobs end logins.

use app::api::{Refused, RetentionOutcome, RetentionPage, RetentionView};
use engine::RetentionChange;
use terms::Role;

use super::request::{ConsoleRequest, refused};
use crate::admin::AdminError;

/// The name under which a session keeps the answer to a form without JavaScript.
const PAGE: &str = "retention";

impl ConsoleRequest {
    pub(super) async fn retention_page(&self) -> Result<RetentionPage, Refused> {
        let caller = self.caller().await?;
        let now = self.admin.retention(&caller).await.map_err(refused)?;
        Ok(RetentionPage {
            now: RetentionView {
                history_days: now.history_days,
                audit_days: now.audit_days,
                event_days: now.event_days,
                refusal_days: now.refusal_days,
                log_outs_per_second: now.log_outs_per_second,
            },
            max_days: engine::Retention::MAX_DAYS,
            max_per_second: engine::Retention::MAX_PER_SECOND,
            may_change: caller.may(Role::Administrator),
            answered: self.answered(PAGE).await,
        })
    }

    pub(super) async fn change_retention(
        &self,
        wanted: RetentionView,
        seen: Option<RetentionView>,
    ) -> Result<RetentionOutcome, Refused> {
        let caller = self.caller().await?;
        // The form sets only values that its user changed: another administrator may have changed the
        // others since.
        let changed = |number: fn(&RetentionView) -> u32| {
            let (seen, wanted) = (seen.as_ref().map(number), number(&wanted));
            (seen != Some(wanted)).then_some(wanted)
        };
        let change = RetentionChange {
            history_days: changed(|retention| retention.history_days),
            audit_days: changed(|retention| retention.audit_days),
            event_days: changed(|retention| retention.event_days),
            refusal_days: changed(|retention| retention.refusal_days),
            log_outs_per_second: changed(|retention| retention.log_outs_per_second),
        };
        let outcome = match self.admin.change_retention(&caller, change).await {
            Ok(differences) if differences.is_empty() => RetentionOutcome::Nothing,
            Ok(_) => RetentionOutcome::Saved,
            Err(AdminError::Invalid(_)) => RetentionOutcome::Wrong,
            Err(error) => return Err(refused(error)),
        };
        self.answer_form(PAGE, &outcome).await;
        Ok(outcome)
    }
}
