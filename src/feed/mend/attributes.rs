//! Names and attributes: prefixes and namespaces that are meant, attributes as XML wants them.

use super::{MOST_ATTRIBUTES, Mender};
use crate::feed::entities::{self, Reference};
use crate::feed::repairs::Repair;
use crate::feed::vocabulary::{self, Vocabulary};
use crate::feed::xml::{Attributes, split_prefix};
use std::borrow::Cow;
use std::fmt::Write as _;
use url::Url;

impl<'a> Mender<'a> {
    /// The name that feed-rs wants, if another is written.
    pub(super) fn rename(&mut self, name: &str, local: &str) -> Option<String> {
        let (prefix, written) = split_prefix(name);
        if written == local {
            return None;
        }
        let right = vocabulary::spelling(written)?;
        self.repairs.add(Repair::Spelling);
        Some(if prefix.is_empty() {
            right
        } else {
            format!("{prefix}:{right}")
        })
    }

    /// Takes in the namespaces and bases of a start tag; gives back its attributes in a sound form if they are not.
    pub(super) fn attributes(&mut self, attributes: &'a str) -> Option<String> {
        if attributes.trim().is_empty() {
            return None;
        }
        let mut rewrite = false;
        for (count, attribute) in Attributes::new(attributes).enumerate() {
            if count >= MOST_ATTRIBUTES {
                rewrite = true;
                break;
            }
            rewrite |= !attribute.sound;
            rewrite |= attribute.value.contains('&') && !is_plain_references(attribute.value);
            rewrite |= is_known_attribute(attribute.name);
            if attribute.name == "xmlns" || attribute.name.starts_with("xmlns:") {
                let value = attribute.text();
                let prefix = attribute.name.get(6..).unwrap_or("");
                let meant = vocabulary::of_namespace(&value);
                let meant = if value.is_empty() {
                    Vocabulary::Core
                } else {
                    meant
                };
                self.bind(prefix, meant);
                rewrite |= self.right_address(prefix, meant, &value) != value
                    || is_reserved(prefix, &value);
            } else if attribute.name == "xml:base" {
                let value = attribute.text();
                let joined = match self.bases.last() {
                    Some(base) => base.join(value.trim()),
                    None => Url::parse(value.trim()),
                };
                match joined {
                    Ok(base) => self.bases.push(base),
                    Err(url::ParseError::RelativeUrlWithoutBase) => {}
                    Err(_) => {
                        self.repairs.add(Repair::Base);
                        rewrite = true;
                    }
                }
            }
        }
        rewrite.then(|| self.rewritten(attributes))
    }

    pub(super) fn rewritten(&mut self, attributes: &'a str) -> String {
        let mut out = String::with_capacity(attributes.len() + 8);
        for attribute in Attributes::new(attributes).take(MOST_ATTRIBUTES) {
            if !attribute.sound {
                self.repairs.add(Repair::Attribute);
            }
            let name = attribute.name;
            let mut value = attribute.text();
            if name == "xmlns" || name.starts_with("xmlns:") {
                let prefix = name.get(6..).unwrap_or("");
                if is_reserved(prefix, &value) {
                    continue;
                }
                let meant = vocabulary::of_namespace(&value);
                let right = self.right_address(prefix, meant, &value).into_owned();
                value = Cow::Owned(right);
            }
            if name == "xml:base"
                && !matches!(
                    Url::parse(value.trim()),
                    Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase)
                )
            {
                continue;
            }
            push_attribute(&mut out, &attribute_name(name), &value);
        }
        out
    }

    /// What an element is, by its name.
    pub(super) fn meaning(&mut self, name: &'a str) -> (Vocabulary, Cow<'a, str>) {
        let (prefix, local) = split_prefix(name);
        let local = if local.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(local.to_ascii_lowercase())
        } else {
            Cow::Borrowed(local)
        };
        let bound = self.spaces.iter().rev().find(|space| space.0 == prefix);
        let vocabulary = match bound {
            Some(&(_, meant)) => meant,
            None if prefix.is_empty() => Vocabulary::Core,
            None => {
                if prefix != "xml"
                    && !self.undeclared.contains(&prefix)
                    && self.undeclared.len() < 100
                {
                    self.undeclared.push(prefix);
                }
                match vocabulary::of_prefix(prefix) {
                    Some((Vocabulary::Atom, _)) if self.atom() => Vocabulary::Core,
                    Some((Vocabulary::Core, _)) if self.atom() => Vocabulary::Other,
                    Some((meant, _)) => meant,
                    None => Vocabulary::Other,
                }
            }
        };
        (vocabulary, local)
    }
}

/// Whether quick-xml resolves a reference as we do.
pub(super) fn is_known_reference(written: &str, character: char) -> bool {
    if matches!(written, "&amp;" | "&lt;" | "&gt;" | "&quot;" | "&apos;") {
        return true;
    }
    let Some(number) = written
        .strip_prefix("&#")
        .and_then(|rest| rest.strip_suffix(';'))
    else {
        return false;
    };
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.is_ok_and(|code| code > 0 && char::from_u32(code) == Some(character))
}

/// Whether every `&` of a value begins a reference that quick-xml resolves.
pub(super) fn is_plain_references(value: &str) -> bool {
    value.match_indices('&').all(|(place, _)| {
        matches!(entities::reference(&value[place..]), Some((length, Reference::Char(character)))
            if is_known_reference(&value[place..place + length], character))
    })
}

/// Prefixes and addresses that may not be bound.
pub(super) fn is_reserved(prefix: &str, address: &str) -> bool {
    prefix == "xml"
        || prefix == "xmlns"
        || matches!(
            address.trim(),
            "http://www.w3.org/XML/1998/namespace" | "http://www.w3.org/2000/xmlns/"
        )
}

/// Attributes that feed-rs reads, in letters that it does not read.
pub(super) fn is_known_attribute(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase()) && attribute_name(name) != name
}

/// The spelling that feed-rs reads.
pub(super) fn attribute_name(name: &str) -> Cow<'_, str> {
    const KNOWN: &[&str] = &[
        "href", "rel", "type", "url", "length", "term", "label", "title", "domain", "src",
    ];
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = name.to_ascii_lowercase();
        if KNOWN.contains(&lower.as_str()) {
            return Cow::Owned(lower);
        }
    }
    Cow::Borrowed(name)
}

pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) {
    if name.is_empty() || name.contains(['<', '>', '&', '"', '\'']) {
        return;
    }
    let _ = write!(out, " {name}=\"");
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out.push('"');
}
