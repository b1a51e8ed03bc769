//! From an article to its sources: every link is looked at once, in reading order.

use super::aggregate::{is_aggregated, lead_of};
use super::anchor_words::AnchorWords;
use super::beside::{bare_addresses, embedded, fields_after, fields_before};
use super::cards;
use super::gathered::Gathered;
use super::home::Home;
use super::notes::notes;
use super::role::{self, Link};
use super::scan::{DEPTH_AT_MOST, is_too_deep, scan};
use super::{Collected, LINKS_AT_MOST, LeftOut, Subject};
use crate::address::{self, Address, Found, NotAnAddress};
use crate::text::SafeText;
use std::collections::HashMap;

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
            after_prose: scan.is_below_prose(anchor),
            heading: scan.heading_above(anchor.text.start),
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
