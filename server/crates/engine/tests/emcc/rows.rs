//! The rows of the clusters: the configuration, and the compact names in the engine's types.

use engine::{
    DeviceProfile, HomeConfiguration, Intent, Phone as PhoneRow, PhoneId, User as UserRow, UserId,
    UtcMillis,
};
use model::Tables;
use terms::{LoginType, MultipleLoginBehavior, Parameter};

use super::{
    cluster::Farewell,
    names::{Phone, Side, Stay, User, login_id},
};

/// The time of all operations.
pub const NOW: UtcMillis = UtcMillis(0);
/// A time after all operations.
pub const LATER: UtcMillis = UtcMillis(1);

/// The tables of a cluster without any login yet.
pub fn empty(side: Side, behavior: MultipleLoginBehavior) -> Tables {
    let mut tables = Tables { cluster_id: side.name().to_owned(), ..Tables::default() };
    let parameters = &mut tables.configuration.parameters;
    parameters.set(Parameter::MultipleLoginBehavior.name(), behavior.label()).unwrap();
    for phone in Phone::ALL.into_iter().filter(|phone| phone.side() == side) {
        tables.put(phone_row(phone));
    }
    if side == Side::Busan {
        tables.put(profile());
        for user in User::ALL {
            tables.put(user_row(user));
        }
    }
    tables
}

fn phone_row(phone: Phone) -> PhoneRow {
    PhoneRow {
        name: phone.name().to_owned(),
        model: "8861".to_owned(),
        description: String::new(),
        extension_mobility: true,
        address: None,
        lines: Vec::new(),
        speed_dials: Vec::new(),
        sip: Vec::new(),
        log_out_at: None,
        log_out_since: UtcMillis::default(),
        idle_minutes: None,
        last_user: None,
    }
}

fn user_row(user: User) -> UserRow {
    UserRow {
        id: user.id().to_owned(),
        pin_hash: "before".to_owned(),
        enabled: true,
        emcc: true,
        max_login_minutes: None,
        profiles: vec![profile().name],
        primary_extension: String::new(),
        self_service_id: String::new(),
        pin_must_change: false,
        pin_history: Vec::new(),
    }
}

pub fn profile() -> DeviceProfile {
    let (name, model) = ("profile".to_owned(), "8861".to_owned());
    let (lines, speed_dials, sip) = (Vec::new(), Vec::new(), Vec::new());
    DeviceProfile { name, model, lines, speed_dials, sip }
}

/// The home cluster's configuration for the phone of a user's stay.
pub fn home_configuration(user: User) -> HomeConfiguration {
    let (user, call_server) = (user.id().to_owned(), String::new());
    HomeConfiguration { user, profile: profile(), call_server, seconds_left: None }
}

pub fn user_id(user: User, reader: Side) -> UserId {
    UserId { cluster: Side::Busan.seen_by(reader).to_owned(), id: user.id().to_owned() }
}

pub fn phone_id(phone: Phone, reader: Side) -> PhoneId {
    PhoneId { cluster: phone.side().seen_by(reader).to_owned(), name: phone.name().to_owned() }
}

/// An intent of Seoul.
pub fn intent(stay: Stay, is_due: bool) -> Intent {
    let Stay { login, user, phone } = stay;
    let (user, phone) = (user_id(user, Side::Seoul), phone.name().to_owned());
    Intent { id: login_id(login), phone, user, expires: if is_due { NOW } else { LATER } }
}

/// The type of a login at this phone, in this cluster.
pub fn login_type(side: Side, phone: Phone) -> LoginType {
    match (side, phone.side()) {
        (Side::Seoul, _) => LoginType::Visiting,
        (Side::Busan, Side::Seoul) => LoginType::Elsewhere,
        (Side::Busan, Side::Busan) => LoginType::Em,
    }
}

/// A farewell of one side to the other, as a row.
pub fn farewell_row(farewell: Farewell, from: Side) -> engine::Farewell {
    engine::Farewell {
        to: from.other().name().to_owned(),
        to_home: from == Side::Seoul,
        login: login_id(farewell.login),
        phone: farewell.phone.name().to_owned(),
        cause: None,
    }
}
