//! Parts of pages.

mod chrome;
mod keys;
mod leaving;
mod moment;
mod pager;
mod states;
mod words;

pub use chrome::{Chrome, LanguageForm, Mark, PLACES, Place};
pub use leaving::{Leaving, provide_leaving};
pub use moment::{Moment, TimeLeft};
pub use pager::{Pager, grouped};
pub use states::{Problem, loaded};
pub use words::{Who, cause_name, code_advice, kind_name, role_name, type_name};
