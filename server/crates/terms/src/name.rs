//! The one way in which names are compared: ids of users and application users, names of phones,
//! device profiles and administrators.
//!
//! The database and the answers keep the spelling of a name; its key is for comparison. Two names with
//! the same key are the same name.

/// The key of a name: Unicode's full case folding over compatibility forms (`NFKC_Casefold`), so that
/// `STRASSE` and `straße`, full-width and plain letters, and Hangul from any keyboard are the same.
/// Invisible characters (a zero-width space, a soft hyphen, marks of direction) are left out: a name copied
/// from a web page or a document may have some. The key of a name of invisible characters alone is empty.
#[must_use]
pub fn key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let name: String = name.chars().filter(|c| !is_ignorable(*c)).collect();
    // Folding can leave characters that compose, and composition can leave characters that fold: the
    // second round leaves neither.
    let once = compatible(&folded(&compatible(&name)));
    compatible(&folded(&once))
}

/// The key of a phone's name. A MAC address in it may be written with separators (`:`, `-`, `.`, `_`,
/// blanks): `SEP00:11:22:33:44:55`, `sep 0011.2233.4455` and `SEP001122334455` are one name. The address
/// alone is the same name if it has separators; twelve digits alone may be any name and stay unchanged.
#[must_use]
pub fn phone_key(name: &str) -> String {
    let key = key(name);
    let digits = match key.strip_prefix(SEP) {
        Some(address) => mac_digits(address),
        None => grouped_mac(&key),
    };
    digits.map_or(key, |digits| format!("{SEP}{digits}"))
}

/// The prefix of a phone that is named by its MAC address.
const SEP: &str = "sep";
const MAC_DIGITS: usize = 12;

/// The digits of a MAC address, with any separators between them.
fn mac_digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !is_separator(*c)).collect();
    let is_mac = digits.len() == MAC_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_mac.then_some(digits)
}

/// The digits of a MAC address in groups of two or four, or two of six, with one kind of separator.
fn grouped_mac(text: &str) -> Option<String> {
    let separator = text.chars().find(|c| is_separator(*c))?;
    let groups: Vec<&str> = text.split(separator).collect();
    let sizes_fit = matches!(groups.len(), 2 | 3 | 6)
        && groups.iter().all(|group| group.len() * groups.len() == MAC_DIGITS);
    sizes_fit.then(|| groups.concat()).and_then(|digits| mac_digits(&digits))
}

/// Whether a character may stand between the digits of a MAC address. Typeset text has hyphens and
/// dashes of its own; the compatibility form of U+2011 is U+2010.
fn is_separator(c: char) -> bool {
    matches!(c, ':' | '-' | '.' | '_' | ' ' | '\u{2010}' | '\u{2013}' | '\u{2212}')
}

/// Whether a character is invisible: `Default_Ignorable_Code_Point` of Unicode 17.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Lower case by way of upper case, which is what full case folding does: `ß` becomes `ss`, `ſ`
/// becomes `s`, each sigma becomes `σ`. The dotless `ı` alone folds to itself and not to `i`.
#[cfg(not(target_arch = "wasm32"))]
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for lower in text.chars().flat_map(char::to_lowercase) {
        if lower == DOTLESS_I {
            folded.push(lower);
        } else {
            folded.extend(lower.to_uppercase().flat_map(char::to_lowercase));
        }
    }
    folded
}

const DOTLESS_I: char = 'ı';

/// Full case folding with the browser's tables. The browser lowers a sigma at the end of a word to `ς`.
#[cfg(target_arch = "wasm32")]
fn folded(text: &str) -> String {
    let letters = |text: &str| {
        let text = js_sys::JsString::from(text);
        String::from(text.to_lower_case().to_upper_case().to_lower_case())
    };
    let parts: Vec<_> = text.split(DOTLESS_I).map(letters).collect();
    parts.join("ı").replace('ς', "σ")
}

/// Compatibility form, composed (NFKC).
#[cfg(not(target_arch = "wasm32"))]
fn compatible(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfkc(text).collect()
}

/// Compatibility form with the browser's tables: a Rust crate's tables would add to the page's first load.
#[cfg(target_arch = "wasm32")]
fn compatible(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(names: &[&str]) {
        for name in names {
            assert_eq!(key(name), key(names[0]), "{name} and {}", names[0]);
        }
    }

    #[test]
    fn one_name_in_many_spellings_has_one_key() {
        same(&["john", "JOHN", "John", "Ｊｏｈｎ"]);
        same(&["straße", "STRASSE", "Straſſe", "STRAẞE"]);
        same(&["Σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφοσ"]);
        same(&["김민수", "\u{1100}\u{1175}\u{11b7}\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}"]);
        same(&["jörg", "JO\u{308}RG"]);
        same(&["İ", "i\u{307}"]);
        same(&["ﬁ", "FI"]);
        same(&["K", "\u{212a}"]);
        same(&["john", "jo\u{200b}hn", "\u{feff}john", "\u{202e}john\u{202c}", "jo\u{ad}hn"]);
        same(&["김", "\u{1100}\u{1175}\u{11b7}\u{3164}"]);
        same(&["", "\u{200b}\u{3164}\u{ffa0}"]);
    }

    #[test]
    fn what_only_looks_alike_is_another_name() {
        for (one, other) in [("ı", "i"), ("jorg", "jörg"), ("john", "john "), ("а", "a")] {
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn a_mac_address_is_one_name_with_and_without_separators() {
        for name in [
            "SEP001122334455",
            "sep001122334455",
            "SEP00:11:22:33:44:55",
            "SEP00-11-22-33-44-55",
            "SEP-0011-2233-4455",
            "SEP0011.2233.4455",
            "sep001122-334455",
            "SEP 0011 2233 4455",
            "SEP_001122334455",
            "SEP00\u{2011}11\u{2011}22\u{2011}33\u{2011}44\u{2011}55",
            "SEP0011-22:33-44:55",
            "\u{200e}SEP001122334455",
            "00 11 22 33 44 55",
            "00:11:22:33:44:55",
            "0011.2233.4455",
            "ＳＥＰ００１１２２３３４４５５",
        ] {
            assert_eq!(phone_key(name), "sep001122334455", "{name}");
        }
        for name in ["001122334455", "SEP00:11", "CSFjohn", "0011-22:33-44:55", "SEP1", "a-b-c"] {
            assert_eq!(phone_key(name), name.to_lowercase());
        }
        assert_ne!(key("SEP00:11:22:33:44:55"), key("SEP001122334455"), "of phones alone");
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_its_own_key(name in "\\PC{0,12}") {
            proptest::prop_assert_eq!(key(&key(&name)), key(&name));
            proptest::prop_assert_eq!(phone_key(&phone_key(&name)), phone_key(&name));
            proptest::prop_assert_eq!(key(&name.to_lowercase()), key(&name));
        }
    }
}
