//! Elements of the feed itself.

use super::leaf::{hidden_host, inner_text};
use super::{FeedExtra, push, set};
use crate::feed::mend::{Leaf, Verdict};
use crate::feed::repairs::{Repair, Repairs};
use crate::feed::vocabulary::Vocabulary;
use crate::feed::xml::{Token, Tokens};

impl FeedExtra {
    /// Reads an element of the channel.
    pub(in crate::feed) fn read(
        &mut self,
        leaf: &Leaf<'_>,
        atom: bool,
        repairs: &mut Repairs,
    ) -> Verdict {
        let local = leaf.local.as_ref();
        match (leaf.vocabulary, local) {
            (Vocabulary::Core, "title") if atom => match leaf.construct(repairs) {
                Some(title) => self.title = Some(title),
                None => return Verdict::Keep,
            },
            (Vocabulary::Core, "subtitle" | "tagline" | "description" | "info") if atom => {
                match leaf.construct(repairs) {
                    Some(text) => set(&mut self.description, Some(text)),
                    None if local == "subtitle" => return Verdict::Keep,
                    None => set(&mut self.description, Some(leaf.html())),
                }
            }
            (Vocabulary::Core, "title" | "description") => {
                if !leaf.markup {
                    return Verdict::Keep;
                }
                repairs.add(Repair::Markup);
                let place = if local == "title" {
                    &mut self.title
                } else {
                    &mut self.description
                };
                *place = Some(leaf.html());
            }
            (Vocabulary::Core | Vocabulary::Atom, "link") => {
                if let Some(address) = leaf.attribute("href") {
                    match leaf.attribute("rel").as_deref() {
                        Some("hub") => set(&mut self.hub, Some(address)),
                        Some("self") => set(&mut self.own, Some(address)),
                        None | Some("alternate") if !atom => set(&mut self.link, Some(address)),
                        _ => {}
                    }
                    if atom && !leaf.markup {
                        return Verdict::Keep;
                    }
                } else if !leaf.markup && !leaf.inner.trim().is_empty() {
                    match hidden_host(&leaf.text()) {
                        Some(address) => set(&mut self.link, Some(address)),
                        None if atom => set(&mut self.link, leaf.some_text()),
                        None => return Verdict::Keep,
                    }
                } else {
                    set(&mut self.link, leaf.some_text());
                }
            }
            (Vocabulary::Core | Vocabulary::DublinCore, "language") => {
                self.language = leaf.some_text().or(self.language.take());
            }
            (Vocabulary::Core, "lastbuilddate" | "updated" | "modified") => {
                self.updated = leaf.date(repairs).or(self.updated);
            }
            (Vocabulary::Atom, "updated")
            | (Vocabulary::DublinCore, "date")
            | (Vocabulary::Terms, "modified") => {
                self.updated = self.updated.or(leaf.date(repairs));
            }
            (Vocabulary::Core, "pubdate") if !leaf.markup => return Verdict::Keep,
            (Vocabulary::Core, "ttl") => {
                self.ttl_minutes = leaf.some_text().and_then(|n| n.parse().ok());
            }
            (Vocabulary::Core, "image") => set(
                &mut self.logo,
                inner_text(leaf.inner, "url").or_else(|| leaf.attribute("href")),
            ),
            (Vocabulary::Core, "icon") => self.icon = leaf.some_text(),
            (Vocabulary::Core, "logo") => set(&mut self.logo, leaf.some_text()),
            (Vocabulary::Itunes, "summary") => self.other_description = Some(leaf.html()),
            (Vocabulary::Core, "abstract") => set(&mut self.description, Some(leaf.html())),
            (Vocabulary::Itunes, "image") => {
                set(&mut self.logo, leaf.attribute("href"));
            }
            (Vocabulary::Core, "skiphours") => {
                for (token, _) in Tokens::new(leaf.inner).take(200) {
                    if let Token::Text(text) = token
                        && let Ok(hour) = text.trim().parse::<u8>()
                        && hour <= 24
                    {
                        push(&mut self.skip_hours, hour % 24);
                    }
                }
            }
            (Vocabulary::Core, "author") | (Vocabulary::DublinCore, "creator" | "author") => {
                if let Some(author) = leaf.person() {
                    push(&mut self.authors, author);
                }
            }
            (Vocabulary::Syndication, "updateperiod") => {
                self.period =
                    leaf.some_text()
                        .and_then(|word| match word.to_ascii_lowercase().as_str() {
                            "hourly" => Some(3_600),
                            "daily" => Some(86_400),
                            "weekly" => Some(7 * 86_400),
                            "monthly" => Some(30 * 86_400),
                            "yearly" => Some(365 * 86_400),
                            _ => None,
                        });
            }
            (Vocabulary::Syndication, "updatefrequency") => {
                self.frequency = leaf.some_text().and_then(|n| n.parse().ok());
            }
            (Vocabulary::DublinCore | Vocabulary::Atom, "title") => {
                self.other_title = Some(leaf.html());
            }
            (Vocabulary::Core, "category" | "id") if !leaf.markup => return Verdict::Keep,
            _ => {}
        }
        Verdict::Take
    }

    /// Seconds that the feed asks not to be visited again.
    pub(in crate::feed) fn ttl(&self) -> Option<u64> {
        let minutes = self.ttl_minutes.filter(|minutes| *minutes > 0);
        minutes
            .map(|minutes| minutes.saturating_mul(60))
            .or_else(|| Some(self.period? / self.frequency.unwrap_or(1).max(1)))
    }
}
