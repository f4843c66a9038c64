//! The condition that a filter means at a moment.

use super::{
    term::{Comparison, FilterTerm, TimeField},
    texts::SoughtText,
};
use crate::LoginType;

/// What a login must be to pass a filter at a moment. The default passes every login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginCondition {
    /// The type of the login.
    pub login_type: Option<LoginType>,
    /// Texts that its searched text must have.
    pub texts: Vec<SoughtText>,
    /// It began after this time: UTC, milliseconds since 1970, as all times here.
    pub began_after_ms: Option<i64>,
    /// It began before this time.
    pub began_before_ms: Option<i64>,
    /// It expires after this time, or never.
    pub expires_after_ms: Option<i64>,
    /// It expires before this time.
    pub expires_before_ms: Option<i64>,
}

impl LoginCondition {
    pub(super) fn new(
        login_type: Option<LoginType>,
        terms: Vec<(String, FilterTerm)>,
        now_ms: i64,
    ) -> Self {
        let mut condition = Self { login_type, ..Self::default() };
        for (_, term) in terms {
            match term {
                FilterTerm::Text(text) => condition.texts.push(text),
                FilterTerm::Time(field, comparison, minutes) => {
                    condition.compare(field, comparison, i64::from(minutes) * 60_000, now_ms);
                }
            }
        }
        condition
    }

    fn compare(&mut self, field: TimeField, comparison: Comparison, length_ms: i64, now_ms: i64) {
        let (bound, at, is_lower) = match (field, comparison) {
            (TimeField::Left, Comparison::More) => {
                (&mut self.expires_after_ms, now_ms + length_ms, true)
            }
            (TimeField::Left, Comparison::Less) => {
                (&mut self.expires_before_ms, now_ms + length_ms, false)
            }
            (TimeField::Since, Comparison::Less) => {
                (&mut self.began_after_ms, now_ms - length_ms, true)
            }
            (TimeField::Since, Comparison::More) => {
                (&mut self.began_before_ms, now_ms - length_ms, false)
            }
        };
        *bound = Some(match *bound {
            Some(other) if is_lower => other.max(at),
            Some(other) => other.min(at),
            None => at,
        });
    }

    /// Whether a login passes.
    #[must_use]
    pub fn passes(
        &self,
        searched: &str,
        login_type: LoginType,
        from_ms: i64,
        until_ms: Option<i64>,
    ) -> bool {
        self.login_type.is_none_or(|only| only == login_type)
            && self.began_after_ms.is_none_or(|after| from_ms > after)
            && self.began_before_ms.is_none_or(|before| from_ms < before)
            && self.expires_after_ms.is_none_or(|after| until_ms.is_none_or(|until| until > after))
            && self
                .expires_before_ms
                .is_none_or(|before| until_ms.is_some_and(|until| until < before))
            && self.texts.iter().all(|text| text.is_in(searched))
    }

    /// Whether every login passes.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}
