//! The stored rows, and the queries of operations on them.

use std::{collections::BTreeMap, sync::Arc};

use engine::{
    Administrator, AppUser, AuditRow, Configuration, DeviceProfile, EmccKeys, EndedLogin, Event,
    Facts, HomeConfiguration, Intent, Job, LimitSource, LogOutTime, Login, LoginId,
    ParameterChange, Phone, PhoneFacts, PostedFarewell, RemoteCluster, Selection, User, UserFacts,
    UtcMillis,
    transaction::{Names, Stay},
};
use terms::{key, phone_key};

/// A login with its end.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The login. While the login is open, its names follow the spelling of the named rows.
    pub login: Login,
    /// The source of the login's time limit.
    pub limit_source: LimitSource,
    /// Whether the login excludes other sole logins of its user.
    pub sole: bool,
    /// The login's end; `None` for an open login.
    pub ended: Option<EndedLogin>,
}

/// A job with the logins that it ends.
#[derive(Clone, Debug)]
pub struct StoredJob {
    /// The job.
    pub job: Job,
    /// The logins that the job ends, in this order.
    pub logins: Vec<LoginId>,
    /// The index in `logins` of the next login to take.
    pub(crate) position: usize,
}

/// The stored rows. Maps of named rows have the keys of the names.
#[derive(Clone, Default)]
pub struct Tables {
    /// The cluster's id; empty before its first start.
    pub cluster_id: String,
    /// The configuration in force.
    pub configuration: Configuration,
    /// Application users.
    pub app_users: BTreeMap<String, AppUser>,
    /// Users.
    pub users: BTreeMap<String, User>,
    /// Device profiles.
    pub profiles: BTreeMap<String, DeviceProfile>,
    /// Phones.
    pub phones: BTreeMap<String, Phone>,
    /// Remote clusters.
    pub remote_clusters: BTreeMap<String, RemoteCluster>,
    /// Administrators.
    pub administrators: BTreeMap<String, Administrator>,
    /// All logins, in the order in which they began.
    pub logins: Vec<Stored>,
    /// All jobs, in the order in which they were made.
    pub jobs: Vec<StoredJob>,
    /// Intents that hold phones, by the key of the phone.
    pub intents: BTreeMap<String, Intent>,
    /// Ended stays of users of this cluster, each with the time at which the end was written.
    pub buried: BTreeMap<Stay, UtcMillis>,
    /// The home configuration of each visit's phone.
    pub visits: BTreeMap<LoginId, HomeConfiguration>,
    /// Farewells that are not acknowledged, in the order in which they were posted.
    pub outbox: Vec<PostedFarewell>,
    /// The number of the last farewell that was posted.
    pub posted: u64,
    /// The cluster's keys for connections to other clusters.
    pub emcc_keys: Option<EmccKeys>,
    /// The moment up to which times of the day have logged users out.
    pub clock_until: UtcMillis,
    /// The history of the service parameters.
    pub parameter_changes: Vec<ParameterChange>,
    /// Events.
    pub events: Vec<Event>,
    /// The audit.
    pub audit: Vec<AuditRow>,
}

impl Tables {
    /// The open logins, in the order in which they began.
    #[must_use]
    pub fn open(&self) -> impl DoubleEndedIterator<Item = &Stored> {
        self.logins.iter().filter(|stored| stored.ended.is_none())
    }

    /// The open logins that match `is`, as operations read them.
    pub(crate) fn open_where(&self, is: impl Fn(&Login) -> bool) -> Vec<Login> {
        self.open().map(|stored| &stored.login).filter(|login| is(login)).cloned().collect()
    }

    /// The facts about the names of an operation.
    pub(crate) fn facts(&self, names: &Names) -> Facts {
        let (user, phone) = (names.user.as_ref(), names.phone.as_ref());
        let own_user = user.filter(|user| user.cluster.is_empty());
        let own_phone = phone.filter(|phone| phone.cluster.is_empty());
        let foreign = phone.filter(|phone| !phone.cluster.is_empty());
        let stay = foreign.zip(names.stay).map(|(phone, login)| {
            let visiting = phone.cluster.clone();
            Stay { visiting, login }
        });
        let profile = names.profile.as_ref().and_then(|name| self.profiles.get(&key(name)));
        Facts {
            version: self.configuration.version,
            parameters: Arc::new(self.configuration.parameters.clone()),
            release: self.configuration.release,
            user: own_user.and_then(|user| self.users.get(&key(&user.id))).map(user_facts),
            phone: own_phone
                .and_then(|phone| self.phones.get(&phone_key(&phone.name)))
                .map(phone_facts),
            profile: profile.map(|profile| profile.name.clone()),
            open_of_user: user
                .map(|user| self.open_where(|login| login.user.is(user)))
                .unwrap_or_default(),
            open_on_phone: phone
                .and_then(|phone| self.open_where(|login| login.phone.is(phone)).pop()),
            intent_on_phone: own_phone
                .and_then(|phone| self.intents.get(&phone_key(&phone.name)).cloned()),
            has_namesake: foreign
                .is_some_and(|phone| self.phones.contains_key(&phone_key(&phone.name))),
            is_over: stay.is_some_and(|stay| {
                let is_another = |stored: &Stored| {
                    let is_there = phone.is_some_and(|phone| stored.login.phone.is(phone));
                    stored.login.id == stay.login && (stored.ended.is_some() || !is_there)
                };
                self.buried.contains_key(&stay) || self.logins.iter().any(is_another)
            }),
        }
    }

    /// The selected open logins, the oldest first.
    #[must_use]
    pub fn selected(&self, selection: &Selection) -> Vec<LoginId> {
        let Selection {
            ids,
            filter,
            limit_source,
            began_until,
            own_user,
            own_phone,
            log_out_at,
            is_followed,
        } = selection;
        let is_logged_out = |login: &Login, reached: LogOutTime| {
            let LogOutTime { time, at, latest } = reached;
            let (rules, phone) =
                (&self.configuration.log_out_rules, self.phones.get(&phone_key(&login.phone.name)));
            let own = phone.and_then(|phone| phone.log_out_at);
            let own_since = phone.map_or(UtcMillis::default(), |phone| phone.log_out_since);
            let since = if own.is_none() { own_since.max(rules.at_since) } else { own_since };
            let is_earlier = login.from < at || login.from > latest;
            own.unwrap_or(rules.at).time() == Some(time) && since < at && is_earlier
        };
        let is_later = |other: &Login, login: &Login| {
            other.user.is(&login.user)
                && (!own_phone || other.phone.cluster.is_empty())
                && (other.from, other.id) > (login.from, login.id)
        };
        let is_selected = |stored: &&Stored| {
            let Login { id, user, phone, login_type, from, until, .. } = &stored.login;
            let until_ms = until.map(|until| until.0);
            ids.as_ref().is_none_or(|ids| ids.contains(id))
                && filter.passes(&stored.login.searched(), *login_type, from.0, until_ms)
                && limit_source.is_none_or(|source| stored.limit_source == source)
                && began_until.is_none_or(|until| *from <= until)
                && (!own_user || user.cluster.is_empty())
                && (!own_phone || phone.cluster.is_empty())
                && log_out_at.is_none_or(|reached| is_logged_out(&stored.login, reached))
                && (!is_followed || self.open().any(|other| is_later(&other.login, &stored.login)))
        };
        let selected = self.open().filter(is_selected);
        let mut selected: Vec<_> = selected.map(|one| (one.login.from, one.login.id)).collect();
        selected.sort();
        selected.into_iter().map(|(_, id)| id).collect()
    }
}

fn user_facts(user: &User) -> UserFacts {
    let User { id, enabled, emcc, max_login_minutes, profiles, .. } = user.clone();
    UserFacts { id, enabled, emcc, max_login_minutes, profiles }
}

fn phone_facts(phone: &Phone) -> PhoneFacts {
    let Phone { name, model, description, extension_mobility, address, .. } = phone.clone();
    PhoneFacts { name, model, description, extension_mobility, address }
}
