//! From where somebody tries a secret.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// A source: an IPv4 address, or a /64 network of IPv6, which one host has whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// Where there is no address; all of these are one source.
    #[default]
    Unknown,
    /// An IPv4 address.
    Address(Ipv4Addr),
    /// The first 64 bits of an IPv6 address.
    Network(u64),
}

impl Source {
    /// The source of an address.
    #[must_use]
    pub fn of(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            None => Self::Unknown,
            Some(IpAddr::V4(address)) => Self::Address(address),
            Some(IpAddr::V6(address)) => Self::Network((u128::from(address) >> 64) as u64),
        }
    }

    /// The source of an address that is text.
    #[must_use]
    pub fn of_text(address: &str) -> Self {
        Self::of(address.parse().ok())
    }
}

/// As it is stored and shown.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Address(address) => address.fmt(f),
            Self::Network(network) => {
                write!(f, "{}/64", Ipv6Addr::from(u128::from(*network) << 64))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_source_and_a_mapped_address_is_ipv4() {
        let text = |address: &str| Source::of_text(address).to_string();
        assert_eq!(text("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(Source::of_text("2001:db8:1:2::9"), Source::of_text("2001:db8:1:2:3::"));
        assert_ne!(Source::of_text("2001:db8:1:2::9"), Source::of_text("2001:db8:1:3::9"));
        assert_eq!(text("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(Source::of_text("nowhere"), Source::Unknown);
    }
}
