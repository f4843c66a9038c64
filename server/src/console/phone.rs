//! A phone.

use app::api::{PhonePage, Refused, WhyShown};
use engine::Why;
use terms::Role;

use super::{
    request::{ConsoleRequest, refused},
    views,
};

/// Ended logins on a phone's page.
const RECENT: u32 = 10;

impl ConsoleRequest {
    pub(super) async fn phone(&self, name: &str) -> Result<Option<PhonePage>, Refused> {
        let caller = self.caller().await?;
        let found = self.admin.phone(&caller, name, RECENT).await.map_err(refused)?;
        let Some((detail, recent)) = found else { return Ok(None) };
        let engine::PhoneDetail { phone, login, effective, as_of } = detail;
        Ok(Some(PhonePage {
            name: phone.name,
            model: phone.model,
            description: phone.description,
            extension_mobility: phone.extension_mobility,
            address: phone.address,
            last_user: phone.last_user.map(|user| user.to_string()),
            lines: views::lines(&phone.lines),
            speed_dials: views::speed_dials(&phone.speed_dials),
            lines_now: views::lines(&effective.lines),
            speed_dials_now: views::speed_dials(&effective.speed_dials),
            why: match effective.why {
                Why::Own => WhyShown::Own,
                Why::Profile => WhyShown::Profile,
                Why::ProfileMissing => WhyShown::ProfileMissing,
            },
            login: login.as_ref().map(views::login_row),
            may_end: caller.may(Role::Operator),
            recent: recent.iter().map(views::ended_row).collect(),
            now_ms: self.admin.now().0,
            as_of,
        }))
    }
}
