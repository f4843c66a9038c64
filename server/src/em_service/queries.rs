//! Answers to `deviceUserQuery`, `userDevicesQuery`, `checkUser` and `deviceProfileQuery`, with their
//! trace lines.

use engine::{PhoneStatus, UserStatus};
use terms::ErrorCode;
use wire::{answer, request::RequestedOperation, trace::Shape};

use crate::em::Journal;

/// Answers `deviceUserQuery`; `names` are the names in the query's spelling.
pub(super) fn device_users(
    journal: &mut Journal,
    names: &[String],
    phones: &[Option<PhoneStatus>],
) -> String {
    let mut devices = Vec::with_capacity(names.len());
    for (name, phone) in names.iter().zip(phones) {
        journal.say(Shape::QueryingUser, &[name]);
        journal.say(Shape::DeviceObject, &[]);
        journal.say(Shape::GettingDevice, &[name]);
        let status = phone.as_ref().map(|phone| {
            let user = phone.user.as_ref().map(|user| user.id.as_str());
            let last_user = phone.last_user.as_ref().map(|user| user.id.as_str());
            journal.say(Shape::GotDevice, &[name]);
            if user.is_none() {
                journal.say(Shape::DeviceLoggedOut, &[]);
            }
            journal.say(Shape::InfoUser, &[&user.unwrap_or("")]);
            journal.say(Shape::InfoLastUser, &[&last_user.unwrap_or("")]);
            let emcc = phone.user.as_ref().is_some_and(|user| !user.cluster.is_empty());
            answer::DeviceUser { user, last_user, emcc }
        });
        // The answer names a known phone in its stored spelling.
        let stored = phone.as_ref().map_or(name, |phone| &phone.name);
        devices.push((stored.as_str(), status));
    }
    answer::device_users(&devices)
}

/// Answers a query about users.
pub(super) fn users(
    journal: &mut Journal,
    operation: &RequestedOperation,
    users: &[Option<UserStatus>],
) -> String {
    match operation {
        RequestedOperation::CheckUsers(ids) => check_users(journal, ids, users),
        RequestedOperation::DeviceProfiles(ids) => device_profiles(journal, ids, users),
        RequestedOperation::UserDevices(ids) => user_devices(ids, users),
        _ => answer::failure(ErrorCode::QueryUndetermined),
    }
}

fn user_devices(ids: &[String], users: &[Option<UserStatus>]) -> String {
    let users = ids.iter().zip(users).map(|(asked, user)| match user {
        Some(user) => (user.id.as_str(), Some(user.phones.as_slice())),
        None => (asked.as_str(), None),
    });
    answer::user_devices(&users.collect::<Vec<_>>())
}

fn check_users(journal: &mut Journal, ids: &[String], users: &[Option<UserStatus>]) -> String {
    journal.say(Shape::CheckUser, &[]);
    let mut found = Vec::with_capacity(ids.len());
    for (asked, user) in ids.iter().zip(users) {
        journal.say(Shape::IsLocalUser, &[asked]);
        journal.say(Shape::IsLocalUserReturned, &[asked]);
        found.push((asked.as_str(), user.as_ref().map(|user| user.id.as_str())));
    }
    answer::check_users(&found)
}

fn device_profiles(journal: &mut Journal, ids: &[String], users: &[Option<UserStatus>]) -> String {
    let mut found = Vec::with_capacity(ids.len());
    for (asked, user) in ids.iter().zip(users) {
        found.push(match user {
            None => (asked.as_str(), Err(ErrorCode::NoSuchUser)),
            Some(user) => {
                journal.say(Shape::UserExists, &[]);
                journal.say_unnumbered(Shape::UserInfo, &[&user.id]);
                let profiles = Some(user.profiles.as_slice()).filter(|all| !all.is_empty());
                (user.id.as_str(), profiles.ok_or(ErrorCode::NoSuchProfile))
            }
        });
    }
    answer::device_profiles(&found)
}
