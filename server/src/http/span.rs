//! The span of a request, by which a log line names the cluster, the endpoint and the request.
//! A request has a number only at some endpoints.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use tracing::{Instrument, Span, field};

use crate::cluster::Cluster;

/// The endpoint of a request for which there is no route.
const UNMATCHED: &str = "unmatched";
/// The field for the number of a request.
const NUMBER: &str = "request";

/// Handles a request in its span, and also makes a streamed answer in that span.
pub(super) async fn request(
    State(cluster): State<Arc<Cluster>>,
    request: Request,
    next: Next,
) -> Response {
    let span = span(&cluster.id, request.extensions().get::<MatchedPath>());
    let response = next.run(request).instrument(span.clone()).await;
    // A body of known length is complete already.
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    response.map(|body| Body::new(InSpan { body, span }))
}

/// Sets the number of the current request.
/// Requests to the EM API have a number, which is the same in the trace.
pub(crate) fn set_number(number: u64) {
    Span::current().record(NUMBER, number);
}

/// The span of a request at this route.
/// The endpoint is the path of the route: the request's own path may hold the code of a one-time link.
/// As in [`Cluster::span`] the level is ERROR, so that no filter by level leaves the span out.
fn span(cluster: &str, matched: Option<&MatchedPath>) -> Span {
    let endpoint = matched.map_or(UNMATCHED, MatchedPath::as_str);
    tracing::error_span!("request", %cluster, %endpoint, request = field::Empty)
}

/// A body that is made in a span.
struct InSpan {
    body: Body,
    span: Span,
}

impl HttpBody for InSpan {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Self { body, span } = &mut *self;
        span.in_scope(|| Pin::new(body).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
