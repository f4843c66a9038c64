//! The trace as the original writes it: the line, the messages, the blocks; and reading it back.
//!
//! One catalogue of message shapes serves both ways. The writer fills a [`Shape`], and the reader finds the shape of
//! each record, so that the reader understands every line that the writer writes.

mod blanks;
mod catalogue;
mod entry;
mod parameters;
mod pick;
mod record;
mod shape;

pub use catalogue::Shape;
pub use entry::Entry;
pub use parameters::service_parameters;
pub use pick::{RecordFilter, Search};
pub use record::{Meaning, Record, records, whole_records};
pub use terms::TraceLevel as Level;
