//! Remote clusters.

mod add;
mod all;
mod certificate;
mod compare;
mod emcc;
mod expiry;
mod fresh;
mod list;
mod one;
mod said;
mod settings;
mod state;
mod waiting;

use leptos_router::location::Url;

pub use all::RemoteClustersPage;
pub use one::RemoteClusterPage;

/// The address of a remote cluster's page.
/// An id comes from the applied configuration and can have any characters.
pub(crate) fn cluster_url(id: &str) -> String {
    format!("/remote-clusters/{}", Url::escape(id))
}
