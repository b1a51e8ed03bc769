//! Wishes to the right hand: loader, writer, poller, pages, files, other programs.

use super::command;
use super::files::Files;
use super::hooks::Listening;
use super::input::{Input, Parked};
use super::loader::{Loader, Open};
use super::{ahead, document, open, view};
use crate::address;
use crate::config::Settings;
use crate::config::value::words;
use crate::feed::{EntryId, FeedId};
use crate::news::{Changes, EntriesQuestion, Target};
use crate::pages::{Pages, Want};
use crate::poller::{Asked, Job, Poller, Watcher};
use crate::store::Writer;
use crate::text::SafeText;
use crate::tui::{Effect, Event, Model};
use chrono::{Local, Utc};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// Bytes that a command may print which an article is given to.
const PIPED: usize = 1 << 20;
/// Time for it.
const PIPE_TIME: Duration = Duration::from_mins(1);

/// What is left for the loop to do, since it has the terminal.
pub enum After {
    Nothing,
    /// Send these bytes to the terminal.
    Send(Vec<u8>),
    /// Lend the terminal to this work.
    Lend(Box<dyn FnOnce()>),
}

/// Other programs, as the config says: each a program and its arguments.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// Empty: from the environment.
    pub browser: Vec<String>,
    /// Empty: from the environment.
    pub pager: Vec<String>,
    /// `osc9`, `osc777` or `off`.
    pub notify: String,
    /// In place of the terminal; empty: none.
    pub notify_command: Vec<String>,
}

/// The programs in force: a config that is read anew puts others here.
#[derive(Clone, Debug, Default)]
pub struct SharedPrograms(Arc<Mutex<Programs>>);

impl SharedPrograms {
    /// Takes what these settings say.
    pub fn set(&self, settings: &Settings) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Programs {
            browser: settings.browser.clone(),
            pager: settings.pager.clone(),
            notify: settings.notify.clone(),
            notify_command: settings.notify_command.clone(),
        };
    }

    fn get(&self) -> Programs {
        // Nothing is done under the lock that could leave half a change behind.
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Everything that a wish may need.
pub struct Effects {
    pub inbox: Sender<Event>,
    pub loader: Loader,
    pub writer: Writer,
    pub poller: Poller,
    pub pages: Pages,
    pub watcher: Arc<dyn Watcher>,
    pub runtime: Handle,
    pub files: Files,
    pub input: Option<Input>,
    #[cfg(feature = "images")]
    pub pictures: super::pictures::Pictures,
    pub programs: SharedPrograms,
    pub hooks: Listening,
    /// Visit what is due as soon as the first frame stands.
    pub refresh_on_start: bool,
    /// Visit feeds by the clock.
    pub refresh_timer: bool,
    pub offline: bool,
    /// The watermark that a lent terminal may have left in the files: read them anew.
    pub look_at_files: bool,
    /// Set: no further pages are fetched ahead.
    pub stop_ahead: Arc<AtomicBool>,
}

impl Effects {
    /// What time it is, and where.
    pub fn tick(&self) -> Event {
        let here = Local::now();
        Event::Tick {
            now: here.with_timezone(&Utc),
            zone: *here.offset(),
        }
    }

    /// The first lists stand there: now what takes longer may begin.
    pub fn first_lists_are_drawn(&mut self) {
        self.files.begin_watching();
        self.loader.warm_up();
        if !self.offline {
            let (poller, watcher) = (self.poller.clone(), Arc::clone(&self.watcher));
            let (at_once, by_clock) = (self.refresh_on_start, self.refresh_timer);
            self.runtime.spawn(async move {
                if at_once {
                    poller.round(Asked::Due, Arc::clone(&watcher)).await;
                }
                if by_clock {
                    poller.run(watcher).await;
                }
            });
        }
    }

    /// A commit of the store.
    pub fn changed(&mut self, changes: &Changes) {
        self.loader.changed(changes);
        if !changes.pages.is_empty() {
            self.loader.cards(changes.pages.clone());
        }
        if changes.feed_list {
            self.poller.wake();
        }
        if changes.new > 0 {
            self.hooks.new_entries();
        }
        for step in &changes.steps {
            self.files.put_back(step.clone());
        }
    }

    /// Stops reading the terminal, until the answer is dropped.
    pub fn park_input(&self) -> Option<Parked> {
        self.input.as_ref().map(Input::park)
    }

    /// The terminal has come back.
    pub fn lent(&mut self) {
        if std::mem::take(&mut self.look_at_files) {
            self.files.read_anew();
        }
    }

    fn say(&self, text: &str, error: bool) {
        // The inbox lives as long as the loop that calls this.
        let _ = self.inbox.send(Event::Notice {
            text: SafeText::line(text),
            error,
        });
    }

    fn refused_offline(&self) -> bool {
        if self.offline {
            self.say("bron is offline (--offline): nothing is fetched.", true);
        }
        self.offline
    }

    /// Carries a wish out, or begins to.
    pub fn perform(&mut self, effect: Effect, model: &Model) -> After {
        match effect {
            Effect::Quit | Effect::Redraw | Effect::Title(_) | Effect::After { .. } => {}
            Effect::Suspend => {
                return After::Lend(Box::new(|| {
                    // Stops the whole process; SIGCONT goes on from here.
                    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGTSTP);
                }));
            }
            Effect::LoadFeeds => self.loader.feeds(),
            Effect::LoadCounts => self.loader.counts(),
            Effect::LoadEntries(question) => self.loader.entries(question),
            Effect::Search { question, text } => self.loader.search(question, text),
            Effect::OpenArticle {
                number,
                target,
                width,
                whole_page,
                again,
                pictures,
            } => self.loader.open(Open {
                number,
                target,
                width,
                whole_page,
                again,
                pictures,
            }),
            Effect::Prepare(targets) => self.loader.prepare(targets),
            #[cfg(feature = "images")]
            Effect::FetchPictures {
                urls,
                columns,
                rows,
            } => self.pictures.want(urls, columns, rows),
            // Never wished for: nobody says that the terminal could show them.
            #[cfg(not(feature = "images"))]
            Effect::FetchPictures { .. } => {}
            Effect::FetchCards { cards, pressed } => self.fetch_cards(cards, pressed),
            Effect::Withdraw => self.pages.withdraw(),
            Effect::LoadNote(entry) => self.loader.note(entry),
            Effect::LoadFeedPage(feed) => self.loader.feed_page(feed, model.zone),
            Effect::LoadReading => self.loader.reading(model.zone),
            Effect::LoadCiting { key } => self.loader.citing(key),
            Effect::LoadFront { number, habits } => self.loader.front(number, habits),
            Effect::LoadBeside(entry) => self.loader.beside(entry),
            Effect::LoadBriefing { width, habits } => self.loader.briefing(width, habits),
            Effect::Apply { wish, edit } => {
                let number = self.writer.apply(edit);
                let _ = self.inbox.send(Event::EditSent { wish, number });
            }
            Effect::Visit(feeds) => self.visit(feeds),
            Effect::FetchAhead { entries, list } => self.fetch_ahead(entries, *list),
            Effect::StopAhead => self.stop_ahead.store(true, Ordering::Relaxed),
            Effect::Browse(address) => self.browse(&address, None),
            Effect::OpenEnclosure(address) => self.browse(&address, open::kind_of(&address)),
            Effect::Pipe { text, command } => self.pipe(text, &command),
            Effect::Copy { text, what } => {
                let escape = open::copy(&text);
                self.say(&format!("Copied: {what}."), false);
                if let Some(bytes) = escape {
                    return After::Send(bytes);
                }
            }
            Effect::Notify(text) => return self.notify(text),
            Effect::EditLists(feed) => {
                let file = self.files.to_edit(feed.as_deref());
                let inbox = self.inbox.clone();
                self.look_at_files = true;
                return After::Lend(Box::new(move || {
                    if let Err(why) = open::run_on(open::editor(), &file) {
                        let _ = inbox.send(Event::Notice {
                            text: SafeText::line(&why),
                            error: true,
                        });
                    }
                }));
            }
            Effect::Subscribe { address } => {
                if self.refused_offline() {
                    let _ = self.inbox.send(Event::FilesDone);
                } else {
                    self.files.find_and_subscribe(address);
                }
            }
            Effect::StopFinding => self.files.stop_finding(),
            Effect::SubscribeTo {
                address,
                title,
                tags,
            } => self.files.subscribe(address, title, tags),
            Effect::Unsubscribe(feed) => match model.feeds.row(feed) {
                Some(row) => self
                    .files
                    .unsubscribe(row.url.clone(), row.title.to_string()),
                None => {
                    let _ = self.inbox.send(Event::FilesDone);
                }
            },
            Effect::Import { path } => self.files.import(path),
            Effect::PickLists(names) => self.files.pick_lists(names),
            Effect::Set { key, value } => self.files.set(key, value),
            Effect::SaveArticle {
                target,
                whole_page,
                text,
                path,
            } => self.save_article(target, whole_page, text, path),
            Effect::Page(text) => {
                let command = open::pager(&self.programs.get().pager);
                let inbox = self.inbox.clone();
                return After::Lend(Box::new(move || {
                    if let Err(why) = page(command, &text) {
                        let _ = inbox.send(Event::Notice {
                            text: SafeText::line(&why),
                            error: true,
                        });
                    }
                }));
            }
        }
        After::Nothing
    }

    /// Opens with the program that a hook names, else in the browser.
    fn browse(&self, address: &str, kind: Option<&str>) {
        let (opened, how) = match self.hooks.opener(address, kind) {
            Some(command) => (
                open::open_with(&command, address),
                format!("Opened with {}.", command[0]),
            ),
            None => (
                open::browse(&self.programs.get().browser, address),
                "Opened in the browser.".to_owned(),
            ),
        };
        match opened {
            Ok(()) => self.say(&how, false),
            Err(why) => self.say(&why, true),
        }
    }

    /// Gives a text to a command, and says what it printed.
    fn pipe(&self, text: String, command: &str) {
        let job = Job {
            words: words(command),
            input: text.into_bytes(),
            limit: PIPED,
            time: PIPE_TIME,
        };
        let inbox = self.inbox.clone();
        in_background("pipe", move || {
            let (text, error) = match command::run(&job) {
                Ok(printed) => {
                    let printed = String::from_utf8_lossy(&printed);
                    match printed.lines().find(|line| !line.trim().is_empty()) {
                        Some(line) => (line.to_owned(), false),
                        None => ("Done.".to_owned(), false),
                    }
                }
                Err(why) => (format!("{why}."), true),
            };
            let text = SafeText::short(&text, 300);
            let _ = inbox.send(Event::Notice { text, error });
        });
    }

    /// Tells outside of the screen: by a command, or by the terminal.
    fn notify(&self, text: String) -> After {
        let programs = self.programs.get();
        if !programs.notify_command.is_empty() {
            let mut words = programs.notify_command;
            words.push(SafeText::short(&text, 200).into_string());
            let job = Job {
                words,
                input: Vec::new(),
                limit: PIPED,
                time: PIPE_TIME,
            };
            in_background("notify", move || {
                let _ = command::run(&job);
            });
            return After::Nothing;
        }
        match programs.notify.as_str() {
            "off" => After::Nothing,
            "osc777" => After::Send(open::osc777(&text)),
            _ => After::Send(open::osc9(&text)),
        }
    }

    /// Saves an article in the form that the name of the file asks for; as `text` where it asks for none.
    fn save_article(&self, target: Target, whole_page: bool, text: String, path: String) {
        let Some(form) = document::form_of(&path) else {
            self.files.save(text, path);
            return;
        };
        let (writer, files, inbox) = (self.writer.clone(), self.files.clone(), self.inbox.clone());
        in_background("save", move || {
            let written = writer
                .reader()
                .and_then(|reader| view::document(&reader, &target, whole_page, form));
            let trouble = match written {
                Ok(Some(document)) => return files.save(document, path),
                Ok(None) => "its text is not here".to_owned(),
                Err(error) => error.to_string(),
            };
            let text = SafeText::line(&format!("This cannot be saved: {trouble}."));
            let _ = inbox.send(Event::Notice { text, error: true });
            let _ = inbox.send(Event::FilesDone);
        });
    }

    fn visit(&self, feeds: Vec<FeedId>) {
        if self.refused_offline() {
            return;
        }
        let (poller, watcher) = (self.poller.clone(), Arc::clone(&self.watcher));
        let asked = if feeds.is_empty() {
            Asked::All
        } else {
            Asked::Feeds(feeds)
        };
        self.runtime
            .spawn(async move { poller.round(asked, watcher).await });
    }

    /// Fetches pages ahead, one at a time of its kind.
    fn fetch_ahead(&mut self, entries: Vec<EntryId>, list: EntriesQuestion) {
        if self.refused_offline() {
            let _ = self.inbox.send(Event::Ahead(None));
            return;
        }
        self.stop_ahead = Arc::default();
        let (pages, stop) = (self.pages.clone(), Arc::clone(&self.stop_ahead));
        let (writer, inbox) = (self.writer.clone(), self.inbox.clone());
        in_background("ahead", move || {
            let fetched = writer.reader().and_then(|reader| {
                let entries = ahead::meant(&reader, &entries, &list, Utc::now())?;
                // The inbox lives as long as the loop; afterwards nobody looks.
                let mut each = |far| {
                    let _ = inbox.send(Event::Ahead(Some(far)));
                };
                ahead::run(&reader, entries, ahead::A_PRESS, &pages, &stop, &mut each)
            });
            let (text, error) = match fetched {
                Ok(fetched) => (fetched.in_words(), false),
                Err(error) => (format!("Pages could not be fetched ahead: {error}."), true),
            };
            let text = SafeText::line(&text);
            let _ = inbox.send(Event::Ahead(None));
            let _ = inbox.send(Event::Notice { text, error });
        });
    }

    fn fetch_cards(&self, cards: Vec<(String, String)>, pressed: bool) {
        if self.offline {
            if pressed {
                self.refused_offline();
            }
            return;
        }
        for (key, address) in cards {
            if let Some(url) = address::to_visit(&address) {
                self.pages.want(Want {
                    key,
                    url,
                    card_only: true,
                    waiting: false,
                    again: pressed,
                });
            }
        }
    }
}

/// Work that nobody waits for; where no thread can be had, it is not done.
fn in_background(name: &str, work: impl FnOnce() + Send + 'static) {
    let _ = std::thread::Builder::new().name(name.into()).spawn(work);
}

fn page(command: Vec<String>, text: &str) -> Result<(), String> {
    let trouble =
        |error: std::io::Error| format!("the text could not be handed to the pager ({error})");
    let mut file = tempfile::Builder::new()
        .prefix("bron-")
        .suffix(".txt")
        .tempfile()
        .map_err(trouble)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(trouble)?;
    open::run_on(command, file.path())
}
