//! Two threads that answer the screen: `rows` (lists, search, cards) and `layout` (articles).
//!
//! A newer question of a pane replaces an older one that is not begun, and stops a list that is being looked for. Neither
//! thread writes.

use super::briefing;
use super::mailbox::Mailbox;
use super::shelf::{Ahead, Shelf};
use super::view::{self, Built, Extent, Order, Prepared};
use crate::feed::{EntryId, FeedId};
use crate::news::{
    ArticleView, Changes, EntriesQuestion, FrontPage, Listing, SavedView, Target, View,
};
use crate::query::{self, Mark, Query, Test};
use crate::store::{Reader, StoreError, Wanted, Writer};
use crate::text::SafeText;
use crate::tui::Event;
use chrono::{DateTime, FixedOffset, Local, TimeDelta, Utc};
use rusqlite::InterruptHandle;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

/// How often a question is asked that fails as if it was stopped, before it is said that it fails.
const TRIES: usize = 5;

/// Days that the statistics look at.
const DAYS: u32 = 30;

/// What the `rows` thread is asked.
#[derive(Clone)]
enum RowsQuestion {
    Feeds,
    Counts,
    Entries(EntriesQuestion),
    Search {
        question: EntriesQuestion,
        text: String,
    },
    Cards(Vec<String>),
    Citing(Listing),
    Front(u64, bool),
    Beside(EntryId),
    Briefing(u16, bool),
    Note(EntryId),
    FeedPage(FeedId, FixedOffset),
    Reading(FixedOffset),
    /// Counts of these saved views, the last one first.
    Saved(Vec<SavedView>),
}

/// What the `layout` thread is asked.
enum LayoutQuestion {
    Open(Open),
    /// What is needed for any article and made when it is first needed: patterns, statements.
    WarmUp,
    /// Laid out ahead. `shown`: what was last found on the shelf.
    Prepare {
        shown: Option<Target>,
        targets: Vec<Target>,
    },
    /// A page that was wanted has come, or not.
    Visited {
        key: String,
        failed: Option<String>,
    },
    /// What is laid out of these is stale.
    Forget {
        entries: Vec<EntryId>,
        pages: Vec<String>,
        all: bool,
    },
}

/// An article that somebody opens.
#[derive(Clone, Debug)]
pub struct Open {
    /// That of the wish.
    pub number: u64,
    pub target: Target,
    pub width: u16,
    pub whole_page: bool,
    /// Fetch its page even if it is kept.
    pub again: bool,
    /// Columns and rows to leave for pictures, by the number of the image.
    pub pictures: Vec<(u16, u16)>,
}

/// A page is not kept: asks for it. The answer comes back through [`Visits`].
pub type Fetch = Box<dyn Fn(String, String, bool) + Send>;

/// What time it is, and when the local day began.
pub type Clock = Arc<dyn Fn() -> (DateTime<Utc>, DateTime<Utc>) + Send + Sync>;

/// Tells the layout thread what became of a page that it waits for.
pub struct Visits(Mailbox<LayoutQuestion>);

impl Visits {
    /// It is in the store, or could not be fetched.
    pub fn visited(&self, key: &str, failed: Option<String>) {
        self.0.ask(
            LayoutQuestion::Visited {
                key: key.to_owned(),
                failed,
            },
            |_| false,
        );
    }
}

/// Stops the `rows` thread at a list that nobody waits for any more.
#[derive(Default)]
struct Stop {
    handle: OnceLock<InterruptHandle>,
    /// It is at a list.
    listing: AtomicBool,
}

/// The asking end.
pub struct Loader {
    rows: Mailbox<RowsQuestion>,
    stop: Arc<Stop>,
    layout: Mailbox<LayoutQuestion>,
    shelf: Shelf,
    /// What was found on the shelf since the layout thread was last asked to lay something out ahead.
    shown: Option<Target>,
    inbox: Sender<Event>,
    threads: Vec<JoinHandle<()>>,
}

impl Loader {
    /// Starts both threads, each with a reader of its own.
    pub fn start(
        writer: Writer,
        inbox: Sender<Event>,
        clock: Clock,
        fetch: Fetch,
        order: Order,
    ) -> std::io::Result<Loader> {
        let (rows, layout) = (Mailbox::default(), Mailbox::default());
        let stop: Arc<Stop> = Arc::default();
        let shelf = Shelf::default();
        let mut threads = Vec::new();
        threads.push(thread::Builder::new().name("rows".into()).spawn({
            let (rows, inbox, writer) = (rows.clone(), inbox.clone(), writer.clone());
            let stop = Arc::clone(&stop);
            move || answer_rows(&rows, &inbox, &writer, &clock, &stop)
        })?);
        threads.push(
            thread::Builder::new()
                .name("layout".into())
                .stack_size(8 << 20)
                .spawn({
                    let (layout, inbox, shelf) = (layout.clone(), inbox.clone(), shelf.clone());
                    move || {
                        Layout {
                            inbox,
                            shelf,
                            stale: 0,
                            fetch,
                            order,
                            kept: VecDeque::new(),
                            awaited: Vec::new(),
                            width: 0,
                        }
                        .answer(&layout, &writer);
                    }
                })?,
        );
        Ok(Loader {
            rows,
            stop,
            layout,
            shelf,
            shown: None,
            inbox,
            threads,
        })
    }

    pub fn feeds(&self) {
        self.rows.ask(RowsQuestion::Feeds, |old| {
            matches!(old, RowsQuestion::Feeds)
        });
    }

    pub fn counts(&self) {
        if !self.rows.any(|old| matches!(old, RowsQuestion::Feeds)) {
            self.rows.ask(RowsQuestion::Counts, |old| {
                matches!(old, RowsQuestion::Counts)
            });
        }
    }

    pub fn entries(&self, question: EntriesQuestion) {
        self.list(RowsQuestion::Entries(question));
    }

    pub fn search(&self, question: EntriesQuestion, text: String) {
        self.list(RowsQuestion::Search { question, text });
    }

    fn list(&self, question: RowsQuestion) {
        self.rows.ask(question, is_list);
        if self.stop.listing.load(Ordering::Acquire)
            && let Some(handle) = self.stop.handle.get()
        {
            handle.interrupt();
        }
    }

    pub fn cards(&self, keys: Vec<String>) {
        self.rows.ask(RowsQuestion::Cards(keys), |_| false);
    }

    pub fn citing(&self, key: Listing) {
        self.rows.ask(RowsQuestion::Citing(key), |old| {
            matches!(old, RowsQuestion::Citing(_))
        });
    }

    pub fn note(&self, entry: EntryId) {
        self.rows.ask(RowsQuestion::Note(entry), |old| {
            matches!(old, RowsQuestion::Note(_))
        });
    }

    pub fn feed_page(&self, feed: FeedId, zone: FixedOffset) {
        self.rows.ask(RowsQuestion::FeedPage(feed, zone), |old| {
            matches!(old, RowsQuestion::FeedPage(..))
        });
    }

    pub fn front(&self, number: u64, habits: bool) {
        self.rows.ask(RowsQuestion::Front(number, habits), |old| {
            matches!(old, RowsQuestion::Front(..))
        });
    }

    pub fn beside(&self, entry: EntryId) {
        self.rows.ask(RowsQuestion::Beside(entry), |old| {
            matches!(old, RowsQuestion::Beside(_))
        });
    }

    pub fn briefing(&self, width: u16, habits: bool) {
        self.rows.ask(RowsQuestion::Briefing(width, habits), |old| {
            matches!(old, RowsQuestion::Briefing(..))
        });
    }

    pub fn reading(&self, zone: FixedOffset) {
        self.rows.ask(RowsQuestion::Reading(zone), |old| {
            matches!(old, RowsQuestion::Reading(_))
        });
    }

    /// What is laid out already answers at once, in the place of the layout thread.
    pub fn open(&mut self, open: Open) {
        let ahead = || self.shelf.find(&open.target, open.whole_page, open.width);
        if !open.again
            && open.pictures.is_empty()
            && let Some(article) = ahead()
        {
            self.layout.withdraw(is_of_another);
            let number = open.number;
            self.shown = Some(open.target);
            // The inbox lives as long as the screen.
            let _ = self.inbox.send(Event::ArticleReady { number, article });
        } else {
            self.layout.ask(LayoutQuestion::Open(open), is_of_another);
        }
    }

    /// Has these laid out, if nothing else is to be done.
    pub fn prepare(&mut self, targets: Vec<Target>) {
        let shown = self.shown.take();
        self.layout
            .ask(LayoutQuestion::Prepare { shown, targets }, |old| {
                matches!(old, LayoutQuestion::Prepare { .. })
            });
    }

    /// Makes ready what the first article would otherwise wait for.
    pub fn warm_up(&self) {
        self.layout.ask(LayoutQuestion::WarmUp, |_| false);
    }

    /// Who tells of pages that were wanted.
    pub fn visits(&self) -> Visits {
        Visits(self.layout.clone())
    }

    /// What a commit made stale.
    pub fn changed(&self, changes: &Changes) {
        let all = changes.changed > 0 || changes.sources;
        if all || !changes.entries.is_empty() || !changes.pages.is_empty() {
            self.shelf.clear();
            self.layout.ask(
                LayoutQuestion::Forget {
                    entries: changes.entries.clone(),
                    pages: changes.pages.clone(),
                    all,
                },
                |_| false,
            );
        }
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.rows.close();
        self.layout.close();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Whether it is about an article that is left when another is opened.
fn is_of_another(question: &LayoutQuestion) -> bool {
    matches!(
        question,
        LayoutQuestion::Open(_) | LayoutQuestion::Prepare { .. }
    )
}

fn is_list(question: &RowsQuestion) -> bool {
    matches!(
        question,
        RowsQuestion::Entries(_) | RowsQuestion::Search { .. }
    )
}

fn trouble(error: &StoreError) -> Event {
    Event::Notice {
        text: SafeText::line(&error.to_string()),
        error: true,
    }
}

fn answer_rows(
    mailbox: &Mailbox<RowsQuestion>,
    inbox: &Sender<Event>,
    writer: &Writer,
    clock: &Clock,
    stop: &Stop,
) {
    let reader = match writer.reader() {
        Ok(reader) => reader,
        Err(error) => {
            let _ = inbox.send(trouble(&error));
            return;
        }
    };
    let _ = stop.handle.set(reader.interrupt_handle());
    while let Some(question) = mailbox.next() {
        stop.listing.store(is_list(&question), Ordering::Release);
        let mut tries = 0;
        let answer = loop {
            tries += 1;
            match answer_to(&reader, mailbox, inbox, question.clone(), clock()) {
                // A newer list is wanted; or the stop came late, and has met the wrong question.
                Err(error)
                    if error.may_be_a_stop() && is_list(&question) && mailbox.any(is_list) =>
                {
                    break None;
                }
                Err(StoreError::Interrupted) => {}
                Err(error) if error.may_be_a_stop() && tries < TRIES => {}
                answer => break answer.transpose(),
            }
        };
        stop.listing.store(false, Ordering::Release);
        let Some(answer) = answer else { continue };
        if inbox
            .send(answer.unwrap_or_else(|error| trouble(&error)))
            .is_err()
        {
            return;
        }
    }
}

/// The answer to a question; `None`: there is nothing to say.
fn answer_to(
    reader: &Reader,
    mailbox: &Mailbox<RowsQuestion>,
    inbox: &Sender<Event>,
    question: RowsQuestion,
    (now, midnight): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<Event>, StoreError> {
    match question {
        RowsQuestion::Feeds => {
            if let Ok(event) = names(reader, mailbox) {
                let _ = inbox.send(event);
            }
            reader.feeds().and_then(|feeds| {
                Ok(Event::FeedsLoaded {
                    feeds,
                    counts: reader.counts(midnight)?,
                })
            })
        }
        RowsQuestion::Counts => reader.counts(midnight).map(Event::CountsLoaded),
        RowsQuestion::Entries(question) => entries(reader, question, None, now),
        RowsQuestion::Search { question, text } => entries(reader, question, Some(text), now),
        RowsQuestion::Saved(mut left) => {
            let view = left.pop();
            let counted = view.map(|view| saved(reader, &view, now)).transpose();
            if !left.is_empty() && !matches!(counted, Err(StoreError::Interrupted)) {
                // One at a time: whoever types waits for one count at most.
                mailbox.ask(RowsQuestion::Saved(left), |_| false);
            }
            return counted;
        }
        RowsQuestion::Cards(keys) => reader
            .cards(&keys)
            .map(|cards| Event::CardsReady(cards.into_iter().collect())),
        RowsQuestion::Note(entry) => reader.entry(entry).map(|full| Event::NoteLoaded {
            entry,
            text: full.and_then(|full| full.note).unwrap_or_default(),
        }),
        RowsQuestion::FeedPage(feed, zone) => {
            reader
                .feed_page(feed, now, zone)
                .map(|page| Event::FeedPageLoaded {
                    feed,
                    page: Box::new(page),
                })
        }
        RowsQuestion::Reading(zone) => reader
            .reading(now, zone, DAYS)
            .map(|reading| Event::ReadingLoaded(Box::new(reading))),
        RowsQuestion::Citing(key) => reader
            .listing(&key, now, 200)
            .map(|citing| Event::CitingLoaded { key, citing }),
        RowsQuestion::Front(number, habits) => {
            front(reader, now, 40, habits).map(|page| Event::FrontLoaded {
                number,
                page: Box::new(page),
            })
        }
        RowsQuestion::Beside(entry) => reader.beside(entry).map(|beside| Event::BesideLoaded {
            entry,
            beside: Box::new(beside),
        }),
        RowsQuestion::Briefing(width, habits) => front(reader, now, 15, habits).map(|page| {
            let zone = *now.with_timezone(&Local).offset();
            Event::BriefingReady(briefing::lines(&page, zone, usize::from(width)))
        }),
    }
    .map(Some)
}

/// The front page since the reader was last here: of a day at least, of a week at most.
fn front(
    reader: &Reader,
    now: DateTime<Utc>,
    stories: usize,
    habits: bool,
) -> Result<FrontPage, StoreError> {
    let day = now - TimeDelta::hours(24);
    let since = match reader.last_opened(now - TimeDelta::minutes(30))? {
        Some(last) if last < day => last.max(now - TimeDelta::days(7)),
        _ => day,
    };
    reader.front_page(&Wanted {
        since,
        until: now,
        stories,
        cited: 10,
        lone: true,
        habits,
    })
}

/// Rows of a list, with what is typed of it read: `text`, the search that is the list, and the filter.
fn entries(
    reader: &Reader,
    mut question: EntriesQuestion,
    text: Option<String>,
    now: DateTime<Utc>,
) -> Result<Event, StoreError> {
    let number = question.number;
    let refused = |error: query::QueryError| {
        Ok(Event::SearchRefused {
            number,
            message: error.message,
            span: error.span,
        })
    };
    if let Some(text) = text {
        match query::parse(&text, now) {
            Ok(query) => question.view = View::Search { text, query },
            Err(error) => return refused(error),
        }
    }
    if let Some(filter) = &mut question.filter {
        match query::parse(&filter.text, now) {
            Ok(query) => filter.query = query,
            Err(error) => return refused(error),
        }
    }
    let page = reader.entries(&question)?;
    Ok(Event::EntriesLoaded { question, page })
}

/// The names that the reader has given; their counts are asked for behind what else is asked.
fn names(reader: &Reader, mailbox: &Mailbox<RowsQuestion>) -> Result<Event, StoreError> {
    let views = reader.saved_views()?;
    if !views.is_empty() {
        let mut left = views.clone();
        left.reverse();
        mailbox.ask(RowsQuestion::Saved(left), |old| {
            matches!(old, RowsQuestion::Saved(_))
        });
    }
    Ok(Event::NamesLoaded {
        views,
        tags: reader.tags()?,
    })
}

/// How many unread entries a saved view holds; 0 where it cannot be read any more.
fn saved(reader: &Reader, view: &SavedView, now: DateTime<Utc>) -> Result<Event, StoreError> {
    let unread = match query::parse(&format!("{} ", view.query), now) {
        Ok(query) => reader.count(&Query::And(vec![
            query,
            Query::Test(Test::Is(Mark::Unread)),
        ]))?,
        Err(_) => 0,
    };
    Ok(Event::SavedCounted {
        name: view.name.clone(),
        unread: u32::try_from(unread).unwrap_or(u32::MAX),
    })
}

/// How many articles are kept: the way back, and the neighbours.
const KEPT: usize = 24;
/// Bytes of HTML that were read for them, in all; the last one is kept however long it is.
const KEPT_BYTES: usize = 4 << 20;

/// An article that was read, and as what it was last laid out.
struct Kept {
    target: Target,
    whole_page: bool,
    prepared: Prepared,
    laid: Option<Laid>,
}

/// An article laid out, with the room that was left for its pictures.
type Laid = (Arc<ArticleView>, Vec<(u16, u16)>);

struct Layout {
    inbox: Sender<Event>,
    shelf: Shelf,
    /// How often this was told that something is stale.
    stale: u64,
    fetch: Fetch,
    order: Order,
    /// Newest last.
    kept: VecDeque<Kept>,
    /// Opened, and waiting for a page; its key.
    awaited: Vec<(Open, String)>,
    /// The width that was last asked for: what is prepared is laid out for it.
    width: u16,
}

impl Layout {
    fn answer(mut self, mailbox: &Mailbox<LayoutQuestion>, writer: &Writer) {
        let reader = match writer.reader() {
            Ok(reader) => reader,
            Err(error) => {
                let _ = self.inbox.send(trouble(&error));
                return;
            }
        };
        while let Some(question) = mailbox.next() {
            match question {
                LayoutQuestion::Open(open) => self.open(&reader, mailbox, open),
                LayoutQuestion::WarmUp => view::warm_up(&reader),
                LayoutQuestion::Prepare { shown, targets } => {
                    if let Some(at) = shown.and_then(|target| self.find(&target, false))
                        && let Some(kept) = self.kept.remove(at)
                    {
                        self.kept.push_back(kept);
                    }
                    for target in targets {
                        if mailbox
                            .any(|question| !matches!(question, LayoutQuestion::Forget { .. }))
                        {
                            break;
                        }
                        // Of a long one the first screen is quick when it is wanted; the whole would keep others waiting.
                        if self.find(&target, false).is_none()
                            && let Ok(Built::Ready(prepared)) =
                                view::build(&reader, &target, false, Extent::First)
                            && !prepared.partial()
                        {
                            self.keep(target, false, *prepared);
                            self.lay_out_last();
                            self.shelve();
                        }
                    }
                }
                LayoutQuestion::Visited { key, failed } => {
                    self.visited(&reader, mailbox, &key, failed);
                }
                LayoutQuestion::Forget {
                    entries,
                    pages,
                    all,
                } => {
                    self.stale += 1;
                    self.kept.retain(|kept| {
                        !all && match &kept.target {
                            Target::Entry(id) => !entries.contains(id),
                            Target::Page { key, .. } => !pages.contains(key),
                        } && !kept
                            .prepared
                            .view()
                            .sources
                            .iter()
                            .any(|source| pages.contains(&source.key))
                    });
                }
            }
            self.shelve();
        }
    }

    /// Puts what is laid out where the screen's side finds it.
    fn shelve(&self) {
        let ahead = self.kept.iter().filter_map(|kept| {
            let (view, pictures) = kept.laid.as_ref()?;
            match kept.target {
                Target::Entry(entry) if pictures.is_empty() => Some(Ahead {
                    entry,
                    whole_page: kept.whole_page,
                    width: view.lines.width,
                    view: Arc::clone(view),
                }),
                _ => None,
            }
        });
        self.shelf.put(ahead.collect(), self.stale);
    }

    fn find(&self, target: &Target, whole_page: bool) -> Option<usize> {
        self.kept
            .iter()
            .position(|kept| kept.target == *target && kept.whole_page == whole_page)
    }

    fn keep(&mut self, target: Target, whole_page: bool, prepared: Prepared) {
        self.kept
            .retain(|kept| !(kept.target == target && kept.whole_page == whole_page));
        self.kept.push_back(Kept {
            target,
            whole_page,
            prepared,
            laid: None,
        });
        let weight =
            |kept: &VecDeque<Kept>| -> usize { kept.iter().map(|kept| kept.prepared.weight).sum() };
        while self.kept.len() > KEPT || self.kept.len() > 1 && weight(&self.kept) > KEPT_BYTES {
            self.kept.pop_front();
        }
    }

    /// Lays out the newest for the width that was last asked for. Its pictures are not known yet.
    fn lay_out_last(&mut self) {
        if let Some(kept) = self.kept.back_mut().filter(|_| self.width > 0) {
            let mut view = kept.prepared.lay_out(self.width, &[], self.order);
            view::paint_code(&mut view);
            kept.laid = Some((Arc::new(view), Vec::new()));
        }
    }

    /// What is kept here too is shared: to copy it, and to free the copy over there, took as long as to draw it.
    fn send(&self, number: u64, article: Arc<ArticleView>) {
        // The inbox lives as long as the screen.
        let _ = self.inbox.send(Event::ArticleReady { number, article });
    }

    fn failed(&self, open: &Open, why: SafeText) {
        let _ = self.inbox.send(Event::ArticleFailed {
            number: open.number,
            target: open.target.clone(),
            why,
        });
    }

    /// Sends an article that is kept, which becomes the newest.
    fn send_kept(&mut self, at: usize, open: &Open) {
        let Some(mut kept) = self.kept.remove(at) else {
            return;
        };
        let laid = kept.laid.take().filter(|(view, pictures)| {
            view.lines.width == open.width && *pictures == open.pictures
        });
        let view = if let Some((view, _)) = laid {
            self.send(open.number, Arc::clone(&view));
            view
        } else {
            let mut view = Arc::new(
                kept.prepared
                    .lay_out(open.width, &open.pictures, self.order),
            );
            self.send(open.number, Arc::clone(&view));
            // Colours take their time when a language is met first, so the text goes ahead.
            if view::has_code(&view) && view::paint_code(Arc::make_mut(&mut view)) {
                self.send(open.number, Arc::clone(&view));
            }
            view
        };
        kept.laid = Some((view, open.pictures.clone()));
        self.kept.push_back(kept);
    }

    fn open(&mut self, reader: &Reader, mailbox: &Mailbox<LayoutQuestion>, open: Open) {
        self.width = open.width;
        if open.again {
            let address = match &open.target {
                Target::Page { key, url } => Some((key.clone(), url.clone())),
                Target::Entry(id) => match reader.entry(*id) {
                    Ok(Some(full)) if !full.entry.key.is_empty() => {
                        full.entry.url.map(|url| (full.entry.key, url))
                    }
                    _ => None,
                },
            };
            if let Some((key, url)) = address {
                self.wait_for(open, key, url);
                return;
            }
        }
        if let Some(at) = self.find(&open.target, open.whole_page) {
            self.send_kept(at, &open);
        } else {
            self.read(reader, mailbox, open, Built::fetch_first);
        }
    }

    /// Reads an article that is not kept: the first screen of a long one, then the whole, unless the reader has moved on.
    fn read(
        &mut self,
        reader: &Reader,
        mailbox: &Mailbox<LayoutQuestion>,
        open: Open,
        not_there: fn(Built) -> Result<(String, String), SafeText>,
    ) {
        for extent in [Extent::First, Extent::Whole] {
            match view::build(reader, &open.target, open.whole_page, extent) {
                Ok(Built::Ready(prepared)) if prepared.partial() => {
                    let view = prepared.lay_out(open.width, &open.pictures, self.order);
                    self.send(open.number, Arc::new(view));
                    if mailbox.any(is_of_another) {
                        return;
                    }
                }
                Ok(Built::Ready(prepared)) => {
                    self.keep(open.target.clone(), open.whole_page, *prepared);
                    self.send_kept(self.kept.len() - 1, &open);
                    return;
                }
                Ok(built) => {
                    match not_there(built) {
                        Ok((key, url)) => self.wait_for(open, key, url),
                        Err(why) => self.failed(&open, why),
                    }
                    return;
                }
                Err(error) => {
                    self.failed(&open, SafeText::line(&error.to_string()));
                    return;
                }
            }
        }
    }

    fn wait_for(&mut self, open: Open, key: String, url: String) {
        self.awaited
            .retain(|(waiting, _)| waiting.target != open.target);
        let _ = self.inbox.send(Event::ArticleAwaited {
            number: open.number,
            target: open.target.clone(),
        });
        let again = open.again;
        self.awaited.push((open, key.clone()));
        (self.fetch)(key, url, again);
    }

    fn visited(
        &mut self,
        reader: &Reader,
        mailbox: &Mailbox<LayoutQuestion>,
        key: &str,
        failed: Option<String>,
    ) {
        let (mine, others) = std::mem::take(&mut self.awaited)
            .into_iter()
            .partition(|(_, awaited)| awaited == key);
        self.awaited = others;
        self.kept
            .retain(|kept| !matches!(&kept.target, Target::Page { key: kept, .. } if kept == key));
        for (open, _) in mine {
            match &failed {
                Some(why) => self.failed(&open, SafeText::line(why)),
                None => self.read(reader, mailbox, open, Built::never_fetch),
            }
        }
    }
}

impl Built {
    /// What is not there is fetched: key and address; or why it cannot be shown.
    fn fetch_first(self) -> Result<(String, String), SafeText> {
        match self {
            Built::Fetch { key, url } => Ok((key, url)),
            Built::Not(why) => Err(why),
            Built::Ready(_) => Err(SafeText::default()),
        }
    }

    /// It was fetched just now: what is not there is no article.
    fn never_fetch(self) -> Result<(String, String), SafeText> {
        match self {
            Built::Not(why) => Err(why),
            Built::Fetch { .. } | Built::Ready(_) => Err(SafeText::line(
                "there is no article at this address; o opens the browser",
            )),
        }
    }
}
