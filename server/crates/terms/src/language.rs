//! The languages of phone screens.

/// A language of the answers to phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// The known language with the highest weight in the header `Accept-Language`.
    ///
    /// English if the header has no known language. Entries that can't be parsed are skipped.
    #[must_use]
    pub fn accepted(header: Option<&str>) -> Self {
        let entries = header.unwrap_or_default().split(',').filter_map(|entry| {
            let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = match parameters.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse::<f32>().ok().filter(|one| *one > 0.0)?,
                None => 1.0,
            };
            let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
            let language = match primary.as_str() {
                "en" => Self::English,
                "ko" => Self::Korean,
                _ => return None,
            };
            Some((language, weight))
        });
        // Of two languages with the same weight the first wins: `max_by` would take the last.
        let best = entries.reduce(|best, one| if one.1 > best.1 { one } else { best });
        best.map_or_else(Self::default, |(language, _)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_with_the_highest_weight_that_is_known() {
        let of = |header: &str| Language::accepted(Some(header));
        assert_eq!(of("ko"), Language::Korean);
        assert_eq!(of("ko_KR"), Language::Korean);
        assert_eq!(of("de, ko-KR;q=0.4, en;q=0.9"), Language::English);
        assert_eq!(of("de,,;q=1,ko;q=0.1"), Language::Korean);
        for other in ["", "de", "ko;q=0", "ko;q=x", "korean"] {
            assert_eq!(of(other), Language::English, "{other}");
        }
        assert_eq!(Language::accepted(None), Language::English);
    }
}
