//! Demo data.

use std::fmt::Write;

use engine::AdministratorError;
use terms::Role;

use crate::{
    admin::{self, AdminError, Administrators, Applying, Caller},
    cluster::Cluster,
};

/// The administrator of the laboratory's console.
pub(crate) const ADMINISTRATOR: &str = "admin";
/// The administrator's password; it is no secret, since the laboratory listens on loopback.
pub(crate) const PASSWORD: &str = "sojourn-lab";

/// The demo driver's application user.
pub(super) const DRIVER: &str = "demo-driver";
/// The password of the demo driver's application user.
pub(super) const DRIVER_PASSWORD: &str = "demo-driver";
/// A cluster of the laboratory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Seoul,
    Busan,
}

impl Place {
    /// The cluster id.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Seoul => "seoul",
            Self::Busan => "busan",
        }
    }

    /// The users whom the cluster's driver logs in and out.
    pub(super) const fn driven_users(self) -> &'static [&'static str] {
        match self {
            Self::Seoul => &SEOUL_USERS,
            Self::Busan => &BUSAN_USERS,
        }
    }

    /// The users of the other cluster whom the cluster's driver logs in at its phones.
    pub(super) const fn visitors(self) -> &'static [&'static str] {
        match self {
            Self::Seoul => &BUSAN_USERS,
            Self::Busan => &[],
        }
    }

    /// The phones at which the cluster's driver logs users in and out.
    pub(super) const fn driven_phones(self) -> &'static [&'static str] {
        match self {
            Self::Seoul => &SEOUL_PHONES,
            Self::Busan => &BUSAN_PHONES,
        }
    }

    /// Users and phones to try by hand; the driver never uses them.
    const fn by_hand(self) -> &'static str {
        match self {
            Self::Seoul => SEOUL_BY_HAND,
            Self::Busan => BUSAN_BY_HAND,
        }
    }
}

/// The PIN of all users.
pub(super) const PIN: &str = "12345";

const BUSAN_USERS: [&str; 4] = ["haeun.cho", "taeyang", "daniel.o", "minji.ryu"];
const BUSAN_PHONES: [&str; 4] =
    ["SEP0C75BD110B01", "SEP0C75BD110B02", "SEP0C75BD110B03", "SEP0C75BD110B04"];
const SEOUL_USERS: [&str; 10] = [
    "jdoe",
    "minsu.kim",
    "soyeon.park",
    "jane",
    "amelia.w",
    "yun",
    "choi",
    "lee.h",
    "omar",
    "priya",
];
const SEOUL_PHONES: [&str; 8] = [
    "SEP0C75BD110A01",
    "SEP0C75BD110A02",
    "SEP0C75BD110A03",
    "SEP0C75BD110A04",
    "SEP0C75BD110A05",
    "SEP0C75BD110A06",
    "SEP0C75BD110A07",
    "SEP0C75BD110A08",
];

const SEOUL_BY_HAND: &str = r#"
[[app_users]]
id = "emproxy"
password = "emproxy"

[site]
push_user = "phonepush"
push_password = "phonepush"

[[device_profiles]]
name = "john-UDP"
model = "Cisco 8861"
lines = [{ dn = "2001", label = "John" }]
speed_dials = [{ number = "2005", label = "Maria" }, { number = "3003", label = "Jane" }]

[[device_profiles]]
name = "maria-desk"
model = "Cisco 8861"
lines = [{ dn = "2005", label = "Maria" }, { dn = "2100", label = "Sales" }]
speed_dials = [{ number = "2001", label = "John" }]

[[device_profiles]]
name = "maria-night"
model = "Cisco 8861"
lines = [{ dn = "2199", label = "Night service" }]

[[users]]
id = "john"
pin = "12345"
emcc = true
profiles = ["john-UDP"]
primary_extension = "2001"

[[users]]
id = "maria"
pin = "12345"
profiles = ["maria-desk", "maria-night"]
primary_extension = "2005"

[[phones]]
name = "SEP001122334455"
model = "Cisco 8861"
description = "Lobby"
lines = [{ dn = "1001", label = "Lobby" }]

[[phones]]
name = "SEP001122334466"
model = "Cisco 8851"
description = "Meeting room"
lines = [{ dn = "1002", label = "Meeting room" }]

[[phones]]
name = "SEP001122334477"
model = "Cisco 7841"
description = "Front desk"
lines = [{ dn = "1003", label = "Front desk" }]

[[phones]]
name = "SEPF8A5C59E1126"
model = "Cisco 8861"
description = "Laboratory 1"
lines = [{ dn = "1004", label = "Laboratory 1" }]

[[phones]]
name = "SEPB000B4BA01F1"
model = "Cisco 8851"
description = "Laboratory 2"
lines = [{ dn = "1005", label = "Laboratory 2" }]
"#;

const BUSAN_BY_HAND: &str = r#"
[[app_users]]
id = "emproxy"
password = "emproxy"

[site]
push_user = "phonepush"
push_password = "phonepush"

[[device_profiles]]
name = "Prerna-EM"
model = "Cisco 8861"
lines = [{ dn = "5001", label = "Rak" }]
speed_dials = [{ number = "5002", label = "Bora" }]

[[device_profiles]]
name = "bora-desk"
model = "Cisco 8861"
lines = [{ dn = "5002", label = "Bora" }]

[[device_profiles]]
name = "bora-night"
model = "Cisco 8861"
lines = [{ dn = "5099", label = "Night service" }]

[[users]]
id = "rak"
pin = "12345"
emcc = true
profiles = ["Prerna-EM"]
primary_extension = "5001"

[[users]]
id = "bora"
pin = "12345"
emcc = true
profiles = ["bora-desk", "bora-night"]
primary_extension = "5002"

[[phones]]
name = "SEP00A1B2C3D401"
model = "Cisco 8861"
description = "Reception"
lines = [{ dn = "5101", label = "Reception" }]

[[phones]]
name = "SEP00A1B2C3D402"
model = "Cisco 8845"
description = "Harbour view"
lines = [{ dn = "5102", label = "Harbour view" }]
"#;

/// Adds the missing demo data.
pub(crate) async fn fill(place: Place, cluster: &Cluster) -> Result<(), String> {
    let file = admin::parse(&demo(place)).map_err(|problem| format!("demo data: {problem}"))?;
    let Cluster { passwords, secrets, clock, .. } = cluster;
    let store = &*cluster.store;
    let caller = Caller::command_line("lab");
    let clock = clock.as_ref();
    let applying = Applying::new(store, passwords, clock, &|_| {});
    applying.apply(file, &caller).await.map_err(|error| error.to_string())?;
    let administrators = Administrators::new(store, secrets, clock);
    match administrators.add(&caller, ADMINISTRATOR, PASSWORD, Role::Administrator).await {
        // The administrator exists from an earlier start.
        Ok(()) | Err(AdminError::Administrator(AdministratorError::Taken(_))) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn demo(place: Place) -> String {
    let mut text = place.by_hand().to_owned();
    // Numbers of the two clusters differ in their first digits.
    let (users, phones) = match place {
        Place::Seoul => (30, 40),
        Place::Busan => (52, 53),
    };
    // Writing to a String can't fail.
    let _ = write!(text, "[[app_users]]\nid = '{DRIVER}'\npassword = '{DRIVER_PASSWORD}'\n");
    for (index, user) in place.driven_users().iter().enumerate() {
        let _ = write!(
            text,
            "[[device_profiles]]\nname = '{user}-UDP'\nmodel = 'Cisco 8861'\n\
             lines = [{{ dn = '{users}{index:02}', label = '{user}' }}]\n\
             [[users]]\nid = '{user}'\npin = '{PIN}'\nprofiles = ['{user}-UDP']\n\
             emcc = {}\nmax_login_minutes = {}\n",
            place == Place::Busan,
            [0, 480, 600, 30][index % 4]
        );
    }
    for (index, phone) in place.driven_phones().iter().enumerate() {
        let model = ["Cisco 8861", "Cisco 8845", "Cisco 7841"][index % 3];
        let _ = write!(
            text,
            "[[phones]]\nname = '{phone}'\nmodel = '{model}'\n\
             description = 'Desk {index}'\n\
             lines = [{{ dn = '{phones}{index:02}', label = 'Desk {index}' }}]\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_data_is_a_good_configuration_file() {
        assert!(admin::parse(&demo(Place::Seoul)).is_ok());
        assert!(admin::parse(&demo(Place::Busan)).is_ok());
    }
}
