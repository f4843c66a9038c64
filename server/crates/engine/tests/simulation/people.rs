//! Users, device profiles and phones.

use engine::{DeviceProfile, Phone, User, UtcMillis};
use model::Tables;

pub const USERS: [(&str, bool, Option<u32>, &[&str]); 4] = [
    ("ann", true, None, &["ann-1", "ann-2"]),
    ("Bob", true, Some(3), &["bob-1"]),
    ("cleo", true, Some(0), &[]),
    ("dan", false, None, &["dan-1"]),
];
/// All device profiles; one belongs to no user.
pub const PROFILES: [&str; 5] = ["ann-1", "ann-2", "bob-1", "dan-1", "spare"];
pub const PHONES: [(&str, bool); 5] =
    [("SEP1", true), ("SEP2", true), ("SEP3", true), ("SEP4", true), ("SEP5", false)];

/// Tables with the users, profiles and phones, and without a login.
pub fn tables() -> Tables {
    let mut tables = Tables::default();
    for (id, enabled, max_login_minutes, profiles) in USERS {
        tables.put(User {
            id: id.to_owned(),
            pin_hash: String::new(),
            enabled,
            emcc: false,
            max_login_minutes,
            profiles: profiles.iter().map(ToString::to_string).collect(),
            primary_extension: String::new(),
            self_service_id: String::new(),
            pin_must_change: false,
            pin_history: Vec::new(),
        });
    }
    for name in PROFILES {
        let (name, model) = (name.to_owned(), "8861".to_owned());
        let (lines, speed_dials, sip) = (Vec::new(), Vec::new(), Vec::new());
        tables.put(DeviceProfile { name, model, lines, speed_dials, sip });
    }
    for (name, extension_mobility) in PHONES {
        tables.put(Phone {
            name: name.to_owned(),
            model: "8861".to_owned(),
            description: String::new(),
            extension_mobility,
            address: None,
            sip: Vec::new(),
            lines: Vec::new(),
            speed_dials: Vec::new(),
            log_out_at: None,
            log_out_since: UtcMillis::default(),
            idle_minutes: None,
            last_user: None,
        });
    }
    tables
}
