//! HTTP clients towards addresses that an administrator has set.

use std::sync::Arc;

use reqwest::{Client, ClientBuilder, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A client that asks the given address only: no redirect, no proxy.
/// The client trusts no certificate: TLS is for remote clusters, whose certificates are pinned.
pub(crate) fn client() -> ClientBuilder {
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    let provider = Arc::new(ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let Ok(config) = config else { return client };
    let roots = RootCertStore::empty();
    client.tls_backend_preconfigured(config.with_root_certificates(roots).with_no_client_auth())
}
