//! Remote clusters.

mod add;
mod all;
mod certificate;
mod compare;
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

/// The address of a remote cluster. An id is whatever was applied.
pub(crate) fn cluster_url(id: &str) -> String {
    format!("/remote-clusters/{}", Url::escape(id))
}
