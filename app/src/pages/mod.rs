//! One page a file.

pub mod account;
pub mod device;
pub mod not_found;
