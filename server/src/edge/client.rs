//! The client of a request: the peer of the connection, or the client that a trusted proxy names.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The trusted proxies, whose forwarding headers name clients: networks, comma-separated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrustedProxies {
    networks: Arc<[IpNet]>,
    header: ForwardedHeader,
}

/// The header in which proxies name the client.
/// Only one header is read: a proxy that sets one of them lets clients forge the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ForwardedHeader {
    /// `X-Forwarded-For`, with `X-Forwarded-Proto`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The client of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// The client's address; an IPv4-mapped address becomes IPv4.
    pub(crate) address: IpAddr,
    /// Whether the client is on this machine; a proxy in between must be trusted and on this machine too.
    pub(crate) is_local: bool,
    /// Whether the client's own connection is encrypted; `None` when a trusted proxy does not state the protocol.
    pub(crate) is_secure: Option<bool>,
    /// The intermediary between the client and the server.
    pub(crate) via: Via,
}

/// The intermediary between a client and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// No visible intermediary.
    Nothing,
    /// A trusted proxy.
    TrustedProxy,
    /// An intermediary that forwards, and is not trusted.
    OtherProxy,
}

impl FromStr for TrustedProxies {
    type Err = String;

    /// Reads addresses and networks, separated by commas or blanks.
    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.split([',', ' ']).filter(|word| !word.is_empty());
        let network = |word: &str| {
            let network = word.parse().or_else(|_| word.parse::<IpAddr>().map(IpNet::from));
            let network = network.map_err(|_| format!("{word:?} is no address and no network"));
            network.map(canonical)
        };
        let networks = words.map(network).collect::<Result<_, _>>()?;
        Ok(Self { networks, header: ForwardedHeader::default() })
    }
}

impl FromStr for ForwardedHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "x-forwarded-for" => Ok(Self::XForwardedFor),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err("must be X-Forwarded-For or Forwarded".to_owned()),
        }
    }
}

impl TrustedProxies {
    /// The same proxies, which name clients in `header`.
    pub(crate) fn naming_clients_in(self, header: ForwardedHeader) -> Self {
        Self { header, ..self }
    }

    /// Whether an address is a trusted proxy's.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client of a request with these headers that comes from `peer`, over TLS or not.
    pub(crate) fn client(&self, peer: SocketAddr, is_tls: bool, headers: &HeaderMap) -> Client {
        let peer = peer.ip().to_canonical();
        let forwards = [X_FORWARDED_FOR, header::FORWARDED, X_FORWARDED_PROTO, header::VIA];
        let is_forwarded = forwards.iter().any(|name| headers.contains_key(name));
        if !self.contains(peer) {
            let via = if is_forwarded { Via::OtherProxy } else { Via::Nothing };
            let is_local = peer.is_loopback() && !is_forwarded;
            return Client { address: peer, is_local, is_secure: Some(is_tls), via };
        }
        let (hops, protocol): (Vec<_>, _) = match self.header {
            ForwardedHeader::XForwardedFor => {
                let hops = list(headers, &X_FORWARDED_FOR).map(address).collect();
                (hops, list(headers, &X_FORWARDED_PROTO).last().map(str::to_owned))
            }
            ForwardedHeader::Forwarded => forwarded(headers),
        };
        // A client is local behind a proxy on this machine only if the proxy names exactly one hop, on this
        // machine. Earlier hops are unverified claims, and a proxy that names no hop does not identify
        // its client.
        let names_one_here = matches!(hops[..], [Some(hop)] if hop.is_loopback());
        let is_local = peer.is_loopback() && names_one_here;
        let address = self.first_untrusted(peer, hops);
        let is_secure = protocol.map(|protocol| protocol.eq_ignore_ascii_case("https"));
        Client { address, is_local, is_secure, via: Via::TrustedProxy }
    }

    /// The last hop that is no trusted proxy; the hops before it are that client's own claims.
    /// An entry that is no address ends the search: its proxy does not reveal the client.
    fn first_untrusted(&self, peer: IpAddr, hops: Vec<Option<IpAddr>>) -> IpAddr {
        let mut known = peer;
        for hop in hops.into_iter().rev() {
            let Some(hop) = hop else { break };
            known = hop;
            if !self.contains(hop) {
                break;
            }
        }
        known
    }
}

/// The IPv4 network that a network of IPv4-mapped addresses means.
fn canonical(network: IpNet) -> IpNet {
    match (network.addr().to_canonical(), network.prefix_len().checked_sub(96)) {
        (IpAddr::V4(address), Some(prefix)) if network.addr().is_ipv6() => {
            IpNet::new(IpAddr::V4(address), prefix).unwrap_or(network)
        }
        _ => network,
    }
}

/// The elements of a header that is a comma-separated list, over all lines of it.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or("?"));
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// The `for` of each element of `Forwarded`, and the `proto` of the last (RFC 7239).
fn forwarded(headers: &HeaderMap) -> (Vec<Option<IpAddr>>, Option<String>) {
    let mut protocol = None;
    let hop = |element: &str| {
        let mut hop = None;
        protocol = None;
        for pair in element.split(';') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = value.trim().trim_matches('"');
            if name.trim().eq_ignore_ascii_case("for") {
                hop = address(value);
            } else if name.trim().eq_ignore_ascii_case("proto") {
                protocol = Some(value.to_owned());
            }
        }
        hop
    };
    let hops = list(headers, &header::FORWARDED).map(hop).collect();
    (hops, protocol)
}

/// An address as proxies write it: with a port or without, IPv6 in brackets or not.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let parsed = text.parse::<IpAddr>().or_else(|_| {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match bare {
            Some(bare) => bare.parse(),
            None => text.parse::<SocketAddr>().map(|address| address.ip()),
        }
    });
    parsed.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        headers
    }

    fn client(proxies: &str, pairs: &[(&'static str, &'static str)]) -> Client {
        let proxies: TrustedProxies = proxies.parse().unwrap();
        proxies.client("127.0.0.1:4711".parse().unwrap(), false, &headers(pairs))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_of_ipv4_mapped_addresses_is_one_of_ipv4() {
        for proxies in ["::ffff:127.0.0.1", "::ffff:127.0.0.0/104", "127.0.0.1"] {
            let proxies: TrustedProxies = proxies.parse().unwrap();
            assert!(proxies.contains(ip("127.0.0.1")) && proxies.contains(ip("::ffff:127.0.0.1")));
            assert!(!proxies.contains(ip("192.0.2.1")));
        }
    }

    #[test]
    fn who_is_no_trusted_proxy_says_nothing_about_anybody_else() {
        let direct = client("", &[]);
        assert!(direct.is_local && direct.via == Via::Nothing);
        for name in ["x-forwarded-for", "forwarded", "via"] {
            let other = client("192.0.2.1", &[(name, "198.51.100.7")]);
            assert_eq!((other.address, other.via), (ip("127.0.0.1"), Via::OtherProxy), "{name}");
            assert!(!other.is_local, "{name}");
        }
    }

    #[test]
    fn the_client_is_the_last_hop_that_is_no_trusted_proxy() {
        let of = |hops: &'static str| {
            client("127.0.0.0/8,10.0.0.0/8", &[("x-forwarded-for", hops)]).address
        };
        assert_eq!(of("198.51.100.7"), ip("198.51.100.7"));
        assert_eq!(of("203.0.113.1, 198.51.100.7, 10.1.2.3"), ip("198.51.100.7"));
        assert_eq!(of("10.0.0.9, 10.1.2.3"), ip("10.0.0.9"));
        assert_eq!(of("198.51.100.7:5060"), ip("198.51.100.7"));
        assert_eq!(of("[2001:db8::1]:5060"), ip("2001:db8::1"));
        assert_eq!(of("::ffff:198.51.100.7"), ip("198.51.100.7"));
        assert_eq!(of("198.51.100.7, unknown"), ip("127.0.0.1"), "its proxy hides it");
        let lines = [("x-forwarded-for", "203.0.113.1"), ("x-forwarded-for", "198.51.100.7")];
        assert_eq!(client("127.0.0.1", &lines).address, ip("198.51.100.7"));
    }

    #[test]
    fn the_standard_header_is_read_where_it_is_the_one_that_proxies_set() {
        let proxies: TrustedProxies = "127.0.0.1".parse().unwrap();
        let proxies = proxies.naming_clients_in(ForwardedHeader::Forwarded);
        let headers = headers(&[
            ("x-forwarded-for", "203.0.113.1"),
            ("forwarded", "for=203.0.113.9;proto=http, For=\"[2001:db8::7]:80\"; proto=https"),
        ]);
        let client = proxies.client("127.0.0.1:4711".parse().unwrap(), false, &headers);
        assert_eq!((client.address, client.is_secure), (ip("2001:db8::7"), Some(true)));
    }

    #[test]
    fn a_proxy_that_names_nobody_makes_nobody_local() {
        let silent = client("127.0.0.1", &[]);
        assert!(!silent.is_local && silent.is_secure.is_none());
        assert!(client("127.0.0.1", &[("x-forwarded-for", "127.0.0.1")]).is_local);
        for hops in ["unknown", "unix:", "203.0.113.7%eth0", "127.0.0.1, unknown", ""] {
            assert!(!client("127.0.0.1", &[("x-forwarded-for", hops)]).is_local, "{hops}");
        }
        // The first hop is the client's own claim.
        let forged = [("x-forwarded-for", "127.0.0.1, 10.0.0.7")];
        assert!(!client("127.0.0.0/24,10.0.0.0/8", &forged).is_local);
        let standard: TrustedProxies = "127.0.0.1".parse().unwrap();
        let standard = standard.naming_clients_in(ForwardedHeader::Forwarded);
        for value in ["for=unknown", "for=_hidden", "proto=https", "by=127.0.0.1"] {
            let headers = headers(&[("forwarded", value)]);
            let client = standard.client("127.0.0.1:4711".parse().unwrap(), false, &headers);
            assert!(!client.is_local, "{value}");
        }
        let secure = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-proto", "https")];
        assert_eq!(client("127.0.0.1", &secure).is_secure, Some(true));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        let error = "10.0.0.0/8, proxy.example".parse::<TrustedProxies>().unwrap_err();
        assert!(error.contains("proxy.example"));
    }
}
