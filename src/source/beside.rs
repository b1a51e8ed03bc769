//! Links that are no anchors: fields of the feed, frames and players, addresses written out in the text.

use super::anchor_words::sentence;
use super::gathered::Gathered;
use super::home::Home;
use super::role::{self, Link, Row, Setting, Verdict};
use super::scan::{Embed, How, Scan};
use super::words::Words;
use super::{ANCHOR_AT_MOST, BARE_AT_MOST, LeftOut, Role, Subject};
use crate::address::{self, Address, Found};
use crate::text::SafeText;

/// A link that has no anchor: all that is known is its address, and where it was named.
fn plain<'a>(
    address: &'a Address,
    text: &'a str,
    sentence: &'a str,
    place: f32,
    home: &Home,
) -> Link<'a> {
    Link {
        address,
        href: address.url.as_str(),
        text,
        folded: "",
        sentence,
        line: "",
        linked: 0.0,
        rel: "",
        image: false,
        has_image: false,
        tail: None,
        after_prose: false,
        heading: "",
        place,
        same_site: home.is_here(&address.display),
        same_page: false,
        in_card: false,
        aggregated: false,
        boilerplate: false,
    }
}

/// Links of the feed's fields that come before the text.
pub(super) fn fields_before(
    subject: &Subject<'_>,
    home: &Home,
    setting: &Setting,
    found: Found<'_>,
    gathered: &mut Gathered,
) {
    if !home.link_blog || setting.primary_key.is_none() {
        return;
    }
    if let Ok(address) = address::clean(subject.url.as_str(), found) {
        let link = plain(&address, "", "", 0.0, home);
        gathered.take(
            &Scan::default(),
            home,
            &link,
            &Row::fixed("R7", "what the entry is about", Verdict::Primary),
            false,
            None,
            (0, 0),
            None,
        );
    }
}

/// Links of the feed's fields that come after the text.
pub(super) fn fields_after(
    subject: &Subject<'_>,
    home: &Home,
    setting: &Setting,
    found: Found<'_>,
    gathered: &mut Gathered,
) {
    let mut next = usize::MAX / 2;
    let mut take = |text: &str, words: &str, row: Row, comments: Option<u32>| {
        let Ok(address) = address::clean(text, found) else {
            gathered.left_out.push(LeftOut {
                url: text.to_owned(),
                anchor: SafeText::line(words),
                reason: role::OTHER_SCHEME.to_owned(),
                place: None,
            });
            return;
        };
        next += 1;
        let link = plain(&address, words, "", 1.0, home);
        let key = address.key.clone();
        gathered.take(
            &Scan::default(),
            home,
            &link,
            &row,
            false,
            None,
            (next, 0),
            None,
        );
        if let Some(place) = gathered.by_key.get(&key) {
            gathered.sources[*place].1.comments = gathered.sources[*place].1.comments.or(comments);
        }
    };
    for via in &subject.fields.via {
        take(
            via,
            "via",
            Row::fixed(
                "R16",
                "the feed says that the entry comes from there",
                Verdict::Is(Role::Source),
            ),
            None,
        );
    }
    for related in &subject.fields.related {
        let ours = address::clean(related, found).is_ok_and(|related| {
            home.is_here(&related.display) || setting.own_keys.contains(&related.key)
        });
        if !ours {
            take(
                related,
                "via",
                Row::fixed(
                    "R16",
                    "the feed names it beside the entry",
                    Verdict::Is(Role::Source),
                ),
                None,
            );
        }
    }
    if let Some((comments, count)) = &subject.fields.comments {
        take(
            comments,
            "comments",
            Row::fixed(
                "R4",
                "the feed says that it is discussed there",
                Verdict::Is(Role::Discussion),
            ),
            *count,
        );
    }
    for (enclosure, kind) in &subject.fields.enclosures {
        let image = kind
            .as_deref()
            .is_some_and(|kind| kind.starts_with("image/"));
        let verdict = if image {
            Verdict::LeaveOut
        } else {
            Verdict::Is(Role::Media)
        };
        take(
            enclosure,
            "",
            Row::fixed(
                if image { "R10" } else { "R14" },
                if image {
                    "a picture"
                } else {
                    "a file that the feed attaches"
                },
                verdict,
            ),
            None,
        );
    }
    // A thread's own feed: the entry's address is the conversation.
    if setting.primary_key.is_some() && !home.link_blog {
        take(
            subject.url.as_str(),
            "comments",
            Row::fixed(
                "R4",
                "the entry is a conversation",
                Verdict::Is(Role::Discussion),
            ),
            None,
        );
    } else if home.link_blog && setting.primary_key.is_none() {
        take(
            subject.url.as_str(),
            "comments",
            Row::fixed(
                "R4",
                "the entry's link is a conversation",
                Verdict::Is(Role::Discussion),
            ),
            None,
        );
    }
}

/// A frame, a player, or an address without an anchor.
pub(super) fn embedded(
    home: &Home,
    setting: &Setting,
    scan: &Scan,
    embed: &Embed,
    found: Found<'_>,
    gathered: &mut Gathered,
) {
    let mut leave_out = |reason: &str| {
        gathered.left_out.push(LeftOut {
            url: embed.address.clone(),
            anchor: SafeText::short(&embed.title, ANCHOR_AT_MOST),
            reason: reason.to_owned(),
            place: None,
        });
    };
    let Ok(frame) = address::clean(&embed.address, found) else {
        return leave_out(role::OTHER_SCHEME);
    };
    let (address, row) = match embed.how {
        How::Frame => {
            let Some(page) = Words::bundled()
                .page_of_frame(&frame.url)
                .and_then(|page| address::clean(&page, found).ok())
            else {
                return leave_out("R5: a frame that is no video, sound or post");
            };
            (
                page,
                Row::fixed("R6", "shown within the article", Verdict::Is(Role::Source)),
            )
        }
        How::Player => (
            frame,
            Row::fixed("R6", "played within the article", Verdict::Is(Role::Media)),
        ),
        How::Cite | How::Bare => (
            frame,
            Row::fixed("R16", "the article leads there", Verdict::Weigh),
        ),
    };
    let place = embed.at as f32 / gathered.total as f32;
    let sentence = match embed.how {
        How::Bare => sentence(scan, &(embed.at..embed.at)),
        How::Frame | How::Player | How::Cite => String::new(),
    };
    let mut link = plain(&address, &embed.title, &sentence, place, home);
    link.linked = 0.5;
    let decided = role::role(&link, setting);
    // A frame or an address is judged as a link would be, when that is worse; what an anchor needs words for, it does not.
    let row = if decided.verdict == Verdict::LeaveOut && decided.id != "R10"
        || decided.verdict == Verdict::Primary
        || (embed.how == How::Bare && decided.id != "R10")
    {
        decided
    } else {
        &row
    };
    gathered.take(
        scan,
        home,
        &link,
        row,
        false,
        None,
        (embed.after * 2, embed.at),
        None,
    );
}

/// Addresses that are written out in the text, outside anchors and code.
pub(super) fn bare_addresses(
    home: &Home,
    setting: &Setting,
    scan: &Scan,
    found: Found<'_>,
    gathered: &mut Gathered,
) {
    if !scan.text.contains("://") {
        return;
    }
    let mut left = BARE_AT_MOST;
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Url]);
    for line in scan.lines.iter().filter(|line| !line.range.is_empty()) {
        let text = scan.slice(&line.range);
        if !text.contains("://") {
            continue;
        }
        for link in finder.links(text) {
            if left == 0 {
                return;
            }
            left -= 1;
            let at = line.range.start + link.start();
            let after = scan
                .anchors
                .partition_point(|anchor| anchor.text.start <= at);
            let in_anchor = scan.anchors[..after]
                .iter()
                .rev()
                .take(3)
                .any(|anchor| anchor.text.end > at);
            if !link.as_str().starts_with("http") || in_anchor || scan.is_code(at) {
                continue;
            }
            let embed = Embed {
                how: How::Bare,
                address: link.as_str().to_owned(),
                at,
                after,
                title: link.as_str().to_owned(),
            };
            embedded(home, setting, scan, &embed, found, gathered);
        }
    }
}
