//! The console behind nginx and HAProxy, in published configurations: an administrator signs in, the
//! websocket opens, and the session has the browser's address.

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

/// The browser's address, different from the proxy's.
const BROWSER: &str = "127.0.0.3";

/// A running proxy.
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

/// A configuration of a proxy.
struct SetUp {
    /// Lines of nginx's `location`, or of HAProxy's frontend.
    lines: &'static str,
    /// Whether the proxy forwards to HTTPS.
    to_https: bool,
    /// Whether the proxy sends the client's address.
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
    // Debian has servers in /usr/sbin, which is not in every user's PATH.
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

/// A server with the administrator kim, behind a proxy.
struct TestConsole {
    proxy: Proxy,
    server: Server,
    folder: tempfile::TempDir,
}

impl TestConsole {
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

    fn browser(&self) -> Client {
        Client::tls_from(BROWSER, self.proxy.address)
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host());
        let mut client = self.browser();
        client.send(head.as_bytes());
        client.receive_head().unwrap()
    }

    /// Signs in as a browser does; the session's cookie.
    fn sign_in(&self) -> String {
        let (host, body) = (self.host(), "name=kim&password=correct+horse");
        let request = format!(
            "POST /call/sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\n\
             Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            body.len()
        );
        let mut client = self.browser();
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

    /// The status of the answer to a websocket's handshake.
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

/// Sign-in, a page and the websocket work through the proxy.
fn works(console: TestConsole, names_clients: bool) {
    let cookie = console.sign_in();
    let page = console.get("/", &format!("Accept: text/html\r\nCookie: {cookie}\r\n"));
    assert_eq!(page.status(), 200, "{}", page.head);
    assert_eq!(console.websocket(&cookie), 101);
    // /metrics is for this machine alone: a request through the proxy does not count as local.
    assert_eq!(console.get("/metrics", "").status(), 403);
    let wanted = if names_clients { BROWSER } else { "127.0.0.1" };
    let addresses =
        sql(console.folder.path(), "SELECT address FROM sessions WHERE administrator <> ''");
    assert_eq!(addresses, [wanted]);
    // The Origin of another site opens no websocket.
    let foreign = format!(
        "Origin: https://evil.example\r\nCookie: {cookie}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    assert_eq!(console.get("/live", &foreign).status(), 403);
    console.server.stop();
}

fn behind_nginx(set_up: &SetUp) {
    let console = TestConsole::open(|folder, address, server| {
        let upstream = if set_up.to_https {
            format!("https://{}", server.https)
        } else {
            format!("http://{}", server.address)
        };
        nginx(folder, address, &upstream, set_up.lines)
    });
    works(console, set_up.names_clients);
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
fn nginx_to_http_with_the_upgrade_alone() {
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
fn nginx_to_https_with_the_upgrade_alone() {
    behind_nginx(&SetUp { lines: UPGRADE, to_https: true, names_clients: false });
}

/// Without the Upgrade header a websocket can't open: 426 says which headers the proxy has to pass.
#[test]
fn nginx_without_the_upgrade_header_gets_426() {
    let console = TestConsole::open(|folder, address, server| {
        let upstream = format!("https://{}", server.https);
        nginx(folder, address, &upstream, "proxy_set_header Host $http_host;")
    });
    let cookie = console.sign_in();
    assert_eq!(console.websocket(&cookie), 426);
    console.server.stop();
}

#[test]
fn haproxy_to_http() {
    let console = TestConsole::open(|folder, address, server| {
        let lines = "option forwardfor\n http-request set-header X-Forwarded-Proto https";
        haproxy(folder, address, server.address, lines)
    });
    works(console, true);
}

/// A proxy that `--trusted-proxies` does not name gets 403 with that flag, rather than an endless
/// redirect.
#[test]
fn an_untrusted_proxy_gets_403_with_the_flag_to_set() {
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

/// A path that plain HTTP does not serve is redirected to the console's public URL.
#[test]
fn plain_http_redirects_to_the_public_url() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--public-url", "https://em.example.org/"];
    let server = Server::start_with(folder.path(), &arguments);
    let head = "GET /audit?find=a HTTP/1.1\r\nHost: em\r\n\r\n";
    let answer = server.client_from("127.0.0.2").exchange(head.as_bytes()).unwrap();
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.header("location"), Some("https://em.example.org/audit?find=a"));
    server.stop();
}
