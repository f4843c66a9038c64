//! Which part of the logins a page shows, and the way to the others.

use leptos::prelude::*;

use super::{query::url, rows::Rows};
use crate::{
    api::{LoginQuery, PAGE_ROWS},
    text::{t, t_string, use_i18n},
};

/// "1–50 of 1,284", Previous, Next.
#[component]
pub(super) fn Pager(rows: Rows, query: LoginQuery) -> impl IntoView {
    let i18n = use_i18n();
    let first = u64::from(query.page) * u64::from(PAGE_ROWS);
    let total = move || rows.matching.get();
    let last = move || (first + u64::from(PAGE_ROWS)).min(total());
    let range = move || {
        // Nothing to count where nothing is shown.
        if last() <= first {
            return String::new();
        }
        let (from, to, total) = (grouped(first + 1), grouped(last()), grouped(total()));
        t_string!(i18n, logins.range, from = from, to = to, total = total)
    };
    let at = move |page: u32| url(&LoginQuery { page, ..query.clone() });
    let page = u32::try_from(first / u64::from(PAGE_ROWS)).unwrap_or(0);
    let (previous, next) = (at(page.saturating_sub(1)), at(page + 1));
    view! {
        <nav class="pager" aria-label=move || t_string!(i18n, logins.pages)>
            <span class="grow"></span>
            <span id="range">{range}</span>
            {(page > 0)
                .then(|| {
                    view! {
                        <a class="button" href=previous>
                            {t!(i18n, logins.previous)}
                        </a>
                    }
                })}
            <Show when=move || { last() < total() }>
                <a class="button" href=next.clone()>
                    {t!(i18n, logins.next)}
                </a>
            </Show>
        </nav>
    }
}

/// A number with a comma between thousands.
pub(super) fn grouped(number: u64) -> String {
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
