//! Looks to styles. Panes name what a thing is; only this file knows how that is shown.
//!
//! - Themes are TOML files; the bundled ones are `assets/themes/*.toml`.
//! - A theme says colours only where it needs to: what stands out is bold, underlined or marked as well, so
//!   nothing is said by colour alone.
//! - Every bundled theme can be read: a test computes the contrast of all letters on all grounds.

use crate::text::{Role, Span};
use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
    CodeKeyword,
    CodeString,
    CodeNumber,
    CodeType,
    CodeFunction,
    CodeComment,
}

/// What is wrong in a theme file, and the byte at which that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub at: usize,
    pub message: String,
}

/// Looks by the names that theme files use, in the order of [`Look`], and what stands out without colour.
const LOOKS: [(&str, Look, Modifier); 20] = [
    ("text", Look::Text, Modifier::empty()),
    ("dim", Look::Dim, Modifier::empty()),
    ("faint", Look::Faint, Modifier::empty()),
    ("accent", Look::Accent, Modifier::empty()),
    ("unread", Look::Unread, Modifier::BOLD),
    ("heading", Look::Heading, Modifier::BOLD),
    ("link", Look::Link, Modifier::UNDERLINED),
    ("quote", Look::Quote, Modifier::ITALIC),
    ("code", Look::Code, Modifier::empty()),
    ("ok", Look::Ok, Modifier::empty()),
    ("warn", Look::Warn, Modifier::empty()),
    ("error", Look::Error, Modifier::empty()),
    ("selection", Look::Selection, Modifier::empty()),
    ("rule", Look::Rule, Modifier::empty()),
    ("keyword", Look::CodeKeyword, Modifier::empty()),
    ("string", Look::CodeString, Modifier::empty()),
    ("number", Look::CodeNumber, Modifier::empty()),
    ("type", Look::CodeType, Modifier::empty()),
    ("function", Look::CodeFunction, Modifier::empty()),
    ("comment", Look::CodeComment, Modifier::ITALIC),
];

/// The bundled themes; the first is what an unknown name gives.
const BUNDLED: [(&str, &str); 14] = [
    (
        "terminal",
        include_str!("../../assets/themes/terminal.toml"),
    ),
    ("ink", include_str!("../../assets/themes/ink.toml")),
    ("paper", include_str!("../../assets/themes/paper.toml")),
    (
        "catppuccin-mocha",
        include_str!("../../assets/themes/catppuccin-mocha.toml"),
    ),
    (
        "catppuccin-latte",
        include_str!("../../assets/themes/catppuccin-latte.toml"),
    ),
    (
        "gruvbox-dark",
        include_str!("../../assets/themes/gruvbox-dark.toml"),
    ),
    (
        "gruvbox-light",
        include_str!("../../assets/themes/gruvbox-light.toml"),
    ),
    ("nord", include_str!("../../assets/themes/nord.toml")),
    (
        "solarized-dark",
        include_str!("../../assets/themes/solarized-dark.toml"),
    ),
    (
        "solarized-light",
        include_str!("../../assets/themes/solarized-light.toml"),
    ),
    (
        "tokyo-night",
        include_str!("../../assets/themes/tokyo-night.toml"),
    ),
    (
        "rose-pine",
        include_str!("../../assets/themes/rose-pine.toml"),
    ),
    (
        "high-contrast",
        include_str!("../../assets/themes/high-contrast.toml"),
    ),
    ("mono", include_str!("../../assets/themes/mono.toml")),
];

/// The names of the bundled themes.
pub fn bundled<'n>() -> impl Iterator<Item = &'n str> {
    BUNDLED.iter().map(|(name, _)| *name)
}

fn bundled_text(name: &str) -> Option<&'static str> {
    BUNDLED
        .iter()
        .find(|(bundled, _)| *bundled == name)
        .map(|(_, text)| *text)
}

/// A theme: a style for each [`Look`].
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub name: String,
    styles: [Style; LOOKS.len()],
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
    // The larger circle is missing in many a font, and comes out two columns wide.
    read: "◦",
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

/// Colours that tags take turns with; that of the accent says what is active.
const TAGS: [Look; 6] = [
    Look::Link,
    Look::Ok,
    Look::CodeKeyword,
    Look::Warn,
    Look::CodeString,
    Look::CodeType,
];

impl Theme {
    /// The style of a tag: always the same one for the same name.
    pub fn tag(&self, name: &str) -> Style {
        let sum = name.bytes().fold(5381_usize, |sum, byte| {
            sum.wrapping_mul(33) ^ usize::from(byte)
        });
        let style = self.style(TAGS[sum % TAGS.len()]);
        Style {
            add_modifier: Modifier::empty(),
            ..style
        }
    }

    /// The theme of that name, out of the reader's `own` (names and texts of files) or the bundled ones; an unknown one is
    /// `terminal`. `auto` is `ink` on a dark ground and `paper` on a light one. `colours` is how many the terminal has
    /// (0: `NO_COLOR`).
    pub fn named(
        name: &str,
        own: &[(String, String)],
        symbols: &str,
        colours: u32,
        dark: bool,
    ) -> Theme {
        let name = match name {
            "mono" => name,
            _ if colours == 0 => "mono",
            _ if colours <= 16 => "terminal",
            "auto" if dark => "ink",
            "auto" => "paper",
            other => other,
        };
        let text = own
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, text)| text.as_str())
            .or_else(|| bundled_text(name))
            .unwrap_or(BUNDLED[0].1);
        let mut theme =
            Theme::of_file(text, symbols, colours).unwrap_or_else(|_| Theme::plain(symbols));
        if name == "terminal" && !dark {
            theme.darken();
        }
        theme
    }

    /// The theme in the text of a theme file, or what is wrong with it. What it leaves out is as in the bundled theme that it
    /// names as its `base`; without one, as the terminal has it.
    pub fn of_file(text: &str, symbols: &str, colours: u32) -> Result<Theme, Wrong> {
        let file = DeTable::parse(text).map_err(|error| Wrong {
            at: error.span().map_or(0, |span| span.start),
            message: error.message().to_owned(),
        })?;
        let file = file.get_ref();
        let wrong = |at: usize, message: String| Wrong { at, message };
        let base = match file.get("base") {
            None => None,
            Some(value) => {
                let base = value.get_ref().as_str().unwrap_or("");
                let message = || format!("base: there is no bundled theme “{base}”");
                Some(bundled_text(base).ok_or_else(|| wrong(value.span().start, message()))?)
            }
        };
        let mut theme = match base {
            // Bundled files have no base: this goes one deep.
            Some(text) => Theme::of_file(text, symbols, 1 << 24)?,
            None => Theme::plain(symbols),
        };
        let name = file.get("name").and_then(|name| name.get_ref().as_str());
        name.unwrap_or("own").clone_into(&mut theme.name);
        let looks = file.get("looks").map(Spanned::get_ref);
        let Some(DeValue::Table(looks)) = looks else {
            return Err(wrong(0, "a theme needs a section [looks]".to_owned()));
        };
        let known = ["name", "base", "dark", "looks"];
        let mut keys = file.keys();
        if let Some(key) = keys.find(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            let message = format!("{name} is nothing that a theme has; looks stand below [looks]");
            return Err(wrong(key.span().start, message));
        }
        for (spanned, said) in looks {
            let key = spanned.get_ref().as_ref();
            let (at_key, at_value) = (spanned.span().start, said.span().start);
            let value = said.get_ref().as_str().ok_or_else(|| {
                let message = format!("{key} wants a text, as \"#d3d7de\" or \"yellow bold\"");
                wrong(at_value, message)
            })?;
            let (colour, modifiers) = words(value)
                .ok_or_else(|| wrong(at_value, format!("{key}: {value} is no colour")))?;
            let style = |colour: Option<Color>, ground: bool| {
                let style = Style::new().add_modifier(modifiers);
                match colour {
                    Some(colour) if ground => style.bg(colour),
                    Some(colour) => style.fg(colour),
                    None => style,
                }
            };
            if key == "ground" {
                theme.ground = style(colour, true);
                continue;
            }
            let (_, look, standing_out) = LOOKS
                .iter()
                .find(|(name, ..)| *name == key)
                .ok_or_else(|| wrong(at_key, format!("{key} is no look")))?;
            let is_ground = matches!(look, Look::Faint | Look::Selection);
            let mut style = style(colour, is_ground).add_modifier(*standing_out);
            if is_ground && modifiers.contains(Modifier::REVERSED) {
                // Reversed letters of several colours, or dim ones, would be a patchwork of grounds.
                style = style
                    .fg(Color::Reset)
                    .bg(Color::Reset)
                    .remove_modifier(Modifier::DIM);
            }
            theme.styles[*look as usize] = style;
        }
        theme.ground.fg = theme.style(Look::Text).fg;
        if colours <= 256 {
            theme.reduce(colours);
        }
        Ok(theme)
    }

    /// The style of a look. `Faint` and `Selection` are grounds; the others are letters.
    pub fn style(&self, look: Look) -> Style {
        self.styles[look as usize]
    }

    /// What the screen is filled with before anything is drawn.
    pub fn ground(&self) -> Style {
        self.ground
    }

    /// The style of a span of an article.
    pub fn span(&self, span: &Span) -> Style {
        let mut style = self.style(match span.role {
            Role::Text => Look::Text,
            Role::Link | Role::LinkNumber => Look::Link,
            Role::Heading(level) if level <= 2 => Look::Heading,
            Role::Heading(_) => Look::Unread,
            Role::Quote => Look::Quote,
            Role::Code => Look::Code,
            Role::CodeLabel | Role::Dim => Look::Dim,
            Role::CodeComment => Look::CodeComment,
            Role::CodeKeyword => Look::CodeKeyword,
            Role::CodeString => Look::CodeString,
            Role::CodeNumber => Look::CodeNumber,
            Role::CodeType => Look::CodeType,
            Role::CodeFunction => Look::CodeFunction,
            Role::Marker => Look::Accent,
            Role::Rule => Look::Rule,
        });
        for (wanted, modifier) in [
            (span.bold, Modifier::BOLD),
            (span.italic, Modifier::ITALIC),
            (span.strike, Modifier::CROSSED_OUT),
        ] {
            if wanted {
                style = style.add_modifier(modifier);
            }
        }
        if span.role == Role::Quote && !span.italic {
            // Emphasis in a quotation stands upright.
            style = style.remove_modifier(Modifier::ITALIC);
        }
        style
    }

    /// Letters and ground of the terminal, and what stands out without colour.
    fn plain(symbols: &str) -> Theme {
        let mut styles = [Style::new(); LOOKS.len()];
        for (_, look, modifiers) in LOOKS {
            styles[look as usize] = Style::new().add_modifier(modifiers);
        }
        Theme {
            name: "own".to_owned(),
            styles,
            ground: Style::new(),
            symbols: if symbols == "ascii" { ASCII } else { UNICODE },
        }
    }

    /// Of the sixteen colours the light ones cannot be read on a light ground: darker ones take their place.
    fn darken(&mut self) {
        for style in &mut self.styles {
            style.fg = style.fg.map(|colour| match colour {
                Color::Yellow => Color::Magenta,
                Color::Cyan | Color::Green => Color::Blue,
                other => other,
            });
        }
    }

    /// Colours that the terminal has instead of those that the theme wants.
    fn reduce(&mut self, colours: u32) {
        for style in self.styles.iter_mut().chain([&mut self.ground]) {
            for colour in [&mut style.fg, &mut style.bg] {
                *colour = match *colour {
                    Some(Color::Reset) => continue,
                    _ if colours == 0 => None,
                    Some(Color::Rgb(red, green, blue)) if colours > 16 => {
                        Some(Color::Indexed(nearest(red, green, blue)))
                    }
                    Some(Color::Rgb(..)) => None,
                    other => other,
                };
            }
        }
        // Two grounds that fall together would hide what is selected.
        if self.ground.bg.is_some() && self.style(Look::Selection).bg == self.ground.bg {
            self.styles[Look::Selection as usize] =
                self.styles[Look::Selection as usize].add_modifier(Modifier::REVERSED);
        }
    }
}

/// `#rrggbb`, a colour of the terminal by name or `default`, and how it is written: `bold`, `dim`, `italic`, `underline`, `reverse`.
fn words(value: &str) -> Option<(Option<Color>, Modifier)> {
    let mut colour = None;
    let mut modifiers = Modifier::empty();
    for word in value.split_whitespace() {
        match word {
            "default" => {}
            "bold" => modifiers |= Modifier::BOLD,
            "dim" => modifiers |= Modifier::DIM,
            "italic" => modifiers |= Modifier::ITALIC,
            "underline" => modifiers |= Modifier::UNDERLINED,
            "reverse" => modifiers |= Modifier::REVERSED,
            _ => colour = Some(word.parse().ok()?),
        }
    }
    Some((colour, modifiers))
}

/// The nearest of the 240 fixed colours of a terminal of 256: a cube of six steps, and a row of greys.
fn nearest(red: u8, green: u8, blue: u8) -> u8 {
    const STEPS: [i32; 6] = [0, 95, 135, 175, 215, 255];
    let wanted = [i32::from(red), i32::from(green), i32::from(blue)];
    let distance = |other: [i32; 3]| {
        wanted
            .iter()
            .zip(other)
            .map(|(wanted, other)| (wanted - other).pow(2))
            .sum::<i32>()
    };
    let step = |value: i32| {
        STEPS
            .iter()
            .enumerate()
            .min_by_key(|(_, step)| (value - **step).abs())
            .map_or(0, |(index, _)| index)
    };
    let cube = wanted.map(step);
    let cube_distance = distance(cube.map(|index| STEPS[index]));
    let grey = (0..24_u8)
        .min_by_key(|grey| distance([8 + 10 * i32::from(*grey); 3]))
        .unwrap_or(0);
    if distance([8 + 10 * i32::from(grey); 3]) < cube_distance {
        232 + grey
    } else {
        (16 + 36 * cube[0] + 6 * cube[1] + cube[2]) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn true_colour() -> impl Iterator<Item = Theme> {
        bundled().map(|name| Theme::named(name, &[], "unicode", 1 << 24, true))
    }

    /// Relative luminance, as WCAG 2 computes it.
    fn luminance(colour: Color) -> Option<f64> {
        let Color::Rgb(red, green, blue) = colour else {
            return None;
        };
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        Some(0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue))
    }

    fn contrast(letters: Color, ground: Color) -> Option<f64> {
        let (a, b) = (luminance(letters)?, luminance(ground)?);
        Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
    }

    #[test]
    fn everything_can_be_read_on_every_ground_in_every_theme() {
        let mut pairs = 0;
        for theme in true_colour() {
            let grounds = [
                theme.ground().bg,
                theme.style(Look::Faint).bg,
                theme.style(Look::Selection).bg,
            ];
            for ground in grounds.into_iter().flatten() {
                for (name, look, _) in LOOKS.iter().filter(|(_, look, _)| {
                    !matches!(look, Look::Faint | Look::Selection | Look::Rule)
                }) {
                    let Some(found) = theme
                        .style(*look)
                        .fg
                        .and_then(|letters| contrast(letters, ground))
                    else {
                        continue;
                    };
                    let is_text = matches!(look, Look::Text | Look::Unread)
                        && Some(ground) == theme.ground().bg;
                    let least = if is_text { 7.0 } else { 4.5 };
                    assert!(
                        found >= least,
                        "{}: {name} on {ground:?} has {found:.2}",
                        theme.name
                    );
                    pairs += 1;
                }
            }
        }
        assert_eq!(pairs, 12 * 3 * 17);
    }

    #[test]
    fn a_selection_is_another_ground_than_the_rest() {
        for theme in true_colour() {
            let selection = theme.style(Look::Selection);
            assert!(
                selection.add_modifier.contains(Modifier::REVERSED)
                    || selection.bg != theme.ground().bg,
                "{}",
                theme.name
            );
        }
    }

    #[test]
    fn every_bundled_file_is_a_theme_of_its_name_and_names_every_look() {
        for (name, text) in BUNDLED {
            let theme = Theme::of_file(text, "unicode", 1 << 24).expect(name);
            assert_eq!(theme.name, name);
            for (look, ..) in LOOKS {
                assert!(
                    text.contains(&format!("\n{look} = ")),
                    "{name} has no {look}"
                );
            }
        }
    }

    #[test]
    fn looks_are_in_the_order_of_their_table() {
        for (index, (_, look, _)) in LOOKS.into_iter().enumerate() {
            assert_eq!(look as usize, index);
        }
    }

    #[test]
    fn a_terminal_gets_no_more_colours_than_it_has() {
        for theme in bundled() {
            let none = Theme::named(theme, &[], "unicode", 0, true);
            let few = Theme::named(theme, &[], "unicode", 16, true);
            let some = Theme::named(theme, &[], "unicode", 256, true);
            let colours = |theme: &Theme| {
                theme
                    .styles
                    .iter()
                    .chain([&theme.ground])
                    .flat_map(|style| [style.fg, style.bg])
                    .flatten()
                    .filter(|colour| *colour != Color::Reset)
                    .collect::<Vec<_>>()
            };
            assert!(colours(&none).is_empty());
            assert!(
                colours(&few)
                    .iter()
                    .chain(&colours(&some))
                    .all(|colour| !matches!(colour, Color::Rgb(..)))
            );
        }
    }

    #[test]
    fn what_matters_is_seen_without_colour() {
        let theme = Theme::named("ink", &[], "ascii", 0, true);
        for (look, modifier) in [
            (Look::Unread, Modifier::BOLD),
            (Look::Link, Modifier::UNDERLINED),
            (Look::Selection, Modifier::REVERSED),
            (Look::Heading, Modifier::BOLD),
        ] {
            assert!(
                theme.style(look).add_modifier.contains(modifier),
                "{look:?}"
            );
        }
        assert_eq!(theme.symbols, ASCII);
    }

    #[test]
    fn the_nearest_colour_is_near() {
        for (rgb, index) in [
            ((0, 0, 0), 16),
            ((255, 255, 255), 231),
            ((0x16, 0x18, 0x1d), 234),
            ((0xe8, 0xa3, 0x4c), 179),
        ] {
            assert_eq!(nearest(rgb.0, rgb.1, rgb.2), index);
        }
    }

    #[test]
    fn mistakes_in_a_theme_file_are_named() {
        for (text, expected) in [
            ("name = \"x\"", "a theme needs a section [looks]"),
            ("[looks]\ntxt = \"red\"", "txt is no look"),
            (
                "accent = \"red\"\n[looks]",
                "accent is nothing that a theme has; looks stand below [looks]",
            ),
            (
                "base = \"inc\"\n[looks]",
                "base: there is no bundled theme “inc”",
            ),
            ("[looks]\ntext = \"redd\"", "text: redd is no colour"),
            (
                "[looks]\ntext = 3",
                "text wants a text, as \"#d3d7de\" or \"yellow bold\"",
            ),
        ] {
            assert_eq!(
                Theme::of_file(text, "unicode", 256)
                    .err()
                    .map(|wrong| wrong.message)
                    .as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn an_own_theme_is_its_base_but_for_what_it_says() {
        let own = [(
            "dusk".to_owned(),
            "base = \"ink\"\n[looks]\naccent = \"#ff8800\"".to_owned(),
        )];
        let theme = |name: &str, own| Theme::named(name, own, "unicode", 1 << 24, true);
        let (dusk, ink) = (theme("dusk", &own), theme("ink", &own));
        assert_eq!(dusk.style(Look::Accent).fg, Some(Color::Rgb(0xff, 0x88, 0)));
        assert_eq!(dusk.style(Look::Text), ink.style(Look::Text));
        assert_eq!(dusk.ground, ink.ground);
        // A file named as a bundled theme takes its place.
        let mine = [("ink".to_owned(), own[0].1.clone())];
        assert_eq!(
            theme("ink", &mine).style(Look::Accent),
            dusk.style(Look::Accent)
        );
    }

    #[test]
    fn the_manual_of_themes_names_every_look() {
        let manual = include_str!("../../docs/THEMES.md");
        let rows: Vec<&str> = manual
            .lines()
            .filter(|line| line.starts_with("| `"))
            .flat_map(|line| line.split('|').nth(1).unwrap_or("").split_whitespace())
            .map(|name| name.trim_matches('`'))
            .collect();
        let looks: Vec<&str> = ["ground"]
            .into_iter()
            .chain(LOOKS.iter().map(|(name, ..)| *name))
            .collect();
        assert_eq!(rows, looks);
    }

    #[test]
    fn signs_are_one_column_wide() {
        for symbols in [UNICODE, ASCII] {
            let signs = [
                symbols.unread,
                symbols.read,
                symbols.star,
                symbols.later,
                symbols.story,
                symbols.bar,
                symbols.rule,
                symbols.open,
                symbols.folded,
                symbols.more,
            ];
            assert!(
                signs
                    .iter()
                    .all(|sign| crate::text::width::width(sign) == 1)
            );
        }
    }
}
