//! Parts of pages.

mod chrome;
mod moment;

pub use chrome::{Chrome, LanguageForm, Mark};
pub use moment::{Moment, TimeLeft};
