//! The loop: wait, take all that has arrived, update, perform, draw once.
//!
//! Waits on nothing but the inbox. A key is answered at once; news from behind waits for the next frame.

use super::effects::{After, Effects};
use super::terminal::Tty;
use crate::tui::{self, Effect, Event, Model};
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(16);
/// How long a frame waits for an article that was just opened.
const A_MOMENT: Duration = Duration::from_millis(1);
/// Longer than this on this thread would be felt: a debug build says so in the log.
const TOO_LONG: Duration = Duration::from_millis(16);

/// Timers, soonest last.
#[derive(Default)]
pub(super) struct Timers(Vec<(Instant, u64)>);

impl Timers {
    pub(super) fn add(&mut self, at: Instant, token: u64) {
        self.0.push((at, token));
        self.0.sort_by(|a, b| b.cmp(a));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.0.last().map(|timer| timer.0)
    }

    pub(super) fn due(&mut self, now: Instant) -> Option<u64> {
        if self.next()? <= now {
            self.0.pop().map(|timer| timer.1)
        } else {
            None
        }
    }
}

/// Runs until the reader leaves. `first`: what the start wishes.
pub fn run(
    tty: &mut Tty,
    model: &mut Model,
    effects: &mut Effects,
    inbox: &Receiver<Event>,
    first: Vec<Effect>,
) -> io::Result<()> {
    let mut timers = Timers::default();
    let mut focused = true;
    let mut last_tick = Instant::now();
    for effect in first {
        if perform(effect, tty, model, effects, &mut timers)? {
            return Ok(());
        }
    }
    tty.draw(model.links.all(), |frame| tui::screen::draw(model, frame))?;
    tty.ask()?;
    effects.first_frame_is_drawn();
    let mut drawn = Instant::now();
    let mut stale = false;
    loop {
        let tick_every = if focused {
            Duration::from_secs(1)
        } else {
            Duration::from_mins(1)
        };
        let now = Instant::now();
        let mut until = last_tick + tick_every;
        if let Some(timer) = timers.next() {
            until = until.min(timer);
        }
        if stale {
            until = until.min(drawn + FRAME);
        }
        let first = match inbox.recv_timeout(until.saturating_duration_since(now)) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        let begun = Instant::now();
        let mut events: Vec<Event> = Vec::new();
        if let Some(first) = first {
            // A key that comes after a pause should find the right time: ages and "today" depend on it.
            events.push(effects.tick());
            events.push(first);
            // What has arrived meanwhile goes into the same frame, but never so much that the frame is late.
            events.extend(inbox.try_iter().take(512));
        } else if last_tick + tick_every <= begun {
            events.push(effects.tick());
        }
        if matches!(events.first(), Some(Event::Tick { .. })) {
            last_tick = begun;
        }
        while let Some(token) = timers.due(begun) {
            events.push(Event::TimeUp(token));
        }
        let mut urgent = false;
        // What a key opens is mostly laid out already: it is waited for a moment, and comes in the same frame.
        let mut opening: Option<Instant> = None;
        let mut events: VecDeque<Event> = events.into();
        loop {
            let Some(event) = events.pop_front() else {
                let now = Instant::now();
                let Some(until) = opening.filter(|until| *until > now) else {
                    break;
                };
                let Ok(event) = inbox.recv_timeout(until - now) else {
                    break;
                };
                events.push_back(event);
                continue;
            };
            if matches!(event, Event::ArticleReady { .. }) {
                // Once a frame: a key that is held down must not put the frame off.
                opening = Some(begun);
            }
            match &event {
                Event::Key(_)
                | Event::Mouse(_)
                | Event::Pasted(_)
                | Event::Resized(..)
                | Event::ArticleReady { .. } => {
                    urgent = true;
                }
                // What was asked for is shown when it is there; at the start nothing is on the screen before.
                Event::EntriesLoaded { .. } | Event::FeedsLoaded { .. } => urgent = true,
                Event::Focused(yes) => focused = *yes,
                Event::TerminalGone => return Ok(()),
                Event::Continued => tty.redraw()?,
                Event::Changed(changes) => effects.changed(changes),
                Event::PictureReady {
                    picture: Some(picture),
                    ..
                } if !picture.transmission.is_empty() => tty.send(&picture.transmission)?,
                _ => {}
            }
            stale |= !matches!(event, Event::Tick { .. }) || model.shows_time_passing();
            for effect in tui::update(model, event) {
                if matches!(effect, Effect::OpenArticle { .. }) {
                    opening.get_or_insert(Instant::now() + A_MOMENT);
                }
                if perform(effect, tty, model, effects, &mut timers)? {
                    return Ok(());
                }
            }
        }
        if stale && (urgent || FRAME <= drawn.elapsed()) {
            tty.draw(model.links.all(), |frame| tui::screen::draw(model, frame))?;
            drawn = Instant::now();
            stale = false;
        }
        if cfg!(debug_assertions) && begun.elapsed() > TOO_LONG {
            tracing::warn!(
                "the screen's thread was busy for {} ms",
                begun.elapsed().as_millis()
            );
        }
    }
}

/// Carries a wish out; `true`: leave.
fn perform(
    effect: Effect,
    tty: &mut Tty,
    model: &Model,
    effects: &mut Effects,
    timers: &mut Timers,
) -> io::Result<bool> {
    match effect {
        Effect::Quit => return Ok(true),
        Effect::Redraw => tty.redraw()?,
        Effect::Title(title) => tty.title(&title)?,
        Effect::After { ms, token } => {
            timers.add(Instant::now() + Duration::from_millis(u64::from(ms)), token);
        }
        effect => match effects.perform(effect, model) {
            After::Nothing => {}
            After::Send(bytes) => tty.send(&bytes)?,
            After::Lend(work) => {
                let parked = effects.park_input();
                tty.lend(work)?;
                drop(parked);
                effects.lent();
            }
        },
    }
    Ok(false)
}
