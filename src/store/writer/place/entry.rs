//! An entry as placing sees it: its title, the beginning of its text, its language, its site.

use crate::store::{StoreError, index};
use crate::story::{self, Text};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// Letters of HTML in which the beginning of the text is looked for.
const BEGINNING: usize = 6_000;
/// So many entries in a row tell the language of a feed; then every so-manieth is asked again.
const SURE: u32 = 6;

/// An entry, its body and its feed as they stand in the database: what collecting and placing read, once for both.
pub struct Stored {
    pub html: String,
    pub extra: Option<String>,
    pub url: Option<String>,
    pub feed: i64,
    pub feed_url: String,
    pub feed_site: Option<String>,
    text: String,
    published: i64,
    title: String,
    key: String,
    language: Option<String>,
    hidden: bool,
}

impl Stored {
    pub fn load(conn: &Connection, id: i64) -> rusqlite::Result<Option<Stored>> {
        conn.prepare_cached(
            "SELECT b.html, b.extra, e.url, e.feed, f.url, f.site_url, b.text, e.published, e.title, e.key, e.language, e.hidden
             FROM entry e JOIN body b ON b.entry = e.id JOIN feed f ON f.id = e.feed WHERE e.id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Stored {
                html: row.get(0)?,
                extra: row.get(1)?,
                url: row.get(2)?,
                feed: row.get(3)?,
                feed_url: row.get(4)?,
                feed_site: row.get(5)?,
                text: row.get(6)?,
                published: row.get(7)?,
                title: row.get(8)?,
                key: row.get(9)?,
                language: row.get(10)?,
                hidden: row.get(11)?,
            })
        })
        .optional()
    }
}

/// The first so many bytes of a text, and not half a letter.
fn beginning(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// What feeds that declare no language have turned out to be written in.
#[derive(Default)]
pub struct Languages {
    /// The language of a feed's last entries, and how many in a row were in it.
    of_feed: HashMap<i64, (String, u32)>,
}

impl Languages {
    /// The language of an entry. A feed that was found to speak one language several times in a row is asked only now and
    /// then: to find out costs more than all else that placing reads.
    fn of(&mut self, stored: &Stored, body: &str) -> String {
        let known = self.of_feed.get_mut(&stored.feed);
        if let Some((language, times)) = known
            && *times >= SURE
            && *times % SURE != 0
            && stored.language.is_none()
        {
            *times += 1;
            return language.clone();
        }
        let found = story::language_of(stored.language.as_deref(), &stored.title, body);
        match self.of_feed.get_mut(&stored.feed) {
            Some((language, times)) if *language == found => *times += 1,
            _ => {
                self.of_feed.insert(stored.feed, (found.clone(), 1));
            }
        }
        found
    }
}

/// What placing must know of an entry.
pub struct Entry {
    pub(super) id: i64,
    pub(super) feed: i64,
    pub(super) published: i64,
    pub(super) title: String,
    pub(super) key: String,
    pub(super) language: String,
    pub(super) body: String,
    pub(super) site: String,
    /// Its address is on another site than its feed's.
    pub(super) away: bool,
    pub(super) hidden: bool,
}

impl Entry {
    pub fn load(conn: &Connection, id: i64) -> Result<Option<Entry>, StoreError> {
        Ok(Stored::load(conn, id)?.map(|stored| Entry::of(id, &stored, &mut Languages::default())))
    }

    /// What placing needs of an entry as it is stored.
    pub fn of(id: i64, stored: &Stored, languages: &mut Languages) -> Entry {
        let html = beginning(&stored.html, BEGINNING);
        let body = if html.is_empty() {
            beginning(&stored.text, BEGINNING).to_owned()
        } else {
            index::words(html).into_owned()
        };
        let site = story::site_of(
            stored.feed_site.as_deref(),
            &stored.feed_url,
            stored.url.as_deref(),
        );
        Entry {
            id,
            feed: stored.feed,
            published: stored.published,
            key: stored.key.clone(),
            language: languages.of(stored, &body),
            title: stored.title.clone(),
            away: stored
                .url
                .as_deref()
                .is_some_and(|url| story::site_of(None, url, None) != site),
            body,
            site,
            hidden: stored.hidden,
        }
    }

    pub(super) fn printed(&self) -> story::Printed<'_> {
        story::Printed {
            feed: self.feed,
            title: &self.title,
            body: &self.body,
        }
    }

    pub(super) fn text(&self, strong: usize) -> Text<'_> {
        Text {
            title: &self.title,
            body: &self.body,
            language: &self.language,
            strong,
        }
    }
}
