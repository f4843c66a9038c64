//! A filter in words.

use terms::{Comparison, FilterTerm, LoginField, LoginFilter, SoughtText, TimeField, typed_value};

use super::moment::length;
use crate::text::{t, use_i18n};

/// A term of a filter in words: `“kim”`, `model “8861”`, `less than 30 min left`.
#[must_use]
pub fn term_words(typed: &str, term: &FilterTerm) -> String {
    let i18n = use_i18n();
    match term {
        FilterTerm::Text(SoughtText { field, .. }) => {
            let text = typed_value(typed, *field);
            match field.map(field_name) {
                None => t!(i18n, filter.text, text = text),
                Some(field) => t!(i18n, filter.in_field, field = field, text = text),
            }
        }
        FilterTerm::Time(field, comparison, minutes) => {
            let time = length(i64::from(*minutes));
            match (field, comparison) {
                (TimeField::Left, Comparison::Less) => t!(i18n, filter.left_less, time = time),
                (TimeField::Left, Comparison::More) => t!(i18n, filter.left_more, time = time),
                (TimeField::Since, Comparison::Less) => t!(i18n, filter.since_less, time = time),
                (TimeField::Since, Comparison::More) => t!(i18n, filter.since_more, time = time),
            }
        }
    }
}

/// The typed terms of a filter in words, without its type.
#[must_use]
pub fn filter_words(filter: &LoginFilter) -> String {
    let words = filter.terms().into_iter().map(|(typed, term)| term_words(&typed, &term));
    words.collect::<Vec<_>>().join(", ")
}

fn field_name(field: LoginField) -> &'static str {
    let i18n = use_i18n();
    match field {
        LoginField::User => t!(i18n, logins.user),
        LoginField::Phone => t!(i18n, logins.phone),
        LoginField::Profile => t!(i18n, logins.profile),
        LoginField::Model => t!(i18n, filter.model),
        LoginField::Description => t!(i18n, filter.description),
        LoginField::Source => t!(i18n, logins.source),
        LoginField::Address => t!(i18n, filter.address),
    }
}
