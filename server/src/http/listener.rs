//! The listener by which a request came.

/// By which way a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Listener {
    Http,
    #[default]
    Https,
}

impl Listener {
    /// The original's port, after which its threads are named, whatever ours is.
    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Http => 8080,
            Self::Https => 8443,
        }
    }
}
