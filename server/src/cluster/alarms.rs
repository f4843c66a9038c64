//! Alarms: an event, and a line in the original's form for monitoring, in the log and to a syslog server. Each
//! combination of kind, error and remote cluster has a bound per half hour, so that strangers can't fill the log.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use engine::{EventKind, UtcMillis};
use terms::{Alarm, Named};

use super::{Cluster, syslog::Syslog};

/// The most alarms of one kind with one error about one remote cluster in [`WINDOW_MS`].
const MOST: usize = 3;
/// Half an hour.
const WINDOW_MS: u64 = 1_800_000;

/// The alarms of a cluster.
#[derive(Default)]
pub struct Alarms {
    /// The times of the last half hour's alarms, by kind, error and remote cluster.
    times: Mutex<HashMap<(Alarm, u16, String), VecDeque<UtcMillis>>>,
    syslog: Option<Syslog>,
}

/// The subject of an alarm; a field is empty where it is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The phone.
    pub phone: &'a str,
    /// The user.
    pub user: &'a str,
    /// The other cluster.
    pub cluster: &'a str,
    /// The number of the error.
    pub reason: u16,
}

impl Alarms {
    /// No alarm yet; alarms go to the syslog server at this address too.
    pub(super) fn new(syslog: Option<SocketAddr>) -> Self {
        Self { syslog: syslog.map(Syslog::new), ..Self::default() }
    }

    /// Whether one more such alarm may be raised now; counts the alarm if so.
    fn may_raise(&self, alarm: Alarm, about: About<'_>, now: UtcMillis) -> bool {
        let mut all = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let times = all.entry((alarm, about.reason, about.cluster.to_owned())).or_default();
        // Times in the future are from before the clock was set back: they must not suppress alarms.
        times.retain(|at| *at <= now && now.millis_since(*at) < WINDOW_MS);
        let may = times.len() < MOST;
        if may {
            times.push_back(now);
        }
        may
    }
}

impl Cluster {
    /// Raises an alarm, unless its kind has reached the bound. The caller does not wait for the event's commit.
    pub fn alarm(self: &Arc<Self>, alarm: Alarm, about: About<'_>) {
        let now = self.clock.now();
        let About { phone, user, cluster, reason } = about;
        if !self.alarms.may_raise(alarm, about, now) {
            return;
        }
        let (id, name, severity) = (&self.id, alarm.name(), alarm.severity());
        // Strangers choose both names, and an alarm is one line: escape line breaks.
        let (phone_shown, user_shown) = (phone.escape_debug(), user.escape_debug());
        let line = format!(
            "% UC_EXTENSIONMOBILITY-{severity}-{name} : %[DeviceName={phone_shown}][TimeStamp={now}]\
             [UserID={user_shown}][Reason={reason}][AppID=Cisco Extension Mobility][ClusterID={id}]\
             [RemoteClusterID={cluster}]"
        );
        tracing::warn!("{line}");
        let event = EventKind::Alarm {
            alarm,
            phone: phone.to_owned(),
            user: user.to_owned(),
            cluster: cluster.to_owned(),
            reason,
        };
        let this = Arc::clone(self);
        self.tasks.spawn(async move {
            if let Some(syslog) = &this.alarms.syslog
                && let Err(error) = syslog.send(alarm, now, &line).await
            {
                tracing::warn!(%error, "an alarm was not sent to the syslog server");
            }
            if let Err(error) = engine::note(&*this.store, event, now).await {
                tracing::warn!(%error, "an alarm was not written down");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_three_of_a_kind_in_half_an_hour() {
        let alarms = Alarms::default();
        let busan = About { cluster: "busan", reason: 2, ..About::default() };
        let sounds = |alarm, ms| alarms.may_raise(alarm, busan, UtcMillis(ms));
        assert!((0..3).all(|ms| sounds(Alarm::UserInput, ms)));
        assert!(!sounds(Alarm::UserInput, 3));
        assert!(alarms.may_raise(
            Alarm::UserInput,
            About { cluster: "daegu", ..busan },
            UtcMillis(3)
        ));
        assert!(alarms.may_raise(Alarm::UserInput, About { reason: 3, ..busan }, UtcMillis(3)));
        assert!(sounds(Alarm::NodeNotTrusted, 3), "of another kind");
        assert!(!sounds(Alarm::UserInput, 1_799_999));
        assert!(sounds(Alarm::UserInput, 1_800_000));
        assert!(sounds(Alarm::UserInput, -5), "the clock was set back");
    }
}
