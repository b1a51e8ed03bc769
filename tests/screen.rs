//! What stands on the screen is what a full redraw would put there: no torn cell, no stale one.

mod support;

use std::fs;
use std::path::Path;
use support::pty::{Term, bron};
use support::server::{Server, answer};

/// Texts that take their columns in every way: wide letters, marks, right-to-left words, emoji, code, tables, long words.
const TEXTS: [&str; 6] = [
    "<p>日本語の組版をターミナルで考える。行頭に句点や読点が来てはいけない。</p><pre><code class=language-rust>fn main() { println!(\"{}\", 1 + 2); }</code></pre>",
    "<p>كابل بحري جديد يربط الإسكندرية بمرسيليا 2026 and a word of Latin, <a href='http://a.example/1'>a link</a>.</p>",
    "<h2>Emoji 👧 and e\u{301} marks</h2><ul><li>one ⛵<li>two ✨<li>three</ul>",
    "<table><tr><th>Name<th>Value<tr><td>first<td>1<tr><td>second, with more words than fit<td>22</table>",
    "<p>Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, https://example.org/a/very/long/address/that/does/not/end?with=parameters&and=more</p>",
    "<blockquote><p>Not every dollar carries the same risk.</p></blockquote><p>Plain words follow, and they go on for a while.</p>",
];

/// A store with three feeds of those texts, and a config under which nothing happens by itself.
fn fill(home: &Path) {
    let server = Server::start();
    let host = server.address.to_string();
    let mut config = String::from(
        "cards = \"never\"\nimages = false\nstart = \"all\"\ntheme = \"ink\"\nrefresh_on_start = false\nrefresh_every = \"never\"\n",
    );
    for (feed, name) in ["Feed of words", "組版ノート", "مصدر"].iter().enumerate() {
        let items: String = (0..60)
            .map(|n| {
                let title = [
                    "A title",
                    "日本語の組版をターミナルで考える",
                    "كابل بحري جديد",
                    "One 👧 two",
                ][n % 4];
                let text = TEXTS[n % TEXTS.len()].repeat(1 + n % 7);
                format!(
                    "<item><guid>f{feed}n{n}</guid><title>{title} {n}</title><link>http://{host}/f{feed}/n{n}</link><description><![CDATA[{text}]]></description></item>"
                )
            })
            .collect();
        let text = format!(
            "<rss version=\"2.0\"><channel><title>{name}</title><link>http://{host}/f{feed}</link>{items}</channel></rss>"
        );
        server.on(&format!("{host}/feed{feed}"), move |_| {
            answer(
                "200 OK",
                &["Content-Type: application/rss+xml; charset=utf-8"],
                text.as_bytes(),
            )
        });
        config.push_str(&format!(
            "\n[[feeds]]\nurl = \"http://{host}/feed{feed}\"\ntags = [\"Group\"]\n"
        ));
    }
    fs::write(home.join("config.toml"), config).expect("a config");
    let mut refresh = Term::start(bron(home, &["refresh"]), 120, 30);
    assert!(refresh.ends(), "the feeds are visited");
}

/// Every key before was taken, and every window size: the help has come and gone.
fn all_is_taken(term: &Term) {
    term.press("?");
    term.shows("KEYS");
    term.press("\x1b[27u");
    term.until("the help goes", |rows| {
        !rows.iter().any(|row| row.contains("KEYS"))
    });
}

/// Pseudo-random, and the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// Where two screens differ, in words.
fn difference(before: &[String], after: &[String]) -> Option<String> {
    // The first row holds the clock.
    (1..before.len().max(after.len())).find_map(|row| {
        let (one, other) = (before.get(row), after.get(row));
        (one != other).then(|| format!("row {row}:\n  {one:?}\n  {other:?}"))
    })
}

#[test]
fn a_storm_of_keys_and_window_sizes_leaves_no_torn_and_no_stale_cell() {
    const KEYS: [&str; 24] = [
        "j", "j", "j", "k", "l", "l", "h", " ", "\x04", "\x15", "J", "K", "G", "gg", "zl", "zs",
        "zz", "z<", "z>", "\t", "]", "}", "m", "*",
    ];
    const SIZES: [(u16, u16); 9] = [
        (200, 50),
        (120, 35),
        (80, 24),
        (131, 41),
        (60, 20),
        (180, 17),
        (119, 15),
        (90, 60),
        (160, 45),
    ];
    let home = tempfile::tempdir().expect("a home");
    fill(home.path());
    let mut term = Term::start(bron(home.path(), &["--offline"]), 120, 35);
    term.shows("A title");
    let mut dice = Dice(7);
    for round in 0..24 {
        let size = SIZES[round % SIZES.len()];
        let keys: Vec<&str> = (0..14).map(|_| KEYS[dice.roll(KEYS.len())]).collect();
        // What is laid out behind may come in between the two: a fault comes every time.
        let mut differences = Vec::new();
        for _ in 0..8 {
            let other = SIZES[dice.roll(SIZES.len())];
            for (at, key) in keys.iter().enumerate() {
                if at % 4 == 0 {
                    term.resize(other.0 - at as u16, other.1);
                }
                term.press(key);
            }
            term.resize(size.0, size.1);
            all_is_taken(&term);
            term.settles();
            let (before, after) = term.redrawn();
            match difference(&before, &after) {
                None => {
                    differences.clear();
                    break;
                }
                Some(difference) => differences.push(difference),
            }
        }
        assert!(
            differences.is_empty(),
            "round {round}, {size:?}, {keys:?}:\n{}",
            differences.join("\n")
        );
    }
    term.press("Q");
    assert!(term.ends(), "it leaves well");
}
