//! What a phone shows, and how that changes.

use std::time::Duration;

use leptos::{html, prelude::*};

use super::{
    action::{asks, is_result},
    multi_tap::MultiTap,
};
use crate::{
    api::{PhoneBody, PhoneNews, PhoneScreen, Refused, SimulatedPhone},
    text::{I18n, t, use_i18n},
};

/// How long a notice stands on the display.
const NOTICE: Duration = Duration::from_secs(3);

/// How long the result of a log-in or log-out stands on the display. A desk phone starts anew then, and
/// shows its new lines.
const RESULT: Duration = Duration::from_secs(4);

/// One phone. Its parts share it.
#[derive(Clone, Copy)]
pub(super) struct Phone {
    /// What its configuration gives it.
    pub now: RwSignal<SimulatedPhone>,
    /// The screen of a service; without one the phone is idle.
    pub screen: RwSignal<Option<PhoneScreen>>,
    /// The current field or item.
    pub current: RwSignal<usize>,
    /// The values of the fields.
    pub typed: RwSignal<Vec<String>>,
    /// How often the soft keys were turned to the next ones.
    pub turned: RwSignal<usize>,
    /// Whether it waits for an answer.
    pub waits: RwSignal<bool>,
    /// A notice that soon goes away, and its number.
    pub notice: RwSignal<Option<(u32, String)>>,
    /// Why the page can't go on.
    pub refused: RwSignal<Option<Refused>>,
    /// The letter keys.
    pub taps: StoredValue<MultiTap>,
    /// The number of the request that is waited for: the answer to one before comes too late.
    pub request: StoredValue<u32>,
    /// The number of the screen that is shown.
    shown: StoredValue<u32>,
    /// Who works at it.
    pub hands: StoredValue<Hands>,
    /// The whole phone.
    pub root: NodeRef<html::Section>,
    /// Its display.
    pub display: NodeRef<html::Div>,
    i18n: I18n,
}

/// What is known of who works at a phone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hands {
    /// Whether the last press was with a finger.
    pub by_touch: bool,
    /// Whether the keyboard was at the phone before the present screen came.
    pub had_focus: bool,
}

impl Phone {
    /// An idle phone.
    pub fn new(now: SimulatedPhone) -> Self {
        Self {
            now: RwSignal::new(now),
            screen: RwSignal::new(None),
            current: RwSignal::new(0),
            typed: RwSignal::new(Vec::new()),
            turned: RwSignal::new(0),
            waits: RwSignal::new(false),
            notice: RwSignal::new(None),
            refused: RwSignal::new(None),
            taps: StoredValue::new(MultiTap::default()),
            request: StoredValue::new(0),
            shown: StoredValue::new(0),
            hands: StoredValue::new(Hands::default()),
            root: NodeRef::new(),
            display: NodeRef::new(),
            i18n: use_i18n(),
        }
    }

    /// The name of the phone.
    pub fn name(self) -> String {
        self.now.with_untracked(|now| now.name.clone())
    }

    /// Shows the screen of a service, or with none what an idle phone shows.
    pub fn show(self, screen: Option<PhoneScreen>) {
        let had_focus = self.has_focus();
        self.hands.update_value(|hands| hands.had_focus = had_focus);
        self.hold_focus();
        let typed = match screen.as_ref().map(|screen| &screen.body) {
            Some(PhoneBody::Form { fields, .. }) => {
                fields.iter().map(|field| field.value.clone()).collect()
            }
            _ => Vec::new(),
        };
        // A form that the server has filled in part goes on at what is missing.
        let first = typed.iter().position(String::is_empty).unwrap_or(0);
        self.taps.update_value(MultiTap::commit);
        self.typed.set(typed);
        self.current.set(first);
        self.turned.set(0);
        self.shown.update_value(|number| *number = number.wrapping_add(1));
        if screen.as_ref().is_some_and(is_result) {
            self.close_in(RESULT);
        }
        self.screen.set(screen);
        request_animation_frame(move || self.take_focus());
    }

    /// Leaves the present screen after a while, unless somebody did before.
    fn close_in(self, wait: Duration) {
        let number = self.shown.get_value();
        set_timeout(
            move || {
                // The phone may be gone by then, or wait for the answer to a key.
                let is_shown = self.shown.try_get_value() == Some(number);
                if is_shown && !self.waits.get_untracked() {
                    self.show(None);
                }
            },
            wait,
        );
    }

    /// Leaves what it shows; an answer that is on its way is not shown any more.
    pub fn leave(self) {
        self.request.update_value(|number| *number += 1);
        self.waits.set(false);
        if self.screen.with_untracked(Option::is_some) {
            self.show(None);
        }
    }

    /// Shows why no screen came: what the phone says itself, or why the server did not ask for one.
    pub fn fail(self, refused: Refused) {
        let i18n = self.i18n;
        let no_host = t!(i18n, simulator.no_host);
        let (title, text) = match refused {
            Refused::SignedOut | Refused::OtherBuild => return self.refused.set(Some(refused)),
            Refused::NotAllowed(_) => (no_host, t!(i18n, states.not_allowed).to_owned()),
            Refused::NotFound => (no_host, t!(i18n, states.not_there).to_owned()),
            Refused::Transport(_) | Refused::Unavailable => {
                (no_host, t!(i18n, states.failed).to_owned())
            }
        };
        self.show(Some(PhoneScreen {
            title: title.to_owned(),
            prompt: String::new(),
            body: PhoneBody::Text(text),
            keys: Vec::new(),
        }));
    }

    /// Says something for a while.
    pub fn say(self, text: String) {
        let before =
            self.notice.with_untracked(|notice| notice.as_ref().map(|(number, _)| *number));
        let number = before.map_or(0, |before| before + 1);
        self.notice.set(Some((number, text)));
        let is_that = move |notice: &Option<(u32, String)>| {
            notice.as_ref().is_some_and(|(one, _)| *one == number)
        };
        set_timeout(
            move || {
                // Another one may have taken its place, or the phone may be gone.
                if self.notice.try_with_untracked(is_that) == Some(true) {
                    self.notice.set(None);
                }
            },
            NOTICE,
        );
    }

    /// Its list of calls is cleared.
    pub fn clear_calls(self) {
        let i18n = self.i18n;
        self.say(t!(i18n, simulator.cleared).to_owned());
    }

    /// Takes what is new; the commands are not carried out yet.
    pub fn take(self, news: PhoneNews) -> Vec<String> {
        let PhoneNews { phone, pushed, .. } = news;
        let other_user = self.now.with_untracked(|now| now.user != phone.user);
        if self.now.with_untracked(|now| *now != phone) {
            self.now.set(phone);
        }
        let is_outdated = self.screen.with_untracked(|screen| screen.as_ref().is_some_and(asks));
        // A phone that waits has sent its question already: the answer takes its place.
        if other_user && is_outdated && !self.waits.get_untracked() {
            self.show(None);
        }
        pushed
    }
}
