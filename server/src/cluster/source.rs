//! The source of an attempt at a secret.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

/// A source: an IPv4 address, or a /64 network of IPv6, all of which belongs to one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// No address is known; all attempts without an address are one source.
    #[default]
    Unknown,
    /// An IPv4 address.
    Address(Ipv4Addr),
    /// The first 64 bits of an IPv6 address.
    Network(u64),
    /// A source in the network of a remote cluster, with the cluster's id: `192.0.2.1 (seoul)`.
    /// Private networks of two clusters overlap.
    Elsewhere(Arc<str>),
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

    /// The source of an address in text form.
    #[must_use]
    pub fn of_text(address: &str) -> Self {
        match address.split_once(" (") {
            Some((there, cluster)) if cluster.ends_with(')') => {
                let there = Self::of_text(there);
                Self::Elsewhere(format!("{there} ({cluster}").into())
            }
            // The stored text of a network ends in `/64`.
            _ => Self::of(address.trim_end_matches("/64").parse().ok()),
        }
    }

    /// The text of an address in the network of a remote cluster.
    #[must_use]
    pub fn elsewhere(address: &str, cluster: &str) -> String {
        format!("{address} ({cluster})")
    }
}

/// The form in which a source is stored and shown.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Address(address) => address.fmt(f),
            Self::Network(network) => {
                write!(f, "{}/64", Ipv6Addr::from(u128::from(*network) << 64))
            }
            Self::Elsewhere(text) => f.write_str(text),
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

    #[test]
    fn an_address_of_a_remote_cluster_is_another_source_than_the_same_one_here() {
        for address in ["192.0.2.1", "2001:db8:1:2:3:4:5:6", "nowhere"] {
            let there = Source::of_text(&Source::elsewhere(address, "busan (2)"));
            assert_ne!(there, Source::of_text(address), "{address}");
            assert_ne!(there, Source::of_text(&Source::elsewhere(address, "seoul")), "{address}");
            assert_eq!(there, Source::of_text(&there.to_string()), "as it is stored: {there}");
        }
        let network = Source::of_text(&Source::elsewhere("2001:db8:1:2::9", "seoul"));
        assert_eq!(network.to_string(), "2001:db8:1:2::/64 (seoul)");
    }
}
