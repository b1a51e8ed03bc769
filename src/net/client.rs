//! One client: limits, timeouts, redirects, who we are.

use super::decode::{self, Body, More};
use super::guard::{Guard, NoNames, PrivateName, Resolver, UnknownName, proxy_hosts};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;
use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};
use url::{Host, Url};

/// What the client is built with; handed in by the config.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// As `bron/0.1.0 (+https://…)`.
    pub user_agent: String,
    pub connect: Duration,
    /// Silence: the head, and each pause of the body.
    pub silence: Duration,
    /// The whole visit.
    pub whole: Duration,
    pub redirects: usize,
    /// `None`: from the environment.
    pub proxy: Option<String>,
    /// Private addresses are allowed (tests, intranets).
    pub allow_private: bool,
    /// Hosts resolved without asking anybody: the demo's `.example` hosts, tests.
    pub hosts: Arc<HashMap<String, SocketAddr>>,
    /// Certificates of authorities (DER) that are trusted besides the system's: the tests' own.
    pub authorities: Arc<Vec<Vec<u8>>>,
    /// Never ask anybody: every request is refused with [`NetError::Offline`].
    pub offline: bool,
}

impl Default for ClientSettings {
    fn default() -> Self {
        ClientSettings {
            user_agent: concat!(
                "bron/",
                env!("CARGO_PKG_VERSION"),
                " (terminal feed reader)"
            )
            .into(),
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(8),
            whole: Duration::from_secs(30),
            redirects: 5,
            proxy: None,
            allow_private: false,
            hosts: Arc::default(),
            authorities: Arc::default(),
            offline: false,
        }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub url: Url,
    pub accept: &'static str,
    pub etag: Option<Vec<u8>>,
    pub last_modified: Option<Vec<u8>>,
    /// Decoded bytes after which the answer is given up, or cut where `cut` says so.
    pub limit: usize,
    /// An answer over the limit is cut instead of refused.
    pub cut: bool,
    /// This host may be private: the reader subscribed to it there.
    pub private_host: Option<String>,
    /// Sent to the first host only, never after a redirect to another.
    pub headers: Vec<(String, String)>,
    /// In place of the client's own name.
    pub user_agent: Option<String>,
    /// In place of the client's time for the whole visit.
    pub timeout: Option<Duration>,
    /// In place of the client's proxy; `direct`: none.
    pub proxy: Option<String>,
    /// Nobody asked for this address by hand (a card): only the ports of the web, and never from https down to http.
    pub unasked: bool,
    /// What becomes of the connection.
    pub afterwards: Afterwards,
}

/// What becomes of a connection when its answer is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Afterwards {
    /// It is kept for a while: more will be asked of this host.
    #[default]
    Keep,
    /// It ends: this was all for now. A round of visits to thousands of hosts would else hold as many connections.
    Close,
}

impl Ask {
    /// A plain request: no validators, nothing excepted.
    #[must_use]
    pub fn new(url: Url, accept: &'static str, limit: usize) -> Ask {
        Ask {
            url,
            accept,
            etag: None,
            last_modified: None,
            limit,
            cut: false,
            private_host: None,
            headers: Vec::new(),
            user_agent: None,
            timeout: None,
            proxy: None,
            unasked: false,
            afterwards: Afterwards::Keep,
        }
    }
}

/// An answer of any status.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Where it came from, after redirects.
    pub url: Url,
    /// Every hop: status and where to.
    pub hops: Vec<(u16, Url)>,
    pub etag: Option<Vec<u8>>,
    pub last_modified: Option<Vec<u8>>,
    pub content_type: Option<String>,
    /// Cache-Control, Expires, Date, Age, Retry-After as they came.
    pub cache_control: Option<String>,
    pub expires: Option<String>,
    pub date: Option<String>,
    pub age: Option<String>,
    pub retry_after: Option<String>,
    /// Content-Length, where the answer says one: of what is sent, not of what it becomes.
    pub length: Option<u64>,
    pub body: Vec<u8>,
    /// Bytes of the body as they came over the wire.
    pub wire: u64,
    /// The body was cut at the limit.
    pub cut: bool,
    /// From the first byte sent to the last read.
    pub took: Duration,
}

impl Answer {
    /// An empty 200.
    #[cfg(test)]
    pub(crate) fn for_test(url: &str) -> Answer {
        Answer {
            status: 200,
            url: Url::parse(url).expect("a test's own address"),
            hops: Vec::new(),
            etag: None,
            last_modified: None,
            content_type: None,
            cache_control: None,
            expires: None,
            date: None,
            age: None,
            retry_after: None,
            length: None,
            body: Vec::new(),
            wire: 0,
            cut: false,
            took: Duration::ZERO,
        }
    }
}

/// Why there is no answer. The words are for the reader.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    #[error("bron is offline")]
    Offline,
    #[error("the address leads to a private network ({0})")]
    Private(String),
    #[error("the server did not answer in time")]
    Timeout,
    #[error("the answer came too slowly and was given up")]
    Slow,
    #[error("the network is away")]
    Away,
    #[error("no way leads to the server")]
    NoWay,
    #[error("the host {0} is not known")]
    UnknownHost(String),
    #[error("port {0} is not one of the web")]
    Port(u16),
    #[error("the server could not be reached: {0}")]
    Connect(String),
    #[error("the certificate is not accepted: {0}")]
    Certificate(String),
    #[error("more than {0} redirects")]
    Redirects(usize),
    #[error("the redirect leads to {0}, which is not followed")]
    RedirectTo(String),
    #[error("the answer is larger than {0} MiB")]
    TooLarge(usize),
    #[error("the answer unpacks to more than two hundred times its size")]
    Bomb,
    #[error("the answer broke off or is garbled: {0}")]
    Garbled(String),
    #[error("{0}")]
    Other(String),
}

/// What an error says of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Somebody was reached.
    Here,
    /// Nobody was asked: it says nothing.
    NotAsked,
    /// The server is away, or the network is: whoever else answers tells.
    Perhaps,
    /// There is no network.
    Away,
}

impl NetError {
    /// Whether the network may be to blame, and not the server.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match self {
            NetError::Offline | NetError::Away => Reach::Away,
            NetError::NoWay | NetError::UnknownHost(_) | NetError::Timeout => Reach::Perhaps,
            NetError::Private(_) | NetError::Port(_) | NetError::Other(_) => Reach::NotAsked,
            _ => Reach::Here,
        }
    }

    pub(super) fn too_large(limit: usize) -> NetError {
        NetError::TooLarge(limit.div_ceil(1 << 20))
    }
}

/// The client; cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

/// What a client of its own is made for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Kind {
    /// Names may lead to private addresses.
    open: bool,
    proxy: Option<String>,
    timeout: Option<Duration>,
    afterwards: Afterwards,
}

/// More than these are made anew each time: nobody has so many proxies.
const MOST_CLIENTS: usize = 32;

#[derive(Debug)]
struct Inner {
    settings: ClientSettings,
    guard: Guard,
    /// One for each kind, made when first needed: that takes some milliseconds.
    clients: Mutex<HashMap<Kind, reqwest::Client>>,
}

impl Client {
    /// Builds it; takes some milliseconds, so there is one for all.
    pub fn new(settings: &ClientSettings) -> Result<Client, NetError> {
        install_crypto();
        let guard = Guard {
            allow_private: settings.allow_private,
            hosts: settings.hosts.clone(),
            proxies: Arc::new(proxy_hosts(settings.proxy.as_deref())),
        };
        Ok(Client {
            inner: Arc::new(Inner {
                settings: settings.clone(),
                guard,
                clients: Mutex::default(),
            }),
        })
    }

    /// Whether every request is refused.
    #[must_use]
    pub fn offline(&self) -> bool {
        self.inner.settings.offline
    }

    /// Asks, follows redirects, reads the body within its limit.
    pub async fn get(&self, ask: Ask) -> Result<Answer, NetError> {
        self.begin(ask).await?.read().await
    }

    /// Asks and follows redirects; the body is left for whoever must make room for it first.
    pub async fn begin(&self, ask: Ask) -> Result<Coming, NetError> {
        if self.offline() {
            return Err(NetError::Offline);
        }
        let whole = ask.timeout.unwrap_or(self.inner.settings.whole);
        match tokio::time::timeout(whole, self.follow(ask)).await {
            Ok(answered) => answered,
            Err(_) => Err(NetError::Slow),
        }
    }

    /// Redirects are followed here and not by the library: each hop is checked, noted, and keeps what may be kept.
    async fn follow(&self, ask: Ask) -> Result<Coming, NetError> {
        let begun = Instant::now();
        let mut hops = Vec::new();
        let mut url = ask.url.clone();
        loop {
            self.inner.guard.check(&url, ask.private_host.as_deref())?;
            super::guard::check_port(&url, ask.unasked)?;
            let headers = headers(&ask, same_origin(&url, &ask.url));
            let request = self.to(&url, &ask)?.get(url.clone()).headers(headers);
            let response = request.send().await.map_err(|error| words(&error))?;
            let status = response.status().as_u16();
            let Some(next) = location(&response, &url) else {
                let whole = ask.timeout.unwrap_or(self.inner.settings.whole);
                return Ok(Coming {
                    response,
                    hops,
                    ask,
                    took: begun.elapsed(),
                    whole,
                });
            };
            let next = next?;
            super::guard::check_hop(&url, &next, ask.unasked)?;
            if hops.len() == self.inner.settings.redirects {
                return Err(NetError::Redirects(self.inner.settings.redirects));
            }
            hops.push((status, next.clone()));
            url = next;
        }
    }

    /// The client whose resolver, proxy and times fit: a literal address was checked already, an excepted name must resolve.
    fn to(&self, url: &Url, ask: &Ask) -> Result<reqwest::Client, NetError> {
        let settings = &self.inner.settings;
        let excepted = matches!(url.host(), Some(Host::Domain(name)) if ask.private_host.as_deref() == Some(name));
        let kind = Kind {
            open: excepted && !settings.allow_private,
            proxy: ask.proxy.clone(),
            timeout: ask.timeout,
            afterwards: ask.afterwards,
        };
        let mut clients = self
            .inner
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&kind) {
            return Ok(client.clone());
        }
        let mut guard = self.inner.guard.clone();
        let mut own = settings.clone();
        if let Some(proxy) = &kind.proxy {
            own.proxy = Some(proxy.clone());
            guard.proxies = Arc::new(proxy_hosts(Some(proxy)));
        }
        if let Some(timeout) = kind.timeout {
            // Who gives a server more time means its silence too.
            own.silence = own.silence.max(timeout);
        }
        let open = kind.open;
        let client = build(&own, Resolver { guard, open }, kind.afterwards)?;
        if clients.len() < MOST_CLIENTS {
            clients.insert(kind, client.clone());
        }
        Ok(client)
    }
}

/// The proxy that is none.
const DIRECT: &str = "direct";

/// Bytes taken for the body of an answer that does not say how long it is.
const UNSAID: u64 = 256 << 10;
/// What packed text is expected to become.
const UNPACKED: u64 = 6;

/// An answer whose head is there, and whose body waits to be read.
#[derive(Debug)]
pub struct Coming {
    response: reqwest::Response,
    hops: Vec<(u16, Url)>,
    ask: Ask,
    /// So far.
    took: Duration,
    whole: Duration,
}

impl Coming {
    /// The bytes that the body is likely to be; 0 for an answer that brings nothing to read.
    #[must_use]
    pub fn weight(&self) -> usize {
        if !self.response.status().is_success() {
            return 0;
        }
        let said = |name: HeaderName| self.response.headers().get(name);
        let length = said(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.trim().parse::<u64>().ok());
        let packed = said(header::CONTENT_ENCODING).is_some();
        let weight = length.map_or(UNSAID, |length| {
            length.saturating_mul(if packed { UNPACKED } else { 1 })
        });
        usize::try_from(weight).map_or(self.ask.limit, |weight| weight.min(self.ask.limit))
    }

    /// Reads the body within its limit, and within what is left of the time for the whole.
    pub async fn read(self) -> Result<Answer, NetError> {
        let begun = Instant::now();
        let left = self.whole.saturating_sub(self.took);
        let mut answer = head(&self.response, self.hops);
        let reading = read(self.response, &self.ask, answer.length);
        let body = tokio::time::timeout(left, reading)
            .await
            .unwrap_or(Err(NetError::Slow));
        match body {
            Ok(body) => (answer.body, answer.wire, answer.cut) = body,
            // The head has said it all: when to come again must not be lost with an error page.
            Err(_) if !(200..300).contains(&answer.status) => {}
            Err(error) => return Err(error),
        }
        answer.took = self.took + begun.elapsed();
        Ok(answer)
    }
}

/// TLS by ring; the first to come installs it for the process.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Refused only where somebody has installed one already, and then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

fn build(
    settings: &ClientSettings,
    resolver: Resolver,
    afterwards: Afterwards,
) -> Result<reqwest::Client, NetError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(&settings.user_agent)
        .redirect(redirect::Policy::none())
        .referer(false)
        // Codings are undone by `decode`, which counts both sides.
        .connect_timeout(settings.connect)
        .read_timeout(settings.silence)
        .http1_max_headers(400)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http2_max_header_list_size(64 << 10)
        // Two at once to a host is all that the gate lets through.
        .pool_max_idle_per_host(match afterwards {
            Afterwards::Keep => 2,
            Afterwards::Close => 0,
        })
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(Arc::new(resolver));
    if settings.proxy.as_deref() == Some(DIRECT) {
        builder = builder.no_proxy();
    } else if let Some(proxy) = &settings.proxy {
        let proxy = reqwest::Proxy::all(proxy).map_err(|error| {
            NetError::Other(format!("the proxy is not usable: {}", deepest(&error)))
        })?;
        builder = builder.proxy(proxy);
    }
    if !settings.authorities.is_empty() {
        let authorities = settings.authorities.iter();
        let read = authorities.map(|authority| reqwest::Certificate::from_der(authority));
        let read = read.collect::<Result<Vec<_>, _>>().map_err(|error| {
            NetError::Other(format!("a certificate is not one: {}", deepest(&error)))
        })?;
        builder = builder.tls_certs_merge(read);
    }
    builder.build().map_err(|error| {
        NetError::Other(format!("no HTTP client could be made: {}", deepest(&error)))
    })
}

fn headers(ask: &Ask, same_origin: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static(ask.accept));
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static(decode::ACCEPT),
    );
    // Validators go back byte for byte (RFC 9110, 8.8): quotes, `W/` and Latin-1 included.
    let validators = [
        (header::IF_NONE_MATCH, &ask.etag),
        (header::IF_MODIFIED_SINCE, &ask.last_modified),
    ];
    for (name, value) in validators {
        if let Some(value) = value
            .as_ref()
            .and_then(|bytes| HeaderValue::from_bytes(bytes).ok())
        {
            headers.insert(name, value);
        }
    }
    if let Some(agent) = ask
        .user_agent
        .as_ref()
        .and_then(|agent| HeaderValue::from_str(agent).ok())
    {
        headers.insert(header::USER_AGENT, agent);
    }
    if same_origin {
        for (name, value) in &ask.headers {
            if let (Ok(name), Ok(value)) = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::from_bytes(value.as_bytes()),
            ) {
                let mut value = value;
                // Never printed, whoever prints the request.
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
    }
    headers
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.host() == b.host()
        && a.port_or_known_default() == b.port_or_known_default()
        && a.scheme() == b.scheme()
}

/// Where a redirect leads, if the answer is one. An address that cannot be followed is an error with a reason.
fn location(response: &reqwest::Response, from: &Url) -> Option<Result<Url, NetError>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let said = response.headers().get(header::LOCATION)?;
    // Some servers send raw UTF-8; what is neither that nor ASCII is read as Latin-1.
    let said = match std::str::from_utf8(said.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => said
            .as_bytes()
            .iter()
            .map(|byte| char::from(*byte))
            .collect(),
    };
    let Ok(mut to) = from.join(said.trim()) else {
        return Some(Err(NetError::RedirectTo("no readable address".into())));
    };
    if !matches!(to.scheme(), "http" | "https") {
        return Some(Err(NetError::RedirectTo(format!(
            "an address of {}:",
            to.scheme()
        ))));
    }
    // Nobody but the reader gives a user name and password: the reader's own stay with the server they are for.
    let own = same_origin(from, &to);
    let (name, password) = if own {
        (from.username(), from.password())
    } else {
        ("", None)
    };
    if to.set_username(name).is_err() || to.set_password(password).is_err() {
        return Some(Err(NetError::RedirectTo("no readable address".into())));
    }
    if to.fragment().is_none() {
        to.set_fragment(from.fragment());
    }
    Some(Ok(to))
}

/// What the head of an answer says.
fn head(response: &reqwest::Response, hops: Vec<(u16, Url)>) -> Answer {
    let raw = |name: HeaderName| {
        response
            .headers()
            .get(name)
            .map(|value| value.as_bytes().to_vec())
    };
    let text =
        |name: HeaderName| raw(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let length = text(header::CONTENT_LENGTH).and_then(|text| text.trim().parse().ok());
    Answer {
        status: response.status().as_u16(),
        url: response.url().clone(),
        hops,
        etag: raw(header::ETAG),
        last_modified: raw(header::LAST_MODIFIED),
        content_type: text(header::CONTENT_TYPE),
        cache_control: text(header::CACHE_CONTROL),
        expires: text(header::EXPIRES),
        date: text(header::DATE),
        age: text(header::AGE),
        retry_after: text(header::RETRY_AFTER),
        length,
        body: Vec::new(),
        wire: 0,
        cut: false,
        took: Duration::ZERO,
    }
}

/// The body within its limit, the bytes it took on the wire, and whether it was cut.
async fn read(
    mut response: reqwest::Response,
    ask: &Ask,
    length: Option<u64>,
) -> Result<(Vec<u8>, u64, bool), NetError> {
    let coding = response
        .headers()
        .get(header::CONTENT_ENCODING)
        .map(|coding| String::from_utf8_lossy(coding.as_bytes()).into_owned());
    if !ask.cut && length.is_some_and(|length| length > ask.limit as u64) {
        return Err(NetError::too_large(ask.limit));
    }
    let mut body = Body::new(coding.as_deref(), ask.limit, ask.cut);
    let mut more = More::Yes;
    while more == More::Yes {
        let Some(chunk) = response.chunk().await.map_err(|error| words(&error))? else {
            break;
        };
        more = body.take(&chunk)?;
    }
    body.finish(more)
}

/// The library says "error sending request"; what happened stands further down the chain.
fn words(error: &reqwest::Error) -> NetError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(PrivateName(host)) = inner.downcast_ref() {
            return NetError::Private(host.clone());
        }
        if inner.downcast_ref::<NoNames>().is_some() {
            return NetError::Away;
        }
        if let Some(UnknownName(host)) = inner.downcast_ref() {
            return NetError::UnknownHost(host.clone());
        }
        if let Some(tls) = tls_error(inner) {
            return match tls {
                rustls::Error::InvalidCertificate(why) => NetError::Certificate(certificate(why)),
                other => NetError::Certificate(format!("no secure connection: {other}")),
            };
        }
        cause = inner.source();
    }
    // Asked first: a time-out while connecting is both.
    if error.is_timeout() {
        return NetError::Timeout;
    }
    if let Some(kind) = deepest_kind(error) {
        match kind {
            std::io::ErrorKind::NetworkUnreachable | std::io::ErrorKind::NetworkDown => {
                return NetError::Away;
            }
            std::io::ErrorKind::HostUnreachable => return NetError::NoWay,
            _ => {}
        }
    }
    let deepest = deepest(error);
    if error.is_connect() {
        return NetError::Connect(deepest);
    }
    if error.is_decode() || error.is_body() || error.is_request() {
        return NetError::Garbled(deepest);
    }
    NetError::Other(deepest)
}

/// Errors of TLS travel inside errors of input and output, one or two deep, which do not name them as their source.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?)
}

fn certificate(why: &rustls::CertificateError) -> String {
    use rustls::CertificateError as Why;
    match why {
        Why::Expired | Why::ExpiredContext { .. } => "it has expired".into(),
        Why::NotValidYet | Why::NotValidYetContext { .. } => {
            "it is not valid yet; is the clock right?".into()
        }
        Why::NotValidForName | Why::NotValidForNameContext { .. } => {
            "it is for another host".into()
        }
        Why::UnknownIssuer => "nobody known has signed it".into(),
        Why::Revoked => "it was revoked".into(),
        other => other.to_string(),
    }
}

/// What kind of trouble the innermost error is, if it is one of input and output.
fn deepest_kind(error: &(dyn Error + 'static)) -> Option<std::io::ErrorKind> {
    let mut deepest = error;
    while let Some(inner) = deepest.source() {
        deepest = inner;
    }
    deepest
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind)
}

/// The words of the innermost error; they never hold the address, which may hold a password.
fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(inner) = deepest.source() {
        deepest = inner;
    }
    match deepest
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind)
    {
        Some(std::io::ErrorKind::ConnectionRefused) => "nobody listens there".into(),
        Some(std::io::ErrorKind::ConnectionReset) => "the connection was reset".into(),
        Some(std::io::ErrorKind::UnexpectedEof) => "it broke off".into(),
        _ => deepest.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    /// Takes one connection as a SOCKS 5 proxy (RFC 1928) does, answers the request behind it by itself, and tells the kind
    /// and the bytes of the address that it was to lead to, with the port, and the request.
    fn proxy_once(listener: &TcpListener) -> std::io::Result<(u8, Vec<u8>, String)> {
        let (mut stream, _) = listener.accept()?;
        let take = |stream: &mut TcpStream, count: usize| {
            let mut bytes = vec![0; count];
            stream.read_exact(&mut bytes).map(|()| bytes)
        };
        let greeting = take(&mut stream, 2)?;
        take(&mut stream, usize::from(greeting[1]))?;
        // No password is asked for.
        stream.write_all(&[5, 0])?;
        let kind = take(&mut stream, 4)?[3];
        let length = match kind {
            1 => 4,
            3 => usize::from(take(&mut stream, 1)?[0]),
            _ => 16,
        };
        let address = take(&mut stream, length + 2)?;
        stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80])?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(take(&mut stream, 1)?);
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<rss>")?;
        Ok((kind, address, String::from_utf8_lossy(&head).into_owned()))
    }

    #[tokio::test]
    async fn a_socks_proxy_is_led_through_and_with_an_h_it_finds_the_name_itself() {
        for (scheme, kind, expected) in [
            ("socks5", 1, &[127, 9, 9, 9, 0, 80][..]),
            ("socks5h", 3, b"feeds.example\0\x50"),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
            let proxy = listener.local_addr().expect("it is bound");
            let asked = std::thread::spawn(move || proxy_once(&listener));
            let host = SocketAddr::from(([127, 9, 9, 9], 80));
            let client = Client::new(&ClientSettings {
                proxy: Some(format!("{scheme}://{proxy}")),
                allow_private: true,
                hosts: Arc::new(HashMap::from([("feeds.example".to_owned(), host)])),
                ..ClientSettings::default()
            })
            .expect("these are settings");
            let url = Url::parse("http://feeds.example/feed").expect("an address");
            let answer = client.get(Ask::new(url, "*/*", 1000)).await;
            assert_eq!(
                answer.map(|answer| answer.body),
                Ok(b"<rss>".to_vec()),
                "{scheme}"
            );
            let (came, address, head) = asked
                .join()
                .expect("the proxy does not panic")
                .expect("the client speaks as the standard says");
            assert_eq!((came, address.as_slice()), (kind, expected), "{scheme}");
            assert!(
                head.starts_with("GET /feed HTTP/1.1\r\n"),
                "{scheme}: {head}"
            );
        }
    }
}
