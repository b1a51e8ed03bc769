//! Good feeds beside hosts that misbehave in every way: they should not be later for it.

use crate::program::Home;
use crate::server::Server;
use crate::{bron, ms, ratio};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Hosts that misbehave.
const FAULTY: usize = 37;
/// Nothing that is waited for takes longer.
const PATIENCE: Duration = Duration::from_mins(2);

/// The good feeds alone, and among the faulty ones.
pub fn measure(server: &Server) -> Value {
    server.set(50, 1);
    let good = server.urls();
    let alone = until_all_are_there(&good, good.len());
    // Spread among the others, as they are in anybody's list.
    let mut mixed = good.clone();
    for (at, url) in server.faulty(FAULTY).into_iter().enumerate() {
        mixed.insert(at * good.len() / FAULTY, url);
    }
    let beside = until_all_are_there(&mixed, good.len());
    server.set(0, 1);
    json!({
        "measure": "faults", "faulty_hosts": FAULTY, "latency_ms": 50,
        "ms": beside.map(ms), "limit_ms": alone.map(ms),
        "ratio": beside.zip(alone).map(|(beside, alone)| ratio(beside, alone)),
    })
}

/// From the start of a refresh until so many feeds have entries.
fn until_all_are_there(urls: &[String], good: usize) -> Option<Duration> {
    let home = Home::new(urls);
    let begun = Instant::now();
    let mut child = Command::new(bron())
        .args(["refresh", "--quiet"])
        .env_clear()
        .envs(home.variables())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut took = None;
    while took.is_none() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
        let there = home.database().exists().then(|| {
            home.connection()
                .query_row("SELECT count(*) FROM feed WHERE entries > 0", [], |row| {
                    row.get::<_, i64>(0)
                })
        });
        took = there
            .is_some_and(|there| there.is_ok_and(|there| there >= good as i64))
            .then(|| begun.elapsed());
    }
    let _ = child.kill();
    let _ = child.wait();
    took
}
