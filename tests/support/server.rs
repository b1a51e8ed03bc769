//! A small real HTTP server on loopback that can be slow, wrong, huge or silent.
//!
//! It speaks to the socket itself, because no server library sends what a reader must survive. One request a connection,
//! except where a reply keeps it open.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub host: String,
    pub path: String,
    /// Names in lower case; values byte for byte.
    pub headers: HashMap<String, Vec<u8>>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.get(name).map(Vec::as_slice)
    }
}

/// What is answered.
pub enum Reply {
    /// These bytes, and the connection stays open for the next request.
    KeepOpen(Vec<u8>),
    /// These bytes, head and all; then the connection is closed.
    Raw(Vec<u8>),
    /// Nothing, until the other side hangs up.
    Silence,
    /// The first bytes, then the others again and again until the other side hangs up.
    Endless(Vec<u8>, Vec<u8>),
    /// The first bytes, then one at a time, slowly, until the other side hangs up.
    Drip(Vec<u8>),
}

/// An answer after which the connection stays open.
pub fn kept_open(body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    Reply::KeepOpen([head.as_bytes(), body].concat())
}

/// A whole answer.
pub fn answer(status: &str, headers: &[&str], body: &[u8]) -> Reply {
    let mut bytes = format!("HTTP/1.1 {status}\r\nConnection: close\r\n").into_bytes();
    if !headers
        .iter()
        .any(|line| line.starts_with("Content-Length") || line.starts_with("Transfer-Encoding"))
    {
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
    }
    for line in headers {
        bytes.extend(line.bytes().chain(*b"\r\n"));
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    Reply::Raw(bytes)
}

type Handler = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

#[derive(Default)]
struct Seen {
    requests: Vec<Request>,
    now: HashMap<String, usize>,
    most: HashMap<String, usize>,
    /// Connections over which a host was asked.
    connections: HashMap<String, usize>,
}

/// The server; ends when dropped.
pub struct Server {
    pub address: SocketAddr,
    handlers: Arc<Mutex<HashMap<String, Handler>>>,
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of loopback");
        let server = Server {
            address: listener
                .local_addr()
                .expect("a bound socket has an address"),
            handlers: Arc::default(),
            seen: Arc::default(),
            stop: Arc::default(),
        };
        let (handlers, seen, stop) = (
            server.handlers.clone(),
            server.seen.clone(),
            server.stop.clone(),
        );
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), handlers, seen) = (stream, handlers.clone(), seen.clone()) else {
                    continue;
                };
                thread::spawn(move || serve(stream, &handlers, &seen));
            }
        });
        server
    }

    /// What `host` + `path` answers, as `a.example/feed`.
    pub fn on(&self, place: &str, handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        lock(&self.handlers).insert(place.to_owned(), Arc::new(handler));
    }

    /// All requests for `host` + `path`, in their order.
    pub fn requests(&self, place: &str) -> Vec<Request> {
        let seen = lock(&self.seen);
        seen.requests
            .iter()
            .filter(|request| format!("{}{}", request.host, request.path) == place)
            .cloned()
            .collect()
    }

    /// Over how many connections a host was asked.
    pub fn connections(&self, host: &str) -> usize {
        lock(&self.seen).connections.get(host).copied().unwrap_or(0)
    }

    /// The most requests that one host had in flight.
    pub fn most_at_once(&self, host: &str) -> usize {
        lock(&self.seen).most.get(host).copied().unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn serve(stream: TcpStream, handlers: &Mutex<HashMap<String, Handler>>, seen: &Mutex<Seen>) {
    let mut first = true;
    while serve_one(&stream, handlers, seen, first) {
        first = false;
    }
}

/// Answers one request; whether the connection stays open.
fn serve_one(
    mut stream: &TcpStream,
    handlers: &Mutex<HashMap<String, Handler>>,
    seen: &Mutex<Seen>,
    first: bool,
) -> bool {
    let Some(request) = read(stream) else {
        if !first {
            return false;
        }
        // What is no HTTP (a handshake of TLS) gets an answer that is none either.
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        return false;
    };
    let host = request.host.clone();
    {
        let mut seen = lock(seen);
        let now = seen.now.entry(host.clone()).or_default();
        *now += 1;
        let now = *now;
        let most = seen.most.entry(host.clone()).or_default();
        *most = now.max(*most);
        if first {
            *seen.connections.entry(host.clone()).or_default() += 1;
        }
        seen.requests.push(request.clone());
    }
    let handler = lock(handlers)
        .get(&format!("{}{}", request.host, request.path))
        .cloned();
    let reply = handler.map_or_else(
        || answer("404 Not Found", &[], b""),
        |handler| handler(&request),
    );
    // Before the answer goes out: who has it may ask again at once.
    *lock(seen).now.entry(host).or_default() -= 1;
    let keeps = matches!(reply, Reply::KeepOpen(_));
    let written = match reply {
        Reply::KeepOpen(bytes) => stream.write_all(&bytes),
        Reply::Raw(bytes) => stream.write_all(&bytes),
        Reply::Silence => stream.read_to_end(&mut Vec::new()).map(|_| ()),
        Reply::Endless(first, again) => stream.write_all(&first).and_then(|()| {
            loop {
                stream.write_all(&again)?;
            }
        }),
        Reply::Drip(first) => stream.write_all(&first).and_then(|()| {
            stream.set_read_timeout(Some(std::time::Duration::from_millis(20)))?;
            loop {
                stream.write_all(b" ")?;
                // The pause between two bytes, cut short when the other side hangs up.
                if matches!(stream.read(&mut [0]), Ok(0)) {
                    return Ok(());
                }
            }
        }),
    };
    keeps && written.is_ok()
}

/// The path of what is asked for; who takes us for a proxy names the whole address.
fn path_of(asked: &str) -> &str {
    let whole = asked.strip_prefix("http://");
    whole.map_or(asked, |rest| rest.find('/').map_or("/", |at| &rest[at..]))
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    reader
        .by_ref()
        .take(8 << 10)
        .read_until(b'\n', &mut line)
        .ok()?;
    let first = String::from_utf8(line).ok()?;
    let mut request = Request {
        path: path_of(first.strip_prefix("GET ")?.split(' ').next()?).to_owned(),
        ..Request::default()
    };
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).ok()?;
        let line = line.trim_ascii();
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = String::from_utf8_lossy(&line[..colon]).to_lowercase();
        request
            .headers
            .insert(name, line[colon + 1..].trim_ascii().to_vec());
    }
    request.host = String::from_utf8_lossy(request.header("host").unwrap_or_default()).into_owned();
    Some(request)
}
