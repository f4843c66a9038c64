//! The writes of a transaction: collected, visible to its later steps, and applied at its commit.

use super::{Stored, StoredJob, Tables};
use engine::{
    Configuration, EndedLogin, Event, EventKind, Job, JobId, JobState, Login, LoginId, UtcMillis,
};

/// A write of one step.
pub(crate) enum Write {
    /// A login begins.
    Begin(Box<Stored>),
    /// A login ends.
    End(EndedLogin),
    /// A job is made.
    Make(StoredJob),
    /// A job has new progress or a new state.
    Stand(Job),
    /// The number of logins that a job has taken from its list changes.
    Take(JobId, usize),
    /// The configuration changes.
    Configure(Box<dyn Fn(&mut Configuration) + Send>),
    /// An event is recorded.
    Event(UtcMillis, EventKind),
    /// Anything else.
    Other(Box<dyn Fn(&mut Tables) + Send>),
}

/// The writes of a transaction.
#[derive(Default)]
pub(crate) struct Writes {
    /// The length of the journal when the transaction read.
    pub(crate) read_at: usize,
    /// All writes, in the order of the transaction's steps.
    pub(crate) all: Vec<Write>,
}

impl Writes {
    /// The logins that end.
    pub(crate) fn ended(&self) -> impl Iterator<Item = &EndedLogin> {
        self.all.iter().filter_map(|write| match write {
            Write::End(ended) => Some(ended),
            _ => None,
        })
    }

    /// The login that begins.
    pub(crate) fn begun(&self) -> Option<&Stored> {
        self.all.iter().find_map(|write| match write {
            Write::Begin(stored) => Some(&**stored),
            _ => None,
        })
    }

    /// The jobs with new progress or a new state.
    pub(crate) fn stands(&self) -> impl Iterator<Item = &Job> {
        self.all.iter().filter_map(|write| match write {
            Write::Stand(job) => Some(job),
            _ => None,
        })
    }

    /// Whether the transaction ends the login `id`.
    pub(crate) fn end(&self, id: LoginId) -> bool {
        self.ended().any(|ended| ended.id == id)
    }
}

impl Write {
    /// Applies the write to the tables.
    pub(crate) fn apply(&self, tables: &mut Tables) {
        match self {
            Self::Begin(stored) => tables.logins.push(Stored::clone(stored)),
            Self::End(ended) => end(tables, ended),
            Self::Make(job) => tables.jobs.push(job.clone()),
            Self::Stand(job) => {
                let stands = |stored: &&mut StoredJob| stored.job.id == job.id;
                tables.jobs.iter_mut().filter(stands).for_each(|stored| stored.job = job.clone());
            }
            Self::Take(id, position) => {
                let takes = |stored: &&mut StoredJob| stored.job.id == *id;
                tables.jobs.iter_mut().filter(takes).for_each(|one| one.position = *position);
            }
            Self::Configure(change) => change(&mut tables.configuration),
            Self::Event(at, kind) => {
                let number = tables.events.len() as u64 + 1;
                tables.events.push(Event { number, at: *at, kind: kind.clone() });
            }
            Self::Other(change) => change(tables),
        }
    }
}

/// Writes the end of a login.
fn end(tables: &mut Tables, ended: &EndedLogin) {
    let is_its = |stored: &&mut Stored| stored.login.id == ended.id;
    tables.logins.iter_mut().filter(is_its).for_each(|one| one.ended = Some(ended.clone()));
}

/// Whether two open logins exclude each other: by their phone, and by their user.
pub(crate) fn exclude(one: &Stored, other: &Stored) -> (bool, bool) {
    let (Login { user, phone, .. }, Login { user: its_user, phone: its_phone, .. }) =
        (&one.login, &other.login);
    (phone.is(its_phone), one.sole && other.sole && user.is(its_user))
}

/// Whether a write would give a cancelled job another state.
pub(crate) fn goes_on_again(before: &Job, after: &Job) -> bool {
    before.id == after.id
        && before.state == JobState::Cancelled
        && after.state != JobState::Cancelled
}
