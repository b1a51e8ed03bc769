//! The end: patches are laid into the text, and the skeleton is made whole.

use super::attributes::push_attribute;
use super::root::Kind;
use super::{Mended, Mender};
use crate::feed::repairs::Repair;
use crate::feed::vocabulary;
use crate::feed::xml::split_prefix;
use std::borrow::Cow;
use std::fmt::Write as _;

impl<'a> Mender<'a> {
    pub(super) fn finish(mut self) -> Mended<'a> {
        let wrap = !self.atom()
            && (matches!(self.kind, Kind::Rdf | Kind::Channel)
                || self.outside
                || self.channel_tags.is_empty());
        if self.outside && self.kind == Kind::Rss {
            self.repairs.add(Repair::OutsideChannel);
        }
        if wrap {
            for range in std::mem::take(&mut self.channel_tags) {
                self.patch(range, "");
            }
        } else {
            for (place, range) in std::mem::take(&mut self.channel_tags)
                .into_iter()
                .enumerate()
            {
                let tag = if place % 2 == 0 {
                    "<channel>"
                } else {
                    "</channel>"
                };
                if self.text[range.clone()] != *tag {
                    self.patch(range, tag);
                }
            }
        }
        for prefix in &self.undeclared {
            let address = vocabulary::of_prefix(prefix).map_or("urn:undeclared", |known| known.1);
            if vocabulary::of_prefix(prefix).is_some() {
                self.repairs.add(Repair::Prefix);
            }
            self.root_attributes
                .push((Cow::Owned(format!("xmlns:{prefix}")), address.to_owned()));
            self.root_rewritten = true;
        }
        let has_channel = !wrap && !self.atom();
        let mut closers = self
            .closers
            .replace('\u{0}', if has_channel { "</channel>" } else { "" });
        let text = if self.patches.is_empty() && closers.is_empty() && !self.root_rewritten && !wrap
        {
            let end = self.text[self.end..]
                .find('>')
                .map_or(self.text.len(), |length| self.end + length + 1);
            Cow::Borrowed(&self.text[self.root_range.start..end])
        } else {
            let name = match self.kind {
                Kind::Rss | Kind::Rdf | Kind::Channel => "rss".to_owned(),
                Kind::Feed | Kind::Entry => match split_prefix(self.root_name).0 {
                    "" => "feed".to_owned(),
                    prefix => format!("{prefix}:feed"),
                },
            };
            let mut out = self.root_tag(&name);
            if wrap {
                out.push_str("<channel>");
            }
            let body = self.body();
            out.push_str(&body);
            if wrap {
                closers.push_str("</channel>");
            }
            let _ = write!(closers, "</{name}>");
            out.push_str(&closers);
            Cow::Owned(out)
        };
        Mended {
            text,
            format: self.format(),
            version: self.version,
            feed: self.feed,
            entries: self.entries,
            repairs: self.repairs,
        }
    }

    pub(super) fn root_tag(&self, name: &str) -> String {
        let mut out = format!("<{name}");
        let mut seen: Vec<&str> = Vec::new();
        let mut version = false;
        for (name, value) in &self.root_attributes {
            if seen.contains(&name.as_ref()) {
                continue;
            }
            seen.push(name);
            if name.eq_ignore_ascii_case("version") && !self.atom() {
                if version || !matches!(value.trim(), "2.0" | "0.91" | "0.92") {
                    continue;
                }
                version = true;
            }
            push_attribute(&mut out, name, value);
        }
        if !self.atom() && !version {
            out.push_str(" version=\"2.0\"");
        }
        if self.kind == Kind::Entry {
            out.push_str(" xmlns=\"http://www.w3.org/2005/Atom\"");
        }
        out.push('>');
        out
    }

    /// What stands between the root's tags, patched.
    pub(super) fn body(&mut self) -> String {
        let mut patches = std::mem::take(&mut self.patches);
        // At one place insertions come first, then the longest: it swallows what is inside it.
        patches.sort_by_key(|patch| {
            (
                patch.range.start,
                !patch.range.is_empty(),
                std::cmp::Reverse(patch.range.end),
            )
        });
        let mut out = String::with_capacity(self.end.saturating_sub(self.root_range.end));
        let mut done = self.root_range.end;
        for patch in patches {
            if patch.range.start < done || patch.range.end > self.end.max(patch.range.start) {
                continue;
            }
            if patch.range.start >= self.end
                && !(patch.range.is_empty() && patch.range.start == self.end)
            {
                break;
            }
            out.push_str(&self.text[done..patch.range.start]);
            out.push_str(&patch.with);
            done = patch.range.end;
        }
        if done < self.end {
            out.push_str(&self.text[done..self.end]);
        }
        out
    }
}
