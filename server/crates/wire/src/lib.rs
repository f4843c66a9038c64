//! The messages of Extension Mobility, read with limits and written byte for byte.
//!
//! Pure conversion between text and values: the crate reads no socket and no file.

pub mod answer;
pub mod emcc;
pub mod phone;
pub mod request;
pub mod trace;

mod content;
mod form;
mod markup;
mod namespaces;
mod percent;
mod tree;

pub use form::Form;
pub use tree::MAX_DEPTH;
