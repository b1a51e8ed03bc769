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
/// How long the first lists are waited for at most before anything else is begun.
const FIRST_LISTS: Duration = Duration::from_millis(250);
/// Longer than this on this thread would be felt: a debug build says so in the log.
const TOO_LONG: Duration = Duration::from_millis(16);

/// Bytes of pictures that are sent to the terminal between two looks at the inbox: what a terminal takes in a millisecond or two.
const PIECE: usize = 16 << 10;

/// Pictures on their way to the terminal, piece by piece, so that no key waits for one. The screen hears of a picture when the
/// terminal has all of it.
#[derive(Default)]
struct Sending {
    waiting: VecDeque<Event>,
    /// Bytes of the first one that were sent.
    sent: usize,
}

impl Sending {
    /// Takes a picture that the terminal must be sent; gives back what is none.
    fn take(&mut self, event: Event) -> Option<Event> {
        match event {
            Event::PictureReady {
                picture: Some(picture),
                url,
                columns,
            } if !picture.transmission.is_empty() => {
                self.waiting.push_back(Event::PictureReady {
                    picture: Some(picture),
                    url,
                    columns,
                });
                None
            }
            other => Some(other),
        }
    }

    /// Sends the next piece; the event of a picture that is sent whole, without its bytes.
    fn send(&mut self, send: impl FnOnce(&[u8]) -> io::Result<()>) -> io::Result<Option<Event>> {
        let Some(Event::PictureReady {
            picture: Some(picture),
            ..
        }) = self.waiting.front_mut()
        else {
            return Ok(None);
        };
        let left = &picture.transmission[self.sent..];
        let piece = piece_of(left, PIECE);
        send(&left[..piece])?;
        self.sent += piece;
        if self.sent < picture.transmission.len() {
            return Ok(None);
        }
        self.sent = 0;
        picture.transmission = [].into();
        Ok(self.waiting.pop_front())
    }
}

/// So many bytes as end with an escape sequence, `most` or a little more: other output may come in between two of them.
fn piece_of(bytes: &[u8], most: usize) -> usize {
    let end = bytes.iter().skip(most).position(|byte| *byte == b'\\');
    end.map_or(bytes.len(), |end| (most + end + 1).min(bytes.len()))
}

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
    tty.draw(model.size, model.links.all(), |buf| {
        tui::screen::draw(model, buf)
    })?;
    tty.ask()?;
    // What takes longer begins when the first lists are seen, or when there will be none.
    let mut lists = 0;
    let mut begins = Some(Instant::now() + FIRST_LISTS);
    let mut drawn = Instant::now();
    let mut stale = false;
    let mut sending = Sending::default();
    // A picture that the terminal has been sent.
    let mut sent: Option<Event> = None;
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
        if sent.is_some() || !sending.waiting.is_empty() {
            until = now;
        }
        if let Some(at) = begins {
            until = until.min(at);
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
        events.extend(sent.take());
        while let Some(token) = timers.due(begun) {
            events.push(Event::TimeUp(token));
        }
        let mut urgent = false;
        let mut resized = false;
        // What a key opens is mostly laid out already: it is waited for a moment, and comes in the same frame.
        let mut opening: Option<Instant> = None;
        let mut events: VecDeque<Event> = events.into();
        // What is laid out ahead is not wanted yet: its thread would be in the way of this frame.
        let mut ahead: Option<Effect> = None;
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
            let Some(event) = sending.take(event) else {
                continue;
            };
            if matches!(event, Event::ArticleReady { .. }) {
                // Once a frame: a key that is held down must not put the frame off.
                opening = Some(begun);
            }
            match &event {
                Event::Key(_) | Event::Mouse(_) | Event::Pasted(_) | Event::ArticleReady { .. } => {
                    urgent = true;
                }
                Event::Resized(..) => {
                    urgent = true;
                    resized = true;
                }
                // What was asked for is shown when it is there; at the start nothing is on the screen before.
                Event::EntriesLoaded { .. } | Event::FeedsLoaded { .. } => {
                    urgent = true;
                    lists += 1;
                }
                Event::Focused(yes) => focused = *yes,
                Event::TerminalGone => return Ok(()),
                Event::Continued => tty.redraw(),
                Event::Changed(changes) => effects.changed(changes),
                _ => {}
            }
            stale |= !matches!(event, Event::Tick { .. }) || model.shows_time_passing();
            for effect in tui::update(model, event) {
                if matches!(effect, Effect::OpenArticle { .. }) {
                    opening.get_or_insert(Instant::now() + A_MOMENT);
                }
                if matches!(effect, Effect::Prepare(_)) {
                    ahead = Some(effect);
                    continue;
                }
                if perform(effect, tty, model, effects, &mut timers)? {
                    return Ok(());
                }
            }
        }
        if resized {
            // Of a window that became smaller and then as large as before the terminal has lost the edges, and no size tells.
            tty.redraw();
        }
        if stale && (urgent || FRAME <= drawn.elapsed()) {
            tty.draw(model.size, model.links.all(), |buf| {
                tui::screen::draw(model, buf)
            })?;
            drawn = Instant::now();
            stale = false;
        }
        if begins.is_some_and(|at| lists >= 2 && !stale || at <= Instant::now()) {
            begins = None;
            effects.first_lists_are_drawn();
        }
        if let Some(effect) = ahead {
            perform(effect, tty, model, effects, &mut timers)?;
        }
        sent = sending.send(|piece| tty.send(piece))?;
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
        Effect::Redraw => tty.redraw(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::picture::Picture;

    fn ready(transmission: Vec<u8>) -> Event {
        Event::PictureReady {
            url: "a".into(),
            columns: 72,
            picture: Some(Picture::new((1, 1), false, transmission, |_, _, _| {})),
        }
    }

    #[test]
    fn pieces_end_with_a_whole_sequence() {
        let bytes = b"\x1b_Gm=1;AAAA\x1b\\\x1b_Gm=0;BBBB\x1b\\";
        assert_eq!(piece_of(bytes, 3), 13);
        assert_eq!(piece_of(&bytes[13..], 3), bytes.len() - 13);
        assert_eq!(piece_of(bytes, 500), bytes.len());
    }

    #[test]
    fn a_picture_is_heard_of_when_the_terminal_has_all_of_it() {
        let chunk = b"\x1b_Gm=1;AAAA\x1b\\".repeat(10_000);
        let mut sending = Sending::default();
        assert!(sending.take(ready(Vec::new())).is_some(), "nothing to send");
        assert!(sending.take(ready(chunk.clone())).is_none());
        let mut out: Vec<u8> = Vec::new();
        for round in 1.. {
            let before = out.len();
            let sent = sending.send(|piece| {
                out.extend_from_slice(piece);
                Ok(())
            });
            let sent = sent.expect("a vector takes all");
            assert!(out.len() - before <= PIECE + 20, "round {round}");
            if let Some(Event::PictureReady { picture, .. }) = sent {
                assert!(picture.is_some_and(|picture| picture.transmission.is_empty()));
                break;
            }
        }
        assert_eq!(out, chunk);
        assert!(sending.waiting.is_empty());
    }
}
