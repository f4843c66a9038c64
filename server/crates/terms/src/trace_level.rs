//! The level of a line in the trace.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// The level of a line in the trace, by its name in the line.
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
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum TraceLevel {
    /// For readers who follow the code.
    Debug,
    /// For readers who follow a request.
    Info,
    /// A query failed.
    Warn,
    /// A request failed.
    Error,
}

impl Named for TraceLevel {}
