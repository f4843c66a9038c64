//! Answers of other servers, read within a bound.

use reqwest::Response;

/// The body of an answer; `None` when it is longer than `max_bytes`.
///
/// # Errors
/// When the body breaks off, or does not arrive in time.
pub(super) async fn body(
    answer: &mut Response,
    max_bytes: usize,
) -> reqwest::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(part) = answer.chunk().await? {
        bytes.extend_from_slice(&part);
        if bytes.len() > max_bytes {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}
