//! The table of settings: one row each. The example config, docs/CONFIG.md and `config show` are made from it.

use super::feeds::{FeedDraft, home};
use super::settings::Settings;
use super::value::Setting::{
    self, Choice, Command, Flag, List, Number, Pause, PauseOrNever, Size, Words,
};
use crate::pages::run::Cards;
use crate::poller::Secret;
use std::time::Duration;

/// A setting: its name, what it wants and where that goes, its default as TOML, and its text.
pub struct Row<T: 'static> {
    pub group: &'static str,
    pub name: &'static str,
    pub setting: Setting<T>,
    pub default: &'static str,
    pub text: &'static str,
}

const fn row<T>(
    group: &'static str,
    name: &'static str,
    setting: Setting<T>,
    default: &'static str,
    text: &'static str,
) -> Row<T> {
    Row {
        group,
        name,
        setting,
        default,
        text,
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const WEEK: Duration = Duration::from_hours(168);

/// When cards are fetched: what the setting and the screen say, and what it means.
pub const CARDS: &[(&str, Cards)] = &[
    ("ask", Cards::Ask),
    ("visible", Cards::Visible),
    ("demand", Cards::Demand),
    ("never", Cards::Never),
];

/// Views that the reader can begin with.
pub const START_VIEWS: &[&str] = &[
    "front", "today", "unread", "starred", "later", "all", "feeds",
];

/// The settings at the top of the config file.
#[rustfmt::skip]
pub const SETTINGS: &[Row<Settings>] = &[
    row("Visits to feeds", "refresh_on_start", Flag(|s, on| s.refresh_on_start = on), "true",
        "visit the feeds that are due when the reader opens"),
    row("Visits to feeds", "refresh_every", PauseOrNever(MINUTE..=WEEK, |s, every| { s.refresh_timer = every.is_some(); s.poller.every = every.unwrap_or(s.poller.every); }), "\"30m\"",
        "time between visits of a feed while the reader is open; a server may ask for more"),
    row("Visits to feeds", "at_once", Number(1..=512, |s, n| { s.overall = at_least_one(n); s.poller.overall = at_least_one(n); }), "64",
        "visits under way at once, in all"),
    row("Visits to feeds", "per_host", Number(1..=8, |s, n| s.per_host = at_least_one(n)), "2",
        "visits under way at once to one host"),
    row("Visits to feeds", "feed_size", Size(1 << 10..=1 << 30, |s, bytes| s.poller.size_limit = bytes), "\"20M\"",
        "a larger feed is given up"),
    row("Visits to feeds", "item_limit", Number(1..=100_000, |s, n| s.poller.item_limit = u32::try_from(n).unwrap_or(u32::MAX)), "1000",
        "entries of one visit that are kept, newest first"),

    row("Network", "user_agent", Words(|s, text| if !text.is_empty() { s.net.user_agent = text; }), "\"\"",
        "how bron names itself to servers; empty: bron with its version"),
    row("Network", "proxy", Words(|s, text| s.net.proxy = Some(text).filter(|text| !text.is_empty())), "\"\"",
        "as http://host:port or socks5://host:port; empty: from the variables http_proxy, https_proxy, all_proxy, no_proxy"),
    row("Network", "connect_timeout", Pause(SECOND..=minutes(10), |s, time| s.net.connect = time), "\"10s\"",
        "time to reach a server"),
    row("Network", "silence_timeout", Pause(SECOND..=minutes(10), |s, time| s.net.silence = time), "\"20s\"",
        "longest silence of a server, before and within its answer"),
    row("Network", "whole_timeout", Pause(SECOND..=minutes(60), |s, time| s.net.whole = time), "\"60s\"",
        "time for a whole answer"),
    row("Network", "redirects", Number(0..=20, |s, n| s.net.redirects = usize::try_from(n).unwrap_or(0)), "5",
        "redirects that are followed"),
    row("Network", "allow_private", Flag(|s, on| s.net.allow_private = on), "false",
        "fetch linked pages from private networks too; feeds that you subscribe to there are visited in any case"),

    row("Network", "exec", Flag(|s, on| s.exec = on), "false",
        "run the exec: feeds and the filters that stand under [[feeds]] in this file"),
    row("Network", "exec_timeout", Pause(SECOND..=minutes(10), |s, time| s.poller.command_time = time), "\"30s\"",
        "time for such a program, and for one that prints a secret; what it prints is bounded by feed_size"),

    row("Linked sources", "cards", Choice(&["ask", "visible", "demand", "never"], |s, word| {
            s.cards = CARDS.iter().find(|(name, _)| *name == word).map_or(s.cards, |(_, cards)| *cards);
        }), "\"ask\"",
        "when titles and descriptions of sources are fetched: asked once, those in sight, on a key press, or never"),
    row("Linked sources", "page_size", Size(1 << 10..=1 << 30, |s, bytes| s.pages.size_limit = bytes), "\"5M\"",
        "a larger page is cut"),
    row("Linked sources", "page_days", Number(1..=3650, |s, n| s.pages.keep_days = u32::try_from(n).unwrap_or(u32::MAX)), "30",
        "days that a fetched page or card is good for"),
    row("Linked sources", "archive", Choice(&["ask", "archive.org", "archive.today"], |s, word| word.clone_into(&mut s.screen.archive)), "\"ask\"",
        "where ga looks for the archived copy of a page, which learns what you read: asked once, or one of them"),

    row("What is kept", "keep_days", Number(0..=36_500, |s, n| s.store.keep_days = u32::try_from(n).unwrap_or(u32::MAX)), "90",
        "days after which read entries without star, tag or note, no longer in their feed, go; 0: never"),
    row("What is kept", "habits", Flag(|s, on| s.habits = on), "true",
        "what you open counts for the order of the front page; nothing of it leaves this machine"),
    row("What is kept", "read_log", Flag(|s, on| s.store.read_log = on), "true",
        "note on this machine when which entry was opened, for your own statistics"),

    row("Screen", "theme", Words(|s, text| s.screen.theme = text), "\"auto\"",
        "auto follows the terminal's ground with ink or paper; terminal uses its sixteen colours; zt shows the others; a file dusk.toml in the folder themes beside this one is dusk"),
    row("Screen", "symbols", Choice(&["unicode", "ascii"], |s, word| word.clone_into(&mut s.screen.symbols)), "\"unicode\"",
        "signs and rules of the screen"),
    row("Screen", "measure", Number(50..=100, |s, n| s.screen.measure = u16::try_from(n).unwrap_or(72)), "72",
        "columns of an article's text"),
    row("Screen", "compact", Flag(|s, on| s.screen.compact = on), "false",
        "one line for an entry in lists"),
    row("Screen", "order", Choice(ORDERS, |s, word| word.clone_into(&mut s.screen.order)), "\"newest\"",
        "how lists begin; zo orders the one that is open in another way"),
    row("Screen", "counts", Flag(|s, on| s.screen.counts = on), "true",
        "show how many entries are unread, beside feeds, views and lists"),
    row("Screen", "images", Flag(|s, on| s.screen.images = on), "true",
        "show the images of an article that you read; each is fetched when it comes in sight, from where the article has it"),
    row("Screen", "start", Choice(START_VIEWS, |s, word| word.clone_into(&mut s.screen.start)), "\"today\"",
        "what the reader shows first"),
    row("Screen", "mouse", Flag(|s, on| s.screen.mouse = on), "true",
        "let the mouse select, open and scroll; with shift the terminal selects text"),

    row("Other programs", "browser", Command(|s, words| s.browser = words), "[]",
        "opens addresses, which are added at the end; empty: BROWSER, else the desktop's own"),
    row("Other programs", "pager", Command(|s, words| s.pager = words), "[]",
        "shows texts; empty: PAGER, else less"),
    row("Other programs", "notify", Choice(&["osc9", "osc777", "off"], |s, word| word.clone_into(&mut s.notify)), "\"osc9\"",
        "how a rule's notify reaches you: by the terminal, in one of two dialects, or not at all"),
    row("Other programs", "notify_command", Command(|s, words| s.notify_command = words), "[]",
        "in place of the terminal; the text is added at the end, as in [\"notify-send\", \"bron\"]"),
];

/// How lists can be ordered.
const ORDERS: &[&str] = &["newest", "oldest", "feed", "title", "unread"];

/// Settings that what is running was made with: a change of them counts from the next start.
pub const FROM_THE_NEXT_START: &[&str] = &[
    "at_once",
    "per_host",
    "user_agent",
    "proxy",
    "connect_timeout",
    "silence_timeout",
    "whole_timeout",
    "redirects",
    "allow_private",
    "page_size",
    "page_days",
    "keep_days",
    "read_log",
    "mouse",
];

impl Row<Settings> {
    /// Its text, with when a change of it counts.
    pub fn says(&self) -> String {
        if FROM_THE_NEXT_START.contains(&self.name) {
            format!("{}; from the next start", self.text)
        } else {
            self.text.to_owned()
        }
    }
}

/// The settings of a feed in `[[feeds]]`.
#[rustfmt::skip]
pub const FEED_SETTINGS: &[Row<FeedDraft>] = &[
    row("", "url", Words(|f, text| f.url = text), "",
        "the address of the feed"),
    row("", "title", Words(|f, text| f.title = Some(text).filter(|text| !text.is_empty())), "\"\"",
        "in place of the feed's own title"),
    row("", "tags", List(|f, tags| f.tags = tags), "[]",
        "the groups it stands in; a/b is a group within a group"),
    row("", "every", Pause(MINUTE..=Duration::from_hours(8760), |f, every| f.every = Some(every)), "\"30m\"",
        "in place of refresh_every"),
    row("", "full_text", Flag(|f, on| f.full_text = on), "false",
        "read the whole page of each entry, for feeds that hold the beginning only"),
    row("", "item_limit", Number(1..=100_000, |f, n| f.item_limit = u32::try_from(n).ok()), "1000",
        "in place of the item_limit above"),
    row("", "hidden", Flag(|f, on| f.hidden = on), "false",
        "keep it, but show neither the feed nor its entries"),
    row("", "unread_on_change", Flag(|f, on| f.unread_on_change = on), "false",
        "an entry that changes becomes unread again"),
    row("", "timeout", Pause(SECOND..=minutes(60), |f, time| f.asking.timeout = Some(time)), "\"60s\"",
        "in place of whole_timeout"),
    row("", "proxy", Words(|f, text| f.asking.proxy = filled(text)), "\"\"",
        "in place of the proxy above; direct: none"),
    row("", "user_agent", Words(|f, text| f.asking.user_agent = filled(text)), "\"\"",
        "in place of the user_agent above"),
    row("", "headers", List(|f, headers| f.headers = headers), "[]",
        "more headers, each as \"Name: value\"; sent to this address only, never after a redirect to another host"),
    row("", "user", Words(|f, text| f.asking.user = filled(text)), "\"\"",
        "the user name, for servers that ask for one with a password"),
    row("", "password_command", Command(|f, words| f.asking.password = from_command(words)), "[]",
        "prints the password; its first line counts"),
    row("", "password_env", Words(|f, text| f.asking.password = from_variable(text, &f.asking.password)), "\"\"",
        "the variable of the environment that holds the password"),
    row("", "token_command", Command(|f, words| f.asking.token = from_command(words)), "[]",
        "prints a token, sent as Authorization: Bearer"),
    row("", "token_env", Words(|f, text| f.asking.token = from_variable(text, &f.asking.token)), "\"\"",
        "the variable that holds the token"),
    row("", "cookie_command", Command(|f, words| f.asking.cookie = from_command(words)), "[]",
        "prints what is sent as Cookie, as name=value"),
    row("", "cookie_env", Words(|f, text| f.asking.cookie = from_variable(text, &f.asking.cookie)), "\"\"",
        "the variable that holds the cookie"),
    row("", "filter", Command(|f, words| f.asking.filter = words), "[]",
        "a program that gets what came on standard input and prints a feed; needs exec = true"),
];

/// The settings of a feed that a list of feeds may say too: the store keeps them. The others are the config file's own.
pub const OF_THE_STORE: &[&str] = &[
    "url",
    "title",
    "tags",
    "every",
    "full_text",
    "item_limit",
    "hidden",
    "unread_on_change",
];

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn from_command(mut words: Vec<String>) -> Secret {
    match words.first_mut() {
        Some(program) => {
            *program = home(program);
            Secret::Command(words)
        }
        None => Secret::None,
    }
}

/// A variable that is named; without a name, what was there.
fn from_variable(name: String, there: &Secret) -> Secret {
    if name.is_empty() {
        there.clone()
    } else {
        Secret::Variable(name)
    }
}

fn at_least_one(n: i64) -> usize {
    usize::try_from(n).unwrap_or(1).max(1)
}

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}
