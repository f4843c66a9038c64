//! A data folder with as many users and phones as there will be logins.

use std::path::Path;

use engine::{
    Actor, AppUserEntry, ConfigurationChange, PhoneEntry, ProfileEntry, UserEntry, UtcMillis,
    ports::ConfigurationStore,
};
use server::cluster::{Passwords, create_folder, database};
use store::{Limits, SqliteStore};

pub fn user(index: usize) -> String {
    format!("user{index}")
}

pub fn phone(index: usize) -> String {
    format!("SEP{index:012}")
}

/// Makes the folder; the store is open.
pub async fn store(folder: &Path, logins: usize, limit: &str, checks: bool) -> SqliteStore {
    create_folder(folder).unwrap();
    let store = SqliteStore::open(&database(folder), Limits::default()).await.unwrap();
    let password_hash = Some(Passwords::new().hash("emproxy".to_owned()).await.unwrap());
    let change = ConfigurationChange {
        parameters: [
            ("Maximum Concurrent Requests", limit),
            ("Validate IP Address", if checks { "True" } else { "False" }),
            // As the servers that use the API would be.
            ("Trusted List of IPs", "127.0.0.1"),
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
                ..PhoneEntry::default()
            })
            .collect(),
        ..ConfigurationChange::default()
    };
    store.apply(change, Actor::SYSTEM, UtcMillis(0), false).await.unwrap();
    store
}
