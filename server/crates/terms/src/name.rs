//! The one way in which names are compared: ids of users and application users, names of phones,
//! device profiles and administrators.
//!
//! A name is stored and answered as somebody spelled it; its key says which name it is. Two names
//! with one key are one name.

/// The key of a name: Unicode's full case folding over compatibility forms (NFKC), so that
/// `STRASSE` and `straße`, full-width and plain letters, and Hangul from any keyboard are the same.
#[must_use]
pub fn key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Folding may leave what composes, and composing what folds: the second round settles it.
    let once = compatible(&folded(&compatible(name)));
    compatible(&folded(&once))
}

/// The key of a phone's name. A MAC address in it may be written with separators (`:`, `-`, `.`):
/// `SEP00:11:22:33:44:55` and `sep0011.2233.4455` are `SEP001122334455`. So is the address alone, if
/// it has separators; twelve digits alone may be any name and are left as they are.
#[must_use]
pub fn phone_key(name: &str) -> String {
    let key = key(name);
    let address = key.strip_prefix(SEP);
    let is_phone = |digits: &String| address.is_some() || digits.len() < key.len();
    match mac(address.unwrap_or(&key)).filter(is_phone) {
        Some(digits) => format!("{SEP}{digits}"),
        None => key,
    }
}

/// The prefix of a phone that is named by its MAC address.
const SEP: &str = "sep";
const MAC_DIGITS: usize = 12;

/// The digits of a MAC address in groups of two or four with one kind of separator, or in one piece.
fn mac(text: &str) -> Option<String> {
    let text = text.strip_prefix(SEPARATORS).unwrap_or(text);
    let separator = text.chars().find(|c| SEPARATORS.contains(c));
    let groups: Vec<&str> = match separator {
        Some(separator) => text.split(separator).collect(),
        None => vec![text],
    };
    let sizes_fit = matches!(groups.len(), 1 | 2 | 3 | 6)
        && groups.iter().all(|group| group.len() * groups.len() == MAC_DIGITS);
    let digits = groups.concat();
    (sizes_fit && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digits)
}

const SEPARATORS: [char; 3] = [':', '-', '.'];

/// Lower case by way of upper case, which is what full case folding does: `ß` becomes `ss`, `ſ`
/// becomes `s`, each sigma the same one. The dotless `ı` alone folds to itself and not to `i`.
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

/// The browser has these tables, too. It lowers a sigma at the end of a word to another one.
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

/// The browser has the tables: ours would be a part of the page's first load.
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
            "00:11:22:33:44:55",
            "0011.2233.4455",
            "ＳＥＰ００１１２２３３４４５５",
        ] {
            assert_eq!(phone_key(name), "sep001122334455", "{name}");
        }
        for name in ["001122334455", "SEP00:11", "CSFjohn", "SEP0011-22:33-44:55", "SEP1", "a-b-c"]
        {
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
