//! Phones, and who is on them.

mod active_logins;
mod rows;

pub use active_logins::ActiveLoginsPage;
