//! An address to an article and a card.

use crate::net::Client;
use crate::news::{KeptPage, Validators};
use chrono::{DateTime, Utc};
use url::Url;

/// Fetches a page. Never fails: what went wrong is the page's result. `card_only` reads 512 KiB at most.
pub async fn fetch(
    _client: &Client,
    _url: &Url,
    _key: &str,
    _known: &Validators,
    _card_only: bool,
    _now: DateTime<Utc>,
) -> KeptPage {
    todo!()
}
