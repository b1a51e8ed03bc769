//! The loop of linear mode: lines in, lines out, and the same world behind it as behind the screen.
//!
//! A line is asked for when everything before it is answered, and nobody reads standard input otherwise: an editor or a
//! pager finds the terminal free, and a file of lines is carried out one after the other.

use super::effects::{After, Effects};
use super::ui_loop::Timers;
use crate::tui::plain::{Plain, waits};
use crate::tui::reading::State;
use crate::tui::{self, Effect, Event, Model};
use std::io::{self, BufRead as _, IsTerminal, Write, stdin, stdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The longest that a line waits for an answer to the one before: a fetch ends sooner by its own bounds.
const PATIENCE: Duration = Duration::from_secs(90);
/// Columns at most: one column of the screen's layout.
const COLUMNS: u16 = 79;
/// Lines said at once of an article where no terminal sets a bound.
const LINES: u16 = 60;

/// The screen that the model is told of.
pub fn size() -> (u16, u16) {
    let known = stdout()
        .is_terminal()
        .then(|| ratatui::crossterm::terminal::size().ok())
        .flatten();
    match known {
        Some((columns, rows)) => (columns.clamp(20, COLUMNS), rows.clamp(12, 200)),
        None => (COLUMNS, LINES),
    }
}

/// Reads a line whenever one is asked for.
fn lines(inbox: Sender<Event>) -> io::Result<Sender<()>> {
    let (ask, asked) = channel();
    thread::Builder::new().name("lines".into()).spawn(move || {
        while let Ok(()) = asked.recv() {
            let mut bytes = Vec::new();
            let line = match stdin().lock().read_until(b'\n', &mut bytes) {
                Ok(n) if n > 0 => Some(String::from_utf8_lossy(&bytes).into_owned()),
                _ => None,
            };
            let last = line.is_none();
            if inbox.send(Event::Line(line)).is_err() || last {
                return;
            }
        }
    })?;
    Ok(ask)
}

/// What was wished and is not yet answered, besides what the model itself waits for.
#[derive(Default)]
struct Owed {
    /// Edits on their way to the writer, the newest number there, and the newest that is done.
    unsent: usize,
    sent: u64,
    applied: u64,
    files: usize,
}

impl Owed {
    fn wished(&mut self, effect: &Effect) {
        match effect {
            Effect::Apply { .. } => self.unsent += 1,
            Effect::Subscribe { .. }
            | Effect::SubscribeTo { .. }
            | Effect::Unsubscribe(_)
            | Effect::Import { .. }
            | Effect::PickLists(_)
            | Effect::Set { .. }
            | Effect::SaveArticle { .. } => self.files += 1,
            _ => {}
        }
    }

    fn answered(&mut self, event: &Event) {
        match event {
            Event::EditSent { number, .. } => {
                self.unsent = self.unsent.saturating_sub(1);
                self.sent = self.sent.max(*number);
            }
            Event::Changed(changes) => {
                let newest = changes.applied.iter().map(|applied| applied.number).max();
                self.applied = self.applied.max(newest.unwrap_or(0));
            }
            Event::FilesDone => self.files = self.files.saturating_sub(1),
            _ => {}
        }
    }

    fn any(&self) -> bool {
        self.unsent > 0 || self.sent > self.applied || self.files > 0
    }
}

/// The loop's own state.
struct Lines<'a> {
    model: &'a mut Model,
    effects: &'a mut Effects,
    face: Plain,
    timers: Timers,
    owed: Owed,
    /// Somebody types; otherwise lines come out of a file or a program.
    human: bool,
    /// The cursor stands behind a question.
    asking: bool,
    leave: bool,
}

/// Runs until the reader leaves, or the lines end. `first`: what the start wishes.
pub fn run(
    model: &mut Model,
    effects: &mut Effects,
    inbox: &Receiver<Event>,
    first: Vec<Effect>,
) -> io::Result<()> {
    let ask = lines(effects.inbox.clone())?;
    let mut all = Lines {
        model,
        effects,
        face: Plain::default(),
        timers: Timers::default(),
        owed: Owed::default(),
        human: stdin().is_terminal() && stdout().is_terminal(),
        asking: false,
        leave: false,
    };
    for effect in first {
        all.perform(effect)?;
    }
    // No spinner turns, and the clock is looked at once a minute.
    all.take(Event::Focused(false))?;
    all.effects.first_lists_are_drawn();
    let mut asked = false;
    let mut over = false;
    let mut since = Instant::now();
    while !all.leave {
        let fetching = all.model.reading.state == State::Fetching;
        let waiting = (waits(all.model) && !(all.human && fetching)) || all.owed.any();
        if !waiting || since.elapsed() > PATIENCE {
            if let Some(event) = all.face.next(all.model) {
                since = Instant::now();
                all.take(event)?;
                continue;
            }
            all.say()?;
            if let Some(event) = all.face.next(all.model) {
                all.take(event)?;
                continue;
            }
            if over {
                break;
            }
            if !asked {
                all.ask()?;
                asked = ask.send(()).is_ok();
            }
        } else if fetching {
            all.say()?;
        }
        let now = Instant::now();
        let mut until = now + Duration::from_mins(1);
        if waiting {
            until = until.min(since + PATIENCE + Duration::from_millis(1));
        }
        if let Some(timer) = all.timers.next() {
            until = until.min(timer);
        }
        match inbox.recv_timeout(until.saturating_duration_since(now)) {
            Ok(Event::Line(line)) => {
                asked = false;
                since = Instant::now();
                all.asking = false;
                let tick = all.effects.tick();
                all.take(tick)?;
                match line {
                    Some(line) => all.face.take(all.model, &line),
                    None => over = true,
                }
            }
            Ok(event) => all.take(event)?,
            Err(RecvTimeoutError::Timeout) => {
                let tick = all.effects.tick();
                all.take(tick)?;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        while let Some(token) = all.timers.due(Instant::now()) {
            all.take(Event::TimeUp(token))?;
        }
    }
    Ok(())
}

impl Lines<'_> {
    /// Takes a fact in, and carries out what is wished for it.
    fn take(&mut self, event: Event) -> io::Result<()> {
        if let Event::Changed(changes) = &event {
            self.effects.changed(changes);
        }
        self.owed.answered(&event);
        for effect in tui::update(self.model, event) {
            self.perform(effect)?;
        }
        Ok(())
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        self.owed.wished(&effect);
        match effect {
            Effect::Quit => self.leave = true,
            Effect::Redraw | Effect::Title(_) => {}
            Effect::After { ms, token } => {
                let at = Instant::now() + Duration::from_millis(u64::from(ms));
                self.timers.add(at, token);
            }
            effect => match self.effects.perform(effect, self.model) {
                After::Nothing => {}
                After::Send(bytes) if self.human => {
                    let mut out = stdout().lock();
                    out.write_all(&bytes)?;
                    out.flush()?;
                }
                After::Send(_) => {}
                After::Lend(work) => {
                    work();
                    self.effects.lent();
                }
            },
        }
        Ok(())
    }

    /// Prints what is new.
    fn say(&mut self) -> io::Result<()> {
        let said = self.face.say(self.model);
        if said.is_empty() {
            return Ok(());
        }
        let mut out = stdout().lock();
        if self.asking && self.human {
            writeln!(out)?;
        }
        for line in said {
            let safe: String = line.chars().filter(|letter| !letter.is_control()).collect();
            writeln!(out, "{safe}")?;
        }
        out.flush()?;
        if std::mem::take(&mut self.asking) {
            self.ask()?;
        }
        Ok(())
    }

    /// Prints the question that the next line answers.
    fn ask(&mut self) -> io::Result<()> {
        let question = Plain::question(self.model);
        let mut out = stdout().lock();
        match (question, self.human) {
            (Some(question), true) => write!(out, "{question} ")?,
            (Some(question), false) => writeln!(out, "{question}")?,
            (None, true) => write!(out, "> ")?,
            (None, false) => {}
        }
        out.flush()?;
        self.asking = true;
        Ok(())
    }
}
