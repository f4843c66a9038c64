//! The EM API over HTTP: the built program in a process of its own, and clients with persistent
//! connections.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use super::{Measured, setup, setup::Check};

/// Linux counts a process's CPU time in ticks of 10 ms.
const MILLIS_A_TICK: u64 = 10;
const PATIENCE: Duration = Duration::from_secs(30);

/// The parameters of a measurement.
pub struct Load {
    /// The name in the report.
    pub what: &'static str,
    /// Maximum Concurrent Requests.
    pub limit: &'static str,
    /// The number of logins.
    pub logins: usize,
    /// The level of the trace.
    pub trace: &'static str,
    /// The check of each request's address.
    pub check: Check,
}

/// The program of this build.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sojourn"))
}

/// Measures a program.
pub async fn measure(program: &Path, asked: &Load, folder: &Path, clients: usize) -> Measured {
    let Load { limit, logins, trace, check, .. } = asked;
    let logins = *logins;
    setup::store(folder, logins, limit, *check).await.close().await;
    let (mut server, address) = start(program, folder, trace);
    // The application user's password is verified and cached before the measurement, as for any busy
    // client.
    client(address, 0, 1, 1).await;
    let cpu_before = cpu_time(server.id());
    let begun = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|index| tokio::spawn(client(address, index + 1, clients, logins)))
        .collect();
    let mut times = Vec::with_capacity(logins);
    for client in clients {
        times.extend(client.await.unwrap());
    }
    let took = begun.elapsed();
    let cpu = cpu_time(server.id()).saturating_sub(cpu_before);
    let lost = lost(address).await;
    server.kill().unwrap();
    server.wait().unwrap();
    let mut measured = Measured::new(took, times);
    measured.lost = lost;
    measured.cpu_micros = cpu.as_secs_f64() * 1e6 / f64::from(u32::try_from(logins).unwrap());
    measured
}

/// Starts a program: its process, and the address of its HTTP listener.
pub fn start(program: &Path, folder: &Path, trace: &str) -> (Child, SocketAddr) {
    let mut server = Command::new(program)
        .args(["serve", "--trace-level", trace, "--http", "127.0.0.1:0"])
        .args(["--https", "127.0.0.1:0", "--data-dir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (_, address) = line.split_once("http://").unwrap();
    let address = address.split('/').next().unwrap().parse().unwrap();
    (server, address)
}

/// A connection from another loopback address: 127.1.0.0 plus `number`.
pub async fn connect_from(number: u32, address: SocketAddr) -> TcpStream {
    let from = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 1, 0, 0)) + number);
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let stream = socket.connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// A connection.
pub async fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// A request to the EM API; `root` is `request` or `query`.
pub fn request(root: &str, (id, secret): (&str, &str), xml: &str) -> String {
    let body = format!(
        "xml=<{root}><appInfo><appID>{id}</appID><appCertificate>{secret}</appCertificate>\
         </appInfo>{xml}</{root}>"
    );
    format!(
        "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends a request, and reads the answer.
pub async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::timeout(PATIENCE, read(stream)).await.unwrap()
}

/// The CPU time of a process, of all its threads.
fn cpu_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The fields after the process name, which is in parentheses and may contain any character: user
    // and system time, in ticks.
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap());
    Duration::from_millis(ticks.sum::<u64>() * MILLIS_A_TICK)
}

/// Records that the trace dropped.
async fn lost(address: SocketAddr) -> u64 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    let line = answer.lines().find_map(|line| line.split_once("trace_entries_lost_total "));
    line.unwrap().1.parse().unwrap()
}

/// Logs in every `step`-th user, one after the other; a busy answer (26) is repeated.
async fn client(address: SocketAddr, first: usize, step: usize, logins: usize) -> Vec<Duration> {
    let mut stream = connect(address).await;
    let mut times = Vec::new();
    for index in (first..logins).step_by(step) {
        let (phone, user) = (setup::phone(index), setup::user(index));
        let xml = format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID></login>");
        let request = request("request", ("emproxy", "emproxy"), &xml);
        let one = Instant::now();
        loop {
            let answer = ask(&mut stream, &request).await;
            if answer.contains("<success/>") {
                break;
            }
            assert!(answer.contains("code=\"26\""), "{answer}");
        }
        times.push(one.elapsed());
    }
    times
}

/// Sends a phone's request to the EM application, and reads the text of the screen.
pub async fn phone(stream: &mut TcpStream, query: &str) -> String {
    let request = format!("GET /emapp/EMAppServlet?{query} HTTP/1.1\r\nHost: em\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let end = b"</CiscoIPPhoneText>\r\n";
    tokio::time::timeout(PATIENCE, read_to(stream, end)).await.unwrap()
}

/// Reads to the end of the answer's root element.
async fn read(stream: &mut TcpStream) -> String {
    read_to(stream, b"</response>").await
}

async fn read_to(stream: &mut TcpStream, end: &[u8]) -> String {
    let mut answer = Vec::with_capacity(512);
    while !answer.ends_with(end) {
        let read = stream.read_buf(&mut answer).await.unwrap();
        assert!(read > 0, "the server closed the connection");
    }
    String::from_utf8(answer).unwrap()
}
