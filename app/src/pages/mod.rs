//! One page a file.

pub mod account;
pub mod archive;
pub mod device;
pub mod lazy;
pub mod not_found;
pub mod people;
pub mod system;
pub mod trace;
