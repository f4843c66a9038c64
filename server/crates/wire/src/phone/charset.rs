//! The charset of an answer: the one that the phone likes best.

use encoding_rs::{Encoding, UTF_8};

/// The charset of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

/// A message in the bytes of a charset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The value of the header `Content-Type`.
    pub content_type: String,
}

impl Charset {
    /// The charset with the highest weight in the header `Accept-Charset`, of those that are known; UTF-8
    /// without the header. Phones send lists with gaps (`utf-8,;q=0.8`): entries that don't read are
    /// passed over.
    #[must_use]
    pub fn accepted(header: Option<&str>) -> Self {
        let entries = header.unwrap_or_default().split(',').filter_map(|entry| {
            let (name, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse::<f32>().ok().filter(|one| *one > 0.0)?,
                None => 1.0,
            };
            // Each byte of ASCII has to stay what it is: the declaration is in ASCII.
            let encoding = Encoding::for_label(name.trim().as_bytes())?;
            let encoding = encoding.is_ascii_compatible().then(|| encoding.output_encoding())?;
            Some((encoding, weight))
        });
        // Of two with the same weight the first: `max_by` would take the last.
        let best = entries.reduce(|best, one| if one.1 > best.1 { one } else { best });
        Self(best.map_or(UTF_8, |(encoding, _)| encoding))
    }

    /// Its name in a declaration.
    #[must_use]
    pub fn label(self) -> &'static str {
        if self.0 == UTF_8 { "utf-8" } else { self.0.name() }
    }

    /// A message with its declaration. A character that the charset lacks is written as its number, which
    /// XML reads as the character.
    #[must_use]
    pub fn encode(self, xml: &str) -> Encoded {
        let name = self.label();
        let declared = format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\r\n{xml}");
        let (bytes, ..) = self.0.encode(&declared);
        let content_type = format!("text/xml;charset={name}");
        Encoded { bytes: bytes.into_owned(), content_type }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(header: &str) -> &'static str {
        Charset::accepted(Some(header)).0.name()
    }

    #[test]
    fn the_charset_is_the_one_with_the_highest_weight_that_is_known() {
        assert_eq!(accepted("utf-8,iso-8859-1;q=0.8"), "UTF-8");
        assert_eq!(accepted("iso-8859-1;q=0.9, utf-8;q=0.5"), "windows-1252");
        assert_eq!(accepted("utf-8,;q=0.8"), "UTF-8");
        assert_eq!(accepted("klingon, euc-kr;q=0.3"), "EUC-KR");
        assert_eq!(accepted("utf-8;q=0, shift_jis;q=0.1"), "Shift_JIS");
        for nothing in ["", ",,;;", "utf-16", "q=1", "*;q=0.1", "utf-8;q=x"] {
            assert_eq!(accepted(nothing), "UTF-8", "{nothing}");
        }
        assert_eq!(Charset::accepted(None).0.name(), "UTF-8");
    }

    #[test]
    fn a_character_that_the_charset_lacks_is_written_as_its_number() {
        let latin = Charset::accepted(Some("iso-8859-1")).encode("<Title>é 김</Title>");
        assert_eq!(latin.content_type, "text/xml;charset=windows-1252");
        let expected =
            b"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\r\n<Title>\xe9 &#44608;</Title>";
        assert_eq!(latin.bytes, expected);
        let korean = Charset::accepted(Some("euc-kr")).encode("<Title>김</Title>");
        assert!(korean.bytes.ends_with(b"<Title>\xb1\xe8</Title>"));
    }
}
