//! The console's files, embedded in the program: scripts, styles, icons.

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "$SOJOURN_SITE"]
#[allow_missing = true]
struct Site;

/// Names this build in the URLs of its files, so that a browser may keep them for ever.
pub(crate) const BUILD: &str = env!("SOJOURN_BUILD");

/// The routes of the files: `/assets/<build>/…`.
/// The answers have no headers that browsers obey only in documents: the first load counts their bytes.
pub(super) fn routes() -> Router {
    Router::new().route("/assets/{build}/{*file}", get(asset))
}

async fn asset(Path((build, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    // After an upgrade an open page asks for files of the old build: no answer is better than a mix of builds.
    if build != BUILD || Site::get(&file).is_none() {
        return missing();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let accepts = |name: &str| {
        accepted
            .unwrap_or("")
            .split(',')
            .any(|one| one.split(';').next().unwrap_or("").trim() == name)
    };
    let encoded = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(name, _)| accepts(name))
        .find_map(|(name, ending)| Some((name, Site::get(&format!("{file}.{ending}"))?)));
    let (encoding, body) = match encoded {
        Some((name, body)) => (Some(name), body),
        None => match Site::get(&file) {
            Some(body) => (None, body),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    respond(&file, encoding, body)
}

/// A server of another build behind the same address may have the file.
fn missing() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

fn respond(file: &str, encoding: Option<&'static str>, body: EmbeddedFile) -> Response {
    let mut response = body.data.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(file)));
    // A debug build reads its files anew at each request.
    let keep =
        if cfg!(debug_assertions) { "no-store" } else { "public, max-age=31536000, immutable" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript;charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css;charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
