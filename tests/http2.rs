//! HTTP/2, spoken with a real server behind real TLS: it takes nothing else.

mod support;

use bron::feed::FeedId;
use bron::feed::list::Listed;
use bron::news::Edit;
use bron::news::edit::ListedFeed;
use bron::poller::run::Watcher;
use bron::poller::{Asked, Poller, Progress, Settings, Visited};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use support::World;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// An authority of the tests' own, and what it vouches for: `a.example`.
const AUTHORITY: &[u8] = include_bytes!("tls/authority.pem");
const IDENTITY: &[u8] = include_bytes!("tls/a.example.pem");

/// Feeds of the one host.
const FEEDS: usize = 8;

/// What the server saw: for each connection the paths that were asked for over it.
type Seen = Arc<Mutex<HashMap<usize, Vec<String>>>>;

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(IDENTITY).map(|read| read.expect("a certificate"));
    let key = PrivateKeyDer::from_pem_slice(IDENTITY).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the versions of the library")
        .with_no_client_auth()
        .with_single_cert(chain.collect(), key)
        .expect("the key is that of the certificate");
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, number: usize, seen: Seen) {
    // Whoever speaks something else is not answered, and the test sees no entries.
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let path = request.uri().path().to_owned();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>{path}</title><item><guid>{path}</guid><title>{path}</title></item></channel></rss>"
        );
        let mut asked = seen.lock().expect("nobody panics with it");
        asked.entry(number).or_default().push(path);
        let head = http::Response::builder().header("content-type", "application/rss+xml");
        let head = head.body(()).expect("this is a head");
        if let Ok(mut body) = respond.send_response(head, false) {
            let _ = body.send_data(feed.into(), true);
        }
    }
}

struct Nobody;

impl Watcher for Nobody {
    fn visited(&self, _visited: &Visited) {}

    fn progress(&self, _progress: &Progress) {}
}

#[test]
fn where_the_server_can_http_2_is_spoken_and_all_feeds_of_a_host_come_over_few_connections() {
    let mut world = World::with_hosts(["a.example"]);
    let seen = Seen::default();
    let listener = world
        .runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port of loopback");
    world.https(
        "a.example",
        listener.local_addr().expect("it is bound"),
        &CertificateDer::from_pem_slice(AUTHORITY).expect("a certificate"),
    );
    world.runtime.spawn({
        let seen = seen.clone();
        async move {
            let acceptor = acceptor();
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acceptor.clone(), number, seen.clone()));
                number += 1;
            }
        }
    });
    let urls = (0..FEEDS).map(|n| format!("https://a.example/{n}"));
    let listed = |url: String| ListedFeed::plain(Listed::at(url.parse().expect("an address")));
    world
        .writer()
        .apply_now(Edit::SetFeeds(urls.map(listed).collect()))
        .expect("they are stored");
    let poller = Poller::new(
        world.client(),
        world.gate.clone(),
        world.writer().clone(),
        world.database(),
        Settings::default(),
        world.clock(),
    );
    world
        .runtime
        .block_on(poller.round(Asked::All, Arc::new(Nobody)));
    world.writer().flush(false);
    let feeds = world.reader().feeds().expect("the store answers");
    let well: Vec<(FeedId, u32)> = feeds
        .iter()
        .filter(|feed| feed.entries == 1)
        .map(|feed| (feed.id, feed.entries))
        .collect();
    assert_eq!(well.len(), FEEDS, "{feeds:?}");
    let asked = seen.lock().expect("nobody panics with it");
    assert_eq!(asked.values().map(Vec::len).sum::<usize>(), FEEDS);
    // Two are begun at once, before anybody knows what the server speaks.
    assert!(asked.len() <= 2, "{asked:?}");
}
