//! The range of rows that a page shows, and the links to the other pages.

use leptos::prelude::*;

use super::when::When;
use crate::text::{t, use_i18n};

/// "1–50 of 1,284", Previous, Next. `url` gives the address of a page, from 0.
#[component]
pub fn Pager(
    /// The present page, from 0.
    page: u32,
    /// The number of rows on a page.
    rows: u32,
    /// The number of all rows; a plain function, because the list outlives each reading of the page.
    total: impl Fn() -> u64 + Copy + Send + Sync + 'static,
    /// The address of a page, from 0.
    url: impl Fn(u32) -> String,
) -> impl IntoView {
    let i18n = use_i18n();
    let first = u64::from(page) * u64::from(rows);
    let last = move || (first + u64::from(rows)).min(total());
    let range = move || {
        // An empty range has no numbers.
        if last() <= first {
            return String::new();
        }
        let (from, to, total) = (grouped(first + 1), grouped(last()), grouped(total()));
        t!(i18n, logins.range, from = from, to = to, total = total)
    };
    let (previous, next) = (url(page.saturating_sub(1)), url(page + 1));
    view! {
        <nav class="pager" aria-label=t!(i18n, logins.pages)>
            <span class="grow"></span>
            <span id="range">{range}</span>
            {(page > 0)
                .then(|| {
                    view! {
                        <a class="button" href=previous>
                            {t!(i18n, logins.previous)}
                        </a>
                    }.into_any()
                })}
            <When is=move || { last() < total() }>
                <a class="button" href=next.clone()>
                    {t!(i18n, logins.next)}
                </a>
            </When>
        </nav>
    }
}

/// The text on a page past the last page; `first` is the address of the first page.
#[component]
pub fn PastTheEnd(first: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="empty">
            <p>
                <b>{t!(i18n, logins.past_title)}</b>
            </p>
            <p>
                <a href=first>{t!(i18n, logins.past_link)}</a>
            </p>
        </div>
    }
    .into_any()
}

/// A number with a comma between thousands.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
