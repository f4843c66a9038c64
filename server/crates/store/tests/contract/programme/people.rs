//! Names in a programme, in several spellings, and the rows stored at its start.

use engine::{ConfigurationChange, PhoneEntry, ProfileEntry, UserEntry};

/// A phone whose name has a MAC address.
pub const MAC: &str = "SEP001122334455";

pub const USERS: [&str; 9] =
    ["john", "JOHN", "Jane", "jane", "Jörg", "JÖRG", "idle", "bare", "nobody"];
pub const PHONES: [&str; 8] =
    ["SEP1", "sep1", "SEP2", "SEP3", MAC, "SEP00:11:22:33:44:55", "SEPOFF", "SEP9"];
pub const PROFILES: [&str; 7] =
    ["john-1", "JOHN-1", "john-2", "jane-1", "spare", "SPARE", "nothing"];
/// Other clusters, with names of their phones and device profiles; some names also exist in this cluster.
pub const CLUSTERS: [&str; 2] = ["busan", "seoul"];
pub const FAR_PHONES: [&str; 4] = ["SEPA", "sepa", "SEPB", "SEP1"];
pub const FAR_PROFILES: [&str; 3] = ["far-1", "JOHN-1", "spare"];
pub const ADDRESSES: [&str; 3] = ["10.0.0.1", "10.0.0.2", ""];
pub const ADMINISTRATORS: [&str; 4] = ["root", "Root", "ops", "eve"];

/// Names of users, phones and profiles that the lists show.
pub const SHOWN_USERS: [&str; 6] = ["john", "jane", "jörg", "idle", "bare", "nobody"];
pub const SHOWN_PHONES: [&str; 6] = ["SEP1", "SEP2", "SEP3", MAC, "SEPOFF", "SEP9"];

/// The users, phones and profiles that are stored at the start.
pub fn people() -> ConfigurationChange {
    let users = [
        ("john", true, None, vec!["john-1", "john-2"]),
        ("Jane", true, Some(3), vec!["jane-1"]),
        ("Jörg", true, None, vec!["spare"]),
        ("idle", false, None, vec!["spare"]),
        ("bare", true, Some(0), vec![]),
    ];
    let users = users.map(|(id, enabled, minutes, profiles)| UserEntry {
        id: id.to_owned(),
        pin_hash: Some("$pin".to_owned()),
        enabled: Some(enabled),
        emcc: Some(["john", "Jane", "idle"].contains(&id)),
        max_login_minutes: Some(minutes),
        profiles: Some(profiles.into_iter().map(str::to_owned).collect()),
        ..UserEntry::default()
    });
    let phones = SHOWN_PHONES[..5].iter().map(|name| PhoneEntry {
        name: (*name).to_owned(),
        model: Some("Cisco 8861".to_owned()),
        extension_mobility: Some(*name != "SEPOFF"),
        address: (*name == "SEP1").then(|| "10.0.0.1".to_owned()),
        ..PhoneEntry::default()
    });
    let profiles = ["john-1", "john-2", "jane-1", "spare"];
    let profiles =
        profiles.map(|name| ProfileEntry { name: name.to_owned(), ..ProfileEntry::default() });
    ConfigurationChange {
        users: users.into(),
        phones: phones.collect(),
        profiles: profiles.into(),
        ..ConfigurationChange::default()
    }
}
