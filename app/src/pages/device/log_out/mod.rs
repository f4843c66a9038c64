//! Ending logins: the form that names them, in a dialog or on a page.

mod dialog;
mod form;
mod page;

pub(super) use dialog::LogOutDialog;
pub use page::LogOutPage;
