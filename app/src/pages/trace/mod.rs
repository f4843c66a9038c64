//! The trace.

mod page;
mod record;

pub use page::TracePage;
