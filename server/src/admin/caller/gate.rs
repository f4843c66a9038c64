//! The gate before everything that administrators see and do.

use terms::Role;

use super::Caller;
use crate::admin::error::AdminError;

/// Holds a value that callers reach only if their role suffices.
/// Code that forgets to check a role has no access to the value, and does not compile.
pub(in crate::admin) struct Gate<T> {
    inner: T,
    /// Called with each refusal.
    on_refusal: fn(&T, &Caller, Role),
}

impl<T> Gate<T> {
    /// A gate before `inner`.
    pub(in crate::admin) const fn before(inner: T) -> Self {
        Self { inner, on_refusal: |_, _, _| {} }
    }

    /// A gate before `inner` that reports each refusal.
    pub(in crate::admin) const fn reporting(inner: T, on_refusal: fn(&T, &Caller, Role)) -> Self {
        Self { inner, on_refusal }
    }

    /// Opens for a caller whose role is at least `needed`.
    ///
    /// # Errors
    /// [`AdminError::NotAllowed`]
    pub(in crate::admin) fn open(&self, caller: &Caller, needed: Role) -> Result<&T, AdminError> {
        if caller.may(needed) {
            return Ok(&self.inner);
        }
        (self.on_refusal)(&self.inner, caller, needed);
        Err(AdminError::NotAllowed(needed))
    }

    /// Opens for the administrator of this name, and for those who may change all administrators.
    ///
    /// # Errors
    /// [`AdminError::NotAllowed`]
    pub(in crate::admin) fn open_own(&self, caller: &Caller, name: &str) -> Result<&T, AdminError> {
        if caller.is(name) { Ok(&self.inner) } else { self.open(caller, Role::Administrator) }
    }

    /// Opens for requests without a caller.
    /// Such requests sign in, find out who is signed in, or read facts that every visitor may see.
    pub(in crate::admin) const fn open_to_strangers(&self) -> &T {
        &self.inner
    }
}
