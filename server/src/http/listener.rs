//! The listener through which a request came.

/// The listener through which a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Listener {
    Http,
    #[default]
    Https,
}

impl Listener {
    /// The port of the original server, after which its threads are named, whatever port this server has.
    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Http => 8080,
            Self::Https => 8443,
        }
    }
}
