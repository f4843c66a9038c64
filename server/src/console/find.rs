//! Users and phones by a part of a name.

use app::{
    api::{FOUND_NAMES, Found, FoundName, Refused},
    phone_url, user_url,
};
use engine::{FoundNames, FoundPhone};

use super::request::{ConsoleRequest, refused};

impl ConsoleRequest {
    pub(super) async fn find_names(&self, find: &str) -> Result<Found, Refused> {
        let caller = self.caller().await?;
        let found = self.admin.find_names(&caller, find, FOUND_NAMES).await.map_err(refused)?;
        let FoundNames { users, phones } = found;
        let user = |name: String| FoundName { to: user_url(&name), note: String::new(), name };
        let phone = |FoundPhone { name, model, description }: FoundPhone| {
            let parts = [description, model].into_iter().filter(|part| !part.is_empty());
            let note = parts.collect::<Vec<_>>().join(" · ");
            FoundName { to: phone_url(&name), note, name }
        };
        Ok(Found {
            users: users.into_iter().map(user).collect(),
            phones: phones.into_iter().map(phone).collect(),
        })
    }
}
