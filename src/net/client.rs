//! One client: limits, timeouts, redirects, who we are.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

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
    /// Never ask anybody: every request is refused with [`NetError::Offline`].
    pub offline: bool,
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
    pub headers: Vec<(String, String)>,
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
    pub retry_after: Option<String>,
    pub body: Vec<u8>,
    /// The body was cut at the limit.
    pub cut: bool,
    /// From the first byte sent to the last read.
    pub took: Duration,
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
    #[error("the host {0} is not known")]
    UnknownHost(String),
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
    #[error("the answer broke off or is garbled: {0}")]
    Garbled(String),
    #[error("{0}")]
    Other(String),
}

/// The client; cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {}

impl Client {
    /// Builds it; takes some milliseconds, so there is one for all.
    pub fn new(_settings: &ClientSettings) -> Result<Client, NetError> {
        todo!()
    }

    /// Asks, follows redirects, reads the body within its limit.
    pub async fn get(&self, _ask: Ask) -> Result<Answer, NetError> {
        todo!()
    }
}
