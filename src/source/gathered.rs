//! What was gathered of an article: one source per key, and what was left out.

use super::home::Home;
use super::notes::Notes;
use super::role::{self, Link, Row, Verdict};
use super::scan::Scan;
use super::strength::{SOURCE_FROM, strength};
use super::{ANCHOR_AT_MOST, Collected, EmbeddedCard, LeftOut, Role, SENTENCE_AT_MOST, Source};
use crate::address;
use crate::text::SafeText;
use std::collections::HashMap;

/// What was gathered so far; the first place of a key keeps its order.
#[derive(Default)]
pub(super) struct Gathered {
    pub sources: Vec<(Order, Source)>,
    pub by_key: HashMap<String, usize>,
    pub left_out: Vec<LeftOut>,
    pub numbers: Vec<Option<u32>>,
    /// Bytes of the text.
    pub total: usize,
}

/// Reading order: place among the anchors (doubled, so that frames fit between), then place in the HTML.
pub(super) type Order = (usize, usize);

impl Gathered {
    pub(super) fn leave_out(&mut self, scan: &Scan, place: usize, reason: String) {
        let anchor = &scan.anchors[place];
        self.left_out.push(LeftOut {
            url: anchor.href.clone(),
            anchor: SafeText::short(scan.slice(&anchor.text), ANCHOR_AT_MOST),
            reason,
            place: u32::try_from(place).ok(),
        });
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn take(
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

    pub(super) fn finish(mut self, notes: &Notes) -> Collected {
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
