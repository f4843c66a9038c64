//! The laboratory: two clusters that know each other, with demo data.
//! Drivers log users in and out over the public interfaces, so that there is something to see.

mod data;
mod driver;
mod link;

pub(crate) use data::{ADMINISTRATOR, PASSWORD, Place, fill};
pub(crate) use driver::drive;
pub(crate) use link::{answers, link};
