//! Administrators.

mod administrators;
mod first;

pub use administrators::AdministratorsPage;
pub use first::FirstPage;
