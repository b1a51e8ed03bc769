//! What cannot be beaten: the same bytes fetched and nothing else, inflated, read by feed-rs alone, put in by SQLite alone,
//! one after the other. And the start of a shell.

use crate::ms;
use crate::server::{self, Server};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;

/// Requests in flight, as many as the program has.
const AT_ONCE: usize = 64;

pub struct Limit {
    pub fetch: Duration,
    pub inflate: Duration,
    pub parse: Duration,
    /// With an index of the titles, and of everything.
    pub insert_titles: Duration,
    pub insert_all: Duration,
    pub shell: Duration,
}

impl Limit {
    pub fn line(&self, run: usize) -> Value {
        json!({
            "measure": "limit", "run": run, "fetch_ms": ms(self.fetch), "inflate_ms": ms(self.inflate),
            "parse_ms": ms(self.parse), "insert_titles_ms": ms(self.insert_titles),
            "insert_all_ms": ms(self.insert_all), "shell_ms": ms(self.shell),
        })
    }
}

/// Measures all of them.
pub fn measure(server: &Server, feeds: usize) -> Limit {
    server.set(0, 1);
    let mut limit = Limit {
        fetch: fetch(server, 0, false),
        inflate: Duration::ZERO,
        parse: Duration::ZERO,
        insert_titles: Duration::ZERO,
        insert_all: Duration::ZERO,
        shell: crate::screen::shell(),
    };
    // In portions, so that the memory for it stays small.
    let folder = tempfile::tempdir().expect("a directory");
    let mut stores = [
        Store::open(&folder.path().join("titles.db"), "title"),
        Store::open(&folder.path().join("all.db"), "title, text"),
    ];
    let numbers: Vec<usize> = (0..=feeds).collect();
    for portion in numbers.chunks(50) {
        let packed: Vec<Vec<u8>> = portion
            .iter()
            .map(|feed| server::packed(&server::text(*feed, feeds, 1)))
            .collect();
        let begun = Instant::now();
        let texts: Vec<Vec<u8>> = packed.iter().map(|packed| inflated(packed)).collect();
        limit.inflate += begun.elapsed();
        let begun = Instant::now();
        let parsed: Vec<feed_rs::model::Feed> = texts
            .iter()
            .map(|text| feed_rs::parser::parse(text.as_slice()).expect("it is a feed"))
            .collect();
        limit.parse += begun.elapsed();
        let rows: Vec<Row> = parsed
            .into_iter()
            .zip(portion)
            .flat_map(|(parsed, feed)| rows(parsed, *feed))
            .collect();
        for (store, took) in stores
            .iter_mut()
            .zip([&mut limit.insert_titles, &mut limit.insert_all])
        {
            let begun = Instant::now();
            store.insert(&rows);
            *took += begun.elapsed();
        }
    }
    limit
}

fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(packed.len() * 6);
    flate2::read::GzDecoder::new(packed)
        .read_to_end(&mut text)
        .expect("it was packed here");
    text
}

struct Row {
    feed: usize,
    guid: String,
    title: String,
    link: String,
    date: i64,
    html: String,
    text: String,
}

fn rows(parsed: feed_rs::model::Feed, feed: usize) -> impl Iterator<Item = Row> {
    parsed.entries.into_iter().map(move |entry| {
        let html = entry
            .content
            .and_then(|content| content.body)
            .unwrap_or_default();
        let mut inside = false;
        let text = html
            .chars()
            .filter(|c| {
                let was = inside;
                inside = (inside || *c == '<') && *c != '>';
                !inside && !was
            })
            .collect();
        Row {
            feed,
            guid: entry.id,
            title: entry.title.map(|title| title.content).unwrap_or_default(),
            link: entry
                .links
                .first()
                .map(|link| link.href.clone())
                .unwrap_or_default(),
            date: entry.published.map_or(0, |date| date.timestamp()),
            html,
            text,
        }
    })
}

/// As plain a store as can be.
struct Store {
    conn: Connection,
    columns: &'static str,
}

impl Store {
    fn open(path: &std::path::Path, columns: &'static str) -> Store {
        let conn = Connection::open(path).expect("a database");
        conn.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;
             CREATE TABLE entry (id INTEGER PRIMARY KEY, feed INTEGER NOT NULL, guid TEXT NOT NULL, title TEXT, link TEXT,
                                 date INTEGER, unread INTEGER NOT NULL DEFAULT 1, UNIQUE (feed, guid));
             CREATE TABLE body (id INTEGER PRIMARY KEY, html TEXT);
             CREATE INDEX by_date ON entry (date DESC);
             CREATE VIRTUAL TABLE fts USING fts5 ({columns}, content = '', tokenize = 'unicode61');"
        ))
        .expect("a schema");
        Store { conn, columns }
    }

    fn insert(&mut self, rows: &[Row]) {
        let whole = self.columns.contains("text");
        let tx = self.conn.transaction().expect("a transaction");
        {
            let mut entry = tx
                .prepare_cached(
                    "INSERT INTO entry (feed, guid, title, link, date) VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .expect("it is SQL");
            let mut body = tx
                .prepare_cached("INSERT INTO body VALUES (?1, ?2)")
                .expect("it is SQL");
            let mut index = tx
                .prepare_cached(if whole {
                    "INSERT INTO fts (rowid, title, text) VALUES (?1, ?2, ?3)"
                } else {
                    "INSERT INTO fts (rowid, title) VALUES (?1, ?2)"
                })
                .expect("it is SQL");
            for row in rows {
                entry
                    .execute((row.feed as i64, &row.guid, &row.title, &row.link, row.date))
                    .expect("a row");
                let id = tx.last_insert_rowid();
                body.execute((id, &row.html)).expect("a row");
                if whole {
                    index.execute((id, &row.title, &row.text)).expect("a row");
                } else {
                    index.execute((id, &row.title)).expect("a row");
                }
            }
        }
        tx.commit().expect("it is written");
    }
}

/// All feeds fetched and thrown away, one request a connection; `known`: asked with their tags.
pub fn fetch(server: &Server, latency_ms: u64, known: bool) -> Duration {
    server.set(latency_ms, 1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let begun = Instant::now();
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for feed in 0..server.urls().len() {
            let (address, path) = (server.address(feed), server::path(feed));
            let places = Arc::clone(&places);
            tasks.spawn(async move {
                let _place = places.acquire_owned().await;
                let mut stream = tokio::net::TcpStream::connect(address).await?;
                let tag = if known {
                    "If-None-Match: \"1\"\r\n"
                } else {
                    ""
                };
                let ask = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{tag}\r\n");
                stream.write_all(ask.as_bytes()).await?;
                read_answer(&mut stream).await
            });
        }
        while let Some(fetched) = tasks.join_next().await {
            fetched
                .expect("no task panics")
                .expect("the server answers");
        }
    });
    begun.elapsed()
}

async fn read_answer(stream: &mut tokio::net::TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut left: Option<usize> = None;
    let mut piece = vec![0; 64 << 10];
    loop {
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Ok(());
        }
        if let Some(left) = &mut left {
            *left -= count.min(*left);
        } else {
            head.extend_from_slice(&piece[..count]);
            let Some(end) = head.windows(4).position(|end| end == b"\r\n\r\n") else {
                continue;
            };
            let text = String::from_utf8_lossy(&head[..end]);
            let length = text
                .split("Content-Length: ")
                .nth(1)
                .and_then(|rest| rest.lines().next()?.parse::<usize>().ok())
                .unwrap_or(0);
            left = Some(length - (head.len() - end - 4).min(length));
        }
        if left == Some(0) {
            return Ok(());
        }
    }
}
