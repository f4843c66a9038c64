//! The websocket in the browser.

use std::time::Duration;

use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys::Event,
};
use leptos_use_interval_fn::use_interval_fn;
use web_sys::{MessageEvent, WebSocket};

use super::{Connection, Live, unseen};
use crate::{
    api::{FromTab, Refused, ToTab, read_tiles},
    start,
};

/// The wait before the tab reconnects.
const RECONNECT: Duration = Duration::from_secs(1);
/// The interval at which the tab checks whether the server has sent a message.
const LOOK_MS: u64 = 5_000;
/// The number of checks without a message after which the connection is lost: 15 s at most.
const SILENT_LOOKS: u32 = 3;
/// Failures in a row after which, each time, the tab asks whether the server answers other requests.
const FAILURES: u32 = 4;

/// Connects once the page runs, and reconnects whenever the connection is lost.
pub(super) fn keep_open(live: Live, resync: impl Fn() + Send + Sync + 'static) {
    let wire = Line {
        live,
        resync: StoredValue::new(Box::new(resync)),
        socket: StoredValue::new_local(None),
        silent_looks: StoredValue::new(0),
        failures: StoredValue::new(0),
    };
    Effect::new(move |_| wire.connect());
    use_interval_fn(move || wire.look(), LOOK_MS);
    Effect::new(move |_| {
        let late = window_event_listener_untyped(start::LATE, move |_| wire.is_late());
        on_cleanup(move || late.remove());
    });
    // Runs after each snapshot, and on each new connection.
    Effect::new(move |_| {
        let after = live.after.get();
        if live.connection.get() == Connection::Live
            && let Some(after) = after
        {
            wire.send(&FromTab::Resume { after });
        }
    });
}

/// The state of one page's connection.
#[derive(Clone, Copy)]
struct Line {
    live: Live,
    resync: StoredValue<Box<dyn Fn() + Send + Sync>>,
    socket: StoredValue<Option<Socket>, LocalStorage>,
    silent_looks: StoredValue<u32>,
    /// The number of connections in a row without a message from the server.
    failures: StoredValue<u32>,
}

impl Line {
    fn connect(self) {
        // The reader may have left the page.
        let Some(connection) = self.live.connection.try_get_untracked() else { return };
        if connection == Connection::Still {
            self.live.connection.set(Connection::Connecting);
        }
        self.silent_looks.set_value(0);
        self.socket.set_value(Socket::open(self));
        if self.socket.with_value(Option::is_none) {
            self.lost();
        }
    }

    /// Gives up the connection and makes a new one.
    /// The old connection may be closed or silent: the tab does not wait for its end.
    fn lost(self) {
        let Some(connection) = self.live.connection.try_get_untracked() else { return };
        self.socket.set_value(None);
        // A blocked tab stays blocked until the server answers no request at all.
        if connection != Connection::Blocked {
            self.live.connection.set(Connection::Lost);
        }
        self.failures.update_value(|failures| *failures += 1);
        if self.failures.get_value().is_multiple_of(FAILURES) {
            self.ask_why();
        }
        set_timeout(move || self.connect(), RECONNECT);
    }

    /// Asks the server with a plain request why the websocket fails.
    /// If the server answers while no websocket gets through, a proxy usually does not pass websockets.
    fn ask_why(self) {
        spawn_local(async move {
            let answer = read_tiles().await;
            // The reader may have left the page, or the tab may be connected.
            if self.failures.try_get_value().is_none_or(|failures| failures < FAILURES) {
                return;
            }
            match answer {
                Ok(_) => self.live.connection.set(Connection::Blocked),
                Err(Refused::SignedOut) => self.end(Connection::SignedOut),
                Err(_) => self.live.connection.set(Connection::Lost),
            }
        });
    }

    fn look(self) {
        let silent_looks = self.silent_looks.try_update_value(|looks| {
            *looks += 1;
            *looks
        });
        let is_open = self.socket.try_with_value(Option::is_some) == Some(true);
        if is_open && silent_looks.is_some_and(|looks| looks >= SILENT_LOOKS) {
            self.lost();
        }
    }

    /// Notes that a periodic read of the page is late.
    fn is_late(self) {
        if self.live.connection.try_get_untracked() == Some(Connection::Live) {
            self.live.connection.set(Connection::Behind);
        }
    }

    fn heard(self, text: &str) {
        let Some(seen) = self.live.after.try_get_untracked() else { return };
        self.silent_looks.set_value(0);
        self.failures.set_value(0);
        match serde_json::from_str(text) {
            Ok(ToTab::Build(build)) if start::page_build().is_some_and(|page| page == build) => {
                self.live.connection.set(Connection::Live);
            }
            Ok(ToTab::Beat) => self.send(&FromTab::Beat),
            Ok(ToTab::Changes(batch)) => {
                let Some(seen) = seen else { return };
                match unseen(&batch, seen) {
                    Some(new) => {
                        if let Some(last) = new.last() {
                            let number = last.number;
                            self.live.after.update_untracked(|after| *after = Some(number));
                            self.live.gathered.show(new);
                        }
                    }
                    // The batch was sent before the snapshot: request the events in between.
                    None => self.live.after.notify(),
                }
            }
            Ok(ToTab::Resync) => self.resync.with_value(|resync| resync()),
            Ok(ToTab::SignedOut) => self.end(Connection::SignedOut),
            // The server has another build than the page; so has a server whose message is not understood.
            Ok(ToTab::Build(_)) | Err(_) => {
                self.end(Connection::Outdated);
                start::is_outdated();
            }
        }
    }

    fn end(self, connection: Connection) {
        self.socket.set_value(None);
        self.live.connection.set(connection);
    }

    fn send(self, message: &FromTab) {
        let Ok(text) = serde_json::to_string(message) else { return };
        self.socket.with_value(|socket| {
            if let Some(socket) = socket {
                let _ = socket.web.send_with_str(&text);
            }
        });
    }
}

/// An open socket; a dropped socket receives no more messages.
struct Socket {
    web: WebSocket,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(Event)>,
}

impl Socket {
    fn open(line: Line) -> Option<Self> {
        let web = WebSocket::new("/live").ok()?;
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                line.heard(&text);
            }
        });
        let closed = Closure::<dyn FnMut(Event)>::new(move |_: Event| line.lost());
        web.set_onmessage(Some(message.as_ref().unchecked_ref()));
        web.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { web, _message: message, _closed: closed })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.web.set_onmessage(None);
        self.web.set_onclose(None);
        let _ = self.web.close();
    }
}
