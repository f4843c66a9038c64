//! The parts that a test can remove from the store.

/// A part of the store. A test must fail when a part is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The locks of users and phones.
    Locks,
    /// Reading the facts after the locks are taken; without this part the store reads the facts before.
    ReadAfterLock,
    /// The unique index on the phone of an open login.
    PhoneIndex,
    /// The unique index on the user of an open login that is the user's sole login.
    UserIndex,
    /// The check that a login is still open when a transaction ends the login.
    EndCheck,
    /// The lock of a job.
    JobLock,
    /// Reading the version of the configuration in the transaction.
    Version,
    /// The configuration's write lock, which waits for transactions that have read the configuration.
    ConfigurationLock,
}
