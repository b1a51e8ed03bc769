//! bron: a terminal news reader that takes you to the source.
//!
//! The rooms, in reading order; an import goes down only (`tests/floors.rs` holds it to that):
//!
//! | floor | room | what it is for |
//! |---|---|---|
//! | 1 | [`address`] | web addresses: display form, key, kind, what was removed |
//! | 1 | [`text`] | bytes to text, HTML to lines, text that cannot harm a terminal |
//! | 1 | [`query`] | the search language: text to [`query::Query`] |
//! | 2 | [`net`] | HTTP: one polite client, its limits and its gate |
//! | 2 | [`feed`] | the vocabulary of feeds, and the formats they come in |
//! | 2 | [`article`] | the readable part of a page or entry, and what a page says of itself |
//! | 3 | [`source`] | an article to its linked sources |
//! | 4 | [`story`] | entries that tell the same thing, and what a day was about |
//! | 4 | [`news`] | what travels between rooms: visits, edits, changes, rows |
//! | 5 | [`tui`] | the screen as a state machine; no input, no output |
//! | 5 | [`store`] | SQLite: one thread writes, others read |
//! | 6 | [`poller`] | visits to feeds, by plan |
//! | 6 | [`pages`] | visits to web pages, when asked |
//! | 7 | [`config`] | settings: one table, files and flags |
//! | 8 | [`app`] | the only room that knows both the screen and the world |
//! | 9 | [`cli`] | the doors without a screen, and the door to the screen |

pub mod address;
pub mod app;
pub mod article;
pub mod cli;
pub mod config;
pub mod feed;
pub mod net;
pub mod news;
pub mod pages;
pub mod poller;
pub mod query;
pub mod source;
pub mod store;
pub mod story;
pub mod text;
pub mod tui;
