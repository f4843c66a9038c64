//! The websocket of a tab: what changed after its snapshot, then whatever comes.

mod tab;

use std::sync::Arc;

use app::api::Refused;
use axum::{
    Router,
    extract::{State, WebSocketUpgrade},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::any,
};
use tokio::sync::Semaphore;
use tower_sessions::Session;

use crate::{cluster::Cluster, console};

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

async fn open(State(live): State<Live>, session: Session, upgrade: WebSocketUpgrade) -> Response {
    let signed_out = match console::signed_in(&live.cluster, &session).await {
        Ok(_) => false,
        Err(Refused::SignedOut) => true,
        Err(refused) => return console::status(&refused).into_response(),
    };
    let Ok(place) = Arc::clone(&live.places).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    upgrade.max_message_size(MESSAGE_BYTES).on_upgrade(move |socket| async move {
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
