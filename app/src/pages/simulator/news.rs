//! The news of the phones: the tab's socket says at which something happens, and each phone asks what.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_use::use_interval_fn;

use super::state::Phone;
use crate::{
    api::{Happened, PhoneNews, Refused, read_phone_news},
    live::{Connection, Live, live},
};

/// How often each phone asks although nothing is known to have happened. The server drops phones that nobody
/// asks about for a minute.
const KEEP_MS: u64 = 25_000;
/// The waits after requests that failed.
const AGAIN: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5)];

/// The news of all phones on the page.
#[derive(Clone, Copy)]
pub(super) struct News {
    live: Live,
    phones: StoredValue<Vec<Following>>,
    /// Whether the socket waits for a snapshot to go on from.
    resyncs: StoredValue<bool>,
}

impl News {
    /// Listens for as long as the page stands.
    pub fn new() -> Self {
        let phones = StoredValue::new(Vec::<Following>::new());
        let resyncs = StoredValue::new(true);
        let each = move || Following::all_of(phones);
        let live = live(
            move |changes| {
                let concerned = each().into_iter().filter(|one| one.is_concerned(&changes));
                concerned.for_each(Following::ask);
            },
            move || {
                resyncs.set_value(true);
                each().into_iter().for_each(Following::ask);
            },
        );
        let ask_all = move || each().into_iter().for_each(Following::ask);
        use_interval_fn(ask_all, KEEP_MS);
        // A server that has started anew does not know the phones; without a session each of them says so.
        Effect::new(move |_| {
            if matches!(live.connection.get(), Connection::Live | Connection::SignedOut) {
                ask_all();
            }
        });
        Self { live, phones, resyncs }
    }

    /// Follows a phone from this snapshot of it, as long as it stands on the page.
    pub fn follow(self, phone: Phone, snapshot: &PhoneNews) {
        let one = Following {
            news: self,
            phone,
            seen: StoredValue::new(snapshot.seen.clone()),
            asks: StoredValue::new(Asks::Not),
            failures: StoredValue::new(0),
        };
        self.phones.update_value(|phones| phones.push(one));
        if self.resyncs.get_value() {
            self.resyncs.set_value(false);
            self.live.resume(snapshot.as_of);
        } else {
            // The socket may be further on than this snapshot. At the server an effect does nothing.
            Effect::new(move |_| one.ask());
        }
    }

    /// Whether the socket does not say at which phones something happens.
    pub fn is_lost(self) -> bool {
        matches!(
            self.live.connection.get(),
            Connection::Lost | Connection::Blocked | Connection::SignedOut
        )
    }

    /// Lets the socket go on from a snapshot, if it waits for one. What happened up to then is read anew.
    fn resume(self, as_of: u64) {
        if self.resyncs.get_value() {
            self.resyncs.set_value(false);
            self.live.resume(as_of);
            Following::all_of(self.phones).into_iter().for_each(Following::ask);
        }
    }
}

/// Whether a phone asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Not,
    Now,
    /// Once more after the present answer: something happened meanwhile.
    Again,
    /// After a pause, since a request failed.
    Later,
}

/// A phone that is followed.
#[derive(Clone, Copy)]
struct Following {
    news: News,
    phone: Phone,
    seen: StoredValue<String>,
    asks: StoredValue<Asks>,
    failures: StoredValue<usize>,
}

impl Following {
    /// Those that still stand on the page.
    fn all_of(phones: StoredValue<Vec<Self>>) -> Vec<Self> {
        let stand = phones.try_update_value(|phones| {
            phones.retain(|one| one.seen.try_get_value().is_some());
            phones.clone()
        });
        stand.unwrap_or_default()
    }

    fn is_concerned(&self, changes: &[Happened]) -> bool {
        let concerns = |name: &str| changes.iter().any(|one| one.change.concerns(name));
        self.phone.now.try_with_untracked(|now| concerns(&now.name)) == Some(true)
    }

    fn ask(self) {
        // The phone may be gone by now.
        let Some(asks) = self.asks.try_get_value() else { return };
        match asks {
            Asks::Not => {}
            Asks::Now | Asks::Again => return self.asks.set_value(Asks::Again),
            Asks::Later => return,
        }
        self.asks.set_value(Asks::Now);
        let (name, seen) = (self.phone.name(), self.seen.get_value());
        spawn_local(async move {
            let answer = read_phone_news(name, seen).await;
            if self.seen.try_get_value().is_some() {
                self.take(answer);
            }
        });
    }

    fn take(self, answer: Result<PhoneNews, Refused>) {
        let asks = self.asks.get_value();
        self.asks.set_value(Asks::Not);
        match answer {
            Ok(news) => {
                self.failures.set_value(0);
                self.refuse(None);
                self.seen.set_value(news.seen.clone());
                self.news.resume(news.as_of);
                let pushed = self.phone.take(news);
                self.phone.obey(&pushed);
                if asks == Asks::Again {
                    self.ask();
                }
            }
            Err(Refused::Unavailable | Refused::Transport(_)) => {
                // A phone that was away misses what was pushed to it.
                self.seen.set_value(String::new());
                let failures = self.failures.get_value();
                self.failures.set_value(failures + 1);
                self.asks.set_value(Asks::Later);
                let again = move || {
                    if self.asks.try_set_value(Asks::Not).is_none() {
                        self.ask();
                    }
                };
                set_timeout(again, AGAIN[failures.min(AGAIN.len() - 1)]);
            }
            Err(refused) => self.refuse(Some(refused)),
        }
    }

    /// Shows why the phone can't go on, or that it can.
    fn refuse(self, refused: Option<Refused>) {
        if self.phone.refused.with_untracked(|before| *before != refused) {
            self.phone.refused.set(refused);
        }
    }
}
