//! The keys beside the display: lines and speed dials, with their lamps.

use leptos::prelude::*;

use terms::button_count;

use super::state::Phone;
use crate::{
    api::{Labelled, SimulatedPhone},
    text::{t, use_i18n},
};

/// The most keys on one side of the display. A phone has at most two sides with keys.
pub(super) const SIDE: usize = 5;

/// The number of keys beside a model's display.
/// A model with fewer keys than needed has an expansion module.
fn key_count(model: &str, needed: usize) -> usize {
    button_count(model).unwrap_or(2 * SIDE).max(needed).min(2 * SIDE)
}

/// A key beside the display.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LineKey {
    place: usize,
    is_line: bool,
    number: String,
    label: String,
}

impl LineKey {
    /// The keys of a phone, lines first.
    fn all(now: &SimulatedPhone) -> Vec<Self> {
        let lines = now.lines.iter().map(|one| (true, one));
        let dials = now.speed_dials.iter().map(|one| (false, one));
        let key = |(place, (is_line, one)): (usize, (bool, &Labelled))| Self {
            place,
            is_line,
            number: one.number.clone(),
            label: one.label.clone(),
        };
        lines.chain(dials).take(2 * SIDE).enumerate().map(key).collect()
    }

    /// The key in words: `2001 (John)`.
    fn in_words(&self) -> String {
        match self.label.as_str() {
            "" => self.number.clone(),
            label => format!("{} ({label})", self.number),
        }
    }
}

/// The keys.
/// A key that does not change keeps its element when other keys change.
#[component]
pub(super) fn LineKeys(phone: Phone) -> impl IntoView {
    let keys = Memo::new(move |_| phone.now.with(LineKey::all));
    let count = Memo::new(move |_| {
        phone.now.with(|now| key_count(&now.model, now.lines.len() + now.speed_dials.len()))
    });
    view! {
        <For each=move || keys.get() key=LineKey::clone let:key>
            <One phone key/>
        </For>
        // The key caps of the housing, including caps without a key.
        <div class="caps" aria-hidden="true">
            {move || (0..count.get()).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
}

#[component]
fn One(phone: Phone, key: LineKey) -> impl IntoView {
    let i18n = use_i18n();
    let words = key.in_words();
    let name = if key.is_line {
        t!(i18n, simulator.line, key = words.clone())
    } else {
        t!(i18n, simulator.speed_dial, key = words.clone())
    };
    let say = move |_| phone.say(t!(i18n, simulator.no_calls, key = words.clone()));
    let LineKey { place, is_line, number, label } = key;
    let class = if is_line { "line-key line" } else { "line-key" };
    view! {
        <button type="button" class=class data-place=place + 1 aria-label=name on:click=say>
            <i></i>
            <span class="label">
                {if label.is_empty() {
                    view! { <b>{number}</b> }.into_any()
                } else if is_line {
                    view! {
                        <b>{number}</b>
                        <small>{label}</small>
                    }
                        .into_any()
                } else {
                    view! {
                        <b>{label}</b>
                        <small>{number}</small>
                    }
                        .into_any()
                }}
            </span>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(number: &str, label: &str) -> Labelled {
        Labelled { number: number.to_owned(), label: label.to_owned() }
    }

    #[test]
    fn lines_come_first_and_ten_keys_are_there_at_most() {
        let phone = SimulatedPhone {
            lines: vec![labelled("2001", "John"), labelled("2002", "")],
            speed_dials: (0..9).map(|one| labelled(&one.to_string(), "Hall")).collect(),
            ..SimulatedPhone::default()
        };
        let keys = LineKey::all(&phone);
        let words: Vec<_> = keys.iter().map(LineKey::in_words).collect();
        assert_eq!(words[..3], ["2001 (John)", "2002", "0 (Hall)"]);
        assert_eq!(keys.len(), 10);
        assert_eq!(keys.iter().filter(|key| key.is_line).count(), 2);
        assert_eq!(keys[9].place, 9);
    }

    #[test]
    fn a_phone_has_the_keys_of_its_model() {
        assert_eq!(key_count("Cisco 7841", 1), 4);
        assert_eq!(key_count("Cisco 7841", 6), 6);
        assert_eq!(key_count("Cisco 7861", 1), 10);
        assert_eq!(key_count("soft phone", 1), 10);
    }
}
