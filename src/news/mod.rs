//! What travels between rooms: what a visit found, what a reader changes, what a commit changed, and the rows
//! that lists are made of. Only values; no behaviour beyond names.

pub mod change;
pub mod edit;
pub mod reading;
pub mod row;
pub mod rule;
pub mod visit;

pub use change::{Applied, Changes, FileStep, Notify, Visited};
pub use edit::{Edit, FileText, MarkKind, NOTHING_TO_REDO, NOTHING_TO_UNDO, Which};
pub use reading::{DayCount, FeedPage, FeedReading, PastVisit, Reading};
pub use row::{
    ArticleView, Beside, CardState, CardView, CitedRow, Citing, Counts, EntriesPage,
    EntriesQuestion, EntryHead, FeedRow, Filter, FrontPage, Health, Listing, Marks, Order, Primary,
    SavedView, SourceRow, StoryRow, StorySource, Target, Telling, Thread, View, Window,
};
pub use rule::{Deed, Rule};
pub use visit::{Entry, FeedContent, KeptPage, Outcome, Validators, VisitFacts, VisitRecord};
