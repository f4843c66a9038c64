//! What goes wrong in a store.

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no room; writing works again once there is.
    #[error("the disk is full")]
    Full,
    /// Too many operations are waiting.
    #[error("too many operations are waiting for the database")]
    Busy,
    /// The change contradicts what is stored; the text says how. Nothing was changed.
    #[error("{0}")]
    Invalid(String),
    /// A stored row does not have the form that it was written in.
    #[error("the database holds a bad row: {0}")]
    BadRow(String),
    /// Anything else; the text is for the log, not for clients.
    #[error("{0}")]
    Failed(String),
}
