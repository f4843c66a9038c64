//! Audit rows about locks.

use std::time::Duration;

use engine::Actor;
use terms::ActorKind;

/// The most locks of a minute that get a row each; further locks are counted.
const NOTED_LOCKS_PER_MINUTE: u32 = 30;
/// How long a minute is.
const MINUTE: Duration = Duration::from_mins(1);

/// A lock that a failure causes.
#[derive(Clone, Copy, Debug)]
pub(super) struct LockNote {
    pub(super) failures: u32,
    pub(super) lasts: Duration,
    /// Whether the name is locked at all sources that do not know the name; otherwise at one
    /// source.
    pub(super) everywhere: bool,
}

/// A row of the audit: the actor, the action, the subject and the detail.
pub(super) type AuditRow = (Actor, &'static str, String, String);

/// Locks that are not in the audit yet.
#[derive(Default)]
pub(super) struct Locks {
    rows: Vec<AuditRow>,
    /// Locks of this minute beyond [`NOTED_LOCKS_PER_MINUTE`].
    more: u64,
    noted: u32,
    /// When the minute ends.
    until: Duration,
}

impl Locks {
    /// Notes a lock. The address of `who` is that of the last attempt.
    pub(super) fn note(&mut self, who: &Actor, lock: &LockNote) {
        if self.noted >= NOTED_LOCKS_PER_MINUTE {
            self.more += 1;
            return;
        }
        self.noted += 1;
        let LockNote { failures, lasts, everywhere } = lock;
        let (action, secret, kind) = match who.kind {
            ActorKind::User => ("lock_pin", "PINs", "user"),
            ActorKind::ApplicationUser => ("lock_password", "passwords", "application user"),
            ActorKind::Phone => ("lock_password", "passwords", "push user"),
            _ => ("lock_password", "passwords", "administrator"),
        };
        let minutes = lasts.as_secs() / 60;
        let place = match (everywhere, who.address.as_str()) {
            (true, _) => "all sources where they were not right before".to_owned(),
            (false, "") => "one source".to_owned(),
            (false, address) => address.to_owned(),
        };
        let detail = format!("{failures} wrong {secret}, for {minutes} minutes, at {place}");
        self.rows.push((who.clone(), action, format!("{kind} {}", who.name), detail));
    }

    /// Notes that an administrator has ended a lock.
    pub(super) fn note_end(&mut self, by: &Actor, kind: ActorKind, name: &str, source: &str) {
        let what = match kind {
            ActorKind::User => "user",
            ActorKind::ApplicationUser => "application user",
            ActorKind::Phone => "push user",
            _ => "administrator",
        };
        let place = if source.is_empty() { "all sources" } else { source };
        self.rows.push((by.clone(), "unlock", format!("{what} {name}"), format!("at {place}")));
    }

    pub(super) fn has_any(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Ends the minute now: the next rows include the locks that were only counted.
    pub(super) fn end_minute(&mut self) {
        self.until = Duration::ZERO;
    }

    /// The rows to write now. At the end of a minute, one row stands for the locks that were only
    /// counted.
    pub(super) fn take(&mut self, now: Duration) -> Vec<AuditRow> {
        let mut rows = std::mem::take(&mut self.rows);
        if now >= self.until {
            if self.more > 0 {
                let detail = format!("{} more within a minute", self.more);
                rows.push((Actor::SYSTEM, "lock_password", "others".to_owned(), detail));
            }
            (self.more, self.noted, self.until) = (0, 0, now + MINUTE);
        }
        rows
    }

    /// Takes back rows that could not be written, at most [`NOTED_LOCKS_PER_MINUTE`] in all.
    pub(super) fn give_back(&mut self, rows: Vec<AuditRow>) {
        let room = (NOTED_LOCKS_PER_MINUTE as usize).saturating_sub(self.rows.len());
        self.rows.extend(rows.into_iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_locks_a_few_are_written_down_and_the_others_counted() {
        let mut locks = Locks::default();
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        assert!(locks.take(minutes(0)).is_empty());
        let lock = LockNote { failures: 5, lasts: minutes(30), everywhere: false };
        for number in 0..100 {
            locks.note(&Actor::user(format!("user{number}"), "192.0.2.1"), &lock);
        }
        let rows = locks.take(Duration::from_secs(1));
        assert_eq!(rows.len(), NOTED_LOCKS_PER_MINUTE as usize);
        let (who, action, subject, detail) = &rows[0];
        assert_eq!(
            (who.name.as_str(), *action, subject.as_str()),
            ("user0", "lock_pin", "user user0")
        );
        assert_eq!(detail, "5 wrong PINs, for 30 minutes, at 192.0.2.1");
        assert!(locks.take(Duration::from_secs(2)).is_empty());
        let rows = locks.take(minutes(1));
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].3, "70 more within a minute");
        for number in 0..=NOTED_LOCKS_PER_MINUTE {
            locks.note(&Actor::user(format!("user{number}"), "192.0.2.1"), &lock);
        }
        locks.end_minute();
        let rows = locks.take(minutes(1));
        assert_eq!(rows.last().unwrap().3, "1 more within a minute");
    }
}
