//! What is read: the article shown, its place, its selected source, and the way that led there.
//! Drawing is the business of `pane::article` and `pane::sources`.
//!
//! - Text and panel move together: a scroll selects the source under the reading line, a step in the panel scrolls the text.
//! - An answer that nobody waits for any more is dropped by its number.

use super::fragment;
use super::trail::{Place, Step, Trail};
use crate::feed::{EntryId, StoryId};
use crate::news::{ArticleView, Beside, CardState, CardView, SourceRow, Target};
use crate::source::Role;
use crate::text::{LineKind, SafeText};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How far the article is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing was opened.
    #[default]
    Empty,
    /// Asked for.
    Waiting,
    /// Its page is being fetched.
    Fetching,
    Ready,
    /// In words.
    Failed(SafeText),
}

/// Where an anchor that cites a source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    pub line: usize,
    pub anchor: u32,
    /// Place in [`ArticleView::sources`].
    pub row: usize,
}

/// A row of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Heading of a group: how many rows it has, whether they are folded away.
    Group {
        role: Role,
        count: usize,
        folded: bool,
    },
    /// Place in [`ArticleView::sources`].
    Card(usize),
    /// Who else tells the story of the article.
    Story,
}

/// The state of article and panel.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub trail: Trail,
    /// The number of the newest wish for an article.
    pub number: u64,
    /// The width that was asked for.
    pub width: u16,
    /// The room that was asked for pictures, by the number of the image.
    pub pictures: Vec<(u16, u16)>,
    pub state: State,
    /// What stands beside the entry shown.
    pub beside: Option<(EntryId, Beside)>,
    /// The reader waits to be taken to the primary source of this entry's story.
    pub primary_of: Option<EntryId>,
    /// The story that the entry shown was last known to be in, and how many sites tell it.
    pub story: Option<(EntryId, Option<(StoryId, u16)>)>,
    /// Opened to be read, not only looked at in passing.
    pub opened: bool,
    /// The first line in sight; the head of the article counts as lines before the text.
    pub top: usize,
    pub panel_top: usize,
    /// The selected row of the panel.
    pub selected: Option<Item>,
    /// Columns that wide code is scrolled to the right.
    pub sideways: u16,
    pub find: Option<String>,
    /// The attached file that was opened last.
    pub opened_file: Option<String>,
    /// Lines of the text that hold what is searched.
    pub matches: Vec<usize>,
    /// Places in entries that were read, as far as they were moved in; newer than what an article brings along.
    pub places: HashMap<EntryId, usize>,
    /// Entries that were left with a place that is not written down yet.
    pub left: Vec<EntryId>,
    /// Rows of the article's column, as last settled.
    pub height: usize,
    /// Keys whose cards were asked for in this article.
    pub asked: HashSet<String>,
    /// The rows that each card of the panel takes, and the width for which that is so; `None`: to be measured. 0: that of a
    /// card that was not shown yet.
    pub heights: Option<(u16, Vec<u16>)>,
    /// Cards on which other words stand by now than when they were measured: they keep their heights while they are seen.
    pub late: Vec<usize>,
    /// Rows above and below the text, as painted.
    head: usize,
    tail: usize,
    restore: Option<Place>,
    /// What the address of the page leads to, until it was gone to: its fragment.
    toward: Option<String>,
    citations: Vec<Citation>,
    headings: Vec<usize>,
}

/// The order of groups in the panel.
pub const GROUPS: [Role; 7] = [
    Role::Source,
    Role::Media,
    Role::Discussion,
    Role::Mention,
    Role::SameSite,
    Role::Shop,
    Role::Recommended,
];

/// Cards asked for by themselves, an article.
pub const CARDS: usize = 6;

/// Whether the card of a source may be asked for by itself.
pub fn may_be_asked(row: &SourceRow) -> bool {
    (row.role == Role::Source || row.primary)
        && !row.short
        && !row.card.kept
        && row.card.entry.is_none()
        && matches!(row.card.state, CardState::None | CardState::Embedded)
}

/// Whether a group is folded as long as the reader does not turn it.
fn folded_by_habit(role: Role) -> bool {
    matches!(
        role,
        Role::Mention | Role::SameSite | Role::Shop | Role::Recommended
    )
}

impl Reading {
    /// The article shown.
    pub fn view(&self) -> Option<&ArticleView> {
        self.trail.current().and_then(|step| step.view.as_deref())
    }

    /// What is shown, or waited for.
    pub fn target(&self) -> Option<&Target> {
        self.trail.current().map(|step| &step.target)
    }

    /// Whether the article cites anything.
    pub fn has_sources(&self) -> bool {
        self.view().is_some_and(|view| !view.sources.is_empty())
    }

    /// Whether the panel has a row to stand on: an article that cites nothing may be told elsewhere.
    pub fn has_rows(&self) -> bool {
        self.has_sources() || self.view().is_some() && !self.told_by().is_empty()
    }

    /// Begins a new way at an entry.
    pub fn begin(&mut self, target: Target, name: String) {
        self.note_place();
        self.trail.begin(Step::new(target, name));
        self.arrive();
    }

    /// Nothing is shown any more.
    pub fn close(&mut self) {
        if self.trail.current().is_some() {
            self.note_place();
            self.trail = Trail::default();
            self.arrive();
            self.state = State::Empty;
        }
    }

    /// Goes to a source.
    pub fn go(&mut self, target: Target, name: String, in_panel: bool) {
        self.keep_place(in_panel);
        self.trail.go(target, name);
        self.arrive();
    }

    /// One step back or forward; `false` where there is none.
    pub fn walk(&mut self, back: bool, in_panel: bool) -> bool {
        self.keep_place(in_panel);
        let moved = if back {
            self.trail.back()
        } else {
            self.trail.forward()
        };
        if moved {
            self.arrive();
        }
        moved
    }

    /// The shown step was replaced: what is known of it is taken up again.
    fn arrive(&mut self) {
        self.sideways = 0;
        self.find = None;
        self.matches.clear();
        self.asked.clear();
        self.heights = None;
        self.late.clear();
        self.selected = None;
        self.top = 0;
        self.panel_top = 0;
        self.restore = self.trail.current().map(|step| step.place.clone());
        self.toward = None;
        self.state = State::Waiting;
        self.index();
        if self.view().is_some() {
            self.state = State::Ready;
        }
    }

    /// Remembers in the trail where the reader is.
    pub fn keep_place(&mut self, in_panel: bool) {
        let place = Place {
            offset: self.offset(),
            source: self.selected_source().map(|row| row.key.clone()),
            turned: self
                .trail
                .current()
                .map(|step| step.place.turned.clone())
                .unwrap_or_default(),
            panel_top: self.panel_top,
            in_panel,
        };
        if let Some(step) = self.trail.current_mut() {
            step.place = place;
        }
    }

    /// Notes where the reader is in the entry, if that has changed: the beginning, and the end, are no place.
    pub fn note_place(&mut self) -> bool {
        let Some(Target::Entry(entry)) = self.target().filter(|_| self.opened) else {
            return false;
        };
        let entry = *entry;
        let Some(view) = self.view() else {
            return false;
        };
        if self.restore.is_some() || view.partial {
            return false;
        }
        let offset = if self.at_end(self.height) {
            0
        } else {
            self.offset().unwrap_or(0)
        };
        let known = self.places.get(&entry).copied().or(view.place);
        if offset == known.unwrap_or(0) {
            return false;
        }
        self.places.insert(entry, offset);
        if !self.left.contains(&entry) {
            self.left.push(entry);
        }
        true
    }

    fn head(&self) -> usize {
        self.head
    }

    /// Takes in how many rows stand above and below the text; then a place can be gone to.
    pub fn set_frame(&mut self, (head, tail): (usize, usize)) {
        // The first line in sight stays it when the head takes more rows, or fewer.
        if self.top > 0 && self.top >= self.head {
            self.top = self.top - self.head + head;
        }
        (self.head, self.tail) = (head, tail);
        self.take_place();
    }

    /// The place of the first line in sight.
    fn offset(&self) -> Option<usize> {
        let line = self.top.checked_sub(self.head())?;
        if self.top == 0 {
            return None;
        }
        self.view()
            .and_then(|view| view.lines.lines.get(line))
            .map(|line| line.offset)
    }

    /// Goes where the step's place says.
    fn take_place(&mut self) {
        let Some(place) = self.restore.clone() else {
            return;
        };
        let Some(view) = self.view() else {
            return;
        };
        let head = self.head;
        let known = view.lines.lines.last().map_or(0, |line| line.offset);
        let partial = view.partial;
        let top = place
            .offset
            .map_or(0, |offset| head + first_line_of(view, offset));
        let row = place
            .source
            .as_ref()
            .and_then(|key| view.sources.iter().position(|source| &source.key == key));
        if partial && place.offset.is_some_and(|offset| offset > known) {
            return;
        }
        self.top = top;
        self.panel_top = place.panel_top;
        self.selected = row.map(Item::Card).or_else(|| self.first_card());
        self.restore = None;
    }

    fn first_card(&self) -> Option<Item> {
        self.items()
            .into_iter()
            .find(|item| matches!(item, Item::Card(_)))
    }

    /// Selects the first row of the panel where none is.
    pub fn select_any(&mut self) {
        if self.selected.is_none() {
            self.selected = self.items().first().copied();
        }
    }

    /// Takes in what stands beside the entry shown; what its head says of that may have changed since it was read.
    pub fn set_beside(&mut self, entry: EntryId, beside: Beside) {
        if let Some(view) = self.trail.current_mut().and_then(|step| step.view.as_mut())
            && view.target == Target::Entry(entry)
            && view.more != beside.more
        {
            Arc::make_mut(view).more.clone_from(&beside.more);
        }
        self.beside = Some((entry, beside));
    }

    /// The answer to a wish. `false`: nobody waits for it.
    pub fn ready(&mut self, number: u64, view: Arc<ArticleView>) -> bool {
        if number != self.number {
            return false;
        }
        let selected = self.selected_source().map(|row| row.key.clone());
        let resized = self.view().is_some();
        if resized && self.restore.is_none() {
            let in_panel = self.trail.current().is_some_and(|step| step.place.in_panel);
            self.keep_place(in_panel);
            self.restore = self.trail.current().map(|step| step.place.clone());
        }
        if let Some(place) = &mut self.restore
            && !resized
            && place.offset.is_none()
        {
            // Where the reader left off when it was last open.
            place.offset = match &view.target {
                Target::Entry(entry) => self.places.get(entry).copied().or(view.place),
                Target::Page { .. } => None,
            }
            .filter(|offset| *offset > 0);
        }
        self.seek_place(&view);
        self.state = State::Ready;
        self.keep_heights(&view);
        if let Some(step) = self.trail.current_mut() {
            if !view.title.is_empty() {
                step.name = view.title.as_str().to_owned();
            }
            step.view = Some(view);
        }
        self.index();
        if self.selected.is_none() {
            self.selected = selected
                .and_then(|key| self.row_of(&key))
                .map(Item::Card)
                .or_else(|| self.first_card());
        }
        if let Some(words) = self.find.clone() {
            self.find(&words);
        }
        true
    }

    /// The page is to be shown from the place on to which its address leads, unless the reader went elsewhere meanwhile.
    fn seek_place(&mut self, view: &ArticleView) {
        if self.top > 0 {
            self.toward = None;
        }
        let Some(toward) = &self.toward else {
            return;
        };
        let found = fragment::offset(&view.lines, toward);
        if found.is_some() || !view.partial {
            self.toward = None;
        }
        if let (Some(place), Some(offset)) = (&mut self.restore, found) {
            place.offset = Some(offset);
        }
    }

    /// The page that was gone to is to be shown from there on to which an address leads.
    pub fn go_toward(&mut self, address: &str) {
        let fragment = address.split_once('#').map(|(_, fragment)| fragment);
        let waits = self.view().is_none();
        self.toward = fragment
            .filter(|text| waits && !text.is_empty())
            .map(str::to_owned);
    }

    /// The cards of the panel stay as high as they are when the same article comes anew.
    fn keep_heights(&mut self, new: &ArticleView) {
        let Some((width, heights)) = self.heights.take() else {
            return;
        };
        let Some(old) = self.view() else {
            return;
        };
        let known: HashMap<&str, (usize, u16)> = old
            .sources
            .iter()
            .zip(heights)
            .enumerate()
            .map(|(at, (row, height))| (row.key.as_str(), (at, height)))
            .collect();
        let mut late = Vec::new();
        let mut kept = Vec::with_capacity(new.sources.len());
        for (at, row) in new.sources.iter().enumerate() {
            let Some((before, height)) = known.get(row.key.as_str()) else {
                kept.push(0);
                continue;
            };
            if old.sources[*before].card != row.card || self.late.contains(before) {
                late.push(at);
            }
            kept.push(*height);
        }
        self.heights = Some((width, kept));
        self.late = late;
    }

    fn row_of(&self, key: &str) -> Option<usize> {
        self.view()?
            .sources
            .iter()
            .position(|source| source.key == key)
    }

    /// Notes where citations and headings stand.
    fn index(&mut self) {
        let mut citations: Vec<Citation> = Vec::new();
        let mut headings = Vec::new();
        if let Some(view) = self.view() {
            for (line, content) in view.lines.lines.iter().enumerate() {
                if matches!(content.kind, LineKind::Heading(_)) {
                    headings.push(line);
                }
                for anchor in content.spans.iter().filter_map(|span| span.link) {
                    let Some(Some(row)) = view.anchors.get(anchor as usize) else {
                        continue;
                    };
                    if citations.last().is_some_and(|last| last.anchor == anchor) {
                        continue;
                    }
                    let row = *row as usize;
                    if row < view.sources.len() {
                        citations.push(Citation { line, anchor, row });
                    }
                }
            }
        }
        self.citations = citations;
        self.headings = headings;
    }

    /// What is known of sources by now. Whether one of them is shown.
    pub fn cards(&mut self, cards: &[(String, CardView)]) -> bool {
        let known: HashMap<&str, &CardView> = cards
            .iter()
            .map(|(key, card)| (key.as_str(), card))
            .collect();
        let Some(view) = self.trail.current_mut().and_then(|step| step.view.as_mut()) else {
            return false;
        };
        if !view
            .sources
            .iter()
            .any(|row| known.contains_key(row.key.as_str()))
        {
            return false;
        }
        for (at, row) in Arc::make_mut(view).sources.iter_mut().enumerate() {
            if let Some(card) = known.get(row.key.as_str()) {
                row.card = (*card).clone();
                if !self.late.contains(&at) {
                    self.late.push(at);
                }
            }
        }
        true
    }

    /// All lines: head, text, and what stands below it.
    pub fn length(&self) -> usize {
        self.view()
            .map_or(0, |view| self.head + view.lines.lines.len() + self.tail)
    }

    /// How far it was read, 0 to 100.
    pub fn percent(&self, height: usize) -> usize {
        let length = self.length();
        if length <= height {
            return 100;
        }
        ((self.top + height).min(length) * 100) / length
    }

    /// Whether the end is in sight.
    pub fn at_end(&self, height: usize) -> bool {
        self.top + height >= self.length() && self.view().is_none_or(|view| !view.partial)
    }

    /// Scrolls by lines; the source under the reading line is selected.
    pub fn scroll(&mut self, by: isize, height: usize) {
        self.scroll_to(self.top.saturating_add_signed(by), height);
    }

    /// Scrolls so that `top` is the first line.
    pub fn scroll_to(&mut self, top: usize, height: usize) {
        let last = self.length().saturating_sub(height.max(1));
        self.top = top.min(last);
        self.follow_text(height);
    }

    /// Selects the source under the reading line, a third from the top: the last one cited above it in sight, else the first below.
    fn follow_text(&mut self, height: usize) {
        let head = self.head();
        let from = self.top.saturating_sub(head);
        let to = (self.top + height).saturating_sub(head);
        let reading = (self.top + height / 3).saturating_sub(head);
        let begin = self
            .citations
            .partition_point(|citation| citation.line < from);
        let mut found = None;
        for citation in self.citations[begin..]
            .iter()
            .take_while(|citation| citation.line < to)
        {
            if citation.line <= reading || found.is_none() {
                found = Some(citation.row);
            }
        }
        if let Some(row) = found {
            self.selected = Some(Item::Card(row));
        }
    }

    /// Scrolls the text so that the selected source's first citation is in sight, in its upper half.
    pub fn follow_panel(&mut self, height: usize) {
        let Some(Item::Card(row)) = self.selected else {
            return;
        };
        let Some(citation) = self.citations.iter().find(|citation| citation.row == row) else {
            return;
        };
        let line = citation.line + self.head();
        if line < self.top || line >= self.top + height {
            let last = self.length().saturating_sub(height);
            self.top = line.saturating_sub(height / 3).min(last);
        }
    }

    /// The next or previous citation in the text, relative to the selected one.
    pub fn step_citation(&mut self, forward: bool, height: usize) -> bool {
        let head = self.head();
        let from = self.top.saturating_sub(head);
        let to = (self.top + height).saturating_sub(head);
        let here = match self.selected {
            Some(Item::Card(row)) => self
                .citations
                .iter()
                .position(|citation| {
                    citation.row == row && citation.line >= from && citation.line < to
                })
                .or_else(|| {
                    self.citations
                        .iter()
                        .position(|citation| citation.row == row)
                }),
            _ => None,
        };
        let next = match (here, forward) {
            (Some(at), true) => at + 1,
            (Some(at), false) => match at.checked_sub(1) {
                Some(before) => before,
                None => return false,
            },
            (None, _) => 0,
        };
        let Some(citation) = self.citations.get(next).copied() else {
            return false;
        };
        self.selected = Some(Item::Card(citation.row));
        let line = citation.line + head;
        if line < self.top || line + 1 >= self.top + height {
            let last = self.length().saturating_sub(height);
            self.top = line.saturating_sub(height / 3).min(last);
        }
        true
    }

    /// The next or previous heading.
    pub fn step_heading(&mut self, forward: bool, height: usize) -> bool {
        let head = self.head();
        let here = self.top;
        let found = if forward {
            self.headings
                .iter()
                .map(|line| line + head)
                .find(|line| *line > here)
        } else {
            self.headings
                .iter()
                .rev()
                .map(|line| line + head)
                .find(|line| *line < here)
        };
        if let Some(line) = found {
            self.scroll_to(line, height);
            true
        } else {
            if !forward && self.top > 0 {
                self.scroll_to(0, height);
                return true;
            }
            false
        }
    }

    /// Looks for words in the text; what was found stands in `matches`.
    pub fn find(&mut self, words: &str) {
        let wanted = words.to_lowercase();
        self.matches = match self.view() {
            Some(view) if !wanted.is_empty() => view
                .lines
                .lines
                .iter()
                .enumerate()
                .filter(|(_, line)| line.text().to_lowercase().contains(&wanted))
                .map(|(at, _)| at)
                .collect(),
            _ => Vec::new(),
        };
        self.find = (!words.is_empty()).then(|| words.to_owned());
    }

    /// The next or previous match from the first line in sight.
    pub fn step_match(&mut self, forward: bool, here_too: bool, height: usize) -> bool {
        let head = self.head();
        let mark = self.top + height / 3;
        let lines = self.matches.iter().map(|line| line + head);
        let found = if forward {
            lines
                .clone()
                .find(|line| *line > mark || (here_too && *line >= self.top))
                .or_else(|| lines.clone().next())
        } else {
            lines
                .clone()
                .rev()
                .find(|line| *line < mark)
                .or_else(|| lines.clone().next_back())
        };
        let Some(line) = found else {
            return false;
        };
        self.scroll_to(line.saturating_sub(height / 3), height);
        true
    }

    /// The rows of the panel, group by group.
    pub fn items(&self) -> Vec<Item> {
        let Some(view) = self.view() else {
            return Vec::new();
        };
        let turned = self.trail.current().map(|step| &step.place.turned);
        let mut items = Vec::with_capacity(view.sources.len() + GROUPS.len());
        for role in GROUPS {
            if role == Role::Mention && !self.told_by().is_empty() {
                items.push(Item::Story);
            }
            let count = view.sources.iter().filter(|row| row.role == role).count();
            if count == 0 {
                continue;
            }
            let folded =
                folded_by_habit(role) != turned.is_some_and(|turned| turned.contains(&role));
            // Only what folds has a heading to stand on.
            if folded_by_habit(role) {
                items.push(Item::Group {
                    role,
                    count,
                    folded,
                });
            }
            if !folded {
                items.extend(
                    view.sources
                        .iter()
                        .enumerate()
                        .filter(|(_, row)| row.role == role)
                        .map(|(at, _)| Item::Card(at)),
                );
            }
        }
        items
    }

    /// Where the selected row stands among the items; a source in a folded group is its heading.
    pub fn selected_item(&self, items: &[Item]) -> Option<usize> {
        let selected = self.selected?;
        let same = |item: &Item| match (item, &selected) {
            (Item::Group { role: one, .. }, Item::Group { role: other, .. }) => one == other,
            (one, other) => *one == *other,
        };
        items.iter().position(same).or_else(|| {
            let Item::Card(row) = selected else {
                return None;
            };
            let role = self.view()?.sources.get(row)?.role;
            items
                .iter()
                .position(|item| matches!(item, Item::Group { role: other, .. } if *other == role))
        })
    }

    /// The selected source.
    pub fn selected_source(&self) -> Option<&SourceRow> {
        match self.selected? {
            Item::Card(row) => self.view()?.sources.get(row),
            Item::Group { .. } | Item::Story => None,
        }
    }

    /// The names of the feeds that tell the story of the article shown, besides its own.
    pub fn told_by(&self) -> Vec<&str> {
        let Some((entry, beside)) = &self.beside else {
            return Vec::new();
        };
        if self.target() != Some(&Target::Entry(*entry)) {
            return Vec::new();
        }
        let mut names: Vec<&str> = Vec::new();
        for told in beside.story.iter().flat_map(|story| &story.entries) {
            let name = told.head.feed_title.as_str();
            if told.head.id != *entry && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The source with that number.
    pub fn source_numbered(&self, n: usize) -> Option<usize> {
        self.view()?
            .sources
            .iter()
            .position(|row| row.n == Some(n as u32))
    }

    /// Moves the selection in the panel by rows.
    pub fn move_in_panel(&mut self, by: isize, height: usize) {
        let items = self.items();
        if items.is_empty() {
            return;
        }
        let here = self.selected_item(&items).unwrap_or(0);
        let to = here.saturating_add_signed(by).min(items.len() - 1);
        self.selected = Some(items[to]);
        self.follow_panel(height);
    }

    /// Selects a row of the panel by its place; the last one where there are fewer.
    pub fn jump_in_panel(&mut self, to: usize, height: usize) {
        let items = self.items();
        if let Some(item) = items.get(to).or(items.last()) {
            self.selected = Some(*item);
            self.follow_panel(height);
        }
    }

    /// Folds or unfolds the group of the selected row.
    pub fn turn_group(&mut self) {
        let role = match self.selected {
            Some(Item::Group { role, .. }) => Some(role),
            Some(Item::Card(_)) => self.selected_source().map(|row| row.role),
            Some(Item::Story) | None => None,
        };
        let Some(role) = role.filter(|role| folded_by_habit(*role)) else {
            return;
        };
        if let Some(step) = self.trail.current_mut()
            && !step.place.turned.remove(&role)
        {
            step.place.turned.insert(role);
        }
        let items = self.items();
        if self
            .selected_item(&items)
            .is_none_or(|at| matches!(items[at], Item::Group { .. }))
        {
            self.selected = items
                .iter()
                .copied()
                .find(|item| matches!(item, Item::Group { role: other, .. } if *other == role));
        }
    }

    /// Groups that are not folded.
    pub fn unfolded(&self) -> Vec<Role> {
        let turned = self.trail.current().map(|step| &step.place.turned);
        GROUPS
            .into_iter()
            .filter(|role| {
                folded_by_habit(*role) == turned.is_some_and(|turned| turned.contains(role))
            })
            .collect()
    }

    /// The source that an anchor cites.
    pub fn row_of_anchor(&self, anchor: u32) -> Option<usize> {
        let view = self.view()?;
        (*view.anchors.get(anchor as usize)?).map(|row| row as usize)
    }
}

/// The first line whose offset is that place: blank lines before it share it.
fn first_line_of(view: &ArticleView, offset: usize) -> usize {
    let lines = &view.lines.lines;
    let after = lines.partition_point(|line| line.offset < offset);
    if lines.get(after).is_some_and(|line| line.offset == offset) {
        after
    } else {
        view.lines.line_at(offset)
    }
}
