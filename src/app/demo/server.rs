//! The demo's server: its sites on one loopback port, told apart by the `Host` header.

use super::site::{Format, Site, Start};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// What "slow" is: long enough to see the spinner, short enough not to be waited for.
const SLOW: Duration = Duration::from_millis(1500);

/// Serves the sites from now on, until the program ends; answers where.
pub fn serve(sites: Arc<Vec<Site>>, start: Start) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::Builder::new().name("demo".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let sites = Arc::clone(&sites);
            // One short-lived thread a connection: the poller opens some dozen at most.
            let _ = thread::Builder::new()
                .name("demo-answer".into())
                .spawn(move || {
                    let _ = converse(&stream, &sites, start);
                });
        }
    })?;
    Ok(address)
}

fn converse(stream: &TcpStream, sites: &[Site], start: Start) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(stream);
    loop {
        let mut request = String::new();
        if lines.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let (mut host, mut asked_etag) = (String::new(), String::new());
        loop {
            let mut header = String::new();
            if lines.read_line(&mut header)? == 0 || header.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':') {
                match name.to_ascii_lowercase().as_str() {
                    "host" => {
                        host = value
                            .trim()
                            .split(':')
                            .next()
                            .unwrap_or_default()
                            .to_owned();
                    }
                    "if-none-match" => value.trim().clone_into(&mut asked_etag),
                    _ => {}
                }
            }
        }
        let path = request.split_whitespace().nth(1).unwrap_or("/");
        let path = path.split(['?', '#']).next().unwrap_or("/");
        let site = sites.iter().find(|site| site.host == host);
        if site.is_some_and(|site| site.format == Format::Slow && path == site.feed_path()) {
            thread::sleep(SLOW);
        }
        let mut out = stream;
        if let Some((body, kind)) = site.and_then(|site| site.answer(path, start)) {
            let etag = format!("\"{}-{}\"", start.now.timestamp(), body.len());
            if etag == asked_etag {
                write!(
                    out,
                    "HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\nContent-Length: 0\r\n\r\n"
                )?;
            } else {
                write!(
                    out,
                    "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nETag: {etag}\r\nContent-Length: {}\r\n\r\n",
                    body.len(),
                )?;
                out.write_all(&body)?;
            }
        } else {
            let body = "<!doctype html><title>Not found</title><h1>Not found</h1>";
            write!(
                out,
                "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )?;
        }
        out.flush()?;
    }
}
