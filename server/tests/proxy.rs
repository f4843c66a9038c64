//! The console behind nginx and HAProxy, in the set-ups that people have: a person signs in, the
//! websocket opens, and everybody has an address of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs,
    io::Write,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use support::{Answer, Client, Server, sojourn, sql, until};

/// The address of the person, who is not at the proxy's.
const PERSON: &str = "127.0.0.3";

/// A proxy that runs.
struct Proxy {
    child: Child,
    address: SocketAddr,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a proxy is set up.
struct SetUp {
    /// Lines of nginx's `location`, or of HAProxy's frontend.
    lines: &'static str,
    /// Whether it forwards to HTTPS.
    to_https: bool,
    /// Whether it names the client.
    names_clients: bool,
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn certificate(folder: &Path) -> PathBuf {
    let made = rcgen::generate_simple_self_signed(vec!["console.example".to_owned()]).unwrap();
    let file = folder.join("proxy.pem");
    fs::write(&file, made.cert.pem() + &made.signing_key.serialize_pem()).unwrap();
    file
}

fn start(program: &str, arguments: &[&str], address: SocketAddr) -> Proxy {
    // Debian keeps servers out of the path of people.
    let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    let child = Command::new(program)
        .args(arguments)
        .env("PATH", path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let proxy = Proxy { child, address };
    until("the proxy listens", || TcpStream::connect(address).is_ok());
    proxy
}

fn nginx(folder: &Path, address: SocketAddr, upstream: &str, lines: &str) -> Proxy {
    let certificate = certificate(folder).display().to_string();
    let text = format!(
        "daemon off; master_process off; pid nginx.pid; error_log stderr;
         events {{ worker_connections 64; }}
         http {{
           access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
           uwsgi_temp_path u; scgi_temp_path s;
           map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
           server {{
             listen {address} ssl; server_name console.example;
             ssl_certificate {certificate}; ssl_certificate_key {certificate};
             location / {{ proxy_pass {upstream}; proxy_http_version 1.1; {lines} }}
           }}
         }}"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, text).unwrap();
    let (folder, file) = (folder.display().to_string(), file.display().to_string());
    start("nginx", &["-p", &folder, "-c", &file], address)
}

fn haproxy(folder: &Path, address: SocketAddr, upstream: SocketAddr, lines: &str) -> Proxy {
    let certificate = certificate(folder).display().to_string();
    let text = format!(
        "defaults\n mode http\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n\
         frontend console\n bind {address} ssl crt {certificate}\n {lines}\n default_backend s\n\
         backend s\n server s {upstream}\n"
    );
    let file = folder.join("haproxy.cfg");
    fs::write(&file, text).unwrap();
    start("haproxy", &["-f", &file.display().to_string()], address)
}

/// A cluster with the administrator kim, behind a proxy.
struct Office {
    proxy: Proxy,
    server: Server,
    folder: tempfile::TempDir,
}

impl Office {
    fn open(begin: impl FnOnce(&Path, SocketAddr, &Server) -> Proxy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut add = sojourn()
            .args(["admin", "add", "kim", "--data-dir"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        add.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
        assert!(add.wait().unwrap().success());
        let address = free_address();
        let url = format!("https://console.example:{}", address.port());
        let arguments = ["--public-url", &url, "--trusted-proxies", "127.0.0.1"];
        let server = Server::start_with(folder.path(), &arguments);
        let proxy = begin(folder.path(), address, &server);
        Self { proxy, server, folder }
    }

    fn host(&self) -> String {
        format!("console.example:{}", self.proxy.address.port())
    }

    fn person(&self) -> Client {
        Client::tls_from(PERSON, self.proxy.address)
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host());
        let mut client = self.person();
        client.send(head.as_bytes());
        client.receive_head().unwrap()
    }

    /// Signs in as a browser does, and gives the cookie.
    fn sign_in(&self) -> String {
        let (host, body) = (self.host(), "name=kim&password=correct+horse");
        let request = format!(
            "POST /call/sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\n\
             Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            body.len()
        );
        let mut client = self.person();
        client.send(request.as_bytes());
        let answer = client.receive_head().unwrap();
        let cookies = answer.head.lines().filter_map(|line| line.split_once(": "));
        let cookie = cookies
            .filter(|(name, value)| {
                name.eq_ignore_ascii_case("set-cookie") && value.contains("-sojourn-")
            })
            .find_map(|(_, value)| value.split(';').next());
        cookie.unwrap_or_else(|| panic!("no session: {}", answer.head)).to_owned()
    }

    /// The status with which the websocket of a tab opens, or not.
    fn websocket(&self, cookie: &str) -> u16 {
        let headers = format!(
            "Origin: https://{}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            self.host()
        );
        self.get("/live", &headers).status()
    }
}

/// A person behind the proxy can do what a person without one can.
fn works(office: Office, names_clients: bool) {
    let cookie = office.sign_in();
    let page = office.get("/", &format!("Accept: text/html\r\nCookie: {cookie}\r\n"));
    assert_eq!(page.status(), 200, "{}", page.head);
    assert_eq!(office.websocket(&cookie), 101);
    // Nobody outside is taken for this machine.
    assert_eq!(office.get("/metrics", "").status(), 403);
    let wanted = if names_clients { PERSON } else { "127.0.0.1" };
    let addresses =
        sql(office.folder.path(), "SELECT address FROM sessions WHERE administrator <> ''");
    assert_eq!(addresses, [wanted]);
    // A page of another site opens no websocket.
    let foreign = format!(
        "Origin: https://evil.example\r\nCookie: {cookie}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    assert_eq!(office.get("/live", &foreign).status(), 403);
    office.server.stop();
}

fn behind_nginx(set_up: &SetUp) {
    let office = Office::open(|folder, address, server| {
        let upstream = if set_up.to_https {
            format!("https://{}", server.https)
        } else {
            format!("http://{}", server.address)
        };
        nginx(folder, address, &upstream, set_up.lines)
    });
    works(office, set_up.names_clients);
}

const UPGRADE: &str = "proxy_set_header Upgrade $http_upgrade;
                       proxy_set_header Connection $connection_upgrade;";

#[test]
fn nginx_to_http_with_all_headers() {
    behind_nginx(&SetUp {
        lines: "proxy_set_header Host $host;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_upgrade;",
        to_https: false,
        names_clients: true,
    });
}

#[test]
fn nginx_to_http_that_sets_nothing_but_the_upgrade() {
    behind_nginx(&SetUp { lines: UPGRADE, to_https: false, names_clients: false });
}

#[test]
fn nginx_to_https_with_the_host_and_its_port() {
    behind_nginx(&SetUp {
        lines: "proxy_set_header Host $http_host;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_upgrade;",
        to_https: true,
        names_clients: true,
    });
}

#[test]
fn nginx_to_https_with_the_host_without_its_port() {
    behind_nginx(&SetUp {
        lines: "proxy_set_header Host $host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_upgrade;",
        to_https: true,
        names_clients: false,
    });
}

#[test]
fn nginx_to_https_that_sets_nothing_but_the_upgrade() {
    behind_nginx(&SetUp { lines: UPGRADE, to_https: true, names_clients: false });
}

/// Without its headers a websocket can't open: the answer says what the proxy has to pass.
#[test]
fn nginx_that_passes_no_upgrade_is_told_so() {
    let office = Office::open(|folder, address, server| {
        let upstream = format!("https://{}", server.https);
        nginx(folder, address, &upstream, "proxy_set_header Host $http_host;")
    });
    let cookie = office.sign_in();
    assert_eq!(office.websocket(&cookie), 426);
    office.server.stop();
}

#[test]
fn haproxy_to_http() {
    let office = Office::open(|folder, address, server| {
        let lines = "option forwardfor\n http-request set-header X-Forwarded-Proto https";
        haproxy(folder, address, server.address, lines)
    });
    works(office, true);
}

/// A proxy on this machine that nobody has named gets a word instead of a redirect in circles.
#[test]
fn a_proxy_that_is_not_trusted_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let ask = |path: &str| {
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n");
        server.client().exchange(head.as_bytes()).unwrap()
    };
    let answer = ask("/");
    assert_eq!(answer.status(), 403);
    assert!(answer.body.contains("--trusted-proxies"), "{}", answer.body);
    assert_eq!(ask("/metrics").status(), 403);
    assert_eq!(ask("/healthz").status(), 200);
    server.stop();
}

/// A path that plain HTTP does not serve is redirected to the public address of the console.
#[test]
fn plain_http_sends_people_to_the_public_address() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--public-url", "https://em.example.org/"];
    let server = Server::start_with(folder.path(), &arguments);
    let head = "GET /audit?find=a HTTP/1.1\r\nHost: em\r\n\r\n";
    let answer = server.client_from("127.0.0.2").exchange(head.as_bytes()).unwrap();
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.header("location"), Some("https://em.example.org/audit?find=a"));
    server.stop();
}
