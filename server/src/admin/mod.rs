//! What administrators can do. Console and command line call this.

mod administrators;
mod apply;
mod file;

pub use administrators::{AdministratorError, MIN_PASSWORD_CHARS, add, verify};
pub use apply::{ApplyError, apply};
pub use file::{File, FileError, parse, read};
