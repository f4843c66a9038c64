//! Reads of the tables, as the ports of a store show them.

use engine::{Login, OpenCounts, PhoneStatus, SeveralLogins, UserId, UserStatus, UtcMillis};
use terms::{LoginType, key, phone_key};

use super::Tables;

impl Tables {
    /// The open logins, the oldest first.
    #[must_use]
    pub fn open_logins(&self) -> Vec<Login> {
        let mut open: Vec<_> = self.open().map(|stored| stored.login.clone()).collect();
        open.sort_by_key(|login| (login.from, login.id));
        open
    }

    /// How many logins of each type are open.
    #[must_use]
    pub fn open_counts(&self) -> OpenCounts {
        let mut counts = OpenCounts::default();
        for stored in self.open() {
            *match stored.login.login_type {
                LoginType::Em => &mut counts.em,
                LoginType::Visiting => &mut counts.visiting,
                LoginType::Elsewhere => &mut counts.elsewhere,
                LoginType::Other => &mut counts.other,
            } += 1;
        }
        counts
    }

    /// The time at which the next open login is due.
    #[must_use]
    pub fn next_due(&self) -> Option<UtcMillis> {
        self.open().filter_map(|stored| stored.login.until).min()
    }

    /// The status of a phone, with its current and its last user.
    #[must_use]
    pub fn phone(&self, name: &str) -> Option<PhoneStatus> {
        let phone = self.phones.get(&phone_key(name))?;
        let here = |login: &Login| {
            login.phone.cluster.is_empty() && phone_key(&login.phone.name) == phone_key(name)
        };
        let mut open = self.open().map(|stored| &stored.login);
        Some(PhoneStatus {
            name: phone.name.clone(),
            user: open.find(|login| here(login)).map(|login| login.user.clone()),
            last_user: phone.last_user.clone(),
            address: phone.address.clone(),
            model: phone.model.clone(),
        })
    }

    /// The status of a user, with the phones of the user's open logins.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<UserStatus> {
        let user = self.users.get(&key(id))?;
        let own = UserId::own(id);
        let logins = self.open().map(|stored| &stored.login).filter(|login| login.user.is(&own));
        let mut logins: Vec<_> = logins.map(|one| (one.from, one.phone.name.clone())).collect();
        logins.sort();
        let phones = logins.into_iter().map(|(_, phone)| phone).collect();
        Some(UserStatus { id: user.id.clone(), phones, profiles: user.profiles.clone() })
    }

    /// All users of this cluster with more than one open login, those with the most logins first.
    #[must_use]
    pub fn several_logins(&self, own_phones: bool) -> SeveralLogins {
        let mut several = SeveralLogins::default();
        let counts = |login: &Login| !own_phones || login.phone.cluster.is_empty();
        let of_own = self.open().filter(|stored| stored.login.user.cluster.is_empty());
        for stored in of_own.filter(|stored| counts(&stored.login)) {
            let user = &stored.login.user;
            match several.named.iter_mut().find(|(one, _)| one.is(user)) {
                // A login that began without the rules may spell the user's id differently.
                Some((one, count)) => {
                    *count += 1;
                    one.id = one.id.clone().min(user.id.clone());
                }
                None => several.named.push((user.clone(), 1)),
            }
        }
        several.named.retain(|(_, count)| *count > 1);
        several.named.sort_by_key(|(user, count)| (std::cmp::Reverse(*count), user.id.clone()));
        several.users = several.named.len() as u64;
        several.extra = several.named.iter().map(|(_, count)| count - 1).sum();
        several
    }
}
