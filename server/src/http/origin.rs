//! The origin of a request, from its connection and its headers.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, header};

use crate::em::Origin;

/// How much of a `Via` header is traced, in characters.
const MAX_VIA_CHARS: usize = 256;

/// Reads a request's headers.
pub(crate) fn read(peer: Option<IpAddr>, headers: &HeaderMap) -> Origin {
    let last = |name: HeaderName| {
        let value = headers.get_all(name).iter().next_back()?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    // The nearest proxy has added the last entry.
    let forwarded = last(HeaderName::from_static("x-forwarded-for"));
    let forwarded = forwarded.and_then(|list| list.rsplit(',').next().map(ToOwned::to_owned));
    let via = last(header::VIA).map(|via| via.chars().take(MAX_VIA_CHARS).collect());
    Origin { peer, via, forwarded, ..Origin::default() }
}
