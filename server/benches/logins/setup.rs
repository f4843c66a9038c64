//! A data folder with a user and a phone for each login.

use std::path::Path;

use engine::{
    Actor, AppUserEntry, ConfigurationChange, PhoneEntry, ProfileEntry, UserEntry, UtcMillis,
};
use server::cluster::{Passwords, create_folder, database};
use store::{Limits, SqliteStore};

pub fn user(index: usize) -> String {
    format!("user{index}")
}

pub fn phone(index: usize) -> String {
    format!("SEP{index:012}")
}

/// The check of a request's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Validate IP Address is False.
    Off,
    /// The sender is in the Trusted List of IPs, like an application server.
    Trusted,
    /// The sender is the phone itself; its address is looked up in the database.
    Phone,
}

/// Creates the data folder; the store stays open.
pub async fn store(folder: &Path, logins: usize, limit: &str, check: Check) -> SqliteStore {
    create_folder(folder).unwrap();
    let store = SqliteStore::open(&database(folder), Limits::default()).await.unwrap();
    let password_hash = Some(Passwords::new().hash("emproxy".to_owned()).await.unwrap());
    let change = ConfigurationChange {
        parameters: [
            ("Maximum Concurrent Requests", limit),
            ("Validate IP Address", if check == Check::Off { "False" } else { "True" }),
            ("Trusted List of IPs", if check == Check::Trusted { "127.0.0.1" } else { "" }),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        app_users: vec![AppUserEntry { id: "emproxy".to_owned(), password_hash, proxy: None }],
        profiles: vec![ProfileEntry {
            name: "desk".to_owned(),
            model: Some("Cisco 8861".to_owned()),
            ..ProfileEntry::default()
        }],
        users: (0..logins)
            .map(|index| UserEntry {
                id: user(index),
                pin_hash: Some("not asked for".to_owned()),
                max_login_minutes: Some(Some(600)),
                profiles: Some(vec!["desk".to_owned()]),
                ..UserEntry::default()
            })
            .collect(),
        phones: (0..logins)
            .map(|index| PhoneEntry {
                name: phone(index),
                model: Some("Cisco 8861".to_owned()),
                description: Some("Desk".to_owned()),
                address: (check == Check::Phone).then(|| "127.0.0.1".to_owned()),
                ..PhoneEntry::default()
            })
            .collect(),
        ..ConfigurationChange::default()
    };
    engine::apply(&store, change, Actor::SYSTEM, &UtcMillis(0), &|_| {}).await.unwrap();
    store
}
