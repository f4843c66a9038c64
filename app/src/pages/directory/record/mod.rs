//! The form of a user, phone, device profile or application user.

mod field;
mod form;
mod page;
mod said;
pub(super) mod words;

pub(super) use page::{Added, Record};
