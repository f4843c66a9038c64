//! Reading a body with limits, and still leaving the connection usable.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use terms::ErrorCode;
use wire::MAX_BODY_BYTES;

/// How much of a body that is too large is read and thrown away, so that the client can read the
/// answer and use the connection again. Past this the connection is closed.
const DISCARD_BYTES: usize = 1024 * 1024;
/// How long a client may take to send a body.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads a whole body.
///
/// # Errors
/// Error 1 when it is too large, too slow or breaks off.
pub(super) async fn read(body: Body) -> Result<Vec<u8>, ErrorCode> {
    tokio::time::timeout(READ_TIMEOUT, read_all(body)).await.map_err(|_| ErrorCode::Parsing)?
}

async fn read_all(mut body: Body) -> Result<Vec<u8>, ErrorCode> {
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ErrorCode::Parsing)?;
        let Some(data) = frame.data_ref() else { continue };
        total += data.len();
        if total <= MAX_BODY_BYTES {
            bytes.extend_from_slice(data);
        } else if total > DISCARD_BYTES {
            break;
        }
    }
    if total > MAX_BODY_BYTES { Err(ErrorCode::Parsing) } else { Ok(bytes) }
}
