//! Pages that were read: the article, the card, and the keys that turned out to be the same thing.

use super::Desk;
use super::batch::Batch;
use crate::article::Wall;
use crate::news::KeptPage;
use crate::store::StoreError;
use crate::text::SafeText;
use rusqlite::params;

fn wall_name(wall: Wall) -> &'static str {
    match wall {
        Wall::BotCheck => "bot-check",
        Wall::Login => "login",
        Wall::Paywall => "paywall",
        Wall::Error => "error",
    }
}

/// The wall of that name.
pub fn wall_of(name: &str) -> Option<Wall> {
    [Wall::BotCheck, Wall::Login, Wall::Paywall, Wall::Error]
        .into_iter()
        .find(|wall| wall_name(*wall) == name)
}

/// Keeps what a visit to a page found. A failure does not take away an article that is kept.
pub fn keep(desk: &Desk, batch: &mut Batch, page: &KeptPage) -> Result<(), StoreError> {
    let conn = &desk.conn;
    for (key, how) in &page.aliases {
        if *key != page.key && !key.is_empty() {
            conn.prepare_cached(
                "INSERT OR REPLACE INTO alias (key, same_as, how) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![key, page.key, how])?;
        }
    }
    match &page.result {
        Ok(article) => {
            let card = &article.card;
            conn.prepare_cached(
                "INSERT OR REPLACE INTO card (key, url, fetched_at, http, etag, last_modified, why, title, description, site, author,
                                              published, modified, language, image, canonical_url, free_to_read, wall, words)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            )?
            .execute(params![
                page.key,
                page.url,
                page.fetched_at.timestamp(),
                page.http,
                page.validators.etag,
                page.validators.last_modified,
                card.title.as_ref().map(SafeText::as_str),
                card.description.as_ref().map(SafeText::as_str),
                card.site.as_ref().map(SafeText::as_str),
                card.author.as_ref().map(SafeText::as_str),
                card.published.map(|at| at.timestamp()),
                card.modified.map(|at| at.timestamp()),
                card.language,
                card.image.as_ref().map(url::Url::as_str),
                card.canonical_url.as_ref().map(url::Url::as_str),
                card.free_to_read,
                card.wall.map(wall_name),
                (article.words > 0).then_some(article.words as i64),
            ])?;
            if !page.card_only {
                conn.prepare_cached(
                    "INSERT INTO page (key, html, text) VALUES (?1, ?2, ?3)
                     ON CONFLICT (key) DO UPDATE SET html = excluded.html, text = excluded.text, collected = 0",
                )?
                .execute(params![page.key, article.html, article.text])?;
                batch.idle = true;
            }
        }
        Err(why) => {
            conn.prepare_cached(
                "INSERT INTO card (key, url, fetched_at, http, why, failures) VALUES (?1, ?2, ?3, ?4, ?5, 1)
                 ON CONFLICT (key) DO UPDATE SET fetched_at = excluded.fetched_at, http = excluded.http, why = excluded.why,
                                                 failures = failures + 1",
            )?
            .execute(params![
                page.key,
                page.url,
                page.fetched_at.timestamp(),
                page.http,
                why.as_str()
            ])?;
        }
    }
    batch.changes.pages.push(page.key.clone());
    Ok(())
}

/// Notes that what is kept of a page was still right at that time.
pub fn renew(desk: &Desk, batch: &mut Batch, key: &str, at: i64) -> Result<(), StoreError> {
    desk.conn
        .prepare_cached("UPDATE card SET fetched_at = ?2 WHERE key = ?1")?
        .execute(params![key, at])?;
    batch.changes.pages.push(key.to_owned());
    Ok(())
}
