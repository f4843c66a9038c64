//! Parts of pages.

mod chrome;
mod finding;
mod focus;
mod keys;
mod leaving;
mod moment;
mod pager;
mod shown_to;
mod sign_in_again;
mod states;
mod when;
mod words;

pub use chrome::{Chrome, LanguageForm, Mark, PLACES, Place, document_title};
pub use finding::{ClearFind, FindBox, Finding};
pub use focus::{focus, focus_if_lost};
pub use leaving::{Leaving, provide_leaving};
pub use moment::{Moment, RenderedAt, TimeLeft};
pub use pager::{Pager, PastTheEnd, grouped};
pub use shown_to::{SHOWN_TO, ShownTo, ShownToField};
pub use sign_in_again::{SignInAgain, is_leaving_to_sign_in};
pub use states::{Answered, Problem, again_if_moved, answered, loaded};
pub use when::When;
pub use words::{Who, cause_name, code_advice, kind_name, not_understood, role_name, type_name};
