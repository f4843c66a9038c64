//! A store in memory that does what PostgreSQL will: it locks the rows of an operation's user and
//! phone, then reads what is committed, step by step, while others go on between the steps.

mod configuring;
mod steps;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use engine::{
    EndedLogin, Facts, Job, JobId, JobState, Login, LoginId, OpenLogin, PhoneFacts, StoreError,
    UserFacts, UtcMillis, Version,
    transaction::{Names, Operation, Transactions},
};
use terms::{EndCause, Parameter, ServiceParameters};

use super::run::pause;
use steps::Steps;

/// How often an operation runs before the store gives up.
const RUNS: u32 = 1_000;

/// A part of the store. The simulation has to notice when one is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The locks of users and phones.
    Locks,
    /// Reading after the locks are taken, and not with them.
    ReadAfterLock,
    /// The unique index on the phone of an open login.
    PhoneIndex,
    /// The unique index on the user of an open login that is the only one.
    UserIndex,
    /// Looking whether a login that ends is open still.
    EndCheck,
    /// The lock of a job.
    JobLock,
    /// Reading the version of the configuration in the transaction.
    Version,
    /// The lock of the configuration, which waits for those who have read it.
    ConfigurationLock,
}

/// A login with its end.
#[derive(Clone, Debug)]
pub struct Stored {
    pub login: Login,
    pub sole: bool,
    /// When, why, and with which reason.
    pub ended: Option<(UtcMillis, EndCause, String)>,
}

/// A job with the logins that it ends.
#[derive(Clone, Debug)]
pub struct StoredJob {
    pub job: Job,
    pub logins: Vec<LoginId>,
    /// How many of them were taken.
    position: usize,
}

/// What was committed, by the request of this number: who ended where and why, by phone, and where one
/// began.
#[derive(Clone, Debug)]
pub struct Committed {
    pub request: usize,
    pub ended: Vec<(String, &'static str)>,
    pub begun: Option<String>,
}

#[derive(Default)]
pub struct State {
    pub version: u64,
    pub parameters: Arc<ServiceParameters>,
    pub logins: Vec<Stored>,
    pub jobs: Vec<StoredJob>,
    pub journal: Vec<Committed>,
    /// Operations that wrote nothing, each with how much was committed when it read.
    pub read: Vec<(usize, Committed)>,
    /// How often a login that had ended was to be ended again.
    pub ended_twice: u32,
    /// How often a job that was stopped went on.
    pub uncancelled: u32,
    /// The request that goes on now.
    pub current: usize,
    /// How often an operation ran again.
    pub again: u32,
    /// How often a unique index was violated, which locks are there to avoid.
    pub violated: u32,
    locked: HashSet<String>,
    /// Transactions that may have read the configuration.
    readers: u32,
    /// Whether a transaction changes the configuration.
    is_changing: bool,
}

#[derive(Clone)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    missing: &'static [Part],
}

pub const USERS: [(&str, bool, Option<u32>, &[&str]); 4] = [
    ("ann", true, None, &["ann-1", "ann-2"]),
    ("Bob", true, Some(3), &["bob-1"]),
    ("cleo", true, Some(0), &[]),
    ("dan", false, None, &["dan-1"]),
];
/// All device profiles; one is nobody's.
pub const PROFILES: [&str; 5] = ["ann-1", "ann-2", "bob-1", "dan-1", "spare"];
pub const PHONES: [(&str, bool); 5] =
    [("SEP1", true), ("SEP2", true), ("SEP3", true), ("SEP4", true), ("SEP5", false)];

impl Memory {
    pub fn without(missing: &'static [Part]) -> Self {
        Self { state: Arc::default(), missing }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn has(&self, part: Part) -> bool {
        !self.missing.contains(&part)
    }

    fn facts(&self, names: &Names) -> Facts {
        let state = self.state();
        let (user, phone) = (names.user.as_ref(), names.phone.as_ref());
        let is_users = |login: &Login| user.is_some_and(|user| login.user.is(user));
        let is_profile = |name: &String| PROFILES.contains(&name.as_str());
        Facts {
            version: Version(if self.has(Part::Version) { state.version } else { 0 }),
            parameters: Arc::clone(&state.parameters),
            user: user.and_then(|user| user_facts(&user.id)),
            phone: phone.and_then(|phone| phone_facts(&phone.name)),
            profile: names.profile.clone().filter(is_profile),
            open_of_user: state.open(is_users),
            open_on_phone: state.open(|login| phone == Some(&login.phone)).pop(),
        }
    }

    /// Waits for the locks of an operation, and takes them all.
    async fn lock(&self, names: &Names) -> Locks {
        let user = names
            .user
            .as_ref()
            .map(|user| format!("user {}", user.to_string().to_ascii_lowercase()));
        let phone = names.phone.as_ref().map(|phone| format!("phone {phone}"));
        let mut keys: Vec<_> = user.into_iter().chain(phone).collect();
        if !self.has(Part::Locks) {
            keys.clear();
        }
        while !self.try_lock(&keys) {
            pause().await;
        }
        Locks { store: self.clone(), keys, reads: true, changes: false }
    }

    fn try_change(&self) -> bool {
        let mut state = self.state();
        let is_free = state.readers == 0 && !state.is_changing;
        state.is_changing |= is_free;
        is_free
    }

    fn try_lock(&self, keys: &[String]) -> bool {
        let mut state = self.state();
        let is_free = !state.is_changing && !keys.iter().any(|key| state.locked.contains(key));
        if is_free {
            state.locked.extend(keys.iter().cloned());
            state.readers += 1;
        }
        is_free
    }
}

/// The locks of a transaction, given back when it ends, also by a crash.
struct Locks {
    store: Memory,
    keys: Vec<String>,
    /// Whether nobody may change the configuration meanwhile.
    reads: bool,
    /// Whether nobody else may read the configuration meanwhile.
    changes: bool,
}

impl Locks {
    /// Waits until nobody else has read the configuration, and keeps others from it.
    async fn change_configuration(&mut self) {
        if self.changes || !self.store.has(Part::ConfigurationLock) {
            return;
        }
        self.store.state().readers -= 1;
        self.reads = false;
        while !self.store.try_change() {
            pause().await;
        }
        self.changes = true;
    }
}

impl Drop for Locks {
    fn drop(&mut self) {
        let mut state = self.store.state();
        state.locked.retain(|key| !self.keys.contains(key));
        state.readers -= u32::from(self.reads);
        state.is_changing &= !self.changes;
    }
}

#[async_trait]
impl Transactions for Memory {
    async fn run(&self, mut operation: Box<dyn Operation>) -> Result<(), StoreError> {
        let names = operation.names();
        for _ in 0..RUNS {
            pause().await;
            let early = (!self.has(Part::ReadAfterLock)).then(|| self.facts(&names));
            let locks = self.lock(&names).await;
            let writes = Writes::default();
            let mut steps = Steps { store: self, names: &names, early, locks, writes };
            operation.run(&mut steps).await?;
            let Steps { locks, writes, .. } = steps;
            pause().await;
            let is_committed = self.state().commit(writes, self.missing);
            drop(locks);
            if is_committed {
                pause().await;
                return Ok(());
            }
        }
        panic!("an operation ran {RUNS} times");
    }
}

/// The writes of a transaction.
#[derive(Default)]
struct Writes {
    /// How much was committed when it read.
    read_at: usize,
    begun: Option<(Login, bool)>,
    ended: Vec<EndedLogin>,
    /// A job that is made.
    made: Option<StoredJob>,
    /// How a job stands.
    stands: Option<Job>,
    /// How many logins of a job were taken.
    position: Option<(JobId, usize)>,
    /// Service parameters with their new values.
    parameters: Vec<(Parameter, String)>,
}

impl State {
    fn open(&self, is: impl Fn(&Login) -> bool) -> Vec<OpenLogin> {
        let open = self.logins.iter().filter(|stored| stored.ended.is_none() && is(&stored.login));
        open.map(|Stored { login, .. }| OpenLogin {
            id: login.id,
            user: login.user.clone(),
            phone: login.phone.clone(),
            profile: login.profile.clone(),
            login_type: login.login_type,
            from: login.from,
            until: login.until,
        })
        .collect()
    }

    /// Commits, unless a guard is violated: then nothing is written, and the operation runs again.
    fn commit(&mut self, writes: Writes, missing: &[Part]) -> bool {
        let has = |part| !missing.contains(&part);
        let Writes { read_at, begun, ended, made, stands, position, parameters } = writes;
        let ends = |stored: &Stored| ended.iter().any(|ended| ended.id == stored.login.id);
        let is_ended = self.logins.iter().any(|stored| stored.ended.is_some() && ends(stored));
        let stays = |stored: &&Stored| stored.ended.is_none() && !ends(stored);
        let violates = begun.as_ref().is_some_and(|(login, sole)| {
            self.logins.iter().filter(stays).any(|stored| {
                (has(Part::PhoneIndex) && stored.login.phone == login.phone)
                    || (has(Part::UserIndex)
                        && *sole
                        && stored.sole
                        && stored.login.user == login.user)
            })
        });
        if violates || (is_ended && has(Part::EndCheck)) {
            self.violated += u32::from(violates);
            self.again += 1;
            return false;
        }
        self.ended_twice += u32::from(is_ended);
        for EndedLogin { id, ended, cause, reason, .. } in &ended {
            for stored in self.logins.iter_mut().filter(|stored| stored.login.id == *id) {
                stored.ended = Some((*ended, *cause, reason.clone()));
            }
        }
        let is_of_a_job = made.is_some() || stands.is_some();
        let is_configuring = !parameters.is_empty();
        self.version += u64::from(is_configuring);
        for (parameter, value) in parameters {
            Arc::make_mut(&mut self.parameters).set(parameter.name(), &value).unwrap();
        }
        self.jobs.extend(made);
        for stored in &mut self.jobs {
            if let Some((_, position)) = position.filter(|(id, _)| *id == stored.job.id) {
                stored.position = position;
            }
            if let Some(job) = stands.as_ref().filter(|job| job.id == stored.job.id) {
                self.uncancelled += u32::from(
                    stored.job.state == JobState::Cancelled && job.state != JobState::Cancelled,
                );
                stored.job = job.clone();
            }
        }
        let mut by_phone: Vec<_> =
            ended.iter().map(|ended| (ended.phone.name.clone(), ended.cause.name())).collect();
        by_phone.sort();
        let done = Committed {
            request: self.current,
            ended: by_phone,
            begun: begun.as_ref().map(|(login, _)| login.phone.name.clone()),
        };
        if begun.is_none() && ended.is_empty() && !is_of_a_job && !is_configuring {
            self.read.push((read_at, done));
        } else {
            self.journal.push(done);
        }
        self.logins.extend(begun.map(|(login, sole)| Stored { login, sole, ended: None }));
        true
    }
}

fn phone_facts(name: &str) -> Option<PhoneFacts> {
    let (name, extension_mobility) = *PHONES.iter().find(|(phone, _)| *phone == name)?;
    let (name, model, description) = (name.to_owned(), "8861".to_owned(), String::new());
    Some(PhoneFacts { name, model, description, extension_mobility, address: None })
}

fn user_facts(id: &str) -> Option<UserFacts> {
    let (id, enabled, max_login_minutes, profiles) =
        *USERS.iter().find(|(user, ..)| user.eq_ignore_ascii_case(id))?;
    let profiles = profiles.iter().map(ToString::to_string).collect();
    Some(UserFacts { id: id.to_owned(), enabled, max_login_minutes, profiles })
}
