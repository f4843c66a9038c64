//! Adding, changing and removing administrators. At least one administrator who may do everything remains.

use async_trait::async_trait;
use terms::{Named, key};

use super::work::Work;
use crate::{
    Actor, Administrator, AdministratorChange, AdministratorError, StoreError, UtcMillis,
    transaction::{Act, Names, Transaction},
};

type Changed = Result<(), AdministratorError>;

pub(crate) struct AddAdministrator {
    pub(crate) administrator: Administrator,
    /// Whether to add the administrator only while there are no administrators.
    pub(crate) first: bool,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for AddAdministrator {
    type Output = Changed;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Changed, StoreError> {
        let Administrator { name, role, .. } = &self.administrator;
        let all = tx.administrators().await?;
        if self.first && !all.is_empty() {
            return Ok(Err(AdministratorError::NotTheFirst));
        }
        if all.iter().any(|one| key(&one.name) == key(name)) {
            return Ok(Err(AdministratorError::Taken(name.clone())));
        }
        tx.put_administrator(&self.administrator, self.now).await?;
        let (action, subject, detail) = ("add_administrator", name.clone(), role.name().to_owned());
        tx.audit(self.now, &self.by, Act { action, subject, detail }).await?;
        Ok(Ok(()))
    }
}

pub(crate) struct ChangeAdministrator {
    pub(crate) name: String,
    pub(crate) change: AdministratorChange,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for ChangeAdministrator {
    type Output = Changed;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Changed, StoreError> {
        let all = tx.administrators().await?;
        let (one, others) = match apart(all, &self.name) {
            Ok(found) => found,
            Err(unknown) => return Ok(Err(unknown)),
        };
        let AdministratorChange { password_hash, role, enabled } = self.change.clone();
        let after = Administrator {
            name: one.name.clone(),
            password_hash: password_hash.clone().unwrap_or(one.password_hash),
            role: role.unwrap_or(one.role),
            enabled: enabled.unwrap_or(one.enabled),
        };
        let mut details = Vec::new();
        if password_hash.is_some() {
            details.push("password changed".to_owned());
        }
        if after.role != one.role {
            details.push(format!("role {} → {}", one.role.name(), after.role.name()));
        }
        if after.enabled != one.enabled {
            details.push(if after.enabled { "enabled" } else { "disabled" }.to_owned());
        }
        if details.is_empty() {
            return Ok(Ok(()));
        }
        if !others.iter().chain([&after]).any(Administrator::may_do_everything) {
            return Ok(Err(AdministratorError::Last));
        }
        tx.put_administrator(&after, self.now).await?;
        tx.end_sessions(&one.name, None).await?;
        let (action, detail) = ("change_administrator", details.join(", "));
        tx.audit(self.now, &self.by, Act { action, subject: one.name, detail }).await?;
        Ok(Ok(()))
    }
}

pub(crate) struct RemoveAdministrator {
    pub(crate) name: String,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for RemoveAdministrator {
    type Output = Changed;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Changed, StoreError> {
        let all = tx.administrators().await?;
        let (one, others) = match apart(all, &self.name) {
            Ok(found) => found,
            Err(unknown) => return Ok(Err(unknown)),
        };
        if !others.iter().any(Administrator::may_do_everything) {
            return Ok(Err(AdministratorError::Last));
        }
        tx.delete_administrator(&one.name).await?;
        tx.end_sessions(&one.name, None).await?;
        let (action, detail) = ("remove_administrator", String::new());
        tx.audit(self.now, &self.by, Act { action, subject: one.name, detail }).await?;
        Ok(Ok(()))
    }
}

/// Ends the sessions of an administrator.
pub(crate) struct SignOut {
    pub(crate) name: String,
    /// The hash of the id of the session that stays open.
    pub(crate) keep: Option<[u8; 32]>,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for SignOut {
    type Output = u64;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<u64, StoreError> {
        let ended = tx.end_sessions(&self.name, self.keep).await?;
        let (action, subject) = ("sign_out_everywhere", self.name.clone());
        let act = Act { action, subject, detail: ended.to_string() };
        tx.audit(self.now, &self.by, act).await?;
        Ok(ended)
    }
}

/// The administrator of this name, and the other administrators.
fn apart(
    all: Vec<Administrator>,
    name: &str,
) -> Result<(Administrator, Vec<Administrator>), AdministratorError> {
    let (mut one, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| key(&one.name) == key(name));
    let one = one.pop().ok_or_else(|| AdministratorError::Unknown(name.to_owned()))?;
    Ok((one, others))
}
