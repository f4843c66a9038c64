//! Percent-encoding inside XML, for user ids and for the address that logs a phone out.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode,
};

/// The characters to encode: all except the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text, percent-encoded. The result needs no escape in XML.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, UNRESERVED)
}

/// Decodes a percent-encoded text, usually in UTF-8; a text without a percent-encoded byte stays unchanged.
pub(crate) fn decoded(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    crate::form::decoded(&bytes, None)
}
