//! The laboratory: two clusters that know each other, with demo data, and drivers that log people in and out over
//! the interfaces that everybody has, so that there is something to see.

mod data;
mod driver;
mod link;

pub(crate) use data::{ADMINISTRATOR, PASSWORD, Place, fill};
pub(crate) use driver::drive;
pub(crate) use link::{answers, link};
