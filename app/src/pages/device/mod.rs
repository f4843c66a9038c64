//! Phones, and who is on them.

mod active_logins;
mod pager;
mod query;
mod rows;
mod table;

pub use active_logins::ActiveLoginsPage;
