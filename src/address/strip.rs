//! What is taken away from an address.

use super::rules::{Rows, Rules, Strip};
use super::{Address, Found};
use std::borrow::Cow;
use url::Url;

/// Brings an address into the one form that means the same: unreserved characters decoded, no session in the path, no text
/// directive, no empty query or fragment, no user name. Says whether there was a user name.
pub(super) fn normalise(url: &mut Url, removed: &mut Vec<String>) -> bool {
    let path = url.path();
    if path.contains('%') || path.contains(';') {
        let decoded = decode_unreserved(path, false);
        let (clean, session) = without_session(&decoded);
        if session {
            removed.push("jsessionid".to_owned());
        }
        if clean != path {
            let clean = clean.into_owned();
            url.set_path(&clean);
        }
    }
    if let Some(fragment) = url.fragment() {
        let kept = fragment
            .split_once(":~:")
            .map_or(fragment, |(before, _)| before);
        if kept.is_empty() {
            url.set_fragment(None);
        } else if kept.len() < fragment.len() {
            let kept = kept.to_owned();
            url.set_fragment(Some(&kept));
        }
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    let named = !url.username().is_empty() || url.password().is_some();
    if named {
        // Both fail only for addresses without a host, and http has one.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    named
}

/// Takes away the parameters that the rows name, in query and fragment.
pub(super) fn strip(rules: &Rules, rows: &Rows<'_>, address: &mut Address, found: Found<'_>) {
    let asked = Asked {
        rules,
        rows,
        found,
        host: address.display.host_str().unwrap_or_default(),
    };
    if let Some(query) = address.display.query() {
        let mut paid = false;
        let mut gone = Vec::new();
        let mut kept = Vec::new();
        let whole = is_signed(rules, query);
        for part in query.split('&').filter(|_| !whole) {
            let verdict = asked.verdict(part);
            paid |= verdict == Verdict::KeepPaid;
            if verdict == Verdict::Strip {
                gone.push(name_of(part).to_owned());
            } else {
                kept.push(part);
            }
        }
        address.affiliate |= paid;
        if !gone.is_empty() {
            kept.retain(|part| !part.is_empty());
            let kept = kept.join("&");
            address
                .display
                .set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
            address.removed.append(&mut gone);
        }
    }
    let asked = Asked {
        rules,
        rows,
        found,
        host: address.display.host_str().unwrap_or_default(),
    };
    if let Some(fragment) = address.display.fragment()
        && !fragment.starts_with(['!', '/'])
        && fragment.split('&').all(|part| part.contains('='))
    {
        let (gone, kept): (Vec<&str>, Vec<&str>) = fragment
            .split('&')
            .partition(|part| asked.verdict(part) == Verdict::Strip);
        if !gone.is_empty() {
            let (gone, kept) = (
                gone.into_iter()
                    .map(|part| name_of(part).to_owned())
                    .collect::<Vec<_>>(),
                kept.join("&"),
            );
            address.removed.extend(gone);
            address
                .display
                .set_fragment(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
        }
    }
}

/// Whether a parameter leaves the key though it is shown: gift links, who is paid.
pub(super) fn leaves_key(rules: &Rules, rows: &Rows<'_>, display: &Url, part: &str) -> bool {
    let asked = Asked {
        rules,
        rows,
        found: Found::default(),
        host: display.host_str().unwrap_or_default(),
    };
    let name = lower(name_of(part));
    strips(rules, rows, &name).any(|strip| strip.key_only && asked.applies(strip, part))
}

/// Whether the query is signed, so that it works whole or not at all.
pub(super) fn is_signed(rules: &Rules, query: &str) -> bool {
    query
        .split('&')
        .any(|part| part.contains('=') && rules.signed.contains(&*lower(name_of(part))))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    /// Stays, and tells that somebody is paid.
    KeepPaid,
    Strip,
}

struct Asked<'a> {
    rules: &'a Rules,
    rows: &'a Rows<'a>,
    found: Found<'a>,
    host: &'a str,
}

impl Asked<'_> {
    fn verdict(&self, part: &str) -> Verdict {
        let name = lower(name_of(part));
        if name.is_empty()
            || self.rules.kept.contains(&*name)
            || self
                .rows
                .iter()
                .any(|row| row.kept.iter().any(|kept| **kept == *name))
        {
            return Verdict::Keep;
        }
        if self.rules.names.contains(&*name)
            || self
                .rules
                .beginnings
                .iter()
                .any(|start| name.starts_with(&**start))
        {
            return Verdict::Strip;
        }
        let mut verdict = Verdict::Keep;
        for strip in strips(self.rules, self.rows, &name) {
            if strip.key_only {
                if strip.affiliate {
                    verdict = Verdict::KeepPaid;
                }
            } else if self.applies(strip, part) {
                return Verdict::Strip;
            }
        }
        verdict
    }

    fn applies(&self, strip: &Strip, part: &str) -> bool {
        if strip
            .not_hosts
            .iter()
            .any(|host| is_within(self.host, host))
        {
            return false;
        }
        if !strip.asks_value() {
            return true;
        }
        let value = percent_encoding::percent_decode_str(
            part.split_once('=').map_or("", |(_, value)| value),
        )
        .decode_utf8_lossy()
        .to_ascii_lowercase();
        strip.values.contains(value.as_str())
            || (strip.or_site && self.is_where_it_stood(&value))
            || (strip.or_host && is_host(&value))
    }

    /// Whether a value names the feed or the page that the address stood in.
    fn is_where_it_stood(&self, value: &str) -> bool {
        let bare = |host: &str| host.trim_start_matches("www.").to_owned();
        let value = value
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_end_matches('/');
        let value = bare(value);
        if !value.contains('.') {
            return false;
        }
        [self.found.base, self.found.feed]
            .into_iter()
            .flatten()
            .any(|url| {
                let host = url.host_str().map(bare).unwrap_or_default();
                value == host || value == super::site(url)
            })
    }
}

/// The rows that name a parameter, here.
fn strips<'a>(
    rules: &'a Rules,
    rows: &'a Rows<'a>,
    name: &'a str,
) -> impl Iterator<Item = &'a Strip> {
    let here = rows.iter().flat_map(|row| row.strips.iter());
    let anywhere = rules.by_value.get(name).into_iter().flatten();
    here.chain(anywhere)
        .map(|place| &rules.strips[*place])
        .filter(move |strip| strip.names(name))
}

fn is_host(value: &str) -> bool {
    let letters = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    letters
        && value.rsplit_once('.').is_some_and(|(_, last)| {
            last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
}

fn name_of(part: &str) -> &str {
    part.split_once('=').map_or(part, |(name, _)| name)
}

fn is_within(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn lower(name: &str) -> Cow<'_, str> {
    if name
        .bytes()
        .any(|byte| byte.is_ascii_uppercase() || byte == b'%')
    {
        Cow::Owned(
            percent_encoding::percent_decode_str(name)
                .decode_utf8_lossy()
                .to_ascii_lowercase(),
        )
    } else {
        Cow::Borrowed(name)
    }
}

/// `/a;jsessionid=0A1B/b` → `/a/b`: a session's number that stands in the path.
fn without_session(path: &str) -> (Cow<'_, str>, bool) {
    let Some(start) = path
        .find(';')
        .and_then(|_| path.to_ascii_lowercase().find(";jsessionid="))
    else {
        return (Cow::Borrowed(path), false);
    };
    let length = path[start..].find('/').unwrap_or(path.len() - start);
    let rest = format!("{}{}", &path[..start], &path[start + length..]);
    (Cow::Owned(without_session(&rest).0.into_owned()), true)
}

/// Decodes what need not be escaped (RFC 3986 §2.3), writes the hexadecimal digits of the rest in capitals. In a key some
/// more: `!'()*,;:@` mean the same in a path, escaped or not.
pub(super) fn decode_unreserved(text: &str, for_key: bool) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest
            .get(1..3)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(byte) = code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
            out.push('%');
            rest = &rest[1..];
            continue;
        };
        if byte.is_ascii_alphanumeric()
            || b"-._~".contains(&byte)
            || for_key && b"!'()*,;:@".contains(&byte)
        {
            out.push(char::from(byte));
        } else {
            out.push_str(&rest[..3].to_ascii_uppercase());
        }
        rest = &rest[3..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}
