//! Questions about phones and users.

use engine::UserId;
use terms::ErrorCode;

use super::{
    Em, Step,
    asker::{Asker, May},
    request::Answer,
    store_code,
};

impl Em {
    /// The phones of these names, from one snapshot.
    /// An end user may ask only about phones at which that user is logged in.
    pub(super) async fn phones(&self, asker: &Asker, names: &[String]) -> Result<Step, ErrorCode> {
        let (version, phones) = self.cluster.store.phones(names).await.map_err(store_code)?;
        let is_theirs = |user: &UserId| user.cluster.is_empty() && asker.may_act_for(&user.id);
        let are_theirs = || {
            let mut users = phones.iter().map(|phone| phone.as_ref()?.user.as_ref());
            users.all(|user| user.is_some_and(is_theirs))
        };
        if asker.may == May::Themselves && !are_theirs() {
            return Err(ErrorCode::NoProxyRights);
        }
        let is_current = version == asker.version;
        Ok(if is_current { Step::Answer(Answer::Phones(phones)) } else { Step::Moved })
    }

    /// The users of these ids, from one snapshot.
    /// An end user may ask about that user alone; a phone may ask about any user, since any user may
    /// want to log in.
    pub(super) async fn users(&self, asker: &Asker, ids: &[String]) -> Result<Step, ErrorCode> {
        if asker.may != May::WhoIsThere && !ids.iter().all(|id| asker.may_act_for(id)) {
            return Ok(Step::Refused(ErrorCode::NoProxyRights));
        }
        let (version, users) = self.cluster.store.users(ids).await.map_err(store_code)?;
        let is_current = version == asker.version;
        Ok(if is_current { Step::Answer(Answer::Users(users)) } else { Step::Moved })
    }
}
