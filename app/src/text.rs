//! The texts of the console, from `locales/`, in the language of the page.
//!
//! The language does not change while a page is open: choosing another language loads the page anew. So a text
//! is a value and not a closure; closures would otherwise be most of the console's code.

use leptos::prelude::*;

pub use generated::{Locale, td_string};

#[expect(
    dead_code,
    unused_imports,
    unused_qualifications,
    clippy::pedantic,
    clippy::expect_used,
    reason = "generated from the locale files"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
    pub use i18n::*;
}

/// The cookie that stores the language; the server sets and reads the cookie.
pub const LANGUAGE_COOKIE: &str = "sojourn-language";

/// The language of the page.
#[derive(Clone, Copy)]
pub struct I18n(Locale);

impl I18n {
    /// The texts for the parts of the document outside of the app.
    #[cfg(feature = "ssr")]
    pub(crate) const fn of(locale: Locale) -> Self {
        Self(locale)
    }

    /// The language.
    #[must_use]
    pub const fn locale(self) -> Locale {
        self.0
    }
}

/// The language of the page.
#[must_use]
pub fn use_i18n() -> I18n {
    use_context().unwrap_or(I18n(Locale::en))
}

/// A text in the language of the page: `t!(i18n, logins.title)`.
macro_rules! t {
    ($i18n:ident, $($key:tt)*) => {
        $crate::text::td_string!($i18n.locale(), $($key)*)
    };
}
pub(crate) use t;

/// The tag of a language, as used in HTML and HTTP.
#[must_use]
pub const fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::ko => "ko",
    }
}

/// Provides the page's language.
/// The server takes the language of the cookie, or else of the browser; the browser takes the language that the
/// server has written.
pub(crate) fn provide_language() {
    provide_context(I18n(language()));
}

/// The language of the page, also before [`provide_language`] is called.
pub(crate) fn language() -> Locale {
    asked_for().unwrap_or(Locale::en)
}

/// The language of a tag such as `ko-KR`.
fn of_tag(text: &str) -> Option<Locale> {
    let primary = text.trim().split(['-', ';']).next()?.to_ascii_lowercase();
    [Locale::en, Locale::ko].into_iter().find(|locale| tag(*locale) == primary)
}

#[cfg(feature = "ssr")]
fn asked_for() -> Option<Locale> {
    use axum::http::{header, request::Parts};

    let kept = cookie(LANGUAGE_COOKIE).as_deref().and_then(of_tag);
    kept.or_else(|| {
        let parts = use_context::<Parts>()?;
        let languages = parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        // Browsers name the preferred language first.
        languages.split(',').find_map(of_tag)
    })
}

/// The value of a cookie of the request.
#[cfg(feature = "ssr")]
pub(crate) fn cookie(wanted: &str) -> Option<String> {
    use axum::http::{header, request::Parts};

    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get_all(header::COOKIE).into_iter();
    let mut pairs = cookies.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted).then(|| value.to_owned())
    })
}

#[cfg(not(feature = "ssr"))]
fn asked_for() -> Option<Locale> {
    of_tag(&document().document_element()?.get_attribute("lang")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_by_its_first_part() {
        assert_eq!(of_tag("ko-KR"), Some(Locale::ko));
        assert_eq!(of_tag(" EN;q=0.8"), Some(Locale::en));
        assert_eq!(of_tag("de"), None);
        assert_eq!(of_tag(""), None);
    }
}
