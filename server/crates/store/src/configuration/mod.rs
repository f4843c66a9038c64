//! The configuration: reading what rules requests, and applying changes.

mod entries;
mod parameters;
mod spelling;
mod upsert;

use engine::{
    Actor, ConfigurationChange, Difference, EventKind, Upkeep, UpkeepChange, UtcMillis, Version,
    ports::StoreError,
};
use sqlx::SqliteConnection;
use terms::saving;

use crate::{error, in_force::read, notes::Notes, rows};
pub(crate) use parameters::{history, impact, last_changes, one_change, save};

/// Applies a change; says what was different and whether to commit it.
pub(crate) async fn apply(
    tx: &mut SqliteConnection,
    change: ConfigurationChange,
    actor: Actor,
    now: UtcMillis,
    dry_run: bool,
) -> Result<(Vec<Difference>, bool), StoreError> {
    let mut differences = Differences::default();
    let before = read(tx).await?;
    if let Some(release) = change.release {
        differences
            .compare("cluster", &[("release", before.release.to_string(), release.to_string())]);
        sqlx::query("UPDATE configuration SET release = ?")
            .bind(release.to_string())
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
    }
    set_upkeep(tx, &mut differences, before.upkeep, change.upkeep).await?;
    let named = saving::named(&change.parameters)
        .map_err(|error| StoreError::Invalid(error.to_string()))?;
    let values = saving::changes_of_file(&named, &before.parameters);
    let release = change.release.unwrap_or(before.release);
    parameters::set(tx, &mut differences, (&before.parameters, release), values, &actor, now)
        .await?;
    // Profiles go before users, who name them.
    entries::app_users(tx, &mut differences, change.app_users).await?;
    entries::profiles(tx, &mut differences, change.profiles).await?;
    entries::users(tx, &mut differences, change.users, &actor, now).await?;
    entries::phones(tx, &mut differences, change.phones).await?;
    entries::remote_clusters(tx, &mut differences, change.remote_clusters).await?;

    let differences = differences.0;
    if differences.is_empty() {
        return Ok((differences, false));
    }
    let version = move_on(tx).await?;
    let mut notes = Notes::default();
    note(&mut notes, &differences, &actor, now);
    notes.event(now, &EventKind::ConfigurationChanged { version })?;
    notes.write(tx).await?;
    Ok((differences, !dry_run))
}

/// Moves the configuration to its next version.
async fn move_on(tx: &mut SqliteConnection) -> Result<Version, StoreError> {
    let version: i64 =
        sqlx::query_scalar("UPDATE configuration SET version = version + 1 RETURNING version")
            .fetch_one(tx)
            .await
            .map_err(error::store)?;
    Ok(Version(rows::count(version)?))
}

fn note(notes: &mut Notes, differences: &[Difference], actor: &Actor, now: UtcMillis) {
    for Difference { what, field, from, to } in differences {
        let subject = format!("{what} {field}").trim_end().to_owned();
        let detail = match from {
            Some(from) => format!("{from} → {to}"),
            None => to.clone(),
        };
        notes.audit(now, actor, "configure", subject, detail);
    }
}

async fn set_upkeep(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    before: Upkeep,
    change: UpkeepChange,
) -> Result<(), StoreError> {
    let after = Upkeep {
        history_days: change.history_days.unwrap_or(before.history_days),
        audit_days: change.audit_days.unwrap_or(before.audit_days),
        event_days: change.event_days.unwrap_or(before.event_days),
        log_outs_per_second: change.log_outs_per_second.unwrap_or(before.log_outs_per_second),
    };
    let texts = |old: u32, new: u32| (old.to_string(), new.to_string());
    for (field, (old, new)) in [
        ("history_days", texts(before.history_days, after.history_days)),
        ("audit_days", texts(before.audit_days, after.audit_days)),
        ("event_days", texts(before.event_days, after.event_days)),
        ("log_outs_per_second", texts(before.log_outs_per_second, after.log_outs_per_second)),
    ] {
        differences.compare("cluster", &[(field, old, new)]);
    }
    if after == before {
        return Ok(());
    }
    sqlx::query(
        "UPDATE configuration SET history_days = ?, audit_days = ?, event_days = ?,
                log_outs_per_second = ?",
    )
    .bind(after.history_days)
    .bind(after.audit_days)
    .bind(after.event_days)
    .bind(after.log_outs_per_second)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(())
}

/// What a change has found to be different so far.
#[derive(Default)]
pub(super) struct Differences(Vec<Difference>);

impl Differences {
    /// Compares named values, old and new.
    pub(super) fn compare(&mut self, what: &str, fields: &[(&'static str, String, String)]) {
        for (field, old, new) in fields {
            if old != new {
                self.0.push(Difference {
                    what: what.to_owned(),
                    field: (*field).to_owned(),
                    from: Some(old.clone()),
                    to: new.clone(),
                });
            }
        }
    }

    /// Notes something that was not there before.
    pub(super) fn added(&mut self, what: &str) {
        let (what, field) = (what.to_owned(), String::new());
        self.0.push(Difference { what, field, from: None, to: "added".to_owned() });
    }

    /// Notes that a secret was changed, without it.
    pub(super) fn secret(&mut self, what: &str, field: &str) {
        let (what, field) = (what.to_owned(), field.to_owned());
        self.0.push(Difference { what, field, from: None, to: "changed".to_owned() });
    }
}
