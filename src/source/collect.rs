//! From an article to its sources: every link is looked at once, in reading order.

use super::cards;
use super::role::{self, Link, Row, Setting, Verdict};
use super::scan::{Anchor, DEPTH_AT_MOST, Embed, How, Scan, is_too_deep, scan};
use super::strength::{SOURCE_FROM, strength};
use super::words::{Words, folded};
use super::{Collected, EmbeddedCard, LeftOut, Role, Source, Subject};
use crate::address::{self, Address, Found, Kind, NotAnAddress};
use crate::text::SafeText;
use std::collections::HashMap;
use url::Url;

/// Links that are looked at; nobody reads on, and the time is bounded.
const LINKS_AT_MOST: usize = 5_000;
/// Addresses written out in the text that are looked at.
const BARE_AT_MOST: usize = 500;
/// Graphemes of anchor and sentence that are kept.
const ANCHOR_AT_MOST: usize = 200;
const SENTENCE_AT_MOST: usize = 300;

/// Collects the sources of an article.
pub fn collect(subject: &Subject<'_>) -> Collected {
    if is_too_deep(subject.html) {
        let reason = format!("nobody reads what is nested deeper than {DEPTH_AT_MOST}");
        let left_out = vec![LeftOut {
            url: subject.url.to_string(),
            anchor: SafeText::default(),
            reason,
            place: None,
        }];
        return Collected {
            left_out,
            ..Collected::default()
        };
    }
    let scan = scan(subject.html);
    let feed = subject.feed_url.or(subject.feed_site);
    let found = Found {
        base: Some(subject.url),
        feed,
    };
    let home = Home::of(subject, &scan);
    let addresses: Vec<Result<Address, NotAnAddress>> = scan
        .anchors
        .iter()
        .take(LINKS_AT_MOST)
        .map(|anchor| address::clean(&anchor.href, found))
        .collect();

    let mut gathered = Gathered {
        numbers: vec![None; scan.anchors.len()],
        total: scan.text.len().max(1),
        ..Gathered::default()
    };
    let setting = home.setting(subject, &scan, &addresses);
    let outside = outside_keys(&addresses, &home);
    let aggregated = is_aggregated(&scan, &outside);
    let lead = aggregated.then(|| lead_of(&scan, &outside)).flatten();
    let notes = notes(&scan, subject.url);

    fields_before(subject, &home, &setting, found, &mut gathered);
    for (place, anchor) in scan.anchors.iter().enumerate() {
        let Some(address) = addresses.get(place) else {
            gathered.leave_out(
                &scan,
                place,
                format!("beyond the first {LINKS_AT_MOST} links"),
            );
            continue;
        };
        let address = match address {
            Ok(address) => address,
            Err(NotAnAddress::Scheme(scheme)) => {
                gathered.leave_out(&scan, place, format!("{} ({scheme})", role::OTHER_SCHEME));
                continue;
            }
            Err(NotAnAddress::Unreadable(_)) => {
                gathered.leave_out(&scan, place, role::OTHER_SCHEME.to_owned());
                continue;
            }
        };
        let card = outside[place]
            .and_then(|_| cards::card(&scan, place, |other| outside.get(other).copied().flatten()));
        let words = AnchorWords::of(&scan, anchor);
        let link = Link {
            address,
            href: &anchor.href,
            text: &words.text,
            folded: &words.folded,
            sentence: &words.sentence,
            line: &words.line,
            linked: words.linked,
            rel: &anchor.rel,
            image: words.image,
            has_image: anchor.images.is_some(),
            tail: anchor.tail.as_ref().map(|tail| scan.slice(tail)),
            place: anchor.text.start as f32 / gathered.total as f32,
            same_site: home.is_here(&address.display),
            same_page: anchor.href.trim_start().starts_with('#') || anchor.href.trim().is_empty(),
            in_card: card.is_some(),
            aggregated: aggregated && outside[place].is_some(),
            boilerplate: subject.boilerplate.contains(&address.key),
        };
        let row = role::role(&link, &setting);
        let order = notes.order_of.get(&place).copied().unwrap_or(place);
        let leads = lead == Some(place);
        gathered.take(
            &scan,
            &home,
            &link,
            row,
            leads,
            card,
            (order * 2 + 1, place),
            Some(place),
        );
    }
    for embed in &scan.embeds {
        embedded(&home, &setting, &scan, embed, found, &mut gathered);
    }
    bare_addresses(&home, &setting, &scan, found, &mut gathered);
    fields_after(subject, &home, &setting, found, &mut gathered);
    gathered.finish(&notes)
}

/// Where the article lives.
struct Home {
    site: String,
    /// Where many authors share a host: host and author.
    author: String,
    /// The entry's link leads away from the feed's site: the entry is about that.
    link_blog: bool,
}

impl Home {
    fn of(subject: &Subject<'_>, scan: &Scan) -> Home {
        let own = subject
            .feed_site
            .filter(|site| !address::is_proxy(site.host_str().unwrap_or_default()));
        let away = own.filter(|own| address::site(own) != address::site(subject.url));
        // A planet collects whole texts of others: they live where they link to.
        let planet = away.is_some()
            && scan.words >= 300
            && subject.fields.related.is_empty()
            && subject.fields.comments.is_none()
            && {
                let own = own.map(address::site).unwrap_or_default();
                !scan.anchors.iter().any(|anchor| {
                    Url::parse(&anchor.href).is_ok_and(|url| address::site(&url) == own)
                })
            };
        let link_blog = away.is_some() && !planet && !subject.extracted;
        let lives = if link_blog {
            away.unwrap_or(subject.url)
        } else {
            subject.url
        };
        Home {
            site: address::site(lives),
            author: address::home(lives),
            link_blog,
        }
    }

    fn is_here(&self, url: &Url) -> bool {
        address::site(url) == self.site
            && (self.author == self.site || address::home(url) == self.author)
    }

    /// On another registrable domain: what is shown as external.
    fn is_external(&self, url: &Url) -> bool {
        address::site(url) != self.site
    }

    fn setting(
        &self,
        subject: &Subject<'_>,
        scan: &Scan,
        addresses: &[Result<Address, NotAnAddress>],
    ) -> Setting {
        let own = address::clean(subject.url.as_str(), Found::default());
        let own_key = own.as_ref().map(|own| own.key.clone()).unwrap_or_default();
        let mut setting = Setting {
            own_keys: vec![own_key.clone()],
            primary_key: None,
        };
        let thread = own.is_ok_and(|own| own.kind == Kind::Discussion);
        if self.link_blog && !thread {
            setting.own_keys = subject
                .fields
                .related
                .iter()
                .filter_map(|link| address::clean(link, Found::default()).ok())
                .filter(|related| self.is_here(&related.display))
                .map(|related| related.key)
                .collect();
            setting.primary_key = Some(own_key);
        } else if thread {
            // "[link]" in an entry whose own address is the thread.
            let link = scan.anchors.iter().zip(addresses).find(|(anchor, _)| {
                matches!(
                    scan.slice(&anchor.text),
                    "[link]" | "link" | "Link" | "[Link]"
                )
            });
            if let Some((_, Ok(address))) = link
                && !setting.own_keys.contains(&address.key)
            {
                setting.primary_key = Some(address.key.clone());
            }
        }
        setting
    }
}

/// What a reader sees of an anchor.
struct AnchorWords {
    text: String,
    folded: String,
    sentence: String,
    line: String,
    linked: f32,
    image: bool,
}

impl AnchorWords {
    fn of(scan: &Scan, anchor: &Anchor) -> AnchorWords {
        let mut text = scan.slice(&anchor.text).replace('\n', " ");
        let image = text.trim().is_empty();
        if image {
            let alt = anchor.images.as_deref().unwrap_or_default();
            alt.clone_into(&mut text);
            if text.trim().is_empty() {
                anchor.title.clone_into(&mut text);
            }
        }
        let line = scan.line(anchor.text.start);
        let whole = scan.slice(&line.range);
        let linked = if line.range.is_empty() {
            1.0
        } else {
            line.linked as f32 / line.range.len() as f32
        };
        // Rows over lines look at short ones; a long paragraph needs no second copy.
        let line_text = if whole.len() < 600 {
            folded(whole)
        } else {
            String::new()
        };
        AnchorWords {
            folded: folded(&text),
            text,
            sentence: sentence(scan, &anchor.text),
            line: line_text,
            linked,
            image,
        }
    }
}

/// The sentence around a place, within its line, and not more of a long one than can be shown.
fn sentence(scan: &Scan, range: &std::ops::Range<usize>) -> String {
    let (before, text, after) = scan.window(range, 2 * SENTENCE_AT_MOST);
    let begin = ends_of_sentences(before).last().unwrap_or(0);
    let until = ends_of_sentences(after).next().unwrap_or(after.len());
    let text = if text.len() > 2 * SENTENCE_AT_MOST {
        ""
    } else {
        text
    };
    let (before, after) = (
        before.get(begin..).unwrap_or_default(),
        after.get(..until).unwrap_or_default(),
    );
    format!("{before}{text}{after}").trim().to_owned()
}

/// Places behind the marks that end sentences.
fn ends_of_sentences(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((at, c)) = chars.next() {
            let ends = match c {
                '.' | '!' | '?' | '…' => chars.peek().is_none_or(|(_, next)| {
                    next.is_whitespace() || matches!(next, '"' | '”' | '»' | ')')
                }),
                '。' | '！' | '？' => true,
                _ => false,
            };
            if ends {
                return Some(at + c.len_utf8());
            }
        }
        None
    })
}

/// For each anchor that leads to another site a number that is the same for the same target.
fn outside_keys(addresses: &[Result<Address, NotAnAddress>], home: &Home) -> Vec<Option<usize>> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    addresses
        .iter()
        .map(|address| {
            let address = address
                .as_ref()
                .ok()
                .filter(|address| !home.is_here(&address.display))?;
            let next = numbers.len();
            Some(*numbers.entry(address.key.as_str()).or_insert(next))
        })
        .collect()
}

/// Whether the entry is a list of outlets: "More: Outlet, Outlet", or several times "Outlet: headline".
fn is_aggregated(scan: &Scan, outside: &[Option<usize>]) -> bool {
    let out: Vec<&Anchor> = scan
        .anchors
        .iter()
        .zip(outside)
        .filter(|(_, key)| key.is_some())
        .map(|(anchor, _)| anchor)
        .collect();
    if out.len() < 3 || scan.words > 400 {
        return false;
    }
    let named = out
        .iter()
        .filter(|anchor| is_named_before(scan, anchor))
        .count();
    let more = scan.lines.iter().any(|line| {
        let text = scan.slice(&line.range);
        let start = text.get(..12).unwrap_or(text).to_lowercase();
        line.anchors >= 2
            && ["more:", "also:", "see also:", "tweets:", "plus:"]
                .iter()
                .any(|word| start.starts_with(word))
    });
    more || (named >= 3 && named * 2 > out.len())
}

/// "Outlet: " right before the anchor.
fn is_named_before(scan: &Scan, anchor: &Anchor) -> bool {
    let line = scan.line(anchor.text.start).range.start;
    let before = scan
        .slice(&(line.min(anchor.text.start)..anchor.text.start))
        .trim_end();
    let Some(before) = before.strip_suffix(':') else {
        return false;
    };
    let name = before
        .rsplit([',', ';', '|', '.', '—', '•', '/'])
        .next()
        .unwrap_or_default()
        .trim();
    (2..40).contains(&name.len())
        && name.starts_with(char::is_uppercase)
        && name.split_whitespace().count() <= 5
}

/// What an aggregator's item is about: the first link that stands out, else the first.
fn lead_of(scan: &Scan, outside: &[Option<usize>]) -> Option<usize> {
    let mut out = (0..outside.len()).filter(|place| {
        outside[*place].is_some() && !scan.slice(&scan.anchors[*place].text).is_empty()
    });
    let first = out.clone().next();
    out.find(|place| scan.anchors[*place].bold).or(first)
}

/// Footnotes: where their marks stand.
#[derive(Default)]
struct Notes {
    /// Anchor of a note → place of the mark's anchor.
    order_of: HashMap<usize, usize>,
    /// The mark's anchor → anchors of its note.
    marks: Vec<(usize, Vec<usize>)>,
}

fn notes(scan: &Scan, url: &Url) -> Notes {
    let mut notes = Notes::default();
    let own = url.as_str().split('#').next().unwrap_or_default();
    for (mark, anchor) in scan.anchors.iter().enumerate().take(LINKS_AT_MOST) {
        let Some((before, id)) = anchor.href.split_once('#') else {
            continue;
        };
        let short = scan
            .slice(&anchor.text)
            .trim_matches(['[', ']', '(', ')', ' '])
            .chars()
            .count()
            <= 4;
        if id.is_empty() || !short || !(before.is_empty() || before == own) {
            continue;
        }
        let Some(place) = scan.ids.get(id) else {
            continue;
        };
        let mut element = &scan.elements[*place];
        if element.text.start <= anchor.text.start {
            continue;
        }
        // A mark may lead to an empty anchor at the beginning of the note.
        if element.text.len() < 8 {
            element = &scan.elements[element.parent];
        }
        if element.text.start <= anchor.text.start || element.text.len() > 2_000 {
            continue;
        }
        let within: Vec<usize> = element
            .anchors
            .clone()
            .filter(|note| {
                *note > mark
                    && !scan
                        .anchors
                        .get(*note)
                        .is_some_and(|note| note.href.starts_with('#'))
            })
            .collect();
        for note in &within {
            notes.order_of.entry(*note).or_insert(mark);
        }
        if !within.is_empty() {
            notes.marks.push((mark, within));
        }
    }
    notes
}

/// What was gathered so far; the first place of a key keeps its order.
#[derive(Default)]
struct Gathered {
    sources: Vec<(Order, Source)>,
    by_key: HashMap<String, usize>,
    left_out: Vec<LeftOut>,
    numbers: Vec<Option<u32>>,
    total: usize,
}

/// Reading order: place among the anchors (doubled, so that frames fit between), then place in the HTML.
type Order = (usize, usize);

impl Gathered {
    fn leave_out(&mut self, scan: &Scan, place: usize, reason: String) {
        let anchor = &scan.anchors[place];
        self.left_out.push(LeftOut {
            url: anchor.href.clone(),
            anchor: SafeText::short(scan.slice(&anchor.text), ANCHOR_AT_MOST),
            reason,
            place: u32::try_from(place).ok(),
        });
    }

    #[allow(clippy::too_many_arguments)]
    fn take(
        &mut self,
        scan: &Scan,
        home: &Home,
        link: &Link<'_>,
        row: &Row,
        leads: bool,
        card: Option<EmbeddedCard>,
        order: Order,
        anchor: Option<usize>,
    ) {
        let mut verdict = row.verdict;
        if leads && verdict == Verdict::Weigh {
            verdict = Verdict::Primary;
        }
        let primary = verdict == Verdict::Primary;
        let strength = strength(link, primary);
        let role = match verdict {
            Verdict::LeaveOut => {
                let reason = format!("{}: {}", row.id, row.words);
                match anchor {
                    Some(place) => self.leave_out(scan, place, reason),
                    None => self.left_out.push(LeftOut {
                        url: link.href.to_owned(),
                        anchor: SafeText::short(link.text, ANCHOR_AT_MOST),
                        reason,
                        place: None,
                    }),
                }
                return;
            }
            Verdict::Is(role) => role,
            Verdict::Primary => Role::Source,
            Verdict::Weigh if strength >= SOURCE_FROM || role::is_republished(link.line) => {
                Role::Source
            }
            Verdict::Weigh => Role::Mention,
        };
        let mut reason = format!("{}: {}", row.id, row.words);
        if leads {
            "R7: what the item is about".clone_into(&mut reason);
        }
        if role == Role::Mention && verdict == Verdict::Weigh {
            reason.push_str(", in passing");
        }
        if role == Role::Recommended
            && let Some(tail) = link.tail
        {
            reason = format!(
                "{reason} (under \u{201c}{}\u{201d})",
                SafeText::short(tail, 60)
            );
        }
        let address = link.address;
        let source = Source {
            n: None,
            url: address.url.clone(),
            display: address.display.clone(),
            key: address.key.clone(),
            site: address::site(&address.display),
            role,
            kind: address.kind,
            primary,
            reason,
            anchor: SafeText::short(link.text, ANCHOR_AT_MOST),
            context: SafeText::short(link.sentence, SENTENCE_AT_MOST),
            strength,
            external: home.is_external(&address.display),
            card,
            anchors: anchor
                .and_then(|place| u32::try_from(place).ok())
                .into_iter()
                .collect(),
            place: link.place,
            comments: None,
            affiliate: address.affiliate,
            short: address.short,
            archived: address.archived,
            warned: address.warned,
            removed: address
                .unwrapped_from
                .iter()
                .chain(&address.removed)
                .cloned()
                .collect(),
        };
        self.add(order, source);
    }

    /// One source per key: the best role, the longest anchor that names something, all places.
    fn add(&mut self, order: Order, source: Source) {
        let Some(place) = self.by_key.get(&source.key) else {
            self.by_key.insert(source.key.clone(), self.sources.len());
            self.sources.push((order, source));
            return;
        };
        let (known_order, known) = &mut self.sources[*place];
        let better = (source.primary, std::cmp::Reverse(source.role))
            > (known.primary, std::cmp::Reverse(known.role));
        // Reading order is that of the first place in the text; what only the tail shows does not count.
        if better && known.role == Role::Recommended
            || order < *known_order && source.role != Role::Recommended
        {
            *known_order = order;
        }
        if better {
            known.role = source.role;
            known.primary = source.primary;
            known.reason = source.reason;
        }
        let names = |anchor: &SafeText| {
            if role::is_generic(anchor) {
                0
            } else {
                anchor.len()
            }
        };
        if names(&source.anchor) > names(&known.anchor) {
            known.anchor = source.anchor;
        }
        if known.context.is_empty() {
            known.context = source.context;
        }
        known.strength = known.strength.max(source.strength);
        known.card = known.card.take().or(source.card);
        known.anchors.extend(source.anchors);
        known.place = known.place.min(source.place);
        known.comments = known.comments.or(source.comments);
        known.affiliate |= source.affiliate;
    }

    fn finish(mut self, notes: &Notes) -> Collected {
        self.sources
            .sort_by_key(|(order, source)| (source.role == Role::Recommended, *order));
        let mut collected = Collected {
            sources: Vec::with_capacity(self.sources.len()),
            left_out: self.left_out,
            numbers: self.numbers,
        };
        let mut n = 0;
        for (_, mut source) in self.sources {
            if source.role != Role::Recommended {
                n += 1;
                source.n = Some(n);
                for anchor in &source.anchors {
                    if let Some(number) = collected.numbers.get_mut(*anchor as usize) {
                        *number = Some(n);
                    }
                }
            }
            source.anchors.sort_unstable();
            collected.sources.push(source);
        }
        for (mark, within) in &notes.marks {
            let number = within
                .iter()
                .find_map(|note| collected.numbers.get(*note).copied().flatten());
            if let Some(place) = collected.numbers.get_mut(*mark) {
                *place = place.or(number);
            }
        }
        collected
    }
}

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
        place,
        same_site: home.is_here(&address.display),
        same_page: false,
        in_card: false,
        aggregated: false,
        boilerplate: false,
    }
}

/// Links of the feed's fields that come before the text.
fn fields_before(
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
fn fields_after(
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

fn embedded(
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
fn bare_addresses(
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
