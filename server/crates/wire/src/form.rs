//! The fields of a form, read as a lenient servlet reads its parameters: fields of the address's query come
//! before fields of the body.

use encoding_rs::{Encoding, WINDOWS_1252};
use percent_encoding::percent_decode;

/// A form as received. Each field is decoded on access, so that the bytes of one field can't spoil another field.
#[derive(Clone, Default)]
pub struct Form {
    query: Vec<u8>,
    body: Vec<u8>,
    charset: Option<&'static Encoding>,
}

impl Form {
    /// The form in a query and a body; `content_type` is the body's.
    #[must_use]
    pub fn new(query: Vec<u8>, body: Vec<u8>, content_type: Option<&str>) -> Self {
        Self { query, body, charset: content_type.and_then(charset) }
    }

    /// The first field of this name.
    ///
    /// The encoding of the field's text is the first of these in which the text is valid: the encoding of its byte
    /// order mark, the charset that the content type names, UTF-8, the encoding that an XML declaration names,
    /// ISO-8859-1, in which every byte is a character.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let value = field(&self.query, name).or_else(|| field(&self.body, name))?;
        Some(decoded(&value, self.charset))
    }
}

/// The charset of a content type; `None` for a charset in which a form can't be written.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let (_, label) = parameters.find(|(key, _)| key.trim().eq_ignore_ascii_case("charset"))?;
    encoding(label.trim().trim_matches(['"', '\'']))
}

/// The encoding of a label, by the names of the web or of Java, in which many clients are written.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes()).or_else(|| of_java(label));
    encoding.filter(|encoding| encoding.is_ascii_compatible())
}

/// Names and aliases of Java's charsets that the web does not know: `MS949`, `EUC_KR`, `ISO8859_15`.
fn of_java(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().to_ascii_lowercase().replace('_', "-");
    let bare = label.strip_prefix("x-").unwrap_or(&label);
    let number = bare.strip_prefix("ms").or_else(|| bare.strip_prefix("cp"));
    let number = number.or_else(|| bare.strip_prefix("windows-"));
    let label = match number {
        Some("932") => "shift_jis",
        Some("936") => "gbk",
        Some("949") => "euc-kr",
        Some("950") => "big5",
        _ => match (bare.strip_prefix("iso8859-"), bare) {
            (Some(part), _) => return Encoding::for_label(format!("iso-8859-{part}").as_bytes()),
            (None, "macroman") => "macintosh",
            (None, bare) => bare,
        },
    };
    Encoding::for_label(label.as_bytes())
}

/// The bytes of the first field of this name.
fn field(form: &[u8], name: &str) -> Option<Vec<u8>> {
    // Some clients put a newline around the form.
    let mut rest = form.trim_ascii();
    while !rest.is_empty() {
        let field = rest.split(|byte| *byte == b'&').next().unwrap_or(rest);
        let key = field.split(|byte| *byte == b'=').next().unwrap_or(field);
        let value = &rest[rest.len().min(key.len() + 1)..];
        let raw = key.len() < field.len() && is_raw_xml(value);
        let end = if raw { key.len() + 1 + raw_end(value) } else { field.len() };
        if unescaped(key.trim_ascii()) == name.as_bytes() {
            let value = &rest[end.min(key.len() + 1)..end];
            return Some(if raw { value.to_owned() } else { unescaped(value) });
        }
        rest = &rest[rest.len().min(end + 1)..];
    }
    None
}

/// Whether a value is XML that is not form-encoded, as some clients send it.
fn is_raw_xml(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    let value = value.strip_prefix("\u{feff}".as_bytes()).unwrap_or(value);
    value.trim_ascii_start().starts_with(b"<")
}

/// The length of raw XML, which ends at an `&` behind markup that begins the next field and no reference.
fn raw_end(value: &[u8]) -> usize {
    let mut at = 0;
    while at < value.len() {
        let rest = &value[at..];
        if rest.starts_with(b"<![CDATA[") {
            at += past(rest, b"]]>");
        } else if rest.starts_with(b"<!--") {
            at += past(rest, b"-->");
        } else if rest[0] == b'&'
            && !is_reference(&rest[1..])
            && value[..at].trim_ascii_end().ends_with(b">")
        {
            return at;
        } else {
            at += 1;
        }
    }
    value.len()
}

/// The length up to the end of `mark`, or of the whole text.
fn past(text: &[u8], mark: &[u8]) -> usize {
    let found = text.windows(mark.len()).position(|window| window == mark);
    found.map_or(text.len(), |at| at + mark.len())
}

/// Whether the text begins with the rest of a reference such as `amp;` or `#38;`.
fn is_reference(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"#").unwrap_or(text);
    let name = text.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    name > 0 && text.get(name) == Some(&b';')
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let blanks: Vec<u8> =
        text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&blanks).collect()
}

/// The text of these bytes, by the rules of [`Form::field`].
pub(crate) fn decoded(value: &[u8], charset: Option<&'static Encoding>) -> String {
    let strictly = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(value)
    };
    // A byte order mark is unambiguous.
    let marked = Encoding::for_bom(value).and_then(|(encoding, length)| {
        encoding.decode_without_bom_handling_and_without_replacement(&value[length..])
    });
    let text = marked.or_else(|| charset.and_then(strictly));
    let text = text.or_else(|| str::from_utf8(value).ok().map(Into::into));
    let text = text.or_else(|| declared(value).and_then(strictly));
    // Windows-1252 is the superset of ISO-8859-1 that the web means by that name.
    let text = text.unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(value).0);
    text.into_owned()
}

/// The encoding that the XML declaration at the beginning names.
fn declared(value: &[u8]) -> Option<&'static Encoding> {
    let declaration = value.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = declaration.split(|byte| *byte == b'>').next()?;
    let (_, rest) = str::from_utf8(declaration).ok()?.split_once("encoding")?;
    encoding(rest.split(['"', '\'']).nth(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn xml(body: &[u8], content_type: Option<&str>) -> Option<String> {
        Form::new(Vec::new(), body.to_owned(), content_type).field("xml")
    }

    fn plain(body: &str) -> Option<String> {
        xml(body.as_bytes(), None)
    }

    #[test]
    fn reads_encoded_and_raw_bodies() {
        assert_eq!(plain("xml=%3Ca%3E1+2%3C%2Fa%3E\n").as_deref(), Some("<a>1 2</a>"));
        let raw = plain("xml=<a>1 + 2 &amp; 3</a> \r\n");
        assert_eq!(raw.as_deref(), Some("<a>1 + 2 &amp; 3</a>"));
        assert_eq!(plain("\nother=1&xml=%3Ca/%3E&more=2").as_deref(), Some("<a/>"));
        assert_eq!(plain("%78ml=%3Ca/%3E").as_deref(), Some("<a/>"));
        assert_eq!(plain("xml=").as_deref(), Some(""));
        assert_eq!(plain("xml").as_deref(), Some(""));
        for none in ["", "<a/>", "xmlx=1", "a=xml=1", "&&=&", "{\"xml\":1}"] {
            assert_eq!(plain(none), None, "{none}");
        }
    }

    #[test]
    fn raw_xml_ends_where_the_next_field_begins() {
        let xml = "<?xml version=\"1.0\"?>\n<a b='&lt;'>&amp;<![CDATA[<b>&c=1]]><!-- d>&e --></a>";
        for rest in ["", "&submit=Go", " &submit=Go&more=<b>", "\n&submit", "&", "&x;y=1"] {
            let read = plain(&format!("xml={xml}{rest}"));
            let read = read.as_deref().map(str::trim_end);
            // Text that begins like a reference is one.
            let expected = if rest == "&x;y=1" { format!("{xml}{rest}") } else { xml.to_owned() };
            assert_eq!(read, Some(expected.as_str()), "{rest}");
        }
        let second = plain(&format!("a=1&xml=\u{feff}\n{xml}&b=2"));
        assert_eq!(
            second.as_deref().map(|text| text.trim_start_matches(['\u{feff}', '\n'])),
            Some(xml)
        );
    }

    #[test]
    fn the_query_goes_before_the_body() {
        let form = |query: &str, body: &str| Form::new(query.into(), body.into(), None);
        assert_eq!(form("xml=1", "xml=2").field("xml").as_deref(), Some("1"));
        assert_eq!(form("a=1", "xml=2&xml=3").field("xml").as_deref(), Some("2"));
        assert_eq!(form("a=1", "xml=2").field("a").as_deref(), Some("1"));
        assert_eq!(form("a=1", "{}").field("b"), None);
    }

    #[test]
    fn a_text_is_in_the_charset_that_is_named_or_else_utf_8_or_else_latin_1() {
        let form = "application/x-www-form-urlencoded; charset=";
        let of = |body: &[u8], charset: &str| xml(body, Some(&format!("{form}{charset}")));
        for charset in ["iso-8859-1", "ISO-8859-1", "\"latin1\"", "windows-1252", "Cp1252"] {
            assert_eq!(of(b"xml=J%F6rg", charset).as_deref(), Some("Jörg"), "{charset}");
            assert_eq!(of(b"xml=<a>J\xf6rg</a>", charset).as_deref(), Some("<a>Jörg</a>"));
            assert_eq!(of(b"xml=J%C3%B6rg", charset).as_deref(), Some("JÃ¶rg"), "{charset}");
        }
        for charset in ["euc-kr", "EUC_KR", "MS949", "cp949", "x-windows-949", "x-EUC-KR"] {
            assert_eq!(of(b"xml=%B1%E8", charset).as_deref(), Some("김"), "{charset}");
        }
        assert_eq!(of(b"xml=%A4", "ISO8859_15").as_deref(), Some("€"));
        assert_eq!(of(b"xml=%8A", "x-MacRoman").as_deref(), Some("ä"));
        assert_eq!(of(b"xml=%80", "windows-1252").as_deref(), Some("€"));
        // The text is not in the named charset, or the name is unknown.
        for charset in ["utf-8", "UTF-16", "nonsense", ""] {
            assert_eq!(of(b"xml=J%F6rg", charset).as_deref(), Some("Jörg"), "{charset}");
            assert_eq!(of(b"xml=J%C3%B6rg", charset).as_deref(), Some("Jörg"), "{charset}");
        }
        // "<김/>" with a byte order mark.
        for body in [
            &b"xml=%EF%BB%BF%3C%EA%B9%80/%3E"[..],
            b"xml=%FF%FE%3C%00%40%AE%2F%00%3E%00",
            b"xml=%FE%FF%00%3C%AE%40%00%2F%00%3E",
        ] {
            assert_eq!(of(body, "iso-8859-1").as_deref(), Some("<김/>"));
        }
        assert_eq!(xml(b"xml=J%F6rg", None).as_deref(), Some("Jörg"));
        assert_eq!(xml(b"xml=J\xf6rg", Some("text/plain")).as_deref(), Some("Jörg"));
        let declared = b"xml=<?xml version='1.0' encoding='euc-kr'?><a>\xb1\xe8</a>";
        assert!(xml(declared, None).unwrap().contains("<a>김</a>"));
    }

    #[test]
    fn a_byte_in_another_field_does_not_matter() {
        let body = b"profile=B\xfcro&xml=%C3%B6&more=%ff";
        assert_eq!(xml(body, None).as_deref(), Some("ö"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(
            body in proptest::collection::vec(any::<u8>(), 0..256),
            like in "(xml|a|=|&|<a>|</a>|&amp;|<!--|-->|<!\\[CDATA\\[|]]>|%|%3C|\\+){0,40}",
        ) {
            for body in [body, like.into_bytes()] {
                let _ = xml(&body, None);
                let _ = xml(&body, Some("a;charset=euc-kr"));
            }
        }
    }
}
