//! The writing side: a handle that never waits, and the one thread behind it.

mod batch;
mod cite;
mod collect;
mod edit;
mod entry;
mod extra;
mod feeds;
mod idle;
mod log;
mod page;
mod part;
mod place;
mod retire;
mod rules;
mod visit;
mod vote;

pub(super) use extra::Extra;
pub(super) use page::wall_of;

use super::instance::{Claims, Instance};
use super::queue::{Arrived, Next, Queue};
use super::{Hold, Listener, Reader, Settings, StoreError, schema, search};
use crate::feed::FeedId;
use crate::news::{Applied, Edit, KeptPage, VisitRecord};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// How long nothing must have arrived before idle work begins: between the visits of a refresh the thread belongs to them.
const REST: Duration = Duration::from_millis(300);

/// How long leaving waits for the queue to be written.
const LEAVE: Duration = Duration::from_secs(2);

/// In the log of edits, the number of the command line; those of instances are not negative.
const COMMAND_LINE: i64 = -1;

/// Says what time it is.
pub type Clock = Box<dyn Fn() -> DateTime<Utc> + Send>;

/// Tells, and never waits. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    claims: Arc<Claims>,
    path: PathBuf,
    instance: i64,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close(LEAVE);
    }
}

/// Opens or makes the database at `path`, migrates it, and starts the writing thread.
pub fn open(path: &Path, settings: Settings, listener: Listener) -> Result<Writer, StoreError> {
    open_with_clock(path, settings, listener, Box::new(Utc::now))
}

/// [`open`] with a clock of one's own.
pub fn open_with_clock(
    path: &Path,
    settings: Settings,
    listener: Listener,
    clock: Clock,
) -> Result<Writer, StoreError> {
    // Before the database is opened: while it is being replaced, this waits.
    schema::make_room(path)?;
    let instance = Instance::take(path);
    let conn = schema::open_for_writing(path)?;
    search::register(&conn)?;
    let claims = Arc::new(Claims::new(path, instance.id));
    let queue = Arc::new(Queue::default());
    conn.execute(
        "INSERT INTO instance (id, edit) VALUES (?1, 0) ON CONFLICT (id) DO UPDATE SET edit = 0",
        [instance.id],
    )
    .map_err(|error| schema::unwritable(path, error))?;
    queue.set_idle_left(true);
    let writer = Writer {
        inner: Arc::new(Inner {
            queue: Arc::clone(&queue),
            claims: Arc::clone(&claims),
            path: path.to_path_buf(),
            instance: instance.id,
        }),
    };
    let desk = Desk {
        conn,
        instance,
        claims,
        settings,
        clock,
        idle: idle::Progress::default(),
        path: path.to_path_buf(),
        checkpoint: None,
    };
    std::thread::Builder::new()
        .name("store-write".into())
        .spawn(move || run(desk, &queue, listener))
        .map_err(|error| StoreError::Unwritable {
            path: path.display().to_string(),
            why: error.to_string(),
        })?;
    Ok(writer)
}

impl Writer {
    /// Queues an edit; answers its number, which comes back in [`crate::news::Changes::applied`]. 0 once closed.
    pub fn apply(&self, edit: Edit) -> u64 {
        self.inner.queue.push_edit(edit, None).unwrap_or(0)
    }

    /// Applies an edit and waits until it is committed. For the command line.
    pub fn apply_now(&self, edit: Edit) -> Result<Applied, StoreError> {
        let (reply, answer) = sync_channel(1);
        self.inner
            .queue
            .push_edit(edit, Some(reply))
            .ok_or(StoreError::Closed)?;
        answer.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// Queues the record of a visit; `hold` is dropped when it is committed.
    pub fn record(&self, record: VisitRecord, hold: Hold) {
        self.inner
            .queue
            .push_arrived(Arrived::Record(Box::new(record), hold));
    }

    /// Queues a page that was read.
    pub fn keep(&self, page: KeptPage, hold: Hold) {
        self.inner
            .queue
            .push_arrived(Arrived::Keep(Box::new(page), hold));
    }

    /// Queues that what is kept of a page was still right at that time.
    pub fn renew(&self, key: &str, at: DateTime<Utc>, hold: Hold) {
        self.inner
            .queue
            .push_arrived(Arrived::Renew(key.to_owned(), at.timestamp(), hold));
    }

    /// Takes the right to visit a feed until then, among all instances; `false`: another one has it.
    /// It is given back when the visit is recorded.
    pub fn claim(&self, feed: FeedId, until: DateTime<Utc>) -> bool {
        self.claim_all(&[feed], until).is_empty()
    }

    /// [`Writer::claim`] for many at once; answers those that another instance has.
    pub fn claim_all(&self, feeds: &[FeedId], until: DateTime<Utc>) -> Vec<FeedId> {
        let feeds: Vec<i64> = feeds.iter().map(|feed| feed.0).collect();
        let others = self.inner.claims.take(&feeds, Utc::now(), until);
        others.into_iter().map(FeedId).collect()
    }

    /// Gives back the right to visit a feed, where the visit left no record.
    pub fn give_back(&self, feed: FeedId) {
        self.inner.claims.give_back(&[feed.0]);
    }

    /// Waits until everything queued is committed; with `idle`, also until indexing, collecting and retention are done.
    pub fn flush(&self, idle: bool) {
        self.inner.queue.flush(idle);
    }

    /// A reader that knows this instance, so that its answers say which edits they know ([`crate::news::EntriesPage::edit`]).
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::of_instance(&self.inner.path, self.inner.instance)
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Empties the queue, commits, and ends the thread; waits at most two seconds.
    pub fn close(self) {
        self.inner.queue.close(LEAVE);
    }
}

/// What the writing thread owns.
struct Desk {
    conn: Connection,
    instance: Instance,
    claims: Arc<Claims>,
    settings: Settings,
    clock: Clock,
    idle: idle::Progress,
    path: PathBuf,
    /// Whether the thread that puts the log into the database is done; `None`: none was begun.
    checkpoint: Option<Arc<std::sync::atomic::AtomicBool>>,
}

impl Desk {
    /// Under which number edits are written down: an instance takes back its own, and all calls of the command line are one.
    fn log_of(&self) -> i64 {
        if self.settings.command_line {
            COMMAND_LINE
        } else {
            self.instance.id
        }
    }
}

/// Ends the queue, however the thread ends.
struct EndOfQueue<'a>(&'a Queue);

impl Drop for EndOfQueue<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

fn run(desk: Desk, queue: &Arc<Queue>, mut listener: Listener) {
    let _end = EndOfQueue(queue);
    // Dropped before the end is told: whoever waits for it finds the lock free and the database closed.
    let mut desk = desk;
    loop {
        match queue.next(REST) {
            Next::Edits(edits) => desk.edits(edits, queue, &mut listener),
            Next::Arrived => desk.arrived(queue, &mut listener),
            Next::Idle => {
                let (left, changes) = desk.idle_slice(queue);
                queue.set_idle_left(left);
                if let Some(changes) = changes {
                    listener(changes);
                }
            }
            Next::End => break,
        }
    }
    desk.leave();
}
