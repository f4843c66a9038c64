//! The messages of Extension Mobility, read with limits and written byte for byte.
//!
//! Pure: text in, values out, and back. Nothing here reads a socket or a file.

pub mod answer;
pub mod request;
pub mod trace;

mod form;
mod tree;

pub use form::{FormError, xml_of_form};
pub use tree::{MAX_DEPTH, MalformedXml};

/// The largest request body, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
