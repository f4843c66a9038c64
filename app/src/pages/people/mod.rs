//! Administrators.

mod administrators;
mod first;
mod password;

pub use administrators::AdministratorsPage;
pub use first::FirstPage;
