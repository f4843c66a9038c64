//! One user, phone, device profile or application user, and acts on several of them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::{FieldProblem, Named, RecordField, RecordKind};

#[cfg(feature = "ssr")]
use super::console;
use super::{DirectoryQuery, Json, Refused};
use crate::address::{Query, address};

/// The most records on which one act is done.
pub const MAX_ACTED: u32 = 1_000;
/// The most records that a confirmation names.
pub const NAMED_RECORDS: usize = 10;

/// The texts of fields; secrets are empty.
pub type RecordTexts = BTreeMap<RecordField, String>;

/// What depends on records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedBy {
    /// The number of open logins.
    pub logins: u64,
    /// The number of users who have one of the device profiles.
    pub users: u64,
}

/// The form of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPage {
    /// The record; `None` for a new one, and when there is none of this name.
    pub record: Option<RecordView>,
    /// Whether the viewer may change the record.
    pub may_change: bool,
    /// The answer to a form without JavaScript.
    pub answer: Option<RecordAnswer>,
}

/// A record as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// The name in the stored spelling.
    pub name: String,
    /// The value of each field.
    pub values: RecordTexts,
    /// What depends on the record.
    pub used_by: UsedBy,
}

/// The result of a form about a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordOutcome {
    /// A record of this name is added.
    Added(String),
    /// The record is changed.
    Saved,
    /// The record had these values.
    Nothing,
    /// Nothing is changed: these are the stored values of fields that somebody else has changed meanwhile.
    Conflict(RecordTexts),
    /// Nothing is changed: a value is not valid.
    Wrong(RecordField, FieldProblem),
    /// Nothing is changed: a record of this name exists.
    Exists,
    /// Nothing is changed: the record does not exist any more.
    Gone,
}

/// The answer to a form without JavaScript, with the typed values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordAnswer {
    /// The answer.
    pub outcome: RecordOutcome,
    /// The values that differ from the seen ones, without secrets.
    pub typed: RecordTexts,
    /// The values that the editor has seen in these fields.
    pub seen: RecordTexts,
}

/// The address of a record's form; an empty name is a new record.
#[must_use]
pub fn record_url(kind: RecordKind, name: &str) -> String {
    let path = format!("/directory/{}", kind.name());
    if name.is_empty() {
        address(&path, &[("new", "1".to_owned())])
    } else {
        address(&path, &[("edit", name.to_owned())])
    }
}

/// An act on several records.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RecordAct {
    /// Users may log in, Extension Mobility is enabled on phones.
    Enable,
    /// Users may not log in and are logged out, Extension Mobility is disabled on phones.
    Disable,
    /// Users have to choose another PIN.
    MustChangePin,
    /// The records are removed.
    Remove,
}

impl Named for RecordAct {}

impl RecordAct {
    /// The acts on records of a kind.
    #[must_use]
    pub const fn of(kind: RecordKind) -> &'static [Self] {
        match kind {
            RecordKind::Users => &[Self::Enable, Self::Disable, Self::MustChangePin, Self::Remove],
            RecordKind::Phones => &[Self::Enable, Self::Disable, Self::Remove],
            RecordKind::DeviceProfiles | RecordKind::ApplicationUsers => &[Self::Remove],
        }
    }
}

/// The records of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActScope {
    /// The records of these names.
    Named(Vec<String>),
    /// All records that match.
    Matching(DirectoryQuery),
}

/// An act with its records; the address of the confirmation holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActQuery {
    /// The kind of the records.
    pub kind: RecordKind,
    /// The act.
    pub act: RecordAct,
    /// The records.
    pub scope: ActScope,
}

impl ActQuery {
    /// Reads an act from an address; `None` for an address without one.
    #[must_use]
    pub fn read(kind: RecordKind, query: &Query) -> Option<Self> {
        let act = RecordAct::from_name(&query.get("act")?)?;
        let scope = match query.get("all") {
            Some(_) => ActScope::Matching(DirectoryQuery::read(kind, query)),
            None => ActScope::Named(query.get_all("name")),
        };
        RecordAct::of(kind).contains(&act).then_some(Self { kind, act, scope })
    }
}

/// The records of an act, and what depends on them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActPreview {
    /// The number of records that match.
    pub matching: u64,
    /// The names; empty for more than [`MAX_ACTED`] records.
    pub names: Vec<String>,
    /// What depends on the records.
    pub used_by: UsedBy,
    /// Whether the viewer may act.
    pub may_change: bool,
    /// The answer to a form without JavaScript.
    pub answer: Option<ActOutcome>,
}

/// The result of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActOutcome {
    /// The act is done.
    Done {
        /// The number of records that are changed.
        changed: u64,
        /// What depended on removed records: logins that have ended, and users who have lost a device profile.
        used_by: UsedBy,
    },
    /// Nothing is done: this much depends on the records now.
    MoreInUse(UsedBy),
    /// Nothing is done: the typed number is not the number of records.
    CountWrong,
    /// Nothing is done: there are no records of these names.
    Nobody,
}

/// A record; an empty name is a new record.
///
/// # Errors
/// When nobody is signed in or the server can't read the record.
#[server(prefix = "/call", endpoint = "record", input = Json, output = Json)]
pub async fn read_record(kind: RecordKind, name: String) -> Result<RecordPage, Refused> {
    console().record(kind, name).await
}

/// Adds a record, or changes the fields of a record whose values differ from the seen ones.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't.
#[server(prefix = "/call", endpoint = "edit-record", output = Json)]
pub async fn edit_record(
    /// The kind of the record.
    kind: RecordKind,
    /// The record's name; empty for a new record.
    #[server(default)]
    name: String,
    /// The typed values.
    #[server(default)]
    values: RecordTexts,
    /// The values that the form's page showed.
    #[server(default)]
    seen: RecordTexts,
) -> Result<RecordOutcome, Refused> {
    let outcome = console().edit_record(kind, name, values, seen).await?;
    if let RecordOutcome::Added(name) = &outcome
        && console().is_form()
    {
        leptos_axum::redirect(&record_url(kind, name));
    }
    Ok(outcome)
}

/// The records of an act.
///
/// # Errors
/// As [`read_record`].
#[server(prefix = "/call", endpoint = "act-preview", input = Json, output = Json)]
pub async fn read_act_preview(query: ActQuery) -> Result<ActPreview, Refused> {
    console().act_preview(query).await
}

/// Acts on records.
///
/// # Errors
/// As [`edit_record`].
#[server(prefix = "/call", endpoint = "act-on-records", output = Json)]
pub async fn act_on_records(
    /// The kind of the records.
    kind: RecordKind,
    /// The act.
    act: RecordAct,
    /// The names, each on a line.
    #[server(default)]
    names: String,
    /// The number of open logins that the page showed.
    #[server(default)]
    logins: u64,
    /// The number of users that the page showed.
    #[server(default)]
    users: u64,
    /// The typed number of records, from [`super::TYPED_COUNT_FROM`] records on.
    #[server(default)]
    count: String,
) -> Result<ActOutcome, Refused> {
    let names = names.lines().map(ToOwned::to_owned).collect();
    console().act_on_records(kind, act, names, UsedBy { logins, users }, count).await
}

#[cfg(test)]
mod tests {
    use super::{super::DirectoryFilter, *};

    #[test]
    fn an_act_is_read_from_its_address() {
        let read = |text: &str| ActQuery::read(RecordKind::Phones, &Query::read(text));
        let disable = read("act=disable&name=SEP1&name=a%2Cb").unwrap();
        assert_eq!(disable.act, RecordAct::Disable);
        let names = vec!["SEP1".to_owned(), "a,b".to_owned()];
        assert_eq!(disable.scope, ActScope::Named(names));
        let all = read("act=remove&all=1&find=8841&only=no_address").unwrap();
        let query = DirectoryQuery {
            kind: RecordKind::Phones,
            find: "8841".to_owned(),
            only: vec![DirectoryFilter::NoAddress],
            ..DirectoryQuery::default()
        };
        assert_eq!(all.scope, ActScope::Matching(query));
        assert_eq!(read("act=must_change_pin&name=SEP1"), None, "no act on phones");
        assert_eq!(read("find=x"), None);
    }

    #[test]
    fn an_act_that_names_nobody_is_not_about_everybody() {
        let read = ActQuery::read(RecordKind::Users, &Query::read("act=remove&find=x")).unwrap();
        assert_eq!(read.scope, ActScope::Named(vec![]));
    }
}
