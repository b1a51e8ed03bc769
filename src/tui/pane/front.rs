//! The front page: what the day was about. Stories, what is cited most, and the voices that are seldom heard.
//!
//! - It is asked for when it is opened and stays as it is while it is read: nothing is reshuffled under the eye.
//! - What is opened from it is read as anything else is; one step to the left of it leads back here.

use super::{heading, put, put_right, say_in, select};
use crate::feed::EntryId;
use crate::news::{
    CitedRow, Edit, EntryHead, FrontPage, Listing, MarkKind, StoryRow, Target, View, Which,
};
use crate::query::{Query, Test};
use crate::tui::action::Action;
use crate::tui::columns::Column;
use crate::tui::overlay::Overlay;
use crate::tui::theme::Look;
use crate::tui::update::{apply, mark, open_current, show};
use crate::tui::{Effect, Model, fit, words};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::ops::Range;

/// The state of the pane.
#[derive(Clone, Debug)]
pub struct Front {
    /// It is in sight; else something was opened from it.
    pub shown: bool,
    /// The number of the open question.
    number: u64,
    pub page: Option<FrontPage>,
    /// Place among all items: stories, sources, rare voices.
    pub selected: usize,
}

/// What is selected.
#[derive(Clone, Copy, Debug)]
enum Item<'a> {
    Story(&'a StoryRow),
    Cited(&'a CitedRow),
    Rare(&'a EntryHead),
}

/// From so many columns on, sources and rare voices stand beside the stories.
const BESIDE: u16 = 120;
/// Stories that are shown with their beginning.
const WITH_LEAD: usize = 5;

impl Front {
    fn item(&self, at: usize) -> Option<Item<'_>> {
        let page = self.page.as_ref()?;
        let (stories, cited) = (page.stories.len(), page.cited.len());
        if at < stories {
            Some(Item::Story(&page.stories[at]))
        } else if at < stories + cited {
            Some(Item::Cited(&page.cited[at - stories]))
        } else {
            page.rare.get(at - stories - cited).map(Item::Rare)
        }
    }

    fn length(&self) -> usize {
        self.page.as_ref().map_or(0, |page| {
            page.stories.len() + page.cited.len() + page.rare.len()
        })
    }

    /// Whether it is still waited for.
    pub fn waits(&self) -> bool {
        self.shown && self.page.is_none()
    }

    /// An item in words, for who listens.
    pub fn told(&self, at: usize) -> Option<String> {
        let n = at + 1;
        Some(match self.item(at)? {
            Item::Story(story) => {
                let mut about = vec![words::plural(usize::from(story.sites), "site")];
                if story.unread > 0 {
                    about.push(format!("{} unread", story.unread));
                }
                if let Some(primary) = &story.primary {
                    about.push(format!("primary source {}", primary.title));
                }
                format!("{n} {} ({}). {}", story.title, about.join(", "), story.lead)
            }
            Item::Cited(row) => format!(
                "{n} {} ({}, cited by {})",
                row.title,
                row.site,
                words::plural(row.sites as usize, "site")
            ),
            Item::Rare(head) => format!("{n} {} ({})", head.title, head.feed_title),
        })
    }

    /// The whole page in words: its parts with their items.
    pub fn all_told(&self) -> Vec<String> {
        let Some(page) = &self.page else {
            return Vec::new();
        };
        let mut lines = vec![format!(
            "Front page, {}.",
            words::plural(page.entries as usize, "entry")
        )];
        if self.length() == 0 {
            lines.push("Nothing was published in this time.".to_owned());
        }
        let [_, cited, rare] = self.parts();
        for at in 0..self.length() {
            // An empty part has no heading: the next one begins at the same place.
            if at == rare && !page.rare.is_empty() {
                lines.push("Seldom heard:".to_owned());
            } else if at == cited && !page.cited.is_empty() {
                lines.push("Most cited:".to_owned());
            } else if at == 0 && !page.stories.is_empty() {
                lines.push("Stories:".to_owned());
            }
            lines.extend(self.told(at));
        }
        lines
    }

    /// Where each part begins.
    fn parts(&self) -> [usize; 3] {
        self.page.as_ref().map_or([0; 3], |page| {
            [0, page.stories.len(), page.stories.len() + page.cited.len()]
        })
    }
}

/// Opens it, and asks for it anew.
pub(in crate::tui) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let number = model.number();
    let page = model.front.take().and_then(|front| front.page);
    model.front = Some(Front {
        shown: true,
        number,
        page,
        selected: 0,
    });
    effects.push(Effect::LoadFront {
        number,
        habits: model.settings.habits,
    });
}

/// Takes the answer in.
pub(in crate::tui) fn loaded(model: &mut Model, number: u64, page: FrontPage) {
    if let Some(front) = &mut model.front
        && front.number == number
    {
        front.page = Some(page);
        front.selected = front.selected.min(front.length().saturating_sub(1));
    }
}

/// Back to it, from what was opened from it; `false`: nothing was.
pub(in crate::tui) fn back(model: &mut Model) -> bool {
    let from_it = match model.focus {
        Column::Article => model.reading.trail.depth() == 0,
        Column::Entries => model.entries.filter.is_none() && model.entries.marked.is_empty(),
        Column::Feeds | Column::Sources => false,
    };
    match &mut model.front {
        Some(front) if !front.shown && from_it => {
            front.shown = true;
            model.zen = false;
            true
        }
        _ => false,
    }
}

/// Does what a key asks for while the front page is in sight; `false`: it is none of its business.
pub(in crate::tui) fn act(
    model: &mut Model,
    action: Action,
    count: Option<usize>,
    effects: &mut Vec<Effect>,
) -> bool {
    let height = usize::from(model.layout().body.height);
    let Some(front) = model.front.as_mut().filter(|front| front.shown) else {
        // Whoever goes elsewhere does not come back here by going left.
        if matches!(
            action,
            Action::GoToday
                | Action::GoUnread
                | Action::GoStarred
                | Action::GoLater
                | Action::GoAll
                | Action::GoFeeds
                | Action::Search
        ) {
            model.front = None;
        }
        return false;
    };
    let times = count.unwrap_or(1).max(1);
    let last = front.length().saturating_sub(1);
    let page = (height / 4).max(1);
    let to = match action {
        Action::Down => Some(front.selected.saturating_add(times)),
        Action::Up => Some(front.selected.saturating_sub(times)),
        Action::HalfDown => Some(front.selected + page.div_ceil(2)),
        Action::HalfUp => Some(front.selected.saturating_sub(page.div_ceil(2))),
        Action::PageDown => Some(front.selected + page),
        Action::PageUp => Some(front.selected.saturating_sub(page)),
        Action::Top => Some(count.map_or(0, |n| n.saturating_sub(1))),
        Action::Bottom => Some(count.map_or(last, |n| n.saturating_sub(1))),
        Action::NextColumn | Action::NextHeading => {
            let parts = front.parts();
            Some(
                parts
                    .into_iter()
                    .find(|at| *at > front.selected)
                    .unwrap_or(0),
            )
        }
        Action::PreviousColumn | Action::PreviousHeading => {
            let parts = front.parts();
            Some(
                parts
                    .into_iter()
                    .rev()
                    .find(|at| *at < front.selected)
                    .unwrap_or(parts[2]),
            )
        }
        _ => None,
    };
    if let Some(to) = to {
        front.selected = to.min(last);
        return true;
    }
    match action {
        Action::GoFront | Action::ShowNew => open(model, effects),
        Action::Open | Action::Right | Action::PageOn => open_selected(model, effects),
        Action::Left | Action::Cancel | Action::Leave => {
            let wide = model.size.0 >= 80;
            model.front = None;
            model.focus = if wide && action == Action::Leave {
                Column::Feeds
            } else {
                Column::Entries
            };
        }
        Action::Browse | Action::CopyAddress => match selected_address(model) {
            Some(url) if action == Action::Browse => effects.push(Effect::Browse(url)),
            Some(url) => effects.push(Effect::Copy {
                text: url,
                what: "address".to_owned(),
            }),
            None => model.say("It has no address.", false),
        },
        Action::ToggleRead | Action::MarkAll => mark_read(model, effects),
        Action::Star | Action::Later => star(model, action, effects),
        Action::GoPrimary => primary(model, effects),
        Action::WhoCites => who_cites(model, effects),
        Action::Discussions | Action::GoStory | Action::GoRelated => {
            if let Some(entry) = selected_entry(model) {
                let listing = match action {
                    Action::Discussions => Listing::Threads(entry),
                    Action::GoStory => Listing::Story(entry),
                    _ => Listing::Related(entry),
                };
                crate::tui::act::list(model, listing, effects);
            }
        }
        Action::About => about(model),
        // Marks and moves of lists mean nothing here; what goes elsewhere leaves the page first.
        Action::NextEntry | Action::PreviousEntry | Action::NextUnread | Action::PreviousUnread => {
            let by: isize = if matches!(action, Action::NextEntry | Action::NextUnread) {
                1
            } else {
                -1
            };
            if let Some(front) = &mut model.front {
                front.selected = front.selected.saturating_add_signed(by).min(last);
            }
        }
        Action::Palette
        | Action::Help
        | Action::Undo
        | Action::Redo
        | Action::GoCited
        | Action::GoBriefing
        | Action::VisitAll
        | Action::AddFeed
        | Action::Import
        | Action::Theme
        | Action::Quit
        | Action::Interrupt
        | Action::Suspend
        | Action::Redraw => return false,
        _ => {
            model.front = None;
            model.focus = Column::Entries;
            return false;
        }
    }
    true
}

fn selected_entry(model: &Model) -> Option<EntryId> {
    let front = model.front.as_ref()?;
    match front.item(front.selected)? {
        Item::Story(story) => Some(story.speaks),
        Item::Cited(row) => row.entry,
        Item::Rare(head) => Some(head.id),
    }
}

fn selected_address(model: &Model) -> Option<String> {
    let front = model.front.as_ref()?;
    match front.item(front.selected)? {
        Item::Story(story) => story
            .entries
            .iter()
            .find(|told| told.head.id == story.speaks)
            .and_then(|told| told.head.url.clone()),
        Item::Cited(row) => Some(row.url.clone()),
        Item::Rare(head) => head.url.clone(),
    }
}

/// Entries of what is selected, and those of them that are unread.
fn selected_entries(model: &Model) -> (Vec<EntryId>, Vec<EntryId>) {
    let Some(front) = &model.front else {
        return (Vec::new(), Vec::new());
    };
    let heads: Vec<&EntryHead> = match front.item(front.selected) {
        Some(Item::Story(story)) => story.entries.iter().map(|told| &told.head).collect(),
        Some(Item::Rare(head)) => vec![head],
        _ => Vec::new(),
    };
    let all = heads.iter().map(|head| head.id).collect();
    let unread = heads
        .iter()
        .filter(|head| !head.marks.read)
        .map(|head| head.id)
        .collect();
    (all, unread)
}

/// Opens what is selected: a story with its list beside it, a source, an entry.
fn open_selected(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(front) = &model.front else {
        return;
    };
    let Some(item) = front.item(front.selected) else {
        return;
    };
    let (target, name, list) = match item {
        Item::Story(story) => (
            Target::Entry(story.speaks),
            story.title.to_string(),
            (story.entries.len() > 1).then_some(story.id),
        ),
        Item::Cited(row) => (
            match row.entry {
                Some(entry) => Target::Entry(entry),
                None => Target::Page {
                    key: row.key.clone(),
                    url: row.url.clone(),
                },
            },
            row.title.to_string(),
            None,
        ),
        Item::Rare(head) => (Target::Entry(head.id), head.title.to_string(), None),
    };
    if let Some(story) = list {
        let view = View::Search {
            text: format!("story:{}", story.0),
            query: Query::Test(Test::Story(story.0)),
        };
        if model.entries.before.is_none() {
            model.entries.before = Some(Box::new((
                model.entries.view.clone(),
                model.entries.selected,
                model.entries.place,
            )));
        }
        show(model, view, effects);
    }
    if let Target::Entry(entry) = target {
        if list.is_some() {
            model.entries.select = None;
            model.entries.selected = Some(entry);
        }
        set_read(model, &[entry], true, effects);
        apply(
            model,
            Edit::Opened {
                entry,
                at: model.now,
            },
            effects,
        );
    }
    if let Some(front) = &mut model.front {
        front.shown = false;
    }
    model.focus = Column::Article;
    model.reading.begin(target, name);
    model.reading.opened = true;
    open_current(model, false, effects);
}

/// Marks entries, here and in the list.
fn set_read(model: &mut Model, ids: &[EntryId], on: bool, effects: &mut Vec<Effect>) {
    if let Some(page) = model.front.as_mut().and_then(|front| front.page.as_mut()) {
        let told = page.stories.iter_mut().flat_map(|story| &mut story.entries);
        for head in told
            .map(|told| &mut told.head)
            .chain(&mut page.rare)
            .filter(|head| ids.contains(&head.id))
        {
            head.marks.read = on;
        }
        for story in &mut page.stories {
            story.unread = story
                .entries
                .iter()
                .filter(|told| !told.head.marks.read)
                .count() as u32;
        }
    }
    let edit = Edit::Mark {
        which: Which::Entries(ids.to_vec()),
        mark: MarkKind::Read,
        on,
    };
    mark(model, Some(ids.to_vec()), MarkKind::Read, on, edit, effects);
}

/// The whole story, read or unread.
fn mark_read(model: &mut Model, effects: &mut Vec<Effect>) {
    let (all, unread) = selected_entries(model);
    if all.is_empty() {
        return;
    }
    let (ids, on) = if unread.is_empty() {
        (all, false)
    } else {
        (unread, true)
    };
    set_read(model, &ids, on, effects);
}

fn star(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    let kind = if action == Action::Star {
        MarkKind::Starred
    } else {
        MarkKind::Later
    };
    let Some(id) = selected_entry(model) else {
        return;
    };
    let mut on = true;
    if let Some(page) = model.front.as_mut().and_then(|front| front.page.as_mut()) {
        let told = page.stories.iter_mut().flat_map(|story| &mut story.entries);
        for head in told
            .map(|told| &mut told.head)
            .chain(&mut page.rare)
            .filter(|head| head.id == id)
        {
            let flag = if kind == MarkKind::Starred {
                &mut head.marks.starred
            } else {
                &mut head.marks.later
            };
            on = !*flag;
            *flag = on;
        }
    }
    let edit = Edit::Mark {
        which: Which::Entries(vec![id]),
        mark: kind,
        on,
    };
    mark(model, Some(vec![id]), kind, on, edit, effects);
}

fn primary(model: &mut Model, effects: &mut Vec<Effect>) {
    let front = model.front.as_ref();
    let story = match front.and_then(|front| front.item(front.selected)) {
        Some(Item::Story(story)) => story.clone(),
        _ => return,
    };
    let Some(primary) = story.primary.clone() else {
        model.say("No primary source is known for this.", false);
        return;
    };
    if let Some(front) = &mut model.front {
        front.shown = false;
    }
    model.focus = Column::Article;
    model
        .reading
        .begin(Target::Entry(story.speaks), story.title.to_string());
    crate::tui::act::walk_to(model, &primary, effects);
}

fn who_cites(model: &mut Model, effects: &mut Vec<Effect>) {
    let front = model.front.as_ref();
    let key = match front.and_then(|front| front.item(front.selected)) {
        Some(Item::Cited(row)) => Some(row.key.clone()),
        Some(Item::Story(story)) => story
            .primary
            .as_ref()
            .map(|primary| primary.key.clone())
            .or_else(|| {
                let url = selected_address(model)?;
                crate::address::clean(&url, crate::address::Found::default())
                    .ok()
                    .map(|address| address.key)
            }),
        Some(Item::Rare(_)) | None => None,
    };
    match key {
        Some(key) => crate::tui::act::list(model, Listing::Citing(key), effects),
        None => model.say("It has no address that could be cited.", false),
    }
}

/// Why it stands where it stands, and why each entry is in the story.
fn about(model: &mut Model) {
    let front = model.front.as_ref();
    let Some(Item::Story(story)) = front.and_then(|front| front.item(front.selected)) else {
        return;
    };
    let mut lines = vec![("rank".to_owned(), story.why.to_string())];
    if let Some(primary) = &story.primary {
        let name = if primary.certain {
            "primary"
        } else {
            "most cited"
        };
        lines.push((
            name.to_owned(),
            format!(
                "{} ({})",
                with_site(&primary.title, &primary.site),
                primary.reason
            ),
        ));
    }
    for told in &story.entries {
        let why = if told.why.is_empty() {
            "the story began with it".to_owned()
        } else {
            told.why.to_string()
        };
        lines.push((
            told.head.feed_title.to_string(),
            format!("{}: {why}", told.head.title),
        ));
    }
    for source in story.sources.iter().take(6) {
        lines.push((
            "cites".to_owned(),
            format!(
                "{}, by {}",
                with_site(&source.title, &source.site),
                words::plural(source.cited_by as usize, "site")
            ),
        ));
    }
    model.overlay = Some(Overlay::Info {
        title: "ABOUT THIS STORY".to_owned(),
        lines,
        top: 0,
    });
}

/// A line to be drawn: where it begins, what it says, how it looks, and what it belongs to.
struct Line {
    indent: u16,
    text: String,
    look: Look,
    bold: bool,
    right: String,
    item: Option<usize>,
}

fn line(indent: u16, text: String, look: Look, item: usize) -> Line {
    Line {
        indent,
        text,
        look,
        bold: false,
        right: String::new(),
        item: Some(item),
    }
}

fn blank() -> Line {
    Line {
        item: None,
        ..line(0, String::new(), Look::Text, 0)
    }
}

/// Draws the page.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(front) = &model.front else {
        return;
    };
    let Some(page) = &front.page else {
        return;
    };
    let theme = &model.theme;
    if page.stories.is_empty() && page.rare.is_empty() {
        say_in(
            buf,
            area,
            &[
                "Nothing came since you were last here.",
                "R visits all feeds, gu shows what is unread, ge everything.",
            ],
            theme,
        );
        return;
    }
    let right = format!(
        "{} in {}",
        words::plural(page.entries as usize, "entry").replace("entrys", "entries"),
        span(page)
    );
    let columns = columns(area);
    for (column, lines) in columns.iter().zip(lines_of(model, page, &columns)) {
        draw_lines(model, &lines, below(*column), buf);
    }
    let [left, beside] = columns.as_slice() else {
        heading(buf, area, "FRONT PAGE", &right, true, theme);
        return;
    };
    for y in area.top()..area.bottom() {
        put(
            buf,
            left.right() + 1,
            y,
            theme.symbols.rule,
            1,
            theme.style(Look::Rule),
        );
    }
    let in_side = front.selected >= page.stories.len();
    heading(buf, *left, "FRONT PAGE", &right, !in_side, theme);
    let title = if page.cited.is_empty() {
        "RARE VOICES"
    } else {
        "MOST CITED"
    };
    heading(buf, *beside, title, "", in_side, theme);
}

/// One column, or two side by side.
fn columns(area: Rect) -> Vec<Rect> {
    if area.width < BESIDE {
        return vec![area];
    }
    let side = (area.width / 3).clamp(40, 62);
    let left = Rect {
        width: area.width - side - 3,
        ..area
    };
    let beside = Rect {
        x: left.right() + 3,
        width: side,
        ..area
    };
    vec![left, beside]
}

/// The lines of each column.
fn lines_of(model: &Model, page: &FrontPage, columns: &[Rect]) -> Vec<Vec<Line>> {
    let [left, beside] = columns else {
        let width = columns.first().map_or(0, |column| column.width);
        let mut lines = stories(model, page, width);
        lines.extend(cited(page, width, true));
        lines.extend(rare(model, page, width, true));
        return vec![lines];
    };
    let mut lines = cited(page, beside.width, false);
    lines.extend(rare(model, page, beside.width, !page.cited.is_empty()));
    vec![stories(model, page, left.width), lines]
}

/// The item that stands at a place of the screen.
fn item_at(model: &Model, area: Rect, x: u16, y: u16) -> Option<usize> {
    let front = model.front.as_ref()?;
    let page = front.page.as_ref()?;
    let columns = columns(area);
    let lines = lines_of(model, page, &columns);
    let (column, lines) = columns
        .into_iter()
        .zip(lines)
        .find(|(column, _)| column.contains((x, y).into()))?;
    let body = below(column);
    let (_, top) = in_sight(front, &lines, usize::from(body.height));
    lines.get(top + usize::from(y.checked_sub(body.y)?))?.item
}

/// A click: on an item selects it, on the selected one opens it.
pub(in crate::tui) fn click(model: &mut Model, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let Some(item) = item_at(model, model.layout().body, x, y) else {
        return;
    };
    let Some(front) = &mut model.front else {
        return;
    };
    if front.selected == item {
        open_selected(model, effects);
    } else {
        front.selected = item;
    }
}

fn below(area: Rect) -> Rect {
    Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    }
}

fn span(page: &FrontPage) -> String {
    let hours = (page.until - page.since).num_hours();
    if hours <= 48 {
        format!("{hours} hours")
    } else {
        format!("{} days", hours / 24)
    }
}

/// Whether a title says already which site it is on: an address stands for what has no title.
fn names(title: &str, site: &str) -> bool {
    title.to_lowercase().contains(&site.to_lowercase())
}

fn with_site(title: &str, site: &str) -> String {
    if names(title, site) {
        title.to_owned()
    } else {
        format!("{title} · {site}")
    }
}

fn stories(model: &Model, page: &FrontPage, width: u16) -> Vec<Line> {
    let symbols = &model.theme.symbols;
    let room = usize::from(width.saturating_sub(6));
    let mut lines = Vec::new();
    for (at, story) in page.stories.iter().enumerate() {
        if at > 0 {
            lines.push(blank());
        }
        let read = story.unread == 0;
        let look = if read { Look::Dim } else { Look::Unread };
        let mark = if story.sites > 1 {
            format!("{} {}", symbols.story, story.sites)
        } else {
            String::new()
        };
        let title = if story.title.trim().is_empty() {
            "without a title"
        } else {
            &story.title
        };
        let titles = fit::wrap(title, room.saturating_sub(fit::width(&mark) + 2), 2);
        for (n, part) in titles.iter().enumerate() {
            lines.push(Line {
                bold: !read,
                right: if n == 0 { mark.clone() } else { String::new() },
                ..line(4, part.to_string(), look, at)
            });
        }
        if at < WITH_LEAD && !story.lead.is_empty() && model.size.1 >= 20 {
            for part in fit::wrap(&story.lead, room.min(90), 2) {
                lines.push(line(4, part.to_string(), Look::Text, at));
            }
        }
        let mut names: Vec<&str> = Vec::new();
        for told in &story.entries {
            let name = told.head.feed_title.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let more = names.len().saturating_sub(4);
        names.truncate(4);
        let told = if more > 0 {
            format!("{} (+{more})", names.join(", "))
        } else {
            names.join(", ")
        };
        let age = words::age(story.last, model.now, model.zone);
        lines.push(line(4, fit::parts(&[told, age], room), Look::Dim, at));
        if let Some(primary) = &story.primary {
            let name = if primary.certain {
                // Many a font draws the star wider than a column.
                format!("{} ", symbols.star)
            } else {
                "most cited:".to_owned()
            };
            let text = format!("{name} {}", with_site(&primary.title, &primary.site));
            lines.push(line(
                4,
                fit::cut(&text, room).into_owned(),
                Look::Accent,
                at,
            ));
        }
    }
    lines
}

fn part(name: &str) -> [Line; 2] {
    let mut named = blank();
    named.text = name.to_owned();
    named.look = Look::Dim;
    named.bold = true;
    named.indent = 1;
    [blank(), named]
}

fn cited(page: &FrontPage, width: u16, named: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    if named && !page.cited.is_empty() {
        lines.extend(part("MOST CITED"));
    }
    let room = usize::from(width.saturating_sub(6));
    for (at, row) in page.cited.iter().enumerate() {
        let item = page.stories.len() + at;
        let count = row.sites.to_string();
        let titles = fit::wrap(&row.title, room.saturating_sub(count.len() + 2), 2);
        for (n, text) in titles.iter().enumerate() {
            lines.push(Line {
                right: if n == 0 { count.clone() } else { String::new() },
                ..line(4, text.to_string(), Look::Text, item)
            });
        }
        let by: Vec<&str> = row.by.iter().map(crate::text::SafeText::as_str).collect();
        let mut details = vec![by.join(", ")];
        if !names(&row.title, &row.site) {
            details.insert(0, row.site.to_string());
        }
        let details = fit::parts(&details, room);
        lines.push(line(4, details, Look::Dim, item));
    }
    lines
}

fn rare(model: &Model, page: &FrontPage, width: u16, named: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    if named && !page.rare.is_empty() {
        lines.extend(part("RARE VOICES"));
    }
    let room = usize::from(width.saturating_sub(6));
    for (at, head) in page.rare.iter().enumerate() {
        let item = page.stories.len() + page.cited.len() + at;
        let look = if head.marks.read {
            Look::Dim
        } else {
            Look::Text
        };
        let title = if head.title.trim().is_empty() {
            "without a title"
        } else {
            &head.title
        };
        for text in fit::wrap(title, room, 2) {
            lines.push(line(4, text.to_string(), look, item));
        }
        let age = words::age(head.published, model.now, model.zone);
        let details = fit::parts(&[head.feed_title.as_str(), &age], room);
        lines.push(line(4, details, Look::Dim, item));
    }
    lines
}

/// Draws lines, scrolled so that the selected item is in sight.
/// The lines of the selected item, and the first line in sight.
fn in_sight(front: &Front, lines: &[Line], height: usize) -> (Option<Range<usize>>, usize) {
    let is_selected = |line: &Line| line.item == Some(front.selected);
    let first = lines.iter().position(is_selected);
    let last = lines.iter().rposition(is_selected);
    let (Some(first), Some(last)) = (first, last) else {
        return (None, 0);
    };
    // A line of what comes next stays in sight where there is room.
    let wanted = (last + 3).saturating_sub(height);
    let top = wanted.min(first).min(lines.len().saturating_sub(height));
    (Some(first..last + 1), top)
}

fn draw_lines(model: &Model, lines: &[Line], area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let Some(front) = &model.front else {
        return;
    };
    let height = usize::from(area.height);
    let (selected, top) = in_sight(front, lines, height);
    if let Some(selected) = selected {
        let (from, to) = (selected.start.max(top), selected.end.min(top + height));
        if from < to {
            let rows = Rect {
                y: area.y + (from - top) as u16,
                height: (to - from) as u16,
                ..area
            };
            select(buf, rows, true, theme);
        }
    }
    for (at, line) in lines.iter().enumerate().skip(top).take(height) {
        let y = area.y + (at - top) as u16;
        let mut style = theme.style(line.look);
        if line.bold {
            style = style.add_modifier(Modifier::BOLD);
        }
        let room = area.width.saturating_sub(line.indent + 1);
        put(buf, area.x + line.indent, y, &line.text, room, style);
        if !line.right.is_empty() {
            let inner = Rect {
                width: area.width.saturating_sub(1),
                ..area
            };
            put_right(buf, inner, y, &line.right, theme.style(Look::Accent));
        }
    }
}
