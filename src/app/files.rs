//! Files of the reader's own: the config, the lists, what is saved. On a thread of its own, since the screen's thread
//! never waits for a disk.

use super::subscribe::{self, Wanted};
use crate::config::lists::{self, Import, Lists, Watch, Written};
use crate::config::load::{Loaded, load};
use crate::config::{Paths, bundled};
use crate::feed::FeedUrl;
use crate::feed::list::Listed;
use crate::net::Client;
use crate::news::{Edit, FileStep};
use crate::store::Writer;
use crate::text::SafeText;
use crate::tui::Event;
use crate::tui::words::plural;
use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

enum Order {
    Begin,
    ReadAnew,
    /// What was found at an address.
    Found {
        asked: String,
        found: Result<Wanted, String>,
    },
    Subscribe {
        address: String,
        title: String,
        tags: Vec<String>,
    },
    Unsubscribe {
        address: String,
        name: String,
    },
    Import(String),
    /// An undo: files are to be as `after` says.
    PutBack(FileStep),
    Pick(Vec<String>),
    Set {
        key: String,
        value: String,
    },
    Save {
        text: String,
        path: String,
    },
}

/// The asking end; the thread ends when the last of these is dropped.
#[derive(Clone)]
pub struct Files {
    orders: Sender<Order>,
    config: PathBuf,
    places: Places,
    inbox: Sender<Event>,
    client: Client,
    runtime: Handle,
    finding: Finding,
}

/// The feeds that are being looked for. Who takes one out of here answers for it: the search, or who stops it.
type Finding = Arc<Mutex<HashMap<u64, AbortHandle>>>;

/// The file that each feed stands in.
type Places = Arc<Mutex<HashMap<String, PathBuf>>>;

/// What the files thread works with.
pub struct World {
    pub paths: Paths,
    pub loaded: Loaded,
    pub inbox: Sender<Event>,
    pub writer: Writer,
    /// Makes the screen's settings of a config that was read.
    pub screen: Box<dyn Fn(&Loaded) -> crate::tui::Settings + Send>,
    /// Hands a config that was read to whoever works by it.
    pub changed: Box<dyn Fn(&Loaded) + Send>,
}

impl Files {
    /// Starts the thread. Feeds are looked for by the client, on the runtime: the files do not wait for the network.
    pub fn start(world: World, client: Client, runtime: Handle) -> std::io::Result<Files> {
        let (orders, waiting) = channel();
        let inbox = world.inbox.clone();
        let config = world.paths.config.clone();
        let places = Places::default();
        let told = Arc::clone(&places);
        thread::Builder::new().name("files".into()).spawn(move || {
            let lists = Lists::default();
            let watch = Watch::new(&[]);
            let mut work = Work {
                world,
                lists,
                watch,
                begun: false,
                places: told,
            };
            loop {
                // Files are looked at once a second; an editor's save is seen before the reader has switched windows back.
                match waiting.recv_timeout(Duration::from_secs(if work.begun { 1 } else { 3600 })) {
                    Ok(order) => work.carry_out(order),
                    Err(RecvTimeoutError::Timeout) => {
                        if work.watch.changed() {
                            work.read_anew();
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Files {
            orders,
            config,
            places,
            inbox,
            client,
            runtime,
            finding: Finding::default(),
        })
    }

    fn tell(&self, order: Order) {
        // The thread ends only with the program.
        let _ = self.orders.send(order);
    }

    /// Reads the lists and begins to watch them.
    pub fn begin_watching(&self) {
        self.tell(Order::Begin);
    }

    /// Reads everything anew.
    pub fn read_anew(&self) {
        self.tell(Order::ReadAnew);
    }

    /// The file that the editor opens: the one in which this feed stands, else the config.
    pub fn to_edit(&self, feed: Option<&str>) -> PathBuf {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let file = feed.and_then(|feed| places.get(feed));
        file.unwrap_or(&self.config).clone()
    }

    /// Finds the feed of an address and subscribes, or says which there are.
    pub fn find_and_subscribe(&self, address: String) {
        let (client, orders) = (self.client.clone(), self.orders.clone());
        let (inbox, finding) = (self.inbox.clone(), Arc::clone(&self.finding));
        // The lock is held until the search is written down, so that it cannot be over before.
        let mut searches = self.searches();
        let number = searches.keys().max().map_or(0, |last| last + 1);
        tell_where(&inbox, &format!("Looking for a feed at {address}"));
        let search = self.runtime.spawn(async move {
            let searches = || finding.lock().unwrap_or_else(PoisonError::into_inner);
            let told = |text: &str| {
                // One that was stopped says no more.
                if searches().contains_key(&number) {
                    tell_where(&inbox, text);
                }
            };
            let found = subscribe::find(&client, &address, told).await;
            let mut searches = searches();
            if searches.remove(&number).is_none() {
                return;
            }
            if searches.is_empty() {
                let _ = inbox.send(Event::Finding(None));
            }
            let asked = address;
            let _ = orders.send(Order::Found { asked, found });
        });
        searches.insert(number, search.abort_handle());
    }

    /// Stops looking for feeds.
    pub fn stop_finding(&self) {
        let stopped = std::mem::take(&mut *self.searches());
        for search in stopped.values() {
            search.abort();
            let _ = self.inbox.send(Event::FilesDone);
        }
        let _ = self.inbox.send(Event::Finding(None));
    }

    fn searches(&self) -> MutexGuard<'_, HashMap<u64, AbortHandle>> {
        self.finding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Subscribes to a feed.
    pub fn subscribe(&self, address: String, title: String, tags: Vec<String>) {
        self.tell(Order::Subscribe {
            address,
            title,
            tags,
        });
    }

    /// Takes a feed out of its file.
    /// `name`: what the reader knows it as.
    pub fn unsubscribe(&self, address: String, name: String) {
        self.tell(Order::Unsubscribe { address, name });
    }

    /// Gives files the text that an undo wants.
    pub fn put_back(&self, step: FileStep) {
        self.tell(Order::PutBack(step));
    }

    /// Imports a list.
    pub fn import(&self, path: String) {
        self.tell(Order::Import(path));
    }

    /// Subscribes to bundled lists.
    pub fn pick_lists(&self, names: Vec<String>) {
        self.tell(Order::Pick(names));
    }

    /// Writes a setting.
    pub fn set(&self, key: String, value: String) {
        self.tell(Order::Set { key, value });
    }

    /// Saves a text, never over a file that exists.
    pub fn save(&self, text: String, path: String) {
        self.tell(Order::Save { text, path });
    }
}

struct Work {
    world: World,
    lists: Lists,
    watch: Watch,
    begun: bool,
    places: Places,
}

impl Work {
    fn say(&self, text: &str, error: bool) {
        let _ = self.world.inbox.send(Event::Notice {
            text: SafeText::line(text),
            error,
        });
    }

    fn carry_out(&mut self, order: Order) {
        let wished = !matches!(order, Order::Begin | Order::ReadAnew | Order::PutBack(_));
        let result = match order {
            Order::Begin => {
                self.begun = true;
                self.set_feeds();
                Ok(None)
            }
            Order::ReadAnew => {
                self.read_anew();
                Ok(None)
            }
            Order::Found { asked, found } => self.found(asked, found),
            Order::Subscribe {
                address,
                title,
                tags,
            } => self.subscribe(&address, &title, tags),
            Order::Unsubscribe { address, name } => self.unsubscribe(&address, &name),
            Order::PutBack(step) => self.put_back(&step),
            Order::Import(path) => self.import(&path),
            Order::Pick(names) => self.pick(&names),
            Order::Set { key, value } => crate::config::load::as_toml(&key, &value)
                .and_then(|toml| {
                    lists::set(&self.world.paths, &key, &toml).map_err(|error| error.to_string())
                })
                .map(|written| {
                    if written.before.as_ref() == Some(&written.after) {
                        self.read_anew();
                    } else {
                        self.log(format!("{key} is {value} now"), vec![written]);
                    }
                    None
                }),
            Order::Save { text, path } => {
                save(&text, &path).map(|path| Some(format!("Saved as {}.", path.display())))
            }
        };
        match result {
            Ok(Some(said)) => self.say(&said, false),
            Ok(None) => {}
            Err(why) => self.say(&why, true),
        }
        if wished {
            let _ = self.world.inbox.send(Event::FilesDone);
        }
    }

    /// What a save of the reader's changes: config, lists, themes.
    fn watched(&self) -> Watch {
        let themes = crate::config::themes::files(&self.world.paths);
        Watch::new(&[self.lists.files.clone(), themes].concat())
    }

    /// Hands the lists to the store.
    fn set_feeds(&mut self) {
        self.lists = Lists::read(&self.world.paths, &self.world.loaded);
        self.watch = self.watched();
        let places = self.lists.places.iter();
        *self.places.lock().unwrap_or_else(PoisonError::into_inner) = places
            .filter_map(|(url, files)| Some((url.to_string(), files.first()?.clone())))
            .collect();
        if let Some(mistake) = self
            .world
            .loaded
            .mistakes
            .first()
            .or(self.lists.mistakes.first())
        {
            let more = self.world.loaded.mistakes.len() + self.lists.mistakes.len() - 1;
            let more = if more > 0 {
                format!(" ({more} more: bron config check)")
            } else {
                String::new()
            };
            self.say(&format!("{mistake}{more}"), true);
        }
        self.world.writer.apply(Edit::SetRules(
            self.world.loaded.settings.store.rules.clone(),
        ));
        // A file that could not be read, or not to its end, must not take its feeds away.
        let feeds = self.lists.feeds.clone();
        self.world.writer.apply(if self.lists.incomplete {
            Edit::AddFeeds(feeds)
        } else {
            Edit::SetFeeds(feeds)
        });
    }

    fn read_anew(&mut self) {
        let loaded = load(&self.world.paths);
        // A file with mistakes changes what can be read of it; a file that cannot be read at all changes nothing.
        if loaded.exists
            && loaded.said.is_empty()
            && loaded.feeds.is_empty()
            && !loaded.mistakes.is_empty()
        {
            self.watch = self.watched();
            self.say(
                &format!("{}: the old settings stay", loaded.mistakes[0]),
                true,
            );
            return;
        }
        let mut loaded = loaded;
        loaded.keep_what_was_right(&self.world.loaded);
        let later = loaded.for_the_next_start(&self.world.loaded);
        if !later.is_empty() {
            self.say(
                &format!("From the next start: {}.", later.join(", ")),
                false,
            );
        }
        self.world.loaded = loaded;
        (self.world.changed)(&self.world.loaded);
        let settings = (self.world.screen)(&self.world.loaded);
        let _ = self
            .world
            .inbox
            .send(Event::SettingsChanged(Box::new(settings)));
        self.set_feeds();
    }

    /// Writes down what was done to files, with the feeds that follow from them told before: undo takes it back.
    fn log(&mut self, summary: String, written: Vec<Written>) {
        self.read_anew();
        let files = lists::texts(written);
        self.world.writer.apply(Edit::Files { summary, files });
    }

    fn put_back(&mut self, step: &FileStep) -> Result<Option<String>, String> {
        if let Err(error) = lists::put_back(&step.files) {
            self.world.writer.apply(Edit::StepFailed {
                step: step.step,
                back: step.back,
            });
            let can = if step.back { "undone" } else { "done again" };
            return Err(format!("Not {can}: {error}. It can still be {can}."));
        }
        self.read_anew();
        // The config file that the first subscription made is gone again, and by the reader's wish.
        let config = &self.world.paths.config;
        if step.files.iter().any(|file| file.path == *config) && !config.exists() {
            self.world
                .writer
                .apply(Edit::SetFeeds(self.lists.feeds.clone()));
        }
        Ok(None)
    }

    fn found(
        &mut self,
        asked: String,
        found: Result<Wanted, String>,
    ) -> Result<Option<String>, String> {
        match found? {
            Wanted::One(found) => self.subscribe(found.url.as_str(), &found.title, Vec::new()),
            Wanted::Several(found) => {
                let found = found
                    .into_iter()
                    .map(|found| (found.url.to_string(), found.title))
                    .collect();
                let _ = self.world.inbox.send(Event::FeedsFound { asked, found });
                Ok(None)
            }
        }
    }

    fn subscribe(
        &mut self,
        address: &str,
        title: &str,
        tags: Vec<String>,
    ) -> Result<Option<String>, String> {
        let url: FeedUrl = address
            .parse()
            .map_err(|error: crate::feed::FeedUrlError| error.to_string())?;
        if self.lists.places.contains_key(&url) {
            return Ok(Some(format!("{url} is among your feeds already.")));
        }
        let title = Some(title.to_owned()).filter(|title| !title.is_empty());
        let name = title.clone().unwrap_or_else(|| url.to_string());
        let written = lists::add(
            &self.world.paths,
            &Listed {
                url,
                title,
                site_url: None,
                tags,
                line: 0,
            },
        )
        .map_err(|error| error.to_string())?;
        self.log(format!("subscribed to {name}"), vec![written]);
        Ok(None)
    }

    /// `name`: what the reader knows it as.
    fn unsubscribe(&mut self, address: &str, name: &str) -> Result<Option<String>, String> {
        let url: FeedUrl = address
            .parse()
            .map_err(|error: crate::feed::FeedUrlError| error.to_string())?;
        let written = lists::change(&self.lists, &url, &lists::Change::Remove)
            .map_err(|error| error.to_string())?;
        self.log(format!("removed {name}; its starred entries stay"), written);
        Ok(None)
    }

    fn import(&mut self, path: &str) -> Result<Option<String>, String> {
        let path = lists::place(Path::new("."), path);
        let name = path.display();
        let import =
            Import::read(&path).map_err(|error| format!("{name} cannot be read: {error}"))?;
        if import.feeds.is_empty() {
            return Err(format!(
                "no feeds in {name}; OPML, a newsboat urls file or plain addresses can be read"
            ));
        }
        let written = import
            .write(&self.world.paths)
            .map_err(|error| error.to_string())?;
        let left_out = import.left_out();
        if written.is_empty() {
            return Ok(Some(format!("{name} was imported before.")));
        }
        let feeds = plural(import.feeds.len(), "feed");
        self.log(format!("{feeds} imported from {name}{left_out}"), written);
        Ok(None)
    }

    fn pick(&mut self, names: &[String]) -> Result<Option<String>, String> {
        let mut feeds = 0;
        let mut written = Vec::new();
        for bundled in names.iter().filter_map(|name| bundled::find(name)) {
            feeds += bundled.feeds();
            let list = lists::add_list(
                &self.world.paths,
                bundled.name,
                "opml",
                bundled.opml.as_bytes(),
            )
            .map_err(|error| error.to_string())?;
            written.extend(list);
        }
        self.log(
            format!("subscribed to {feeds} feeds; they are visited now"),
            written,
        );
        Ok(None)
    }
}

/// Says where a feed is looked for.
fn tell_where(inbox: &Sender<Event>, text: &str) {
    let _ = inbox.send(Event::Finding(Some(SafeText::line(text))));
}

/// Writes a new file; one that exists is left alone.
fn save(text: &str, path: &str) -> Result<PathBuf, String> {
    let path = lists::place(Path::new("."), path);
    let trouble = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("{} exists already; another name keeps both", path.display())
        }
        _ => format!("{} cannot be written: {error}", path.display()),
    };
    let mut file = fs::File::options()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(trouble)?;
    file.write_all(text.as_bytes()).map_err(trouble)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_exists_is_never_written_over() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.md").display().to_string();
        save("one", &path).expect("a new file");
        let why = save("two", &path).expect_err("it exists");
        assert!(why.contains("exists already"), "{why}");
        assert_eq!(fs::read_to_string(&path).expect("readable"), "one");
    }

    /// A thread of files, with what it tells.
    struct Desk {
        files: Files,
        told: std::sync::mpsc::Receiver<Event>,
        paths: Paths,
        _runtime: tokio::runtime::Runtime,
        _directory: tempfile::TempDir,
    }

    impl Desk {
        fn new() -> Desk {
            let directory = tempfile::tempdir().expect("a directory");
            let paths = Paths::find(crate::config::paths::Wanted {
                config: Some(directory.path().join("config.toml")),
                data_dir: Some(directory.path().join("data")),
            })
            .expect("named");
            let (inbox, told) = channel();
            let loaded = load(&paths);
            let writer = crate::store::open(
                &paths.database(),
                loaded.settings.store.clone(),
                Box::new(|_| {}),
            )
            .expect("a store");
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            let client = {
                let _inside = runtime.enter();
                Client::new(&loaded.settings.net).expect("a client")
            };
            let world = World {
                paths: paths.clone(),
                loaded,
                inbox,
                writer,
                screen: Box::new(|loaded| {
                    let how = super::super::How {
                        offline: false,
                        demo: false,
                        plain: false,
                    };
                    super::super::start::screen_settings(loaded, how)
                }),
                changed: Box::new(|_| {}),
            };
            let files = Files::start(world, client, runtime.handle().clone()).expect("a thread");
            Desk {
                files,
                told,
                paths,
                _runtime: runtime,
                _directory: directory,
            }
        }

        /// What is told next that is wanted; others are passed over.
        #[track_caller]
        fn hears(&self, wanted: impl Fn(&Event) -> bool) -> Event {
            loop {
                let event = self
                    .told
                    .recv_timeout(Duration::from_mins(1))
                    .expect("to be told");
                if wanted(&event) {
                    return event;
                }
            }
        }
    }

    #[test]
    fn files_are_written_while_a_feed_is_looked_for_and_looking_can_be_stopped() {
        let desk = Desk::new();
        // Takes what comes, and never answers.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/", silent.local_addr().expect("an address"));
        desk.files.find_and_subscribe(address.clone());
        let asked = silent.accept().expect("it asks");
        let Event::Finding(Some(text)) = desk.hears(|event| matches!(event, Event::Finding(_)))
        else {
            panic!("it is over");
        };
        assert!(text.as_str().contains(&address), "{text}");
        desk.files.set("theme".into(), "ink".into());
        desk.hears(|event| matches!(event, Event::FilesDone));
        let config = fs::read_to_string(&desk.paths.config).expect("a config");
        assert!(config.contains("theme = \"ink\""), "{config}");
        desk.files.stop_finding();
        desk.hears(|event| matches!(event, Event::FilesDone));
        desk.hears(|event| matches!(event, Event::Finding(None)));
        drop(asked);
        // Nothing more comes of it.
        desk.files.set("measure".into(), "80".into());
        let next = desk.hears(|event| {
            !matches!(
                event,
                Event::SettingsChanged(_) | Event::Notice { error: false, .. }
            )
        });
        assert!(matches!(next, Event::FilesDone), "{next:?}");
    }
}
