//! Bodies of requests, read within bounds before a request goes to the router.
//! A request whose body does not arrive costs no more than its connection.

use std::{net::IpAddr, sync::LazyLock};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use super::{bounds::BODY_TIMEOUT, permits::Peer};
use crate::shares::Shares;

/// The largest body that a request may have, in bytes.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;
/// The largest body that costs its connection alone, in bytes; a larger body takes a permit.
const SMALL_BODY_BYTES: usize = 4 * 1024;
/// The large bodies that the process holds at a time, for all clients.
const LARGE_BODIES: usize = 32;
/// The large bodies of one client that the process holds at a time.
const LARGE_BODIES_EACH: usize = 8;
/// Large bodies of one client that wait for a permit.
const LARGE_BODIES_WAITING_EACH: usize = 64;
/// How much of a body that is too large is read and discarded, in bytes.
/// The client can then read the answer and use the connection again. Past this the connection is
/// closed.
const DISCARD_BYTES: usize = 1024 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// The body has more than [`MAX_BODY_BYTES`].
    #[error("the body is larger than 64 KiB")]
    TooLarge,
    /// The body was not complete in time.
    #[error("the body does not come in time")]
    TooSlow,
    /// The body breaks off, or its framing is not that of HTTP.
    #[error("the body breaks off")]
    Broken,
}

impl IntoResponse for BodyError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// The permits of large bodies. All listeners share them, because they bound the memory of the process.
static LARGE: LazyLock<Shares> =
    LazyLock::new(|| Shares::new(LARGE_BODIES, LARGE_BODIES_EACH, LARGE_BODIES_WAITING_EACH));

/// The body of a request, or the error of reading it, in the request's extensions.
#[derive(Clone)]
struct Received(Result<Bytes, BodyError>);

/// Reads the body of a request of `client`, and keeps it for [`received`].
pub(super) async fn receive(request: Request<Incoming>, client: IpAddr) -> Request {
    let (mut parts, body) = request.into_parts();
    if !body.is_end_stream() {
        parts.extensions.insert(Received(collect(Body::new(body), client).await));
    }
    Request::from_parts(parts, Body::empty())
}

/// Takes the body of a request, of at most [`MAX_BODY_BYTES`].
///
/// # Errors
/// When the body is larger, breaks off, or takes too long; a large body also when it gets no permit in time.
pub(crate) fn received(request: &mut Request) -> Result<Bytes, BodyError> {
    request.extensions_mut().remove::<Received>().map_or_else(|| Ok(Bytes::new()), |body| body.0)
}

/// Gives a request a body, as if the body had been received.
/// The request is one that this process makes itself.
pub(crate) fn give_body(request: &mut Request, body: Bytes) {
    request.extensions_mut().insert(Received(Ok(body)));
}

/// The key of a client's share of the permits: one host has a whole /64 network of IPv6.
fn share_of(client: IpAddr) -> String {
    format!("{:?}", Peer::of(client))
}

async fn collect(mut body: Body, client: IpAddr) -> Result<Bytes, BodyError> {
    let deadline = Instant::now() + BODY_TIMEOUT;
    // The declared length; a chunked body declares none.
    let length = body.size_hint().lower();
    let mut is_large = length > SMALL_BODY_BYTES as u64;
    let (mut bytes, mut total, mut permit) = (Vec::new(), 0, None);
    loop {
        // Take the permit before reading more, so that a connection that waits holds little memory.
        if is_large && permit.is_none() {
            let large = timeout_at(deadline, LARGE.wait(&share_of(client))).await;
            permit = Some(large.ok().flatten().ok_or(BodyError::TooSlow)?);
        }
        let frame = timeout_at(deadline, body.frame()).await.map_err(|_| BodyError::TooSlow)?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| BodyError::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        total += data.len();
        is_large |= total > SMALL_BODY_BYTES;
        if total <= MAX_BODY_BYTES {
            bytes.extend_from_slice(data);
        } else if total > DISCARD_BYTES {
            break;
        }
    }
    if total > MAX_BODY_BYTES { Err(BodyError::TooLarge) } else { Ok(bytes.into()) }
}

/// Gives a handler the body in the request; answers a body that was not read with its error.
pub(crate) async fn with_body(mut request: Request, next: Next) -> Response {
    match received(&mut request) {
        Ok(bytes) => {
            *request.body_mut() = Body::from(bytes);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn body(pieces: &[usize]) -> Body {
        let pieces: Vec<_> =
            pieces.iter().map(|size| Ok::<_, BodyError>(vec![b'x'; *size])).collect();
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_the_bound() {
        let read = collect(body(&[1_000, 60_000, 4_536]), HERE).await.unwrap();
        assert_eq!(read.len(), MAX_BODY_BYTES);
        assert_eq!(collect(body(&[60_000, 6_000]), HERE).await, Err(BodyError::TooLarge));
        assert_eq!(collect(body(&[]), HERE).await, Ok(Bytes::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_given_up() {
        let never = Body::from_stream(stream::pending::<Result<Vec<u8>, BodyError>>());
        assert_eq!(collect(never, HERE).await, Err(BodyError::TooSlow));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_refused() {
        let broken = stream::iter([Ok(vec![b'x']), Err(BodyError::Broken)]);
        assert_eq!(collect(Body::from_stream(broken), HERE).await, Err(BodyError::Broken));
    }

    #[test]
    fn a_network_of_ipv6_has_one_share() {
        let share = |address: &str| share_of(address.parse().unwrap());
        assert_eq!(share("2001:db8:1:2::1"), share("2001:db8:1:2:3:4:5:6"));
        assert_ne!(share("2001:db8:1:2::1"), share("2001:db8:1:3::1"));
        assert_eq!(share("::ffff:192.0.2.1"), share("192.0.2.1"));
    }

    /// Small bodies pass while large bodies wait for each other, and other clients have permits left.
    #[tokio::test(start_paused = true)]
    async fn large_bodies_of_one_client_hold_up_no_small_one_and_nobody_else() {
        let client = |last: u8| IpAddr::from([192, 0, 2, last]);
        let mut held = Vec::new();
        for _ in 0..LARGE_BODIES_EACH {
            held.push(LARGE.wait(&share_of(client(2))).await.unwrap());
        }
        assert!(collect(body(&[SMALL_BODY_BYTES]), client(2)).await.is_ok());
        let large = || body(&[SMALL_BODY_BYTES, 1]);
        assert_eq!(collect(large(), client(2)).await, Err(BodyError::TooSlow));
        assert!(collect(large(), client(3)).await.is_ok());
        drop(held);
        assert!(collect(large(), client(2)).await.is_ok());
    }
}
