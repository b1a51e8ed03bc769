//! What a page embeds from elsewhere, as links to where it lives.

use crate::text::escape;
use dom_query::Document;
use url::Url;

/// Where frames of media come from, and the address a reader would open: `{}` is what follows in the path.
#[rustfmt::skip]
const FRAMES: &[(&str, &str, &str)] = &[
    ("youtube.com", "/embed/", "https://www.youtube.com/watch?v={}"),
    ("youtube-nocookie.com", "/embed/", "https://www.youtube.com/watch?v={}"),
    ("player.vimeo.com", "/video/", "https://vimeo.com/{}"),
    ("dailymotion.com", "/embed/video/", "https://www.dailymotion.com/video/{}"),
    ("open.spotify.com", "/embed/", "https://open.spotify.com/{}"),
    ("open.spotify.com", "/embed-podcast/", "https://open.spotify.com/{}"),
    ("embed.podcasts.apple.com", "/", "https://podcasts.apple.com/{}"),
    ("embed.music.apple.com", "/", "https://music.apple.com/{}"),
    ("embed.ted.com", "/", "https://www.ted.com/{}"),
    ("streamable.com", "/e/", "https://streamable.com/{}"),
    ("streamable.com", "/o/", "https://streamable.com/{}"),
    ("archive.org", "/embed/", "https://archive.org/details/{}"),
    ("rumble.com", "/embed/", "https://rumble.com/embed/{}"),
    ("player.bilibili.com", "/", "https://www.bilibili.com/{}"),
    ("codepen.io", "/", "https://codepen.io/{}"),
];

/// Frames that name their page in a parameter.
const BY_PARAMETER: &[(&str, &str)] = &[
    ("w.soundcloud.com", "url"),
    ("facebook.com", "href"),
    ("bandcamp.com", "url"),
    ("platform.twitter.com", "url"),
];

/// Replaces frames and players of media by paragraphs that link to them; other frames are taken out.
pub(super) fn to_links(document: &Document) {
    for node in document
        .select("iframe, embed, amp-youtube, lite-youtube, object[data]")
        .nodes()
    {
        let source = ["src", "data-src", "data-lazy-src", "data"]
            .iter()
            .find_map(|name| {
                node.attr(name)
                    .filter(|s| s.len() > 10 && !s.starts_with("about:"))
            });
        let video = ["data-videoid", "videoid"]
            .iter()
            .find_map(|name| node.attr(name))
            .map(|id| format!("https://www.youtube.com/watch?v={id}"));
        let page = video
            .and_then(|v| Url::parse(&v).ok())
            .or_else(|| source.and_then(|s| page_of(&s)));
        let Some(page) = page else {
            node.remove_from_parent();
            continue;
        };
        let title = node
            .attr("title")
            .filter(|t| !t.trim().is_empty())
            .map_or_else(
                || {
                    page.host_str()
                        .unwrap_or_default()
                        .trim_start_matches("www.")
                        .to_owned()
                },
                |t| t.to_string(),
            );
        node.replace_with_html(format!(
            "<p class=\"bron-embed\"><a href=\"{}\">{}</a></p>",
            escape(page.as_str()),
            escape(&title)
        ));
    }
}

/// The page of what a frame shows.
fn page_of(source: &str) -> Option<Url> {
    let source = source.trim();
    let frame = if source.starts_with("//") {
        Url::parse(&format!("https:{source}"))
    } else {
        Url::parse(source)
    }
    .ok()?;
    let host = frame.host_str()?.trim_start_matches("www.");
    if let Some((_, name)) = BY_PARAMETER.iter().find(|(known, _)| *known == host) {
        let (_, page) = frame.query_pairs().find(|(key, _)| key == name)?;
        return Url::parse(&page)
            .ok()
            .filter(|page| matches!(page.scheme(), "http" | "https"));
    }
    FRAMES
        .iter()
        .filter(|(known, _, _)| *known == host)
        .find_map(|(_, path, page)| {
            let rest = frame.path().strip_prefix(path)?.trim_matches('/');
            (!rest.is_empty()).then(|| Url::parse(&page.replace("{}", rest)).ok())?
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: Option<&str>) {
        assert_eq!(
            page_of(source).map(|u| u.to_string()).as_deref(),
            expected,
            "{source}"
        );
    }

    #[test]
    fn frames_of_media_lead_to_their_pages() {
        check(
            "//www.youtube.com/embed/abc-123_XYZ?rel=0",
            Some("https://www.youtube.com/watch?v=abc-123_XYZ"),
        );
        check(
            "https://player.vimeo.com/video/123456",
            Some("https://vimeo.com/123456"),
        );
        check(
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
            Some("https://api.soundcloud.com/tracks/1"),
        );
        check(
            "https://w.soundcloud.com/player/?url=javascript:alert(1)",
            None,
        );
        check("https://ads.example/frame", None);
        check("https://www.youtube.com/embed/", None);
        check("javascript:alert(1)", None);
    }

    #[test]
    fn frames_become_links_or_go() {
        let page = Document::from(
            "<body><iframe src='https://www.youtube.com/embed/abc' title='A \"film\"'></iframe><iframe src='https://ads.example/'></iframe>",
        );
        to_links(&page);
        assert_eq!(
            page.body().expect("a body").inner_html().as_ref(),
            "<p class=\"bron-embed\"><a href=\"https://www.youtube.com/watch?v=abc\">A \"film\"</a></p>"
        );
    }
}
