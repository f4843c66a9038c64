//! The form field `xml` around every request.

use percent_encoding::percent_decode_str;

/// A body that is not the form of an EM API request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Not UTF-8, before or after decoding.
    #[error("the body is not UTF-8")]
    Encoding,
    /// There is no field `xml`.
    #[error("the body has no field xml")]
    NoField,
}

/// The XML in a body `xml=…`.
///
/// Clients send it form-encoded, as the API demands, or raw. A raw one shows by its `<`, which a
/// form-encoded one can't contain; it is taken to the end of the body, because `&` begins an entity
/// there and not the next field.
///
/// # Errors
/// When the body is not UTF-8 or has no such field.
pub fn xml_of_form(body: &[u8]) -> Result<String, FormError> {
    let body = std::str::from_utf8(body).map_err(|_| FormError::Encoding)?;
    let body = body.trim_ascii();
    if let Some(raw) = body.strip_prefix("xml=").filter(|rest| rest.contains('<')) {
        return Ok(raw.to_owned());
    }
    let field = body.split('&').find_map(|field| field.strip_prefix("xml="));
    let encoded = field.ok_or(FormError::NoField)?.replace('+', " ");
    let decoded = percent_decode_str(&encoded).decode_utf8().map_err(|_| FormError::Encoding)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_encoded_and_raw_bodies() {
        let xml = |body: &str| xml_of_form(body.as_bytes());
        assert_eq!(xml("xml=%3Ca%3E1+2%3C%2Fa%3E\n").as_deref(), Ok("<a>1 2</a>"));
        assert_eq!(xml("xml=<a>1 + 2 &amp; 3</a> \r\n").as_deref(), Ok("<a>1 + 2 &amp; 3</a>"));
        assert_eq!(xml("other=1&xml=%3Ca/%3E&more=2").as_deref(), Ok("<a/>"));
        assert_eq!(xml("<a/>"), Err(FormError::NoField));
        assert_eq!(xml_of_form(&[b'x', b'm', b'l', b'=', 0xff]), Err(FormError::Encoding));
        assert_eq!(xml("xml=%ff"), Err(FormError::Encoding));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = xml_of_form(&body);
        }
    }
}
