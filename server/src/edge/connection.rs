//! One connection: the handshake, then requests, one after the other.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc};

use axum::{
    Router,
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time::timeout,
};
use tower::ServiceExt;

use super::{
    Tls, TlsSession, TrustedProxies, body,
    bounds::{HANDSHAKE_BYTES, HANDSHAKE_TIMEOUT, HEAD_BYTES, HEAD_TIMEOUT},
    path,
    permits::Permit,
    stream::BoundedStream,
};

/// The state that all connections of a listener share.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) router: Router,
    pub(super) tls: Option<Tls>,
    pub(super) proxies: TrustedProxies,
}

/// The peer of a connection, with its TLS session and its permit.
#[derive(Clone)]
struct From {
    peer: SocketAddr,
    session: Option<TlsSession>,
    permit: Arc<Permit>,
}

/// Serves a connection until it ends, or gives way to another connection.
/// Once `draining` is true the connection ends after its current request.
pub(super) async fn serve(
    service: Service,
    stream: TcpStream,
    peer: SocketAddr,
    permit: Permit,
    draining: watch::Receiver<bool>,
) {
    // Answers are small and written whole: nothing gains from a delay (Nagle's algorithm).
    let _ = stream.set_nodelay(true);
    let permit = Arc::new(permit);
    let from = From { peer, session: None, permit: Arc::clone(&permit) };
    let ended = tokio::select! {
        ended = serve_from(service, stream, from, draining) => ended,
        () = permit.gives_way() => Err("it gives way to another".to_owned()),
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, error, "a connection has failed");
    }
}

async fn serve_from(
    service: Service,
    stream: TcpStream,
    mut from: From,
    draining: watch::Receiver<bool>,
) -> Result<(), String> {
    // Boxed futures: each state takes its own memory, and not that of the largest state.
    let permit = Some(Arc::clone(&from.permit));
    let Some(tls) = service.tls.clone() else {
        let stream = BoundedStream::new(stream, usize::MAX, permit);
        return Box::pin(requests(service, stream, from, draining)).await;
    };
    let stream = BoundedStream::new(stream, HANDSHAKE_BYTES, permit);
    match timeout(HANDSHAKE_TIMEOUT, Box::pin(tls.accept(stream))).await {
        Ok(Ok((stream, session))) => {
            from.session = Some(session);
            Box::pin(requests(service, stream, from, draining)).await
        }
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the handshake takes too long".to_owned()),
    }
}

async fn requests(
    service: Service,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    from: From,
    mut draining: watch::Receiver<bool>,
) -> Result<(), String> {
    let handler = service_fn(move |request| answer(service.clone(), request, from.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), handler)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = drained(&mut draining) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    ended.map_err(|error| error.to_string())
}

/// Returns when the server takes no more requests.
async fn drained(draining: &mut watch::Receiver<bool>) {
    let _ = draining.wait_for(|draining| *draining).await;
}

/// Gives a request to the router under its normal path, with its client.
async fn answer(
    service: Service,
    request: Request<Incoming>,
    From { peer, session, permit }: From,
) -> Result<Response, Infallible> {
    if request.method() == Method::CONNECT {
        let allowed = [(header::ALLOW, "GET, POST")];
        return Ok((StatusCode::METHOD_NOT_ALLOWED, allowed).into_response());
    }
    let client = service.proxies.client(peer, session.is_some(), request.headers());
    let mut request = body::receive(request, client.address).await;
    match path::normalise(request.uri()) {
        Ok(None) => {}
        Ok(Some(normal)) => *request.uri_mut() = normal,
        Err(error) => return Ok((StatusCode::BAD_REQUEST, format!("{error}\n")).into_response()),
    }
    request.extensions_mut().insert(client);
    if let Some(session) = session {
        request.extensions_mut().insert(session);
    }
    if !permit.works() {
        // The connection is about to end: no request is started.
        return std::future::pending().await;
    }
    let answer = service.router.oneshot(request).await;
    let is_websocket =
        answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::SWITCHING_PROTOCOLS);
    if !is_websocket {
        permit.waits();
    }
    answer
}
