//! Where sites keep their feeds without saying so in the page: a table, each row with its reason.
//!
//! A host is whole (`reddit.com`, with or without `www.`), or any below one (`*.substack.com`), or any (`*`). A path is segments:
//! words stand for themselves, `{a}` is one segment, `@{a}` one that begins so, `**` whatever follows. A query parameter
//! may be asked for behind `?`. `{host}` is the page's host.

use url::Url;

pub(super) struct Row {
    host: &'static str,
    path: &'static str,
    feed: &'static str,
    /// Hosts that the path of `*` means something else on.
    but: &'static [&'static str],
}

const fn row(
    host: &'static str,
    path: &'static str,
    feed: &'static str,
    _why: &'static str,
) -> Row {
    Row {
        host,
        path,
        feed,
        but: &[],
    }
}

/// Sites where `/@name` is no account of the Fediverse.
const NOT_FEDIVERSE: &[&str] = &[
    "medium.com",
    "youtube.com",
    "tiktok.com",
    "threads.net",
    "threads.com",
    "substack.com",
    "t.me",
    "vk.com",
    "npmjs.com",
    "odysee.com",
    "flipboard.com",
];

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("youtube.com", "/channel/{a}/**", "https://www.youtube.com/feeds/videos.xml?channel_id={a}", "a channel's videos are a feed by its id"),
    row("youtube.com", "/user/{a}/**", "https://www.youtube.com/feeds/videos.xml?user={a}", "old names work as well"),
    row("youtube.com", "/playlist?list={a}", "https://www.youtube.com/feeds/videos.xml?playlist_id={a}", "so do playlists"),
    row("github.com", "/{a}/{b}/issues/**", "https://github.com/{a}/{b}/commits.atom", "issues have no feed; the commits have"),
    row("github.com", "/{a}/{b}/**", "https://github.com/{a}/{b}/releases.atom", "releases are what a reader of a project wants"),
    row("github.com", "/{a}", "https://github.com/{a}.atom", "what a person does in public"),
    row("gitlab.com", "/{a}/{b}/**", "https://gitlab.com/{a}/{b}/-/tags?format=atom", "tags stand for releases"),
    row("codeberg.org", "/{a}/{b}/**", "https://codeberg.org/{a}/{b}/releases.rss", "Forgejo: releases"),
    row("codeberg.org", "/{a}", "https://codeberg.org/{a}.rss", "Forgejo: a person"),
    row("reddit.com", "/r/{a}/**", "https://www.reddit.com/r/{a}/.rss", "every list of posts answers to .rss"),
    row("reddit.com", "/user/{a}/**", "https://www.reddit.com/user/{a}/.rss", "so does a person's"),
    row("medium.com", "/@{a}/**", "https://medium.com/feed/@{a}", "an author"),
    row("medium.com", "/{a}/**", "https://medium.com/feed/{a}", "a publication"),
    row("*.medium.com", "/**", "https://{host}/feed", "a blog on its own name"),
    row("*.substack.com", "/**", "https://{host}/feed", "every newsletter"),
    row("*.tumblr.com", "/**", "https://{host}/rss", "every blog"),
    row("tumblr.com", "/{a}/**", "https://{a}.tumblr.com/rss", "the blog behind the page"),
    row("*.blogspot.com", "/**", "https://{host}/feeds/posts/default", "every blog"),
    row("*.wordpress.com", "/**", "https://{host}/feed/", "every blog"),
    row("*.livejournal.com", "/**", "https://{host}/data/rss", "every journal"),
    row("*.bearblog.dev", "/**", "https://{host}/feed/", "every blog"),
    row("*.hashnode.dev", "/**", "https://{host}/rss.xml", "every blog"),
    row("*.micro.blog", "/**", "https://{host}/feed.xml", "every blog"),
    row("*.itch.io", "/{a}/**", "https://{host}/{a}/devlog.rss", "the diary of a game"),
    row("dev.to", "/{a}/**", "https://dev.to/feed/{a}", "a person or an organisation"),
    row("bsky.app", "/profile/{a}/**", "https://bsky.app/profile/{a}/rss", "a person's posts"),
    row("vimeo.com", "/{a}", "https://vimeo.com/{a}/videos/rss", "a person's videos"),
    row("stackoverflow.com", "/questions/tagged/{a}", "https://stackoverflow.com/feeds/tag/{a}", "a tag's questions"),
    row("*.stackexchange.com", "/questions/tagged/{a}", "https://{host}/feeds/tag/{a}", "a tag's questions"),
    row("lobste.rs", "/t/{a}", "https://lobste.rs/t/{a}.rss", "a tag's stories"),
    row("news.ycombinator.com", "/**", "https://news.ycombinator.com/rss", "the front page"),
    row("arxiv.org", "/list/{a}/**", "https://rss.arxiv.org/rss/{a}", "a subject's new papers"),
    row("pypi.org", "/project/{a}/**", "https://pypi.org/rss/project/{a}/releases.xml", "a package's releases"),
    row("crates.io", "/crates/{a}/**", "https://static.crates.io/rss/crates/{a}.xml", "a crate's versions"),
    row("soundcloud.com", "/{a}", "https://soundcloud.com/{a}.rss", "a person's sounds, where they allow it"),
    row("*", "/c/{a}", "https://{host}/feeds/c/{a}.xml", "Lemmy: a community"),
    Row { host: "*", path: "/@{a}", feed: "https://{host}/@{a}.rss", but: NOT_FEDIVERSE },
    Row { host: "*", path: "/users/{a}", feed: "https://{host}/users/{a}.rss", but: NOT_FEDIVERSE },
];

/// Paths at which a site's feed stands most often.
pub(super) const WELL_KNOWN: &[&str] = &[
    "/feed",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.xml",
    "/rss",
    "/feed.json",
    "/feed/",
];

/// The feeds that the table knows for the address of a page, most special first.
pub(super) fn of(page: &Url) -> Vec<Url> {
    let Some(host) = page.host_str() else {
        return Vec::new();
    };
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let mut out: Vec<Url> = Vec::new();
    for row in ROWS {
        let fits = match row.host.strip_prefix("*.") {
            Some(parent) => bare
                .strip_suffix(parent)
                .is_some_and(|left| left.len() > 1 && left.ends_with('.')),
            None => row.host == "*" || row.host == bare,
        };
        if !fits
            || row
                .but
                .iter()
                .any(|other| bare == *other || bare.ends_with(&format!(".{other}")))
        {
            continue;
        }
        let Some(found) = captures(row.path, page) else {
            continue;
        };
        let mut feed = row.feed.replace("{host}", host);
        for (name, value) in found {
            feed = feed.replace(name, &value);
        }
        if let Ok(url) = Url::parse(&feed)
            && !out.contains(&url)
        {
            out.push(url);
        }
    }
    out
}

/// What `{a}` and `{b}` of a pattern stand for in an address, if it fits.
fn captures(pattern: &str, page: &Url) -> Option<Vec<(&'static str, String)>> {
    let mut out = Vec::new();
    let (path, query) = pattern.split_once('?').unwrap_or((pattern, ""));
    let mut segments = page.path_segments()?.filter(|segment| !segment.is_empty());
    let mut open = false;
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == "**" {
            open = true;
            break;
        }
        let segment = segments.next()?;
        let (begin, name) = part
            .find('{')
            .map_or((part, ""), |place| part.split_at(place));
        if name.is_empty() {
            if segment != part {
                return None;
            }
            continue;
        }
        let value = segment.strip_prefix(begin)?;
        if value.is_empty() {
            return None;
        }
        out.push((if name == "{a}" { "{a}" } else { "{b}" }, value.to_owned()));
    }
    if !open && segments.next().is_some() {
        return None;
    }
    if let Some((key, _)) = query.split_once('=') {
        let value = page
            .query_pairs()
            .find(|pair| pair.0 == key)?
            .1
            .into_owned();
        out.push(("{a}", value));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let page = Url::parse(page).expect("an address");
        let found: Vec<String> = of(&page).into_iter().map(String::from).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sites_with_feeds_that_no_page_names() {
        check(
            "https://www.youtube.com/channel/UC1/videos",
            &["https://www.youtube.com/feeds/videos.xml?channel_id=UC1"],
        );
        check(
            "https://www.youtube.com/playlist?list=PL1",
            &["https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"],
        );
        check(
            "https://github.com/a/b",
            &["https://github.com/a/b/releases.atom"],
        );
        check("https://github.com/a", &["https://github.com/a.atom"]);
        check(
            "https://old.example/@ann",
            &["https://old.example/@ann.rss"],
        );
        check(
            "https://medium.com/@ann/post-1",
            &["https://medium.com/feed/@ann"],
        );
        check(
            "https://a.substack.com/p/x",
            &["https://a.substack.com/feed"],
        );
        check(
            "https://www.reddit.com/r/rust/",
            &["https://www.reddit.com/r/rust/.rss"],
        );
    }

    #[test]
    fn other_pages_have_none() {
        check("https://example.org/a/b", &[]);
        check("https://substack.com/", &[]);
        check("https://github.com/", &[]);
    }
}
