//! The one-time link with which the first administrator sets a password.

use std::sync::Mutex;

/// A code that is valid once, until this process ends. A cluster that has an administrator has no
/// code.
#[derive(Default)]
pub struct Invitation(Mutex<Option<String>>);

impl Invitation {
    /// Makes a code of 128 random bits for the link.
    #[expect(clippy::disallowed_methods, reason = "the code is a secret")]
    pub fn make(&self) -> String {
        // The generator of the thread is a cryptographic one.
        let code = format!("{:032x}", rand::random::<u128>());
        *self.code() = Some(code.clone());
        code
    }

    /// Whether `code` is the valid code. The comparison is not in constant time: timing does not
    /// reveal 128 random bits.
    #[must_use]
    pub fn accepts(&self, code: &str) -> bool {
        self.code().as_deref().is_some_and(|made| made == code)
    }

    /// Makes the code invalid.
    pub fn use_up(&self) {
        *self.code() = None;
    }

    fn code(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_until_it_is_used() {
        let invitation = Invitation::default();
        assert!(!invitation.accepts(""));
        let code = invitation.make();
        assert!(invitation.accepts(&code) && !invitation.accepts("0"));
        invitation.use_up();
        assert!(!invitation.accepts(&code));
    }
}
