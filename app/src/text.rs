//! The words on the screen, from `locales/`.

#![allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::expect_used,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated from the locale files"
)]

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
pub use i18n::*;
