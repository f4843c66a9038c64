//! Find and List: users, phones, device profiles and application users.

mod cells;
mod filters;
mod list;
mod page;

pub use page::DirectoryPage;
