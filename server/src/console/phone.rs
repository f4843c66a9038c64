//! A phone.

use app::api::{NotTold, PhonePage, Refused, Told, VisitView, WhyShown};
use engine::{ConfigurationCause, UtcMillis};
use terms::Role;

use crate::cluster;

use super::{
    request::{ConsoleRequest, refused},
    views,
};

/// The most ended logins on a phone's page.
const RECENT: u32 = 10;

impl ConsoleRequest {
    pub(super) async fn phone(&self, name: &str) -> Result<Option<PhonePage>, Refused> {
        let caller = self.caller().await?;
        let found = self.admin.phone(&caller, name, RECENT).await.map_err(refused)?;
        let Some((detail, recent)) = found else { return Ok(None) };
        let told = self.admin.told(&caller, &detail.phone).map_err(refused)?;
        let told = match told {
            crate::admin::Told::NotSetUp => Told::NotSetUp,
            crate::admin::Told::NoAddress => Told::NoAddress,
            crate::admin::Told::Yes => Told::Yes,
            crate::admin::Told::Failed(UtcMillis(at_ms), why) => {
                let why = match why {
                    cluster::NotTold::NoAnswer => NotTold::NoAnswer,
                    cluster::NotTold::Error => NotTold::Error,
                    cluster::NotTold::NotAuthorized => NotTold::NotAuthorized,
                    cluster::NotTold::CallServer => NotTold::CallServer,
                    cluster::NotTold::NotRead => NotTold::NotRead,
                };
                Told::Failed { why, at_ms }
            }
        };
        let rules = self.admin.log_out_rules(&caller, &detail.phone).await.map_err(refused)?;
        let (log_out_at, idle_minutes, log_out_zone) = rules;
        let engine::PhoneDetail { phone, login, effective, as_of } = detail;
        let home = login.as_ref().map(|login| login.user.cluster.clone()).unwrap_or_default();
        let visit =
            effective.call_server.map(|call_server| VisitView { cluster: home, call_server });
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
            left_out: effective.left_out,
            told,
            log_out_at: log_out_at.time().map(|time| time.to_string()),
            log_out_zone,
            idle_minutes,
            why: match effective.why {
                ConfigurationCause::Own => WhyShown::Own,
                ConfigurationCause::Profile => WhyShown::Profile,
                ConfigurationCause::ProfileMissing => WhyShown::ProfileMissing,
            },
            visit,
            login: login.as_ref().map(views::login_row),
            may_end: caller.may(Role::Operator),
            recent: recent.iter().map(views::ended_row).collect(),
            now_ms: self.admin.now().0,
            as_of,
        }))
    }
}
