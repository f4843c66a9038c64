//! Reading the form of a request with limits, and still leaving the connection usable.

use std::time::Duration;

use axum::{body::Body, extract::Request, http::Method};
use http_body_util::BodyExt;
use wire::MAX_BODY_BYTES;

/// How much of a body that is too large is read and thrown away, so that the client can read the
/// answer and use the connection again. Past this the connection is closed.
const DISCARD_BYTES: usize = 1024 * 1024;
/// How long a client may take to send a body.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// A form that could not be read.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the body is larger than 64 KiB")]
    TooLarge,
    #[error("the body does not come in time")]
    TooSlow,
    #[error("the body breaks off")]
    Broken,
}

/// The form of a request: the body of a POST, the query of a GET.
pub(super) async fn form(request: Request) -> Result<Vec<u8>, BodyError> {
    if request.method() == Method::GET {
        let query = request.uri().query().unwrap_or("");
        return if query.len() > MAX_BODY_BYTES {
            Err(BodyError::TooLarge)
        } else {
            Ok(query.as_bytes().to_vec())
        };
    }
    let read = tokio::time::timeout(READ_TIMEOUT, read(request.into_body()));
    read.await.map_err(|_| BodyError::TooSlow)?
}

async fn read(mut body: Body) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        total += data.len();
        if total <= MAX_BODY_BYTES {
            bytes.extend_from_slice(data);
        } else if total > DISCARD_BYTES {
            break;
        }
    }
    if total > MAX_BODY_BYTES { Err(BodyError::TooLarge) } else { Ok(bytes) }
}
