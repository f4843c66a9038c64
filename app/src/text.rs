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
pub use i18n::{I18nContextProvider, Locale, td_string, use_i18n};

/// A text in the language of the page. The language does not change while a page is open (choosing
/// another one loads the page anew), so a text is a value and no closure, which is what most of the
/// console's code would otherwise be.
macro_rules! t {
    ($i18n:ident, $($key:tt)*) => {
        $crate::text::td_string!($i18n.get_locale_untracked(), $($key)*)
    };
}
pub(crate) use t;
pub(crate) use t as t_string;
