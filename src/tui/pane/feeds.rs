//! The feed list: views (where the top line has no room for them), groups that fold, feeds and their health.

use super::{heading, put, put_right, say_in, select};
use crate::feed::FeedId;
use crate::news::{FeedRow, Health, SavedView, View};
use crate::tui::columns::Column;
use crate::tui::theme::Look;
use crate::tui::{Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A view by its kind, as it stands in the top line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewKind {
    Today,
    Unread,
    Starred,
    Later,
    All,
}

impl ViewKind {
    pub const ALL: [ViewKind; 5] = [
        ViewKind::Today,
        ViewKind::Unread,
        ViewKind::Starred,
        ViewKind::Later,
        ViewKind::All,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            ViewKind::Today => "Today",
            ViewKind::Unread => "Unread",
            ViewKind::Starred => "Starred",
            ViewKind::Later => "Later",
            ViewKind::All => "All",
        }
    }

    /// The view.
    pub fn view(self, model: &Model) -> View {
        match self {
            ViewKind::Today => View::Today {
                since: model.midnight(),
            },
            ViewKind::Unread => View::Unread,
            ViewKind::Starred => View::Starred,
            ViewKind::Later => View::Later,
            ViewKind::All => View::All,
        }
    }

    /// The number beside it.
    pub fn count(self, model: &Model) -> u32 {
        match self {
            ViewKind::Today => model.counts.today_unread,
            ViewKind::Unread => model.counts.unread,
            ViewKind::Starred => model.counts.starred,
            ViewKind::Later => model.counts.later,
            ViewKind::All => model.counts.all,
        }
    }

    /// Whether that view is open.
    pub fn is(self, view: &View) -> bool {
        matches!(
            (self, view),
            (ViewKind::Today, View::Today { .. })
                | (ViewKind::Unread, View::Unread)
                | (ViewKind::Starred, View::Starred)
                | (ViewKind::Later, View::Later)
                | (ViewKind::All, View::All)
        )
    }
}

/// What a row of the list is; also what a selection remembers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    View(ViewKind),
    /// A saved view, by its name.
    Saved(String),
    /// A tag: `a/b` stands within `a`.
    Group(String),
    /// A feed, within that group (empty: outside of all).
    Feed(FeedId, String),
}

/// The state of the pane.
#[derive(Clone, Debug, Default)]
pub struct Feeds {
    rows: Vec<FeedRow>,
    saved: Vec<SavedView>,
    places: HashMap<FeedId, usize>,
    /// The rows to show: made anew when feeds or folds change, not when drawing.
    items: Vec<Item>,
    /// Unread entries of each group.
    unread: HashMap<String, u32>,
    folded: HashSet<String>,
    pub selected: Option<Item>,
    pub top: usize,
    pub loaded: bool,
    /// Whether the views stand in the list.
    views: bool,
    pub filter: Option<String>,
}

impl Feeds {
    /// Takes the feeds in.
    pub fn set(&mut self, rows: Vec<FeedRow>) {
        self.rows = rows;
        self.places = self
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| (row.id, at))
            .collect();
        self.loaded = true;
        self.rebuild();
    }

    /// Takes the saved views in.
    pub fn set_saved(&mut self, saved: Vec<SavedView>) {
        self.saved = saved;
        self.rebuild();
    }

    /// The saved views, in their order.
    pub fn saved(&self) -> &[SavedView] {
        &self.saved
    }

    /// The saved view of that name.
    pub fn saved_named(&self, name: &str) -> Option<&SavedView> {
        self.saved.iter().find(|saved| saved.name.as_str() == name)
    }

    /// A saved view was counted.
    pub fn set_saved_unread(&mut self, name: &str, unread: u32) {
        if let Some(saved) = self
            .saved
            .iter_mut()
            .find(|saved| saved.name.as_str() == name)
        {
            saved.unread = Some(unread);
        }
    }

    /// The feeds, in the order of the store.
    pub fn rows(&self) -> &[FeedRow] {
        &self.rows
    }

    /// A feed.
    pub fn row(&self, id: FeedId) -> Option<&FeedRow> {
        self.places.get(&id).map(|at| &self.rows[*at])
    }

    /// The tags of feeds, each once.
    pub fn groups(&self) -> Vec<String> {
        let mut tags: Vec<String> = self.unread.keys().cloned().collect();
        tags.sort();
        tags
    }

    /// Whether a group is folded.
    pub fn is_folded(&self, group: &str) -> bool {
        self.folded.contains(group)
    }

    /// Unread entries of a group.
    pub fn unread_of(&self, group: &str) -> u32 {
        self.unread.get(group).copied().unwrap_or(0)
    }

    /// No feed at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of the list.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Puts the views into the list, or takes them out.
    pub fn show_views(&mut self, views: bool) {
        if self.views != views {
            self.views = views;
            self.rebuild();
        }
    }

    /// Narrows the list to feeds whose title holds the words.
    pub fn set_filter(&mut self, filter: Option<String>) {
        self.filter = filter;
        self.rebuild();
    }

    /// Changes an unread count before the store has it.
    pub fn add_unread(&mut self, feed: FeedId, by: i32) {
        let Some(at) = self.places.get(&feed).copied() else {
            return;
        };
        self.rows[at].unread = self.rows[at].unread.saturating_add_signed(by);
        for tag in self.rows[at].tags.clone() {
            for group in with_parents(&tag) {
                if let Some(unread) = self.unread.get_mut(group) {
                    *unread = unread.saturating_add_signed(by);
                }
            }
        }
    }

    fn rebuild(&mut self) {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut loose = Vec::new();
        self.unread.clear();
        for (at, row) in self.rows.iter().enumerate() {
            if row.hidden {
                continue;
            }
            for tag in &row.tags {
                for group in with_parents(tag) {
                    groups.entry(group.to_owned()).or_default();
                    *self.unread.entry(group.to_owned()).or_default() += row.unread;
                }
            }
            let wanted = self
                .filter
                .as_ref()
                .is_none_or(|words| row.title.to_lowercase().contains(words.as_str()));
            if !wanted {
                continue;
            }
            if row.tags.is_empty() {
                loose.push(at);
            }
            for tag in &row.tags {
                groups.entry(tag.as_str().to_owned()).or_default().push(at);
            }
        }
        self.items.clear();
        if self.views && self.filter.is_none() {
            self.items.extend(ViewKind::ALL.map(Item::View));
        }
        if self.filter.is_none() {
            let names = self.saved.iter().map(|saved| saved.name.to_string());
            self.items.extend(names.map(Item::Saved));
        }
        for (group, feeds) in &groups {
            if self.filter.is_some() && feeds.is_empty() {
                continue;
            }
            let hidden =
                with_parents(group).any(|above| above != group && self.folded.contains(above));
            if hidden && self.filter.is_none() {
                continue;
            }
            self.items.push(Item::Group(group.clone()));
            if !self.folded.contains(group) || self.filter.is_some() {
                self.items.extend(
                    feeds
                        .iter()
                        .map(|at| Item::Feed(self.rows[*at].id, group.clone())),
                );
            }
        }
        self.items.extend(
            loose
                .iter()
                .map(|at| Item::Feed(self.rows[*at].id, String::new())),
        );
        let kept = self
            .selected
            .as_ref()
            .is_some_and(|item| self.items.contains(item));
        if !kept {
            let group = match &self.selected {
                Some(Item::Feed(_, group)) => Some(Item::Group(group.clone())),
                _ => None,
            };
            self.selected = group
                .filter(|group| self.items.contains(group))
                .or_else(|| self.items.first().cloned());
        }
    }

    /// Where the selection stands.
    pub fn place(&self) -> Option<usize> {
        let selected = self.selected.as_ref()?;
        self.items.iter().position(|item| item == selected)
    }

    /// Moves the selection; `false`: it is at the edge.
    pub fn step(&mut self, by: isize) -> bool {
        let here = self.place().unwrap_or(0);
        let to = here
            .saturating_add_signed(by)
            .min(self.items.len().saturating_sub(1));
        self.selected = self.items.get(to).cloned();
        to != here
    }

    /// Selects the row at a place in the list.
    pub fn select_place(&mut self, place: usize) {
        self.selected = self
            .items
            .get(place.min(self.items.len().saturating_sub(1)))
            .cloned();
    }

    /// The next feed with something unread, around the end to the beginning.
    pub fn next_unread(&mut self) -> bool {
        let here = self.place().map_or(0, |place| place + 1);
        let count = self.items.len();
        let found =
            (0..count)
                .map(|step| (here + step) % count)
                .find(|at| match &self.items[*at] {
                    Item::Feed(id, _) => self.row(*id).is_some_and(|row| row.unread > 0),
                    _ => false,
                });
        if let Some(at) = found {
            self.select_place(at);
        }
        found.is_some()
    }

    /// Folds or unfolds the group selected, or the group of the feed selected.
    pub fn turn_group(&mut self) {
        let group = match &self.selected {
            Some(Item::Group(group) | Item::Feed(_, group)) if !group.is_empty() => group.clone(),
            _ => return,
        };
        if !self.folded.remove(&group) {
            self.folded.insert(group.clone());
        }
        self.selected = Some(Item::Group(group));
        self.rebuild();
    }

    /// The feed selected.
    pub fn selected_feed(&self) -> Option<&FeedRow> {
        match &self.selected {
            Some(Item::Feed(id, _)) => self.row(*id),
            _ => None,
        }
    }

    /// Keeps the selection in sight.
    pub fn settle(&mut self, height: usize) {
        let place = self.place().unwrap_or(0);
        self.top = self.top.min(place);
        if height > 0 && place >= self.top + height {
            self.top = place + 1 - height;
        }
        self.top = self.top.min(self.items.len().saturating_sub(height));
    }
}

/// `a/b/c`: `a`, `a/b`, `a/b/c`.
fn with_parents(tag: &str) -> impl Iterator<Item = &str> {
    tag.match_indices('/')
        .map(|(at, _)| &tag[..at])
        .chain([tag])
}

/// Draws the list.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let feeds = &model.feeds;
    let focused = model.focus == Column::Feeds;
    let right = match &feeds.filter {
        Some(words) => format!("with “{words}”"),
        None => String::new(),
    };
    heading(buf, area, "FEEDS", &right, focused, theme);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    if feeds.items.is_empty() {
        if feeds.loaded {
            say_in(buf, body, &["No feeds yet.", "a adds one."], theme);
        }
        return;
    }
    for (line, item) in feeds
        .items
        .iter()
        .skip(feeds.top)
        .take(usize::from(body.height))
        .enumerate()
    {
        let row = Rect::new(body.x, body.y + line as u16, body.width, 1);
        if feeds.selected.as_ref() == Some(item) && (focused || is_open(model, item)) {
            select(buf, row, focused, theme);
        }
        draw_item(model, item, row, buf);
    }
}

/// Whether the entries shown are those of the row.
fn is_open(model: &Model, item: &Item) -> bool {
    match (item, &model.entries.view) {
        (Item::View(kind), view) => kind.is(view),
        (Item::Saved(name), View::Search { text, .. }) => model
            .feeds
            .saved_named(name)
            .is_some_and(|saved| saved.query == *text),
        (Item::Group(group), View::Group(open)) => group == open,
        (Item::Feed(id, _), View::Feed(open)) => id == open,
        _ => false,
    }
}

fn draw_item(model: &Model, item: &Item, row: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let symbols = &theme.symbols;
    let inner = Rect {
        x: row.x + 1,
        width: row.width.saturating_sub(2),
        ..row
    };
    let (indent, sign, name, count, look) = match item {
        Item::View(kind) => (0, "", kind.name().to_owned(), kind.count(model), Look::Text),
        Item::Saved(name) => {
            let unread = model.feeds.saved_named(name).and_then(|saved| saved.unread);
            (0, "", name.clone(), unread.unwrap_or(0), Look::Text)
        }
        Item::Group(group) => {
            let depth = group.matches('/').count();
            let name = group.rsplit('/').next().unwrap_or(group).to_owned();
            let sign = if model.feeds.folded.contains(group) {
                symbols.folded
            } else {
                symbols.open
            };
            let unread = model.feeds.unread.get(group).copied().unwrap_or(0);
            (depth, sign, name, unread, Look::Text)
        }
        Item::Feed(id, group) => {
            let Some(feed) = model.feeds.row(*id) else {
                return;
            };
            let depth = if group.is_empty() {
                0
            } else {
                group.matches('/').count()
            };
            let quiet = feed.unread == 0 || matches!(feed.health, Health::Gone(_));
            let look = if quiet { Look::Dim } else { Look::Text };
            (depth, "", feed.title.as_str().to_owned(), feed.unread, look)
        }
    };
    let mut style = theme.style(look);
    if matches!(item, Item::Group(_)) {
        style = style.add_modifier(Modifier::BOLD);
    }
    let mut right = if count > 0 && model.settings.counts {
        words::number(count as usize)
    } else {
        String::new()
    };
    let mut right_look = Look::Dim;
    if let Item::Feed(id, _) = item {
        let visiting = model
            .progress
            .as_ref()
            .is_some_and(|progress| progress.visiting.contains(id));
        let ill = model
            .feeds
            .row(*id)
            .is_some_and(|feed| matches!(feed.health, Health::Failing(_) | Health::Gone(_)));
        if visiting {
            right = symbols.spinner[model.spin % symbols.spinner.len()].to_owned();
            right_look = Look::Accent;
        } else if ill {
            let sign = format!("{} ", symbols.warn);
            let width = fit::width(&right) as u16 + 2;
            if inner.width > width {
                put(
                    buf,
                    inner.right() - width,
                    row.y,
                    &sign,
                    2,
                    theme.style(Look::Error),
                );
            }
        }
    }
    let shift = 2 * indent as u16;
    put(
        buf,
        inner.x + shift,
        row.y,
        sign,
        1,
        theme.style(Look::Text),
    );
    let used = put_right(buf, inner, row.y, &right, theme.style(right_look));
    let ill = if used > 0 { 3 } else { 2 };
    let room = inner.width.saturating_sub(used + shift + 2 + ill);
    put(
        buf,
        inner.x + shift + 2,
        row.y,
        &fit::cut(&name, usize::from(room)),
        room,
        style,
    );
}
