//! Errors of a store.

/// Why the store did not do an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; writes succeed again once space is free.
    #[error("the disk is full")]
    Full,
    /// Too many operations are waiting.
    #[error("too many operations are waiting for the database")]
    Busy,
    /// The change contradicts the stored rows; the text says how. Nothing is changed.
    #[error("{0}")]
    Invalid(String),
    /// A stored row is malformed.
    #[error("the database holds a bad row: {0}")]
    BadRow(String),
    /// Any other error; the text is for the log, not for clients.
    #[error("{0}")]
    Failed(String),
}
