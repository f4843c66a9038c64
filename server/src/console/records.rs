//! One user, phone, device profile or application user, and acts on several of them.

use std::collections::HashSet;

use app::api::{
    ActOutcome, ActPreview, ActQuery, ActScope, DirectoryQuery, MAX_ACTED, RecordAct, RecordAnswer,
    RecordOutcome, RecordPage, RecordTexts, RecordView, Refused, TYPED_COUNT_FROM, UsedBy,
};
use engine::{Edited, InUse, Removed};
use serde::{Deserialize, Serialize};
use terms::{FieldControl, RecordField, RecordKind, Role};

use super::request::{ConsoleRequest, refused};
use crate::admin::{Caller, Record, RecordError};

/// The names under which a session keeps answers to forms without JavaScript.
const RECORD: &str = "record";
const ACT: &str = "act";

/// An answer, with the record whose page shows it.
#[derive(Serialize, Deserialize)]
struct Kept {
    kind: RecordKind,
    name: String,
    answer: RecordAnswer,
}

impl ConsoleRequest {
    pub(super) async fn record(&self, kind: RecordKind, name: &str) -> Result<RecordPage, Refused> {
        let caller = self.caller().await?;
        let record = match name {
            "" => None,
            name => self.stored(&caller, kind, name).await?,
        };
        let used_by = match &record {
            Some(Record { name, .. }) => {
                self.used_by(&caller, kind, std::slice::from_ref(name)).await?
            }
            None => UsedBy::default(),
        };
        let kept: Option<Kept> = self.answered(RECORD).await;
        // An answer to a form of another page is dropped: that page was never shown.
        let is_here = |of: &str| of == name || record.as_ref().is_some_and(|one| one.name == of);
        let kept = kept.filter(|kept| kept.kind == kind && is_here(&kept.name));
        Ok(RecordPage {
            record: record.map(|record| RecordView {
                name: record.name,
                values: record.values,
                used_by,
            }),
            may_change: caller.may(Role::Administrator),
            answer: kept.map(|kept| kept.answer),
        })
    }

    pub(super) async fn edit_record(
        &self,
        kind: RecordKind,
        name: String,
        values: RecordTexts,
        seen: RecordTexts,
    ) -> Result<RecordOutcome, Refused> {
        let caller = self.caller().await?;
        let values = with_flags(kind, values);
        let is_new = name.is_empty();
        let outcome = self.edit(&caller, kind, &name, values.clone(), seen.clone()).await?;
        let page = match &outcome {
            RecordOutcome::Added(added) if is_new => added.clone(),
            _ => name,
        };
        let answer = answer(outcome.clone(), values, seen, is_new);
        self.answer_form(RECORD, &Kept { kind, name: page, answer }).await;
        Ok(outcome)
    }

    async fn edit(
        &self,
        caller: &Caller,
        kind: RecordKind,
        name: &str,
        values: RecordTexts,
        seen: RecordTexts,
    ) -> Result<RecordOutcome, Refused> {
        let (is_new, before, typed) = (name.is_empty(), seen.clone(), values.clone());
        let added = name_in(kind, &values);
        let seen = (!is_new).then_some(seen);
        match self.admin.edit_record(caller, kind, name, values, seen).await {
            Ok(Edited::Done(_)) if is_new => Ok(RecordOutcome::Added(added)),
            Ok(Edited::Done(differences)) if differences.is_empty() => Ok(RecordOutcome::Nothing),
            Ok(Edited::Done(_)) => Ok(RecordOutcome::Saved),
            Ok(Edited::Exists) => Ok(RecordOutcome::Exists),
            Ok(Edited::Gone) => Ok(RecordOutcome::Gone),
            Ok(Edited::Conflict) => {
                let Some(now) = self.stored(caller, kind, name).await? else {
                    return Ok(RecordOutcome::Gone);
                };
                // A field that this editor leaves alone keeps what the other one has set.
                let is_other = |(field, now): &(RecordField, String)| {
                    let (seen, typed) = (before.get(field), typed.get(field));
                    seen.zip(typed)
                        .is_some_and(|(seen, typed)| !is_same(seen, now) && !is_same(seen, typed))
                };
                Ok(RecordOutcome::Conflict(now.values.into_iter().filter(is_other).collect()))
            }
            Err(RecordError::Field(field, problem)) => Ok(RecordOutcome::Wrong(field, problem)),
            Err(RecordError::Admin(error)) => Err(refused(error)),
        }
    }

    pub(super) async fn act_preview(&self, query: ActQuery) -> Result<ActPreview, Refused> {
        let ActQuery { kind, scope, .. } = query;
        let caller = self.caller().await?;
        let (names, matching) = match scope {
            ActScope::Named(names) => self.existing(&caller, kind, names).await?,
            ActScope::Matching(query) => {
                self.matching(&caller, &DirectoryQuery { kind, ..query }).await?
            }
        };
        let used_by = self.used_by(&caller, kind, &names).await?;
        Ok(ActPreview {
            matching,
            names,
            used_by,
            may_change: caller.may(Role::Administrator),
            answer: self.answered(ACT).await,
        })
    }

    /// The records of these names, in their stored spelling.
    async fn existing(
        &self,
        caller: &Caller,
        kind: RecordKind,
        mut names: Vec<String>,
    ) -> Result<(Vec<String>, u64), Refused> {
        names.truncate(MAX_ACTED as usize);
        let records = self.admin.records(caller, kind, &names).await.map_err(refused)?;
        // An address can name a record in two spellings.
        let mut seen = HashSet::new();
        let existing: Vec<_> = records
            .into_iter()
            .map(|record| record.name)
            .filter(|name| seen.insert(name.clone()))
            .collect();
        let count = existing.len() as u64;
        Ok((existing, count))
    }

    async fn stored(
        &self,
        caller: &Caller,
        kind: RecordKind,
        name: &str,
    ) -> Result<Option<Record>, Refused> {
        let names = [name.to_owned()];
        Ok(self.admin.records(caller, kind, &names).await.map_err(refused)?.pop())
    }

    async fn used_by(
        &self,
        caller: &Caller,
        kind: RecordKind,
        names: &[String],
    ) -> Result<UsedBy, Refused> {
        self.admin.in_use(caller, kind, names).await.map(used_by).map_err(refused)
    }

    pub(super) async fn act_on_records(
        &self,
        kind: RecordKind,
        act: RecordAct,
        names: Vec<String>,
        seen: UsedBy,
        count: &str,
    ) -> Result<ActOutcome, Refused> {
        let caller = self.caller().await?;
        let number = names.len() as u64;
        let is_bounded = number > 0 && number <= u64::from(MAX_ACTED);
        let outcome = if !is_bounded || !RecordAct::of(kind).contains(&act) {
            ActOutcome::Nobody
        } else if number >= TYPED_COUNT_FROM
            && count.trim().replace([',', '.', ' '], "") != number.to_string()
        {
            ActOutcome::CountWrong
        } else {
            self.act(&caller, kind, act, names, seen).await?
        };
        self.answer_form(ACT, &outcome).await;
        Ok(outcome)
    }

    async fn act(
        &self,
        caller: &Caller,
        kind: RecordKind,
        act: RecordAct,
        names: Vec<String>,
        seen: UsedBy,
    ) -> Result<ActOutcome, Refused> {
        let flag = match act {
            RecordAct::Enable => (enabled(kind), true),
            RecordAct::Disable => (enabled(kind), false),
            RecordAct::MustChangePin => (RecordField::PinMustChange, true),
            RecordAct::Remove => {
                let seen = InUse { logins: seen.logins, users: seen.users };
                let removed = self.admin.remove_records(caller, kind, names, seen).await;
                return Ok(match removed.map_err(refused)? {
                    Removed::Done { names, .. } if names.is_empty() => ActOutcome::Nobody,
                    Removed::Done { names, in_use } => {
                        let changed = names.len() as u64;
                        ActOutcome::Done { changed, used_by: used_by(in_use) }
                    }
                    Removed::MoreInUse(in_use) => ActOutcome::MoreInUse(used_by(in_use)),
                });
            }
        };
        let mut ends = UsedBy::default();
        if act == RecordAct::Disable && kind == RecordKind::Users {
            ends = self.used_by(caller, kind, &names).await?;
            if ends.logins > seen.logins {
                return Ok(ActOutcome::MoreInUse(ends));
            }
        }
        match self.admin.set_flag(caller, kind, names, flag).await {
            Ok(changed) => Ok(ActOutcome::Done { changed, used_by: ends }),
            Err(RecordError::Admin(error)) => Err(refused(error)),
            // The value of a flag is always valid.
            Err(RecordError::Field(..)) => Err(Refused::Unavailable),
        }
    }
}

/// The answer to a form without JavaScript: what its editor has typed, and has seen before. Fields that the editor has
/// left alone are as they are stored.
fn answer(
    outcome: RecordOutcome,
    values: RecordTexts,
    mut seen: RecordTexts,
    is_new: bool,
) -> RecordAnswer {
    let is_typed = |field: &RecordField, typed: &String| {
        is_new || seen.get(field).is_some_and(|seen| !is_same(seen, typed))
    };
    let typed: RecordTexts = values
        .into_iter()
        .filter(|(field, typed)| !is_secret(*field) && is_typed(field, typed))
        .collect();
    seen.retain(|field, _| typed.contains_key(field));
    // The second save overwrites: its editor has then seen the other values.
    if let RecordOutcome::Conflict(now) = &outcome {
        seen.extend(now.clone());
    }
    RecordAnswer { outcome, typed, seen }
}

/// The field that lets users log in, or enables Extension Mobility on phones.
const fn enabled(kind: RecordKind) -> RecordField {
    match kind {
        RecordKind::Phones => RecordField::ExtensionMobility,
        _ => RecordField::Enabled,
    }
}

/// The values with those of boxes without a tick, which browsers do not send.
fn with_flags(kind: RecordKind, mut values: RecordTexts) -> RecordTexts {
    for field in kind.fields() {
        if field.control() == FieldControl::Flag {
            values.entry(*field).or_insert_with(|| "false".to_owned());
        }
    }
    values
}

fn name_in(kind: RecordKind, values: &RecordTexts) -> String {
    let name = kind.fields().first().and_then(|field| values.get(field));
    name.map(|name| name.trim().to_owned()).unwrap_or_default()
}

fn is_secret(field: RecordField) -> bool {
    field.control() == FieldControl::Secret
}

/// Whether two values are equal but for the line ends and blanks that a browser adds.
fn is_same(one: &str, other: &str) -> bool {
    one.replace("\r\n", "\n").trim() == other.replace("\r\n", "\n").trim()
}

const fn used_by(in_use: InUse) -> UsedBy {
    let InUse { logins, users } = in_use;
    UsedBy { logins, users }
}
