//! Signals as events: the window's size, going on after a stop, and wishes from outside to end.

use crate::tui::Event;
use ratatui::crossterm::terminal::size;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Handle;
use signal_hook::iterator::Signals;
use std::io;
use std::sync::mpsc::Sender;
use std::thread;

/// Sends events for signals until the handle is closed.
pub fn start(inbox: Sender<Event>) -> io::Result<Handle> {
    let mut signals = Signals::new([SIGWINCH, SIGCONT, SIGTERM, SIGHUP, SIGINT])?;
    let handle = signals.handle();
    thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for signal in signals.forever() {
                let event = match signal {
                    SIGWINCH => match size() {
                        Ok((columns, rows)) => Event::Resized(columns, rows),
                        Err(_) => continue,
                    },
                    SIGCONT => Event::Continued,
                    _ => Event::TerminalGone,
                };
                if inbox.send(event).is_err() {
                    return;
                }
            }
        })?;
    Ok(handle)
}
