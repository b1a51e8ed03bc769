//! Looks to styles. Panes name what a thing is; only this file knows how that is shown.

use ratatui::style::{Color, Modifier, Style};

/// What something is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Look {
    Text,
    /// Less important: details, read titles, captions.
    Dim,
    /// A ground a little apart: code, the status line.
    Faint,
    /// What is active: the header of the column in focus, keys, bars, marks.
    Accent,
    /// Titles that are not read.
    Unread,
    Heading,
    Link,
    Quote,
    Code,
    Ok,
    Warn,
    Error,
    /// The ground of the selected row.
    Selection,
    /// Thin lines between columns.
    Rule,
}

const LOOKS: usize = Look::Rule as usize + 1;

/// A theme: a style for each [`Look`].
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub name: String,
    styles: [Style; LOOKS],
    /// What the whole screen is filled with.
    ground: Style,
    pub symbols: Symbols,
}

/// The signs that are drawn; each is one column wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbols {
    pub unread: &'static str,
    pub read: &'static str,
    pub star: &'static str,
    pub later: &'static str,
    pub story: &'static str,
    pub bar: &'static str,
    pub rule: &'static str,
    pub line: &'static str,
    pub open: &'static str,
    pub folded: &'static str,
    pub warn: &'static str,
    pub tick: &'static str,
    pub note: &'static str,
    pub chosen: &'static str,
    pub step: &'static str,
    pub dot: &'static str,
    pub more: &'static str,
    pub blocks: [&'static str; 8],
    pub spinner: [&'static str; 8],
}

/// No Nerd Font needed.
pub const UNICODE: Symbols = Symbols {
    unread: "●",
    read: "○",
    star: "★",
    later: "◷",
    story: "◆",
    bar: "▌",
    rule: "│",
    line: "─",
    open: "▾",
    folded: "▸",
    warn: "!",
    tick: "✓",
    note: "✎",
    chosen: "▪",
    step: "›",
    dot: "·",
    more: "…",
    blocks: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    spinner: ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠹"],
};

/// For terminals and fonts that have nothing else.
pub const ASCII: Symbols = Symbols {
    unread: "*",
    read: "-",
    star: "S",
    later: "L",
    story: "#",
    bar: ">",
    rule: "|",
    line: "-",
    open: "v",
    folded: ">",
    warn: "!",
    tick: "x",
    note: "n",
    chosen: "+",
    step: ">",
    dot: "-",
    more: "~",
    blocks: ["_", ".", ":", "-", "=", "+", "#", "#"],
    spinner: ["|", "/", "-", "\\", "|", "/", "-", "\\"],
};

impl Theme {
    /// The theme of that name; an unknown one is `terminal`. `auto` is `ink` on a dark ground and `paper` on a light one.
    /// `colours` is how many the terminal has (0: `NO_COLOR`).
    pub fn named(name: &str, symbols: &str, colours: u32, dark: bool) -> Theme {
        let name = match name {
            _ if colours <= 16 => "terminal",
            "auto" if dark => "ink",
            "auto" => "paper",
            other => other,
        };
        let symbols = if symbols == "ascii" { ASCII } else { UNICODE };
        let mut theme = match name {
            "ink" => of_colours(&INK),
            "paper" => of_colours(&PAPER),
            _ => terminal(),
        };
        if colours == 0 {
            theme.drop_colours();
        }
        theme.symbols = symbols;
        theme
    }

    /// The names of all themes, for the palette.
    pub fn names() -> Vec<String> {
        ["terminal", "ink", "paper"].map(str::to_owned).to_vec()
    }

    /// The style of a look. `Faint` and `Selection` are grounds; the others are letters.
    pub fn style(&self, look: Look) -> Style {
        self.styles[look as usize]
    }

    /// What the screen is filled with before anything is drawn.
    pub fn ground(&self) -> Style {
        self.ground
    }

    fn drop_colours(&mut self) {
        for style in self.styles.iter_mut().chain([&mut self.ground]) {
            style.fg = None;
            style.bg = None;
        }
    }
}

/// One row of the table of colours, as 0xRRGGBB.
struct Colours {
    name: &'static str,
    ground: u32,
    text: u32,
    dim: u32,
    faint: u32,
    accent: u32,
    unread: u32,
    heading: u32,
    link: u32,
    quote: u32,
    code: u32,
    ok: u32,
    warn: u32,
    error: u32,
    selection: u32,
    rule: u32,
}

const INK: Colours = Colours {
    name: "ink",
    ground: 0x0016_181d,
    text: 0x00d3_d7de,
    dim: 0x008a_92a0,
    faint: 0x001d_2027,
    accent: 0x00e8_a34c,
    unread: 0x00f2_f4f7,
    heading: 0x00e6_bf80,
    link: 0x0084_b9d6,
    quote: 0x00a9_b2bf,
    code: 0x00b5_c98c,
    ok: 0x008f_bf7f,
    warn: 0x00e0_c26a,
    error: 0x00e2_837a,
    selection: 0x0027_2b34,
    rule: 0x0034_3a46,
};

const PAPER: Colours = Colours {
    name: "paper",
    ground: 0x00fb_f9f4,
    text: 0x002c_2e33,
    dim: 0x0068_6c74,
    faint: 0x00f3_f0e8,
    accent: 0x00a4_520c,
    unread: 0x0011_1317,
    heading: 0x008a_4a10,
    link: 0x001d_668a,
    quote: 0x0056_5b64,
    code: 0x004a_681d,
    ok: 0x003d_7a33,
    warn: 0x008a_6a10,
    error: 0x00b0_352a,
    selection: 0x00eb_e6d9,
    rule: 0x00d8_d3c6,
};

fn of_colours(colours: &Colours) -> Theme {
    let fg = |rgb: u32| Style::new().fg(Color::from_u32(rgb));
    let bg = |rgb: u32| Style::new().bg(Color::from_u32(rgb));
    Theme {
        name: colours.name.to_owned(),
        styles: [
            fg(colours.text),
            fg(colours.dim),
            bg(colours.faint),
            fg(colours.accent),
            fg(colours.unread).add_modifier(Modifier::BOLD),
            fg(colours.heading).add_modifier(Modifier::BOLD),
            fg(colours.link).add_modifier(Modifier::UNDERLINED),
            fg(colours.quote).add_modifier(Modifier::ITALIC),
            fg(colours.code),
            fg(colours.ok),
            fg(colours.warn),
            fg(colours.error),
            bg(colours.selection),
            fg(colours.rule),
        ],
        ground: fg(colours.text).bg(Color::from_u32(colours.ground)),
        symbols: UNICODE,
    }
}

/// Only the terminal's own sixteen colours, on its own ground.
fn terminal() -> Theme {
    let plain = Style::new();
    Theme {
        name: "terminal".to_owned(),
        styles: [
            plain,
            plain.add_modifier(Modifier::DIM),
            plain,
            plain.fg(Color::Yellow),
            plain.add_modifier(Modifier::BOLD),
            plain.fg(Color::Yellow).add_modifier(Modifier::BOLD),
            plain.fg(Color::Cyan).add_modifier(Modifier::UNDERLINED),
            plain.add_modifier(Modifier::ITALIC),
            plain.fg(Color::Green),
            plain.fg(Color::Green),
            plain.fg(Color::Yellow),
            plain.fg(Color::Red),
            plain.add_modifier(Modifier::REVERSED),
            plain.add_modifier(Modifier::DIM),
        ],
        ground: plain,
        symbols: UNICODE,
    }
}
