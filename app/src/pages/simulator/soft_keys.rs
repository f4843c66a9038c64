//! The four soft keys below the display.

use leptos::prelude::*;

use super::{action::Action, state::Phone};
use crate::{
    api::{PhoneBody, PhoneKey, PhoneScreen},
    text::{I18n, t, use_i18n},
};

/// The number of keys below the display.
const KEYS: usize = 4;

/// The action of a soft key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// No action: the key has no label.
    Nothing,
    /// Opens the phone's services.
    Services,
    /// Shows the next soft keys.
    More,
    /// Carries out a command, whose label the key shows.
    Command(PhoneKey),
}

/// The keys that are below the display now.
/// With more than four keys, the last soft key shows the next keys, and after the last keys the first.
pub(super) fn below(keys: &[PhoneKey], turned: usize) -> [Does; KEYS] {
    let is_paged = keys.len() > KEYS;
    let size = if is_paged { KEYS - 1 } else { KEYS };
    let pages = keys.len().div_ceil(size).max(1);
    let mut page = keys.iter().skip(turned % pages * size).take(size);
    std::array::from_fn(|place| {
        if is_paged && place == KEYS - 1 {
            return Does::More;
        }
        page.next().map_or(Does::Nothing, |key| Does::Command(key.clone()))
    })
}

/// The keys of a screen; a screen without keys gets the phone's default keys.
pub(super) fn keys_of(screen: &PhoneScreen, i18n: I18n) -> Vec<PhoneKey> {
    if !screen.keys.is_empty() {
        return screen.keys.clone();
    }
    let key = |label: &str, url: &str| PhoneKey { label: label.to_owned(), url: url.to_owned() };
    let exit = key(t!(i18n, simulator.exit), "SoftKey:Exit");
    match screen.body {
        PhoneBody::Form { .. } => {
            let submit = key(t!(i18n, simulator.submit), "SoftKey:Submit");
            vec![submit, key("<<", "SoftKey:<<"), exit]
        }
        PhoneBody::Menu(_) => vec![key(t!(i18n, simulator.select), "SoftKey:Select"), exit],
        PhoneBody::Text(_) | PhoneBody::Commands(_) => vec![exit],
    }
}

impl Phone {
    fn soft_keys(self, i18n: I18n) -> [Does; KEYS] {
        self.screen.with(|screen| match screen {
            None => [Does::Services, Does::Nothing, Does::Nothing, Does::Nothing],
            Some(screen) => below(&keys_of(screen, i18n), self.turned.get()),
        })
    }

    fn press_soft_key(self, does: Does) {
        match does {
            Does::Nothing => {}
            Does::Services => self.open_services(),
            Does::More => self.turned.update(|turned| *turned += 1),
            Does::Command(key) => self.carry_out(Action::read(&key.url)),
        }
    }
}

/// The keys, each with its label on the display above it.
#[component]
pub(super) fn SoftKeys(phone: Phone) -> impl IntoView {
    let i18n = use_i18n();
    let keys = Memo::new(move |_| phone.soft_keys(i18n));
    let one = move |place: usize| {
        let label = move || match keys.with(|keys| keys[place].clone()) {
            Does::Nothing => String::new(),
            Does::Services => t!(i18n, simulator.services).to_owned(),
            Does::More => t!(i18n, simulator.more).to_owned(),
            Does::Command(key) => key.label,
        };
        let is_blank = move || keys.with(|keys| keys[place] == Does::Nothing);
        let name = move || is_blank().then(|| t!(i18n, simulator.soft_key, number = place + 1));
        view! {
            <button
                type="button"
                class="soft-key"
                aria-label=name
                aria-disabled=move || is_blank().then_some("true")
                on:click=move |_| phone.press_soft_key(keys.with_untracked(|keys| keys[place].clone()))
            >
                <span class="label">{label}</span>
                <i></i>
            </button>
        }
    };
    view! { <div class="soft-keys">{(0..KEYS).map(one).collect_view()}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize, turned: usize) -> String {
        let labels = ["a", "b", "c", "d", "e", "f", "g"];
        let keys: Vec<_> = labels[..count]
            .iter()
            .map(|label| PhoneKey { label: (*label).to_owned(), url: String::new() })
            .collect();
        let keys = below(&keys, turned).into_iter().map(|does| match does {
            Does::Nothing => ".".to_owned(),
            Does::Services => "S".to_owned(),
            Does::More => ">".to_owned(),
            Does::Command(key) => key.label,
        });
        keys.collect()
    }

    #[test]
    fn four_keys_stand_below_the_display() {
        assert_eq!(labels(0, 0), "....");
        assert_eq!(labels(2, 0), "ab..");
        assert_eq!(labels(4, 0), "abcd");
        assert_eq!(labels(4, 1), "abcd");
    }

    #[test]
    fn with_more_of_them_the_last_leads_on_and_around() {
        assert_eq!(labels(5, 0), "abc>");
        assert_eq!(labels(5, 1), "de.>");
        assert_eq!(labels(5, 2), "abc>");
        assert_eq!(labels(7, 2), "g..>");
    }
}
