//! The laboratory: a cluster with demo data, and a driver that logs people in and out over the real
//! EM API, so that there is something to see.

mod data;
mod driver;

pub(crate) use data::{ADMINISTRATOR, PASSWORD, fill};
pub(crate) use driver::drive;
