//! The addresses on which a server listens.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

/// Where a cluster listens.
pub(crate) struct ListenAddresses {
    pub(crate) http: SocketAddr,
    pub(crate) https: SocketAddr,
    /// Where phones also ask for their configuration files.
    pub(crate) phone_config: Option<SocketAddr>,
}

/// Listening sockets.
pub(crate) struct Listeners {
    pub(crate) http: TcpListener,
    pub(crate) https: TcpListener,
    pub(crate) phone_config: Option<TcpListener>,
}

/// An address that can't be listened on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    /// Another program has the address.
    #[error("{0} address {1} is taken by another program")]
    Taken(&'static str, SocketAddr),
    /// Any other error.
    #[error("{0} address {1}: {2}")]
    Failed(&'static str, SocketAddr, io::Error),
}

/// Binds the addresses.
pub(crate) fn listen(addresses: &ListenAddresses) -> Result<Listeners, ListenError> {
    let phone_config = addresses.phone_config.map(|address| bind("phone configuration", address));
    Ok(Listeners {
        http: bind("HTTP", addresses.http)?,
        https: bind("HTTPS", addresses.https)?,
        phone_config: phone_config.transpose()?,
    })
}

fn bind(what: &'static str, address: SocketAddr) -> Result<TcpListener, ListenError> {
    let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ListenError::Taken(what, address),
        _ => ListenError::Failed(what, address, error),
    })?;
    listener.set_nonblocking(true).map_err(|error| ListenError::Failed(what, address, error))?;
    Ok(listener)
}
