//! The websocket of a tab: what changed after its snapshot, then whatever comes.

mod tab;

use std::sync::{Arc, LazyLock};

use app::api::Refused;
use axum::{
    Router,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use tokio::sync::Semaphore;
use tower_sessions::Session;

use crate::{cluster::Cluster, console, edge::Sampled};

/// Tabs that may be open at a time.
const TABS: usize = 2_000;
/// The largest message of a tab, in bytes.
const MESSAGE_BYTES: usize = 1024;

#[derive(Clone)]
struct Live {
    cluster: Arc<Cluster>,
    places: Arc<Semaphore>,
}

/// The route of the websocket.
pub(crate) fn routes(cluster: Arc<Cluster>) -> Router {
    let places = Arc::new(Semaphore::new(TABS));
    Router::new().route("/live", any(open)).with_state(Live { cluster, places })
}

async fn open(
    State(live): State<Live>,
    session: Session,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return no_upgrade(&rejection),
    };
    let signed_out = match console::signed_in(&live.cluster, &session).await {
        Ok(_) => false,
        Err(Refused::SignedOut) => true,
        Err(refused) => return console::status(&refused).into_response(),
    };
    let Ok(place) = Arc::clone(&live.places).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // The size of a message alone does not bound the frame that announces it.
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES);
    upgrade.on_upgrade(move |socket| async move {
        if signed_out {
            // A script is not told why a socket was refused: this one is told, or it would come back
            // for ever.
            tab::turn_away(socket).await;
        } else {
            tab::serve(&live.cluster, socket, session).await;
        }
        drop(place);
    })
}

/// Says what is missing where a tab's websocket arrives as a plain request: a proxy has left its
/// headers out.
fn no_upgrade(rejection: &WebSocketUpgradeRejection) -> Response {
    static SEEN: LazyLock<Sampled> = LazyLock::new(Sampled::default);
    if let Some(times) = SEEN.count() {
        let hint = "a proxy must pass the headers Upgrade and Connection";
        tracing::warn!(times, %rejection, hint, "websockets of tabs could not be opened");
    }
    let text =
        "A websocket is wanted here: a proxy must pass the headers Upgrade and Connection.\n";
    (StatusCode::UPGRADE_REQUIRED, [(header::UPGRADE, "websocket")], text).into_response()
}
