//! Phones, and who is on them.

mod active_logins;
mod feed;
mod log_out;
mod phone;
mod query;
mod rows;
mod table;
mod tiles;

pub use active_logins::ActiveLoginsPage;
pub(crate) use log_out::JobProgress;
pub use log_out::{JobPage, LogOutPage};
pub use phone::PhonePage;
