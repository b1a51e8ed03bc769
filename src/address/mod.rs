//! Web addresses: what to show, what to compare, what kind of thing stands there.
//!
//! - Three forms: [`Address::url`] is what the author wrote, [`Address::display`] is shown, copied
//!   and opened, [`Address::key`] compares and is never opened.
//! - Nothing but `http` and `https` comes out of here.
//! - No network: what a shortener hides stays hidden until somebody visits it.

mod archive;
mod key;
mod kind;
mod lookalike;
mod public;
mod rules;
mod strip;
mod unwrap;

pub use archive::{newest_copy, original, to_visit, year};
pub use kind::Kind;
pub use lookalike::{looks_like, shown_host};
pub use public::is_public;
pub use rules::{Rules, install};

use std::borrow::Cow;
use url::{Host, Url};

/// Where an address was found. Both are optional; they decide relative addresses and by-value rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found<'a> {
    /// The page that the address stood on.
    pub base: Option<&'a Url>,
    /// The feed that the page came in.
    pub feed: Option<&'a Url>,
}

/// An address, cleaned.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// As the author wrote it, made absolute.
    pub url: Url,
    /// Shown, copied and opened.
    pub display: Url,
    /// Compares equal for the same thing; never opened.
    pub key: String,
    /// What stands there.
    pub kind: Kind,
    /// Names of the parameters that were taken away, in order.
    pub removed: Vec<String>,
    /// The wrappers that were taken off, outermost first.
    pub unwrapped_from: Vec<String>,
    /// An affiliate wrapper or tag was seen.
    pub affiliate: bool,
    /// A shortener: only a visit tells where it leads.
    pub short: bool,
    /// `url` is an archive's copy of `display`.
    pub archived: bool,
    /// The host mixes scripts or looks like another, or the address carried a user name: show punycode and a mark.
    pub warned: bool,
}

/// Why a text is no web address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// Not parseable, even against the base.
    #[error("not an address: {0}")]
    Unreadable(String),
    /// Another scheme than http or https.
    #[error("{0}: is not a web address")]
    Scheme(String),
}

/// Cleans an address by the rules in force.
///
/// # Errors
/// When it is none of the web.
pub fn clean(text: &str, found: Found<'_>) -> Result<Address, NotAnAddress> {
    clean_by(Rules::current(), text, found)
}

/// Whether a host ends in a suffix under which domains are registered (public suffix list): `bank.co.uk`, not `node.js`.
pub fn has_known_suffix(host: &str) -> bool {
    psl::suffix(host.to_lowercase().as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// The registrable domain of a host (`bbc.co.uk` of `www.bbc.co.uk`), or the host itself: of a number, and where every
/// subdomain is a site of its own (`name.substack.com`).
pub fn site(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(host)) => {
            let host = host.trim_end_matches('.');
            match psl::domain_str(host) {
                Some(domain)
                    if domain.len() < host.len()
                        && Rules::current().rows(domain).iter().any(|row| row.shared) =>
                {
                    let label = host[..host.len() - domain.len() - 1]
                        .rsplit('.')
                        .next()
                        .unwrap_or_default();
                    if label == "www" {
                        domain.to_owned()
                    } else {
                        format!("{label}.{domain}")
                    }
                }
                Some(domain) => domain.to_owned(),
                None => host.to_owned(),
            }
        }
        Some(_) => url.host_str().unwrap_or_default().to_owned(),
        None => String::new(),
    }
}

/// Whose place an address is: its [`site`], and where many authors share a host (`github.com`), its first segment too.
pub fn home(url: &Url) -> String {
    let site = site(url);
    let rules = Rules::current();
    let first = url
        .path_segments()
        .and_then(|mut parts| parts.next())
        .filter(|first| !first.is_empty());
    match (url.host_str(), first) {
        (Some(host), Some(first)) if rules.rows(host).iter().any(|row| row.path) => {
            format!("{site}/{}", first.to_ascii_lowercase())
        }
        _ => site,
    }
}

/// An address without what may be secret in it (user, password, query), decoded: for logs and bug reports.
pub fn without_secrets(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        return "(an address that cannot be read)".to_owned();
    };
    // Addresses that cannot have a user name do not have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.scheme() == "exec" {
        return "exec:…".to_owned();
    }
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    percent_encoding::percent_decode_str(url.as_str())
        .decode_utf8_lossy()
        .into_owned()
}

/// Whether a host delivers the feeds of others, and so is never the site of one.
pub fn is_proxy(host: &str) -> bool {
    Rules::current().rows(host).iter().any(|row| row.proxy)
}

/// A wrapper in a wrapper in a wrapper: more than these is somebody's game.
const UNWRAP_AT_MOST: usize = 4;

fn clean_by(rules: &Rules, text: &str, found: Found<'_>) -> Result<Address, NotAnAddress> {
    let text = mended(text);
    let url = match Url::parse(&text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => match found.base {
            Some(base) => base
                .join(&text)
                .map_err(|_| NotAnAddress::Unreadable(text.to_string()))?,
            None => return Err(NotAnAddress::Unreadable(text.to_string())),
        },
        Err(_) => return Err(NotAnAddress::Unreadable(text.to_string())),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NotAnAddress::Scheme(url.scheme().to_owned()));
    }
    let mut address = Address {
        display: url.clone(),
        url,
        key: String::new(),
        kind: Kind::Article,
        removed: Vec::new(),
        unwrapped_from: Vec::new(),
        affiliate: false,
        short: false,
        archived: false,
        warned: false,
    };
    address.warned |= strip::normalise(&mut address.display, &mut address.removed);
    take_off_wrappers(rules, &mut address);

    let host = address.display.host_str().unwrap_or_default().to_owned();
    let rows = rules.rows(&host);
    strip::strip(rules, &rows, &mut address, found);
    address.short = address.display.path().len() > 1 && rows.iter().any(|row| row.short);
    address.affiliate |= rows.iter().any(|row| row.affiliate);
    address.warned |= lookalike::is_suspicious(&host);
    // A host whose letters are coded longer than a label may be is written, and never read again; and names of the web are
    // of letters, digits and hyphens (RFC 1123, 2.1; underscores are seen), though the URL standard lets more through.
    if !is_name(&host) || (host.contains("xn--") && Url::parse(address.display.as_str()).is_err()) {
        return Err(NotAnAddress::Unreadable(text.to_string()));
    }
    address.key = key::key(rules, &rows, &address.display);
    address.kind = kind::kind(rules, &rows, &address.display, &address.key);
    Ok(address)
}

/// Whether a host can be one: a name, or an address in numbers.
fn is_name(host: &str) -> bool {
    let numbers = host.starts_with('[');
    host.chars().all(|c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') || (numbers && "[]:".contains(c))
    })
}

/// Follows wrappers inwards. What is still a wrapper after [`UNWRAP_AT_MOST`] steps is left as it was written, so that
/// cleaning twice gives what cleaning once gave.
fn take_off_wrappers(rules: &Rules, address: &mut Address) {
    let mut current = address.display.clone();
    let mut from = Vec::new();
    let (mut affiliate, mut archived, mut warned) = (false, false, false);
    let mut removed = Vec::new();
    while let Some(inner) = unwrap::unwrap(rules, &current) {
        if from.len() == UNWRAP_AT_MOST {
            return;
        }
        from.push(current.host_str().unwrap_or_default().to_owned());
        affiliate |= inner.affiliate;
        archived |= inner.archived;
        current = inner.url;
        removed.clear();
        warned |= strip::normalise(&mut current, &mut removed);
    }
    if !from.is_empty() {
        address.display = current;
        address.unwrapped_from = from;
        address.removed = removed;
    }
    address.affiliate |= affiliate;
    address.archived |= archived;
    address.warned |= warned;
}

/// Feeds escape addresses once too often: `&amp;` in an address is never meant.
fn mended(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let mut text = Cow::Borrowed(text);
    // These mean nothing within an address (URL standard, 4.4), and could stand within an escape.
    if text.contains(['\t', '\n', '\r']) {
        text = Cow::Owned(text.replace(['\t', '\n', '\r'], ""));
    }
    for escape in ["&amp;", "&#038;", "&#38;", "&#x26;"] {
        while text.contains(escape) {
            text = Cow::Owned(text.replace(escape, "&"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
