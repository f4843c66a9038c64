//! The real clock and real ids: the one place that asks the machine for them.

use std::time::{SystemTime, UNIX_EPOCH};

use engine::{
    JobId, LoginId, UtcMillis,
    ports::{Clock, Ids},
};
use uuid::Uuid;

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
    fn now(&self) -> UtcMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UtcMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Random ids that sort by time, so that new logins stand together in the database.
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
    fn login_id(&self) -> LoginId {
        LoginId(Uuid::now_v7())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
    fn job_id(&self) -> JobId {
        JobId(Uuid::now_v7())
    }
}
