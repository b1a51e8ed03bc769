//! The entries of the open view: a selection by id and a window over rows.
//!
//! - At most [`LIMIT`] rows are held, however long the list is; the next ones are asked for before the edge.
//! - Edits newer than an answer are laid over it.
//! - What arrives is counted; the list never jumps.

use super::{heading, put, put_line, put_right, say_in, select};
use crate::feed::{EntryId, FeedId};
use crate::news::{
    EntriesPage, EntriesQuestion, EntryHead, Filter, Health, MarkKind, Order, View, Window,
};
use crate::query::{self, Mark, Query, Test};
use crate::text::bidi;
use crate::tui::action::Action;
use crate::tui::columns::Column;
use crate::tui::theme::Look;
use crate::tui::{Model, fit, words};
use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::{HashMap, HashSet};

/// Rows held and asked for at once.
pub const LIMIT: usize = 240;
/// How near the edge of the window the next rows are asked for.
const EDGE: usize = 60;

/// Actions that wait for rows; who presses more keys than that has stopped looking.
const AWAITED: usize = 256;

/// A mark that was shown before the store had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub wish: u64,
    /// Given by the writer.
    pub number: Option<u64>,
    /// None: all rows shown.
    pub entries: Option<Vec<EntryId>>,
    pub mark: MarkKind,
    pub on: bool,
}

/// The state of the pane.
#[derive(Clone, Debug)]
pub struct Entries {
    pub view: View,
    pub order: Order,
    /// How lists begin that were not ordered by hand.
    pub usual: Order,
    /// How lists were ordered by hand, by what they show.
    orders: HashMap<String, Order>,
    pub rows: Vec<EntryHead>,
    /// Place of the first of `rows` in the whole list.
    pub offset: usize,
    pub total: Option<usize>,
    pub unread: Option<usize>,
    /// Entries of this view that have arrived since.
    pub newer: usize,
    pub up_to: Option<EntryId>,
    pub newest: Option<EntryId>,
    pub kept_since: DateTime<Utc>,
    pub selected: Option<EntryId>,
    /// Place in the whole list of the selected entry, as last known.
    pub place: usize,
    /// Place in the whole list of the first row in sight.
    pub top: usize,
    /// The number of the open question.
    pub asked: Option<u64>,
    pub loaded: bool,
    /// Where to select when the answer comes.
    pub select: Option<Select>,
    seek: Option<Seek>,
    /// A search for an unread entry has ended, and nobody was told yet.
    pub sought: Option<Sought>,
    /// The reader has chosen a row of this list; until then the first one is selected, whatever comes in.
    pub touched: bool,
    /// What narrows the list.
    pub filter: Option<Filter>,
    /// Words that the list was searched for, in lower case: they are marked where they are seen.
    pub terms: Vec<String>,
    /// Selected with `v`.
    pub marked: HashSet<EntryId>,
    pub pending: Vec<Pending>,
    /// The rows are those of another list: they stay in sight until its own are there.
    pub stale: bool,
    /// The words searched for cannot be read as a query yet: the rows are those of before.
    pub refused: bool,
    /// Actions on a row that is not there yet, in the order of their keys.
    pub awaited: Vec<(Action, Option<usize>)>,
    /// What was shown before the search.
    pub before: Option<Box<(View, Option<EntryId>, usize)>>,
}

/// An unread entry is looked for beyond the rows held, window by window; the rows shown stay until it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek {
    forward: bool,
    /// It is to be read, not only selected.
    read: bool,
    /// Where the next window begins.
    at: usize,
    /// The number of its question.
    asked: Option<u64>,
}

/// How a search for an unread entry ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    Found { read: bool },
    Nothing { forward: bool },
}

/// What to select when rows arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    First,
    Last,
    Place(usize),
}

impl Entries {
    /// The pane before anything is known.
    pub fn new(now: DateTime<Utc>) -> Entries {
        Entries {
            view: View::Unread,
            order: Order::Newest,
            usual: Order::Newest,
            orders: HashMap::new(),
            rows: Vec::new(),
            offset: 0,
            total: None,
            unread: None,
            newer: 0,
            up_to: None,
            newest: None,
            kept_since: now,
            selected: None,
            place: 0,
            top: 0,
            asked: None,
            loaded: false,
            select: None,
            seek: None,
            sought: None,
            touched: false,
            filter: None,
            terms: Vec::new(),
            marked: HashSet::new(),
            pending: Vec::new(),
            stale: false,
            refused: false,
            awaited: Vec::new(),
            before: None,
        }
    }

    /// Shows another view, from its top.
    pub fn show(&mut self, view: View, now: DateTime<Utc>) {
        let pending = std::mem::take(&mut self.pending);
        let orders = std::mem::take(&mut self.orders);
        let order = orders.get(&name_of(&view)).copied();
        *self = Entries {
            view,
            order: order.unwrap_or(self.usual),
            usual: self.usual,
            orders,
            pending,
            before: self.before.take(),
            ..Entries::new(now)
        };
    }

    /// Orders the list in the next way; it is shown so from now on.
    pub fn order_next(&mut self) {
        let next = self.order.next();
        self.order = next;
        self.orders.insert(name_of(&self.view), next);
    }

    /// How lists begin from now on that were not ordered by hand.
    pub fn set_usual(&mut self, usual: Order) {
        self.usual = usual;
        if !self.orders.contains_key(&name_of(&self.view)) {
            self.order = usual;
        }
    }

    /// A question for the rows of a window.
    pub fn question(&mut self, number: u64, window: Window) -> EntriesQuestion {
        self.asked = Some(number);
        if let Some(seek) = &mut self.seek {
            seek.asked = (window == Window::From(seek.at)).then_some(number);
        }
        self.list_as(number, window)
    }

    /// The list that is shown, from its top, for somebody else than this pane.
    pub fn list_question(&self) -> EntriesQuestion {
        self.list_as(0, Window::From(0))
    }

    fn list_as(&self, number: u64, window: Window) -> EntriesQuestion {
        EntriesQuestion {
            number,
            view: self.view.clone(),
            order: self.order,
            up_to: self.up_to,
            kept_since: self.kept_since,
            window,
            limit: LIMIT,
            filter: self.filter.clone(),
            fold: true,
        }
    }

    /// Whether the row that will be selected is still to come.
    pub fn awaits(&self) -> bool {
        let elsewhere = matches!(self.select, Some(Select::Last | Select::Place(_)));
        self.asked.is_some() && (!self.loaded || self.stale || self.seek.is_some() || elsewhere)
    }

    /// Keeps an action for when the rows are there.
    pub fn wait_with(&mut self, action: Action, count: Option<usize>) {
        if self.awaited.len() < AWAITED {
            self.awaited.push((action, count));
        }
    }

    /// The window around what is selected.
    pub fn window(&self) -> Window {
        match self.select {
            // Where the reader is going: what comes in on the way does not lead elsewhere.
            Some(Select::Last) => return Window::End,
            Some(Select::Place(place)) => {
                return Window::From(place.saturating_sub(LIMIT / 2));
            }
            Some(Select::First) | None => {}
        }
        match self.selected {
            Some(id) if self.place > EDGE => Window::Around(id),
            _ => Window::From(0),
        }
    }

    /// Takes an answer in; `false`: nobody waits for it.
    pub fn loaded(&mut self, question: &EntriesQuestion, page: EntriesPage) -> bool {
        if self.asked != Some(question.number) {
            return false;
        }
        self.asked = None;
        if let Some(seek) = self.seek.filter(|seek| seek.asked == Some(question.number)) {
            let Some(place) = self.sought_in(seek, &page) else {
                self.seek_on(seek, &page);
                return true;
            };
            self.select = Some(Select::Place(place));
            self.seek = None;
            self.sought = Some(Sought::Found { read: seek.read });
        }
        self.loaded = true;
        self.refused = false;
        self.stale = false;
        self.rows = page.rows;
        self.offset = page.offset;
        self.total = page.total;
        self.unread = page.unread;
        self.newer = page.newer;
        self.newest = page.newest;
        if self.up_to.is_none() && self.order != Order::Oldest {
            self.up_to = page.newest;
        }
        self.pending
            .retain(|pending| pending.number.is_none_or(|number| number > page.edit));
        let pending = std::mem::take(&mut self.pending);
        for mark in &pending {
            self.lay_over(mark);
        }
        self.pending = pending;
        match self.select.take() {
            Some(Select::First) => self.select_place(0),
            Some(Select::Last) => self.select_place(usize::MAX),
            Some(Select::Place(place)) => self.select_place(place),
            None => match self.row_of_selected() {
                Some(row) => {
                    // What came in above moves the window, not the eye.
                    let moved = (self.offset + row) as isize - self.place as isize;
                    self.place = self.offset + row;
                    self.top = self.top.saturating_add_signed(moved);
                }
                None => self.select_place(self.place),
            },
        }
        true
    }

    /// Looks for an unread entry beyond the rows held; `false`: there are no more.
    pub fn seek(&mut self, forward: bool, read: bool) -> bool {
        let end = self.offset + self.rows.len();
        let at = if forward {
            (end < self.length() || self.total.is_none() && self.rows.len() >= LIMIT).then_some(end)
        } else {
            (self.offset > 0).then(|| self.offset.saturating_sub(LIMIT))
        };
        self.seek = at.map(|at| Seek {
            forward,
            read,
            at,
            asked: None,
        });
        self.seek.is_some()
    }

    /// The place of the nearest unread entry in a window that was looked through.
    fn sought_in(&self, seek: Seek, page: &EntriesPage) -> Option<usize> {
        let mut places = page
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.marks.read)
            .map(|(at, _)| page.offset + at);
        if seek.forward {
            places.find(|place| *place > self.place)
        } else {
            places.rfind(|place| *place < self.place)
        }
    }

    /// On to the next window, if there is one.
    fn seek_on(&mut self, seek: Seek, page: &EntriesPage) {
        let end = page.offset + page.rows.len();
        let more = if seek.forward {
            !page.rows.is_empty() && page.total.is_none_or(|total| end < total)
        } else {
            page.offset > 0
        };
        let at = if seek.forward {
            end
        } else {
            page.offset.saturating_sub(LIMIT)
        };
        self.seek = more.then_some(Seek {
            at,
            asked: None,
            ..seek
        });
        if !more {
            let forward = seek.forward;
            self.sought = Some(Sought::Nothing { forward });
        }
    }

    fn select_place(&mut self, place: usize) {
        let Some(last) = self.rows.len().checked_sub(1) else {
            self.selected = None;
            self.place = 0;
            return;
        };
        let row = place.saturating_sub(self.offset).min(last);
        self.selected = Some(self.rows[row].id);
        self.place = self.offset + row;
    }

    /// Place of the selected entry among the rows held.
    pub fn row_of_selected(&self) -> Option<usize> {
        let id = self.selected?;
        let likely = self.place.checked_sub(self.offset);
        if let Some(at) = likely
            && self.rows.get(at).is_some_and(|row| row.id == id)
        {
            return Some(at);
        }
        self.rows.iter().position(|row| row.id == id)
    }

    /// The selected entry.
    pub fn selected_row(&self) -> Option<&EntryHead> {
        self.row_of_selected().map(|at| &self.rows[at])
    }

    /// How long the list is, as far as is known.
    pub fn length(&self) -> usize {
        self.total.unwrap_or(self.offset + self.rows.len())
    }

    /// Narrows the list, or shows all of it again; what is selected is looked for when the rows come.
    pub fn set_filter(&mut self, text: Option<String>) {
        self.filter = text.map(|text| Filter {
            text,
            query: Query::All,
        });
        self.up_to = None;
        self.place = 0;
        self.top = 0;
        self.select = self.filter.is_some().then_some(Select::First);
    }

    /// Gathers the words that the list was searched for.
    pub fn find_terms(&mut self) {
        self.terms.clear();
        if let View::Search { query, .. } = &self.view {
            self.terms = query::terms(query);
        }
        if let Some(filter) = &self.filter {
            self.terms.extend(query::terms(&filter.query));
        }
    }

    /// The reader chooses: what is selected from now on is not what comes in first.
    fn choose(&mut self) {
        self.touched = true;
        if self.loaded && self.select == Some(Select::First) {
            self.select = None;
        }
    }

    /// Moves the selection by rows; `false`: it is at the edge.
    pub fn step(&mut self, by: isize) -> bool {
        if by != 0 {
            self.choose();
        }
        let Some(mut at) = self.row_of_selected() else {
            self.select_place(self.place);
            return self.selected.is_some();
        };
        let begin = at;
        at = at
            .saturating_add_signed(by)
            .min(self.rows.len().saturating_sub(1));
        self.select_place(self.offset + at);
        at != begin
    }

    /// Moves the selection by rows, beyond those that are held too; what must be asked for first.
    pub fn step_on(&mut self, by: isize) -> Option<Window> {
        let to = self.place.saturating_add_signed(by);
        let held = self.offset..self.offset + self.rows.len();
        let beyond = to < held.start || to >= held.end && held.end < self.length();
        if beyond && !held.is_empty() && self.row_of_selected().is_some() {
            return self.jump(to);
        }
        self.step(by);
        None
    }

    /// The next or previous unread entry among the rows held.
    pub fn step_unread(&mut self, forward: bool) -> bool {
        self.choose();
        let here = self.row_of_selected().unwrap_or(0);
        let unread = |at: &usize| !self.rows[*at].marks.read;
        let found = if forward {
            (here + 1..self.rows.len()).find(unread)
        } else {
            (0..here).rev().find(unread)
        };
        if let Some(at) = found {
            self.select_place(self.offset + at);
        }
        found.is_some()
    }

    /// Selects an entry that is among the rows.
    pub fn select_row(&mut self, at: usize) {
        self.choose();
        self.select_place(self.offset + at);
    }

    /// Goes to a place in the whole list; what must be asked for first.
    pub fn jump(&mut self, place: usize) -> Option<Window> {
        self.choose();
        let last = self.length().saturating_sub(1);
        let place = place.min(last);
        if (self.offset..self.offset + self.rows.len()).contains(&place) {
            self.select_place(place);
            return None;
        }
        if place == last {
            self.select = Some(Select::Last);
            return Some(Window::End);
        }
        self.select = Some(Select::Place(place));
        Some(Window::From(place.saturating_sub(LIMIT / 2)))
    }

    /// The window to ask for, when the selection comes near the edge of what is held.
    pub fn wants(&self) -> Option<Window> {
        if self.asked.is_some() || self.rows.is_empty() {
            return None;
        }
        if let Some(seek) = self.seek {
            return Some(Window::From(seek.at));
        }
        let end = self.offset + self.rows.len();
        let more_below = match self.total {
            Some(total) => end < total,
            None => self.rows.len() >= LIMIT,
        };
        let near_end = more_below && self.place + EDGE >= end;
        let near_top = self.offset > 0 && self.place < self.offset + EDGE;
        (near_end || near_top).then(|| Window::From(self.place.saturating_sub(LIMIT / 2)))
    }

    /// Shows a mark before the store has it. How many unread entries more or fewer there are, by feed.
    pub fn mark(&mut self, pending: Pending) -> Vec<(FeedId, i32)> {
        self.choose();
        let changed = self.lay_over(&pending);
        self.pending.push(pending);
        let unread: i32 = changed.iter().map(|(_, by)| by).sum();
        if let Some(count) = &mut self.unread {
            *count = count.saturating_add_signed(unread as isize);
        }
        changed
    }

    fn lay_over(&mut self, pending: &Pending) -> Vec<(FeedId, i32)> {
        let mut changed = Vec::new();
        for row in &mut self.rows {
            if pending
                .entries
                .as_ref()
                .is_some_and(|ids| !ids.contains(&row.id))
            {
                continue;
            }
            let mark = match pending.mark {
                MarkKind::Read => &mut row.marks.read,
                MarkKind::Starred => &mut row.marks.starred,
                MarkKind::Later => &mut row.marks.later,
            };
            if *mark != pending.on {
                *mark = pending.on;
                if pending.mark == MarkKind::Read {
                    changed.push((row.feed, if pending.on { -1 } else { 1 }));
                }
            }
        }
        changed
    }

    /// The entries that a mark goes to: those selected with `v`, else the selected one.
    pub fn chosen(&self) -> Vec<EntryId> {
        if self.marked.is_empty() {
            return self.selected.into_iter().collect();
        }
        let mut ids: Vec<EntryId> = self.marked.iter().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// Keeps the selected row in sight.
    pub fn settle(&mut self, shape: Shape) {
        let last = (self.offset + self.rows.len()).saturating_sub(1);
        self.top = self
            .top
            .clamp(self.offset.min(last), last.max(self.offset.min(last)));
        if self.place < self.top {
            self.top = self.place;
        }
        let (Some(from), Some(to)) = (
            self.top.checked_sub(self.offset),
            self.place.checked_sub(self.offset),
        ) else {
            return;
        };
        if to >= self.rows.len() {
            return;
        }
        // From the selected row upwards, so that the cost is that of one screen.
        let mut used = 0;
        let mut first = to;
        for at in (from..=to).rev() {
            used += self.height_of(at, shape, at > from);
            if used > usize::from(shape.height) && at < to {
                break;
            }
            first = at;
        }
        self.top = self.offset + first;
    }

    /// Rows that a row takes, with the day heading before it.
    fn height_of(&self, at: usize, shape: Shape, day: bool) -> usize {
        let row = &self.rows[at];
        let heading = usize::from(day && shape.days && self.new_day(at, shape));
        if shape.compact {
            return 1 + heading;
        }
        let title = fit::wrap(title_of(row), shape.title_width(), shape.lines).len();
        title + 1 + heading + usize::from(shape.air)
    }

    fn new_day(&self, at: usize, shape: Shape) -> bool {
        let day = |at: usize| {
            self.rows[at]
                .published
                .with_timezone(&shape.zone)
                .date_naive()
        };
        at > 0 && day(at) != day(at - 1)
    }

    /// Whether the whole list is in sight, with room below it.
    pub fn is_short(&self, shape: Shape) -> bool {
        self.offset == 0
            && self.top == 0
            && self.length() <= self.rows.len()
            && self.placed(shape).last().is_none_or(|last| {
                last.at + 1 == self.rows.len() && last.y + last.height < shape.height
            })
    }

    /// The rows in sight: place among the rows held, first line, lines, and whether a day heading stands before it.
    pub fn placed(&self, shape: Shape) -> Vec<Placed> {
        let mut placed = Vec::new();
        let mut y = 0;
        let from = self.top.saturating_sub(self.offset);
        for at in from..self.rows.len() {
            if y >= shape.height {
                break;
            }
            let height = self.height_of(at, shape, at > from) as u16;
            let heading = at > from && shape.days && self.new_day(at, shape);
            let begin = y + u16::from(heading);
            let lines = height - u16::from(heading) - u16::from(shape.air && !shape.compact);
            placed.push(Placed {
                at,
                y: begin,
                height: lines,
                heading,
            });
            y += height;
        }
        placed
    }
}

/// What a list shows, as a name that lasts: today is another day tomorrow.
fn name_of(view: &View) -> String {
    match view {
        View::Today { .. } => "today".to_owned(),
        View::Search { text, .. } => format!("search {text}"),
        other => format!("{other:?}"),
    }
}

/// A row in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub at: usize,
    /// Below the column's heading.
    pub y: u16,
    pub height: u16,
    pub heading: bool,
}

/// What decides how high rows are.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub width: u16,
    pub height: u16,
    pub compact: bool,
    /// A blank line between rows.
    pub air: bool,
    pub days: bool,
    /// Lines that a title may take.
    pub lines: usize,
    pub zone: chrono::FixedOffset,
}

impl Shape {
    /// The shape of the list in its column.
    pub fn of(model: &Model, area: Rect) -> Shape {
        let tall = model.size.1 >= 16;
        Shape {
            width: area.width,
            height: area.height.saturating_sub(1),
            compact: model.compact || model.size.1 < 8,
            air: tall && area.width >= 46 && area.height >= 34,
            days: tall
                && model.entries.order.is_by_day()
                && !matches!(model.entries.view, View::Search { .. }),
            lines: if tall { 2 } else { 1 },
            zone: model.zone,
        }
    }

    fn title_width(self) -> usize {
        usize::from(self.width.saturating_sub(5))
    }
}

/// What stands for an entry in the list.
pub fn title_of(row: &EntryHead) -> &str {
    if row.title.trim().is_empty() {
        "without a title"
    } else {
        row.title.as_str()
    }
}

/// The name of a view, for headings.
pub fn view_name(model: &Model, view: &View) -> String {
    match view {
        View::Today { .. } => "Today".to_owned(),
        View::Unread => "Unread".to_owned(),
        View::Starred => "Starred".to_owned(),
        View::Later => "Later".to_owned(),
        View::All => "All entries".to_owned(),
        View::Feed(id) => model
            .feeds
            .row(*id)
            .map_or_else(|| "Feed".to_owned(), |row| row.title.as_str().to_owned()),
        View::Group(tag) => tag.clone(),
        View::Search {
            query: Query::Test(Test::Story(_)),
            ..
        } => "More on this".to_owned(),
        View::Search { text, .. } => model
            .feeds
            .saved()
            .iter()
            .find(|saved| saved.query == *text)
            .map_or_else(|| format!("“{text}”"), |saved| saved.name.to_string()),
    }
}

/// What a view means as a query, for marking all of it; `None` for what only its rows say.
pub fn query_of(model: &Model, view: &View) -> Option<Query> {
    Some(match view {
        View::Today { since } => Query::Test(Test::After(*since)),
        View::Unread => Query::Test(Test::Is(Mark::Unread)),
        View::Starred => Query::Test(Test::Is(Mark::Starred)),
        View::Later => Query::Test(Test::Is(Mark::Later)),
        View::All => Query::All,
        View::Feed(id) => Query::Test(Test::Feed(model.feeds.row(*id)?.url.clone())),
        View::Group(tag) => Query::Test(Test::FeedTag(tag.clone())),
        View::Search { query, .. } if *query == Query::All => return None,
        View::Search { query, .. } => query.clone(),
    })
}

/// Draws the list.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let entries = &model.entries;
    let focused = model.focus == Column::Entries;
    let shape = Shape::of(model, area);
    let mut name = view_name(model, &entries.view);
    if !matches!(entries.view, View::Search { .. }) {
        name = name.to_uppercase();
    }
    let sticky = entries
        .rows
        .get(entries.top.saturating_sub(entries.offset))
        .map(|row| model.day_of(row.published));
    if let Some(day) = sticky.filter(|day| shape.days && *day != model.today()) {
        name = format!(
            "{}  {}",
            fit::cut(&name, usize::from(area.width / 2)),
            words::day_heading(day, model.today())
        );
    }
    if !entries.order.is_by_day() {
        name = format!("{name}  {}", entries.order.words());
    }
    let right = if !entries.marked.is_empty() {
        format!("{} selected", entries.marked.len())
    } else if let Some(filter) = &entries.filter {
        format!("with “{}”", filter.text)
    } else if entries.newer > 0 && entries.up_to.is_some() {
        format!("{} new, . shows them", words::number(entries.newer))
    } else if let View::Search { .. } = entries.view {
        if entries.loaded && !entries.refused {
            words::plural(entries.length(), "match").replace("matchs", "matches")
        } else {
            String::new()
        }
    } else {
        match entries.unread.filter(|_| !entries.rows.is_empty()) {
            Some(unread) if model.settings.counts => {
                format!("{} unread", words::number(unread))
            }
            _ => String::new(),
        }
    };
    heading(buf, area, &name, &right, focused, theme);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    if entries.rows.is_empty() {
        draw_empty(model, body, buf);
        return;
    }
    let placed = entries.placed(shape);
    for row in placed {
        if row.heading {
            let day = model.day_of(entries.rows[row.at].published);
            let text = words::day_heading(day, model.today());
            put(
                buf,
                body.x + 1,
                body.y + row.y - 1,
                &text,
                body.width,
                theme.style(Look::Dim),
            );
        }
        let height = row.height.min(body.height.saturating_sub(row.y));
        if height == 0 {
            continue;
        }
        let area = Rect::new(body.x, body.y + row.y, body.width, height);
        draw_row(model, &entries.rows[row.at], area, shape, focused, buf);
    }
}

fn draw_row(
    model: &Model,
    row: &EntryHead,
    area: Rect,
    shape: Shape,
    focused: bool,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let symbols = &theme.symbols;
    let selected = model.entries.selected == Some(row.id);
    if selected {
        select(buf, area, focused, theme);
    }
    let chosen = model.entries.marked.contains(&row.id);
    let (mark, look) = match (chosen, row.marks.read) {
        (true, _) => (symbols.chosen, Look::Accent),
        (_, true) => (symbols.read, Look::Dim),
        (_, false) => (symbols.unread, Look::Accent),
    };
    put(buf, area.x + 2, area.y, mark, 1, theme.style(look));
    let style = if row.marks.read {
        theme.style(Look::Dim)
    } else {
        theme.style(Look::Unread)
    };
    let right = marks_of(model, row);
    let right_width = fit::width(&right) as u16;
    let x = area.x + 4;
    let width = area.width.saturating_sub(5);
    if shape.compact {
        let age = words::age(row.published, model.now, model.zone);
        let tail = if right.is_empty() {
            age
        } else {
            format!("{right} {age}")
        };
        let tail_width = if width >= 40 {
            fit::width(&tail) as u16 + 1
        } else {
            0
        };
        let title = fit::cut(title_of(row), usize::from(width.saturating_sub(tail_width)));
        put(buf, x, area.y, &title, width, style);
        mark_terms(model, &title, x, area.y, buf);
        if tail_width > 0 {
            put_right(
                buf,
                Rect {
                    width: area.width - 1,
                    ..area
                },
                area.y,
                &tail,
                theme.style(Look::Dim),
            );
        }
        return;
    }
    let title = title_of(row);
    let right_to_left = bidi::is_right_to_left(title);
    let lines = fit::wrap(title, usize::from(width), shape.lines);
    let count = lines.len() as u16;
    for (at, line) in lines.iter().enumerate().take(usize::from(area.height)) {
        put_line(
            buf,
            x,
            area.y + at as u16,
            line,
            width,
            right_to_left,
            style,
        );
        mark_terms(model, line, x, area.y + at as u16, buf);
    }
    if count < area.height {
        let y = area.y + count;
        let room = width.saturating_sub(if right_width > 0 { right_width + 1 } else { 0 });
        let mut details = Vec::with_capacity(4);
        if !matches!(model.entries.view, View::Feed(_)) {
            details.push(row.feed_title.as_str().to_owned());
        }
        details.push(words::age(row.published, model.now, model.zone));
        match (row.sources, row.comments) {
            (Some(n), _) if n > 0 => details.push(words::plural(usize::from(n), "source")),
            (_, Some(n)) => details.push(words::plural(n as usize, "comment")),
            _ => {}
        }
        details.extend(row.tags.iter().take(2).map(|tag| format!("#{tag}")));
        let text = fit::parts(&details, usize::from(room));
        put(buf, x, y, &text, room, theme.style(Look::Dim));
        colour_tags(model, row, &text, (x, y), buf);
        put_right(
            buf,
            Rect {
                width: area.width - 1,
                ..area
            },
            y,
            &right,
            theme.style(Look::Accent),
        );
    }
}

/// Gives each tag of a line of details its colour.
fn colour_tags(model: &Model, row: &EntryHead, text: &str, (x, y): (u16, u16), buf: &mut Buffer) {
    for tag in &row.tags {
        let word = format!("#{tag}");
        if let Some(at) = text.find(&word) {
            let from = x + fit::width(&text[..at]) as u16;
            let area = Rect::new(from, y, fit::width(&word) as u16, 1).intersection(buf.area);
            buf.set_style(area, model.theme.tag(tag));
        }
    }
}

/// Marks the words that the list was searched for, where they stand in a line that was put at a place.
fn mark_terms(model: &Model, line: &str, x: u16, y: u16, buf: &mut Buffer) {
    if model.entries.terms.is_empty() || crate::text::bidi::has_right_to_left(line) {
        return;
    }
    let style = model
        .theme
        .style(Look::Accent)
        .add_modifier(Modifier::UNDERLINED);
    for (before, inside) in fit::found(line, &model.entries.terms) {
        let from = x + before as u16;
        let area = Rect::new(from, y, inside as u16, 1).intersection(buf.area);
        buf.set_style(area, style);
    }
}

fn marks_of(model: &Model, row: &EntryHead) -> String {
    let symbols = &model.theme.symbols;
    let mut marks = Vec::new();
    if row.note {
        marks.push(symbols.note.to_owned());
    }
    if row.marks.later {
        marks.push(symbols.later.to_owned());
    }
    if row.marks.starred {
        marks.push(symbols.star.to_owned());
    }
    if let Some((_, sites)) = row.story.filter(|(_, sites)| *sites > 1) {
        marks.push(format!("{} {sites}", symbols.story));
    }
    marks.join(" ")
}

/// What is said where there is nothing to list: what is the case, then what can be done, with actions in braces; none while
/// that is not known.
pub fn empty_words(model: &Model) -> &'static [&'static str] {
    let entries = &model.entries;
    if !entries.loaded {
        return &[];
    }
    if model.feeds.is_empty() && model.feeds.loaded {
        return &[
            "No feeds yet.",
            "{add-feed} adds one: the address of a feed, or of any page. {import} reads a list, {welcome} offers some.",
        ];
    }
    if model.progress.is_some() && model.counts.all == 0 {
        return &["The first round of visits is on its way."];
    }
    let offline = model.settings.offline && model.counts.all == 0;
    if offline && !matches!(entries.view, View::Search { .. }) {
        return &[
            "Nothing is kept yet, and bron was started offline: nobody is asked.",
            "Started without --offline it visits the feeds.",
        ];
    }
    if entries.filter.is_some() {
        return &[
            "Nothing here holds these words.",
            "{cancel} shows the whole list.",
        ];
    }
    if entries.refused {
        return &["This cannot be searched for yet."];
    }
    match &entries.view {
        View::Today { .. } => &[
            "Nothing was published today yet.",
            "{visit-all} visits all feeds, {go-unread} shows what is unread.",
        ],
        View::Unread => &[
            "Nothing unread.",
            "{visit-all} visits all feeds, {go-today} shows today, {go-all} everything.",
        ],
        View::Starred => &["No stars yet.", "{star} on an entry keeps it here."],
        View::Later => &[
            "Nothing for later.",
            "{later} on an entry or a source keeps it here.",
        ],
        View::Search { .. } => &[
            "Nothing holds these words.",
            "Fewer words find more; -word leaves out; {cancel} goes back.",
        ],
        View::Feed(_) => &[
            "This feed has no entries yet.",
            "{visit} visits it now, {about} says how it is doing.",
        ],
        View::All | View::Group(_) => &["Nothing here yet.", "{visit-all} visits all feeds."],
    }
}

fn draw_empty(model: &Model, area: Rect, buf: &mut Buffer) {
    if let View::Feed(id) = model.entries.view
        && let Some(feed) = model.feeds.row(id)
        && let Health::Failing(why) | Health::Gone(why) = &feed.health
        && model.entries.loaded
    {
        let again = model
            .keymap
            .teach("{visit} visits it now, {about} says more.");
        say_in(buf, area, &[why.as_str(), &again], &model.theme);
        return;
    }
    let lines: Vec<String> = empty_words(model)
        .iter()
        .map(|line| model.keymap.teach(line))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    say_in(buf, area, &lines, &model.theme);
}
