//! Running one step on any store.

use engine::{
    Actor, Administrator, AdministratorChange, ConfigurationChange, InUse, Intent, JobId,
    LimitSource, LogOutJobs, Login, LoginId, LoginRequest, LogoutRequest, NewJob, ParameterSave,
    PhoneEntry, PhoneId, ProfileEntry, Scope, StoreError, UserEntry, UserId, UtcMillis, Version,
    ports::{LoginAttempt, LogoutAttempt},
    transaction::{Names, Operation, Transaction, Transactions},
};
use futures::future::join_all;
use terms::{EndCause, LoginFilter, LoginType, Note, ServiceParameters};
use uuid::Uuid;

use super::{
    super::fixture::actor,
    step::{Administering, Ago, Limit, PhoneChange, Request, Step, UserChange, Wanted, Which},
};

/// The time of a step, and the identities that the step may use.
pub struct Moment {
    pub now: UtcMillis,
    /// The number of the step.
    pub number: usize,
    pub parameters: ServiceParameters,
    /// The identities of logins and jobs so far, even if the login or job was not stored.
    pub logins: Vec<LoginId>,
    pub jobs: Vec<JobId>,
    /// The intents and the identities of stays so far, even if the intent or stay was not stored.
    pub intents: Vec<Intent>,
    pub stays: Vec<LoginId>,
}

/// The identity of a login of a step; the identities don't rise from step to step.
pub fn login_id(step: usize, request: usize) -> LoginId {
    let number = (step * 10 + request) as u64 + 1;
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    LoginId(Uuid::from_u128(u128::from(mixed) << 64 | u128::from(number)))
}

/// The identities of the jobs of a step.
pub fn job_ids(step: usize) -> [JobId; 2] {
    [0, 1].map(|number| JobId(Uuid::from_u128((step * 2 + number) as u128)))
}

/// The text of an answer.
/// Each database has its own message for a row that violates a guard, so the message is left out.
pub fn text<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Ok(done) => format!("{done:?}"),
        Err(StoreError::Failed(_)) => "failed".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

/// The store on which a step runs.
pub struct On<'s> {
    pub store: &'s dyn Transactions,
    /// The version of the store's configuration before the step; stores count versions differently.
    pub version: Version,
    /// The numbers of the store's farewells before the step; stores count farewells differently.
    pub outbox: Vec<u64>,
    /// Whether concurrent requests run one after the other.
    pub in_order: bool,
}

impl On<'_> {
    pub fn version(&self, ago: Ago) -> Option<Version> {
        ago.map(|ago| Version(self.version.0.saturating_sub(ago)))
    }
}

impl Moment {
    /// The moment before the first step.
    pub fn new(now: UtcMillis, parameters: ServiceParameters) -> Self {
        let (logins, jobs, intents, stays) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { now, number: 0, parameters, logins, jobs, intents, stays }
    }

    /// The job of a number; some numbers give an identity that no job has.
    fn job(&self, number: usize) -> JobId {
        let job = self.jobs.get(number % (self.jobs.len() + 1));
        job.copied().unwrap_or(JobId(Uuid::from_u128(u128::MAX)))
    }

    fn login(&self, number: usize) -> Option<LoginId> {
        self.logins.get(number % (self.logins.len() + 1)).copied()
    }

    /// Runs a step, and returns the answer.
    pub async fn run(&self, on: &On<'_>, step: &Step) -> String {
        let (store, now) = (on.store, self.now);
        match step {
            Step::Clock { .. } => String::new(),
            Step::Ask(request) => self.ask(on, 0, request).await,
            Step::Together(requests) => {
                let asked = requests.iter().enumerate();
                let mut asked: Vec<_> =
                    asked.map(|(index, one)| Box::pin(self.ask(on, index, one))).collect();
                if !on.in_order {
                    return join_all(asked).await.join("\n");
                }
                let mut answers = Vec::new();
                for one in asked.drain(..) {
                    answers.push(one.await);
                }
                answers.join("\n")
            }
            Step::Begin { user, phone, sole, minutes } => {
                let begin = self.begin(*user, *phone, *minutes, *sole);
                text(store.run(Box::new(begin)).await)
            }
            Step::EndDue { limit } => text(engine::end_due(store, now, *limit).await),
            Step::MakeJob { which, ago } => {
                let job = self.new_job(which);
                match on.version(*ago) {
                    Some(version) => text(engine::make_job_at(store, job, version, now).await),
                    None => text(engine::make_job(store, job, now).await),
                }
            }
            Step::GoOn { job, limit } => {
                text(engine::step_job(store, self.job(*job), now, *limit).await)
            }
            Step::CancelJob { job } => {
                text(engine::cancel_job(store, self.job(*job), actor(), now).await)
            }
            Step::Save { changes, end_extra, end_past } => {
                let [extra, past] = job_ids(self.number);
                let end = LogOutJobs {
                    extra: end_extra.then_some(extra),
                    past: end_past.then_some(past),
                };
                let changes = changes.iter().map(|change| self.save(change)).collect();
                let note = Note::typed(if *end_past { "Ticket" } else { "" }).unwrap_or_default();
                text(engine::save_parameters(store, changes, note, end, actor(), now).await)
            }
            Step::Apply { release, user, phone, profile, parameter } => {
                let profile = profile
                    .map(|name| ProfileEntry { name: name.to_owned(), ..ProfileEntry::default() });
                let parameter = parameter.map(|(name, value)| (name.to_owned(), value.to_owned()));
                let change = ConfigurationChange {
                    release: *release,
                    users: user.iter().map(user_entry).collect(),
                    phones: phone.iter().map(phone_entry).collect(),
                    profiles: profile.into_iter().collect(),
                    parameters: parameter.into_iter().collect(),
                    ..ConfigurationChange::default()
                };
                self.apply(store, change).await
            }
            Step::Remove { kind, name, sees } => {
                let most = if *sees { u64::MAX } else { 0 };
                let (names, seen) = (vec![(*name).to_owned()], InUse { logins: most, users: most });
                text(engine::remove_records(store, *kind, names, seen, actor(), now).await)
            }
            Step::Stays(step) => self.run_stays(on, step).await,
            Step::Administer { name, what } => self.administer(store, name, what).await,
        }
    }

    /// Applies a change; returns the answers of a dry run and of the run.
    pub async fn apply(&self, store: &dyn Transactions, change: ConfigurationChange) -> String {
        let foreseen = text(engine::differences(store, change.clone(), &|_| {}).await);
        let applied = engine::apply(store, change, actor(), &self.now, &|_| {}).await;
        let applied = text(applied.map_err(|not_applied| not_applied.error));
        format!("{foreseen}\n{applied}")
    }

    async fn ask(&self, on: &On<'_>, index: usize, request: &Request) -> String {
        let (store, now) = (on.store, self.now);
        match request {
            Request::LogIn { user, phone, profile, right, duration, address, ago } => {
                let request = LoginRequest {
                    user: (*user).to_owned(),
                    phone: (*phone).to_owned(),
                    profile: profile.map(str::to_owned),
                    profile_right: *right,
                    phone_address: address.and_then(terms::address),
                    duration: *duration,
                    actor: actor(),
                    authenticated_at: on.version(*ago),
                };
                let id = login_id(self.number, index);
                text(engine::log_in(store, LoginAttempt { id, now, request }).await)
            }
            Request::LogOut { phone, only, ago } => {
                let request = LogoutRequest {
                    phone: (*phone).to_owned(),
                    phone_address: None,
                    only: only.map(str::to_owned),
                    actor: actor(),
                    authenticated_at: on.version(*ago),
                };
                text(engine::log_out(store, LogoutAttempt { now, request }).await)
            }
            Request::Stay(request) => self.ask_stay(on, index, request).await,
        }
    }

    fn begin(
        &self,
        (id, cluster): (&str, &str),
        (name, phone_cluster): (&str, &str),
        minutes: Option<u32>,
        sole: bool,
    ) -> Begin {
        let login_type = match (cluster, phone_cluster) {
            ("", "") => LoginType::Em,
            ("", _) => LoginType::Elsewhere,
            _ => LoginType::Visiting,
        };
        let login = Login {
            id: login_id(self.number, 0),
            user: UserId { cluster: cluster.to_owned(), id: id.to_owned() },
            phone: PhoneId { cluster: phone_cluster.to_owned(), name: name.to_owned() },
            model: String::new(),
            description: String::new(),
            profile: "spare".to_owned(),
            login_type,
            from: self.now,
            until: minutes.map(|minutes| self.now.plus_minutes(minutes)),
            by: Actor::SYSTEM,
        };
        Begin { login, sole }
    }

    fn new_job(&self, which: &Which) -> NewJob {
        let scope = match which {
            Which::Selected(numbers) => {
                let ids = numbers.iter().filter_map(|number| self.login(*number));
                Scope::Selected { ids: ids.collect() }
            }
            Which::Matching { find, login_type } => {
                Scope::Matching { filter: LoginFilter::new(find, *login_type) }
            }
            Which::Extra => Scope::Extra,
            Which::PastLimit { minutes } => Scope::PastLimit { minutes: *minutes },
        };
        let [id, _] = job_ids(self.number);
        let reason = format!("step {}", self.number);
        NewJob { id, scope, cause: EndCause::Forced, reason, by: actor() }
    }

    fn save(&self, Wanted { parameter, seen, value }: &Wanted) -> ParameterSave {
        let current = self.parameters.value(*parameter);
        let (seen, value) = (seen.unwrap_or(current).to_owned(), (*value).to_owned());
        ParameterSave { parameter: *parameter, seen, value }
    }

    async fn administer(
        &self,
        store: &dyn Transactions,
        name: &str,
        what: &Administering,
    ) -> String {
        let (name, now) = (name.to_owned(), self.now);
        let done = match what {
            Administering::Add { role, first } => {
                let (role, password_hash) = (*role, "$hash".to_owned());
                let one = Administrator { name, password_hash, role, enabled: true };
                engine::add_administrator(store, one, *first, actor(), now).await
            }
            Administering::Change { role, enabled } => {
                let (role, enabled) = (*role, *enabled);
                let change = AdministratorChange { password_hash: None, role, enabled };
                engine::change_administrator(store, name, change, actor(), now).await
            }
            Administering::Remove => engine::remove_administrator(store, name, actor(), now).await,
        };
        format!("{done:?}")
    }
}

fn user_entry(change: &UserChange) -> UserEntry {
    let UserChange { id, pin, enabled, emcc, limit, profiles } = change;
    let minutes = |limit| match limit {
        Limit::Own(minutes) => Some(minutes),
        Limit::System => None,
    };
    let named = |names: &Vec<&str>| names.iter().map(ToString::to_string).collect();
    UserEntry {
        id: (*id).to_owned(),
        pin_hash: pin.map(str::to_owned),
        enabled: *enabled,
        emcc: *emcc,
        max_login_minutes: limit.map(minutes),
        profiles: profiles.as_ref().map(named),
        ..UserEntry::default()
    }
}

fn phone_entry(change: &PhoneChange) -> PhoneEntry {
    let PhoneChange { name, extension_mobility, address, description } = change;
    PhoneEntry {
        name: (*name).to_owned(),
        extension_mobility: *extension_mobility,
        address: address.map(str::to_owned),
        description: description.map(str::to_owned),
        ..PhoneEntry::default()
    }
}

/// Begins a login without the rules, so that the guards of the store have to refuse it.
struct Begin {
    login: Login,
    sole: bool,
}

#[async_trait::async_trait]
impl Operation for Begin {
    fn names(&self) -> Names {
        let Login { user, phone, .. } = self.login.clone();
        Names { user: Some(user), phone: Some(phone), profile: None, stay: None }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        tx.facts().await?;
        tx.begin(&self.login, LimitSource::System, self.sole).await
    }
}
