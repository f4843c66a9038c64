//! TLS: the handshake, its result, and which clients are asked for a certificate.

use std::sync::Arc;

use rustls::{
    DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, UnixTime},
    server::{
        Acceptor, NoServerSessionStorage, ResolvesServerCert,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};

use super::{self_signed::SelfSigned, stream::BoundedStream};

/// The one protocol (ALPN) of browsers, phones and scripts.
/// Websockets need HTTP/1.1; nothing gains from HTTP/2.
const HTTP: &[u8] = b"http/1.1";

/// How a listener speaks TLS.
#[derive(Clone)]
pub(crate) struct Tls {
    for_everybody: Arc<ServerConfig>,
    /// The certificate for everybody, if it is renewed by itself.
    pub(super) renewed: Option<Arc<SelfSigned>>,
    /// The protocol of peers, with the configuration for clients that offer it.
    for_peers: Option<(Vec<u8>, Arc<ServerConfig>)>,
}

/// How TLS is spoken with peers: clients that offer a protocol of their own.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    /// The protocol (ALPN).
    pub(crate) protocol: Vec<u8>,
    /// The certificate that peers are shown; peers are asked for their own.
    pub(crate) identity: Arc<dyn ResolvesServerCert>,
}

/// The result of a handshake.
/// A request that came over TLS has it in its extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TlsSession {
    /// The protocol (ALPN).
    pub(crate) protocol: Option<Vec<u8>>,
    /// The client's certificate, from any issuer.
    /// The handshake proves only that the client has the key. A handler compares the certificate with
    /// the expected one.
    pub(crate) certificate: Option<CertificateDer<'static>>,
}

impl Tls {
    /// Speaks TLS with this certificate; `renewed` is the same one if it is renewed by itself.
    /// Peers are shown the certificate of `peers`, and are asked for their own; browsers are never
    /// asked.
    ///
    /// # Errors
    /// When the cryptography does not know the protocol's versions.
    pub(super) fn new(
        certificate: Arc<dyn ResolvesServerCert>,
        renewed: Option<Arc<SelfSigned>>,
        peers: Option<Peers>,
    ) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = || {
            ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()
        };
        let mut for_everybody = builder()?.with_no_client_auth().with_cert_resolver(certificate);
        for_everybody.alpn_protocols = vec![HTTP.to_vec()];
        let for_peers = match peers {
            None => None,
            Some(Peers { protocol, identity }) => {
                let any = Arc::new(AnyCertificate(Arc::clone(&provider)));
                let mut config =
                    builder()?.with_client_cert_verifier(any).with_cert_resolver(identity);
                config.alpn_protocols = vec![protocol.clone()];
                // Without session resumption, each handshake shows both certificates as they are now.
                config.session_storage = Arc::new(NoServerSessionStorage {});
                config.send_tls13_tickets = 0;
                Some((protocol, Arc::new(config)))
            }
        };
        Ok(Self { for_everybody: Arc::new(for_everybody), renewed, for_peers })
    }

    /// Does the handshake.
    /// The bound on the bytes that are read holds until the handshake is done.
    pub(super) async fn accept(
        &self,
        stream: BoundedStream,
    ) -> std::io::Result<(TlsStream<BoundedStream>, TlsSession)> {
        let allowance = stream.allowance();
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let offers = |protocol: &[u8]| {
            start.client_hello().alpn().is_some_and(|mut all| all.any(|one| one == protocol))
        };
        let for_peers = self.for_peers.as_ref().filter(|(protocol, _)| offers(protocol));
        let config = for_peers.map_or(&self.for_everybody, |(_, config)| config);
        let stream = start.into_stream(Arc::clone(config)).await?;
        allowance.lift();
        let (_, connection) = stream.get_ref();
        let certificate = connection.peer_certificates().and_then(<[_]>::first);
        let session = TlsSession {
            protocol: connection.alpn_protocol().map(<[u8]>::to_vec),
            certificate: certificate.map(|certificate| certificate.clone().into_owned()),
        };
        Ok((stream, session))
    }
}

/// Accepts any certificate, or none, and verifies that the client has the certificate's key.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use rustls::{
        ClientConfig, RootCertStore,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
        sign::{CertifiedKey, SingleCertAndKey},
    };
    use tokio::{
        io::AsyncWriteExt,
        net::{TcpListener, TcpStream},
    };
    use tokio_rustls::TlsConnector;

    use super::*;

    const PEERS: &[u8] = b"peers/1";

    struct Made {
        certificate: CertificateDer<'static>,
        key: PrivateKeyDer<'static>,
    }

    fn make() -> Made {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        Made { certificate: made.cert.der().clone(), key: key.into() }
    }

    fn certified(made: &Made) -> Arc<SingleCertAndKey> {
        let provider = rustls::crypto::ring::default_provider();
        let chain = vec![made.certificate.clone()];
        let key = CertifiedKey::from_der(chain, made.key.clone_key(), &provider).unwrap();
        Arc::new(SingleCertAndKey::from(key))
    }

    /// The certificate that peers are shown.
    fn identity(made: &Made) -> Peers {
        Peers { protocol: PEERS.to_vec(), identity: certified(made) }
    }

    /// The session after a handshake in which the client offers this protocol and certificate.
    /// The client trusts the certificate for everybody, or the one for peers if it offers their
    /// protocol.
    async fn shake(offered: &[u8], shown: Option<&Made>) -> std::io::Result<TlsSession> {
        let (own, for_peers) = (make(), make());
        let tls = Tls::new(certified(&own), None, Some(identity(&for_peers))).unwrap();
        let trusted = if offered == PEERS { for_peers.certificate } else { own.certificate };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(trusted).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match shown {
            None => builder.with_no_client_auth(),
            Some(made) => {
                let chain = vec![made.certificate.clone()];
                builder.with_client_auth_cert(chain, made.key.clone_key()).unwrap()
            }
        };
        config.alpn_protocols = vec![offered.to_vec()];
        let client = tokio::spawn(async move {
            let stream = TcpStream::connect(address).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
            stream.write_all(b"x").await
        });
        let (stream, _) = listener.accept().await.unwrap();
        let session = tls.accept(BoundedStream::new(stream, 16 * 1024, None)).await;
        let _ = client.await.unwrap();
        session.map(|(_, session)| session)
    }

    #[tokio::test]
    async fn who_offers_the_protocol_of_peers_shows_a_certificate_and_who_does_not_is_not_asked() {
        let made = make();
        let session = shake(PEERS, Some(&made)).await.unwrap();
        assert_eq!(session.protocol.as_deref(), Some(PEERS));
        assert_eq!(session.certificate.as_ref(), Some(&made.certificate));
        let session = shake(PEERS, None).await.unwrap();
        assert_eq!(session.certificate, None, "the handler says what is wrong, not the handshake");
        let session = shake(HTTP, Some(&made)).await.unwrap();
        assert_eq!(session.protocol.as_deref(), Some(HTTP));
        assert_eq!(session.certificate, None);
    }

    #[tokio::test]
    async fn a_protocol_that_is_not_spoken_ends_the_handshake() {
        assert!(shake(b"h2", None).await.is_err());
    }
}
