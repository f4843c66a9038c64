//! Parts of pages.

mod brand;
mod chrome;
mod filter_words;
mod finding;
mod focus;
mod leaving;
mod moment;
mod names;
mod pager;
mod place;
mod shown_to;
mod sign_in_again;
mod states;
mod styled;
mod view_button;
mod when;
mod words;

pub use brand::{LanguageForm, Mark};
pub use chrome::{Chrome, set_title};
pub use filter_words::{filter_words, term_words};
pub use finding::{ClearFind, FindBox, Finding};
pub use focus::{focus, focus_if_lost};
pub use leaving::{Leaving, provide_leaving};
#[cfg(feature = "hydrate")]
pub(crate) use moment::now_ms;
pub use moment::{Moment, RenderedAt, TimeLeft, length, provide_day};
pub use names::{InTheWayOf, PhoneLink, UserLink, WhoLink};
pub use pager::{Pager, PastTheEnd, grouped};
#[cfg(feature = "ssr")]
pub use place::PLACES;
pub use place::Place;
pub use shown_to::{SHOWN_TO, ShownTo, ShownToField};
pub use sign_in_again::{SignInAgain, is_leaving_to_sign_in};
pub use states::{Answered, Problem, again_if_moved, answered, loaded};
pub use styled::Styled;
pub use view_button::ViewButton;
pub use when::When;
pub use words::{
    Who, cause_name, code_advice, kind_name, not_understood, place_of, role_name, type_name,
};
