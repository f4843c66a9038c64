//! The charset of an answer, by the phone's preference.

use encoding_rs::{Encoding, UTF_8};

/// Charsets whose bytes are the first characters of Unicode: the name, the last character, and the labels.
/// The Encoding Standard of the web reads all of these labels as windows-1252, which phones do not list.
const FIRST_OF_UNICODE: [(&str, char, &[&str]); 2] = [
    ("ISO-8859-1", '\u{ff}', &LATIN_1),
    ("US-ASCII", '\u{7f}', &["us-ascii", "ascii", "ansi_x3.4-1968"]),
];
const LATIN_1: [&str; 10] = [
    "iso-8859-1",
    "iso8859-1",
    "iso88591",
    "iso_8859-1",
    "iso_8859-1:1987",
    "iso-ir-100",
    "latin1",
    "l1",
    "cp819",
    "ibm819",
];

/// The charset of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    FirstOfUnicode { name: &'static str, last: char },
    Web(&'static Encoding),
}

/// A message in the bytes of a charset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The value of the header `Content-Type`.
    pub content_type: String,
}

impl Charset {
    /// The known charset with the highest weight in the header `Accept-Charset`.
    ///
    /// UTF-8 if the header is absent or has no known charset. Phones send lists with gaps (`utf-8,;q=0.8`): entries
    /// that can't be parsed are skipped.
    #[must_use]
    pub fn accepted(header: Option<&str>) -> Self {
        let entries = header.unwrap_or_default().split(',').filter_map(|entry| {
            let (name, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse::<f32>().ok().filter(|one| *one > 0.0)?,
                None => 1.0,
            };
            Some((Kind::of_label(name.trim())?, weight))
        });
        // Of two charsets with the same weight the first wins: `max_by` would take the last.
        let best = entries.reduce(|best, one| if one.1 > best.1 { one } else { best });
        Self(best.map_or(Kind::Web(UTF_8), |(kind, _)| kind))
    }

    /// The charset's name in a declaration.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self.0 {
            Kind::FirstOfUnicode { name, .. } => name,
            Kind::Web(encoding) if encoding == UTF_8 => "utf-8",
            Kind::Web(encoding) => encoding.name(),
        }
    }

    /// A message with its declaration. A character that the charset lacks becomes a numeric character reference,
    /// which XML reads as the character.
    #[must_use]
    pub fn encode(self, xml: &str) -> Encoded {
        let name = self.label();
        let declared = format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\r\n{xml}");
        let bytes = match self.0 {
            Kind::FirstOfUnicode { last, .. } => first_of_unicode(&declared, last),
            Kind::Web(encoding) => encoding.encode(&declared).0.into_owned(),
        };
        Encoded { bytes, content_type: format!("text/xml;charset={name}") }
    }
}

impl Kind {
    fn of_label(label: &str) -> Option<Self> {
        let is_of = |labels: &[&str]| labels.iter().any(|one| one.eq_ignore_ascii_case(label));
        let mut first = FIRST_OF_UNICODE.into_iter();
        if let Some((name, last, _)) = first.find(|(.., labels)| is_of(labels)) {
            return Some(Self::FirstOfUnicode { name, last });
        }
        // The charset has to keep each byte of ASCII: the declaration is in ASCII.
        let encoding = Encoding::for_label(label.as_bytes())?;
        encoding.is_ascii_compatible().then(|| Self::Web(encoding.output_encoding()))
    }
}

/// A text whose characters up to `last` are single bytes; all others become numeric character references.
fn first_of_unicode(text: &str, last: char) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u8::try_from(character) {
            Ok(byte) if character <= last => bytes.push(byte),
            _ => bytes.extend(format!("&#{};", u32::from(character)).into_bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(header: &str) -> &'static str {
        Charset::accepted(Some(header)).label()
    }

    #[test]
    fn the_charset_is_the_one_with_the_highest_weight_that_is_known() {
        assert_eq!(accepted("utf-8,iso-8859-1;q=0.8"), "utf-8");
        assert_eq!(accepted("iso-8859-1;q=0.9, utf-8;q=0.5"), "ISO-8859-1");
        assert_eq!(accepted("utf-8,;q=0.8"), "utf-8");
        assert_eq!(accepted("klingon, euc-kr;q=0.3"), "EUC-KR");
        assert_eq!(accepted("utf-8;q=0, shift_jis;q=0.1"), "Shift_JIS");
        for nothing in ["", ",,;;", "utf-16", "q=1", "*;q=0.1", "utf-8;q=x"] {
            assert_eq!(accepted(nothing), "utf-8", "{nothing}");
        }
        assert_eq!(Charset::accepted(None).label(), "utf-8");
    }

    #[test]
    fn a_character_that_the_charset_lacks_is_written_as_its_number() {
        let latin = Charset::accepted(Some("Latin1")).encode("<Title>é 김…</Title>");
        assert_eq!(latin.content_type, "text/xml;charset=ISO-8859-1");
        // The web's ISO-8859-1 has a byte for `…`; elsewhere this byte is a control character.
        let expected = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\r\n<Title>\xe9 &#44608;&#8230;</Title>";
        assert_eq!(latin.bytes, expected);
        let ascii = Charset::accepted(Some("us-ascii")).encode("<Title>é</Title>");
        assert!(ascii.bytes.ends_with(b"<Title>&#233;</Title>"));
        let web = Charset::accepted(Some("windows-1252")).encode("<Title>…</Title>");
        assert!(web.bytes.ends_with(b"<Title>\x85</Title>"));
        let korean = Charset::accepted(Some("euc-kr")).encode("<Title>김</Title>");
        assert!(korean.bytes.ends_with(b"<Title>\xb1\xe8</Title>"));
    }
}
