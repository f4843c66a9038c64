//! The websocket of a tab: the changes since the tab's snapshot, then each further change.

mod tab;

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::sync::Semaphore;
use tower_sessions::Session;
use tracing::{Instrument, Span};

use crate::{
    admin::{Admin, Caller, NotSignedIn},
    console::Sessions,
    edge::Sampled,
};

/// The most tabs at a time that are being told that no administrator is signed in.
const TURNED_AWAY: usize = 64;
/// The largest message of a tab, in bytes.
const MESSAGE_BYTES: usize = 1024;

#[derive(Clone)]
struct Live {
    admin: Admin,
    sessions: Sessions,
    turned_away: Arc<Semaphore>,
    not_upgraded: Arc<Sampled>,
}

/// The route of the websocket.
pub(crate) fn routes(admin: Admin, sessions: Sessions) -> Router {
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let live = Live { admin, sessions, turned_away, not_upgraded: Arc::default() };
    Router::new().route("/live", get(open)).with_state(live)
}

impl FromRef<Live> for Admin {
    fn from_ref(live: &Live) -> Self {
        live.admin.clone()
    }
}

async fn open(
    State(live): State<Live>,
    caller: Result<Caller, NotSignedIn>,
    session: Session,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return no_upgrade(&rejection, &live.not_upgraded),
    };
    // The bound on a message alone does not bound the frame that announces the message.
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES);
    let span = Span::current();
    match caller {
        Ok(caller) => {
            let viewers = live.admin.viewers();
            let own = session.id().map(|id| id.to_string()).unwrap_or_default();
            let places = viewers.sockets.take(&own);
            let places = places.zip(viewers.sockets_of_administrators.take(caller.name()));
            let Some(places) = places else {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            };
            let Live { admin, sessions, .. } = live;
            let viewer = tab::Viewer { admin, caller, sessions, session };
            let serve = async move |socket| {
                tab::serve(&viewer, socket).await;
                drop(places);
            };
            upgrade.on_upgrade(move |socket| serve(socket).instrument(span))
        }
        // A browser does not tell its script why a socket was refused, so the tab is told over an open
        // socket. Otherwise the tab would reconnect for ever.
        Err(NotSignedIn::Nobody) => {
            let Ok(place) = Arc::clone(&live.turned_away).try_acquire_owned() else {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            };
            let turn_away = async move |socket| {
                tab::turn_away(socket).await;
                drop(place);
            };
            upgrade.on_upgrade(move |socket| turn_away(socket).instrument(span))
        }
        Err(problem) => problem.into_response(),
    }
}

/// Answers a tab's websocket request that arrives as a plain request.
/// A proxy has left the websocket headers out.
fn no_upgrade(rejection: &WebSocketUpgradeRejection, seen: &Sampled) -> Response {
    if let Some(times) = seen.count() {
        let hint = "a proxy must pass the headers Upgrade and Connection";
        tracing::warn!(times, %rejection, hint, "websockets of tabs could not be opened");
    }
    let text =
        "A websocket is wanted here: a proxy must pass the headers Upgrade and Connection.\n";
    (StatusCode::UPGRADE_REQUIRED, [(header::UPGRADE, "websocket")], text).into_response()
}
