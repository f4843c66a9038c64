//! Commands of keys, services and pushes, and the requests that follow from them.

use std::collections::VecDeque;

use leptos::{prelude::*, task::spawn_local};

use super::{action::Action, state::Phone};
use crate::api::{PhoneBody, PhoneScreen, Press, press_key};

/// The most requests that one key can cause: services could redirect a phone endlessly.
const MOST_REQUESTS: usize = 10;

impl Phone {
    /// Carries out a command of a key or an item.
    pub fn carry_out(self, action: Action) {
        // The user can leave a screen without the answer.
        if self.waits.get_untracked() && action != Action::Leave {
            return;
        }
        match action {
            Action::Open(url) => self.open(url),
            Action::Submit => self.submit(),
            Action::Select => self.press_select(),
            Action::Delete => self.delete(),
            Action::Leave => self.leave(),
            Action::ClearCalls => self.clear_calls(),
            Action::Nothing => {}
        }
    }

    /// Carries out pushed commands, in order.
    pub fn obey(self, commands: &[String]) {
        let actions: VecDeque<_> = commands.iter().map(|one| Action::read(one)).collect();
        if actions.iter().any(|action| matches!(action, Action::Open(_))) {
            self.work(actions.into_iter().map(|action| self.step(action)).collect());
        } else {
            // The commands do not cancel the answer that the phone waits for.
            for action in &actions {
                self.obey_at_once(action);
            }
        }
    }

    /// Carries out a pushed command, without an effect on the user's typed text.
    fn obey_at_once(self, action: &Action) {
        match action {
            Action::Leave if !self.waits.get_untracked() => self.leave(),
            Action::ClearCalls => self.clear_calls(),
            _ => {}
        }
    }

    /// Requests an address.
    pub fn open(self, url: String) {
        self.ask(self.asks(url));
    }

    fn asks(self, url: String) -> Press {
        Press { phone: self.name(), url, ..Press::default() }
    }

    /// Sends a request, unless the phone waits for an answer.
    pub fn ask(self, press: Press) {
        if !self.waits.get_untracked() {
            self.work(VecDeque::from([Step::Ask(press)]));
        }
    }

    fn step(self, action: Action) -> Step {
        match action {
            Action::Open(url) => Step::Ask(self.asks(url)),
            other => Step::Do(other),
        }
    }

    /// Starts a sequence of steps, which replaces the running sequence.
    fn work(self, steps: VecDeque<Step>) {
        let number = self.request.try_update_value(|number| {
            *number += 1;
            *number
        });
        let Some(number) = number else { return };
        self.waits.set(true);
        spawn_local(self.go_through(steps, number));
    }

    async fn go_through(self, mut steps: VecDeque<Step>, number: u32) {
        let mut requests = 0;
        // Commands that show nothing leave the phone idle: the phone's earlier request is answered.
        let mut shown = None;
        while let Some(step) = steps.pop_front() {
            let press = match step {
                Step::Ask(press) if requests < MOST_REQUESTS => press,
                Step::Ask(_) => break,
                Step::Do(Action::Leave) => {
                    shown = None;
                    continue;
                }
                Step::Do(action) => {
                    self.obey_at_once(&action);
                    continue;
                }
            };
            requests += 1;
            let answer = press_key(press).await;
            // The reader may have left the page, or the user the screen.
            if self.request.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(PhoneScreen { body: PhoneBody::Commands(commands), .. }) => {
                    for command in commands.iter().rev() {
                        steps.push_front(self.step(Action::read(command)));
                    }
                }
                Ok(screen) => shown = Some(screen),
                Err(refused) => {
                    self.waits.set(false);
                    return self.fail(refused);
                }
            }
        }
        self.waits.set(false);
        self.show(shown);
    }
}

/// A step of a sequence.
enum Step {
    Ask(Press),
    Do(Action),
}
