//! The state of a phone's display, and its changes.

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

/// The time for which a notice is shown.
const NOTICE: Duration = Duration::from_secs(3);

/// The time for which the result of a log-in or log-out is shown.
/// A desk phone restarts after this time, and shows its new lines.
const RESULT: Duration = Duration::from_secs(4);

/// One phone, shared by its parts.
#[derive(Clone, Copy)]
pub(super) struct Phone {
    /// The phone's present configuration.
    pub now: RwSignal<SimulatedPhone>,
    /// The screen of a service; without one the phone is idle.
    pub screen: RwSignal<Option<PhoneScreen>>,
    /// The current field or item.
    pub current: RwSignal<usize>,
    /// The values in the form's fields.
    pub typed: RwSignal<Vec<String>>,
    /// The number of times that the soft keys were changed to the next ones.
    pub turned: RwSignal<usize>,
    /// Whether the phone waits for an answer.
    pub waits: RwSignal<bool>,
    /// A temporary notice, and its number.
    pub notice: RwSignal<Option<(u32, String)>>,
    /// Why the page can't continue.
    pub refused: RwSignal<Option<Refused>>,
    /// The state of the letter keys.
    pub taps: StoredValue<MultiTap>,
    /// The number of the present request: an answer to an earlier request is dropped.
    pub request: StoredValue<u32>,
    /// The number of the present screen.
    shown: StoredValue<u32>,
    /// The input state of the phone's user.
    pub hands: StoredValue<Hands>,
    /// The element of the phone.
    pub root: NodeRef<html::Section>,
    /// The element of the display.
    pub display: NodeRef<html::Div>,
    i18n: I18n,
}

/// The input state of a phone's user.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hands {
    /// Whether the last press was a touch.
    pub by_touch: bool,
    /// Whether the focus was on the phone before the present screen.
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

    /// Shows the screen of a service; `None` is the idle screen.
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
        // In a form that the server has filled in part, the first empty field is current.
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

    /// Closes the present screen after `wait`, unless the screen has changed.
    fn close_in(self, wait: Duration) {
        let number = self.shown.get_value();
        set_timeout(
            move || {
                // The phone may have left the page, or may be waiting for the answer to a key.
                let is_shown = self.shown.try_get_value() == Some(number);
                if is_shown && !self.waits.get_untracked() {
                    self.show(None);
                }
            },
            wait,
        );
    }

    /// Leaves the present screen; the answer to a running request is dropped.
    pub fn leave(self) {
        self.request.update_value(|number| *number += 1);
        self.waits.set(false);
        if self.screen.with_untracked(Option::is_some) {
            self.show(None);
        }
    }

    /// Shows why no screen came: the phone's own message, or the server's refusal to request the screen.
    pub fn fail(self, refused: Refused) {
        let i18n = self.i18n;
        let no_host = t!(i18n, simulator.no_host);
        let (title, text) = match refused {
            Refused::SignedOut | Refused::OtherBuild => return self.refused.set(Some(refused)),
            Refused::NotAllowed => (no_host, t!(i18n, states.not_allowed).to_owned()),
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

    /// Shows a notice for [`NOTICE`].
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
                // Another notice may be shown, or the phone may have left the page.
                if self.notice.try_with_untracked(is_that) == Some(true) {
                    self.notice.set(None);
                }
            },
            NOTICE,
        );
    }

    /// Clears the list of calls.
    pub fn clear_calls(self) {
        let i18n = self.i18n;
        self.say(t!(i18n, simulator.cleared).to_owned());
    }

    /// Takes the news; the pushed commands are returned and not carried out.
    pub fn take(self, news: PhoneNews) -> Vec<String> {
        let PhoneNews { phone, pushed, .. } = news;
        let other_user = self.now.with_untracked(|now| now.user != phone.user);
        if self.now.with_untracked(|now| *now != phone) {
            self.now.set(phone);
        }
        let is_outdated = self.screen.with_untracked(|screen| screen.as_ref().is_some_and(asks));
        // A phone that waits has already sent its request: the answer replaces the screen.
        if other_user && is_outdated && !self.waits.get_untracked() {
            self.show(None);
        }
        pushed
    }
}
