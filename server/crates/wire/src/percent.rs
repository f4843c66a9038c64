//! Percent-encoding inside XML: user ids have it, and the address with which a phone is logged out.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode,
};

/// What stays as it is (RFC 3986, unreserved).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text, percent-encoded. Nothing in it needs an escape in XML.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, UNRESERVED)
}

/// The text that was percent-encoded, most of them in UTF-8; one without a percent-encoded byte stays
/// as it is.
pub(crate) fn decoded(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    crate::form::decoded(&bytes, None)
}
