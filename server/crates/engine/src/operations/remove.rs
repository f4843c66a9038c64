//! Removing users, phones, device profiles and application users, with what depends on them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::Serialize;
use terms::{EndCause, RecordKind};

use super::{
    differences::Differences,
    end::{Ending, end},
    work::Work,
};
use crate::{
    Actor, AppUser, DeviceProfile, InUse, Phone, Removed, StoreError, User, UtcMillis,
    transaction::{Names, Rows, Transaction},
};

/// The fields that the audit does not show.
const SECRETS: [&str; 4] = ["pin_hash", "pin_history", "password_hash", "sip"];

/// Removes records of one kind, unless more depends on them than the actor has seen.
pub(crate) struct Remove {
    pub(crate) kind: RecordKind,
    pub(crate) names: Vec<String>,
    pub(crate) seen: InUse,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for Remove {
    type Output = Removed;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Removed, StoreError> {
        match self.kind {
            RecordKind::Users => self.remove::<User>(tx).await,
            RecordKind::Phones => self.remove::<Phone>(tx).await,
            RecordKind::DeviceProfiles => self.remove::<DeviceProfile>(tx).await,
            RecordKind::ApplicationUsers => self.remove::<AppUser>(tx).await,
        }
    }
}

impl Remove {
    async fn remove<T: Removable>(&self, tx: &mut dyn Transaction) -> Result<Removed, StoreError>
    where
        for<'t> dyn Transaction + 't: Rows<T>,
    {
        let rows = Rows::<T>::read(tx, &self.names).await?;
        // Two spellings of one name are one row.
        let mut seen = BTreeSet::new();
        let rows: Vec<T> = rows
            .into_iter()
            .flatten()
            .filter(|row: &T| seen.insert(row.name().to_owned()))
            .collect();
        let names: Vec<_> = rows.iter().map(|row| row.name().to_owned()).collect();
        let open = tx.open_of(self.kind, &names).await?;
        let mut users = match self.kind {
            RecordKind::DeviceProfiles => tx.users_with(&names).await?,
            _ => Vec::new(),
        };
        let in_use = InUse { logins: open.len() as u64, users: users.len() as u64 };
        if in_use.logins > self.seen.logins || in_use.users > self.seen.users {
            return Ok(Removed::MoreInUse(in_use));
        }
        for login in open {
            end(tx, login, Ending::of(T::CAUSE, &self.by), self.now).await?;
        }
        // Without a removed user, phone or application user, no request is valid that was before.
        let mut differences = Differences::default();
        differences.moves_on = true;
        for user in &mut users {
            let before = shown(&user.profiles)?;
            user.profiles.retain(|profile| !names.contains(profile));
            let what = format!("user {}", user.id);
            differences.compare(&what, "profiles", &before, &shown(&user.profiles)?);
        }
        Rows::<User>::write(tx, &users).await?;
        for row in &rows {
            differences.removed(&format!("{} {}", T::WHAT, row.name()), &without_secrets(row)?);
        }
        Rows::<T>::remove(tx, &names).await?;
        if !names.is_empty() {
            differences.write_down(tx, &self.by, self.now).await?;
        }
        Ok(Removed::Done { names, in_use })
    }
}

/// A kind of record that can be removed.
trait Removable: Serialize + Send + Sync {
    /// The kind in the audit, before the name.
    const WHAT: &'static str;
    /// The cause with which logins end; logins never depend on application users.
    const CAUSE: EndCause;

    fn name(&self) -> &str;
}

impl Removable for User {
    const WHAT: &'static str = "user";
    const CAUSE: EndCause = EndCause::UserRemoved;

    fn name(&self) -> &str {
        &self.id
    }
}

impl Removable for Phone {
    const WHAT: &'static str = "phone";
    const CAUSE: EndCause = EndCause::PhoneRemoved;

    fn name(&self) -> &str {
        &self.name
    }
}

impl Removable for DeviceProfile {
    const WHAT: &'static str = "device profile";
    const CAUSE: EndCause = EndCause::ProfileRemoved;

    fn name(&self) -> &str {
        &self.name
    }
}

impl Removable for AppUser {
    const WHAT: &'static str = "application user";
    const CAUSE: EndCause = EndCause::Forced;

    fn name(&self) -> &str {
        &self.id
    }
}

/// The old values of a row, as JSON.
fn without_secrets<T: Serialize>(row: &T) -> Result<String, StoreError> {
    let mut fields = serde_json::to_value(row).map_err(|error| unreadable(&error))?;
    if let Some(fields) = fields.as_object_mut() {
        fields.retain(|name, _| !SECRETS.contains(&name.as_str()));
    }
    Ok(fields.to_string())
}

fn shown(names: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(names).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}
