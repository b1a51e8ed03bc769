//! The form of an address that compares equal for the same thing.

use super::rules::{KeyRow, Rows, Rules, suffixes};
use super::strip::{decode_unreserved, is_signed, leaves_key};
use regex::Captures;
use std::borrow::Cow;
use std::fmt::Write as _;
use url::{Host, Url};

/// Key of an address in its shown form: by the rows of its site, else the generic one.
pub(super) fn key(rules: &Rules, rows: &Rows<'_>, display: &Url) -> String {
    let host = host(rules, display);
    let path = decode_unreserved(display.path(), true);
    let path = path.trim_end_matches('/');
    let path = if path.is_empty() { "/" } else { path };
    let of_alias = rules.rows(&host);
    for row in of_alias.iter().chain(rows.iter()) {
        for place in &row.keys {
            match by_row(&rules.keys[*place], &host, path, display) {
                Found::No => {}
                Found::Generic => return generic(rules, rows, &host, display),
                Found::Key(key) => return key,
            }
        }
    }
    generic(rules, rows, &host, display)
}

enum Found {
    No,
    Generic,
    Key(String),
}

fn by_row(row: &KeyRow, host: &str, path: &str, display: &Url) -> Found {
    let Some(groups) = row.path.regex().captures(path) else {
        return Found::No;
    };
    let mut param = Cow::Borrowed("");
    if !row.params.is_empty() {
        let mut pairs = display.query_pairs();
        let value = pairs.find_map(|(name, value)| {
            row.params
                .iter()
                .any(|asked| name.eq_ignore_ascii_case(asked))
                .then_some(value)
        });
        let Some(value) = value.filter(|value| {
            !value.is_empty()
                && row
                    .value
                    .as_ref()
                    .is_none_or(|value_is| value_is.regex().is_match(value))
        }) else {
            return Found::No;
        };
        param = value;
    }
    match &row.key {
        None => Found::Generic,
        Some(template) => Found::Key(filled(template, &groups, &param, host)),
    }
}

/// Fills `{1}` (a group), `{p}` (the parameter), `{h}` (the host); `l` and `u` behind them change the case.
fn filled(template: &str, groups: &Captures<'_>, param: &str, host: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, (slot, after))) = rest
        .split_once('{')
        .and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        out.push_str(before);
        let (what, case) = slot.split_at(slot.len().min(1));
        let value = match what {
            "p" => param,
            "h" => host,
            number => number
                .parse()
                .ok()
                .and_then(|number| groups.get(number))
                .map_or("", |group| group.as_str()),
        };
        // A slash that was escaped in the address is one in a name.
        let value = value.replace("%2F", "/");
        match case {
            "l" => out.push_str(&value.to_lowercase()),
            "u" => out.push_str(&value.to_uppercase()),
            _ => out.push_str(&value),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The host of a key: small letters, no `www.` or the like while a registrable domain remains, one name for many.
fn host(rules: &Rules, display: &Url) -> String {
    let host = match display.host() {
        Some(Host::Domain(host)) => host.trim_end_matches('.'),
        Some(_) | None => return display.host_str().unwrap_or_default().to_owned(),
    };
    let host = renamed(rules, without_prefixes(host));
    renamed(rules, without_prefixes(&host)).into_owned()
}

fn without_prefixes(host: &str) -> &str {
    let mut host = host;
    while let Some((label, rest)) = host.split_once('.') {
        let www = label
            .strip_prefix("www")
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let small = matches!(label, "m" | "mobile" | "amp" | "touch");
        if !(www || small) || psl::domain_str(rest).is_none() {
            break;
        }
        host = rest;
    }
    host
}

fn renamed<'a>(rules: &Rules, host: &'a str) -> Cow<'a, str> {
    for from in suffixes(host) {
        if let Some(to) = rules.alias(from) {
            return Cow::Owned(format!("{}{to}", &host[..host.len() - from.len()]));
        }
    }
    Cow::Borrowed(host)
}

fn generic(rules: &Rules, rows: &Rows<'_>, host: &str, display: &Url) -> String {
    let mut key = String::with_capacity(display.as_str().len());
    key.push_str(host);
    if let Some(port) = display.port() {
        let _ = write!(key, ":{port}");
    }
    for segment in segments(display.path()) {
        key.push('/');
        key.push_str(&segment);
    }
    if let Some(query) = display.query() {
        let whole = is_signed(rules, query);
        let parts = query
            .split('&')
            .filter(|part| !part.is_empty() && (whole || !leaves_key(rules, rows, display, part)));
        let mut parts: Vec<String> = parts
            .map(|part| decode_unreserved(part, false).replace('+', "%20"))
            .collect();
        parts.sort_unstable();
        for (place, part) in parts.iter().enumerate() {
            key.push(if place == 0 { '?' } else { '&' });
            key.push_str(part);
        }
    }
    if let Some(fragment) = display
        .fragment()
        .filter(|fragment| fragment.starts_with(['!', '/']))
    {
        key.push('#');
        key.push_str(fragment);
    }
    key
}

/// The parts of a path that tell pages apart: no empty ones, no file name that a server adds by itself, no ending that the
/// page's form for telephones has.
fn segments(path: &str) -> Vec<Cow<'_, str>> {
    let mut segments: Vec<Cow<'_, str>> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| decode_unreserved(segment, true))
        .collect();
    while let Some(last) = segments.pop() {
        let lower = last.to_ascii_lowercase();
        if lower == "amp"
            || lower.strip_prefix("index.").is_some_and(|ending| {
                (2..=5).contains(&ending.len())
                    && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
        {
            continue;
        }
        if let Some(ending) = [".html", ".htm", ".amp"]
            .into_iter()
            .find(|ending| lower.len() > ending.len() && lower.ends_with(ending))
        {
            segments.push(Cow::Owned(last[..last.len() - ending.len()].to_owned()));
            continue;
        }
        segments.push(last);
        break;
    }
    segments
}
