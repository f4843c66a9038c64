//! `deviceUserQuery`, `userDevicesQuery`, `checkUser` and `deviceProfileQuery`.

use engine::{Version, ports::Lookups};
use terms::ErrorCode;
use wire::{
    answer,
    request::{EmRequest, Operation},
    trace::Shape,
};

use super::{
    EmService, Step,
    asker::{Asker, May},
    journal::Journal,
    store_code,
};

impl EmService {
    /// Answers a query, from one moment. An end user may ask about themselves alone.
    pub(super) async fn query(
        &self,
        asker: &Asker,
        operation: &Operation,
        journal: &mut Journal,
    ) -> Result<Step, ErrorCode> {
        if let Operation::UserDevices(ids)
        | Operation::CheckUsers(ids)
        | Operation::DeviceProfiles(ids) = operation
            && !ids.iter().all(|id| asker.may_act_for(id))
        {
            return Ok(Step::Refused(ErrorCode::NoProxyRights));
        }
        let (version, answer) = match operation {
            Operation::DeviceUsers(names) => self.device_users(asker, names, journal).await?,
            Operation::UserDevices(ids) => self.user_devices(ids).await?,
            Operation::CheckUsers(ids) => self.check_users(ids, journal).await?,
            Operation::DeviceProfiles(ids) => self.device_profiles(ids, journal).await?,
            _ => return Err(ErrorCode::QueryUndetermined),
        };
        if version != asker.version {
            return Ok(Step::Moved);
        }
        Ok(Step::Answer(answered(journal, false, answer)))
    }

    async fn device_users(
        &self,
        asker: &Asker,
        names: &[String],
        journal: &mut Journal,
    ) -> Result<(Version, String), ErrorCode> {
        let (version, phones) = self.cluster.store.phones(names).await.map_err(store_code)?;
        if asker.may == May::Themselves {
            let is_theirs = |user: &String| asker.may_act_for(user);
            let theirs = phones.iter().all(|phone| {
                phone.as_ref().and_then(|phone| phone.user.as_ref()).is_some_and(is_theirs)
            });
            if !theirs {
                return Err(ErrorCode::NoProxyRights);
            }
        }
        let mut devices = Vec::with_capacity(names.len());
        for (name, phone) in names.iter().zip(&phones) {
            journal.say(Shape::QueryingUser, &[name]);
            journal.say(Shape::DeviceObject, &[]);
            journal.say(Shape::GettingDevice, &[name]);
            let status = phone.as_ref().map(|phone| {
                let (user, last_user) = (phone.user.as_deref(), phone.last_user.as_deref());
                journal.say(Shape::GotDevice, &[name]);
                if user.is_none() {
                    journal.say(Shape::DeviceLoggedOut, &[]);
                }
                journal.say(Shape::InfoUser, &[&user.unwrap_or("")]);
                journal.say(Shape::InfoLastUser, &[&last_user.unwrap_or("")]);
                answer::DeviceUser { user, last_user, emcc: false }
            });
            // A phone that is known is answered in its stored spelling.
            let stored = phone.as_ref().map_or(name, |phone| &phone.name);
            devices.push((stored.as_str(), status));
        }
        Ok((version, answer::device_users(&devices)))
    }

    async fn user_devices(&self, ids: &[String]) -> Result<(Version, String), ErrorCode> {
        let (version, users) = self.cluster.store.users(ids).await.map_err(store_code)?;
        let users: Vec<_> = ids
            .iter()
            .zip(&users)
            .map(|(asked, user)| match user {
                Some(user) => (user.id.as_str(), Some(user.phones.as_slice())),
                None => (asked.as_str(), None),
            })
            .collect();
        Ok((version, answer::user_devices(&users)))
    }

    async fn check_users(
        &self,
        ids: &[String],
        journal: &mut Journal,
    ) -> Result<(Version, String), ErrorCode> {
        journal.say(Shape::CheckUser, &[]);
        let (version, users) = self.cluster.store.users(ids).await.map_err(store_code)?;
        let mut found = Vec::with_capacity(ids.len());
        for (asked, user) in ids.iter().zip(&users) {
            journal.say(Shape::IsLocalUser, &[asked]);
            journal.say(Shape::IsLocalUserReturned, &[asked]);
            found.push((asked.as_str(), user.as_ref().map(|user| user.id.as_str())));
        }
        Ok((version, answer::check_users(&found)))
    }

    async fn device_profiles(
        &self,
        ids: &[String],
        journal: &mut Journal,
    ) -> Result<(Version, String), ErrorCode> {
        let (version, users) = self.cluster.store.users(ids).await.map_err(store_code)?;
        let mut found = Vec::with_capacity(ids.len());
        for (asked, user) in ids.iter().zip(&users) {
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
        Ok((version, answer::device_profiles(&found)))
    }
}

/// What is noted before it is known who asks.
pub(super) fn begin(journal: &mut Journal, request: &EmRequest) {
    journal.say(Shape::Request, &[&request.shown]);
    journal.say(Shape::Authenticate, &[]);
}

/// An answer, noted.
pub(super) fn answered(journal: &mut Journal, failed: bool, answer: String) -> String {
    let end = if failed { Shape::QueryFailed } else { Shape::QueryComplete };
    journal.say(end, &[]);
    journal.say(Shape::QueryAnswer, &[&answer]);
    answer
}
