//! The records that administrators set up, and their fields.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// A kind of record, by its name in URLs.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RecordKind {
    /// Users.
    #[default]
    Users,
    /// Phones.
    Phones,
    /// Device profiles.
    DeviceProfiles,
    /// Application users.
    ApplicationUsers,
}

impl Named for RecordKind {}

impl RecordKind {
    /// The fields of a record, in the order of forms; the first names the record.
    #[must_use]
    pub const fn fields(self) -> &'static [RecordField] {
        use RecordField as F;
        match self {
            Self::Users => &[
                F::Id,
                F::Pin,
                F::PinMustChange,
                F::Enabled,
                F::Emcc,
                F::MaxLoginTime,
                F::Profiles,
                F::PrimaryExtension,
                F::SelfServiceId,
            ],
            Self::Phones => &[
                F::Name,
                F::Description,
                F::Model,
                F::Address,
                F::ExtensionMobility,
                F::Lines,
                F::SpeedDials,
                F::LogOutAt,
                F::IdleMinutes,
            ],
            Self::DeviceProfiles => &[F::Name, F::Model, F::Lines, F::SpeedDials],
            Self::ApplicationUsers => &[F::Id, F::Password, F::Proxy],
        }
    }
}

/// A field of a record, by its name in forms. The value of a field is a text; an empty text is the default.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RecordField {
    /// The id of a user or application user.
    Id,
    /// The name of a phone or device profile.
    Name,
    /// The PIN; an empty text keeps the stored PIN.
    Pin,
    /// Whether the user has to choose another PIN.
    PinMustChange,
    /// Whether the user may log in.
    Enabled,
    /// Whether the user may log in at other clusters.
    Emcc,
    /// The user's own maximum login time as [`crate::LoginTime`]; an empty text is the system's.
    MaxLoginTime,
    /// Names of device profiles, one on each line, the default first.
    Profiles,
    /// The directory number by which the user may log in at a phone.
    PrimaryExtension,
    /// The self-service id by which the user may log in at a phone.
    SelfServiceId,
    /// The description of a phone.
    Description,
    /// The model.
    Model,
    /// The network address of a phone, as [`crate::PhoneAddress`].
    Address,
    /// Whether Extension Mobility is enabled on the phone.
    ExtensionMobility,
    /// Lines, one on each line of the text: directory number, blank, label.
    Lines,
    /// Speed dials, likewise.
    SpeedDials,
    /// The phone's own time of the day at which its user is logged out, as [`crate::LogOutAt`]; an empty text is the
    /// cluster's.
    LogOutAt,
    /// The phone's own minutes without use after which its user is logged out, 0 for never; an empty text is the
    /// cluster's.
    IdleMinutes,
    /// The password; an empty text keeps the stored password.
    Password,
    /// Whether the application user may act for other users.
    Proxy,
}

impl Named for RecordField {}

/// The control in which a field is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldControl {
    /// One line of text.
    Text,
    /// A text that is never shown.
    Secret,
    /// True or false: the texts `true` and `false`.
    Flag,
    /// Several lines of text.
    List,
}

impl RecordField {
    /// The control of the field.
    #[must_use]
    pub const fn control(self) -> FieldControl {
        match self {
            Self::Pin | Self::Password => FieldControl::Secret,
            Self::PinMustChange
            | Self::Enabled
            | Self::Emcc
            | Self::ExtensionMobility
            | Self::Proxy => FieldControl::Flag,
            Self::Profiles | Self::Lines | Self::SpeedDials => FieldControl::List,
            Self::Id
            | Self::Name
            | Self::MaxLoginTime
            | Self::PrimaryExtension
            | Self::SelfServiceId
            | Self::Description
            | Self::Model
            | Self::Address
            | Self::LogOutAt
            | Self::IdleMinutes => FieldControl::Text,
        }
    }

    /// The value of the field in a new record, as a form shows it.
    #[must_use]
    pub const fn of_new(self) -> &'static str {
        match self {
            Self::Enabled | Self::ExtensionMobility => "true",
            // An application user that may act for all users is an exception that somebody chooses.
            Self::PinMustChange | Self::Emcc | Self::Proxy => "false",
            _ => "",
        }
    }
}

/// What is wrong with the typed value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldProblem {
    /// The value is needed.
    Missing,
    /// The value is longer than 256 characters, or has control characters.
    NotALine,
    /// A name has blanks around it, or no character that can be seen.
    Blanks,
    /// A PIN has digits alone.
    NotDigits,
    /// The value is neither `true` nor `false`.
    NotAFlag,
    /// The value is no maximum login time.
    NotALoginTime,
    /// The value is no time of the day.
    NotATimeOfDay,
    /// The value is no number from 0 to this one.
    NotANumber(u32),
    /// The value is neither an IP address nor a network.
    NotAnAddress,
    /// This line of the text, from 1, has no number.
    NoNumber(u32),
    /// This name is there twice.
    Twice(String),
    /// No device profile has this name.
    NoProfile(String),
}

/// What is wrong with a row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowProblem {
    /// The value of a field is not valid.
    Field(RecordField, FieldProblem),
    /// The row has more cells than the first row.
    TooManyCells,
    /// The row on this line names the same record.
    Twice(u64),
}

/// Why a file can't be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportProblem {
    /// The file is no text in UTF-8, UTF-16 or CP949.
    NotText,
    /// The file has too many bytes or rows.
    TooLarge,
    /// The file has no rows.
    NoRows,
    /// The first row does not have this column, which names the record.
    NoColumn(String),
    /// The first row has a column that records of this kind do not have.
    UnknownColumn(String),
    /// The first row has this column twice.
    ColumnTwice(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file has the values of a row in the order of their fields.
    #[test]
    fn forms_and_files_have_one_order_of_fields() {
        assert!(RecordKind::all().all(|kind| kind.fields().is_sorted()));
    }
}
