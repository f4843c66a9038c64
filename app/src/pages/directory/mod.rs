//! Find and List: users, phones, device profiles and application users.

mod act;
mod cells;
mod filters;
mod import;
mod list;
mod page;
mod record;
mod select;
mod words;

pub use page::DirectoryPage;
