//! A user.

use app::api::{MaxLogin, OPEN_OF_USER, Refused, UserHome, UserLock, UserPage, UserSettings};
use engine::{UserDetail, UserDetailLimits};
use terms::Role;

use super::{
    archive::refusal_line,
    request::{ConsoleRequest, refused},
    views,
};
use crate::{admin::UserOverview, cluster::LockedName};

/// The most rows of each list on a user's page.
const LIMITS: UserDetailLimits =
    UserDetailLimits { open: OPEN_OF_USER, ended: RECENT, refusals: RECENT };
/// The most ended logins, and the most refusals.
const RECENT: u32 = 10;

impl ConsoleRequest {
    pub(super) async fn user(&self, name: &str) -> Result<Option<UserPage>, Refused> {
        let caller = self.caller().await?;
        let found = self.admin.user(&caller, name, LIMITS).await.map_err(refused)?;
        let Some(UserOverview { detail, locks, intra_minutes, inter_minutes }) = found else {
            return Ok(None);
        };
        let UserDetail { user, settings, logins, open, ended, refusals, as_of, .. } = detail;
        let name = user.to_string();
        let home = match settings {
            Some(settings) => UserHome::Here(UserSettings {
                enabled: settings.enabled,
                emcc: settings.emcc,
                max_login: settings.max_login_minutes.map_or(
                    MaxLogin::System { intra: intra_minutes, inter: inter_minutes },
                    MaxLogin::Own,
                ),
                profiles: settings.profiles.into_iter().map(|one| (one.name, one.model)).collect(),
            }),
            None if user.cluster.is_empty() => UserHome::Unknown,
            None => UserHome::Other(user.cluster),
        };
        let now_ms = self.admin.now().0;
        let lock = |LockedName { source, left, .. }: LockedName| {
            let left_ms = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
            UserLock { source, until_ms: now_ms.saturating_add(left_ms) }
        };
        Ok(Some(UserPage {
            name,
            home,
            locks: locks.into_iter().map(lock).collect(),
            logins: logins.iter().map(views::login_row).collect(),
            open,
            may_end: caller.may(Role::Operator),
            recent: ended.iter().map(views::ended_row).collect(),
            refusals: refusals.into_iter().map(refusal_line).collect(),
            now_ms,
            as_of,
        }))
    }
}
