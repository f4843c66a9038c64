//! The types of logins.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// The clusters to which the user and the phone of a login belong.
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
pub enum LoginType {
    /// User and phone belong to this cluster.
    Em,
    /// The phone belongs to this cluster, the user to another cluster.
    Visiting,
    /// The user belongs to this cluster, the phone to another cluster.
    Elsewhere,
    /// A name that a newer program has stored.
    #[serde(other)]
    Other,
}

impl Named for LoginType {
    const OTHER: Option<Self> = Some(Self::Other);
}
