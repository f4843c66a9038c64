//! What can be taken away from the store.

/// A part of the store. A test has to notice when one is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The locks of users and phones.
    Locks,
    /// Reading after the locks are taken, and not with them.
    ReadAfterLock,
    /// The unique index on the phone of an open login.
    PhoneIndex,
    /// The unique index on the user of an open login that is the only one.
    UserIndex,
    /// Looking whether a login that ends is open still.
    EndCheck,
    /// The lock of a job.
    JobLock,
    /// Reading the version of the configuration in the transaction.
    Version,
    /// The lock of the configuration, which waits for those who have read it.
    ConfigurationLock,
}
