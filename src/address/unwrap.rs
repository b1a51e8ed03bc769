//! Wrappers: addresses that carry another one, and lead to it.

use super::rules::{How, Rules, Unwrap};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// What a wrapper held.
pub(super) struct Inner {
    pub url: Url,
    pub affiliate: bool,
    pub archived: bool,
}

/// Takes one wrapper off, if the address is one.
pub(super) fn unwrap(rules: &Rules, outer: &Url) -> Option<Inner> {
    let Some(Host::Domain(host)) = outer.host() else {
        return None;
    };
    let rows = rules.rows(host);
    let here = rows.iter().flat_map(|row| row.unwraps.iter());
    // A page that only looks like a wrapper has to carry an absolute address.
    let carries = outer.query().is_some_and(|query| query.contains("=http"));
    let anywhere = rules.unwraps_anywhere.iter().filter(|_| carries);
    here.chain(anywhere)
        .map(|place| &rules.unwraps[*place])
        .find_map(|row| by_row(row, outer))
}

fn by_row(row: &Unwrap, outer: &Url) -> Option<Inner> {
    let path = outer.path();
    let matched = match &row.path {
        Some(pattern) => Some(pattern.regex().captures(path)?),
        None => None,
    };
    let text = match row.how {
        How::Param => row.params.iter().find_map(|name| {
            let value = param(outer, name)?;
            let value = row
                .cut
                .as_deref()
                .and_then(|cut| value.rsplit_once(cut))
                .filter(|(before, _)| before.len() > 8)
                .map_or(value.as_str(), |(before, _)| before);
            Some(once_more(value)).filter(|value| is_absolute(value))
        })?,
        How::Rest => {
            let end = matched
                .as_ref()
                .and_then(|found| found.get(0))
                .map_or(0, |found| found.end());
            let rest = once_more(&after_path(outer, &path[end..]));
            let plain = matched
                .as_ref()
                .is_some_and(|found| found.len() > 1 && found.get(1).is_none());
            with_scheme(&rest, if plain { "http" } else { "https" })?
        }
        How::Capture => once_more(
            &percent_decode_str(&after_path(outer, matched?.get(1)?.as_str()))
                .decode_utf8()
                .ok()?,
        ),
        How::Query => once_more(outer.query()?),
        How::Base64 => row
            .params
            .iter()
            .find_map(|name| decoded(param(outer, name)?.strip_prefix(&*row.prefix)?))?,
        How::GoogleNews => google_news(matched?.get(1)?.as_str())?,
        How::Proofpoint2 => {
            let value = row.params.iter().find_map(|name| raw_param(outer, name))?;
            percent_decode_str(&value.replace('-', "%").replace('_', "/"))
                .decode_utf8()
                .ok()?
                .into_owned()
        }
        How::Proofpoint3 => proofpoint_3(outer.as_str())?,
    };
    let url = target(&text)?;
    if url == *outer || (row.other_site && super::site(&url) == super::site(outer)) {
        return None;
    }
    Some(Inner {
        url,
        affiliate: row.affiliate,
        archived: row.archived,
    })
}

/// What may come out: an address of the web at a host with a dot.
fn target(text: &str) -> Option<Url> {
    let text = super::mended(text);
    let text = if text.starts_with("//") {
        format!("https:{text}").into()
    } else {
        text
    };
    let url = Url::parse(&text).ok()?;
    let dotted =
        matches!(url.host(), Some(Host::Domain(host)) if host.trim_matches('.').contains('.'));
    (matches!(url.scheme(), "http" | "https") && dotted).then_some(url)
}

fn is_absolute(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://") || start.starts_with("//")
}

/// Some wrappers escape twice.
fn once_more(text: &str) -> String {
    let text = text.trim();
    let start = text.get(..12).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("http%3a")
        || start.starts_with("https%3a")
        || start.starts_with("http:%2f")
        || start.starts_with("https:%2f")
    {
        percent_decode_str(text).decode_utf8_lossy().into_owned()
    } else {
        text.to_owned()
    }
}

/// The end of a path, with query and fragment: an address that is appended as it is.
fn after_path(outer: &Url, rest: &str) -> String {
    let mut text = rest.to_owned();
    if let Some(query) = outer.query() {
        text.push('?');
        text.push_str(query);
    }
    if let Some(fragment) = outer.fragment() {
        text.push('#');
        text.push_str(fragment);
    }
    text
}

/// An appended address may have lost its scheme, or one of its slashes. Without a scheme, its host has to end as hosts do.
fn with_scheme(rest: &str, scheme: &str) -> Option<String> {
    let start = rest.get(..6).unwrap_or(rest).to_ascii_lowercase();
    if start.starts_with("http:/") || start.starts_with("https:") {
        let (scheme, rest) = rest.split_once(':')?;
        return Some(format!("{scheme}://{}", rest.trim_start_matches('/')));
    }
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let known =
        host.contains('.') && psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known());
    known.then(|| format!("{scheme}://{rest}"))
}

/// The first value of a parameter, decoded once. A `+` stays: these values are addresses.
fn param(url: &Url, name: &str) -> Option<String> {
    raw_param(url, name).map(|value| percent_decode_str(value).decode_utf8_lossy().into_owned())
}

fn raw_param<'a>(url: &'a Url, name: &str) -> Option<&'a str> {
    url.query()?
        .split('&')
        .filter_map(|part| part.split_once('='))
        .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value)
}

fn decoded(text: &str) -> Option<String> {
    let text = text.trim_end_matches('=');
    let bytes = BASE64URL_NOPAD
        .decode(text.as_bytes())
        .or_else(|_| BASE64_NOPAD.decode(text.as_bytes()))
        .ok()?;
    String::from_utf8(bytes).ok()
}

/// Older links of the news service are a base64url message: the bytes `22`, length, address.
fn google_news(number: &str) -> Option<String> {
    let bytes = BASE64URL_NOPAD.decode(number.as_bytes()).or_else(|_| {
        // The last group may hold bits that mean nothing.
        BASE64URL_NOPAD.decode(
            number
                .as_bytes()
                .get(..number.len() / 4 * 4)
                .unwrap_or_default(),
        )
    });
    let bytes = bytes.ok()?;
    let at = bytes.windows(4).position(|window| window == b"http")?;
    let length = usize::from(*bytes.get(at.checked_sub(1)?)?);
    let address = bytes[at..].get(..length).unwrap_or(&bytes[at..]);
    let address: Vec<u8> = address
        .iter()
        .copied()
        .take_while(|byte| (0x21..0x7f).contains(byte))
        .collect();
    String::from_utf8(address).ok()
}

/// `…/v3/__ADDRESS__;BASE64!!…`: every `*` of the address stands for the next byte of the base64 part, `**` and a letter for a
/// run of them.
fn proofpoint_3(outer: &str) -> Option<String> {
    let (_, rest) = outer.split_once("/v3/__")?;
    let (address, rest) = rest.rsplit_once("__;")?;
    let hidden = rest.split("!!").next().unwrap_or_default();
    let hidden = BASE64URL_NOPAD
        .decode(hidden.trim_end_matches('=').as_bytes())
        .unwrap_or_default();
    let mut hidden = hidden.as_slice();
    let mut out = Vec::with_capacity(address.len());
    let mut bytes = address.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'*' || hidden.is_empty() {
            out.push(byte);
            continue;
        }
        let mut run = 1;
        if bytes.peek() == Some(&b'*') {
            bytes.next();
            run = bytes.next().and_then(run_length)?;
        }
        let (now, later) = hidden.split_at(run.min(hidden.len()));
        out.extend_from_slice(now);
        hidden = later;
    }
    let text = String::from_utf8(out).ok()?;
    // The path of an address joins slashes only where a browser rewrote it.
    with_scheme(&text, "https")
}

/// The filter's own way to write a number in one letter: `A` is 2.
fn run_length(letter: u8) -> Option<usize> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    LETTERS
        .iter()
        .position(|other| *other == letter)
        .map(|place| place + 2)
}
