//! The day as a text that lies over the columns: its addresses are walked through, read here, opened and copied.

use super::article::link_colour;
use super::lists::{frame, middle};
use super::{put, select};
use crate::tui::keymap::Key;
use crate::tui::over::{body_height, open_address, scrolled};
use crate::tui::overlay::Overlay;
use crate::tui::theme::Look;
use crate::tui::{Effect, Model};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Heading,
    Title,
    Text,
    Dim,
    /// Nothing but an address.
    Address,
}

/// A line, wrapped already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub indent: usize,
    pub text: String,
    pub kind: Kind,
}

/// The text, and where in it the reader is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Briefing {
    lines: Vec<Line>,
    /// Lines that are addresses.
    addresses: Vec<usize>,
    /// Place in `addresses`.
    selected: usize,
    top: usize,
}

impl Briefing {
    /// At its beginning.
    pub fn new(lines: Vec<Line>) -> Briefing {
        let addresses = lines.iter().enumerate();
        let addresses = addresses.filter(|(_, line)| line.kind == Kind::Address);
        Briefing {
            addresses: addresses.map(|(at, _)| at).collect(),
            lines,
            selected: 0,
            top: 0,
        }
    }

    /// All addresses in it.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let lines = self.addresses.iter();
        lines.map(|at| self.lines[*at].text.as_str())
    }

    /// Selects an address by its place among them.
    pub fn select(&mut self, at: usize) {
        self.selected = at.min(self.addresses.len().saturating_sub(1));
    }

    fn selected_line(&self) -> Option<usize> {
        self.addresses.get(self.selected).copied()
    }

    /// The address selected.
    pub fn address(&self) -> Option<&str> {
        self.selected_line().map(|at| self.lines[at].text.as_str())
    }

    /// The text for who listens: every address has a number.
    pub fn told(&self) -> Vec<String> {
        let mut told = vec![TITLE.to_owned()];
        let mut number = 0;
        for line in &self.lines {
            told.push(if line.kind == Kind::Address {
                number += 1;
                format!("{number} {}", line.text)
            } else {
                line.text.clone()
            });
        }
        told
    }

    /// Goes to an address: what stands above it, to which it belongs, is in sight with it.
    fn go(&mut self, at: usize, height: usize) {
        self.select(at);
        let Some(line) = self.selected_line() else {
            return;
        };
        let begins = (0..=line).rev().find(|at| {
            let kind = self.lines[*at].kind;
            kind == Kind::Title && self.lines[*at].indent == 0
        });
        let begins = begins.unwrap_or(line);
        let least = (line + 2).saturating_sub(height);
        self.top = self.top.clamp(least.min(begins), begins.max(least));
        if self.selected == 0 {
            self.top = 0;
        }
        self.top = self.top.min(self.last_top(height));
    }

    fn last_top(&self, height: usize) -> usize {
        self.lines.len().saturating_sub(height)
    }

    /// Turns the text; the first address in sight is selected.
    fn turn(&mut self, top: usize, height: usize) {
        self.top = top.min(self.last_top(height));
        let seen = self.top..self.top + height;
        let kept = self
            .selected_line()
            .is_some_and(|line| seen.contains(&line));
        let first = self.addresses.iter().position(|line| seen.contains(line));
        if let Some(first) = first.filter(|_| !kept) {
            self.selected = first;
        }
    }
}

const TITLE: &str = "TODAY'S BRIEFING";

/// A key while it is open.
pub(in crate::tui) fn key(
    model: &mut Model,
    mut shown: Briefing,
    key: Key,
    effects: &mut Vec<Effect>,
) {
    let area = place(&shown, model.layout().body);
    let height = usize::from(area.height.saturating_sub(1)).max(1);
    let (at, last) = (shown.selected, shown.addresses.len().saturating_sub(1));
    match (key.code, key.ctrl) {
        (KeyCode::Char('q'), _) => return,
        (KeyCode::Enter | KeyCode::Char('l') | KeyCode::Right, _) => {
            if let Some(url) = shown.address().map(str::to_owned) {
                open_address(model, &url, effects);
                return;
            }
        }
        (KeyCode::Char('o'), _) => {
            effects.extend(shown.address().map(|url| Effect::Browse(url.to_owned())));
        }
        (KeyCode::Char('y'), _) => effects.extend(shown.address().map(|url| Effect::Copy {
            text: url.to_owned(),
            what: "address".to_owned(),
        })),
        (KeyCode::Char('j' | ']') | KeyCode::Down | KeyCode::Tab, _) if at == last => {
            shown.turn(shown.top + 1, height);
        }
        (KeyCode::Char('j' | ']') | KeyCode::Down | KeyCode::Tab, _) => shown.go(at + 1, height),
        (KeyCode::Char('k' | '[') | KeyCode::Up | KeyCode::BackTab, _) => {
            shown.go(at.saturating_sub(1), height);
        }
        (KeyCode::Char('g') | KeyCode::Home, _) => shown.go(0, height),
        (KeyCode::Char('G') | KeyCode::End, _) => {
            shown.go(last, height);
            shown.turn(usize::MAX, height);
        }
        _ => {
            let top = scrolled(shown.top, key, body_height(model), shown.lines.len());
            shown.turn(top, height);
        }
    }
    model.overlay = Some(Overlay::Briefing(shown));
}

fn place(shown: &Briefing, area: Rect) -> Rect {
    let wide = |line: &Line| line.indent + crate::tui::fit::width(&line.text);
    let widest = shown.lines.iter().filter(|line| line.kind != Kind::Address);
    let widest = widest.map(wide).max().unwrap_or(0) as u16;
    middle(area, widest.clamp(40, 80) + 4, shown.lines.len() as u16 + 2)
}

/// What stands at a place of the screen while it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    Beside,
    Within,
    /// Its place among the addresses.
    Address(usize),
}

/// What was hit.
pub fn address_at(shown: &Briefing, area: Rect, x: u16, y: u16) -> Hit {
    let place = place(shown, area);
    if !place.contains((x, y).into()) {
        return Hit::Beside;
    }
    let line = y.checked_sub(place.y + 1);
    let line = line.map(|line| shown.top + usize::from(line));
    let at = shown.addresses.iter().position(|at| Some(*at) == line);
    at.map_or(Hit::Within, Hit::Address)
}

/// Draws it over the columns.
pub fn draw(model: &Model, shown: &Briefing, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let place = place(shown, area);
    let height = usize::from(place.height.saturating_sub(1));
    let seen = (shown.top + height).min(shown.lines.len()) * 100;
    let right = match seen / shown.lines.len().max(1) {
        100 => "esc closes".to_owned(),
        percent => format!("{percent} %"),
    };
    let inner = frame(buf, place, TITLE, &right, theme);
    let lines = shown.lines.iter().enumerate().skip(shown.top).take(height);
    for ((at, line), y) in lines.zip(inner.y..) {
        let mut style = match line.kind {
            Kind::Heading => theme.style(Look::Heading),
            Kind::Title => theme.style(Look::Unread),
            Kind::Text => theme.style(Look::Text),
            Kind::Dim => theme.style(Look::Dim),
            Kind::Address => theme.style(Look::Link),
        };
        if shown.selected_line() == Some(at) {
            select(buf, Rect::new(place.x, y, place.width, 1), true, theme);
            style = style.add_modifier(Modifier::BOLD);
        }
        if line.kind == Kind::Address
            && let Some(number) = model.links.known(&line.text)
        {
            style = style.underline_color(link_colour(number));
        }
        let x = inner.x + 1 + line.indent as u16;
        let room = inner.right().saturating_sub(x);
        let text = crate::tui::fit::cut(&line.text, usize::from(room));
        put(buf, x, y, &text, room, style);
    }
}
