//! A registration of a phone at the call server.

use std::net::IpAddr;

use serde::Deserialize;
use terms::PhoneAddress;

/// Kamailio's text for an unknown address.
const NOT_SET: &str = "[not set]";

/// A contact under a number, as `ul.lookup` of Kamailio shows it.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::cluster) struct Registration {
    /// The contact: the SIP address of the phone.
    #[serde(rename = "Address")]
    pub(super) contact: String,
    /// The Call-ID of the REGISTER.
    #[serde(rename = "Call-ID")]
    pub(super) call_id: String,
    /// The SIP address from which the REGISTER came, where that address differs from the contact.
    #[serde(rename = "Received", default)]
    received: String,
    /// The name that the phone gives itself (RFC 5626).
    #[serde(rename = "Instance", default)]
    instance: String,
}

impl Registration {
    /// The SIP address by which the phone is reached.
    pub(super) fn reached_by(&self) -> &str {
        let is_set = !matches!(self.received.as_str(), "" | NOT_SET);
        if is_set { &self.received } else { &self.contact }
    }

    /// Whether the registration belongs to a phone. The host of the registration's SIP address has to be
    /// within `set`, the address that an administrator set. The MAC addresses of the instance and of the
    /// phone's name have to be equal; where either has none, the host has to be `at`, the phone's known
    /// address.
    pub(in crate::cluster) fn is_of(
        &self,
        phone: &str,
        set: &PhoneAddress,
        at: Option<IpAddr>,
    ) -> bool {
        let Some(host) = host(self.reached_by()) else { return false };
        set.has(host)
            && match (self.mac(), mac_of(phone)) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                _ => at == Some(host),
            }
    }

    /// Whether the instance holds the MAC address of this phone's name.
    pub(in crate::cluster) fn is_named(&self, phone: &str) -> bool {
        let (one, other) = (self.mac(), mac_of(phone));
        one.zip(other).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
    }

    /// The MAC address in the instance: desk phones write it behind zeros, where other clients have
    /// a random UUID.
    fn mac(&self) -> Option<&str> {
        let uuid = self.instance.trim_matches(['<', '>', '"']).strip_prefix("urn:uuid:")?;
        uuid.strip_prefix("00000000-0000-0000-0000-").filter(|mac| mac.len() == 12)
    }
}

/// The MAC address in the name of a phone.
fn mac_of(phone: &str) -> Option<&str> {
    let (kind, mac) = phone.split_at_checked(3)?;
    (kind.eq_ignore_ascii_case("SEP") && mac.len() == 12).then_some(mac)
}

/// The IP address in a SIP address; `None` for a host name.
fn host(uri: &str) -> Option<IpAddr> {
    let rest = uri.trim_start_matches("sips:").trim_start_matches("sip:");
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let end = rest.find([';', '?', '>']).unwrap_or(rest.len());
    let host = &rest[..end];
    let bare = host.strip_prefix('[').and_then(|host| host.split_once(']')).map(|(host, _)| host);
    bare.or_else(|| host.split(':').next())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(contact: &str, received: &str, instance: &str) -> Registration {
        Registration {
            contact: contact.to_owned(),
            call_id: "1@phone".to_owned(),
            received: received.to_owned(),
            instance: instance.to_owned(),
        }
    }

    #[test]
    fn a_registration_is_a_phones_by_its_name_or_else_by_its_address() {
        const LOBBY: &str = "SEP001122334455";
        let network = PhoneAddress::parse("192.0.2.0/24").unwrap();
        let at = "192.0.2.10".parse().ok();
        let contact = "sip:1001@192.0.2.10:49152;transport=tcp";
        let named = "<urn:uuid:00000000-0000-0000-0000-001122334455>";
        let is_of = |contact: &str, received: &str, instance: &str, at| {
            registration(contact, received, instance).is_of(LOBBY, &network, at)
        };
        assert!(is_of(contact, "[not set]", named, None));
        assert!(is_of(contact, "", "", at));
        assert!(!is_of(contact, "", "", None), "a network has many phones");
        let other = "<urn:uuid:00000000-0000-0000-0000-001122334466>";
        assert!(!is_of(contact, "", other, at), "it says that it is another one");
        let random = "<urn:uuid:5f2d3c1a-0000-4000-8000-001122334466>";
        assert!(is_of(contact, "", random, at));
        // A registration from outside the network belongs to no phone, whatever its instance says.
        assert!(!is_of("sip:1001@198.51.100.1:5060", "", named, at));
        assert!(!is_of(contact, "sip:198.51.100.1:5060", named, at));
        assert!(!is_of("sip:1001@phone.example", "", named, at));
    }

    #[test]
    fn hosts_of_sip_addresses_are_read() {
        for (uri, is) in [
            ("sip:1001@192.0.2.1:5060;transport=tcp", Some("192.0.2.1")),
            ("sip:192.0.2.1", Some("192.0.2.1")),
            ("sips:a@b@[2001:db8::1]:5061?x=1", Some("2001:db8::1")),
            ("sip:1001@name.example:5060", None),
            ("", None),
        ] {
            assert_eq!(host(uri), is.map(|is| is.parse().unwrap()), "{uri}");
        }
    }
}
