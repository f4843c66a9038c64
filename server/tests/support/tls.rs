//! TLS that accepts any certificate.

use std::{
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, ConfigBuilder, DigitallySignedStruct, SignatureScheme,
    StreamOwned,
    client::{
        WantsClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::client::{Stream, patient};

#[derive(Debug)]
struct Any(CryptoProvider);

impl ServerCertVerifier for Any {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The protocol that a handshake chooses from those of the client, by ALPN.
pub fn protocol(address: SocketAddr, offered: &[&[u8]]) -> Option<Vec<u8>> {
    let mut config = config();
    config.alpn_protocols = offered.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from("em.example").unwrap();
    let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = patient(TcpStream::connect(address).unwrap());
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).ok()?;
    }
    connection.alpn_protocol().map(<[u8]>::to_vec)
}

pub fn connect(address: SocketAddr) -> Box<dyn Stream> {
    over(TcpStream::connect(address).unwrap())
}

/// TLS over a connection.
pub fn over(stream: TcpStream) -> Box<dyn Stream> {
    let name = ServerName::try_from("em.example").unwrap();
    let connection = ClientConnection::new(Arc::new(config()), name).unwrap();
    Box::new(StreamOwned::new(connection, patient(stream)))
}

fn config() -> ClientConfig {
    any_certificate().with_no_client_auth()
}

/// A TLS configuration that accepts any certificate.
pub fn any_certificate() -> ConfigBuilder<ClientConfig, WantsClientCert> {
    let provider = ring::default_provider();
    ClientConfig::builder_with_provider(Arc::new(provider.clone()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Any(provider)))
}
