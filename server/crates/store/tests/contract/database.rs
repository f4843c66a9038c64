//! A database under test.

use super::Node;

/// One empty database that several nodes can open.
pub trait Database {
    /// Opens the database once more.
    fn node(&self) -> impl Future<Output = Node>;
}
