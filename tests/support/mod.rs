//! What the tests of the network share.

#![allow(dead_code)] // each test program uses a part of it

pub mod pty;
pub mod server;

use bron::net::{Client, ClientSettings, Gate};
use bron::store::{self, Reader, Writer};
use chrono::{DateTime, TimeDelta, Utc};
use server::Server;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server, a store, and a clock that only the test moves.
pub struct World {
    pub server: Server,
    pub runtime: tokio::runtime::Runtime,
    pub gate: Gate,
    pub now: Arc<Mutex<DateTime<Utc>>>,
    folder: tempfile::TempDir,
    writer: Option<Writer>,
    hosts: HashMap<String, SocketAddr>,
    /// No network: no way leads anywhere.
    pub away: bool,
    /// Started with `--offline`.
    pub offline: bool,
    /// Certificates that are trusted besides the system's.
    authorities: Vec<Vec<u8>>,
}

/// Nobody can be connected to there: the system says that the network cannot be reached.
const NOWHERE: ([u8; 4], u16) = ([255, 255, 255, 255], 9);

impl World {
    /// The hosts are served by the server; `refused.example` is a port where nobody listens.
    pub fn with_hosts<'a>(hosts: impl IntoIterator<Item = &'a str>) -> World {
        let server = Server::start();
        let mut hosts: HashMap<String, SocketAddr> = hosts
            .into_iter()
            .map(|host| (host.to_owned(), server.address))
            .collect();
        let closed = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port of loopback");
        hosts.insert("refused.example".into(), closed);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let writer = open(&folder);
        World {
            server,
            runtime: bron::net::runtime().expect("a runtime"),
            gate: Gate::new(64, 2),
            now: Arc::new(Mutex::new(Utc::now())),
            folder,
            writer: Some(writer),
            hosts,
            away: false,
            offline: false,
            authorities: Vec::new(),
        }
    }

    /// A host that another server serves, behind TLS, with a certificate of this authority.
    pub fn https(&mut self, host: &str, at: SocketAddr, authority: &[u8]) {
        self.hosts.insert(host.to_owned(), at);
        self.authorities.push(authority.to_vec());
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("bron.db")
    }

    pub fn writer(&self) -> &Writer {
        self.writer
            .as_ref()
            .expect("it is only away while it restarts")
    }

    pub fn reader(&self) -> Reader {
        Reader::open(&self.database()).expect("the database")
    }

    /// As after leaving and starting again.
    pub fn restart(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.close();
        }
        self.writer = Some(open(&self.folder));
    }

    pub fn clock(&self) -> Arc<dyn Fn() -> DateTime<Utc> + Send + Sync> {
        let now = self.now.clone();
        Arc::new(move || *now.lock().expect("nobody panics with it"))
    }

    pub fn wait(&self, wait: TimeDelta) {
        *self.now.lock().expect("nobody panics with it") += wait;
    }

    pub fn client(&self) -> Client {
        let _inside = self.runtime.enter();
        let mut hosts = self.hosts.clone();
        if self.away {
            for address in hosts.values_mut() {
                *address = NOWHERE.into();
            }
        }
        let settings = ClientSettings {
            offline: self.offline,
            user_agent: "bron/test (+https://bron.example)".into(),
            connect: Duration::from_secs(2),
            silence: Duration::from_secs(2),
            whole: Duration::from_secs(4),
            hosts: Arc::new(hosts),
            authorities: Arc::new(self.authorities.clone()),
            ..ClientSettings::default()
        };
        Client::new(&settings).expect("a client")
    }
}

fn open(folder: &tempfile::TempDir) -> Writer {
    store::open(
        &folder.path().join("bron.db"),
        store::Settings::default(),
        Box::new(|_| {}),
    )
    .expect("a store")
}
