//! The other side: a small HTTP/1.1 server in a process of its own, so that its memory and its feeds are in no figure.

use crate::made;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The process that serves; it ends with this.
pub struct Server {
    child: Child,
    port: u16,
    feeds: usize,
}

impl Server {
    /// `port` 0: any.
    pub fn start(feeds: usize, port: u16) -> Server {
        let program = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(program)
            .args(["--serve", &feeds.to_string(), &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut port = String::new();
        let out = child.stdout.take().expect("it was asked for");
        BufReader::new(out)
            .read_line(&mut port)
            .expect("the server says its port");
        Server {
            child,
            port: port.trim().parse().expect("a port"),
            feeds,
        }
    }

    /// What is asked from now on waits so long, and is in that version.
    pub fn set(&self, latency_ms: u64, version: usize) {
        let mut stream =
            std::net::TcpStream::connect(("127.0.0.1", self.port)).expect("it is there");
        write!(stream, "GET /set/{latency_ms}/{version} HTTP/1.1\r\n\r\n").expect("it listens");
        let _ = stream.read(&mut [0; 256]);
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Feeds that are none, each on a host of its own.
    pub fn faulty(&self, count: usize) -> Vec<String> {
        (0..count)
            .map(|fault| {
                let kind = FAULTS[fault % FAULTS.len()];
                format!("http://127.2.0.{}:{}/{kind}/{fault}", fault + 1, self.port)
            })
            .collect()
    }

    pub fn address(&self, feed: usize) -> SocketAddr {
        let [high, low] = u16::try_from(feed + 1).unwrap_or(u16::MAX).to_be_bytes();
        SocketAddr::from(([127, 1, high, low], self.port))
    }

    /// All feeds, the one with long articles last.
    pub fn urls(&self) -> Vec<String> {
        (0..=self.feeds)
            .map(|feed| format!("http://{}{}", self.address(feed), path(feed)))
            .collect()
    }
}

/// Where a feed is, on its host.
pub fn path(feed: usize) -> String {
    format!("/feed/{feed}")
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its standard input ends with it anyway; this only makes it sooner.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A feed as it goes over the wire, and packed.
pub fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// The text of a feed; the last one has the long articles.
pub fn text(feed: usize, feeds: usize, version: usize) -> String {
    if feed == feeds {
        made::big_feed()
    } else {
        made::feed(feed, version)
    }
}

/// In version 2 one feed of ten has something new.
fn changes(feed: usize) -> bool {
    feed.is_multiple_of(10)
}

/// What a faulty host does.
const FAULTS: [&str; 12] = [
    "silence",
    "reset",
    "slow-head",
    "slow-body",
    "endless",
    "short",
    "gone",
    "error",
    "busy",
    "loop",
    "page",
    "nothing",
];

/// Answers as no feed should; the connection ends with it.
async fn misbehave(mut stream: TcpStream, fault: &str) -> Option<()> {
    let long = Duration::from_mins(5);
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n";
    let text = match fault {
        "silence" => {
            tokio::time::sleep(long).await;
            String::new()
        }
        "reset" => String::new(),
        "slow-head" => {
            for byte in ok.bytes().cycle() {
                stream.write_all(&[byte]).await.ok()?;
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            String::new()
        }
        "slow-body" => {
            stream
                .write_all(format!("{ok}\r\n<rss>").as_bytes())
                .await
                .ok()?;
            loop {
                stream.write_all(b" ").await.ok()?;
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
        "endless" => {
            stream
                .write_all(format!("{ok}\r\n<rss>").as_bytes())
                .await
                .ok()?;
            loop {
                stream.write_all(&[b' '; 1 << 14]).await.ok()?;
            }
        }
        "short" => format!("{ok}Content-Length: 90000\r\n\r\n<rss version=\"2.0\"><channel>"),
        "gone" => "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "error" => "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "busy" => "HTTP/1.1 503 Busy\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "loop" => "HTTP/1.1 302 On\r\nLocation: /loop/0\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "page" => format!("{ok}\r\n<!DOCTYPE html><title>No feed</title><p>Not here"),
        _ => format!("{ok}Content-Length: 0\r\n\r\n"),
    };
    stream.write_all(text.as_bytes()).await.ok()
}

struct State {
    first: Vec<Vec<u8>>,
    second: Vec<Option<Vec<u8>>>,
    latency_ms: AtomicU64,
    version: AtomicUsize,
}

/// Serves until its standard input ends.
pub fn serve(feeds: usize, port: u16) {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    let state = Arc::new(State {
        first: (0..=feeds)
            .map(|feed| packed(&text(feed, feeds, 1)))
            .collect(),
        second: (0..=feeds)
            .map(|feed| (changes(feed) && feed < feeds).then(|| packed(&text(feed, feeds, 2))))
            .collect(),
        latency_ms: AtomicU64::new(0),
        version: AtomicUsize::new(1),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind(("0.0.0.0", port)).await.expect("a port");
        println!("{}", listener.local_addr().expect("it is bound").port());
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&state);
                tokio::spawn(async move { answer(stream, &state).await });
            }
        }
    });
}

async fn answer(mut stream: TcpStream, state: &State) -> Option<()> {
    let mut head = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = head.windows(4).position(|end| end == b"\r\n\r\n") {
                break end + 4;
            }
            let mut more = [0; 2048];
            let count = stream
                .read(&mut more)
                .await
                .ok()
                .filter(|count| *count > 0)?;
            head.extend_from_slice(&more[..count]);
        };
        let text = String::from_utf8_lossy(&head[..end]).into_owned();
        head.drain(..end);
        let path = text.split(' ').nth(1)?;
        let mut parts = path.split('/').skip(1);
        match (parts.next()?, parts.next(), parts.next()) {
            ("set", Some(latency), Some(version)) => {
                state
                    .latency_ms
                    .store(latency.parse().ok()?, Ordering::SeqCst);
                state.version.store(version.parse().ok()?, Ordering::SeqCst);
                let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                stream.write_all(ok).await.ok()?;
            }
            (fault, ..) if FAULTS.contains(&fault) => return misbehave(stream, fault).await,
            (_, Some(feed), _) => {
                let feed: usize = feed.parse().ok()?;
                let latency = state.latency_ms.load(Ordering::SeqCst);
                if latency > 0 {
                    tokio::time::sleep(Duration::from_millis(latency)).await;
                }
                let second = (state.version.load(Ordering::SeqCst) > 1)
                    .then(|| state.second.get(feed)?.as_ref())
                    .flatten();
                let tag = if second.is_some() { "\"2\"" } else { "\"1\"" };
                if text
                    .to_ascii_lowercase()
                    .contains(&format!("if-none-match: {tag}"))
                {
                    let same = format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n");
                    stream.write_all(same.as_bytes()).await.ok()?;
                } else {
                    let body = second.or(state.first.get(feed))?;
                    let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Encoding: gzip\r\nETag: {tag}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
                    bytes.extend_from_slice(body);
                    stream.write_all(&bytes).await.ok()?;
                }
            }
            _ => return None,
        }
    }
}
