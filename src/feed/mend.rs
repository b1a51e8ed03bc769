//! Mends a feed in XML before feed-rs reads it, and picks up what feed-rs does not tell.
//!
//! - One pass over the text, linear, without a tree. Repairs are patches: places and what to put there. Where
//!   there is nothing to mend, nothing is copied.
//! - What comes out is well-formed, its namespaces are those that feed-rs knows, its RSS is always
//!   `rss > channel > item`, and it holds nothing that would make feed-rs refuse the whole feed.
//! - What this pass reads itself ([`Extra`], [`FeedExtra`]) it takes out of what feed-rs sees, so no fact is read
//!   twice. Extras and the entries of feed-rs come in the same order and number.
//! - Depth, number of entries and number of attributes have limits; what is beyond them is left out.

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

/// The element that a feed begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rss,
    Rdf,
    Feed,
    /// An Atom entry alone.
    Entry,
    /// A channel without `rss` around it.
    Channel,
}

struct Root<'a> {
    kind: Kind,
    name: &'a str,
    attributes: &'a str,
    closed: bool,
    /// Of its start tag.
    range: Range<usize>,
    repairs: Repairs,
}

fn find_root(text: &str) -> Result<Root<'_>, FeedError> {
    let mut page = false;
    let mut first = true;
    let mut repairs = Repairs::default();
    for (token, range) in Tokens::new(text) {
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                let local = split_prefix(name).1;
                let kind = match local.to_ascii_lowercase().as_str() {
                    "rss" => Some(Kind::Rss),
                    "rdf" => Some(Kind::Rdf),
                    "feed" => Some(Kind::Feed),
                    "entry" if first => Some(Kind::Entry),
                    "channel" if first => Some(Kind::Channel),
                    "html" | "head" | "body" => {
                        page = true;
                        None
                    }
                    _ => None,
                };
                if let Some(kind) = kind
                    && (!page || holds_entries(&text[range.end..]))
                {
                    if page {
                        repairs.add(Repair::InPage);
                    } else if !first {
                        repairs.add(Repair::Before);
                    }
                    return Ok(Root {
                        kind,
                        name,
                        attributes,
                        closed,
                        range,
                        repairs,
                    });
                }
                first = false;
            }
            Token::Text(text) if !text.trim().is_empty() => repairs.add(Repair::Before),
            Token::Declaration => {
                page |= text[range]
                    .to_ascii_lowercase()
                    .starts_with("<!doctype html");
            }
            _ => {}
        }
    }
    if page {
        return Err(FeedError::Html);
    }
    Err(FeedError::NotAFeed(
        "neither RSS, Atom nor JSON Feed".into(),
    ))
}

/// Whether what follows the name of a feed's root in a page is really a feed.
fn holds_entries(text: &str) -> bool {
    ["<item", "<entry", "<channel"]
        .iter()
        .any(|tag| text.contains(tag))
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

    /// The name that feed-rs wants, if another is written.
    fn rename(&mut self, name: &str, local: &str) -> Option<String> {
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
    fn attributes(&mut self, attributes: &'a str) -> Option<String> {
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

    fn rewritten(&mut self, attributes: &'a str) -> String {
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
    fn meaning(&mut self, name: &'a str) -> (Vocabulary, Cow<'a, str>) {
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

    fn finish(mut self) -> Mended<'a> {
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

    fn root_tag(&self, name: &str) -> String {
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
    fn body(&mut self) -> String {
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

/// Whether quick-xml resolves a reference as we do.
fn is_known_reference(written: &str, character: char) -> bool {
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
fn is_plain_references(value: &str) -> bool {
    value.match_indices('&').all(|(place, _)| {
        matches!(entities::reference(&value[place..]), Some((length, Reference::Char(character)))
            if is_known_reference(&value[place..place + length], character))
    })
}

/// Prefixes and addresses that may not be bound.
fn is_reserved(prefix: &str, address: &str) -> bool {
    prefix == "xml"
        || prefix == "xmlns"
        || matches!(
            address.trim(),
            "http://www.w3.org/XML/1998/namespace" | "http://www.w3.org/2000/xmlns/"
        )
}

/// Attributes that feed-rs reads, in letters that it does not read.
fn is_known_attribute(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase()) && attribute_name(name) != name
}

/// The spelling that feed-rs reads.
fn attribute_name(name: &str) -> Cow<'_, str> {
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

fn push_attribute(out: &mut String, name: &str, value: &str) {
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
