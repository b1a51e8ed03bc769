//! Mends a feed in XML before feed-rs reads it, and picks up what feed-rs does not tell.
//!
//! - One pass over the text, linear, without a tree. Repairs are patches: places and what to put there. Where
//!   there is nothing to mend, nothing is copied.
//! - What comes out is well-formed, its namespaces are those that feed-rs knows, its RSS is always
//!   `rss > channel > item`, and it holds nothing that would make feed-rs refuse the whole feed.
//! - What this pass reads itself ([`Extra`], [`FeedExtra`]) it takes out of what feed-rs sees, so no fact is read
//!   twice. Extras and the entries of feed-rs come in the same order and number.
//! - Depth, number of entries and number of attributes have limits; what is beyond them is left out.

mod attributes;
mod finish;
mod root;

use attributes::{is_known_reference, is_reserved};
use root::{Kind, Root, find_root};

use super::FeedError;
use super::dates;
use super::entities::{self, Reference};
use super::entry::Format;
use super::extra::{Extra, FeedExtra, attribute};
use super::repairs::{Repair, Repairs};
use super::vocabulary::{self, Vocabulary};
use super::xml::{Attributes, Token, Tokens, split_prefix};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use url::Url;

/// Entries that are read from one feed.
pub(super) const MOST_ENTRIES: usize = 20_000;
/// Depth of elements.
const DEEPEST: usize = 48;
/// Attributes of one tag: quick-xml compares each with each.
const MOST_ATTRIBUTES: usize = 64;

/// A feed that feed-rs can read, and what it will not tell of it.
pub(super) struct Mended<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) format: Format,
    /// As said, `""` if nothing is said.
    pub(super) version: String,
    pub(super) feed: FeedExtra,
    /// One for each entry that feed-rs will find, in the same order.
    pub(super) entries: Vec<Extra>,
    pub(super) repairs: Repairs,
}

/// Mends. `base` is the address of the feed.
pub(super) fn mend<'a>(text: &'a str, base: &Url) -> Result<Mended<'a>, FeedError> {
    let root = find_root(text)?;
    let mut mender = Mender::new(text, base, &root);
    mender.run();
    Ok(mender.finish())
}

struct Patch {
    range: Range<usize>,
    with: Cow<'static, str>,
}

/// Where the pass stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Root,
    Channel,
    Item,
    Skip,
}

struct Open<'a> {
    name: &'a str,
    /// The name in what comes out, if it is another.
    renamed: Option<String>,
    role: Role,
    /// Lengths of the stacks of namespaces and bases before it.
    outer: (usize, usize),
}

/// An element that was read from its start tag to its end.
pub(super) struct Leaf<'a> {
    pub(super) vocabulary: Vocabulary,
    /// Without prefix, in lower case.
    pub(super) local: Cow<'a, str>,
    pub(super) attributes: &'a str,
    /// Where its text stands, in `text`.
    pub(super) inner: &'a str,
    /// Whether elements stand in it.
    pub(super) markup: bool,
    /// The base in force for what stands in it, where the feed names one.
    pub(super) base: Option<Url>,
    name: &'a str,
    outer: Range<usize>,
    inner_start: usize,
    closed: bool,
    whole: bool,
}

/// Whether feed-rs is to see an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Take,
}

struct Mender<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    kind: Kind,
    root_name: &'a str,
    root_range: Range<usize>,
    root_attributes: Vec<(Cow<'a, str>, String)>,
    root_rewritten: bool,
    version: String,
    patches: Vec<Patch>,
    stack: Vec<Open<'a>>,
    spaces: Vec<(&'a str, Vocabulary)>,
    bases: Vec<Url>,
    undeclared: Vec<&'a str>,
    feed: FeedExtra,
    entry: Extra,
    entries: Vec<Extra>,
    entry_start: usize,
    channel_tags: Vec<Range<usize>>,
    outside: bool,
    repairs: Repairs,
    /// Where the feed ends in `text`, and what must still be closed there.
    end: usize,
    closers: String,
}

impl<'a> Mender<'a> {
    fn new(text: &'a str, base: &Url, root: &Root<'a>) -> Self {
        let synthetic = matches!(root.kind, Kind::Entry | Kind::Channel);
        let start = if synthetic {
            root.range.start
        } else {
            root.range.end
        };
        let mut mender = Mender {
            text,
            tokens: Tokens::starting_at(text, start),
            kind: root.kind,
            root_name: root.name,
            root_range: root.range.start..start,
            root_attributes: Vec::new(),
            root_rewritten: synthetic,
            version: String::new(),
            patches: Vec::new(),
            stack: Vec::new(),
            spaces: Vec::new(),
            bases: Vec::new(),
            undeclared: Vec::new(),
            feed: FeedExtra::default(),
            entry: Extra::default(),
            entries: Vec::new(),
            entry_start: 0,
            channel_tags: Vec::new(),
            outside: false,
            repairs: root.repairs,
            end: text.len(),
            closers: String::new(),
        };
        if synthetic {
            mender.root_name = if root.kind == Kind::Entry {
                "feed"
            } else {
                "rss"
            };
        } else {
            mender.root(root, base);
        }
        mender.stack.push(Open {
            name: mender.root_name,
            renamed: None,
            role: Role::Root,
            outer: (0, 0),
        });
        if root.closed && !synthetic {
            mender.end = root.range.end;
            mender.tokens = Tokens::starting_at(text, text.len());
        }
        mender
    }

    fn atom(&self) -> bool {
        matches!(self.kind, Kind::Feed | Kind::Entry)
    }

    fn format(&self) -> Format {
        if self.atom() {
            Format::Atom
        } else {
            Format::Rss
        }
    }

    /// Reads the start tag of the root.
    fn root(&mut self, root: &Root<'a>, base: &Url) {
        let mut version = String::new();
        let mut namespace = String::new();
        let prefix = split_prefix(root.name).0;
        for attribute in Attributes::new(root.attributes).take(MOST_ATTRIBUTES) {
            let value = attribute.text();
            let lower = attribute.name.to_ascii_lowercase();
            self.root_rewritten |= !attribute.sound;
            if !attribute.sound {
                self.repairs.add(Repair::Attribute);
            }
            if lower == "xmlns" || lower.strip_prefix("xmlns:").is_some() {
                let bound = attribute.name.get(6..).unwrap_or("");
                let meant = vocabulary::of_namespace(&value);
                if bound == prefix || (bound.is_empty() && self.kind == Kind::Rdf) {
                    namespace = value.trim().to_ascii_lowercase();
                }
                // Whatever its address is, the default namespace of the root is the feed's own.
                let own = bound.is_empty() || (bound == prefix && self.kind != Kind::Rdf);
                let meant = if own { Vocabulary::Core } else { meant };
                self.bind(bound, meant);
                let right = self.right_address(bound, meant, &value);
                if right != value.as_ref() {
                    self.root_rewritten = true;
                    if self.kind != Kind::Rdf
                        && vocabulary::of_namespace(&value) == Vocabulary::Other
                    {
                        self.repairs.add(Repair::Namespace);
                    }
                }
                if !is_reserved(bound, &right) {
                    self.root_attributes
                        .push((Cow::Borrowed(attribute.name), right.into_owned()));
                }
                continue;
            }
            if lower == "version" {
                value.trim().clone_into(&mut version);
            }
            if lower == "xml:base" {
                if let Ok(base) = base.join(value.trim()) {
                    self.bases.push(base);
                } else {
                    self.root_rewritten = true;
                    self.repairs.add(Repair::Base);
                    continue;
                }
            }
            if lower == "xml:lang" {
                self.feed.language = Some(value.trim().to_owned());
            }
            if attribute.sound && lower != "version" {
                self.root_rewritten |= attribute.value.contains('&');
            }
            if attribute
                .name
                .bytes()
                .all(|b| !matches!(b, b'<' | b'>' | b'&'))
                && !attribute.name.is_empty()
            {
                self.root_attributes
                    .push((Cow::Borrowed(attribute.name), value.into_owned()));
            }
        }
        self.version = match self.kind {
            Kind::Rdf if namespace.contains("netscape") => "0.90".into(),
            Kind::Rdf if namespace.contains("rss1.1") => "1.1".into(),
            Kind::Rdf => "1.0".into(),
            Kind::Feed if namespace.contains("2005/atom") => "1.0".into(),
            Kind::Feed if version.is_empty() && namespace.contains("purl.org/atom/ns") => {
                "0.3".into()
            }
            _ => version.clone(),
        };
        match self.kind {
            Kind::Rdf => self.root_rewritten = true,
            Kind::Rss if !matches!(version.as_str(), "2.0" | "0.91" | "0.92") => {
                self.root_rewritten = true;
                self.repairs.add(Repair::Version);
            }
            _ => {}
        }
        let local = split_prefix(root.name).1;
        if self.kind != Kind::Rdf && local.bytes().any(|b| b.is_ascii_uppercase()) {
            self.root_rewritten = true;
            self.repairs.add(Repair::Spelling);
        }
    }

    /// The address under which feed-rs will take a namespace for what is meant.
    fn right_address<'t>(&self, prefix: &str, meant: Vocabulary, address: &'t str) -> Cow<'t, str> {
        let own = match meant {
            Vocabulary::Core if self.atom() => Some("http://www.w3.org/2005/Atom"),
            Vocabulary::Core if prefix.is_empty() => Some(""),
            Vocabulary::Core => Some("http://purl.org/rss/1.0/"),
            other => vocabulary::known_address(other),
        };
        match own {
            Some(own) => Cow::Owned(own.to_owned()),
            None => Cow::Borrowed(address),
        }
    }

    fn bind(&mut self, prefix: &'a str, meant: Vocabulary) {
        let meant = match meant {
            Vocabulary::Atom if self.atom() => Vocabulary::Core,
            // RSS inside Atom says nothing.
            Vocabulary::Core if self.atom() && !self.stack.is_empty() => Vocabulary::Other,
            other => other,
        };
        self.spaces.push((prefix, meant));
    }

    fn run(&mut self) {
        while let Some((token, range)) = self.tokens.next() {
            match token {
                Token::Start {
                    name,
                    attributes,
                    closed,
                } => self.start(name, attributes, closed, range),
                Token::End { name } => {
                    if self.close(name, range) {
                        return;
                    }
                }
                Token::Text(_) => self.fix_text(range),
                Token::CData { whole: false, .. }
                | Token::Comment { whole: false }
                | Token::Instruction => self.patch(range, ""),
                Token::Declaration => {
                    self.repairs.add(Repair::Declaration);
                    self.patch(range, "");
                }
                Token::CData { .. } | Token::Comment { .. } => {}
            }
        }
        self.cut_off();
    }

    fn patch(&mut self, range: Range<usize>, with: impl Into<Cow<'static, str>>) {
        self.patches.push(Patch {
            range,
            with: with.into(),
        });
    }

    /// The text has ended and elements are open.
    fn cut_off(&mut self) {
        if matches!(self.kind, Kind::Entry | Kind::Channel) && self.stack.len() == 1 {
            return;
        }
        if self.end < self.text.len() {
            return;
        }
        self.repairs.add(Repair::CutOff);
        self.root_rewritten = true;
        let in_entry = self.stack.iter().position(|open| open.role == Role::Item);
        if let Some(place) = in_entry {
            if self.entries.is_empty() {
                self.entries.push(std::mem::take(&mut self.entry));
            } else {
                self.end = self.entry_start;
                self.stack.truncate(place);
            }
        }
        self.closers = self.close_down_to(1);
    }

    /// End tags of what is open above `depth`, which are then closed.
    fn close_down_to(&mut self, depth: usize) -> String {
        let mut out = String::new();
        while self.stack.len() > depth {
            let Some(open) = self.stack.pop() else { break };
            if open.role == Role::Channel {
                // Whether the channel's tags stay is decided at the end.
                let _ = write!(out, "\u{0}");
            } else {
                let _ = write!(out, "</{}>", open.renamed.as_deref().unwrap_or(open.name));
            }
            self.left(&open);
        }
        out
    }

    /// An element was closed.
    fn left(&mut self, open: &Open<'_>) {
        self.spaces.truncate(open.outer.0);
        self.bases.truncate(open.outer.1);
    }

    /// An end tag; true if it was the root's.
    fn close(&mut self, name: &'a str, range: Range<usize>) -> bool {
        let same = |open: &Open<'_>| open.name == name || open.name.eq_ignore_ascii_case(name);
        let Some(place) = self.stack.iter().rposition(same) else {
            self.repairs.add(Repair::Unmatched);
            self.patch(range, "");
            return false;
        };
        if place + 1 < self.stack.len() {
            self.repairs.add(Repair::Unclosed);
            self.insert_closers(place + 1, range.start);
        }
        if place == 0 {
            if matches!(self.kind, Kind::Entry | Kind::Channel) {
                self.patch(range, "");
                return false;
            }
            self.end = range.start;
            if !self.text[range.end..].trim().is_empty()
                && Tokens::starting_at(self.text, range.end)
                    .any(|(token, _)| !matches!(token, Token::Comment { .. } | Token::Text(_)))
            {
                self.repairs.add(Repair::After);
            }
            return true;
        }
        let Some(open) = self.stack.pop() else {
            return false;
        };
        self.left(&open);
        match open.role {
            Role::Channel => self.channel_tags.push(range),
            role => {
                let plain = range.len() == open.name.len() + 3 && name == open.name;
                if open.renamed.is_some() || !plain {
                    let name = open.renamed.as_deref().unwrap_or(open.name);
                    self.patch(range, format!("</{name}>"));
                }
                if role == Role::Item {
                    self.end_entry();
                }
            }
        }
        false
    }

    fn end_entry(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        self.entries.push(entry);
    }

    /// Closes what is open above `depth` at a place in the text.
    fn insert_closers(&mut self, depth: usize, at: usize) {
        let in_entry = self.stack[depth..]
            .iter()
            .any(|open| open.role == Role::Item);
        let channel = self.stack[depth..]
            .iter()
            .any(|open| open.role == Role::Channel);
        let closers = self.close_down_to(depth);
        let (before, after) = closers.split_once('\u{0}').unwrap_or((&closers, ""));
        self.patch(at..at, before.to_owned());
        if channel {
            self.channel_tags.push(at..at);
            self.patch(at..at, after.to_owned());
        }
        if in_entry {
            self.end_entry();
        }
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, closed: bool, range: Range<usize>) {
        if self.stack.len() > DEEPEST {
            self.repairs.add(Repair::TooDeep);
            let leaf = self.read(
                name,
                attributes,
                closed,
                range,
                Vocabulary::Other,
                Cow::Borrowed(""),
                None,
            );
            self.patch(leaf.outer, "");
            return;
        }
        let outer = (self.spaces.len(), self.bases.len());
        let rewritten = self.attributes(attributes);
        let (vocabulary, local) = self.meaning(name);
        let parent = self.stack.last().map_or(Role::Root, |open| open.role);

        if vocabulary == Vocabulary::Core && self.is_entry(&local) {
            // An entry within an entry, or within an element that was never closed.
            let depth = self
                .stack
                .iter()
                .rposition(|open| matches!(open.role, Role::Root | Role::Channel))
                .unwrap_or(0);
            if depth + 1 < self.stack.len() {
                self.repairs.add(Repair::Unclosed);
                self.insert_closers(depth + 1, range.start);
            }
            if self.stack.len() == 1 && !self.atom() {
                self.outside = true;
            }
            if self.entries.len() >= MOST_ENTRIES {
                self.repairs.add(Repair::TooMany);
                let leaf = self.read(name, attributes, closed, range, vocabulary, local, None);
                self.patch(leaf.outer, "");
                self.spaces.truncate(outer.0);
                self.bases.truncate(outer.1);
                return;
            }
            self.entry_start = range.start;
            self.entry = Extra::of_tag(attributes);
            self.entry.base = self.bases.last().cloned();
            let renamed = self.rename(name, &local);
            self.tag(name, renamed.as_deref(), rewritten, closed, &range);
            if closed {
                self.end_entry();
                self.spaces.truncate(outer.0);
                self.bases.truncate(outer.1);
            } else {
                self.open(name, renamed, Role::Item, outer);
            }
            return;
        }
        if parent == Role::Root
            && vocabulary == Vocabulary::Core
            && local == "channel"
            && !self.atom()
        {
            let last = attribute(attributes, "lastmod").and_then(|date| dates::parse(&date));
            self.feed.updated = self.feed.updated.or(last);
            // feed-rs reads the first channel only.
            self.outside |= !self.channel_tags.is_empty();
            self.channel_tags.push(range.clone());
            if closed {
                self.channel_tags.push(range.end..range.end);
            } else {
                self.open(name, Some("channel".into()), Role::Channel, outer);
            }
            return;
        }
        let reads = match parent {
            Role::Item => super::extra::is_entry_field(vocabulary, &local),
            Role::Root | Role::Channel => super::extra::is_feed_field(vocabulary, &local),
            Role::Skip => false,
        };
        if !reads {
            let renamed = None;
            self.tag(name, renamed, rewritten, closed, &range);
            if closed {
                self.spaces.truncate(outer.0);
                self.bases.truncate(outer.1);
            } else {
                self.open(name, None, Role::Skip, outer);
            }
            return;
        }
        let base = self.bases.last().cloned();
        let tag_range = range.clone();
        let leaf = self.read(name, attributes, closed, range, vocabulary, local, base);
        let atom = self.atom();
        let verdict = if parent == Role::Item {
            self.entry.read(&leaf, atom, &mut self.repairs)
        } else {
            self.feed.read(&leaf, atom, &mut self.repairs)
        };
        match verdict {
            Verdict::Take => self.patch(leaf.outer.clone(), ""),
            Verdict::Keep => {
                let renamed = if vocabulary == Vocabulary::Core {
                    self.rename(name, &leaf.local)
                } else {
                    None
                };
                self.keep(&leaf, renamed.as_deref(), rewritten, &tag_range);
            }
        }
        self.spaces.truncate(outer.0);
        self.bases.truncate(outer.1);
    }

    fn open(&mut self, name: &'a str, renamed: Option<String>, role: Role, outer: (usize, usize)) {
        self.stack.push(Open {
            name,
            renamed,
            role,
            outer,
        });
    }

    fn is_entry(&self, local: &str) -> bool {
        if self.atom() {
            local == "entry"
        } else {
            local == "item"
        }
    }

    /// Writes a start tag anew if anything in it changes.
    fn tag(
        &mut self,
        name: &str,
        renamed: Option<&str>,
        rewritten: Option<String>,
        closed: bool,
        range: &Range<usize>,
    ) {
        if renamed.is_none() && rewritten.is_none() {
            return;
        }
        let attributes = if let Some(attributes) = rewritten {
            attributes
        } else {
            let inside = &self.text[range.start + 1 + name.len()..range.end - 1];
            inside.strip_suffix('/').unwrap_or(inside).to_owned()
        };
        let end = if closed { "/>" } else { ">" };
        self.patch(
            range.clone(),
            format!("<{}{attributes}{end}", renamed.unwrap_or(name)),
        );
    }

    /// Reads on to the end of an element.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one tag, which exist only here"
    )]
    fn read(
        &mut self,
        name: &'a str,
        attributes: &'a str,
        closed: bool,
        range: Range<usize>,
        vocabulary: Vocabulary,
        local: Cow<'a, str>,
        base: Option<Url>,
    ) -> Leaf<'a> {
        let mut leaf = Leaf {
            vocabulary,
            local,
            attributes,
            inner: "",
            markup: false,
            base,
            name,
            inner_start: range.end,
            outer: range,
            closed,
            whole: true,
        };
        if closed {
            return leaf;
        }
        let mut depth = 0_usize;
        let entry = self.is_entry(&leaf.local);
        while let Some((token, range)) = self.tokens.next() {
            match token {
                Token::Start {
                    name: inner,
                    closed,
                    ..
                } => {
                    leaf.markup = true;
                    if inner == name && !closed {
                        depth += 1;
                    } else if !entry && self.is_skeleton(inner, false) {
                        return self.stop(leaf, range.start);
                    }
                }
                Token::End { name: inner } => {
                    if inner.eq_ignore_ascii_case(name) {
                        if depth == 0 {
                            leaf.inner = &self.text[leaf.inner_start..range.start];
                            leaf.outer.end = range.end;
                            return leaf;
                        }
                        depth -= 1;
                    } else if self.is_skeleton(inner, true) {
                        return self.stop(leaf, range.start);
                    } else {
                        leaf.markup = true;
                    }
                }
                Token::Comment { .. } | Token::Declaration | Token::Instruction => {
                    leaf.markup = true;
                }
                Token::CData { whole, .. } => leaf.markup |= !whole,
                Token::Text(_) => {}
            }
        }
        let end = self.text.len();
        self.stop(leaf, end)
    }

    /// Whether a tag can only belong to the skeleton of the feed, so that what is open was never closed.
    fn is_skeleton(&self, name: &str, ends: bool) -> bool {
        let local = split_prefix(name).1;
        let is = |other: &str| local.eq_ignore_ascii_case(other);
        if self.atom() {
            is("entry") || (ends && is("feed"))
        } else {
            is("item") || (ends && (is("channel") || is("rss") || is("rdf")))
        }
    }

    /// An element that was never closed ends here.
    fn stop(&mut self, mut leaf: Leaf<'a>, at: usize) -> Leaf<'a> {
        self.tokens = Tokens::starting_at(self.text, at);
        leaf.inner = &self.text[leaf.inner_start..at];
        leaf.outer.end = at;
        leaf.whole = false;
        self.repairs.add(Repair::Unclosed);
        leaf
    }

    /// Leaves an element to feed-rs, its text mended.
    fn keep(
        &mut self,
        leaf: &Leaf<'a>,
        renamed: Option<&str>,
        rewritten: Option<String>,
        tag: &Range<usize>,
    ) {
        self.tag(leaf.name, renamed, rewritten, leaf.closed, tag);
        if leaf.closed {
            return;
        }
        let inner_end = leaf.inner_start + leaf.inner.len();
        let mut tokens = Tokens::starting_at(self.text, leaf.inner_start);
        while tokens.at() < inner_end {
            let Some((token, range)) = tokens.next() else {
                break;
            };
            if let Token::Text(_) = token {
                self.fix_text(range);
            }
        }
        let name = renamed.unwrap_or(leaf.name);
        let end = inner_end..leaf.outer.end;
        let written = &self.text[end.clone()];
        let right = written.len() == name.len() + 3 && &written[2..written.len() - 1] == name;
        if !right {
            self.patch(end, format!("</{name}>"));
        }
    }

    /// Makes a text well-formed.
    fn fix_text(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        if text == "<" {
            self.repairs.add(Repair::LessThan);
            self.patch(range, "&lt;");
            return;
        }
        for (place, _) in text.match_indices('&') {
            let at = range.start + place;
            match entities::reference(&text[place..]) {
                None => {
                    self.repairs.add(Repair::Ampersand);
                    self.patch(at..at + 1, "&amp;");
                }
                Some((length, Reference::Char(character))) => {
                    if !is_known_reference(&text[place..place + length], character) {
                        self.repairs.add(Repair::Entity);
                        self.patch(at..at + length, character.to_string());
                    }
                }
                Some((_, Reference::Unknown)) => {}
            }
        }
    }
}
