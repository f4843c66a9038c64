//! The real clock and real ids: no other module asks the machine for them.

use std::time::{SystemTime, UNIX_EPOCH};

use engine::{
    JobId, LoginId, UtcMillis,
    ports::{Clock, Ids},
};
use uuid::{NoContext, Timestamp, Uuid};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
    fn now(&self) -> UtcMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UtcMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Random ids that sort by time, so that new logins are adjacent in the database.
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
    fn login_id(&self) -> LoginId {
        LoginId(new_id(SystemTime::now()))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
    fn job_id(&self) -> JobId {
        JobId(new_id(SystemTime::now()))
    }
}

/// An id of this moment. The library knows no time before 1970, which a clock without a battery may show.
#[expect(clippy::disallowed_methods, reason = "this is the implementation of the port")]
fn new_id(now: SystemTime) -> Uuid {
    if now < UNIX_EPOCH {
        return Uuid::new_v7(Timestamp::from_unix(NoContext, 0, 0));
    }
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn before_1970_ids_differ_too() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        let (one, other) = (new_id(before), new_id(before));
        assert_ne!(one, other);
        assert!(one < SystemIds.login_id().0, "a later one sorts behind it");
    }
}
