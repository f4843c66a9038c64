//! Find and List: users, phones, device profiles and application users.

mod cells;
mod filters;
mod list;
mod page;
mod words;

pub use page::DirectoryPage;
