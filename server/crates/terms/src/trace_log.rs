//! The traces of a cluster.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// A trace of a cluster, by the name of its file without the ending `.log`, as the original has it.
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
pub enum TraceLog {
    /// The EM service.
    #[serde(rename = "emservice")]
    #[strum(serialize = "emservice")]
    Service,
    /// The EM application, which serves the phones.
    #[serde(rename = "emapp")]
    #[strum(serialize = "emapp")]
    Application,
}

impl Named for TraceLog {}
