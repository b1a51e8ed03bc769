//! What the names that authors give to parts of their pages say about them.

use dom_query::NodeRef;

/// What a part of a page is for, as far as its class, id, role and tag tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Part {
    Body,
    Comments,
    Post,
    Related,
    Share,
    Navigation,
    Side,
    Foot,
    Head,
    Meta,
    Tags,
    Biography,
    Caption,
    Advertisement,
    SignUp,
    Overlay,
    Form,
    List,
    Title,
    Contents,
    Gallery,
    Lead,
    Hidden,
    Code,
    Note,
}

/// The parts, and the words that name them: a word counts where it stands anywhere in the names, in lower case.
#[rustfmt::skip]
pub(super) const PARTS: &[(Part, &str, &[&str])] = &[
    (Part::Body, "body", &["article-body", "articlebody", "article__body", "article_body", "article-content", "articlecontent", "article__content", "article-text", "article__text", "articletext", "entry-content", "entry__content", "post-content", "postcontent", "post__content", "post-body", "postbody", "post__body", "story-body", "storybody", "story__body", "story-content", "story-text", "body-copy", "bodycopy", "body-text", "bodytext", "content-body", "content__body", "main-content", "maincontent", "main__content", "page-content", "pagecontent", "markdown", "rich-text", "richtext", "prose", "e-content", "mw-parser-output", "td-post-content", "documentation", "docs-content", "single-content", "text-content", "content-text", "wysiwyg", "field-name-body", "field--name-body", "news-content", "blog-content", "blog-post", "blogpost"]),
    (Part::Comments, "comments", &["comment", "disqus", "respond", "replies", "livefyre", "fb-comments", "guestbook", "kommentar", "reactie", "commentaire", "comentario"]),
    (Part::Post, "post", &["message", "topic", "thread", "answer", "question", "postbit", "post-text", "forum", "reply"]),
    (Part::Related, "related", &["related", "recommend", "more-from", "morefrom", "also-like", "read-next", "readnext", "next-up", "up-next", "upnext", "trending", "popular", "most-read", "mostread", "most-viewed", "outbrain", "taboola", "more-stories", "morestories", "more-news", "teaser", "promo", "carousel", "suggest", "similar", "further-reading", "latest", "recent", "read-more", "readmore", "recirc", "crosslink", "yarpp", "zergnet", "swiper", "slick"]),
    (Part::Share, "share", &["share", "sharing", "social", "follow", "addthis", "addtoany", "sharedaddy", "a2a_", "whatsapp", "facebook", "twitter", "bookmark", "print-link", "toolbar", "tools"]),
    (Part::Navigation, "navigation", &["nav", "menu", "breadcrumb", "crumb", "pagination", "pager", "paging", "skip-", "skiplink", "tabs", "prev-next", "prevnext", "pagenav", "jump", "sitemap"]),
    (Part::Side, "side", &["sidebar", "side-bar", "aside", "rail", "widget", "complementary", "right-col", "rightcol", "left-col", "leftcol", "secondary", "sidecol", "side-col", "tertiary", "drawer"]),
    (Part::Foot, "foot", &["footer", "foot", "colophon", "copyright", "contentinfo", "legal", "disclaimer", "imprint", "bottom"]),
    (Part::Head, "head", &["masthead", "site-header", "page-header", "topbar", "top-bar", "banner", "header", "logo", "branding", "hero"]),
    (Part::Meta, "meta", &["byline", "author", "meta", "date", "timestamp", "posted", "published", "dateline", "reading-time", "readtime", "updated", "info", "credits", "attribution", "writer", "submitted", "details", "views", "stats"]),
    (Part::Tags, "tags", &["tags", "tag-", "taglist", "tag_", "post-tag", "category", "categories", "topics", "keyword", "label", "hashtag", "filed"]),
    (Part::Biography, "biography", &["author-bio", "author-box", "authorbox", "author-info", "author_bio", "about-author", "about-the-author", "author-card", "author__bio", "authorbio", "biography", "bio-", "-bio", "contributor", "profile", "vcard"]),
    (Part::Caption, "caption", &["caption", "credit", "photo", "image", "picture", "figure", "media", "copyright"]),
    (Part::Advertisement, "advertisement", &["advert", "ad-", "-ad", "ads-", "-ads", "_ad_", "ad_", "sponsor", "adsbygoogle", "dfp", "gpt", "commercial", "affiliate", "marketing", "partner", "offer"]),
    (Part::SignUp, "sign-up", &["newsletter", "subscribe", "signup", "sign-up", "subscription", "paywall", "login", "register", "cta", "call-to-action", "donate", "donation", "support-us", "membership", "optin", "opt-in", "mailchimp", "lead-form", "mailing", "email"]),
    (Part::Overlay, "overlay", &["cookie", "consent", "gdpr", "privacy", "modal", "popup", "pop-up", "overlay", "lightbox", "notification", "notice", "alert", "toast", "banner"]),
    (Part::Form, "form", &["search", "form", "filter", "input", "select", "button", "btn", "vote", "voting", "rating", "poll", "quiz"]),
    (Part::List, "list", &["list", "card", "grid", "item", "feed", "archive", "tile", "block", "row", "col-"]),
    (Part::Title, "title", &["title", "headline", "heading"]),
    (Part::Contents, "contents", &["toc", "table-of-contents", "tableofcontents", "on-this-page", "index-list", "anchor-links"]),
    (Part::Gallery, "gallery", &["gallery", "slideshow", "slider", "slide", "player", "video", "audio", "podcast", "embed"]),
    (Part::Lead, "lead", &["lead", "intro", "summary", "excerpt", "standfirst", "subtitle", "sub-title", "subhead", "dek", "deck", "abstract", "description", "teaser-text", "kicker", "strapline", "chapo", "sapo"]),
    (Part::Hidden, "hidden", &["hidden", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader", "print-only", "printonly", "hide", "invisible", "collapsed", "mobile-only", "tooltip", "noprint"]),
    (Part::Code, "code", &["code", "highlight", "syntax", "prettyprint", "terminal", "example"]),
    (Part::Note, "note", &["footnote", "endnote", "references", "reflist", "citation", "editor", "correction", "update", "box", "factbox", "infobox", "pullquote", "pull-quote", "quote", "signature", "sig"]),
];

/// A set of parts.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Parts(u32);

impl Parts {
    pub(super) fn with(self, other: Parts) -> Parts {
        Parts(self.0 | other.0)
    }

    pub(super) fn has(self, part: Part) -> bool {
        self.0 & (1 << part as u8) != 0
    }

    fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u8;
    }
}

/// The parts that an element says to be.
pub(super) fn of(node: &NodeRef<'_>) -> Parts {
    let mut names = String::new();
    for attribute in [
        "class",
        "id",
        "role",
        "itemprop",
        "data-testid",
        "data-component",
        "aria-label",
    ] {
        if let Some(value) = node.attr(attribute) {
            let value = &value[..value.floor_char_boundary(300)];
            names.push_str(value);
            names.push(' ');
        }
    }
    let mut parts = Parts::default();
    if is_hidden(node) {
        parts.add(Part::Hidden);
    }
    if names.is_empty() {
        return parts;
    }
    let names = names.to_lowercase();
    for (part, _, words) in PARTS {
        if words.iter().any(|word| names.contains(word)) {
            parts.add(*part);
        }
    }
    parts
}

/// Whether an element is not to be seen at first: much of what is opened on a click is the article's, some is not.
fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden")
        || node
            .attr("aria-hidden")
            .is_some_and(|value| &*value == "true")
        || node.attr("style").is_some_and(|style| {
            let style = style.replace(' ', "").to_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_part_is_for() {
        let page = dom_query::Document::from(
            "<div class='Entry-Content x'></div><div id=comments></div><div></div>",
        );
        let nodes = page.select("div");
        let nodes = nodes.nodes();
        assert!(of(&nodes[0]).has(Part::Body) && !of(&nodes[0]).has(Part::Comments));
        assert!(of(&nodes[1]).has(Part::Comments));
        assert!(of(&nodes[2]) == Parts::default());
    }

    #[test]
    fn the_table_is_in_the_order_of_the_parts() {
        for (place, (part, _, _)) in PARTS.iter().enumerate() {
            assert_eq!(*part as usize, place);
        }
    }
}
