//! Editing one record, unless somebody else has changed the same values meanwhile.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use terms::RecordKind;

use super::{Apply, work::Work};
use crate::{
    Actor, AppUser, ConfigurationChange, DeviceProfile, Edited, Phone, RecordEdit, StoreError,
    User, UtcMillis,
    transaction::{Names, Rows, Transaction},
};

/// Adds or changes one record.
pub(crate) struct Edit {
    pub(crate) wanted: RecordEdit,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for Edit {
    type Output = Edited;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Edited, StoreError> {
        let RecordEdit { kind, name, change, seen } = &self.wanted;
        let is_there = exists(tx, *kind, name).await?;
        match seen {
            None if is_there => return Ok(Edited::Exists),
            Some(_) if !is_there => return Ok(Edited::Gone),
            None => {}
            Some(seen) => {
                if self.apply(change, true).run(tx).await?.is_empty() {
                    return Ok(Edited::Done(Vec::new()));
                }
                // The seen values are no change as long as they are the stored ones.
                match self.apply(seen, true).run(tx).await {
                    Ok(differences) if differences.is_empty() => {}
                    // A seen device profile that has been removed meanwhile is not valid any more.
                    Ok(_) | Err(StoreError::Invalid(_)) => return Ok(Edited::Conflict),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(Edited::Done(self.apply(change, false).run(tx).await?))
    }
}

impl Edit {
    fn apply(&self, change: &ConfigurationChange, dry_run: bool) -> Apply {
        let (by, now) = (self.by.clone(), self.now);
        let profiles = Arc::new(HashMap::new());
        Apply { change: change.clone(), profiles, enable_new: None, by, now, dry_run }
    }
}

async fn exists(
    tx: &mut dyn Transaction,
    kind: RecordKind,
    name: &str,
) -> Result<bool, StoreError> {
    let names = [name.to_owned()];
    Ok(match kind {
        RecordKind::Users => has_row(&Rows::<User>::read(tx, &names).await?),
        RecordKind::Phones => has_row(&Rows::<Phone>::read(tx, &names).await?),
        RecordKind::DeviceProfiles => has_row(&Rows::<DeviceProfile>::read(tx, &names).await?),
        RecordKind::ApplicationUsers => has_row(&Rows::<AppUser>::read(tx, &names).await?),
    })
}

fn has_row<T>(rows: &[Option<T>]) -> bool {
    rows.iter().any(Option::is_some)
}
