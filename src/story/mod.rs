//! Stories: entries that tell the same thing, and what a day was about.
//!
//! - Pure: no clock, no database, no network. The store asks with what it holds, and writes down the answer.
//! - Incremental: an entry is placed once, among what is near it; what was shown is never reshuffled.
//! - Every placing can be explained: shared words, shared sources, the same target.
//! - What the reader split or joined by hand outranks everything here; the store sees to that.
//! - Deliberately absent: models, training, anything that asks a server.

mod cited;
mod copies;
mod frequency;
mod gather;
mod order;
mod place;
mod rank;
mod related;
mod title;
mod vector;
mod words;

pub use cited::{Ballot, Citable, Vote, Votes, most_cited};
pub use copies::{Printed, is_copy, may_be_copies};
pub use frequency::Frequencies;
pub use gather::{Gathering, Item};
pub use order::{Listed, Told, in_order, rows, site_of, title_of};
pub use place::{FEW, Join, Near, Side, Tie, merges, place};
pub use rank::{Facts, Ranked, is_rare_voice, rank};
pub use related::{Candidate, Picked, related};
pub use title::{is_round_up, numbers};
pub use vector::Vector;
pub use words::{Subject, Text, language_of, terms_of};

/// Hours within which entries may become one story; what is older is not looked at.
pub const REACH_HOURS: i64 = 7 * 24;
/// Merging makes no story of more entries, or of a longer time.
pub const MERGED_AT_MOST: usize = 60;
/// See [`MERGED_AT_MOST`].
pub const MERGED_HOURS: i64 = 21 * 24;
