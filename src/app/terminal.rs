//! The terminal: taken over, drawn on, and given back on every way out.
//!
//! What is switched on stands in one list, and is switched off in the reverse order: by dropping
//! a [`Tty`], and by the panic hook.

use super::ask;
use super::canvas::Canvas;
use super::shaping;
use ratatui::buffer::Buffer;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::style::{Print, ResetColor};
use ratatui::crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode,
    enable_raw_mode, size,
};
use ratatui::layout::Position;
use std::io::{self, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

/// Whether the terminal is ours at this moment: what the panic hook looks at.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours.
pub struct Tty {
    canvas: Canvas<Stdout>,
    mouse: bool,
    shapes: Shapes,
}

/// Whether the terminal turns words of right-to-left letters round by itself, as kitty does: see [`shaping`].
#[derive(Clone, Debug)]
pub struct Shapes(Arc<AtomicBool>);

impl Shapes {
    /// Learns the terminal's name; `true`: it does otherwise than was thought.
    pub fn learn(&self, name: &str) -> bool {
        let shapes = name.to_lowercase().contains("kitty");
        self.0.swap(shapes, Ordering::Relaxed) != shapes
    }
}

impl Tty {
    /// Takes the terminal over.
    pub fn enter(mouse: bool) -> io::Result<Tty> {
        give_back_on_panic();
        take(mouse)?;
        let shapes = Shapes(Arc::default());
        shapes.learn(&term());
        Ok(Tty {
            canvas: Canvas::new(stdout()),
            mouse,
            shapes,
        })
    }

    /// What knows whether the terminal turns words round: to be told its name.
    pub fn shapes_words(&self) -> Shapes {
        self.shapes.clone()
    }

    /// Asks the terminal what it is; the answers come with the keys.
    pub fn ask(&mut self) -> io::Result<()> {
        self.send(ask::questions(&term()).as_bytes())
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        size()
    }

    /// Draws a frame of so many columns and rows as one synchronized update; `draw` answers where the cursor stands. `links`
    /// resolves the numbers that linked cells carry.
    pub fn draw(
        &mut self,
        size: (u16, u16),
        links: &[String],
        draw: impl FnOnce(&mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        let shapes = self.shapes.0.load(Ordering::Relaxed);
        self.canvas.draw(size, links, |buf| {
            let cursor = draw(buf);
            if shapes {
                shaping::turn_words_back(buf);
            }
            cursor
        })
    }

    /// Sets the window's title. The text must be safe.
    pub fn title(&mut self, text: &str) -> io::Result<()> {
        execute!(self.canvas.out(), SetTitle(text))
    }

    /// Sends bytes as they are: OSC 52, bells.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let out = self.canvas.out();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Forgets what was drawn, so that the next frame is drawn whole.
    pub fn redraw(&mut self) {
        self.canvas.forget();
    }

    /// Gives the terminal to somebody else for a while.
    pub fn lend<T>(&mut self, work: impl FnOnce() -> T) -> io::Result<T> {
        give_back();
        let result = work();
        take(self.mouse)?;
        self.canvas.forget();
        execute!(self.canvas.out(), Hide)?;
        Ok(result)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        give_back();
    }
}

fn term() -> String {
    std::env::var("TERM").unwrap_or_default()
}

/// We put right-to-left text in order: a terminal that would do so too is asked to leave it (BDSM, ECMA-48 8.3.18 and the
/// terminals' own "BiDi in terminal emulators"). Others ignore it.
const EXPLICIT: &str = "\x1b[8l";
const IMPLICIT: &str = "\x1b[8h";

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = stdout();
    execute!(
        out,
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange,
        // Terminals that do not know the protocol ignore this; asking first would cost a round trip before the first frame.
        PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES),
        Print(EXPLICIT),
    )?;
    if mouse {
        execute!(out, EnableMouseCapture)?;
    }
    Ok(())
}

/// Undoes all of [`take`]. May run twice, and in a panic: errors are of no use to anybody here.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        Print(IMPLICIT),
        DisableMouseCapture,
        PopKeyboardEnhancementFlags,
        DisableFocusChange,
        DisableBracketedPaste,
        ResetColor,
        LeaveAlternateScreen,
        Show,
    );
    let _ = disable_raw_mode();
}

fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // A parser that panics on a foreign page is caught where it runs; only the screen's own thread ends the program.
            if std::thread::current().name() == Some("main") {
                give_back();
                before(info);
            } else {
                tracing::error!("{info}");
            }
        }));
    });
}
