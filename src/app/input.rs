//! Terminal events to [`Event`]s, on a thread of their own.
//!
//! The thread waits on the terminal and on a pipe of ours, so it can be parked with a handshake before somebody else
//! (an editor, a pager, the shell after ctrl-z) reads the terminal, and so nobody wakes up while nothing happens.

use super::ask::{About, Answers};
use crate::tui::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use ratatui::crossterm::event::{Event as Told, KeyEventKind};
use std::fs::File;
use std::io::{self, IsTerminal, Read, stdin};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const TERMINAL: Token = Token(0);
const WAKE: Token = Token(1);

/// How long the terminal's answers are waited for, from the start, before it counts as one that has none.
const ANSWERS: Duration = Duration::from_millis(1500);
/// How long the rest of a sequence may take to come; then a lone escape is the key.
const REST: Duration = Duration::from_millis(40);

enum Order {
    /// Stop reading; answer when it is done; go on when the other end is dropped.
    Park {
        parked: Sender<()>,
        go_on: Receiver<()>,
    },
    End,
}

/// The reading thread.
pub struct Input {
    orders: Sender<Order>,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

/// While this lives, nobody of ours reads the terminal.
pub struct Parked {
    _go_on: Sender<()>,
}

impl Input {
    /// Starts reading; events go to `inbox`. `about` is told what the terminal answers to [`super::ask::questions`], once.
    pub fn start(
        inbox: Sender<Event>,
        about: impl FnOnce(&Sender<Event>, About) + Send + 'static,
    ) -> io::Result<Input> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKE)?;
        let terminal = if stdin().is_terminal() {
            File::from(stdin().as_fd().try_clone_to_owned()?)
        } else {
            File::open("/dev/tty")?
        };
        let fd = terminal.as_raw_fd();
        poll.registry()
            .register(&mut SourceFd(&fd), TERMINAL, Interest::READABLE)?;
        let (orders, waiting) = channel();
        let thread = thread::Builder::new().name("input".into()).spawn(move || {
            read_all(&inbox, &waiting, poll, &terminal, about);
        })?;
        Ok(Input {
            orders,
            waker,
            thread: Some(thread),
        })
    }

    /// Parks the thread; answers when it no longer reads.
    pub fn park(&self) -> Parked {
        let (parked, is_parked) = channel();
        let (go_on, waits) = channel();
        if self
            .orders
            .send(Order::Park {
                parked,
                go_on: waits,
            })
            .is_ok()
            && self.waker.wake().is_ok()
        {
            // An error means that the thread has ended, and nobody reads either.
            let _ = is_parked.recv();
        }
        Parked { _go_on: go_on }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        let told = self.orders.send(Order::End).is_ok() && self.waker.wake().is_ok();
        if let Some(thread) = self.thread.take().filter(|_| told) {
            let _ = thread.join();
        }
    }
}

fn read_all(
    inbox: &Sender<Event>,
    orders: &Receiver<Order>,
    mut poll: Poll,
    mut terminal: &File,
    about: impl FnOnce(&Sender<Event>, About),
) {
    let mut ready = Events::with_capacity(4);
    let mut bytes = vec![0; 1 << 14];
    let mut answers = Answers::default();
    // Told once: when the last answer is there, or when there is none.
    let mut about = Some(about);
    let until = Instant::now() + ANSWERS;
    loop {
        while let Ok(order) = orders.try_recv() {
            match order {
                Order::End => return,
                Order::Park { parked, go_on } => {
                    let _ = parked.send(());
                    let _ = go_on.recv();
                }
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        if (answers.done || left.is_zero())
            && let Some(about) = about.take()
        {
            about(inbox, answers.about.clone());
        }
        let wait = match (answers.waits(), &about) {
            (true, _) => Some(REST),
            (false, Some(_)) => Some(left),
            (false, None) => None,
        };
        match poll.poll(&mut ready, wait) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        }
        let of_terminal = ready.iter().find(|event| event.token() == TERMINAL);
        let told = match of_terminal {
            Some(event) if event.is_readable() && !event.is_error() => {
                match terminal.read(&mut bytes) {
                    Ok(length) if length > 0 => answers.take(&bytes[..length]),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    // The terminal is gone: leave as after SIGHUP.
                    Ok(_) | Err(_) => {
                        let _ = inbox.send(Event::TerminalGone);
                        return;
                    }
                }
            }
            Some(event) if event.is_read_closed() || event.is_error() => {
                let _ = inbox.send(Event::TerminalGone);
                return;
            }
            None if ready.is_empty() => answers.give_up(),
            _ => continue,
        };
        for event in told.into_iter().filter_map(translate) {
            if inbox.send(event).is_err() {
                return;
            }
        }
    }
}

fn translate(told: Told) -> Option<Event> {
    match told {
        Told::Key(key) if key.kind == KeyEventKind::Release => None,
        Told::Key(key) => Some(Event::Key(key)),
        Told::Mouse(mouse) => Some(Event::Mouse(mouse)),
        Told::Paste(text) => Some(Event::Pasted(text)),
        Told::Resize(columns, rows) => Some(Event::Resized(columns, rows)),
        Told::FocusGained => Some(Event::Focused(true)),
        Told::FocusLost => Some(Event::Focused(false)),
    }
}
