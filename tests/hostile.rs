//! Hostile text in every place where text comes from elsewhere: nothing that steers a terminal, hides or reorders comes out.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

mod support;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use support::server::{Reply, Server, answer};

/// What must not come out: escapes, a title, a clipboard, C1, bidi overrides and isolates, zero width, tag characters.
const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]52;c;aGVsbG8=\u{1b}\\",
    "\u{1b}]8;;file:///etc/passwd\u{1b}\\",
    "\u{1b}P+q\u{1b}\\",
    "\u{9b}31m\u{9d}0;x\u{9c}",
    "\u{202e}\u{2066}\u{200f}",
    "\u{200b}\u{2060}\u{feff}\u{ad}",
    "\u{e0041}\u{e007f}",
    "\r\u{8}\u{8}\u{7f}\u{0}\u{c}",
];

fn outlawed(letter: char) -> bool {
    (letter.is_control() && letter != '\n')
        || matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        Home {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, words: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bron"))
            .env_clear()
            .env("HOME", self.folder.path())
            .env("BRON_CONFIG", self.folder.path().join("config.toml"))
            .env("BRON_DATA_DIR", self.folder.path().join("data"))
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A verb that does not read has closed it; that is no failure here.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    /// Runs, and holds both outputs to be clean; answers both.
    #[track_caller]
    fn clean(&self, words: &[&str], input: &[u8]) -> String {
        let output = self.run(words, input);
        let mut both = String::from_utf8(output.stdout).unwrap();
        both.push_str(&String::from_utf8(output.stderr).unwrap());
        let bad: Vec<char> = both.chars().filter(|letter| outlawed(*letter)).collect();
        assert!(bad.is_empty(), "{words:?} prints {bad:?}: {both:?}");
        assert!(!both.is_empty(), "{words:?} says nothing");
        both
    }
}

/// The text as characters of XML: those that XML does not know stand as they are.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[test]
fn in_every_field_of_a_feed() {
    let home = Home::new();
    for nasty in HOSTILE {
        for nasty in [
            escaped(nasty),
            nasty
                .chars()
                .map(|letter| format!("&#{};", letter as u32))
                .collect(),
        ] {
            let rss = format!(
                "<rss version=\"2.0\"><channel><title>a{nasty}b</title><link>http://a.example/{nasty}</link><description>{nasty}</description><language>{nasty}</language>\
                 <item><guid>{nasty}</guid><title>a{nasty}b</title><link>http://a.example/x{nasty}</link><author>{nasty}</author><category>{nasty}</category>\
                 <description>a{nasty}b</description><enclosure url=\"http://a.example/{nasty}\" type=\"{nasty}\"/><comments>http://a.example/{nasty}</comments>\
                 <pubDate>{nasty}</pubDate><source url=\"http://a.example/{nasty}\">{nasty}</source></item></channel></rss>"
            );
            home.clean(&["feed", "check", "-"], rss.as_bytes());
            let file = home.write("feed.xml", &rss);
            home.write(
                "config.toml",
                format!("[[feeds]]\nurl = \"file://{file}\"\n"),
            );
            home.clean(&["refresh"], b"");
            home.clean(&["list"], b"");
            home.clean(&["feed", "list"], b"");
            home.clean(&["show", "1"], b"");
            for format in ["html", "markdown", "json"] {
                home.clean(&["show", "1", "--format", format], b"");
            }
            for format in ["text", "markdown", "html"] {
                home.clean(&["digest", "--since", "30d", "--format", format], b"");
            }
            let _ = std::fs::remove_dir_all(home.folder.path().join("data"));
        }
        let json = serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1", "title": nasty, "home_page_url": format!("http://a.example/{nasty}"),
            "items": [{ "id": nasty, "title": format!("a{nasty}b"), "url": format!("http://a.example/{nasty}"), "content_html": nasty,
                        "authors": [{ "name": nasty }], "tags": [nasty] }]
        });
        home.clean(&["feed", "check", "-"], json.to_string().as_bytes());
    }
}

#[test]
fn in_every_field_of_a_page() {
    let home = Home::new();
    for nasty in HOSTILE {
        let page = format!(
            "<html lang=\"{nasty}\"><head><title>a{nasty}b</title><meta property=\"og:site_name\" content=\"{nasty}\"><meta name=author content=\"{nasty}\">\
             <link rel=alternate type=application/rss+xml title=\"{nasty}\" href=\"/{nasty}\"></head><body><article><h1>a{nasty}b</h1>\
             <p>Words before {nasty} and <a href=\"http://b.example/{nasty}\">a link {nasty}</a> behind it.</p><pre><code class=\"language-{nasty}\">x{nasty}</code></pre>\
             <img src=\"/{nasty}\" alt=\"{nasty}\"><table><tr><td>{nasty}</td></tr></table></article></body></html>"
        );
        let base = ["--base-url", "http://a.example/x"];
        for words in [
            &["show", "-", "--full"][..],
            &["show", "-", "--full", "--format", "markdown"],
            &["show", "-", "--full", "--format", "html"],
            &["sources", "-", "--full"],
            &["sources", "-", "--full", "--all"],
            &["feed", "discover", "-"],
        ] {
            home.clean(&[words, &base[..]].concat(), page.as_bytes());
        }
        home.clean(
            &[
                "url",
                &format!("http://a.example/{nasty}").replace('\0', ""),
            ],
            b"",
        );
    }
}

#[test]
fn in_lists_and_in_mistakes_of_the_config() {
    let home = Home::new();
    for nasty in HOSTILE {
        let list = home.write(
            "list.opml",
            format!(
                "<opml version=\"2.0\"><head><title>{0}</title></head><body><outline text=\"a{0}b\"><outline text=\"a{0}b\" title=\"{0}\" xmlUrl=\"http://a.example/{0}\" category=\"{0}\"/>\
                 <outline text=\"x\" xmlUrl=\"{0}\"/></outline></body></opml>",
                escaped(nasty)
            ),
        );
        home.write("config.toml", "");
        home.clean(&["import", &list], b"");
        home.clean(&["feed", "list"], b"");
        home.clean(&["export"], b"");
        let quoted: String = nasty
            .chars()
            .map(|letter| format!("\\U{:08x}", letter as u32))
            .collect();
        home.write(
            "config.toml",
            format!("theme = \"{quoted}\"\n\"{quoted}\" = 1\nsymbols = \"{quoted}\"\nlists = [\"{quoted}\"]\n[[feeds]]\nurl = \"{quoted}\"\n[keys]\n\"{quoted}\" = \"{quoted}\"\n[hooks]\n\"{quoted}\" = 1\n"),
        );
        home.clean(&["config", "check"], b"");
        home.clean(
            &["list", &format!("title:{nasty} (").replace('\0', "")],
            b"",
        );
        home.clean(&["doctor"], b"");
    }
}

#[test]
fn in_every_header_of_an_answer() {
    let home = Home::new();
    let server = Server::start();
    let mut config = String::new();
    for (n, nasty) in HOSTILE.iter().enumerate() {
        // What would end a header stands for itself nowhere.
        let nasty: String = nasty
            .chars()
            .filter(|letter| !matches!(letter, '\r' | '\n' | '\0'))
            .collect();
        for (place, header) in [
            "Location: http://a.example/",
            "Content-Encoding: ",
            "Content-Type: ",
            "ETag: ",
            "Retry-After: ",
            "X-Any: ",
        ]
        .iter()
        .enumerate()
        {
            let status = match place {
                0 => "301 Moved",
                4 => "503 Busy",
                _ => "200 OK",
            };
            let (line, path) = (format!("{header}{nasty}"), format!("/{n}-{place}"));
            server.on(&format!("{}{path}", server.address), move |_| {
                answer(status, &[&line], b"<rss")
            });
            config.push_str(&format!(
                "[[feeds]]\nurl = \"http://{}{path}\"\n",
                server.address
            ));
        }
        let path = format!("/{n}-status");
        let head =
            format!("HTTP/1.1 404 a{nasty}b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        server.on(&format!("{}{path}", server.address), move |_| {
            Reply::Raw(head.clone().into_bytes())
        });
        config.push_str(&format!(
            "[[feeds]]\nurl = \"http://{}{path}\"\n",
            server.address
        ));
    }
    home.write("config.toml", config);
    home.clean(&["refresh"], b"");
    home.clean(&["feed", "list"], b"");
    home.clean(&["doctor"], b"");
}
