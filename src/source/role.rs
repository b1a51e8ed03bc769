//! What a link is to the article: one table, and the first row that matches decides.

use super::Role;
use super::strength::is_front_page;
use super::words::{Is, Phrase, Words, folded};
use crate::address::{Address, Kind};
use url::Url;

/// A link with all that the rows ask about it.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub address: &'a Address,
    /// As written in the HTML.
    pub href: &'a str,
    /// The words of the anchor (of its images, where it has no words of its own).
    pub text: &'a str,
    pub folded: &'a str,
    pub sentence: &'a str,
    /// The whole line, folded.
    pub line: &'a str,
    /// Share of the line that is links.
    pub linked: f32,
    pub rel: &'a str,
    /// The words are those of images, or missing.
    pub image: bool,
    pub has_image: bool,
    /// Under a heading of the tail.
    pub tail: Option<&'a str>,
    /// After the last paragraph that somebody wrote.
    pub after_prose: bool,
    /// The heading above, as written.
    pub heading: &'a str,
    pub place: f32,
    pub same_site: bool,
    pub same_page: bool,
    pub in_card: bool,
    pub aggregated: bool,
    /// Whether it stands in a list or table of many links.
    pub boilerplate: bool,
}

/// What the article says of itself.
#[derive(Debug)]
pub(super) struct Setting {
    /// The key of the article, and of its page where a link-blog's entry has another.
    pub own_keys: Vec<String>,
    /// What the entry is about, where that is another page.
    pub primary_key: Option<String>,
    /// A whole page: around its article stand lines that no author wrote.
    pub extracted: bool,
}

/// What comes of a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    LeaveOut,
    Is(Role),
    /// By strength: a source or a mention.
    Weigh,
    Primary,
}

/// A row: a number for those who look it up, words for those who read, a question.
pub(super) struct Row {
    pub id: &'static str,
    pub words: &'static str,
    pub verdict: Verdict,
    asks: fn(&Link<'_>, &Setting) -> bool,
}

const fn row(
    id: &'static str,
    words: &'static str,
    verdict: Verdict,
    asks: fn(&Link<'_>, &Setting) -> bool,
) -> Row {
    Row {
        id,
        words,
        verdict,
        asks,
    }
}

impl Row {
    /// The row of a link that its place alone decides: a field of the feed, a frame.
    pub const fn fixed(id: &'static str, words: &'static str, verdict: Verdict) -> Row {
        row(id, words, verdict, |_, _| true)
    }
}

/// What is no address of the web.
pub(super) const OTHER_SCHEME: &str = "R1: no address of the web";

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    row("R2", "a share button", Verdict::LeaveOut, is_share),
    row("R2", "a button of the site's machine", Verdict::LeaveOut, is_admin),
    row("R13", "stands among the comments", Verdict::LeaveOut, |link, _| is_among_comments(link)),
    row("R4", "leads to a conversation about it", Verdict::Is(Role::Discussion), is_discussion),
    row("R3", "leads to a place of this page", Verdict::LeaveOut, |link, _| link.same_page),
    row("R5", "advertising or a counter", Verdict::LeaveOut, is_tracker),
    row("R7", "what the entry is about", Verdict::Primary, |link, setting| setting.primary_key.as_deref() == Some(&link.address.key)),
    row("R8", "this article itself", Verdict::LeaveOut, |link, setting| setting.own_keys.contains(&link.address.key)),
    row("R9", "a button to buy", Verdict::LeaveOut, |link, _| is_buy_button(link)),
    row("R9", "leads to a shop, and somebody is paid", Verdict::Is(Role::Shop), is_paid),
    row("R10", "a picture, or nothing to read", Verdict::LeaveOut, is_picture),
    row("R10", "who made a picture", Verdict::LeaveOut, |link, setting| setting.extracted && is_credit(link)),
    row("R11", "stands under every entry of the site", Verdict::LeaveOut, is_footer),
    row("R12", "stands in nearly every entry of the feed", Verdict::LeaveOut, |link, _| link.boilerplate),
    row("R12", "a subscription, an account or the law", Verdict::LeaveOut, is_subscription),
    row("R12", "asks to follow somebody on a network", Verdict::LeaveOut, is_follow),
    row("R13", "what the site wants one to read next", Verdict::Is(Role::Recommended), |link, _| link.same_site && is_tail(link) && !is_list_page(link)),
    row("R13", "stands among what the site wants one to read next", Verdict::LeaveOut, |link, _| is_tail(link) && (link.same_site || link.linked > 0.6)),
    row("R13", "a line of links below the text", Verdict::LeaveOut, |link, setting| setting.extracted && is_below(link)),
    row("R14", "a list of the site, or its front page", Verdict::LeaveOut, |link, _| link.same_site && is_list_page(link)),
    row("R14", "a name by itself, and a front page", Verdict::LeaveOut, |link, setting| setting.extracted && is_name_alone(link)),
    row("R14", "a file to hear, see or unpack", Verdict::Is(Role::Media), is_media),
    row("R14", "on this site", Verdict::Is(Role::SameSite), |link, _| link.same_site),
    row("R15", "somebody's page, or asks for money", Verdict::Is(Role::Mention), is_profile),
    row("R16", "the article leads there", Verdict::Weigh, |_, _| true),
];

/// The row that decides.
pub(super) fn role(link: &Link<'_>, setting: &Setting) -> &'static Row {
    TABLE
        .iter()
        .find(|row| (row.asks)(link, setting))
        .unwrap_or(&TABLE[TABLE.len() - 1])
}

fn is_share(link: &Link<'_>, _: &Setting) -> bool {
    let words = Words::bundled();
    // The outermost address counts: what a button wraps is the article itself.
    words.host_is(&link.address.url, Is::Share)
        || words.host_is(&link.address.display, Is::Share)
        || (link.same_site && words.segment_is(&link.address.display, Is::Share))
}

fn is_discussion(link: &Link<'_>, _: &Setting) -> bool {
    let words = Words::bundled();
    let url = &link.address.url;
    let fragment = url.fragment().is_some_and(|fragment| {
        matches!(
            fragment,
            "comments"
                | "respond"
                | "disqus_thread"
                | "comment"
                | "reply-title"
                | "reacties"
                | "kommentare"
        ) || fragment.starts_with("comment-form")
    });
    let few = link.folded.split(' ').count() <= 8;
    if fragment && (link.same_site || link.same_page) {
        return true;
    }
    if words.host_is(&link.address.display, Is::Thread) {
        return true;
    }
    let counted = link
        .folded
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let comments = words.phrases(Phrase::Comments);
    few && (link.same_site || link.address.kind == Kind::Discussion)
        && (comments.is(counted)
            || (link.address.kind == Kind::Discussion && comments.begins(counted).is_some()))
}

fn is_tracker(link: &Link<'_>, _: &Setting) -> bool {
    let words = Words::bundled();
    let url = &link.address.display;
    words.host_is(url, Is::Ad)
        || (link.image && (words.host_is(url, Is::Tracker) || words.segment_is(url, Is::Tracker)))
}

fn is_paid(link: &Link<'_>, _: &Setting) -> bool {
    let opaque = link.address.affiliate
        && link.address.unwrapped_from.is_empty()
        && (link.address.short || link.address.kind != Kind::Article || !link.same_site);
    (opaque && !link.same_site)
        || link
            .rel
            .split_ascii_whitespace()
            .any(|rel| rel == "sponsored")
        || (link.address.affiliate && link.address.kind == Kind::Shop)
}

fn is_picture(link: &Link<'_>, setting: &Setting) -> bool {
    // On a whole page, a picture beside the text is decoration, wherever it leads and whatever it is called; in an entry
    // it may be all there is, and in a card it stands for the card.
    if link.has_image && link.image && setting.extracted && !link.in_card {
        return true;
    }
    if link.has_image && link.image {
        let words = Words::bundled();
        let url = &link.address.display;
        return link.same_site
            || is_image_file(url)
            || words.host_is(url, Is::Upload)
            || words.segment_is(url, Is::Upload) && url.path().contains('.');
    }
    link.text.trim().is_empty()
}

const IMAGE_ENDS: &[&str] = &[
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif", ".bmp", ".tif", ".tiff", ".jfif",
];
const MEDIA_ENDS: &[&str] = &[
    ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp4", ".webm", ".mov", ".m4v",
    ".mkv", ".avi", ".ogv", ".zip", ".tar.gz", ".tgz", ".7z", ".rar", ".dmg", ".exe", ".epub",
    ".torrent",
];

fn ends_with(url: &Url, ends: &[&str]) -> bool {
    let path = url.path().as_bytes();
    ends.iter().any(|end| {
        path.len() > end.len()
            && path[path.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    })
}

fn is_image_file(url: &Url) -> bool {
    ends_with(url, IMAGE_ENDS)
}

fn is_media(link: &Link<'_>, _: &Setting) -> bool {
    ends_with(&link.address.display, MEDIA_ENDS)
}

fn is_footer(link: &Link<'_>, _: &Setting) -> bool {
    link.same_site
        && link.line.len() < 400
        && Words::bundled().phrases(Phrase::Footer).within(link.line)
}

fn is_subscription(link: &Link<'_>, _: &Setting) -> bool {
    let words = Words::bundled();
    let url = &link.address.display;
    let few = link.folded.split(' ').count() <= 8;
    let said = few
        && words
            .phrases(Phrase::Subscribe)
            .begins(link.folded)
            .is_some_and(|length| link.folded[length..].split_whitespace().count() <= 4);
    if link.same_site {
        return said || words.segment_is(url, Is::Subscribe);
    }
    words.host_is(url, Is::Newsletter)
        || (said && (words.segment_is(url, Is::Subscribe) || is_front_page(url)))
}

/// "Follow us on …": a profile that a sentence asks to follow, or one that stands by itself: a label, a handle, a list of networks.
fn is_follow(link: &Link<'_>, setting: &Setting) -> bool {
    if !is_profile_page(link) {
        return false;
    }
    let follow = Words::bundled().phrases(Phrase::Follow);
    (link.line.len() < 200 && follow.begins(link.line).is_some())
        || (setting.extracted && link.linked > 0.3 && link.line.len() < 80)
        || (setting.extracted && follow.within(&folded(link.sentence)))
}

fn is_admin(link: &Link<'_>, _: &Setting) -> bool {
    let words = Words::bundled();
    words.host_is(&link.address.display, Is::Admin)
        || words.segment_is(&link.address.display, Is::Admin)
}

/// Under a heading that counts comments, what follows is theirs, not the author's.
fn is_among_comments(link: &Link<'_>) -> bool {
    link.tail.is_some_and(|tail| {
        Words::bundled()
            .phrases(Phrase::Comments)
            .is(without_number(&folded(tail)))
    })
}

/// "12 comments" → "comments".
pub(super) fn without_number(text: &str) -> &str {
    text.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '(' | ')')
    })
}

/// "Get it at …", "See it now: …": a short line, or the end of one, that is a button.
fn is_buy_button(link: &Link<'_>) -> bool {
    let buy = Words::bundled().phrases(Phrase::Buy);
    let short =
        (1..90).contains(&link.line.len()) && link.linked > 0.2 && buy.begins(link.line).is_some();
    let alone = link.text.len() + 4 >= link.sentence.len()
        && buy
            .begins(link.folded)
            .is_some_and(|length| link.folded[..length].contains(' '));
    !link.same_site && (short || alone)
}

/// "Photo by …": a short line under a picture.
fn is_credit(link: &Link<'_>) -> bool {
    let credit = |length: usize| {
        let rest = link.line[length..].trim_start();
        // "Photo" alone begins many a sentence; a credit names its maker after a sign.
        link.line[..length].contains(' ') || rest.starts_with([':', '/', '–', '-', '|', '©'])
    };
    (1..120).contains(&link.line.len())
        && Words::bundled()
            .phrases(Phrase::Credit)
            .begins(link.line)
            .is_some_and(credit)
}

fn is_tail(link: &Link<'_>) -> bool {
    if link.tail.is_some() && link.place > 0.35 {
        return true;
    }
    // "Lees ook: …" as a line of its own.
    link.same_site
        && link.linked > 0.5
        && Words::bundled()
            .phrases(Phrase::Tail)
            .begins(link.line)
            .is_some_and(|length| {
                link.line[length..].starts_with([':', ' ', '-', '–'])
                    && link.line[length..]
                        .trim_start_matches([':', ' ', '-', '–', '|', '>', '»'])
                        .starts_with(link.folded)
            })
}

/// Below a page's text, without a heading that says so, stand lines of links of the site's machine.
fn is_below(link: &Link<'_>) -> bool {
    let referred = || {
        Words::bundled()
            .phrases(Phrase::References)
            .begins(&folded(link.heading))
            .is_some()
    };
    link.after_prose
        && !link.same_site
        && link.linked > 0.5
        && link.sentence.len() < 90
        && !referred()
}

fn is_list_page(link: &Link<'_>) -> bool {
    let words = Words::bundled();
    let url = &link.address.display;
    is_front_page(url)
        || words.segment_is(url, Is::Tag) && !is_long(url)
        || link.text.starts_with('#') && !link.text.contains(' ')
}

/// Words of a name.
const NAME_WORDS: usize = 5;

/// A line that is a name and nothing else, and leads to a front page: a directory names a house, and nothing is cited that
/// is said there.
fn is_name_alone(link: &Link<'_>) -> bool {
    !link.same_site
        && !link.in_card
        && link.linked > 0.7
        && link.line.split(' ').count() <= NAME_WORDS
        && !link.line.is_empty()
        && !link.line.contains("://")
        && is_front_page(&link.address.display)
}

/// A list's address ends soon: `/tag/x`; an article may stand under `/topics/` too, and has a long name.
fn is_long(url: &Url) -> bool {
    url.path()
        .rsplit('/')
        .find(|segment| !segment.is_empty())
        .is_some_and(|last| last.bytes().filter(|byte| *byte == b'-').count() >= 4)
}

fn is_profile(link: &Link<'_>, _: &Setting) -> bool {
    let words = Words::bundled();
    let url = &link.address.display;
    is_profile_page(link) || words.host_is(url, Is::Donation) || words.host_is(url, Is::Profile)
}

/// Somebody's own page on a network: one part of a path, or two where the first says so.
fn is_profile_page(link: &Link<'_>) -> bool {
    let url = &link.address.display;
    let segments: Vec<&str> = url
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let named = [
        "in", "company", "user", "channel", "c", "profile", "pages", "groups", "invite",
    ];
    let one = match *segments {
        [_] => true,
        [first, _] => named.contains(&first),
        _ => false,
    };
    link.address.kind == Kind::Social && one && url.query().is_none_or(|query| query.len() < 24)
}

/// Whether a line says that the text comes from elsewhere.
pub(super) fn is_republished(line: &str) -> bool {
    Words::bundled().phrases(Phrase::Republished).within(line)
}

/// Whether an anchor names nothing.
pub(super) fn is_generic(text: &str) -> bool {
    let folded = folded(text);
    folded.is_empty() || Words::bundled().phrases(Phrase::Generic).is(&folded)
}
