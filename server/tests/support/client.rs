//! An HTTP client that sends requests byte for byte.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use super::{PATIENCE, tls};

/// A connection, plain or TLS.
pub trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// One connection.
pub struct Client {
    stream: BufReader<Box<dyn Stream>>,
}

/// An answer's head and body.
#[derive(Debug)]
pub struct Answer {
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).unwrap())
    }

    pub fn tls(address: SocketAddr) -> Self {
        Self { stream: BufReader::new(tls::connect(address)) }
    }

    /// A TLS client from another address of this machine.
    pub fn tls_from(ip: &str, address: SocketAddr) -> Self {
        Self { stream: BufReader::new(tls::over(connect_from(ip, address))) }
    }

    pub(super) fn over(stream: TcpStream) -> Self {
        Self { stream: BufReader::new(Box::new(patient(stream))) }
    }

    /// Sends bytes without waiting for an answer.
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
        self.stream.get_mut().flush().unwrap();
    }

    /// Sends bytes; `false` if the server closes the connection before all are sent.
    pub fn try_send(&mut self, bytes: &[u8]) -> bool {
        self.stream.get_mut().write_all(bytes).is_ok()
    }

    /// Sends bytes and reads one answer; `None` if the connection breaks.
    pub fn exchange(&mut self, bytes: &[u8]) -> Option<Answer> {
        self.stream.get_mut().write_all(bytes).ok()?;
        self.receive()
    }

    /// Reads one answer; `None` if the connection breaks.
    pub fn receive(&mut self) -> Option<Answer> {
        let mut answer = self.receive_head()?;
        let length = answer.header("content-length")?.parse().unwrap();
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        answer.body = String::from_utf8(body).unwrap();
        Some(answer)
    }

    /// Reads the head of one answer.
    pub fn receive_head(&mut self) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        Some(Answer { head, body: String::new() })
    }

    /// Reads until the server closes the connection.
    pub fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Waits until the server has ended the connection, by a close or a reset.
    pub fn end(&mut self) {
        let _ = std::io::copy(&mut self.stream, &mut std::io::sink());
    }

    /// Posts this body to the EM API.
    pub fn post(&mut self, body: &str) -> Option<Answer> {
        let length = body.len();
        self.exchange(
            format!(
                "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        )
    }

    /// Sends an EM API message as an application user; `root` is `request` or `query`.
    pub fn ask_as(&mut self, id: &str, password: &str, root: &str, xml: &str) -> Option<String> {
        let body = format!(
            "xml=<{root}><appInfo><appID>{id}</appID><appCertificate>{password}</appCertificate>\
             </appInfo>{xml}</{root}>"
        );
        let answer = self.post(&body)?;
        assert_eq!(answer.status(), 200);
        Some(answer.body)
    }

    pub fn log_in(&mut self, user: &str, phone: &str) -> Option<String> {
        let xml = format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID></login>");
        self.ask_as("emproxy", "emproxy", "request", &xml)
    }

    pub fn log_out(&mut self, phone: &str) -> Option<String> {
        let xml = format!("<logout><deviceName>{phone}</deviceName></logout>");
        self.ask_as("emproxy", "emproxy", "request", &xml)
    }

    /// The user at a phone.
    pub fn user_at(&mut self, phone: &str) -> Option<String> {
        let xml = format!("<deviceUserQuery><deviceName>{phone}</deviceName></deviceUserQuery>");
        let answer = self.ask_as("emproxy", "emproxy", "query", &xml).unwrap();
        let (_, rest) = answer.split_once("<userID>")?;
        rest.split_once("</userID>").map(|(user, _)| user.to_owned())
    }
}

/// A connection from another address of this machine.
pub fn connect_from(ip: &str, to: SocketAddr) -> TcpStream {
    let from = SocketAddr::new(ip.parse().unwrap(), 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(from).unwrap();
        socket.connect(to).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
}

pub(super) fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}
