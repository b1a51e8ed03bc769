//! Feeds made by rule, the same every time: words of syllables, about 5 KB of HTML and 17 links an entry.

#![allow(dead_code)] // each program uses a part of it

use std::fmt::Write as _;

/// Random numbers, the same every time (a linear congruential generator with the constants of Knuth's MMIX).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xd1b5_4a32_d192_ed03);
        dice.roll(2);
        dice
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

const SYLLABLES: [&str; 40] = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va",
    "we", "xi", "yo", "zu", "tion", "ment", "ing", "er", "al", "con", "pro", "inter", "st", "tr",
    "pla", "gre", "shi", "fra", "blo", "cru", "net", "ware", "form", "graph",
];
const COMMON: [&str; 24] = [
    "the", "of", "and", "to", "in", "is", "that", "for", "it", "with", "as", "was", "on", "are",
    "be", "this", "have", "from", "or", "had", "by", "but", "some", "what",
];

fn word(dice: &mut Dice, out: &mut String) {
    if dice.roll(5) < 2 {
        out.push_str(COMMON[dice.roll(COMMON.len())]);
        return;
    }
    for _ in 0..2 + dice.roll(2) {
        out.push_str(SYLLABLES[dice.roll(SYLLABLES.len())]);
    }
}

/// So many words, with single spaces.
pub fn words(dice: &mut Dice, count: usize) -> String {
    let mut out = String::with_capacity(count * 8);
    for place in 0..count {
        if place > 0 {
            out.push(' ');
        }
        word(dice, &mut out);
    }
    out
}

/// HTML of about so many bytes. `zyzzyva` stands in one of 200.
pub fn article(dice: &mut Dice, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 400);
    let rare = dice.roll(200) == 0;
    while out.len() < bytes {
        match dice.roll(12) {
            0 => {
                let heading = words(dice, 5);
                let _ = write!(out, "<h2>{heading}</h2>");
            }
            1 => {
                out.push_str("<ul>");
                for _ in 0..4 {
                    let item = words(dice, 8);
                    let _ = write!(out, "<li>{item}</li>");
                }
                out.push_str("</ul>");
            }
            2 => {
                let quote = words(dice, 25);
                let _ = write!(out, "<blockquote><p>{quote}</p></blockquote>");
            }
            _ => {
                out.push_str("<p>");
                for _ in 0..2 {
                    let (before, anchor, behind) =
                        (words(dice, 14), words(dice, 3), words(dice, 12));
                    let host = words(dice, 1).replace(' ', "");
                    let (path, number) = (words(dice, 1), dice.roll(1 << 24));
                    let _ = write!(
                        out,
                        "{before} <a href=\"https://www.{host}.example/2026/{path}-{number}\">{anchor}</a> {behind}. "
                    );
                }
                out.push_str("</p>");
            }
        }
    }
    if rare {
        out.push_str("<p>zyzzyva</p>");
    }
    out
}

/// How many entries a feed has.
pub fn entries_of(feed: usize) -> usize {
    20 + Dice::new(feed as u64).roll(31)
}

/// A feed of RSS. In version 2 it has two more entries.
pub fn feed(number: usize, version: usize) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Feed{number:05} of words</title><link>https://feed{number}.example/</link><description>Made by rule</description>"
    );
    let count = entries_of(number);
    let new = if version > 1 { 2 } else { 0 };
    for place in (0..count + new).rev() {
        // The newest first; each entry is the same in both versions.
        let mut dice = Dice::new((number as u64) << 16 | place as u64);
        let title = words(&mut dice, 8);
        let body = article(&mut dice, 5_000);
        let (day, hour) = (1 + place * 27 / 60, (number + place) % 24);
        let _ = write!(
            out,
            "<item><title>E{number:05}x{place:02} {title}</title><link>https://feed{number}.example/{place}</link><guid isPermaLink=\"false\">{number}-{place}</guid><pubDate>{day:02} Jun 2026 {hour:02}:00:00 GMT</pubDate><content:encoded><![CDATA[{body}]]></content:encoded></item>"
        );
    }
    out.push_str("</channel></rss>");
    out
}

/// A feed with an article of 1 MB, the newest of all, and one of 100 KB, the oldest.
pub fn big_feed() -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>BigFeed</title><link>https://big.example/</link><description>Long articles</description>",
    );
    for (name, bytes, day) in [("1000K", 1_000_000, "30 Jun"), ("0100K", 100_000, "01 Jan")] {
        let mut dice = Dice::new(bytes as u64);
        let body = article(&mut dice, bytes);
        let _ = write!(
            out,
            "<item><title>BIG{name}</title><link>https://big.example/{name}</link><guid isPermaLink=\"false\">{name}</guid><pubDate>{day} 2026 23:59:00 GMT</pubDate><content:encoded><![CDATA[<p>TOPMARK{name}</p>{body}]]></content:encoded></item>"
        );
    }
    out.push_str("</channel></rss>");
    out
}

/// Sources that many cite, and things that happen in a month: what the feeds of [`telling_feed`] tell and cite.
const SOURCES: usize = 30_000;
const EVENTS: usize = 25_000;

/// A thing that happens: low numbers are told by many.
fn event(dice: &mut Dice) -> usize {
    let most = dice.roll(EVENTS) + 1;
    dice.roll(most)
}

/// A feed of RSS with so many entries of the last 30 days before July 2026: each tells something that happens, as others do,
/// in 40 words, and cites two sources that others cite and two that nobody else does.
pub fn telling_feed(number: usize, entries: usize) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>Teller {number:05}</title><link>https://feed{number}.example/</link><description>Made by rule</description>"
    );
    for place in (0..entries).rev() {
        let mut dice = Dice::new((number as u64) << 20 | place as u64 | 1 << 50);
        let event = event(&mut dice);
        let mut about = Dice::new(event as u64 | 1 << 51);
        let (title, lead) = (words(&mut about, 7), words(&mut about, 12));
        let (own, more) = (words(&mut dice, 2), words(&mut dice, 14));
        let source = about.roll(SOURCES);
        let other = dice.roll(SOURCES);
        let other = dice.roll(other + 1);
        let minute = place * 30 * 24 * 60 / entries;
        let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        let _ = write!(
            out,
            "<item><title>{title} {own}</title><link>https://feed{number}.example/{place}</link><guid isPermaLink=\"false\">{number}-{place}</guid><pubDate>{day:02} Jun 2026 {hour:02}:{minute:02}:00 GMT</pubDate><description><![CDATA[<p>{lead}, as <a href=\"https://source{}.example/report/2026/number-{source}\">the report says</a> and <a href=\"https://source{}.example/report/2026/number-{other}\">another one confirms</a>. {more} <a href=\"https://feed{number}.example.org/own-{place}\">of its own</a>, <a href=\"https://other{number}.example.net/own-{place}\">elsewhere</a>.</p>]]></description></item>",
            source % 900,
            other % 900,
        );
    }
    out.push_str("</channel></rss>");
    out
}
