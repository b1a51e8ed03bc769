//! The vocabularies that feeds are written in: which namespace means what, and which name of an element.

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// The feed's own: RSS in an RSS feed, Atom in an Atom feed.
    Core,
    /// Atom within RSS.
    Atom,
    /// RSS within Atom, where nobody means anything by it.
    Content,
    DublinCore,
    Terms,
    Media,
    Itunes,
    Podcast,
    Comments,
    Slash,
    Syndication,
    Threads,
    FeedBurner,
    Rdf,
    Xhtml,
    Other,
}

use Vocabulary::{
    Atom, Comments, Content, Core, DublinCore, FeedBurner, Itunes, Media, Other, Podcast, Rdf,
    Slash, Syndication, Terms, Threads, Xhtml,
};

/// Namespaces: their address in lower case without the last `/` or `#`, the vocabulary.
#[rustfmt::skip]
const NAMESPACES: &[(&str, Vocabulary)] = &[
    ("http://purl.org/rss/1.0", Core), ("http://my.netscape.com/rdf/simple/0.9", Core),
    ("http://channel.netscape.com/rdf/simple/0.9", Core), ("http://my.netscape.com/publish/formats/rss-0.9", Core),
    ("http://my.netscape.com/publish/formats/rss-0.91", Core),
    ("http://backend.userland.com/rss", Core), ("http://backend.userland.com/rss2", Core),
    ("http://backend.userland.com/rss191", Core), ("http://blogs.law.harvard.edu/tech/rss", Core),
    ("http://cyber.law.harvard.edu/rss", Core), ("http://purl.org/net/rss1.1", Core),
    ("http://www.w3.org/2005/atom", Atom), ("http://purl.org/atom/ns", Atom),
    ("http://purl.org/rss/1.0/modules/content", Content),
    ("http://purl.org/dc/elements/1.1", DublinCore), ("http://purl.org/dc/elements/1.0", DublinCore),
    ("http://purl.org/dc/terms", Terms), ("http://purl.org/rss/1.0/modules/dcterms", Terms),
    ("http://search.yahoo.com/mrss", Media), ("http://video.search.yahoo.com/mrss", Media),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Itunes), ("http://example.com/dtds/podcast-1.0.dtd", Itunes),
    ("https://podcastindex.org/namespace/1.0", Podcast),
    ("https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Podcast),
    ("http://wellformedweb.org/commentapi", Comments),
    ("http://purl.org/rss/1.0/modules/slash", Slash),
    ("http://purl.org/rss/1.0/modules/syndication", Syndication),
    ("http://purl.org/syndication/thread/1.0", Threads),
    ("http://rssnamespace.org/feedburner/ext/1.0", FeedBurner),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", Rdf),
    ("http://www.w3.org/1999/xhtml", Xhtml),
];

/// Prefixes that everybody uses for the same vocabulary, for feeds that do not declare them, with the address
/// to declare.
#[rustfmt::skip]
const PREFIXES: &[(&str, Vocabulary, &str)] = &[
    ("content", Content, "http://purl.org/rss/1.0/modules/content/"),
    ("dc", DublinCore, "http://purl.org/dc/elements/1.1/"),
    ("dcterms", Terms, "http://purl.org/dc/terms/"),
    ("atom", Atom, "http://www.w3.org/2005/Atom"), ("atom10", Atom, "http://www.w3.org/2005/Atom"),
    ("a10", Atom, "http://www.w3.org/2005/Atom"), ("a", Atom, "http://www.w3.org/2005/Atom"),
    ("media", Media, "http://search.yahoo.com/mrss/"),
    ("itunes", Itunes, "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("podcast", Podcast, "https://podcastindex.org/namespace/1.0"),
    ("wfw", Comments, "http://wellformedweb.org/CommentAPI/"),
    ("slash", Slash, "http://purl.org/rss/1.0/modules/slash/"),
    ("sy", Syndication, "http://purl.org/rss/1.0/modules/syndication/"),
    ("thr", Threads, "http://purl.org/syndication/thread/1.0"),
    ("feedburner", FeedBurner, "http://rssnamespace.org/feedburner/ext/1.0"),
    ("rdf", Rdf, "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xhtml", Xhtml, "http://www.w3.org/1999/xhtml"),
    ("rss", Core, "http://purl.org/rss/1.0/"),
];

/// What a namespace's address means.
pub(super) fn of_namespace(address: &str) -> Vocabulary {
    let address = address.trim().to_ascii_lowercase();
    let address = address.trim_end_matches(['/', '#']);
    // Both schemes are met for every one of these.
    let same = |row: &str| {
        let tail = |text: &str| text.split_once("://").map(|(_, tail)| tail.to_owned());
        row == address || tail(row).is_some_and(|row| Some(row) == tail(address))
    };
    NAMESPACES
        .iter()
        .find(|row| same(row.0))
        .map_or(Other, |row| row.1)
}

/// What an undeclared prefix means, and the address to declare it with.
pub(super) fn of_prefix(prefix: &str) -> Option<(Vocabulary, &'static str)> {
    PREFIXES
        .iter()
        .find(|row| row.0.eq_ignore_ascii_case(prefix))
        .map(|row| (row.1, row.2))
}

/// The address under which feed-rs knows a vocabulary; `None`: it does not know it.
pub(super) fn known_address(vocabulary: Vocabulary) -> Option<&'static str> {
    match vocabulary {
        Atom | Content | DublinCore | Comments => PREFIXES
            .iter()
            .find(|row| row.1 == vocabulary)
            .map(|row| row.2),
        _ => None,
    }
}

/// The names of RSS that are not all lower case, as feed-rs wants them.
#[rustfmt::skip]
const CAPITALS: &[&str] = &[
    "pubDate", "lastBuildDate", "managingEditor", "webMaster", "skipHours", "skipDays", "textInput",
    "origLink", "commentRss", "updatePeriod", "updateFrequency", "isPermaLink", "RDF", "Seq",
];

/// The spelling of a core name that is written in other letters; `None` if it is right as it is.
pub(super) fn spelling(name: &str) -> Option<String> {
    if !name.bytes().any(|byte| byte.is_ascii_uppercase()) && name.len() < 7 {
        return None;
    }
    let right = CAPITALS
        .iter()
        .find(|right| right.eq_ignore_ascii_case(name))
        .map_or_else(|| name.to_ascii_lowercase(), |right| (*right).to_owned());
    (right != name).then_some(right)
}
