//! The steps of a programme, and the strategies that generate them.

use engine::{ProfileRight, RequestedDuration};
use proptest::{collection::vec, option, prelude::*, sample::select};
use terms::{LoginType, Named, Parameter, RecordKind, Release, Role};

use super::{
    people::{ADDRESSES, ADMINISTRATORS, PHONES, PROFILES, USERS},
    stays::{self, StayRequest, StayStep},
};

/// The number of versions since the requester was authenticated, where that matters.
pub type Ago = Option<u64>;

/// A release whose Multiple Login Behavior does not rule stays.
const BEFORE_EMCC: Release = Release { major: 12, minor: 0 };

/// One step.
/// Logins and jobs are named by numbers, which wrap around the existing ones.
#[derive(Clone, Debug)]
pub enum Step {
    Ask(Request),
    Together(Vec<Request>),
    /// A login without the rules; its user or its phone may belong to another cluster.
    Begin {
        user: (&'static str, &'static str),
        phone: (&'static str, &'static str),
        sole: bool,
        minutes: Option<u32>,
    },
    EndDue {
        limit: u32,
    },
    MakeJob {
        which: Which,
        ago: Ago,
    },
    GoOn {
        job: usize,
        limit: u32,
    },
    CancelJob {
        job: usize,
    },
    Save {
        changes: Vec<Wanted>,
        end_extra: bool,
        end_past: bool,
    },
    Apply {
        release: Option<Release>,
        user: Option<UserChange>,
        phone: Option<PhoneChange>,
        profile: Option<&'static str>,
        parameter: Option<(&'static str, &'static str)>,
    },
    Remove {
        kind: RecordKind,
        name: &'static str,
        /// Whether the remover has seen that logins and users depend on the record.
        sees: bool,
    },
    Administer {
        name: &'static str,
        what: Administering,
    },
    Stays(StayStep),
    Clock {
        minutes: i64,
    },
}

#[derive(Clone, Debug)]
pub enum Request {
    LogIn {
        user: &'static str,
        phone: &'static str,
        profile: Option<&'static str>,
        right: ProfileRight,
        duration: RequestedDuration,
        address: Option<&'static str>,
        ago: Ago,
    },
    LogOut {
        phone: &'static str,
        only: Option<&'static str>,
        ago: Ago,
    },
    Stay(StayRequest),
}

/// Which logins a job ends.
#[derive(Clone, Debug)]
pub enum Which {
    Selected(Vec<usize>),
    Matching { find: &'static str, login_type: Option<LoginType> },
    Extra,
    PastLimit { minutes: u32 },
}

/// A value to save; `seen` is the value that the saver saw, if it was not the value in force.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub parameter: Parameter,
    pub seen: Option<&'static str>,
    pub value: &'static str,
}

#[derive(Clone, Debug)]
pub struct UserChange {
    pub id: &'static str,
    pub pin: Option<&'static str>,
    pub enabled: Option<bool>,
    pub emcc: Option<bool>,
    pub limit: Option<Limit>,
    pub profiles: Option<Vec<&'static str>>,
}

/// The maximum login time of a user.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    Own(u32),
    System,
}

#[derive(Clone, Debug)]
pub struct PhoneChange {
    pub name: &'static str,
    pub extension_mobility: Option<bool>,
    pub address: Option<&'static str>,
    pub description: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub enum Administering {
    Add { role: Role, first: bool },
    Change { role: Option<Role>, enabled: Option<bool> },
    Remove,
}

/// Any step.
pub fn any() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop_oneof![-3..9_i64, 9..20_i64, 60..90_i64]
            .prop_map(|minutes| Step::Clock { minutes }),
        12 => request(&USERS, &PHONES).prop_map(Step::Ask),
        14 => stay(&USERS, &PHONES).prop_map(Step::Ask),
        8 => stays::step().prop_map(Step::Stays),
        // Few names, so that concurrent requests conflict.
        4 => vec(few(), 2..6).prop_map(Step::Together),
        3 => begin(),
        4 => prop_oneof![1..3_u32, Just(100_u32)].prop_map(|limit| Step::EndDue { limit }),
        2 => (which(), ago()).prop_map(|(which, ago)| Step::MakeJob { which, ago }),
        3 => (0..6_usize, 0..4_u32).prop_map(|(job, limit)| Step::GoOn { job, limit }),
        2 => (0..6_usize).prop_map(|job| Step::CancelJob { job }),
        4 => (vec(value(), 1..3), any_bool(), any_bool())
            .prop_map(|(changes, end_extra, end_past)| Step::Save { changes, end_extra, end_past }),
        8 => apply(),
        2 => remove(),
        3 => (select(&ADMINISTRATORS), administering())
            .prop_map(|(name, what)| Step::Administer { name, what }),
    ]
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

pub fn ago() -> impl Strategy<Value = Ago> {
    prop_oneof![4 => Just(None), 2 => Just(Some(0)), 1 => Just(Some(1))]
}

fn request(
    users: &'static [&'static str],
    phones: &'static [&'static str],
) -> impl Strategy<Value = Request> {
    let right = select(vec![ProfileRight::Own, ProfileRight::Any]);
    let duration = prop_oneof![
        2 => Just(RequestedDuration::Unset),
        1 => Just(RequestedDuration::Indefinite),
        3 => (0..9_u32).prop_map(RequestedDuration::Minutes),
    ];
    let profile = option::weighted(0.3, select(&PROFILES));
    let address = option::weighted(0.1, select(&ADDRESSES[..2]));
    let log_in = (select(users), select(phones), profile, right, duration, address, ago())
        .prop_map(|(user, phone, profile, right, duration, address, ago)| Request::LogIn {
            user,
            phone,
            profile,
            right,
            duration,
            address,
            ago,
        });
    let only = option::weighted(0.3, select(users));
    let log_out = (select(phones), only, ago()).prop_map(|(phone, only, ago)| Request::LogOut {
        phone,
        only,
        ago,
    });
    prop_oneof![3 => log_in, 1 => log_out]
}

fn stay(
    users: &'static [&'static str],
    phones: &'static [&'static str],
) -> impl Strategy<Value = Request> {
    stays::request(users, phones).prop_map(Request::Stay)
}

fn few() -> impl Strategy<Value = Request> {
    let (users, phones) = (&USERS[..3], &PHONES[..3]);
    prop_oneof![request(users, phones), stay(users, phones)]
}

fn begin() -> impl Strategy<Value = Step> {
    let cluster = || prop_oneof![1 => Just(""), 2 => Just("busan")];
    let user = (select(&USERS), cluster());
    let phone = (select(&PHONES), cluster());
    (user, phone, any_bool(), option::weighted(0.8, 0..9_u32))
        .prop_map(|(user, phone, sole, minutes)| Step::Begin { user, phone, sole, minutes })
}

fn which() -> impl Strategy<Value = Which> {
    let find = select(vec!["", "JOHN", "sep1", "00:11", "0011", "jörg", "spare", "\u{200b}"]);
    let login_type = option::weighted(0.3, select(LoginType::all().collect::<Vec<_>>()));
    prop_oneof![
        vec(0..20_usize, 0..5).prop_map(Which::Selected),
        (find, login_type).prop_map(|(find, login_type)| Which::Matching { find, login_type }),
        Just(Which::Extra),
        (0..6_u32).prop_map(|minutes| Which::PastLimit { minutes }),
    ]
}

fn value() -> impl Strategy<Value = Wanted> {
    let behaviors = ["Multiple Logins Allowed", "Auto Logout", "Multiple Logins Not Allowed"];
    let flags = ["True", "False"];
    let times = || select(vec!["0:02", "0", "0:05", "never"]);
    let value = prop_oneof![
        4 => (Just(Parameter::MultipleLoginBehavior), select(behaviors.to_vec())),
        1 => (Just(Parameter::EnforceIntraMaximum), select(flags.to_vec())),
        1 => (Just(Parameter::IntraMaximum), times()),
        1 => (Just(Parameter::InterMaximum), times()),
    ];
    let seen = option::weighted(0.2, select(vec!["Auto Logout", "True", "0:05"]));
    (value, seen).prop_map(|((parameter, value), seen)| Wanted { parameter, seen, value })
}

fn apply() -> impl Strategy<Value = Step> {
    let pin = option::weighted(0.3, select(vec!["$pin", "$new"]));
    let limit = option::weighted(
        0.2,
        prop_oneof![
            3 => (0..4_u32).prop_map(Limit::Own),
            1 => Just(Limit::System),
        ],
    );
    let profiles = option::weighted(0.2, vec(select(&PROFILES), 0..3));
    let enabled = option::weighted(0.4, any_bool());
    let emcc = option::weighted(0.6, any_bool());
    let id = prop_oneof![select(&USERS[..4]), select(&USERS)];
    let user = (id, pin, enabled, emcc, limit, profiles).prop_map(
        |(id, pin, enabled, emcc, limit, profiles)| UserChange {
            id,
            pin,
            enabled,
            emcc,
            limit,
            profiles,
        },
    );
    let description = option::weighted(0.2, select(vec!["Desk", "Lobby"]));
    let address = option::weighted(0.2, select(&ADDRESSES));
    let phone = (select(&PHONES), option::weighted(0.3, any_bool()), address, description)
        .prop_map(|(name, extension_mobility, address, description)| PhoneChange {
            name,
            extension_mobility,
            address,
            description,
        });
    let parameters = [
        ("Intra-cluster Maximum Login Time", "0:03"),
        ("Intra-cluster Maximum Login Time", "8:00"),
        ("Intra-cluster Multiple Login Behavior", "Multiple Logins Allowed"),
        ("Enforce Intra-cluster Maximum Login Time", "False"),
        ("Alphanumeric User ID", "Perhaps"),
    ];
    let parameter = option::weighted(0.2, select(parameters.to_vec()));
    let profile = option::weighted(0.2, select(&PROFILES));
    let release = option::weighted(0.1, select(vec![BEFORE_EMCC, Release::V12_5]));
    let (user, phone) = (option::weighted(0.8, user), option::weighted(0.5, phone));
    (release, user, phone, profile, parameter).prop_map(
        |(release, user, phone, profile, parameter)| Step::Apply {
            release,
            user,
            phone,
            profile,
            parameter,
        },
    )
}

fn remove() -> impl Strategy<Value = Step> {
    let named = prop_oneof![
        (Just(RecordKind::Users), select(&USERS[..])),
        (Just(RecordKind::Phones), select(&PHONES[..])),
        (Just(RecordKind::DeviceProfiles), select(&PROFILES[..])),
        (Just(RecordKind::ApplicationUsers), select(&["emproxy", "EMPROXY"][..])),
    ];
    (named, any_bool()).prop_map(|((kind, name), sees)| Step::Remove { kind, name, sees })
}

fn administering() -> impl Strategy<Value = Administering> {
    prop_oneof![
        (select(Role::all().collect::<Vec<_>>()), any_bool())
            .prop_map(|(role, first)| Administering::Add { role, first }),
        (option::of(select(Role::all().collect::<Vec<_>>())), option::of(any_bool()))
            .prop_map(|(role, enabled)| Administering::Change { role, enabled }),
        Just(Administering::Remove),
    ]
}
