//! The tables of `assets/address-rules.toml`, read and made quick to ask.

use super::{Address, Found, Kind, NotAnAddress};
use regex::Regex;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;
use toml::Spanned;

/// The tables, compiled: everything that is asked for a host hangs at that host.
#[derive(Debug, Default)]
pub struct Rules {
    /// Names that are stripped everywhere, whatever their value.
    pub(super) names: HashSet<Box<str>>,
    /// Beginnings of such names.
    pub(super) beginnings: Vec<Box<str>>,
    /// Rows that need a look at the value or the host; by name.
    pub(super) by_value: HashMap<Box<str>, Vec<usize>>,
    pub(super) strips: Vec<Strip>,
    /// Names that are never stripped anywhere: a user's file says so.
    pub(super) kept: HashSet<Box<str>>,
    /// Names that make a query be left whole.
    pub(super) signed: HashSet<Box<str>>,
    pub(super) unwraps: Vec<Unwrap>,
    /// Rows of `unwraps` that ask for no host.
    pub(super) unwraps_anywhere: Vec<usize>,
    pub(super) keys: Vec<KeyRow>,
    pub(super) kinds: Vec<KindRow>,
    pub(super) kind_keys: Vec<(Box<str>, Kind)>,
    pub(super) kind_labels: HashMap<Box<str>, Kind>,
    pub(super) kind_suffixes: HashMap<Box<str>, Kind>,
    pub(super) kind_ends: Vec<(Box<str>, Kind)>,
    pub(super) kind_segments: HashMap<Box<str>, Kind>,
    hosts: HashMap<Box<str>, HostRow>,
    /// The same for `name.*`: by the host without its public suffix.
    stems: HashMap<Box<str>, HostRow>,
}

/// What the tables say of one host and its subdomains.
#[derive(Debug, Default)]
pub(super) struct HostRow {
    pub strips: Vec<usize>,
    pub kept: Vec<Box<str>>,
    pub unwraps: Vec<usize>,
    pub keys: Vec<usize>,
    pub kinds: Vec<usize>,
    pub alias: Option<Box<str>>,
    pub short: bool,
    pub affiliate: bool,
    pub path: bool,
    pub shared: bool,
    pub proxy: bool,
}

#[derive(Debug)]
pub(super) struct Strip {
    /// Whole names, and beginnings.
    pub names: HashSet<Box<str>>,
    pub beginnings: Vec<Box<str>>,
    pub not_hosts: Vec<Box<str>>,
    pub values: HashSet<Box<str>>,
    pub or_site: bool,
    pub or_host: bool,
    pub key_only: bool,
    pub affiliate: bool,
}

impl Strip {
    pub fn names(&self, name: &str) -> bool {
        self.names.contains(name)
            || self
                .beginnings
                .iter()
                .any(|start| name.starts_with(&**start))
    }

    /// Whether the row asks for more than a name.
    pub fn asks_value(&self) -> bool {
        !self.values.is_empty() || self.or_site || self.or_host
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum How {
    #[default]
    Param,
    Rest,
    Capture,
    Query,
    Base64,
    GoogleNews,
    #[serde(rename = "proofpoint-2")]
    Proofpoint2,
    #[serde(rename = "proofpoint-3")]
    Proofpoint3,
}

#[derive(Debug)]
pub(super) struct Unwrap {
    pub path: Option<Pattern>,
    pub how: How,
    pub params: Vec<Box<str>>,
    pub prefix: Box<str>,
    pub cut: Option<Box<str>>,
    pub affiliate: bool,
    pub archived: bool,
    pub other_site: bool,
}

#[derive(Debug)]
pub(super) struct KeyRow {
    pub path: Pattern,
    pub params: Vec<Box<str>>,
    pub value: Option<Pattern>,
    /// Without one, the key is the generic one.
    pub key: Option<Box<str>>,
}

#[derive(Debug)]
pub(super) struct KindRow {
    pub path: Option<Pattern>,
    pub kind: Kind,
}

/// A regular expression that is compiled when it is first asked: most rows never are in one run.
#[derive(Debug)]
pub(super) struct Pattern {
    text: Box<str>,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn new(text: &str) -> Pattern {
        Pattern {
            text: text.into(),
            compiled: OnceLock::new(),
        }
    }

    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            // Rows are checked when a user's file is read, the bundled ones by a test; a row that slipped through matches nothing.
            Regex::new(&self.text).unwrap_or_else(|_| {
                Regex::new("[^\\s\\S]").expect("a class without members is a valid expression")
            })
        })
    }
}

// ---------------------------------------------------------------------------------------------------- the file

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    off: Vec<Spanned<String>>,
    keep: Vec<KeepText>,
    strip: Vec<StripText>,
    unwrap: Vec<UnwrapText>,
    signed: Vec<SignedText>,
    host: Vec<HostText>,
    alias: Vec<AliasText>,
    key: Vec<KeyText>,
    kind: Vec<KindText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepText {
    names: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default, rename = "why")]
    _why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StripText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    names: Vec<Spanned<String>>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    not_hosts: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
    value_is: Option<ValueIs>,
    #[serde(default)]
    key_only: bool,
    #[serde(default)]
    affiliate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ValueIs {
    /// The host of the feed or the page.
    Site,
    /// Any host.
    Host,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnwrapText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    #[serde(default)]
    hosts: Vec<String>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    how: How,
    #[serde(default)]
    params: Vec<String>,
    #[serde(default)]
    prefix: String,
    cut: Option<String>,
    #[serde(default)]
    affiliate: bool,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    other_site: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    names: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Is {
    Short,
    Affiliate,
    Path,
    Shared,
    Proxy,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HostText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    is: Is,
    hosts: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AliasText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    from: Vec<String>,
    to: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    hosts: Vec<String>,
    path: Spanned<String>,
    param: Option<OneOrMore>,
    value: Option<Spanned<String>>,
    key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindText {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "why")]
    _why: String,
    kind: Spanned<String>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    suffixes: Vec<String>,
    #[serde(default)]
    ends: Vec<String>,
    #[serde(default)]
    segments: Vec<String>,
}

static INSTALLED: OnceLock<Rules> = OnceLock::new();

/// Puts rules in force for the whole run. The start does it once, before the first address is cleaned: keys that are kept
/// have to be made by the rules that look them up. Says whether these are the ones in force now.
pub fn install(rules: Rules) -> bool {
    INSTALLED.set(rules).is_ok()
}

const BUNDLED: &str = include_str!("../../assets/address-rules.toml");

impl Rules {
    /// The rules that come with the program.
    pub fn bundled() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Rules::of(vec![bundled_file()], &HashSet::new()))
    }

    /// The rules in force: those of [`install`], else the bundled ones.
    pub fn current() -> &'static Rules {
        INSTALLED.get().unwrap_or_else(|| Rules::bundled())
    }

    /// The bundled rules with a user's file before them: same tables, and `off` and `[[keep]]`.
    ///
    /// # Errors
    /// Every mistake of the file, with its line (from 1) and what is wrong.
    pub fn with_user(text: &str) -> Result<Rules, Vec<(usize, String)>> {
        let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        let file: File = toml::from_str(text).map_err(|error| {
            vec![(
                error.span().map_or(1, |span| line(span.start)),
                error.message().to_owned(),
            )]
        })?;
        let bundled = bundled_file();
        let mut wrong: Vec<(usize, String)> = check(&file)
            .into_iter()
            .map(|(at, what)| (line(at), what))
            .collect();
        let ids = bundled.ids();
        for off in &file.off {
            if !ids.contains(off.get_ref().as_str()) {
                wrong.push((
                    line(off.span().start),
                    format!("off: there is no row \"{}\"", off.get_ref()),
                ));
            }
        }
        if !wrong.is_empty() {
            wrong.sort();
            return Err(wrong);
        }
        let off = file.off.iter().map(|off| off.get_ref().clone()).collect();
        Ok(Rules::of(vec![file, bundled], &off))
    }

    /// Cleans an address.
    ///
    /// # Errors
    /// When it is none of the web.
    pub fn clean(&self, text: &str, found: Found<'_>) -> Result<Address, NotAnAddress> {
        super::clean_by(self, text, found)
    }

    fn of(files: Vec<File>, off: &HashSet<String>) -> Rules {
        let mut rules = Rules::default();
        for file in files {
            rules.add(file, off);
        }
        rules
    }

    fn add(&mut self, file: File, off: &HashSet<String>) {
        let is_off = |table: &str, id: &str| off.contains(&format!("{table}:{id}"));
        for row in file.keep {
            let names: Vec<Box<str>> = row.names.iter().map(|name| lower(name)).collect();
            if row.hosts.is_empty() {
                self.kept.extend(names);
            } else {
                self.at(&row.hosts, |host| host.kept.extend(names.iter().cloned()));
            }
        }
        for row in file
            .strip
            .into_iter()
            .filter(|row| !is_off("strip", &row.id))
        {
            self.add_strip(&row);
        }
        for row in file
            .unwrap
            .into_iter()
            .filter(|row| !is_off("unwrap", &row.id))
        {
            let place = self.unwraps.len();
            if row.hosts.is_empty() {
                self.unwraps_anywhere.push(place);
            }
            self.at(&row.hosts, |host| host.unwraps.push(place));
            self.unwraps.push(Unwrap {
                path: row.path.map(|path| Pattern::new(path.get_ref())),
                how: row.how,
                params: row.params.iter().map(|name| lower(name)).collect(),
                prefix: row.prefix.into(),
                cut: row.cut.map(Into::into),
                affiliate: row.affiliate,
                archived: row.archived,
                other_site: row.other_site,
            });
        }
        for row in file
            .signed
            .into_iter()
            .filter(|row| !is_off("signed", &row.id))
        {
            self.signed.extend(row.names.iter().map(|name| lower(name)));
        }
        for row in file.host.into_iter().filter(|row| !is_off("host", &row.id)) {
            self.at(&row.hosts, |host| match row.is {
                Is::Short => host.short = true,
                Is::Affiliate => host.affiliate = true,
                Is::Path => host.path = true,
                Is::Shared => host.shared = true,
                Is::Proxy => host.proxy = true,
            });
        }
        for row in file
            .alias
            .into_iter()
            .filter(|row| !is_off("alias", &row.id))
        {
            self.at(&row.from, |host| {
                host.alias.get_or_insert_with(|| lower(&row.to));
            });
        }
        for row in file.key.into_iter().filter(|row| !is_off("key", &row.id)) {
            let place = self.keys.len();
            self.at(&row.hosts, |host| host.keys.push(place));
            self.keys.push(KeyRow {
                path: Pattern::new(row.path.get_ref()),
                params: match row.param {
                    None => vec![],
                    Some(OneOrMore::One(name)) => vec![lower(&name)],
                    Some(OneOrMore::More(names)) => names.iter().map(|name| lower(name)).collect(),
                },
                value: row.value.map(|value| Pattern::new(value.get_ref())),
                key: row.key.map(Into::into),
            });
        }
        for row in file.kind.into_iter().filter(|row| !is_off("kind", &row.id)) {
            self.add_kind(row);
        }
    }

    fn add_strip(&mut self, row: &StripText) {
        let strip = Strip {
            names: row
                .names
                .iter()
                .map(Spanned::get_ref)
                .filter(|name| !name.ends_with('*'))
                .map(|name| lower(name))
                .collect(),
            beginnings: row
                .names
                .iter()
                .filter_map(|name| name.get_ref().strip_suffix('*').map(lower))
                .collect(),
            not_hosts: row.not_hosts.iter().map(|host| lower(host)).collect(),
            values: row.values.iter().map(|value| lower(value)).collect(),
            or_site: row.value_is == Some(ValueIs::Site),
            or_host: row.value_is == Some(ValueIs::Host),
            key_only: row.key_only,
            affiliate: row.affiliate,
        };
        let place = self.strips.len();
        if !row.hosts.is_empty() {
            self.at(&row.hosts, |host| host.strips.push(place));
        } else if strip.asks_value()
            || strip.key_only
            || strip.affiliate
            || !strip.not_hosts.is_empty()
        {
            for name in &strip.names {
                self.by_value.entry(name.clone()).or_default().push(place);
            }
        } else {
            self.names.extend(strip.names.iter().cloned());
            self.beginnings.extend(strip.beginnings.iter().cloned());
        }
        self.strips.push(strip);
    }

    fn add_kind(&mut self, row: KindText) {
        let Some(kind) = Kind::from_name(row.kind.get_ref()) else {
            return;
        };
        self.kind_keys
            .extend(row.keys.iter().map(|key| (key.as_str().into(), kind)));
        for (table, names) in [
            (&mut self.kind_labels, &row.labels),
            (&mut self.kind_suffixes, &row.suffixes),
            (&mut self.kind_segments, &row.segments),
        ] {
            for name in names {
                table.entry(lower(name)).or_insert(kind);
            }
        }
        self.kind_ends
            .extend(row.ends.iter().map(|end| (lower(end), kind)));
        if !row.hosts.is_empty() {
            let place = self.kinds.len();
            self.at(&row.hosts, |host| host.kinds.push(place));
            self.kinds.push(KindRow {
                path: row.path.map(|path| Pattern::new(path.get_ref())),
                kind,
            });
        }
    }

    fn at(&mut self, hosts: &[String], mut change: impl FnMut(&mut HostRow)) {
        for host in hosts {
            let host = host.to_ascii_lowercase();
            change(match host.strip_suffix(".*") {
                Some(stem) => self.stems.entry(stem.into()).or_default(),
                None => self.hosts.entry(host.into()).or_default(),
            });
        }
    }

    /// The name that keys have instead of exactly this host.
    pub(super) fn alias(&self, host: &str) -> Option<&str> {
        self.hosts.get(host).and_then(|row| row.alias.as_deref())
    }

    /// The rows for a host, the most specific first: its own, its parents', then those by name under any suffix.
    pub(super) fn rows(&self, host: &str) -> Rows<'_> {
        let mut rows = Rows::default();
        for end in suffixes(host) {
            if let Some(row) = self.hosts.get(end) {
                rows.push(row);
            }
        }
        if let Some(stem) = psl::suffix_str(host)
            .and_then(|suffix| host.strip_suffix(suffix))
            .and_then(|stem| stem.strip_suffix('.'))
        {
            for end in suffixes(stem) {
                if let Some(row) = self.stems.get(end) {
                    rows.push(row);
                }
            }
        }
        rows
    }
}

/// The few rows that a host has.
#[derive(Debug, Default)]
pub(super) struct Rows<'a> {
    rows: [Option<&'a HostRow>; 6],
    count: usize,
}

impl<'a> Rows<'a> {
    fn push(&mut self, row: &'a HostRow) {
        if let Some(place) = self.rows.get_mut(self.count) {
            *place = Some(row);
            self.count += 1;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a HostRow> + '_ {
        self.rows[..self.count].iter().filter_map(|row| *row)
    }
}

/// `a.b.c` → `a.b.c`, `b.c`, `c`.
pub(super) fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |rest| {
        rest.split_once('.').map(|(_, rest)| rest)
    })
    .filter(|rest| !rest.is_empty())
    .take(12)
}

fn bundled_file() -> File {
    toml::from_str(BUNDLED).expect("the bundled rules are read by a test")
}

fn lower(text: &str) -> Box<str> {
    text.to_ascii_lowercase().into()
}

/// What is wrong with the rows of a file: byte offset and sentence.
fn check(file: &File) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    for row in &file.strip {
        for name in &row.names {
            let bare = name.get_ref().trim_end_matches('*');
            if bare.is_empty()
                || (bare.len() < 3
                    && row.hosts.is_empty()
                    && row.values.is_empty()
                    && row.value_is.is_none())
            {
                let what = format!(
                    "strip: \"{}\" is too short to be stripped everywhere; name the hosts",
                    name.get_ref()
                );
                wrong.push((name.span().start, what));
            }
        }
    }
    let patterns = file.unwrap.iter().filter_map(|row| row.path.as_ref());
    let patterns = patterns.chain(
        file.key
            .iter()
            .flat_map(|row| std::iter::once(&row.path).chain(&row.value)),
    );
    for pattern in patterns.chain(file.kind.iter().filter_map(|row| row.path.as_ref())) {
        if Regex::new(pattern.get_ref()).is_err() {
            wrong.push((
                pattern.span().start,
                format!("\"{}\" is no regular expression", pattern.get_ref()),
            ));
        }
    }
    for row in &file.kind {
        if Kind::from_name(row.kind.get_ref()).is_none() {
            let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            wrong.push((
                row.kind.span().start,
                format!(
                    "\"{}\" is no kind; there are {}",
                    row.kind.get_ref(),
                    names.join(", ")
                ),
            ));
        }
    }
    wrong
}

impl File {
    /// `table:id` of every row.
    fn ids(&self) -> HashSet<String> {
        let ids = self
            .strip
            .iter()
            .map(|row| ("strip", &row.id))
            .chain(self.unwrap.iter().map(|row| ("unwrap", &row.id)));
        let ids = ids
            .chain(self.signed.iter().map(|row| ("signed", &row.id)))
            .chain(self.host.iter().map(|row| ("host", &row.id)));
        let ids = ids
            .chain(self.alias.iter().map(|row| ("alias", &row.id)))
            .chain(self.key.iter().map(|row| ("key", &row.id)));
        ids.chain(self.kind.iter().map(|row| ("kind", &row.id)))
            .filter(|(_, id)| !id.is_empty())
            .map(|(table, id)| format!("{table}:{id}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_row_is_right_and_has_an_id_of_its_own() {
        let file = bundled_file();
        assert_eq!(check(&file), []);
        let rows = file.strip.len()
            + file.unwrap.len()
            + file.signed.len()
            + file.host.len()
            + file.alias.len()
            + file.key.len()
            + file.kind.len();
        assert_eq!(file.ids().len(), rows);
    }

    #[test]
    fn mistakes_of_a_users_file_are_named_with_their_lines() {
        let text = "off = [\"strip:youtube\", \"nonsense\"]\n[[strip]]\nnames = [\"id\"]\n[[unwrap]]\npath = '('\n[[kind]]\nkind = \"papper\"\nhosts = [\"a.example\"]\n";
        let wrong = Rules::with_user(text).expect_err("four mistakes");
        assert_eq!(
            wrong.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [1, 3, 5, 7]
        );
        let wrong =
            Rules::with_user("[[strip]]\nnmes = []\n").expect_err("a name that does not exist");
        assert_eq!(wrong[0].0, 2);
    }

    #[track_caller]
    fn check_user(file: &str, input: &str, display: &str) {
        let rules = Rules::with_user(file).expect("a file without mistakes");
        assert_eq!(
            rules
                .clean(input, Found::default())
                .map(|a| a.display.to_string()),
            Ok(display.to_owned())
        );
    }

    #[test]
    fn a_users_file_adds_rows_and_switches_rows_off() {
        check_user(
            "",
            "https://example.com/?utm_source=a&x=1",
            "https://example.com/?x=1",
        );
        check_user(
            "off = [\"strip:campaign-prefixes\"]",
            "https://example.com/?utm_source=a&x=1",
            "https://example.com/?utm_source=a&x=1",
        );
        check_user(
            "[[keep]]\nnames = [\"utm_source\"]\nhosts = [\"example.com\"]",
            "https://www.example.com/?utm_source=a",
            "https://www.example.com/?utm_source=a",
        );
        check_user(
            "[[keep]]\nnames = [\"utm_source\"]\nhosts = [\"example.com\"]",
            "https://example.org/?utm_source=a",
            "https://example.org/",
        );
        check_user(
            "[[strip]]\nnames = [\"from_paper\"]",
            "https://example.com/?from_paper=1",
            "https://example.com/",
        );
        check_user(
            "[[unwrap]]\nhosts = [\"out.example\"]\nparams = [\"z\"]",
            "https://out.example/?z=https://example.org/a",
            "https://example.org/a",
        );
    }
}
