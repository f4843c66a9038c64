//! Addresses, and the entries of *Trusted List of IPs*.

use std::net::IpAddr;

/// One entry: an address or a host name. The original takes no ranges and no patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trusted<'a> {
    /// An address.
    Address(IpAddr),
    /// A host name, to be looked up.
    Name(&'a str),
}

impl Trusted<'_> {
    /// Whether the entry is valid: an address, or a name that can be a host name. A name of digits and dots
    /// alone is a mistyped address.
    pub(crate) fn is_good(&self) -> bool {
        match self {
            Self::Address(_) => true,
            Self::Name(name) => {
                name.len() <= 253
                    && name.split('.').all(is_label)
                    && name.bytes().any(|byte| byte.is_ascii_alphabetic())
            }
        }
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The entries of a list with `;` between them; empty entries are skipped.
pub fn entries(list: &str) -> impl Iterator<Item = Trusted<'_>> {
    list.split(';')
        .map(|entry| entry.trim_matches(' '))
        .filter(|entry| !entry.is_empty())
        .map(|entry| address(entry).map_or(Trusted::Name(entry), Trusted::Address))
}

/// Reads an address in the form for comparison: an IPv4-mapped IPv6 address becomes an IPv4 address.
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical())
}
