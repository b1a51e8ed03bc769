//! Actions: one arm each. What an action does to a pane is the pane's business.

mod feeds;
mod marks;
mod walk;

use super::action::{Action, Group};
use super::columns::Column;
use super::overlay::{Asks, Help, Overlay, Palette, Prompt, Welcome};
use super::pane::entries::{self, Select, Sought};
use super::pane::feeds::{Item, ViewKind};
use super::pane::front;
use super::update::{apply, ask_rows, mark, open_current, set_pictures, show, view_of};
use super::{Effect, Model, info, reading, words};
use crate::feed::EntryId;
use crate::news::{ArticleView, Edit, EntryHead, Listing, MarkKind, Target, Which, Window};
use feeds::{consent, remove_feed, save_view, visit};
use marks::{later, mark_above, mark_all, not_a_source, note, together, toggle};
pub(super) use walk::{
    choose, go, list, listed, primary_is_known, read_source, read_source_numbered, walk_to,
};
use walk::{
    discussions, go_archived, go_primary, labels, step_citation, step_heading, walk, who_cites,
    whole_page,
};

/// Does what a key asks for.
pub(super) fn act(
    model: &mut Model,
    action: Action,
    count: Option<usize>,
    effects: &mut Vec<Effect>,
) {
    model.used |= action.row().group == Group::Go
        || model.focus == Column::Feeds
        || matches!(action, Action::Search | Action::Filter | Action::Palette);
    // A step of the tour is over when the action that it asks for is done.
    super::tour::done(model, action);
    if super::pane::front::act(model, action, count, effects) {
        return;
    }
    if model.focus == Column::Entries && model.entries.awaits() && is_about_a_row(action) {
        model.entries.wait_with(action, count);
        return;
    }
    let times = count.unwrap_or(1).max(1) as isize;
    match action {
        Action::Tour => super::tour::begin(model),
        Action::Down => step(model, times, effects),
        Action::Up => step(model, -times, effects),
        Action::HalfDown => step_page(model, 1, 2, effects),
        Action::HalfUp => step_page(model, -1, 2, effects),
        Action::PageDown => step_page(model, 1, 1, effects),
        Action::PageUp => step_page(model, -1, 1, effects),
        Action::Top => jump(model, count.map_or(0, |n| n - 1), effects),
        Action::Bottom => jump(
            model,
            count.map_or(usize::MAX, |n| n.saturating_sub(1)),
            effects,
        ),
        Action::PageOn => page_on(model, effects),
        Action::Left => left(model, effects),
        Action::Right if count.is_some() => {
            read_source_numbered(model, count.unwrap_or(0), effects);
        }
        Action::Right => right(model, effects),
        Action::NextColumn => cycle(model, 1, effects),
        Action::PreviousColumn => cycle(model, -1, effects),
        Action::NextEntry => other_entry(model, times, effects),
        Action::PreviousEntry => other_entry(model, -times, effects),
        Action::NextUnread => next_unread(model, true, effects),
        Action::PreviousUnread => next_unread(model, false, effects),
        Action::NextSource => step_citation(model, true),
        Action::PreviousSource => step_citation(model, false),
        Action::NextHeading => step_heading(model, true),
        Action::PreviousHeading => step_heading(model, false),
        Action::NextFeed => {
            if model.feeds.next_unread() {
                open_feed_row(model, effects);
            } else {
                model.say("No feed has anything unread.", false);
            }
        }
        Action::ShowNew => {
            model.entries.up_to = None;
            model.entries.newer = 0;
            model.entries.select = Some(Select::First);
            ask_rows(model, Some(Window::From(0)), effects);
        }
        Action::Open if count.is_some() => read_source_numbered(model, count.unwrap_or(0), effects),
        Action::Open => open(model, effects),
        Action::Browse => browse(model, count, effects),
        Action::Labels => labels(model, false),
        Action::LabelsBrowser => labels(model, true),
        Action::Back => walk(model, true, effects),
        Action::Forward => walk(model, false, effects),
        Action::WholePage => whole_page(model, effects),
        Action::Discussions => discussions(model, effects),
        Action::WhoCites => who_cites(model, effects),
        Action::Peek => info::peek(model),
        Action::About => info::about(model, effects),
        Action::Statistics => info::statistics(model, effects),
        Action::Pager | Action::Save | Action::Pipe => text_out(model, action, effects),
        Action::Enclosure => enclosure(model, effects),
        Action::ToggleRead => toggle(model, MarkKind::Read, effects),
        Action::Star => toggle(model, MarkKind::Starred, effects),
        Action::Later => later(model, effects),
        Action::Tags => {
            let meant = entries_meant(model);
            if meant.is_empty() {
                say_no_entry(model);
            } else {
                model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Tags(meant))));
            }
        }
        Action::Note => note(model, effects),
        Action::MarkAll => mark_all(model, effects),
        Action::MarkAbove => mark_above(model, effects),
        Action::NotASource => not_a_source(model),
        Action::Undo => apply(model, Edit::Undo, effects),
        Action::Redo => apply(model, Edit::Redo, effects),
        Action::Select => {
            if let Some(id) = model.entries.selected {
                if !model.entries.marked.remove(&id) {
                    model.entries.marked.insert(id);
                }
                model.entries.step(1);
            }
        }
        Action::Search => {
            let entries = &mut model.entries;
            if entries.before.is_none() {
                entries.before = Some(Box::new((
                    entries.view.clone(),
                    entries.selected,
                    entries.place,
                )));
            }
            model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Search)));
        }
        Action::Filter => model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Filter))),
        Action::SaveView => save_view(model),
        Action::GoSaved => {
            if model.feeds.saved().is_empty() {
                let text = model.keymap.teach(
                    "No search is kept as a view yet. {search} searches, {save-view} keeps it.",
                );
                model.say(&text, false);
            } else {
                model.overlay = Some(Overlay::Palette(Palette::of_saved(model)));
            }
        }
        Action::FindInArticle => model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Find))),
        Action::Palette => model.overlay = Some(Overlay::Palette(Palette::new(model))),
        Action::Theme => {
            model.overlay = Some(Overlay::Palette(Palette::of_themes(&model.settings)));
        }
        Action::Welcome => model.overlay = Some(Overlay::Welcome(Welcome::new(model))),
        Action::Help => model.overlay = Some(Overlay::Help(Help::default())),
        Action::GoToday => go_view(model, ViewKind::Today, effects),
        Action::GoUnread => go_view(model, ViewKind::Unread, effects),
        Action::GoStarred => go_view(model, ViewKind::Starred, effects),
        Action::GoLater => go_view(model, ViewKind::Later, effects),
        Action::GoAll => go_view(model, ViewKind::All, effects),
        Action::GoFeeds => model.focus = Column::Feeds,
        Action::GoFront => front::open(model, effects),
        Action::GoCited => list(
            model,
            Listing::MostCited(count.map_or(7, |days| days.clamp(1, 3650) as u32)),
            effects,
        ),
        Action::GoBriefing => {
            let width = model.size.0.saturating_sub(4).clamp(20, 76);
            effects.push(Effect::LoadBriefing {
                width,
                habits: model.settings.habits,
            });
        }
        Action::GoStory | Action::GoRelated => match entry_in_sight(model) {
            Some(entry) if action == Action::GoStory => list(model, Listing::Story(entry), effects),
            Some(entry) => list(model, Listing::Related(entry), effects),
            None => model.say("This is no entry of a feed.", false),
        },
        Action::Apart => match entry_in_sight(model) {
            Some(entry) => apply(model, Edit::Apart { entry }, effects),
            None => model.say("This is no entry of a feed.", false),
        },
        Action::Together => together(model, effects),
        Action::GoPrimary => go_primary(model, effects),
        Action::GoArchived => go_archived(model, effects),
        Action::GoSite => {
            let feed = model
                .feeds
                .selected_feed()
                .filter(|_| model.focus == Column::Feeds);
            let feed = feed.or_else(|| {
                let head = head_of(model, entry_in_sight(model)?)?;
                model.feeds.row(head.feed)
            });
            match feed.and_then(|feed| feed.site_url.clone()) {
                Some(url) => effects.push(Effect::Browse(url)),
                None => model.say("The feed names no site.", false),
            }
        }
        Action::CopyAddress
        | Action::CopyMarkdown
        | Action::CopyQuote
        | Action::CopySources
        | Action::CopyJson => {
            info::copy(model, action, effects);
        }
        Action::Zen => {
            model.zen = !model.zen;
            if model.zen && model.focus < Column::Article {
                open(model, effects);
            }
        }
        Action::Panel => {
            model.panel = !model.panel;
            if !model.panel && model.focus == Column::Sources {
                model.focus = Column::Article;
            }
        }
        Action::Images if model.pictures.able.is_none() => {
            model.say("This terminal cannot show images.", false);
        }
        Action::Images => {
            model.pictures.on = !model.pictures.on;
            set_pictures(model, effects);
            let said = if model.pictures.on {
                "Images are shown."
            } else {
                "Images are not shown, nor fetched."
            };
            model.say(said, false);
        }
        Action::Compact => model.compact = !model.compact,
        Action::Narrower => set_measure(model, -4),
        Action::Wider => set_measure(model, 4),
        Action::Fold if model.focus >= Column::Article => model.reading.turn_group(),
        Action::Fold => model.feeds.turn_group(),
        Action::Order => {
            model.entries.order_next();
            let view = model.entries.view.clone();
            show(model, view, effects);
            let order = words::sentence(model.entries.order.words());
            model.say(&format!("{order}."), false);
        }
        Action::CodeLeft => model.reading.sideways = model.reading.sideways.saturating_sub(8),
        Action::CodeRight => model.reading.sideways = (model.reading.sideways + 8).min(400),
        Action::CardsAlways => consent(
            model,
            "visible",
            "Cards are fetched for sources in sight.",
            effects,
        ),
        Action::CardsDemand => consent(model, "demand", "Cards are fetched on r only.", effects),
        Action::CardsNever => consent(model, "never", "Cards are never fetched.", effects),
        Action::AddFeed => model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::AddFeed))),
        Action::Import => model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Import))),
        Action::Visit => visit(model, effects),
        Action::VisitAll => {
            effects.push(Effect::Visit(Vec::new()));
            model.say("All feeds are visited.", false);
        }
        Action::FetchAhead => fetch_ahead(model, effects),
        Action::RemoveFeed => remove_feed(model, effects),
        Action::EditLists => {
            let feed = match model.focus {
                Column::Feeds => model.feeds.selected_feed(),
                _ => entry_in_sight(model)
                    .and_then(|entry| head_of(model, entry))
                    .and_then(|head| model.feeds.row(head.feed)),
            };
            effects.push(Effect::EditLists(feed.map(|feed| feed.url.clone())));
        }
        Action::Cancel => cancel(model, effects),
        Action::Leave => match model.focus {
            Column::Feeds => effects.push(Effect::Quit),
            _ if model.size.0 >= 80
                && model.focus == Column::Entries
                && model.entries.before.is_none() =>
            {
                model.focus = Column::Feeds;
            }
            _ => left(model, effects),
        },
        Action::Quit => effects.push(Effect::Quit),
        Action::Interrupt => {
            if model.leaving {
                effects.push(Effect::Quit);
            } else if !stop_finding(model, effects) {
                model.leaving = true;
                effects.push(Effect::Withdraw);
                model.say("Once more leaves.", false);
            }
        }
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Redraw => effects.push(Effect::Redraw),
    }
}

/// Whether an action in the list of entries is about the selected one, or moves from it.
fn is_about_a_row(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::HalfDown
            | Action::HalfUp
            | Action::PageDown
            | Action::PageUp
            | Action::PageOn
            | Action::Right
            | Action::Open
            | Action::NextEntry
            | Action::PreviousEntry
            | Action::NextUnread
            | Action::PreviousUnread
            | Action::Browse
            | Action::WholePage
            | Action::Discussions
            | Action::WhoCites
            | Action::About
            | Action::ToggleRead
            | Action::Star
            | Action::Later
            | Action::Tags
            | Action::Note
            | Action::MarkAbove
            | Action::Select
            | Action::GoStory
            | Action::GoRelated
            | Action::GoPrimary
            | Action::Apart
            | Action::CopyAddress
            | Action::CopyMarkdown
    )
}

/// Rows of the article in sight.
pub(super) fn article_height(model: &Model) -> usize {
    model
        .layout()
        .article
        .map_or(1, |area| usize::from(area.height))
}

fn step(model: &mut Model, by: isize, effects: &mut Vec<Effect>) {
    match model.focus {
        Column::Feeds => {
            if model.feeds.step(by) {
                open_feed_row(model, effects);
            }
        }
        Column::Entries => {
            if let Some(window) = model.entries.step_on(by) {
                ask_rows(model, Some(window), effects);
            }
        }
        Column::Article => {
            let height = article_height(model);
            model.reading.scroll(by, height);
        }
        Column::Sources => {
            let height = article_height(model);
            model.reading.move_in_panel(by, height);
        }
    }
}

fn step_page(model: &mut Model, direction: isize, part: usize, effects: &mut Vec<Effect>) {
    let layout = model.layout();
    let height = layout
        .of(model.focus)
        .map_or(1, |area| usize::from(area.height));
    let rows = match model.focus {
        Column::Feeds => height,
        Column::Entries => {
            let shape = layout.entries.map(|area| entries::Shape::of(model, area));
            shape.map_or(1, |shape| model.entries.placed(shape).len())
        }
        // Two lines are kept in sight.
        Column::Article => height.saturating_sub(2),
        Column::Sources => (height / 5).max(2),
    };
    step(model, direction * (rows / part).max(1) as isize, effects);
}

fn jump(model: &mut Model, to: usize, effects: &mut Vec<Effect>) {
    match model.focus {
        Column::Feeds => {
            model.feeds.select_place(to);
            open_feed_row(model, effects);
        }
        Column::Entries => {
            if let Some(window) = model.entries.jump(to) {
                ask_rows(model, Some(window), effects);
            }
        }
        Column::Article => {
            let height = article_height(model);
            model.reading.scroll_to(to, height);
        }
        Column::Sources => {
            let height = article_height(model);
            model.reading.jump_in_panel(to, height);
        }
    }
}

/// A page on; at the end of the article the next unread entry.
fn page_on(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.focus {
        Column::Feeds | Column::Entries => open(model, effects),
        Column::Article | Column::Sources => {
            model.focus = Column::Article;
            let height = article_height(model);
            if model.reading.at_end(height) {
                next_unread(model, true, effects);
            } else {
                model
                    .reading
                    .scroll(height.saturating_sub(2).max(1) as isize, height);
            }
        }
    }
}

/// To the left: one step back in a chain, else one column.
pub(super) fn left(model: &mut Model, effects: &mut Vec<Effect>) {
    if front::back(model) {
        return;
    }
    match model.focus {
        Column::Feeds => {}
        Column::Entries => {
            if restore_list(model, effects) {
                return;
            }
            model.focus = Column::Feeds;
        }
        Column::Article => {
            if model.reading.trail.depth() > 0 {
                walk(model, true, effects);
            } else {
                model.zen = false;
                model.focus = Column::Entries;
                effects.push(Effect::Withdraw);
            }
        }
        Column::Sources => model.focus = Column::Article,
    }
}

fn right(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.focus {
        Column::Article if model.reading.has_rows() => {
            model.panel = true;
            model.focus = Column::Sources;
            model.reading.select_any();
        }
        Column::Article => model.say("It cites nothing that is known.", false),
        _ => open(model, effects),
    }
}

fn cycle(model: &mut Model, by: isize, effects: &mut Vec<Effect>) {
    const ALL: [Column; 4] = [
        Column::Feeds,
        Column::Entries,
        Column::Article,
        Column::Sources,
    ];
    let count = if model.reading.has_rows() { 4 } else { 3 };
    let to = ALL[(model.focus as isize + by).rem_euclid(count) as usize];
    if to == Column::Article && model.focus < Column::Article {
        open(model, effects);
    } else {
        model.panel |= to == Column::Sources;
        model.focus = to;
        if to == Column::Sources {
            model.reading.select_any();
        }
    }
}

/// Back to the list that was there before the search; `false`: there was none.
pub(super) fn restore_list(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    if model.entries.filter.is_some() {
        model.entries.set_filter(None);
        let window = model
            .entries
            .selected
            .map_or(Window::From(0), Window::Around);
        ask_rows(model, Some(window), effects);
        return true;
    }
    if !model.entries.marked.is_empty() {
        model.entries.marked.clear();
        return true;
    }
    let Some(before) = model.entries.before.take() else {
        return false;
    };
    let (view, selected, place) = *before;
    model.entries.show(view, model.now);
    model.entries.selected = selected;
    model.entries.place = place;
    let window = selected.map_or(Window::From(0), Window::Around);
    ask_rows(model, Some(window), effects);
    true
}

fn cancel(model: &mut Model, effects: &mut Vec<Effect>) {
    if stop_finding(model, effects) {
        return;
    }
    if model.tour.take().is_some() {
        let text = model
            .keymap
            .teach("The tour is over; {tour} takes it again.");
        model.say(&text, false);
        return;
    }
    if model.notice.take().is_some_and(|notice| notice.error) {
        return;
    }
    if model.focus == Column::Feeds && model.feeds.filter.is_some() {
        model.feeds.set_filter(None);
        return;
    }
    if model.reading.find.take().is_some() && model.focus >= Column::Article {
        model.reading.matches.clear();
        return;
    }
    left(model, effects);
}

/// Gives up looking for a feed; answers whether there was anything to give up.
fn stop_finding(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let finding = model.finding.take().is_some();
    if finding {
        effects.push(Effect::StopFinding);
        model.say("No longer looking for a feed.", false);
    }
    finding
}

/// Shows the entries of the selected row of the feed list.
pub(super) fn open_feed_row(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(item) = model.feeds.selected.clone() {
        let view = view_of(model, &item);
        if model.entries.view != view {
            model.entries.before = None;
            show(model, view, effects);
        }
    }
}

/// Opens a view.
pub(super) fn go_view(model: &mut Model, kind: ViewKind, effects: &mut Vec<Effect>) {
    let view = kind.view(model);
    model.focus = Column::Entries;
    model.entries.before = None;
    show(model, view, effects);
    let item = Item::View(kind);
    if model.feeds.items().contains(&item) {
        model.feeds.selected = Some(item);
    }
}

pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.focus {
        Column::Feeds => {
            open_feed_row(model, effects);
            model.focus = Column::Entries;
        }
        Column::Entries => read_entry(model, effects),
        Column::Article | Column::Sources => match model.reading.selected {
            Some(reading::Item::Card(row)) => read_source(model, row, effects),
            Some(reading::Item::Group { .. }) => model.reading.turn_group(),
            Some(reading::Item::Story) => act(model, Action::GoStory, None, effects),
            None => model.say("No source is selected.", false),
        },
    }
}

/// Opens the selected entry to be read, and marks it read.
pub(super) fn read_entry(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(row) = model.entries.selected_row() else {
        return;
    };
    let (id, read, name) = (row.id, row.marks.read, row.title.as_str().to_owned());
    let target = Target::Entry(id);
    let known = model.reading.target() == Some(&target) && model.reading.trail.depth() == 0;
    model.focus = Column::Article;
    model.entries.touched = true;
    if !known {
        model.reading.begin(target, name);
    }
    model.reading.opened = true;
    if !known || model.reading.view().is_none() {
        open_current(model, false, effects);
    }
    opened(model, id, !read, effects);
    prepare(model, effects);
}

/// An entry is opened, from wherever: it is read, and counts as opened.
pub(super) fn opened(model: &mut Model, entry: EntryId, unread: bool, effects: &mut Vec<Effect>) {
    if unread {
        let edit = Edit::Mark {
            which: Which::Entries(vec![entry]),
            mark: MarkKind::Read,
            on: true,
        };
        let wish = mark(
            model,
            Some(vec![entry]),
            MarkKind::Read,
            true,
            edit,
            effects,
        );
        model.quiet.wish(wish);
    }
    let at = model.now;
    apply(model, Edit::Opened { entry, at }, effects);
}

/// Has the neighbours laid out ahead.
pub(super) fn prepare(model: &Model, effects: &mut Vec<Effect>) {
    let Some(at) = model.entries.row_of_selected() else {
        return;
    };
    let rows = &model.entries.rows;
    let neighbours = [Some(at + 1), at.checked_sub(1), Some(at + 2)];
    let targets = neighbours
        .into_iter()
        .flatten()
        .filter_map(|at| rows.get(at))
        .map(|row| Target::Entry(row.id))
        .collect();
    effects.push(Effect::Prepare(targets));
}

fn other_entry(model: &mut Model, by: isize, effects: &mut Vec<Effect>) {
    if model.entries.step(by) {
        if model.focus >= Column::Article {
            read_entry(model, effects);
        }
    } else {
        model.say(
            if by > 0 {
                "This is the last entry."
            } else {
                "This is the first entry."
            },
            false,
        );
    }
}

fn next_unread(model: &mut Model, forward: bool, effects: &mut Vec<Effect>) {
    if model.reading.find.is_some() && model.focus >= Column::Article {
        let height = article_height(model);
        model.reading.step_match(forward, false, height);
        return;
    }
    if model.entries.step_unread(forward) {
        if model.focus >= Column::Article {
            read_entry(model, effects);
        } else {
            model.focus = Column::Entries;
        }
    } else {
        let read = model.focus >= Column::Article;
        if !model.entries.seek(forward, read) {
            nothing_unread(model, forward);
        }
    }
}

/// Says that there is no unread entry in that direction.
fn nothing_unread(model: &mut Model, forward: bool) {
    let way = if forward { "below" } else { "above" };
    model.say(
        &format!("Nothing unread {way}. gn goes to the next feed that has."),
        false,
    );
}

/// A search for an unread entry beyond the rows held has ended.
pub(super) fn sought(model: &mut Model, sought: Sought, effects: &mut Vec<Effect>) {
    match sought {
        Sought::Found { read: true } => read_entry(model, effects),
        Sought::Found { read: false } => model.focus = Column::Entries,
        Sought::Nothing { forward } => nothing_unread(model, forward),
    }
}

/// The address that `o`, `yy` and `ga` are about.
pub(super) fn address_in_sight(model: &Model) -> Option<String> {
    match model.focus {
        Column::Feeds => model.feeds.selected_feed().map(|feed| feed.url.clone()),
        Column::Entries => model.entries.selected_row().and_then(|row| row.url.clone()),
        Column::Article => article_address(model),
        Column::Sources => model
            .reading
            .selected_source()
            .map(|row| row.opens().to_owned())
            .or_else(|| article_address(model)),
    }
}

/// The article that a key in this column means: in the lists that of the selected entry, if it is laid out.
pub(super) fn view_in_sight(model: &Model) -> Option<&ArticleView> {
    let meant = model.focus >= Column::Article
        || model.reading.trail.depth() == 0
            && model.reading.target() == model.entries.selected.map(Target::Entry).as_ref();
    model.reading.view().filter(|_| meant)
}

/// Its address.
pub(super) fn article_address(model: &Model) -> Option<String> {
    let of_view = view_in_sight(model).and_then(|view| view.url.clone());
    of_view.or_else(|| match model.reading.target() {
        Some(Target::Page { url, .. }) if model.focus >= Column::Article => Some(url.clone()),
        _ => head_of(model, entry_in_sight(model)?)?.url.clone(),
    })
}

/// What it is called.
pub(super) fn title_in_sight(model: &Model) -> String {
    if model.focus <= Column::Entries {
        let row = model.entries.selected_row();
        return row.map(|row| row.title.to_string()).unwrap_or_default();
    }
    let step = model.reading.trail.current();
    step.map(|step| step.name.clone()).unwrap_or_default()
}

fn browse(model: &mut Model, count: Option<usize>, effects: &mut Vec<Effect>) {
    if let Some(n) = count {
        let row = model.reading.source_numbered(n);
        let url = row.and_then(|row| model.reading.view().and_then(|view| view.sources.get(row)));
        match url.map(|row| row.opens().to_owned()) {
            Some(url) => effects.push(Effect::Browse(url)),
            None => model.say(&format!("There is no source {n}."), false),
        }
        return;
    }
    if model.focus == Column::Feeds {
        act(model, Action::GoSite, None, effects);
        return;
    }
    match address_in_sight(model) {
        Some(url) => effects.push(Effect::Browse(url)),
        None => model.say("It has no address.", false),
    }
    if model.focus == Column::Entries
        && let Some(row) = model.entries.selected_row().filter(|row| !row.marks.read)
    {
        let id = row.id;
        let edit = Edit::Mark {
            which: Which::Entries(vec![id]),
            mark: MarkKind::Read,
            on: true,
        };
        mark(model, Some(vec![id]), MarkKind::Read, true, edit, effects);
    }
}

/// The entries that a mark is for: in the list those selected with `v`, else the one selected; beside it the one that is read,
/// however it was come to. None on a source, which is no entry.
fn entries_meant(model: &Model) -> Vec<EntryId> {
    if model.focus >= Column::Article {
        entry_in_sight(model).into_iter().collect()
    } else {
        model.entries.chosen()
    }
}

/// What is known of an entry that is in the list or is read.
pub(super) fn head_of(model: &Model, id: EntryId) -> Option<&EntryHead> {
    let row = model.entries.rows.iter().find(|row| row.id == id);
    row.or_else(|| {
        let beside = model.reading.beside.as_ref();
        beside.filter(|(entry, _)| *entry == id)?.1.head.as_ref()
    })
}

/// Says that a key for entries means nothing on a source.
fn say_no_entry(model: &mut Model) {
    let text = model
        .keymap
        .teach("This is a source, no entry of a feed; {later} keeps it for later.");
    model.say(&text, false);
}

/// Fetches the pages of what is selected with `v`, of the article in sight, or of the list; while it does, stops.
fn fetch_ahead(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.ahead.is_some() {
        effects.push(Effect::StopAhead);
        return;
    }
    let entries = match model.focus {
        Column::Article | Column::Sources => entry_in_sight(model).into_iter().collect(),
        _ if model.entries.marked.is_empty() => Vec::new(),
        _ => model.entries.chosen(),
    };
    if entries.is_empty() && model.focus >= Column::Article {
        say_no_entry(model);
        return;
    }
    let list = model.entries.list_question();
    model.ahead = Some(crate::tui::event::Ahead::default());
    effects.push(Effect::FetchAhead {
        entries,
        list: Box::new(list),
    });
    let text = model
        .keymap
        .teach("Pages are fetched; {fetch-ahead} stops it.");
    model.say(&text, false);
}

/// The entry that is shown, or selected in the list.
pub(super) fn entry_in_sight(model: &Model) -> Option<EntryId> {
    match (model.focus >= Column::Article, model.reading.target()) {
        (true, Some(Target::Entry(id))) => Some(*id),
        (true, Some(Target::Page { .. })) => None,
        _ => model.entries.selected,
    }
}

/// Opens what is attached: the first file, after a file the next one.
fn enclosure(model: &mut Model, effects: &mut Vec<Effect>) {
    let files = view_in_sight(model).map(|view| view.enclosures.clone());
    let files = files.unwrap_or_default();
    if files.is_empty() {
        model.say("Nothing is attached to this.", false);
        return;
    }
    let at = model
        .reading
        .opened_file
        .as_ref()
        .and_then(|last| files.iter().position(|file| file == last))
        .map_or(0, |at| (at + 1) % files.len());
    model.reading.opened_file = Some(files[at].clone());
    effects.push(Effect::OpenEnclosure(files[at].clone()));
}

fn text_out(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match (info::plain_text(model), action) {
        (None, _) => {
            let text = model.keymap.teach("No article is open; {open} opens one.");
            model.say(&text, false);
        }
        (Some(text), Action::Pager) => effects.push(Effect::Page(text)),
        (Some(_), Action::Pipe) => {
            model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Pipe)));
        }
        (Some(_), _) => {
            let mut prompt = Prompt::new(Asks::Save);
            prompt.input = tui_input::Input::new(info::file_name(&title_in_sight(model)));
            model.overlay = Some(Overlay::Prompt(prompt));
        }
    }
}

fn set_measure(model: &mut Model, by: i16) {
    model.measure = model.measure.saturating_add_signed(by).clamp(50, 100);
    model.say(&format!("Lines of {} columns.", model.measure), false);
}
