//! The end of a transaction.

use super::{
    Part, State,
    writes::{Writes, exclude, goes_on_again},
};
use terms::Named;

/// The committed part of one request.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The number of the request.
    pub request: usize,
    /// The phones on which logins ended, each with the cause, sorted.
    pub ended: Vec<(String, &'static str)>,
    /// The phone on which a login began.
    pub begun: Option<String>,
}

impl State {
    /// Commits the writes and returns `true`, unless they violate a guard.
    /// If the writes violate a guard, the tables stay as they are, and the operation runs again.
    pub(crate) fn commit(&mut self, writes: &Writes, missing: &[Part]) -> bool {
        let has = |part| !missing.contains(&part);
        let violates = writes.begun().is_some_and(|begun| {
            self.tables.open().filter(|stored| !writes.end(stored.login.id)).any(|stored| {
                let (phone, user) = exclude(stored, begun);
                (has(Part::PhoneIndex) && phone) || (has(Part::UserIndex) && user)
            })
        });
        let has_ended =
            |id| self.tables.logins.iter().any(|one| one.login.id == id && one.ended.is_some());
        let is_ended = writes.ended().any(|ended| has_ended(ended.id));
        if violates || (is_ended && has(Part::EndCheck)) {
            self.violated += u32::from(violates);
            self.again += 1;
            return false;
        }
        self.ended_twice += u32::from(is_ended);
        for job in writes.stands() {
            let goes_on = self.tables.jobs.iter().any(|one| goes_on_again(&one.job, job));
            self.uncancelled += u32::from(goes_on);
        }
        self.note(writes);
        for write in &writes.all {
            write.apply(&mut self.tables);
        }
        true
    }

    /// Writes the journal.
    fn note(&mut self, writes: &Writes) {
        let ended = writes.ended().map(|one| (one.phone.name.clone(), one.cause.name()));
        let mut ended: Vec<_> = ended.collect();
        ended.sort();
        let begun = writes.begun().map(|stored| stored.login.phone.name.clone());
        let done = Committed { request: self.current, ended, begun };
        if writes.all.is_empty() {
            self.read.push((writes.read_at, done));
        } else {
            self.journal.push(done);
        }
    }
}
