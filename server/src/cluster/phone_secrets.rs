//! Secrets of phones: a phone sends its secret where its source address does not suffice to identify it. The
//! secret is derived from the key file of the data folder, and is in the phone's configuration file.

use std::fmt::Write;

use ring::hmac::{HMAC_SHA256, Key, sign, verify};
use terms::phone_key;

/// The key of the secrets of all phones.
pub struct PhoneSecrets(Key);

impl PhoneSecrets {
    /// The secrets that follow from a key.
    pub(super) const fn of(key: Key) -> Self {
        Self(key)
    }

    /// The key that follows from the bytes of a key file.
    pub(super) fn key(file: &[u8]) -> Key {
        let derived = sign(&Key::new(HMAC_SHA256, file), b"secrets of phones");
        Key::new(HMAC_SHA256, derived.as_ref())
    }

    /// The secret of a phone for an idle time in minutes, in hexadecimal digits.
    #[must_use]
    pub fn secret(&self, phone: &str, minutes: u32) -> String {
        let mut text = String::with_capacity(64);
        let signed = format!("{minutes} {}", phone_key(phone));
        for byte in sign(&self.0, signed.as_bytes()).as_ref() {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Whether a text is such a secret. The comparison takes the same time wherever the texts differ.
    #[must_use]
    pub fn is_secret(&self, phone: &str, minutes: u32, text: &str) -> bool {
        let right = sign(&self.0, self.secret(phone, minutes).as_bytes());
        verify(&self.0, text.as_bytes(), right.as_ref()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_of_one_phone_and_one_key_file() {
        let secrets = PhoneSecrets::of(PhoneSecrets::key(b"file"));
        let secret = secrets.secret("SEP1", 30);
        assert_eq!(secret.len(), 64);
        assert!(secrets.is_secret("sep1", 30, &secret));
        assert!(!secrets.is_secret("SEP2", 30, &secret));
        assert!(!secrets.is_secret("SEP1", 240, &secret));
        assert!(!secrets.is_secret("SEP1", 30, ""));
        assert!(!secrets.is_secret("SEP1", 30, &secret[..63]));
        assert!(!PhoneSecrets::of(PhoneSecrets::key(b"other")).is_secret("SEP1", 30, &secret));
    }
}
