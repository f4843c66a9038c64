//! Importing records from a file: the file, what an import would do, and its progress.

mod judged;
mod page;
mod upload;
mod words;

pub(super) use page::Import;
