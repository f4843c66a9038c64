//! The address of a phone: one address, or the network in which the phone is.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::address;

/// The address that an administrator set for a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneAddress(IpNet);

impl PhoneAddress {
    /// Reads an address, or a network such as `192.0.2.0/24`.
    ///
    /// The network of all addresses is refused: it would trust every host.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let network = address(text).map(IpNet::from);
        let network = network.or_else(|| text.trim().parse().ok());
        network.filter(|network| network.prefix_len() > 0).map(Self)
    }

    /// Whether the phone may have this address.
    #[must_use]
    pub fn has(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// The phone's address; `None` for a network.
    #[must_use]
    pub fn one(&self) -> Option<IpAddr> {
        (self.0.prefix_len() == self.0.max_prefix_len()).then(|| self.0.addr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_has_one_address_or_any_of_its_network() {
        let of = |text: &str| PhoneAddress::parse(text).unwrap();
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(of("192.0.2.10").has(at("192.0.2.10")) && !of("192.0.2.10").has(at("192.0.2.11")));
        assert!(of("192.0.2.0/24").has(at("::ffff:192.0.2.7")));
        assert!(
            !of("192.0.2.0/24").has(at("192.0.3.7")) && of("2001:db8::/32").has(at("2001:db8::1"))
        );
        assert_eq!(of("::ffff:192.0.2.10").one(), Some(at("192.0.2.10")));
        assert_eq!(of("192.0.2.0/24").one(), None);
        for bad in ["", "phone", "192.0.2.0/33", "192.0.2", "192.0.2.1-9", "0.0.0.0/0", "::/0"] {
            assert_eq!(PhoneAddress::parse(bad), None, "{bad}");
        }
    }
}
