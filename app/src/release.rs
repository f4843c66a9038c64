//! The cluster's release, on which some names depend.
//!
//! The server writes the release into a `meta` element of the page, where the browser reads it.

use leptos::prelude::*;
use terms::{Parameter, Release};

/// The name of the element.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the server writes it"))]
pub(crate) const META: &str = "sojourn-release";

/// Provides the release to all components below the caller.
pub(crate) fn provide_release() {
    #[cfg(not(feature = "ssr"))]
    provide_context(written().unwrap_or_default());
}

#[cfg(not(feature = "ssr"))]
fn written() -> Option<Release> {
    let element = document().query_selector("meta[name=sojourn-release]").ok()??;
    element.get_attribute("content")?.parse().ok()
}

/// The release of the cluster.
pub(crate) fn use_release() -> Release {
    use_context().unwrap_or_default()
}

/// The name of a service parameter in this cluster's release.
pub(crate) fn parameter_name(parameter: Parameter) -> &'static str {
    parameter.name_at(use_release())
}
