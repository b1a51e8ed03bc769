//! What one element says: text, HTML, dates, persons, addresses.

use super::Written;
use crate::feed::dates;
use crate::feed::entities;
use crate::feed::markup;
use crate::feed::mend::Leaf;
use crate::feed::repairs::{Repair, Repairs};
use crate::feed::xml::{Attributes, Token, Tokens, split_prefix};
use chrono::{DateTime, Utc};

impl Leaf<'_> {
    /// The value of an attribute, trimmed, if it is there and not empty.
    pub(in crate::feed) fn attribute(&self, name: &str) -> Option<String> {
        attribute(self.attributes, name)
    }

    /// Its text, entities resolved, tags dropped.
    pub(in crate::feed) fn text(&self) -> String {
        if self.markup {
            return markup::plain(&markup::from_xml(self.inner))
                .trim()
                .to_owned();
        }
        character_data(self.inner)
    }

    /// Its text, if there is any, trimmed.
    pub(in crate::feed) fn some_text(&self) -> Option<String> {
        let text = self.text();
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// HTML, written with or without escaping.
    pub(in crate::feed) fn html(&self) -> Written {
        if self.markup {
            Written::html(markup::from_xml(self.inner).trim())
        } else {
            Written::html(self.text())
        }
    }

    pub(in crate::feed) fn date(&self, repairs: &mut Repairs) -> Option<DateTime<Utc>> {
        let text = self.some_text()?;
        let date = dates::parse(&text);
        if date.is_none() {
            repairs.add(Repair::Dates);
        }
        date
    }

    /// A text of Atom that feed-rs can't be trusted with; `None` if it can.
    pub(in crate::feed) fn construct(&self, repairs: &mut Repairs) -> Option<Written> {
        let kind =
            Attributes::get(self.attributes, "type").map(|kind| kind.trim().to_ascii_lowercase());
        let written_kind = Attributes::get(self.attributes, "type");
        let mode = self.attribute("mode").map(|mode| mode.to_ascii_lowercase());
        let known = matches!(
            written_kind.as_deref(),
            None | Some("text" | "html" | "text/html")
        );
        if !self.markup && mode.is_none() && known && self.attribute("src").is_none() {
            return None;
        }
        let kind = kind.unwrap_or_default();
        let is_html = kind.contains("html");
        let is_text = matches!(kind.as_str(), "text" | "text/plain" | "plain")
            || (kind.is_empty() && written_kind.is_none());
        if self.markup {
            if is_text || kind == "html" {
                repairs.add(Repair::Markup);
            }
            let html = markup::from_xml(self.inner);
            return Some(Written::html(without_div(html.trim())));
        }
        let text = self.text();
        let is_binary = mode.as_deref() == Some("base64")
            || (!is_html
                && !is_text
                && kind.contains('/')
                && !kind.starts_with("text/")
                && !kind.ends_with("xml"));
        if is_binary && let Some(decoded) = base64(&text) {
            return Some(Written {
                html: is_html || markup::looks_like_html(&decoded),
                text: decoded,
            });
        }
        if is_text {
            return Some(Written::plain(text));
        }
        if kind.contains("xhtml") {
            return Some(Written::plain(text));
        }
        if is_html {
            return Some(Written::html(text));
        }
        repairs.add(Repair::TextType);
        Some(Written {
            html: markup::looks_like_html(&text),
            text,
        })
    }

    /// The name of a person, as Atom or as RSS writes it.
    pub(in crate::feed) fn person(&self) -> Option<String> {
        if self.markup {
            let (mut name, mut email) = (None, None);
            let mut open = "";
            for (token, _) in Tokens::new(self.inner) {
                match token {
                    Token::Start { name, closed, .. } => {
                        open = if closed { "" } else { split_prefix(name).1 }
                    }
                    Token::End { .. } => open = "",
                    Token::Text(text) => match open {
                        "name" => push_text(&mut name, &entities::decode(text)),
                        "email" => push_text(&mut email, &entities::decode(text)),
                        _ => {}
                    },
                    Token::CData { text, .. } => match open {
                        "name" => push_text(&mut name, text),
                        "email" => push_text(&mut email, text),
                        _ => {}
                    },
                    _ => {}
                }
            }
            return name
                .filter(|name| !name.trim().is_empty())
                .or(email)
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .or_else(|| self.some_text());
        }
        person(&self.some_text()?)
    }
}

fn push_text(place: &mut Option<String>, text: &str) {
    place.get_or_insert_default().push_str(text);
}

/// The name in `name <a@b>`, `a@b (name)`, `a@b`.
pub(in crate::feed) fn person(text: &str) -> Option<String> {
    let text = text.trim();
    let quotes: &[char] = &['"', '\'', ' ', ',', ';'];
    let name = if let Some((before, after)) = text.split_once('(')
        && before.contains('@')
        && let Some((inner, _)) = after.rsplit_once(')')
    {
        inner
    } else if let Some((before, after)) = text.split_once('<')
        && after.contains('@')
    {
        if before.trim_matches(quotes).is_empty() {
            after.trim_end_matches('>')
        } else {
            before
        }
    } else if let Some((before, after)) = text.split_once('(')
        && after.contains('@')
    {
        before
    } else {
        // `a@b.org Name`
        match text.split_once(char::is_whitespace) {
            Some((first, rest)) if first.contains('@') && !rest.trim().is_empty() => rest,
            _ => text,
        }
    };
    let name = name.trim_matches(quotes);
    let name = if name.is_empty() { text } else { name };
    let name = name.strip_prefix("mailto:").unwrap_or(name);
    (!name.is_empty()).then(|| markup::plain(name).trim().to_owned())
}

/// Text and CDATA, entities of the first resolved.
pub(super) fn character_data(inner: &str) -> String {
    if !inner.contains('<') {
        return entities::decode(inner).into_owned();
    }
    let mut out = String::with_capacity(inner.len());
    for (token, _) in Tokens::new(inner) {
        match token {
            Token::Text(text) => out.push_str(&entities::decode(text)),
            Token::CData { text, .. } => out.push_str(text),
            _ => {}
        }
    }
    out
}

pub(in crate::feed) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let value = Attributes::get(attributes, name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// XHTML without the one `div` that Atom puts around it.
pub(super) fn without_div(html: &str) -> &str {
    let inner = || {
        let rest = html.strip_prefix("<div")?;
        if !rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace()) {
            return None;
        }
        let inner = rest.split_once('>')?.1.strip_suffix("</div>")?;
        // The last end tag is the first one's only if nothing closes before.
        let mut depth = 0_i32;
        for (token, _) in Tokens::new(inner) {
            match token {
                Token::Start {
                    name: "div",
                    closed: false,
                    ..
                } => depth += 1,
                Token::End { name: "div" } => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return None;
            }
        }
        Some(inner.trim())
    };
    inner().unwrap_or(html)
}

/// Text in base64, which Atom 0.3 and odd types use.
pub(super) fn base64(text: &str) -> Option<String> {
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let bytes = data_encoding::BASE64.decode(&packed).ok()?;
    String::from_utf8(bytes).ok()
}

/// The text of the first element of that name.
pub(super) fn inner_text(inner: &str, name: &str) -> Option<String> {
    let mut inside = false;
    for (token, _) in Tokens::new(inner) {
        match token {
            Token::Start { name: found, .. } => {
                inside = split_prefix(found).1.eq_ignore_ascii_case(name);
            }
            Token::Text(text) if inside && !text.trim().is_empty() => {
                return Some(entities::decode(text.trim()).into_owned());
            }
            Token::CData { text, .. } if inside && !text.trim().is_empty() => {
                return Some(text.trim().to_owned());
            }
            Token::End { .. } => inside = false,
            _ => {}
        }
    }
    None
}

/// An address whose scheme was forgotten: `example.org/page`, where the first part can be nothing but a host.
///
/// A file name is no host, and many suffixes are domains too (`readme.md`): so a path must follow, or `www.` come first.
pub(in crate::feed) fn hidden_host(text: &str) -> Option<String> {
    let (host, path) = text.split_once('/')?;
    if host.is_empty()
        || host.contains([':', '?', '#', '@', ' '])
        || !host.contains('.')
        || path.starts_with('/')
    {
        return None;
    }
    let is_host = host.starts_with("www.")
        || psl::suffix(host.as_bytes())
            .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes().len() < host.len());
    is_host.then(|| format!("https://{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_person(text: &str, expected: &str) {
        assert_eq!(person(text).as_deref(), Some(expected));
    }

    #[test]
    fn a_person_is_the_name_beside_the_address() {
        check_person("me@example.org (Ann Example)", "Ann Example");
        check_person("Ann Example <me@example.org>", "Ann Example");
        check_person("Ann Example (me@example.org)", "Ann Example");
        check_person("me@example.org Ann Example", "Ann Example");
        check_person("me@example.org", "me@example.org");
        check_person("mailto:me@example.org", "me@example.org");
        check_person("me@example.org\u{b7}Ünal", "me@example.org\u{b7}Ünal");
        check_person("<me@example.org>", "me@example.org");
    }

    #[test]
    fn a_host_without_its_scheme_is_found() {
        assert_eq!(
            hidden_host("example.org/page").as_deref(),
            Some("https://example.org/page")
        );
        assert_eq!(hidden_host("readme.md"), None);
        assert_eq!(hidden_host("notes/readme.md"), None);
        assert_eq!(hidden_host("/example.org/page"), None);
        assert_eq!(hidden_host("http://example.org/page"), None);
    }

    #[test]
    fn only_the_div_around_everything_goes() {
        assert_eq!(without_div("<div class='x'><p>a</p></div>"), "<p>a</p>");
        assert_eq!(
            without_div("<div>a</div><div>b</div>"),
            "<div>a</div><div>b</div>"
        );
        assert_eq!(without_div("<p>a</p>"), "<p>a</p>");
    }
}
