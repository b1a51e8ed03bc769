//! Who starts, who stops, in which order.
//!
//! Start: the store, the terminal, the first frame; then the network, the questions to the terminal, the files.
//! Stop: the terminal is given back first, then visits are cancelled, then the writer empties its queue.

use super::ask::About;
use super::effects::{Effects, SharedPrograms};
use super::files::{Files, World};
use super::hooks::Listening;
use super::input::Input;
use super::loader::{Fetch, Loader};
#[cfg(feature = "images")]
use super::pictures;
use super::terminal::Tty;
use super::view::Order;
use super::{command, demo as sites, plain, signals, ui_loop};
use crate::address;
use crate::config::bundled::BUNDLED;
use crate::config::load::{Loaded, load};
use crate::config::paths::{Wanted, make_private_dir};
use crate::config::table::{Row, SETTINGS};
use crate::config::value::Setting;
use crate::config::{Paths, Settings};
use crate::net::{Client, Gate};
use crate::pages::{Cards, Pages, Want};
use crate::poller::{Poller, Visited, Watcher};
use crate::store::{self, StoreError};
use crate::text::SafeText;
use crate::tui::event::Progress;
use crate::tui::model::SettingRow;
use crate::tui::{self, Event, Model};
use anyhow::{Context, Result};
use chrono::{DateTime, Local, Utc};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the reader is started.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    pub offline: bool,
    pub demo: bool,
    /// In lines of text, without a screen.
    pub plain: bool,
}

/// Runs the reader until it is left.
pub fn run(paths: Paths, how: How) -> Result<()> {
    let loaded = load(&paths);
    read(paths, loaded, how)
}

/// Runs the reader on the bundled sites, in a directory that goes afterwards. What the reader's own config file at `own`
/// says of the screen and of the keys holds there too; the file is only read.
pub fn demo(own: &Paths, plain: bool) -> Result<()> {
    let directory = tempfile::Builder::new()
        .prefix("bron-demo-")
        .tempdir()
        .context("no directory for the demo could be made")?;
    let text = std::fs::read_to_string(&own.config).unwrap_or_default();
    let demo = sites::begin(&crate::config::looks_of(&text))
        .context("the demo's sites could not be served")?;
    let config = directory.path().join("config.toml");
    std::fs::write(&config, &demo.config).context("the demo's config could not be written")?;
    let themes = directory.path().join("themes");
    std::fs::create_dir(&themes).context("the demo's themes could not be written")?;
    for file in crate::config::themes::files(own).into_iter().skip(1) {
        if let Some(name) = file.file_name() {
            // A theme that cannot be read is a mistake of the reader's own config, not of the demo's.
            let _ = std::fs::copy(&file, themes.join(name));
        }
    }
    let paths = Paths::find(Wanted {
        config: Some(config),
        data_dir: Some(directory.path().join("data")),
    })?;
    let mut loaded = load(&paths);
    loaded.settings.net.hosts = Arc::new(demo.hosts);
    loaded.settings.net.allow_private = true;
    read(
        paths,
        loaded,
        How {
            offline: false,
            demo: true,
            plain,
        },
    )
}

/// What the config says, as the screen wants it.
pub(super) fn screen_settings(loaded: &Loaded, how: How) -> tui::Settings {
    let screen = &loaded.settings.screen;
    tui::Settings {
        theme: screen.theme.clone(),
        symbols: screen.symbols.clone(),
        measure: screen.measure,
        mouse: screen.mouse,
        compact: screen.compact,
        images: screen.images,
        order: crate::news::Order::named(&screen.order),
        counts: screen.counts,
        keys_preset: screen.keys_preset.clone(),
        keys: screen.keys.clone(),
        cards: match loaded.settings.cards {
            Cards::Ask => "ask",
            Cards::Visible => "visible",
            Cards::Demand => "demand",
            Cards::Never => "never",
        }
        .to_owned(),
        start: screen.start.clone(),
        habits: loaded.settings.habits,
        colours: colours(),
        first_start: !loaded.exists,
        demo: how.demo,
        offline: how.offline,
        bundled: BUNDLED
            .iter()
            .map(|list| (list.name.to_owned(), list.title.to_owned(), list.feeds()))
            .collect(),
        own: loaded.themes.clone(),
        rows: SETTINGS.iter().map(|row| setting(loaded, row)).collect(),
    }
}

/// A variable of the environment; empty where it is not set.
pub(super) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// A setting as the palette shows it.
fn setting(loaded: &Loaded, row: &'static Row<Settings>) -> SettingRow {
    let said = loaded.said.get(row.name).map(|(value, _)| value.as_str());
    SettingRow {
        name: row.name,
        text: row.text,
        value: said.unwrap_or(row.default).trim_matches('"').to_owned(),
        choices: match &row.setting {
            Setting::Flag(_) => vec!["true".to_owned(), "false".to_owned()],
            Setting::Choice(words, _) => words.iter().map(|word| (*word).to_owned()).collect(),
            _ => Vec::new(),
        },
    }
}

/// How many colours the terminal has, by the conventions of the environment.
fn colours() -> u32 {
    if !variable("NO_COLOR").is_empty() {
        return 0;
    }
    colours_of(&variable("TERM"), &variable("COLORTERM"))
}

fn colours_of(term: &str, colour: &str) -> u32 {
    match () {
        () if term == "dumb" => 0,
        () if colour == "truecolor"
            || colour == "24bit"
            || term.contains("kitty")
            || term.contains("direct") =>
        {
            1 << 24
        }
        () if term.contains("256") => 256,
        () if term == "linux" || term.is_empty() => 8,
        () if term.contains("16color")
            || term.starts_with("vt")
            || term.starts_with("ansi")
            || term.starts_with("screen") =>
        {
            16
        }
        () => 256,
    }
}

/// Tells the screen how a round of visits goes.
struct Teller {
    inbox: Mutex<Sender<Event>>,
    hooks: Listening,
}

impl Teller {
    fn tell(&self, event: Event) {
        // A poisoned lock holds a sender all the same.
        let inbox = self
            .inbox
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = inbox.send(event);
    }
}

impl Watcher for Teller {
    fn visited(&self, visited: &Visited) {
        tracing::info!(url = %address::without_secrets(&visited.url), http = ?visited.record.http, ms = visited.record.took_ms, "visited");
    }

    fn progress(&self, progress: &crate::poller::Progress) {
        let over = progress.done >= progress.total;
        if over {
            self.hooks.round_is_over(progress.total, progress.failed);
        }
        // The last numbers, too: how many failed is said when the round is over.
        if progress.total > 0 {
            self.tell(Event::Progress(Some(Progress {
                done: progress.done,
                total: progress.total,
                failed: progress.failed,
                visiting: progress.visiting.clone(),
                asked: progress.by_hand,
            })));
        }
        if over {
            self.tell(Event::Progress(None));
        }
    }
}

fn midnight(now: DateTime<Local>) -> DateTime<Utc> {
    now.date_naive()
        .and_hms_opt(0, 0, 0)
        .and_then(|midnight| midnight.and_local_timezone(Local).earliest())
        .map_or_else(
            || now.with_timezone(&Utc),
            |midnight| midnight.with_timezone(&Utc),
        )
}

fn read(paths: Paths, mut loaded: Loaded, how: How) -> Result<()> {
    command::allow(&mut loaded.settings);
    let settings = loaded.settings.clone();
    make_private_dir(&paths.data_dir).map_err(|error| StoreError::Unwritable {
        path: paths.data_dir.display().to_string(),
        why: error.to_string(),
    })?;
    let database = paths.database();
    let (inbox, events) = channel();
    let writer = store::open(&database, settings.store.clone(), {
        let inbox = inbox.clone();
        Box::new(move |changes| {
            let _ = inbox.send(Event::Changed(changes));
        })
    })?;

    let clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync> = Arc::new(Utc::now);
    // One: what each has ever needed at once stays in its part of the heap, and the screen wants a processor for itself.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("net")
        .enable_all()
        .build()
        .context("the network threads could not be started")?;
    let guard = runtime.enter();
    let mut net = settings.net.clone();
    net.offline |= how.offline;
    let client = Client::new(&net)?;
    let gate = Gate::new(settings.overall, settings.per_host);
    let poller = Poller::new(
        client.clone(),
        gate.clone(),
        writer.clone(),
        database.clone(),
        settings.poller.clone(),
        Arc::clone(&clock),
    );
    let told_layout: Arc<Mutex<Option<super::loader::Visits>>> = Arc::default();
    let pages = Pages::new(
        client.clone(),
        gate.clone(),
        writer.clone(),
        database.clone(),
        settings.pages.clone(),
        clock,
        {
            let (told_layout, inbox) = (Arc::clone(&told_layout), Mutex::new(inbox.clone()));
            Arc::new(move |key: &str, result: std::result::Result<(), String>| {
                let failed = result.err();
                if let Ok(layout) = told_layout.lock()
                    && let Some(layout) = &*layout
                {
                    layout.visited(key, failed.clone());
                }
                if let Ok(inbox) = inbox.lock() {
                    let failed = failed.map(|why| SafeText::line(&why));
                    let _ = inbox.send(Event::PageVisited {
                        key: key.to_owned(),
                        failed,
                    });
                }
            })
        },
    );
    let fetch: Fetch = {
        let pages = pages.clone();
        Box::new(move |key, url, again| {
            if let Some(url) = address::to_visit(&url) {
                pages.want(Want {
                    key,
                    url,
                    card_only: false,
                    waiting: true,
                    again,
                });
            }
        })
    };
    #[cfg(feature = "images")]
    let pictures = pictures::Pictures::new(
        client.clone(),
        gate.clone(),
        runtime.handle().clone(),
        paths.cache_dir.join("images"),
        inbox.clone(),
    );
    let loader = Loader::start(
        writer.clone(),
        inbox.clone(),
        Arc::new(|| {
            let now = Local::now();
            (now.with_timezone(&Utc), midnight(now))
        }),
        fetch,
        if how.plain { Order::Read } else { Order::Seen },
    )?;
    if let Ok(mut layout) = told_layout.lock() {
        *layout = Some(loader.visits());
    }
    let hooks = Listening::start(settings.hooks.clone(), database.clone(), inbox.clone())
        .context("the thread of the hooks could not be started")?;
    let programs = SharedPrograms::default();
    programs.set(&settings);
    let files = Files::start(
        World {
            paths: paths.clone(),
            loaded: loaded.clone(),
            inbox: inbox.clone(),
            writer: writer.clone(),
            screen: Box::new(move |loaded| screen_settings(loaded, how)),
            changed: {
                let (poller, hooks, programs) = (poller.clone(), hooks.clone(), programs.clone());
                Box::new(move |loaded| {
                    let mut settings = loaded.settings.clone();
                    command::allow(&mut settings);
                    programs.set(&settings);
                    poller.set(settings.poller);
                    hooks.set(settings.hooks);
                })
            },
        },
        client,
        runtime.handle().clone(),
    )?;

    let mut tty = if how.plain {
        None
    } else {
        Some(Tty::enter(settings.screen.mouse).context("the terminal could not be taken over")?)
    };
    let here = Local::now();
    let size = match &tty {
        Some(tty) => tty.size().unwrap_or((80, 24)),
        None => plain::size(),
    };
    let mut model = Model::new(
        screen_settings(&loaded, how),
        here.with_timezone(&Utc),
        *here.offset(),
        size,
    );
    let first = tui::update::start(&mut model);
    let input = match &tty {
        None => None,
        Some(tty) => {
            let (shapes, colours) = (tty.shapes_words(), model.settings.colours);
            #[cfg(feature = "images")]
            let pictures = pictures.clone();
            let about = move |inbox: &Sender<Event>, about: About| {
                let told = |event| {
                    // The inbox lives as long as the loop.
                    let _ = inbox.send(event);
                };
                if let Some(dark) = about.dark {
                    told(Event::Ground { dark });
                }
                if let Some(name) = &about.name
                    && shapes.learn(name)
                {
                    told(Event::Continued);
                }
                #[cfg(feature = "images")]
                if let Some(way) = pictures::way(&about, colours, variable) {
                    pictures.set_way(way);
                    told(Event::PicturesAble { cell: way.cell });
                }
                #[cfg(not(feature = "images"))]
                let _ = colours;
            };
            let input = Input::start(inbox.clone(), about);
            Some(input.context("the terminal cannot be read")?)
        }
    };
    let signals = signals::start(inbox.clone())?;
    let watcher = Arc::new(Teller {
        inbox: Mutex::new(inbox.clone()),
        hooks: hooks.clone(),
    });
    let mut effects = Effects {
        inbox,
        loader,
        writer: writer.clone(),
        poller,
        pages,
        watcher,
        runtime: runtime.handle().clone(),
        files,
        input,
        #[cfg(feature = "images")]
        pictures,
        programs,
        hooks,
        refresh_on_start: settings.refresh_on_start,
        refresh_timer: settings.refresh_timer,
        offline: how.offline,
        look_at_files: false,
        stop_ahead: Arc::default(),
    };
    let result = match &mut tty {
        Some(tty) => ui_loop::run(tty, &mut model, &mut effects, &events, first),
        None => plain::run(&mut model, &mut effects, &events, first),
    };
    drop(tty);
    signals.close();
    effects.input = None;
    drop(effects);
    drop(guard);
    command::end_all();
    runtime.shutdown_timeout(Duration::from_millis(200));
    writer.close();
    match result {
        // Whoever listened has gone.
        Err(error) if how.plain && error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("the terminal could not be written"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_terminal_is_known_by_its_name() {
        for (term, colour, expected) in [
            ("xterm-256color", "", 256),
            ("xterm-256color", "truecolor", 1 << 24),
            ("screen-256color", "", 256),
            ("screen", "", 16),
            ("xterm-16color", "", 16),
            ("vt220", "", 16),
            ("ansi", "", 16),
            ("linux", "", 8),
            ("dumb", "", 0),
            ("foot", "", 256),
        ] {
            assert_eq!(super::colours_of(term, colour), expected, "{term}");
        }
    }

    use super::*;

    #[test]
    fn every_setting_is_in_the_palette_and_in_the_example() {
        let rows = screen_settings(&Loaded::default(), How::default()).rows;
        assert_eq!(rows.len(), SETTINGS.len());
        let example = crate::config::example::example();
        for row in rows {
            assert!(
                example.contains(&format!("\n# {} = ", row.name)),
                "{}",
                row.name
            );
            assert!(!row.text.is_empty(), "{}", row.name);
            let in_force = row.choices.is_empty() || row.choices.contains(&row.value);
            assert!(
                in_force,
                "{} is {}, and that is none of {:?}",
                row.name, row.value, row.choices
            );
        }
    }
}
