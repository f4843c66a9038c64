//! The edge: sockets, TLS and HTTP/1.1, with a bound on everything that a stranger can hold.
//!
//! A leaf module without domain terms.
//! Each connection passes [`accept`] (bounds per listener and per peer), the TLS handshake, and
//! [`connection`] (time limits, one path form). The result is an [`axum::Router`]'s request with a
//! [`Client`] in its extensions.

mod accept;
mod body;
mod bounds;
mod certificate;
mod certificate_files;
mod client;
mod connection;
mod listen;
mod path;
mod permits;
mod sampled;
mod self_signed;
mod server;
mod signals;
mod stream;
pub(crate) mod supervisor;
mod tls;

pub(crate) use body::{BodyError, give_body, received, with_body};
pub(crate) use bounds::Bounds;
pub(crate) use certificate::{CertificateSource, certificate};
pub(crate) use certificate_files::Files;
pub(crate) use client::{Client, ForwardedHeader, TrustedProxies, Via};
pub(crate) use listen::{ListenAddresses, Listeners, listen};
pub(crate) use sampled::{Sampled, SampledBy, sampled_error};
pub(crate) use server::{Served, Server};
pub(crate) use signals::StopSignals;
pub(crate) use tls::{Peers, Tls, TlsSession};
