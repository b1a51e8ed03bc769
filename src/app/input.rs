//! Terminal events to [`Event`]s, on a thread of their own.
//!
//! The thread waits on the terminal and on a pipe of ours, so it can be parked with a handshake before somebody else
//! (an editor, a pager, the shell after ctrl-z) reads the terminal, and so nobody wakes up while nothing happens.

use crate::tui::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token, Waker};
use ratatui::crossterm::event::{self, Event as Told, KeyEventKind};
use std::fs::File;
use std::io::{self, IsTerminal, stdin};
use std::os::fd::AsRawFd;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const TERMINAL: Token = Token(0);
const WAKE: Token = Token(1);

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
    /// Starts reading; events go to `inbox`. `first` runs on the thread before it reads: questions to the terminal.
    pub fn start(
        inbox: Sender<Event>,
        first: impl FnOnce(&Sender<Event>) + Send + 'static,
    ) -> io::Result<Input> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKE)?;
        let terminal = if stdin().is_terminal() {
            None
        } else {
            Some(File::open("/dev/tty")?)
        };
        let fd = terminal
            .as_ref()
            .map_or_else(|| stdin().as_raw_fd(), AsRawFd::as_raw_fd);
        poll.registry()
            .register(&mut SourceFd(&fd), TERMINAL, Interest::READABLE)?;
        let (orders, waiting) = channel();
        let thread = thread::Builder::new().name("input".into()).spawn(move || {
            first(&inbox);
            read_all(&inbox, &waiting, poll);
            drop(terminal);
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

fn read_all(inbox: &Sender<Event>, orders: &Receiver<Order>, mut poll: Poll) {
    let mut ready = Events::with_capacity(4);
    // The poll is edge-triggered: what came before it was set up has to be read once without being told.
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
        loop {
            match event::poll(Duration::ZERO).and_then(|waits| {
                if waits {
                    event::read().map(Some)
                } else {
                    Ok(None)
                }
            }) {
                Ok(Some(told)) => {
                    if translate(told).is_some_and(|event| inbox.send(event).is_err()) {
                        return;
                    }
                }
                Ok(None) => break,
                Err(_) => {
                    // The terminal is gone: leave as after SIGHUP.
                    let _ = inbox.send(Event::TerminalGone);
                    return;
                }
            }
        }
        match poll.poll(&mut ready, None) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
        if ready
            .iter()
            .any(|event| event.token() == TERMINAL && (event.is_read_closed() || event.is_error()))
        {
            let _ = inbox.send(Event::TerminalGone);
            return;
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
