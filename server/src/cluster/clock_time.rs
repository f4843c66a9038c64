//! Logging users out at a time of the day, in the zone of the site.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{Configuration, Reached, UtcMillis, ports::StoreError};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use terms::ClockTime;
use tokio::sync::watch;

use super::Cluster;

/// How long log-out times are used before they are read from the database again.
const KEPT: Duration = Duration::from_secs(10);

/// The value of `until` while only the database has the moment up to which times were handled.
const UNKNOWN: UtcMillis = UtcMillis(i64::MIN);

/// The times of the day at which users are logged out, as the timer knows them.
pub(super) struct ClockTimes {
    configuration: watch::Receiver<Arc<Configuration>>,
    zone: TimeZone,
    times: Vec<ClockTime>,
    /// When the times were read; `None` before the first read.
    read: Option<Instant>,
    /// Times up to this moment are done. After a start and after a change of the settings, the database has the
    /// moment.
    until: UtcMillis,
}

impl ClockTimes {
    /// Starts without times. The first [`Self::make_jobs`] finds the times that passed while no server was running.
    pub(super) fn of(cluster: &Cluster) -> Self {
        let configuration = cluster.configuration.clone();
        let (times, until) = (Vec::new(), UNKNOWN);
        Self { configuration, zone: TimeZone::UTC, times, read: None, until }
    }

    /// Makes a job for each time that the clock has reached since the last call. Returns the moment at which the
    /// clock reaches the next time.
    pub(super) async fn make_jobs(
        &mut self,
        cluster: &Cluster,
        now: UtcMillis,
    ) -> Result<Option<UtcMillis>, StoreError> {
        self.read(cluster).await?;
        if self.until > now {
            self.until = UNKNOWN;
        }
        let around = |time: &ClockTime| Some((*time, around(*time, &self.zone, now)?));
        let found: Vec<_> = self.times.iter().filter_map(around).collect();
        let reached = found.iter().filter(|(_, (last, _))| *last > self.until);
        let reached = reached.map(|(time, (last, _))| Reached {
            time: *time,
            at: *last,
            job: cluster.ids.job_id(),
        });
        let mut reached: Vec<_> = reached.collect();
        if !reached.is_empty() {
            reached.sort_by_key(|one| one.at);
            let jobs = engine::log_out_by_clock(&*cluster.store, reached, now).await?;
            if !jobs.is_empty() {
                cluster.jobs.notify_one();
            }
        }
        self.until = now;
        Ok(found.iter().map(|(_, (_, next))| *next).min())
    }

    /// Reads the times anew when the configuration has changed, or the times are older than [`KEPT`].
    async fn read(&mut self, cluster: &Cluster) -> Result<(), StoreError> {
        let has_changed = self.configuration.has_changed().unwrap_or(false);
        if has_changed || self.read.is_none_or(|read| read.elapsed() >= KEPT) {
            self.zone = zone(&self.configuration.borrow_and_update().site.time_zone);
            self.times = cluster.store.log_out_times().await?;
            self.read = Some(Instant::now());
            if has_changed {
                self.until = UNKNOWN;
            }
        }
        Ok(())
    }
}

/// The time zone of this name; the zone of the machine if the name is empty, or unknown on this machine.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|_| TimeZone::system())
}

/// The last moment up to `now` at which a clock in the zone shows the time, and the first such moment after `now`.
///
/// If the clock skips the time on a day, the time is shifted by the length of the gap (02:30 becomes 03:30). If the
/// clock shows the time twice on a day, the first occurrence counts.
fn around(time: ClockTime, zone: &TimeZone, now: UtcMillis) -> Option<(UtcMillis, UtcMillis)> {
    let today = Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    let (hour, minute) = (i8::try_from(time.hour()).ok()?, i8::try_from(time.minute()).ok()?);
    let at = |date: jiff::civil::Date| {
        let at: Zoned = date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(UtcMillis(at.timestamp().as_millisecond()))
    };
    // Around a change of the zone the time of a neighbouring day can be the nearest.
    let days = [today.yesterday().ok()?, today, today.tomorrow().ok()?];
    let moments = days.into_iter().filter_map(at);
    let last = moments.clone().filter(|at| *at <= now).max()?;
    let next = moments.filter(|at| *at > now).min()?;
    Some((last, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> UtcMillis {
        UtcMillis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    fn shown(time: &str, zone: &str, now: &str) -> (String, String) {
        let (last, next) =
            around(time.parse().unwrap(), &TimeZone::get(zone).unwrap(), moment(now)).unwrap();
        let text = |at: UtcMillis| Timestamp::from_millisecond(at.0).unwrap().to_string();
        (text(last), text(next))
    }

    #[test]
    fn a_time_of_the_day_is_the_zones() {
        let (last, next) = shown("22:00", "Asia/Seoul", "2026-05-01T12:59:59Z");
        assert_eq!((&*last, &*next), ("2026-04-30T13:00:00Z", "2026-05-01T13:00:00Z"));
        let (last, next) = shown("22:00", "Asia/Seoul", "2026-05-01T13:00:00Z");
        assert_eq!((&*last, &*next), ("2026-05-01T13:00:00Z", "2026-05-02T13:00:00Z"));
    }

    #[test]
    fn a_day_on_which_the_clock_is_set_has_the_time_once() {
        // Berlin, 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
        for (time, now, last, next) in [
            ("22:00", "2026-03-29T12:00:00Z", "2026-03-28T21:00:00Z", "2026-03-29T20:00:00Z"),
            ("22:00", "2026-10-25T12:00:00Z", "2026-10-24T20:00:00Z", "2026-10-25T21:00:00Z"),
            ("02:30", "2026-03-29T00:59:00Z", "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z"),
            ("02:30", "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
            ("02:30", "2026-10-25T00:29:00Z", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"),
            // The second 02:30 of that day is no occurrence.
            ("02:30", "2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
        ] {
            let found = shown(time, "Europe/Berlin", now);
            assert_eq!((&*found.0, &*found.1), (last, next), "{time} at {now}");
        }
    }
}
