//! A relay between two clusters that loses, holds and doubles messages. Towards each cluster the relay
//! shows a certificate of its own, which that cluster has pinned as the other's.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rustls::{
    ClientConfig, ClientConnection, ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
};

use super::{PATIENCE, tls};

/// The ALPN protocol of EMCC.
pub const PROTOCOL: &[u8] = b"sojourn-emcc/1";

/// A key with its certificate.
pub struct Identity {
    pub pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// A new key, with a certificate that names this cluster.
    pub fn of(cluster: &str) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, cluster);
        params.not_before = time::OffsetDateTime::now_utc();
        let made = params.self_signed(&key).unwrap();
        let der = PrivatePkcs8KeyDer::from(key.serialize_der());
        Self { pem: made.pem(), certificate: made.der().clone(), key: der.into() }
    }
}

/// The fate of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The message is delivered, and its answer returned.
    Delivered,
    /// The message is not delivered.
    Lost,
    /// The message is delivered, and its answer lost.
    AnswerLost,
    /// The message is delivered once `let_go` is called, even if its sender has stopped waiting.
    Held,
    /// The message is delivered twice; the second answer is returned.
    Doubled,
    /// The message is delivered, and its answer returned once `let_go` is called.
    AnswerHeld,
    /// The message is delivered without our additions, as a peer of another make would send it.
    Bare,
    /// The message is not delivered; the answer is error 1, as of a cluster that does not know the
    /// message.
    NotKnown,
    /// The message is not delivered; the answer is error 6, as of a cluster whose database can't be
    /// written.
    Refused,
}

type Plan = Box<dyn FnMut(&str) -> Fate + Send>;

/// One direction of the relay.
pub struct Relay {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    plan: Mutex<Plan>,
    /// The received messages, in order.
    seen: Mutex<Vec<String>>,
    /// The messages whose answers were returned.
    answered: Mutex<Vec<String>>,
    /// The number of held messages.
    held: Mutex<usize>,
    /// Whether held messages may go on.
    is_open: Mutex<bool>,
    changed: Condvar,
    to: Mutex<SocketAddr>,
    client: Mutex<Arc<ClientConfig>>,
}

impl Relay {
    /// Receives messages with the certificate `shown`, and sends them to `to` with the certificate
    /// `own`.
    pub fn start(shown: &Identity, own: &Identity, to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = Arc::new(server_config(shown));
        let state = Arc::new(State {
            plan: Mutex::new(Box::new(|_| Fate::Delivered)),
            seen: Mutex::default(),
            answered: Mutex::default(),
            held: Mutex::default(),
            is_open: Mutex::new(false),
            changed: Condvar::new(),
            to: Mutex::new(to),
            client: Mutex::new(Arc::new(client_config(own))),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let (state, server) = (Arc::clone(&shared), Arc::clone(&server));
                std::thread::spawn(move || state.serve(stream, server));
            }
        });
        Self { address, state }
    }

    /// Sets the fate of each message from now on, by its XML.
    pub fn plan(&self, plan: impl FnMut(&str) -> Fate + Send + 'static) {
        *self.state.plan.lock().unwrap() = Box::new(plan);
    }

    /// Loses every message from now on.
    pub fn cut(&self) {
        self.plan(|_| Fate::Lost);
    }

    /// Delivers every message from now on.
    pub fn heal(&self) {
        self.plan(|_| Fate::Delivered);
    }

    /// Delivers the held messages.
    pub fn let_go(&self) {
        *self.state.is_open.lock().unwrap() = true;
        self.state.changed.notify_all();
    }

    /// Holds messages again.
    pub fn close(&self) {
        *self.state.is_open.lock().unwrap() = false;
    }

    /// Waits until this many messages are held.
    pub fn held(&self, count: usize) {
        let held = self.state.held.lock().unwrap();
        let waited = self.state.changed.wait_timeout_while(held, PATIENCE, |held| *held < count);
        assert!(!waited.unwrap().1.timed_out(), "the relay does not hold {count} messages");
    }

    /// Sends messages to another address, since the cluster has restarted on another port.
    pub fn redirect(&self, to: SocketAddr) {
        *self.state.to.lock().unwrap() = to;
    }

    /// Sends messages with another cluster's certificate.
    pub fn pass_on_as(&self, own: &Identity) {
        *self.state.client.lock().unwrap() = Arc::new(client_config(own));
    }

    /// Whether an answer to a message with this element was returned.
    pub fn has_answered(&self, element: &str) -> bool {
        self.state.answered.lock().unwrap().iter().any(|body| body.contains(element))
    }

    /// The received messages with this element.
    pub fn seen(&self, element: &str) -> Vec<String> {
        let all = self.state.seen.lock().unwrap();
        all.iter().filter(|xml| xml.contains(&format!("<{element}>"))).cloned().collect()
    }
}

impl State {
    /// Serves the messages of a connection, one after the other.
    fn serve(&self, stream: TcpStream, server: Arc<ServerConfig>) {
        stream.set_read_timeout(Some(Duration::from_mins(10))).unwrap();
        let connection = ServerConnection::new(server).unwrap();
        let mut stream = BufReader::new(StreamOwned::new(connection, stream));
        while let Some(body) = receive(&mut stream) {
            let Some(answer) = self.pass(&body) else { return };
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/xml;charset=utf-8\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            if stream.get_mut().write_all((head + &answer).as_bytes()).is_err() {
                return;
            }
            let _ = stream.get_mut().flush();
            self.answered.lock().unwrap().push(body);
        }
    }

    /// Applies the plan to a message; the answer, if one is returned.
    fn pass(&self, body: &str) -> Option<String> {
        let xml = percent_decode_str(body.strip_prefix("xml=")?).decode_utf8().ok()?.into_owned();
        self.seen.lock().unwrap().push(xml.clone());
        let fate = (self.plan.lock().unwrap())(&xml);
        match fate {
            Fate::Delivered => self.deliver(body),
            Fate::Lost => None,
            Fate::AnswerLost => {
                self.deliver(body);
                None
            }
            Fate::Held => {
                self.wait();
                self.deliver(body)
            }
            Fate::Doubled => {
                self.deliver(body);
                self.deliver(body)
            }
            Fate::AnswerHeld => {
                let answer = self.deliver(body);
                self.wait();
                answer
            }
            Fate::Bare => {
                let bare = without(&without(&xml, "loginId"), "cause");
                self.deliver(&format!("xml={}", utf8_percent_encode(&bare, NON_ALPHANUMERIC)))
            }
            Fate::NotKnown => Some(failure(1, "Error on Parsing")),
            Fate::Refused => Some(failure(6, "Database Error")),
        }
    }

    fn wait(&self) {
        *self.held.lock().unwrap() += 1;
        self.changed.notify_all();
        let is_open = self.is_open.lock().unwrap();
        let waited = self.changed.wait_timeout_while(is_open, PATIENCE * 4, |is_open| !*is_open);
        drop(waited);
        *self.held.lock().unwrap() -= 1;
    }

    fn deliver(&self, body: &str) -> Option<String> {
        let to = *self.to.lock().unwrap();
        let stream = TcpStream::connect(to).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let name = ServerName::try_from("em.example").unwrap();
        let client = Arc::clone(&self.client.lock().unwrap());
        let connection = ClientConnection::new(client, name).unwrap();
        let mut stream = BufReader::new(StreamOwned::new(connection, stream));
        let head = format!(
            "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.get_mut().write_all((head + body).as_bytes()).ok()?;
        stream.get_mut().flush().ok()?;
        receive(&mut stream)
    }
}

/// The body of a request or an answer; `None` if the connection ends.
fn receive(stream: &mut impl BufRead) -> Option<String> {
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

fn server_config(identity: &Identity) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .unwrap();
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config
}

/// A TLS client that shows this certificate and offers EMCC's protocol.
pub fn client_config(identity: &Identity) -> ClientConfig {
    let mut config = tls::any_certificate()
        .with_client_auth_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .unwrap();
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config
}

/// The answer of the cluster at `https` to a message of a peer with this certificate.
pub fn ask(identity: &Identity, https: SocketAddr, xml: &str) -> Option<String> {
    let state = State {
        plan: Mutex::new(Box::new(|_| Fate::Delivered)),
        seen: Mutex::default(),
        answered: Mutex::default(),
        held: Mutex::default(),
        is_open: Mutex::new(false),
        changed: Condvar::new(),
        to: Mutex::new(https),
        client: Mutex::new(Arc::new(client_config(identity))),
    };
    let xml = percent_encoding::utf8_percent_encode(xml, percent_encoding::NON_ALPHANUMERIC);
    state.deliver(&format!("xml={xml}"))
}

fn failure(code: u16, text: &str) -> String {
    format!("<emccResponse><failure><error code=\"{code}\">{text}</error></failure></emccResponse>")
}

/// A message without the first element of this name.
fn without(xml: &str, element: &str) -> String {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    match (xml.split_once(&start), xml.split_once(&end)) {
        (Some((before, _)), Some((_, behind))) => format!("{before}{behind}"),
        _ => xml.to_owned(),
    }
}
