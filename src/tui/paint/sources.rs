//! The source panel: a card for each thing the article cites, in reading order.
//!
//! - A card's number is the superscript number in the text; its own words come from wherever they are known.
//! - Mentions, the article's own site, shops and recommendations are folded into one line each until unfolded.
//! - Rows are counted over all groups, so the panel scrolls as one.

use crate::address::{self, Kind};
use crate::news::{ArticleView, CardState, SourceRow};
use crate::source::Role;
use crate::text::{bidi, width};
use crate::tui::fit;
use crate::tui::letters::Letters;
use crate::tui::reading::may_be_asked;
use crate::tui::theme::{Look, Theme};
use crate::tui::words;
use chrono::{DateTime, FixedOffset, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use std::borrow::Cow;
use std::ops::Range;

/// Groups in their order: role, heading, and whether it is folded until asked for.
const GROUPS: [(Role, &str, bool); 7] = [
    (Role::Source, "", false),
    (Role::Media, "MEDIA", false),
    (Role::Discussion, "DISCUSSION", false),
    (Role::Mention, "MENTIONS", true),
    (Role::SameSite, "ON THIS SITE", true),
    (Role::Shop, "SHOPS", true),
    (Role::Recommended, "RECOMMENDED", true),
];

/// Short names of sites that discuss: host and name.
const SHORT: [(&str, &str); 4] = [
    ("ycombinator.com", "HN"),
    ("lobste.rs", "Lobsters"),
    ("reddit.com", "Reddit"),
    ("slashdot.org", "Slashdot"),
];

/// What stands before the discussions.
const DISCUSSION: &str = "DISCUSSION";

/// The panel as it is shown.
#[derive(Clone, Copy)]
pub struct Panel<'a> {
    pub view: &'a ArticleView,
    /// The row of `view.sources` that is selected.
    pub selected: Option<usize>,
    /// The group whose heading is selected.
    pub group: Option<Role>,
    /// Who else tells the story of the article.
    pub story: &'a [&'a str],
    pub story_selected: bool,
    /// Groups that the reader unfolded.
    pub unfolded: &'a [Role],
    /// The first row that is seen.
    pub top: usize,
    /// Cards before this row of `view.sources` may come by themselves: they have room for what will be said of them.
    pub awaited: usize,
    /// What [`Panel::heights`] said for this width, where it was asked already: there may be thousands of cards.
    pub measured: Option<(u16, &'a [u16])>,
    pub focused: bool,
    /// A question to the reader, as about cards: stands below the head.
    pub question: Option<&'a str>,
    /// Grows with time: what the spinner shows.
    pub beat: usize,
    pub theme: &'a Theme,
    pub now: DateTime<Utc>,
    pub zone: FixedOffset,
    /// The colour that carries an address to the terminal as a hyperlink, if it can.
    pub hyperlink: &'a dyn Fn(&str) -> Option<Color>,
}

/// A part of the panel and the rows it takes.
struct Part {
    rows: Range<usize>,
    what: What,
}

enum What {
    /// There is no source: that is said.
    Nothing,
    Card(usize),
    /// The heading of a group that is open, or the line of a folded one: role, heading, how many, folded.
    Heading(Role, &'static str, usize, bool),
    /// All discussions on one line: rows of `view.sources`.
    Discussions(Vec<usize>),
    /// Who else tells it, on one line.
    Story,
}

/// What stands at a place of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A row of `view.sources`.
    Card(usize),
    Group(Role),
    Story,
}

/// Columns before the number: the bar of the selection.
const BAR: u16 = 1;
/// Lines that a card takes for its title, and for what is said of it, where nothing says how many there are.
const TITLE_LINES: usize = 2;
const TEXT_LINES: usize = 2;
/// Lines that a card which is still to come has at least: title, details, and one for what it says of itself.
const AWAITED_LINES: usize = 3;

impl Panel<'_> {
    /// Rows of all, the head not counted.
    pub fn rows(&self, width: u16) -> usize {
        self.parts(width).last().map_or(0, |part| part.rows.end)
    }

    /// Rows that do not scroll: the head, and a question.
    pub fn head_rows(&self) -> u16 {
        1 + u16::from(self.question.is_some()) * 2
    }

    /// From which row on to show, so that the selected card is whole in sight; as it is where it is so already.
    pub fn top_for_selected(&self, width: u16, height: u16) -> usize {
        let height = usize::from(height.saturating_sub(self.head_rows()));
        let parts = self.parts(width);
        let Some(part) = parts.iter().find(|part| self.holds_selected(part)) else {
            return self.top;
        };
        let most = parts
            .last()
            .map_or(0, |part| part.rows.end)
            .saturating_sub(height);
        if part.rows.start < self.top || part.rows.len() > height {
            part.rows.start
        } else if part.rows.end > self.top + height {
            part.rows.end - height
        } else {
            self.top
        }
        .min(most.max(part.rows.start))
    }

    /// The source at a row of the pane (0 is the head), if one stands there.
    pub fn source_at(&self, width: u16, row: u16) -> Option<usize> {
        let row = self.top + usize::from(row.checked_sub(self.head_rows())?);
        self.parts(width)
            .into_iter()
            .find(|part| part.rows.contains(&row))
            .and_then(|part| match part.what {
                What::Card(index) => Some(index),
                What::Discussions(rows) => rows.first().copied(),
                What::Nothing | What::Heading(..) | What::Story => None,
            })
    }

    /// What is in sight: first row of the pane, how many, and the source or the group that stands there.
    pub fn in_sight(&self, width: u16, height: u16) -> Vec<(u16, u16, Seen)> {
        let head = usize::from(self.head_rows());
        let end = self.top + usize::from(height).saturating_sub(head);
        self.parts(width)
            .into_iter()
            .filter(|part| part.rows.start < end && part.rows.end > self.top)
            .filter_map(|part| {
                let start = part.rows.start.max(self.top);
                let what = match part.what {
                    What::Nothing => return None,
                    What::Card(index) => Seen::Card(index),
                    What::Discussions(rows) => rows
                        .first()
                        .map_or(Seen::Group(Role::Discussion), |row| Seen::Card(*row)),
                    What::Heading(role, ..) => Seen::Group(role),
                    What::Story => Seen::Story,
                };
                let y = (start - self.top + head) as u16;
                Some((y, (part.rows.end.min(end) - start) as u16, what))
            })
            .collect()
    }

    /// The group whose heading stands at a row of the pane.
    pub fn group_at(&self, width: u16, row: u16) -> Option<Role> {
        let row = self.top + usize::from(row.checked_sub(self.head_rows())?);
        self.parts(width)
            .into_iter()
            .find_map(|part| match part.what {
                What::Heading(role, ..) if part.rows.contains(&row) => Some(role),
                _ => None,
            })
    }

    /// The rows that a card stands on, where it has any of its own.
    pub fn rows_of(&self, index: usize, width: u16) -> Option<Range<usize>> {
        let parts = self.parts(width).into_iter();
        let mut of_card = parts.filter(|part| matches!(part.what, What::Card(at) if at == index));
        of_card.next().map(|part| part.rows)
    }

    /// Sources that can be selected, in the order in which they are shown.
    pub fn order(&self) -> Vec<usize> {
        GROUPS
            .iter()
            .filter(|(role, _, folded)| self.is_open(*role, *folded))
            .flat_map(|(role, ..)| self.of_role(*role))
            .collect()
    }

    fn is_open(&self, role: Role, folded: bool) -> bool {
        !folded || self.unfolded.contains(&role)
    }

    fn of_role(&self, role: Role) -> Vec<usize> {
        let rows = self.view.sources.iter().enumerate();
        rows.filter(|(_, source)| source.role == role)
            .map(|(index, _)| index)
            .collect()
    }

    fn holds_selected(&self, part: &Part) -> bool {
        match &part.what {
            What::Card(index) => self.selected == Some(*index),
            What::Discussions(rows) => {
                self.group == Some(Role::Discussion)
                    || self
                        .selected
                        .is_some_and(|selected| rows.contains(&selected))
            }
            What::Heading(role, ..) => self.group == Some(*role),
            What::Story => self.story_selected,
            What::Nothing => false,
        }
    }

    /// The rows that each card takes, in the order of `view.sources`. Cards of folded groups are not measured: 0.
    pub fn heights(&self, width: u16) -> Vec<u16> {
        self.heights_beside(width, &[])
    }

    /// The same, where some are known: a card that has a height keeps it, whatever has come to stand on it.
    pub fn heights_beside(&self, width: u16, known: &[u16]) -> Vec<u16> {
        let open = GROUPS.map(|(role, _, folds)| (role, self.is_open(role, folds)));
        let rows = self.view.sources.iter().enumerate();
        rows.map(
            |(index, source)| match known.get(index).copied().unwrap_or(0) {
                0 if open.contains(&(source.role, true)) => self.height(index, width),
                known => known,
            },
        )
        .collect()
    }

    /// The rows that a card takes by what stands on it now.
    pub fn height(&self, index: usize, width: u16) -> u16 {
        let lines = self.card(index, self.wide(width), None).len();
        let awaited = index < self.awaited && may_be_asked(&self.view.sources[index]);
        lines.max(if awaited { AWAITED_LINES } else { 1 }) as u16
    }

    /// What stands where.
    fn parts(&self, width: u16) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut at = 0;
        let mut push = |what, rows: usize, gap: usize| {
            let start = if at == 0 { 0 } else { at + gap };
            at = start + rows;
            parts.push(Part {
                rows: start..at,
                what,
            });
        };
        if self.view.sources.is_empty() {
            push(What::Nothing, 1, 0);
        }
        let mut folded_before = false;
        let measured = self
            .measured
            .filter(|(of, heights)| *of == width && heights.len() == self.view.sources.len());
        let heights = measured.map_or_else(
            || Cow::Owned(self.heights(width)),
            |(_, heights)| Cow::Borrowed(heights),
        );
        for (role, heading, folds) in GROUPS {
            let rows = self.of_role(role);
            if role == Role::Mention && !self.story.is_empty() {
                push(What::Story, 1, 1);
            }
            if rows.is_empty() {
                continue;
            }
            if !self.is_open(role, folds) {
                push(
                    What::Heading(role, heading, rows.len(), true),
                    1,
                    usize::from(!folded_before),
                );
                folded_before = true;
                continue;
            }
            folded_before = false;
            if role == Role::Discussion {
                push(What::Discussions(rows), 1, 1);
                continue;
            }
            let mut gap = 1;
            if !heading.is_empty() {
                push(What::Heading(role, heading, rows.len(), false), 1, 1);
                gap = 0;
            }
            for index in rows {
                push(What::Card(index), usize::from(heights[index]), gap);
                gap = 1;
            }
        }
        parts
    }

    /// Draws the head and what is seen of the rest.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) {
        if area.width < 8 || area.height == 0 {
            return;
        }
        self.draw_head(area, buf);
        let body = Rect {
            y: area.y + self.head_rows().min(area.height),
            height: area.height.saturating_sub(self.head_rows()),
            ..area
        };
        let seen = self.top..self.top + usize::from(body.height);
        for part in self
            .parts(area.width)
            .iter()
            .filter(|part| part.rows.start < seen.end && part.rows.end > seen.start)
        {
            self.draw_part(part, &seen, body, buf);
        }
    }

    fn draw_head(&self, area: Rect, buf: &mut Buffer) {
        let numbered = self
            .view
            .sources
            .iter()
            .filter(|source| matches!(source.role, Role::Source | Role::Media))
            .count();
        let folded: usize = GROUPS
            .iter()
            .filter(|(role, _, folds)| !self.is_open(*role, *folds))
            .map(|(role, ..)| self.of_role(*role).len())
            .sum();
        let style = if self.focused {
            self.style(Look::Accent)
        } else {
            self.style(Look::Dim)
        }
        .add_modifier(Modifier::BOLD);
        let left = if numbered == 0 {
            "SOURCES".to_owned()
        } else {
            format!("SOURCES {numbered}")
        };
        let (x, _) = buf.letters(
            area.x + BAR,
            area.y,
            &left,
            usize::from(area.width - BAR),
            style,
        );
        let right = if folded > 0 {
            format!("{} more folded", words::number(folded))
        } else {
            String::new()
        };
        put_right(
            &right,
            Rect {
                x: x + 2,
                width: area.right().saturating_sub(x + 3),
                ..area
            },
            area.y,
            self.style(Look::Dim),
            buf,
        );
        if let Some(question) = self.question {
            for (at, line) in fit::wrap(question, usize::from(area.width - BAR - 1), 2)
                .iter()
                .enumerate()
            {
                let y = area.y + 1 + at as u16;
                if y < area.bottom() {
                    buf.letters(
                        area.x + BAR,
                        y,
                        line,
                        usize::from(area.width - BAR),
                        self.style(Look::Accent),
                    );
                }
            }
        }
    }

    fn draw_part(&self, part: &Part, seen: &Range<usize>, body: Rect, buf: &mut Buffer) {
        let at = |row: usize| {
            (part.rows.contains(&row) && seen.contains(&row))
                .then(|| body.y + (row - seen.start) as u16)
        };
        match &part.what {
            What::Heading(role, heading, many, folded) => {
                if let Some(y) = at(part.rows.start) {
                    if self.group == Some(*role) {
                        let row = Rect {
                            y,
                            height: 1,
                            ..body
                        };
                        buf.set_style(row, self.style(Look::Selection));
                        let style = self.style(Look::Accent);
                        buf.letters(body.x, y, self.theme.symbols.bar, 1, style);
                    }
                    let text = if *folded {
                        format!("{} {heading} {many}", self.theme.symbols.folded)
                    } else {
                        format!("{heading} {many}")
                    };
                    let style = if *folded {
                        self.style(Look::Dim)
                    } else {
                        self.style(Look::Dim).add_modifier(Modifier::BOLD)
                    };
                    buf.letters(body.x + BAR, y, text, usize::from(body.width - BAR), style);
                }
            }
            What::Discussions(rows) => {
                if let Some(y) = at(part.rows.start) {
                    self.draw_discussions(rows, y, body, buf);
                }
            }
            What::Nothing => {
                if let Some(y) = at(part.rows.start) {
                    let text = "This article cites nothing.";
                    let room = usize::from(body.width - BAR);
                    buf.letters(body.x + BAR, y, text, room, self.style(Look::Dim));
                }
            }
            What::Story => {
                if let Some(y) = at(part.rows.start) {
                    self.draw_story(y, body, buf);
                }
            }
            What::Card(index) => {
                let selected = self.selected == Some(*index);
                let rows = part.rows.len();
                let mut card = self.card(*index, self.wide(body.width), Some(rows));
                card.resize_with(rows, CardLine::default);
                for (offset, line) in card.iter().enumerate() {
                    if let Some(y) = at(part.rows.start + offset) {
                        // Reversed, for want of a ground, only the title is: a block of several lines would shout.
                        let reverses = offset > 0
                            && self
                                .style(Look::Selection)
                                .add_modifier
                                .contains(Modifier::REVERSED);
                        let ground = match (selected, reverses) {
                            (false, _) => None,
                            (true, true) => Some(Style::new()),
                            (true, false) => Some(self.style(Look::Selection)),
                        };
                        self.draw_card_line(line, ground, y, body, buf);
                    }
                }
            }
        }
    }

    /// As many names as fit, and how many more there are.
    fn draw_story(&self, y: u16, body: Rect, buf: &mut Buffer) {
        let row = Rect {
            y,
            height: 1,
            ..body
        };
        let bold = self.style(Look::Dim).add_modifier(Modifier::BOLD);
        let mut style = self.style(Look::Text);
        if self.story_selected {
            let ground = self.style(Look::Selection);
            buf.set_style(row, ground);
            style = style.patch(ground).add_modifier(Modifier::BOLD);
            let bar = self.style(Look::Accent);
            buf.letters(body.x, y, self.theme.symbols.bar, 1, bar);
        }
        let right = body.right().saturating_sub(1);
        let left = body.x + BAR;
        let room = usize::from(right.saturating_sub(left));
        let (x, _) = buf.letters(left, y, "STORY", room, bold);
        let x = x + 2;
        let room = usize::from(right.saturating_sub(x));
        let text = named(self.story, room);
        buf.letters(x, y, bidi::visual_parts(&text), room, style);
    }

    /// The discussions that fit on their line, each with its columns, its row and its words.
    fn discussions(&self, rows: &[usize], body: Rect) -> Vec<(Range<u16>, usize, String)> {
        let right = body.right().saturating_sub(1);
        let mut x = body.x + BAR + DISCUSSION.len() as u16 + 2;
        let mut placed = Vec::with_capacity(rows.len());
        for &index in rows {
            let source = &self.view.sources[index];
            let name = SHORT
                .iter()
                .find(|(host, _)| source.site.ends_with(host))
                .map_or(source.site.as_str(), |(_, name)| name);
            let text = source.comments.map_or_else(
                || name.to_owned(),
                |comments| format!("{name} {}", words::number(comments as usize)),
            );
            let from = if placed.is_empty() { x } else { x + 3 };
            let to = from.saturating_add(width::width(&text) as u16);
            if to > right {
                break;
            }
            x = to;
            placed.push((from..to, index, text));
        }
        placed
    }

    /// The discussion at a column of the line where they stand; the last one before it.
    pub fn discussion_at(&self, x: u16, body: Rect) -> Option<usize> {
        let rows = self.of_role(Role::Discussion);
        let placed = self.discussions(&rows, body);
        let before = placed.iter().rev().find(|(columns, ..)| columns.start <= x);
        before.or(placed.first()).map(|(_, index, _)| *index)
    }

    fn draw_discussions(&self, rows: &[usize], y: u16, body: Rect, buf: &mut Buffer) {
        let room = usize::from(body.width.saturating_sub(1 + BAR));
        let dim = self.style(Look::Dim);
        let bold = dim.add_modifier(Modifier::BOLD);
        let (mut end, _) = buf.letters(body.x + BAR, y, DISCUSSION, room, bold);
        end += 2;
        let placed = self.discussions(rows, body);
        for (at, (columns, index, text)) in placed.iter().enumerate() {
            if at > 0 {
                buf.letters(end, y, format!(" {} ", self.theme.symbols.dot), 3, dim);
            }
            let style = if self.selected == Some(*index) {
                self.style(Look::Text)
                    .patch(self.style(Look::Selection))
                    .add_modifier(Modifier::BOLD)
            } else {
                self.style(Look::Text)
            };
            (end, _) = buf.letters(columns.start, y, text, columns.len(), style);
        }
        if placed.len() < rows.len() {
            let room = usize::from(body.right().saturating_sub(1 + end));
            buf.letters(end, y, format!(" {}", self.theme.symbols.more), room, dim);
        }
    }

    fn draw_card_line(
        &self,
        line: &CardLine,
        selected: Option<Style>,
        y: u16,
        body: Rect,
        buf: &mut Buffer,
    ) {
        let ground = selected.unwrap_or_default();
        if selected.is_some() {
            buf.set_style(
                Rect {
                    y,
                    height: 1,
                    ..body
                },
                ground,
            );
            buf.letters(
                body.x,
                y,
                self.theme.symbols.bar,
                1,
                self.style(Look::Accent).remove_modifier(Modifier::REVERSED),
            );
        }
        let right = body.right().saturating_sub(1);
        if let Some(number) = &line.number {
            let wide = width::width(number) as u16;
            let x = (body.x + BAR + self.number_width()).saturating_sub(wide);
            buf.letters(
                x,
                y,
                number,
                usize::from(wide),
                self.style(Look::Accent)
                    .add_modifier(Modifier::BOLD)
                    .patch(ground),
            );
        }
        let x = body.x + self.indent();
        buf.letters(
            x,
            y,
            &line.text,
            usize::from(right.saturating_sub(x)),
            line.style.patch(ground),
        );
        if let Some((state, style)) = &line.state {
            put_right(
                state,
                Rect {
                    x,
                    width: right.saturating_sub(x),
                    ..body
                },
                y,
                style.patch(ground),
                buf,
            );
        }
    }

    /// Columns of the widest number.
    fn number_width(&self) -> u16 {
        let most = self
            .view
            .sources
            .iter()
            .filter_map(|source| source.n)
            .max()
            .unwrap_or(1);
        most.to_string().len().max(2) as u16
    }

    /// Columns before the words of a card.
    fn indent(&self) -> u16 {
        BAR + self.number_width() + 1
    }

    fn style(&self, look: Look) -> Style {
        self.theme.style(look)
    }

    /// Columns for the words of a card in a panel of that width.
    fn wide(&self, panel: u16) -> usize {
        usize::from(panel.saturating_sub(self.indent() + 1)).max(4)
    }

    /// The lines of a card whose words have so many columns; of one that has its place already, no more than it holds: the
    /// words below the details fill it, or give way.
    fn card(&self, index: usize, wide: usize, place: Option<usize>) -> Vec<CardLine> {
        let source = &self.view.sources[index];
        let read = source.card.read;
        let mut lines = Vec::with_capacity(5);
        let title_style = if read {
            self.style(Look::Dim)
        } else {
            self.style(Look::Unread)
        };
        let primary = source.primary.then(|| {
            (
                format!("primary {}", self.theme.symbols.star),
                self.style(Look::Accent),
            )
        });
        let badge = primary
            .as_ref()
            .map_or(0, |(text, _)| width::width(text) + 2);
        let title = title_of(source);
        let link = (self.hyperlink)(source.opens());
        let right_to_left = bidi::is_right_to_left(title);
        // The mark stands in the first line, so the title leaves it room there.
        let most = place.map_or(TITLE_LINES, |place| {
            place.saturating_sub(1).min(TITLE_LINES)
        });
        let titles = first_line_shorter(title, wide, badge, most.max(1));
        for (at, line) in titles.into_iter().enumerate() {
            lines.push(CardLine {
                number: if at == 0 {
                    source.n.map(|n| n.to_string())
                } else {
                    None
                },
                text: bidi::visual_line_of(&line, right_to_left),
                style: link.map_or(title_style, |link| title_style.underline_color(link)),
                state: if at == 0 { primary.clone() } else { None },
            });
        }
        let state = self.state(source);
        let taken = state.as_ref().map_or(0, |(text, _)| width::width(text) + 2);
        let details = fit::parts(&self.details(source), wide.saturating_sub(taken));
        lines.push(CardLine {
            number: None,
            text: bidi::visual_parts(&details),
            style: self.style(Look::Dim),
            state,
        });
        let room = place.map_or(TEXT_LINES, |place| place.saturating_sub(lines.len()));
        if room == 0 {
            return lines;
        }
        if let CardState::Failed(why) = &source.card.state {
            for line in fit::wrap(why, wide, room) {
                lines.push(CardLine {
                    number: None,
                    text: line.into_owned(),
                    style: self.style(Look::Error),
                    state: None,
                });
            }
            return lines;
        }
        let text = match &source.card.description {
            Some(description) if !description.is_empty() => description.to_string(),
            _ if source.context.is_empty() || source.context == source.anchor => String::new(),
            _ => format!("“{}”", source.context.trim_matches(['“', '”', '"'])),
        };
        if !text.is_empty() {
            for line in fit::wrap(&text, wide, room) {
                lines.push(CardLine {
                    number: None,
                    text: bidi::visual_line(&line),
                    style: self.style(Look::Quote),
                    state: None,
                });
            }
        }
        lines
    }

    /// Site, kind, date, minutes, who else cites it: in the order in which they matter.
    fn details(&self, source: &SourceRow) -> Vec<String> {
        let card = &source.card;
        // The domain, always: what a page calls itself anybody may write.
        let mut parts = vec![match &card.landed {
            // Where a short address leads is known once it was followed.
            Some(landed) if source.short => format!("→ {landed}"),
            None if source.short => format!("{} → ?", source.site),
            _ if feigned_host(source) => format!("→ {}", source.site),
            _ => source.site.to_string(),
        }];
        if !matches!(
            source.kind,
            Kind::Article | Kind::News | Kind::Company | Kind::Primary | Kind::Social
        ) {
            parts.push(source.kind.label().to_owned());
        }
        parts.extend(
            card.published
                .map(|published| words::age(published, self.now, self.zone)),
        );
        parts.extend(
            card.words
                .filter(|words| *words > 0)
                .map(|words| format!("{} min", words::minutes(words as usize))),
        );
        if card.in_feeds > 1 {
            parts.push(format!("cited by {} feeds", card.in_feeds));
        }
        if source.affiliate {
            parts.push("affiliate".to_owned());
        }
        parts
    }

    /// How it stands with a source, at the right of its details.
    fn state(&self, source: &SourceRow) -> Option<(String, Style)> {
        let symbols = &self.theme.symbols;
        let card = &source.card;
        let dim = self.style(Look::Dim);
        match &card.state {
            CardState::Queued => Some((symbols.more.to_owned(), dim)),
            CardState::Loading => Some((
                symbols.spinner[self.beat % symbols.spinner.len()].to_owned(),
                self.style(Look::Accent),
            )),
            CardState::Failed(_) => Some(("not fetched".to_owned(), self.style(Look::Error))),
            _ if card.read => Some((format!("{} read", symbols.tick), self.style(Look::Ok))),
            _ if card.free_to_read == Some(false) => {
                Some(("locked".to_owned(), self.style(Look::Warn)))
            }
            _ if source.warned => Some(("take care".to_owned(), self.style(Look::Warn))),
            _ if source.archived || card.archived.is_some() => {
                let written = || address::year(&url::Url::parse(&source.url).ok()?);
                let year = card.archived.flatten().or_else(written);
                let year = year.map_or_else(String::new, |year| format!(" {year}"));
                Some((format!("archive{year}"), dim))
            }
            _ => None,
        }
    }
}

/// A title in at most so many lines, of which the first leaves `taken` columns free.
fn first_line_shorter(title: &str, wide: usize, taken: usize, most: usize) -> Vec<String> {
    if taken == 0 || width::width(title) + taken <= wide || wide <= taken + 8 {
        return fit::wrap(title, wide, most)
            .iter()
            .map(ToString::to_string)
            .collect();
    }
    if most == 1 {
        return vec![fit::cut(title, wide - taken).into_owned()];
    }
    let first = fit::wrap(title, wide - taken, 3)
        .first()
        .map_or_else(String::new, ToString::to_string);
    let rest = title.trim().get(first.len()..).unwrap_or("").trim_start();
    vec![first, width::cut(rest, wide)]
}

/// A line of a card.
#[derive(Default)]
struct CardLine {
    number: Option<String>,
    text: String,
    style: Style,
    /// At the right, with its style.
    state: Option<(String, Style)>,
}

/// Names in so many columns: those that fit, and how many more there are.
fn named(names: &[&str], room: usize) -> String {
    for many in (1..=names.len()).rev() {
        let left = names.len() - many;
        let more = if left > 0 {
            format!(" (+{left})")
        } else {
            String::new()
        };
        let text = format!("{}{more}", names[..many].join(", "));
        if width::width(&text) <= room {
            return text;
        }
    }
    fit::cut(names.first().unwrap_or(&""), room).into_owned()
}

/// What a source is called: by itself, by the link's words, by its address.
fn title_of(source: &SourceRow) -> &str {
    match &source.card.title {
        Some(title) if !title.trim().is_empty() => title,
        _ if !source.anchor.trim().is_empty() => &source.anchor,
        _ => source
            .display_url
            .split_once("://")
            .map_or(source.display_url.as_str(), |(_, rest)| rest),
    }
}

fn put_right(text: &str, area: Rect, y: u16, style: Style, buf: &mut Buffer) {
    let wide = width::width(text) as u16;
    if wide > 0 && wide <= area.width {
        buf.letters(area.right() - wide, y, text, usize::from(wide), style);
    }
}

/// Whether the words of the link look like an address on another site than the one that it leads to.
fn feigned_host(source: &SourceRow) -> bool {
    let words = source.anchor.as_str().trim();
    let bare = words
        .strip_prefix("https://")
        .or_else(|| words.strip_prefix("http://"))
        .unwrap_or(words);
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && address::has_known_suffix(host);
    is_host
        && url::Url::parse(&format!("https://{host}/"))
            .is_ok_and(|said| address::site(&said) != source.site.as_str())
}

#[cfg(test)]
mod tests;
