//! Two threads that answer the screen: `rows` (lists, search, cards) and `layout` (articles).
//!
//! A newer question of a pane replaces an older one that is not begun, and stops a list that is being looked for. Neither
//! thread writes.

use super::mailbox::Mailbox;
use super::view::{self, Built, Order};
use crate::feed::EntryId;
use crate::news::{ArticleView, Changes, EntriesQuestion, SavedView, Target, View};
use crate::query::{self, Mark, Query, Test};
use crate::store::{Reader, StoreError, Writer};
use crate::text::SafeText;
use crate::tui::Event;
use chrono::{DateTime, Utc};
use rusqlite::InterruptHandle;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

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
    Citing(String),
    /// Counts of these saved views, the last one first.
    Saved(Vec<SavedView>),
}

/// What the `layout` thread is asked.
enum LayoutQuestion {
    Open {
        number: u64,
        target: Target,
        width: u16,
        whole_page: bool,
        again: bool,
    },
    Prepare {
        targets: Vec<Target>,
        width: u16,
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
                    let layout = layout.clone();
                    move || {
                        Layout {
                            inbox,
                            fetch,
                            order,
                            kept: VecDeque::new(),
                            awaited: Vec::new(),
                        }
                        .answer(&layout, &writer);
                    }
                })?,
        );
        Ok(Loader {
            rows,
            stop,
            layout,
            threads,
        })
    }

    pub fn feeds(&self) {
        self.rows.ask(RowsQuestion::Feeds, |old| {
            matches!(old, RowsQuestion::Feeds | RowsQuestion::Counts)
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

    pub fn citing(&self, key: String) {
        self.rows.ask(RowsQuestion::Citing(key), |old| {
            matches!(old, RowsQuestion::Citing(_))
        });
    }

    pub fn open(&self, number: u64, target: Target, width: u16, whole_page: bool, again: bool) {
        self.layout.ask(
            LayoutQuestion::Open {
                number,
                target,
                width,
                whole_page,
                again,
            },
            |old| {
                matches!(
                    old,
                    LayoutQuestion::Open { .. } | LayoutQuestion::Prepare { .. }
                )
            },
        );
    }

    pub fn prepare(&self, targets: Vec<Target>, width: u16) {
        self.layout
            .ask(LayoutQuestion::Prepare { targets, width }, |old| {
                matches!(old, LayoutQuestion::Prepare { .. })
            });
    }

    /// Who tells of pages that were wanted.
    pub fn visits(&self) -> Visits {
        Visits(self.layout.clone())
    }

    /// What a commit made stale.
    pub fn changed(&self, changes: &Changes) {
        if changes.changed > 0 || !changes.entries.is_empty() || !changes.pages.is_empty() {
            self.layout.ask(
                LayoutQuestion::Forget {
                    entries: changes.entries.clone(),
                    pages: changes.pages.clone(),
                    all: changes.changed > 0,
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
        let answer = loop {
            match answer_to(&reader, mailbox, inbox, question.clone(), clock()) {
                // A newer list is wanted; or the stop came late, and has met the wrong question.
                Err(StoreError::Interrupted) if is_list(&question) && mailbox.any(is_list) => {
                    break None;
                }
                Err(StoreError::Interrupted) => {}
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
        RowsQuestion::Citing(key) => reader
            .citing(&key, 200)
            .map(|citing| Event::CitingLoaded { key, citing }),
    }
    .map(Some)
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

/// How many laid-out articles are kept: the way back, and the neighbours.
const KEPT: usize = 24;

struct Layout {
    inbox: Sender<Event>,
    fetch: Fetch,
    order: Order,
    /// Newest last. `bool`: whole page was asked for.
    kept: VecDeque<(Target, u16, bool, Box<ArticleView>)>,
    /// Opened, and waiting for a page: number, target, width, whole page, key.
    awaited: Vec<(u64, Target, u16, bool, String)>,
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
                LayoutQuestion::Open {
                    number,
                    target,
                    width,
                    whole_page,
                    again,
                } => {
                    self.open(&reader, number, target, width, whole_page, again);
                }
                LayoutQuestion::Prepare { targets, width } => {
                    for target in targets {
                        if mailbox
                            .any(|question| !matches!(question, LayoutQuestion::Forget { .. }))
                        {
                            break;
                        }
                        if self.find(&target, width, false).is_none()
                            && let Ok(Built::Ready(view)) =
                                view::build(&reader, &target, width, false, self.order)
                        {
                            self.keep(target, width, false, view);
                        }
                    }
                }
                LayoutQuestion::Visited { key, failed } => self.visited(&reader, &key, failed),
                LayoutQuestion::Forget {
                    entries,
                    pages,
                    all,
                } => self.kept.retain(|(target, _, _, view)| {
                    !all && match target {
                        Target::Entry(id) => !entries.contains(id),
                        Target::Page { key, .. } => !pages.contains(key),
                    } && !view
                        .sources
                        .iter()
                        .any(|source| pages.contains(&source.key))
                }),
            }
        }
    }

    fn find(&self, target: &Target, width: u16, whole: bool) -> Option<&ArticleView> {
        self.kept
            .iter()
            .rev()
            .find(|(kept, w, all, _)| kept == target && *w == width && *all == whole)
            .map(|kept| &*kept.3)
    }

    fn keep(&mut self, target: Target, width: u16, whole: bool, view: Box<ArticleView>) {
        self.kept
            .retain(|(kept, w, all, _)| !(*kept == target && *w == width && *all == whole));
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((target, width, whole, view));
    }

    fn open(
        &mut self,
        reader: &Reader,
        number: u64,
        target: Target,
        width: u16,
        whole: bool,
        again: bool,
    ) {
        if again {
            let address = match &target {
                Target::Page { key, url } => Some((key.clone(), url.clone())),
                Target::Entry(id) => match reader.entry(*id) {
                    Ok(Some(full)) if !full.entry.key.is_empty() => {
                        full.entry.url.map(|url| (full.entry.key, url))
                    }
                    _ => None,
                },
            };
            if let Some((key, url)) = address {
                self.wait_for(number, target, width, whole, key, url, true);
                return;
            }
        }
        if let Some(view) = self.find(&target, width, whole) {
            let _ = self.inbox.send(Event::ArticleReady {
                number,
                article: Box::new(view.clone()),
            });
            return;
        }
        match view::build(reader, &target, width, whole, self.order) {
            Ok(Built::Ready(view)) => {
                let _ = self.inbox.send(Event::ArticleReady {
                    number,
                    article: view.clone(),
                });
                self.keep(target, width, whole, view);
            }
            Ok(Built::Fetch { key, url }) => {
                self.wait_for(number, target, width, whole, key, url, false);
            }
            Ok(Built::Not(why)) => {
                let _ = self.inbox.send(Event::ArticleFailed {
                    number,
                    target,
                    why,
                });
            }
            Err(error) => {
                let why = SafeText::line(&error.to_string());
                let _ = self.inbox.send(Event::ArticleFailed {
                    number,
                    target,
                    why,
                });
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // the parts of one question, taken apart
    fn wait_for(
        &mut self,
        number: u64,
        target: Target,
        width: u16,
        whole: bool,
        key: String,
        url: String,
        again: bool,
    ) {
        self.awaited.retain(|waiting| waiting.1 != target);
        self.awaited
            .push((number, target.clone(), width, whole, key.clone()));
        let _ = self.inbox.send(Event::ArticleAwaited { number, target });
        (self.fetch)(key, url, again);
    }

    fn visited(&mut self, reader: &Reader, key: &str, failed: Option<String>) {
        let (mine, others) = std::mem::take(&mut self.awaited)
            .into_iter()
            .partition(|waiting| waiting.4 == key);
        self.awaited = others;
        self.kept.retain(
            |(target, _, _, _)| !matches!(target, Target::Page { key: kept, .. } if kept == key),
        );
        for (number, target, width, whole, _) in mine {
            let built = match &failed {
                Some(why) => Ok(Built::Not(SafeText::line(why))),
                None => view::build(reader, &target, width, whole, self.order),
            };
            let event = match built {
                Ok(Built::Ready(view)) => {
                    self.keep(target, width, whole, view.clone());
                    Event::ArticleReady {
                        number,
                        article: view,
                    }
                }
                Ok(Built::Not(why)) => Event::ArticleFailed {
                    number,
                    target,
                    why,
                },
                Ok(Built::Fetch { .. }) => Event::ArticleFailed {
                    number,
                    target,
                    why: SafeText::line("there is no article at this address; o opens the browser"),
                },
                Err(error) => Event::ArticleFailed {
                    number,
                    target,
                    why: SafeText::line(&error.to_string()),
                },
            };
            let _ = self.inbox.send(event);
        }
    }
}
