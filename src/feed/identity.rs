//! What makes an entry the same at every visit, and what makes it changed.

use super::entry::ParsedEntry;
use siphasher::sip::SipHasher13;
use siphasher::sip128::{Hasher128, SipHasher13 as Sip128};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::hash::Hasher;
use url::Url;

/// Guids longer than this are hashed: some feeds put the whole text there.
const LONGEST: usize = 400;

/// What an entry alone is known by: its guid, else its address, else what it says.
pub fn identity(entry: &ParsedEntry) -> String {
    match (&entry.guid, &entry.url) {
        (Some(guid), _) if !guid.trim().is_empty() => short("g", guid.trim()),
        (_, Some(url)) => short("u", &address(url)),
        _ => format!("h:{}", said(entry)),
    }
}

/// The identities of the entries of one visit, in their order: as [`identity`], but where one guid stands at several
/// addresses, the address is added (or what the entry says, where it has none), and where one guid at one address
/// stands for several titles of several dates, the date. Depends on no order.
///
/// Entries with one guid, one address, and one title or one date keep one identity: they are one entry that the feed
/// names twice. The title is no part of any identity: it may be edited.
pub fn identities(entries: &[ParsedEntry]) -> Vec<String> {
    let mut out: Vec<String> = entries.iter().map(identity).collect();
    let mut firsts: HashMap<&str, (String, &ParsedEntry)> = HashMap::with_capacity(out.len());
    let mut by_address: HashSet<String> = HashSet::new();
    let mut by_date: HashSet<String> = HashSet::new();
    for (entry, identity) in entries.iter().zip(&out) {
        let place = told_apart(entry);
        let (first_place, first) = firsts
            .entry(identity)
            .or_insert_with(|| (place.clone(), entry));
        if *first_place != place {
            by_address.insert(identity.clone());
        } else if first.title != entry.title && first.published != entry.published {
            by_date.insert(identity.clone());
        }
    }
    for (entry, identity) in entries.iter().zip(&mut out) {
        let (place, date) = (by_address.contains(identity), by_date.contains(identity));
        if place {
            identity.push(' ');
            identity.push_str(&told_apart(entry));
        }
        if let Some(published) = entry.published.filter(|_| date) {
            let _ = write!(identity, " d:{}", published.timestamp());
        }
    }
    out
}

fn told_apart(entry: &ParsedEntry) -> String {
    match &entry.url {
        Some(url) if entry.guid.is_some() => short("u", &address(url)),
        _ => format!("h:{}", said(entry)),
    }
}

/// An address without what changes while the page stays: scheme, `www.`, fragment, last slash, `utm_…`.
///
/// Frozen, and on purpose not the key that sources are compared by: the rules of that may change with a release, and
/// every entry would be new.
fn address(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return address.to_owned();
    };
    let Some(host) = url.host_str() else {
        return address.to_owned();
    };
    let mut out = host.strip_prefix("www.").unwrap_or(host).to_owned();
    if let Some(port) = url.port() {
        let _ = write!(out, ":{port}");
    }
    out.push_str(url.path().trim_end_matches('/'));
    let mut mark = '?';
    for part in url.query().unwrap_or("").split('&') {
        if !part.is_empty() && !part.starts_with("utm_") {
            out.push(mark);
            out.push_str(part);
            mark = '&';
        }
    }
    out
}

fn short(kind: &str, text: &str) -> String {
    if text.len() <= LONGEST {
        return format!("{kind}:{text}");
    }
    let mut hasher = Sip128::new_with_keys(0, 0);
    hasher.write(text.as_bytes());
    format!("{kind}#{:032x}", hasher.finish128().as_u128())
}

/// A hash of what an entry without guid and address says: title and date, and the text where it has no title.
fn said(entry: &ParsedEntry) -> String {
    let mut hasher = Sip128::new_with_keys(0, 0);
    put(&mut hasher, &entry.title);
    hasher.write_i64(entry.published.map_or(0, |date| date.timestamp()));
    if entry.title.is_empty() || entry.published.is_none() {
        put(
            &mut hasher,
            entry
                .content_html
                .as_deref()
                .or(entry.summary_html.as_deref())
                .unwrap_or_default(),
        );
    }
    for enclosure in &entry.enclosures {
        put(&mut hasher, &enclosure.url);
    }
    format!("{:032x}", hasher.finish128().as_u128())
}

/// A hash of all that is shown of an entry: another one means that it has changed. The same in every run and release.
pub fn content_hash(entry: &ParsedEntry) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    put(&mut hasher, &entry.title);
    put(&mut hasher, entry.url.as_deref().unwrap_or_default());
    put(
        &mut hasher,
        entry.content_html.as_deref().unwrap_or_default(),
    );
    put(
        &mut hasher,
        entry.summary_html.as_deref().unwrap_or_default(),
    );
    for author in &entry.authors {
        put(&mut hasher, &author.name);
    }
    for enclosure in &entry.enclosures {
        put(&mut hasher, &enclosure.url);
    }
    hasher.finish()
}

/// Text with its end marked, so that "ab" + "c" is not "a" + "bc".
fn put(hasher: &mut impl Hasher, text: &str) {
    hasher.write(text.as_bytes());
    hasher.write_u8(0xff);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SafeText;

    fn entry(guid: &str, url: &str, title: &str) -> ParsedEntry {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ParsedEntry {
            guid: some(guid),
            url: some(url),
            title: SafeText::line(title),
            ..ParsedEntry::default()
        }
    }

    #[test]
    fn the_guid_decides_then_the_address_then_what_is_said() {
        let known = identities(&[
            entry("7", "https://a.example/7", "x"),
            entry("", "https://a.example/8", "x"),
            entry("", "", "x"),
        ]);
        assert_eq!(known[..2], ["g:7".to_owned(), "u:a.example/8".to_owned()]);
        assert!(known[2].starts_with("h:"));
    }

    #[test]
    fn two_entries_with_one_guid_are_told_apart_in_any_order() {
        let (one, two) = (
            entry("feed", "https://a.example/1", "one"),
            entry("feed", "https://a.example/2", "two"),
        );
        let there = identities(&[one.clone(), two.clone()]);
        let back = identities(&[two, one]);
        assert_ne!(there[0], there[1]);
        assert_eq!((&there[0], &there[1]), (&back[1], &back[0]));
    }

    #[test]
    fn an_edited_title_changes_the_content_and_not_the_identity() {
        let (before, after) = (entry("7", "", "one"), entry("7", "", "two"));
        assert_eq!(
            identities(std::slice::from_ref(&before)),
            identities(std::slice::from_ref(&after))
        );
        assert_ne!(content_hash(&before), content_hash(&after));
    }

    #[test]
    fn a_guid_as_long_as_an_article_is_hashed() {
        let long = "x".repeat(100_000);
        assert!(identities(&[entry(&long, "", "t")])[0].len() < 40);
    }

    #[test]
    fn one_guid_and_address_for_several_titles_of_several_dates_are_several_entries() {
        let dated = |title, day: i64| ParsedEntry {
            published: chrono::DateTime::from_timestamp(day * 86_400, 0),
            ..entry("spotlight", "https://a.example/spotlight/", title)
        };
        let known = identities(&[dated("one", 3), dated("two", 2), dated("two", 2)]);
        assert_ne!(known[0], known[1]);
        assert_eq!(known[1], known[2]);
        assert_eq!(
            identities(&[dated("one", 3), dated("one, edited", 3)]),
            ["g:spotlight", "g:spotlight"]
        );
    }

    #[test]
    fn one_entry_named_twice_stays_one() {
        let known = identities(&[
            entry("7", "https://a.example/7", "x"),
            entry("7", "http://www.a.example/7/?utm_source=y#z", "x, again"),
        ]);
        assert_eq!(known, ["g:7", "g:7"]);
    }
}
