//! (Model, Event) to wishes: the only place that changes the model. Whole actions are handed to `act`, keys of what lies
//! over the columns to `over`, clicks to `mouse`.

use super::act;
use super::columns::Column;
use super::event::Progress;
use super::keymap::{Found, Key};
use super::model::Timer;
use super::overlay::{Asks, Overlay, Welcome};
use super::pane::briefing::Briefing;
use super::pane::entries::{Pending, Select, Shape};
use super::pane::feeds::{Item, ViewKind};
use super::pane::report::{self, Setting};
use super::pane::{article, sources};
use super::reading::{CARDS, State, may_be_asked};
use super::{Effect, Event, Model, mouse, over, picture};
use crate::feed::FeedId;
use crate::news::{
    Applied, ArticleView, CardState, Changes, Edit, MarkKind, SourceRow, Target, View, Window,
};
use crate::text::LineKind;
use chrono::TimeDelta;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use std::collections::HashSet;

/// How long sources are in sight before their cards are asked for.
const CARDS_AFTER_MS: u32 = 600;
const DIGIT_MS: u32 = 500;
const SEQUENCE_MS: u32 = 4_000;
const SPIN_MS: u32 = 120;
/// How long after a scroll the place is written down.
const PLACE_MS: u32 = 700;
/// How long a notice stands.
const NOTICE_S: i64 = 8;

/// What to ask for at the start, before any event.
pub fn start(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.settings.first_start && !model.settings.demo {
        model.overlay = Some(Overlay::Welcome(Welcome::new(model)));
    }
    let kind = match model.settings.start.as_str() {
        "today" => ViewKind::Today,
        "starred" => ViewKind::Starred,
        "later" => ViewKind::Later,
        "all" => ViewKind::All,
        "feeds" => {
            model.focus = Column::Feeds;
            ViewKind::Unread
        }
        "front" => ViewKind::Today,
        _ => ViewKind::Unread,
    };
    let view = kind.view(model);
    // Counts first: they say whether this view is the one that is wanted.
    effects.push(Effect::LoadCounts);
    show(model, view, &mut effects);
    if model.settings.start == "front" {
        super::pane::front::open(model, &mut effects);
    }
    // All feeds take as long as all else where there are thousands.
    model.feeds_wait = true;
    settle(model, &mut effects);
    effects
}

/// Takes a fact in.
pub fn update(model: &mut Model, event: Event) -> Vec<Effect> {
    let mut effects = Vec::new();
    take(model, event, &mut effects);
    if let Some(at) = effects.iter().position(|effect| *effect == Effect::Quit) {
        let mut last = Vec::new();
        keep_places(model, &mut last);
        effects.splice(at..at, last);
    }
    settle(model, &mut effects);
    effects
}

fn take(model: &mut Model, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => pressed(model, &key, effects),
        Event::Key(_) => {}
        Event::Act { action, count } => {
            model.notice = None;
            act::act(model, action, count, effects);
        }
        // Linear mode makes actions of it before it comes here.
        Event::Line(_) | Event::FilesDone => {}
        Event::Mouse(mouse) => mouse::take(model, mouse, effects),
        Event::Pasted(text) => over::paste(model, &text, effects),
        Event::Resized(width, height) => model.size = (width, height),
        Event::Focused(focused) => model.focused = focused,
        Event::TerminalGone => effects.push(Effect::Quit),
        Event::Continued => effects.push(Effect::Redraw),
        Event::Tick { now, zone } => tick(model, now, zone),
        Event::TimeUp(token) => time_up(model, token, effects),
        Event::Ground { dark } => {
            model.dark = dark;
            model.retheme();
        }
        Event::FeedsLoaded { feeds, counts } => {
            model.feeds_asked = false;
            model.counts = counts;
            let shown = shown_feed(model).is_some();
            model.feeds.set(feeds);
            if shown && shown_feed(model).is_none() {
                // It was removed: its rows would lead nowhere.
                let unread = ViewKind::Unread.view(model);
                show(model, unread, effects);
            }
            if std::mem::take(&mut model.feeds_stale) {
                ask_feeds(model, effects);
            }
        }
        Event::CountsLoaded(counts) => model.counts = counts,
        Event::NamesLoaded { mut views, tags } => {
            // Counts come one by one: until then the old ones are nearer the truth than none.
            for view in &mut views {
                let known = model.feeds.saved().iter().find(|old| old.name == view.name);
                view.unread = known.and_then(|old| old.unread);
            }
            model.feeds.set_saved(views);
            model.tags = tags
                .into_iter()
                .map(|(tag, count)| (tag.into_string(), count))
                .collect();
        }
        Event::SavedCounted { name, unread } => model.feeds.set_saved_unread(&name, unread),
        Event::EntriesLoaded { question, page } => {
            // What `query` made of the words typed is what a mark of all of them means.
            if let (View::Search { text, .. }, View::Search { text: asked, .. }) =
                (&model.entries.view, &question.view)
                && text == asked
            {
                model.entries.view = question.view.clone();
            }
            if let (Some(filter), Some(asked)) = (&mut model.entries.filter, &question.filter)
                && filter.text == asked.text
            {
                filter.clone_from(asked);
            }
            model.entries.find_terms();
            if model.entries.loaded(&question, page)
                && let Some(Overlay::Prompt(prompt)) = &mut model.overlay
            {
                prompt.wrong = None;
            }
            if let Some(sought) = model.entries.sought.take() {
                act::sought(model, sought, effects);
            }
            look_beside(model, effects);
            if !model.entries.awaits() {
                for (action, count) in std::mem::take(&mut model.entries.awaited) {
                    act::act(model, action, count, effects);
                }
            }
        }
        Event::SearchRefused {
            number,
            message,
            span,
        } => {
            if model.entries.asked == Some(number) {
                model.entries.asked = None;
                model.entries.awaited.clear();
                model.entries.refused = true;
                if let Some(Overlay::Prompt(prompt)) = &mut model.overlay {
                    prompt.wrong = Some((message, span));
                } else {
                    // Enter was faster than the answer.
                    model.say(&format!("{message}."), true);
                }
            }
        }
        Event::ArticleReady { number, article } => {
            if number == model.reading.number {
                for url in article
                    .links
                    .iter()
                    .map(String::as_str)
                    .chain(article.sources.iter().map(SourceRow::opens))
                {
                    model.links.number(url);
                }
                let partial = article.partial;
                model.reading.ready(number, article);
                if let Some(Target::Entry(entry)) = model.reading.target().cloned()
                    && !partial
                    && model.reading.opened
                    && model
                        .reading
                        .beside
                        .as_ref()
                        .is_none_or(|(known, _)| *known != entry)
                {
                    effects.push(Effect::LoadBeside(entry));
                }
            }
        }
        Event::ArticleAwaited { number, .. } => {
            if number == model.reading.number {
                if model.reading.view().is_some() {
                    model.say("The whole page is being fetched.", false);
                } else {
                    model.reading.state = State::Fetching;
                }
            }
        }
        Event::ArticleFailed { number, why, .. } => {
            if number == model.reading.number {
                if model.reading.view().is_some() {
                    model.say(
                        &format!("This could not be opened: {why}. o opens it in the browser"),
                        true,
                    );
                } else {
                    model.reading.state = State::Failed(why);
                }
            }
        }
        Event::PicturesAble { cell } => model.pictures.able = Some(cell),
        Event::PictureReady {
            url,
            columns,
            picture,
        } => {
            model.pictures.ready(url, columns, picture);
            set_pictures(model, effects);
        }
        Event::CardsReady(cards) => {
            model.reading.cards(&cards);
        }
        Event::PageVisited { key, failed } => page_visited(model, &key, failed, effects),
        Event::CitingLoaded { key, citing } => {
            if let Some(Overlay::Citing {
                key: asked, list, ..
            }) = &mut model.overlay
                && *asked == key
            {
                *list = Some(citing);
            }
            act::listed(model, effects);
        }
        Event::FrontLoaded { number, page } => super::pane::front::loaded(model, number, *page),
        Event::BesideLoaded { entry, beside } => {
            let wanted = model.reading.primary_of == Some(entry);
            if wanted || model.reading.target() == Some(&Target::Entry(entry)) {
                model.reading.set_beside(entry, *beside);
            }
            act::primary_is_known(model, entry, effects);
        }
        Event::BriefingReady(lines) => {
            let briefing = Briefing::new(lines);
            for url in briefing.addresses() {
                model.links.number(url);
            }
            model.overlay = Some(Overlay::Briefing(briefing));
        }
        Event::NoteLoaded { entry, text } => {
            if let Some(Overlay::Prompt(prompt)) = &mut model.overlay
                && prompt.asks == Asks::Note(entry)
                && std::mem::take(&mut prompt.loading)
                && prompt.input.value().is_empty()
            {
                prompt.input = tui_input::Input::new(text.into_string());
            }
        }
        Event::FeedPageLoaded { feed: loaded, page } => {
            let setting = Setting::of(model);
            if let Some(Overlay::Page {
                feed: Some(feed),
                facts,
                rows,
                ready,
                ..
            }) = &mut model.overlay
                && *feed == loaded
            {
                *rows = report::of_feed(facts, &page, setting);
                *ready = true;
            }
        }
        Event::ReadingLoaded(reading) => {
            let setting = Setting::of(model);
            if let Some(Overlay::Page {
                feed: None,
                rows,
                ready,
                ..
            }) = &mut model.overlay
            {
                *rows = report::of_reading(&reading, setting);
                *ready = true;
            }
        }
        Event::Changed(changes) => changed(model, changes, effects),
        Event::Progress(progress) => progressed(model, progress, effects),
        Event::Ahead(ahead) => {
            model.ahead = ahead;
            spin(model, effects);
        }
        Event::Notice { text, error } => model.say(text.as_str(), error),
        Event::Finding(text) => {
            model.finding = text.map(crate::text::SafeText::into_string);
            spin(model, effects);
        }
        Event::FeedsFound { asked, found } => {
            let found = found
                .into_iter()
                .map(|(url, title)| (url, title.into_string()))
                .collect();
            model.overlay = Some(Overlay::Found {
                asked,
                found,
                selected: 0,
            });
        }
        Event::EditSent { wish, number } => {
            model.quiet.sent(wish, number);
            for pending in &mut model.entries.pending {
                if pending.wish == wish {
                    pending.number = Some(number);
                }
            }
        }
        Event::SettingsChanged(settings) => {
            model.set_settings(*settings);
            ask_feeds(model, effects);
        }
        Event::EntryOfKey { .. } => {}
        Event::Failed { feed, sentence } => {
            let title = model
                .feeds
                .row(feed)
                .map(|row| row.title.to_string())
                .unwrap_or_default();
            model.say(&format!("{title}: {sentence}"), true);
        }
    }
}

/// A key: to what lies over the columns, else through the keymap.
fn pressed(model: &mut Model, event: &KeyEvent, effects: &mut Vec<Effect>) {
    let key = Key::of(event);
    if !matches!(
        key,
        Key {
            code: KeyCode::Char('c'),
            ctrl: true,
            ..
        }
    ) {
        model.leaving = false;
    }
    if model.overlay.is_some() {
        over::key(model, key, effects);
        return;
    }
    if let (KeyCode::Char(digit), false, true) = (key.code, key.ctrl, model.pending.is_empty())
        && let Some(digit) = digit.to_digit(10)
        && (digit > 0 || model.count.is_some())
    {
        let lone = model.count.is_none();
        let count = model
            .count
            .unwrap_or(0)
            .saturating_mul(10)
            .saturating_add(digit as usize);
        model.count = Some(count.min(9_999_999));
        model.stop(Timer::Digit);
        if lone && model.focus >= Column::Article {
            let token = model.timer(Timer::Digit);
            effects.push(Effect::After {
                ms: DIGIT_MS,
                token,
            });
        }
        return;
    }
    model.stop(Timer::Digit);
    if key.code == KeyCode::Esc && (!model.pending.is_empty() || model.count.is_some()) {
        model.pending.clear();
        model.count = None;
        return;
    }
    model.pending.push(key);
    match model.keymap.find(&model.pending) {
        Found::Prefix => {
            let token = model.timer(Timer::Sequence);
            effects.push(Effect::After {
                ms: SEQUENCE_MS,
                token,
            });
        }
        Found::Nothing => {
            model.pending.clear();
            model.count = None;
        }
        Found::Actions(actions) => {
            model.pending.clear();
            model.stop(Timer::Sequence);
            let count = model.count.take();
            for action in actions {
                act::act(model, action, count, effects);
            }
        }
    }
}

fn tick(model: &mut Model, now: chrono::DateTime<chrono::Utc>, zone: chrono::FixedOffset) {
    model.now = now;
    model.zone = zone;
    let over = |at| now - at > TimeDelta::seconds(NOTICE_S);
    if model.notice.as_ref().is_some_and(|notice| over(notice.at)) {
        model.notice = None;
    }
}

fn time_up(model: &mut Model, token: u64, effects: &mut Vec<Effect>) {
    match model.time_up(token) {
        Some(Timer::Digit) => {
            if let Some(n) = model.count.take() {
                act::read_source_numbered(model, n, effects);
            }
        }
        Some(Timer::Sequence) => {
            model.pending.clear();
            model.count = None;
        }
        Some(Timer::Cards) => want_cards(model, effects),
        Some(Timer::Place) => keep_places(model, effects),
        Some(Timer::Spin) => {
            model.spin += 1;
            spin(model, effects);
        }
        None => {}
    }
}

fn progressed(model: &mut Model, progress: Option<Progress>, effects: &mut Vec<Effect>) {
    if let (Some(before), None) = (&model.progress, &progress) {
        let text = visited_words(before);
        // What can be taken back, or went wrong, is not covered by what goes by itself; nor is what a round came to by
        // the few feeds that fall due after it.
        let stands = |notice: &super::model::Notice| notice.undoable || notice.error;
        let wanted = before.asked || !model.visited;
        model.visited = true;
        if wanted && !model.notice.as_ref().is_some_and(stands) {
            model.say(&text, false);
        }
    }
    model.progress = progress;
    spin(model, effects);
}

/// What a round of visits came to.
fn visited_words(over: &Progress) -> String {
    let feeds = super::words::plural(over.total, "feed");
    match (over.failed, over.total) {
        (0, _) => format!("Visited {feeds}."),
        (1, 1) => "The feed could not be visited; i on it says why.".to_owned(),
        (failed, total) if failed >= total => {
            format!("None of {feeds} could be visited; i on one says why.")
        }
        (failed, _) => format!("Visited {feeds}, {failed} failed."),
    }
}

/// Writes down where the reader is in entries, so that it is found again after a restart.
fn keep_places(model: &mut Model, effects: &mut Vec<Effect>) {
    model.reading.note_place();
    for entry in std::mem::take(&mut model.reading.left) {
        let offset = model.reading.places.get(&entry).copied().unwrap_or(0);
        apply(model, Edit::Place { entry, offset }, effects);
    }
}

/// Keeps the spinner going while there is something to wait for.
fn spin(model: &mut Model, effects: &mut Vec<Effect>) {
    let works = model.progress.is_some() || model.ahead.is_some() || model.finding.is_some();
    if works && model.focused && !model.runs(Timer::Spin) {
        let token = model.timer(Timer::Spin);
        effects.push(Effect::After { ms: SPIN_MS, token });
    }
}

/// The story of the article that is open has changed, as the rows say: what stands beside it is asked for anew.
fn look_beside(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Target::Entry(entry)) = model.reading.target().cloned() else {
        return;
    };
    let row = model.entries.rows.iter().find(|row| row.id == entry);
    if let Some(row) = row.filter(|_| model.reading.opened)
        && model.reading.story != Some((entry, row.story))
    {
        model.reading.story = Some((entry, row.story));
        // Before the article is there, its text has the machine to itself; when it comes, this is asked for anyway.
        if model.reading.view().is_some_and(|view| !view.partial) {
            effects.push(Effect::LoadBeside(entry));
        }
    }
}

/// Whether an edit that changed nothing says why, as `nothing to undo`; a count of nothing says no more than the screen.
fn is_refusal(applied: &Applied) -> bool {
    let counts = applied
        .summary
        .starts_with(|first: char| first.is_ascii_digit());
    !applied.undoable && !counts && !applied.summary.starts_with("feeds")
}

/// The feed whose list is shown, if it is one of those that are read.
fn shown_feed(model: &Model) -> Option<FeedId> {
    let View::Feed(id) = model.entries.view else {
        return None;
    };
    model
        .feeds
        .row(id)
        .filter(|feed| !feed.hidden)
        .map(|feed| feed.id)
}

/// One commit of the store.
fn changed(model: &mut Model, changes: Changes, effects: &mut Vec<Effect>) {
    for applied in &changes.applied {
        if let Some(error) = &applied.error {
            model.say(&format!("That could not be done: {error}"), true);
            model
                .entries
                .pending
                .retain(|pending| pending.number != Some(applied.number));
        } else if model.quiet.done(applied.number) {
            // To open an entry reads it: nobody has to be told.
        } else if !applied.summary.is_empty() && (applied.count > 0 || is_refusal(applied)) {
            let summary = applied.summary.as_str();
            // What follows in the lists from what was said just now is no news beside it.
            if summary.starts_with("feeds") && model.notice.is_some() {
                continue;
            }
            let text = super::words::sentence(summary);
            model.say(&format!("{}.", text.trim_end_matches('.')), false);
            if let Some(notice) = &mut model.notice {
                notice.undoable = applied.undoable;
            }
        }
    }
    if let Some(first) = changes.notify.first() {
        let more = match changes.notify.len() {
            1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        let text = format!("{}: {}{more}", first.feed, first.title);
        model.say(&text, false);
        effects.push(Effect::Notify(text));
    }
    match changes.counts {
        Some(counts) => model.counts = counts,
        None => effects.push(Effect::LoadCounts),
    }
    if changes.feed_list || !changes.feeds.is_empty() {
        ask_feeds(model, effects);
    }
    if !changes.entries.is_empty()
        && let Some(Target::Entry(entry)) = model.reading.target()
        && changes.entries.contains(entry)
        && model.reading.opened
        && model.entries.rows.iter().all(|row| row.id != *entry)
    {
        // No list will say how it is marked now.
        effects.push(Effect::LoadBeside(*entry));
    }
    if changes.sources && model.reading.view().is_some() {
        open_current(model, false, effects);
    }
    let shown: HashSet<_> = changes.entries.iter().copied().collect();
    let touched = model.entries.rows.iter().any(|row| shown.contains(&row.id))
        || changes
            .applied
            .iter()
            .any(|applied| applied.error.is_some() || applied.count > 0);
    let at_top =
        model.entries.place == 0 && model.entries.top == 0 && model.focus <= Column::Entries;
    // A list with room below it is not crowded by what comes in: nobody is to ask for what would be in sight.
    let short = model
        .layout()
        .entries
        .is_some_and(|area| model.entries.is_short(Shape::of(model, area)));
    let shows = at_top && !model.entries.rows.is_empty() && model.entries.offset == 0;
    // At midnight nothing is of the new day: the list stays until something has come and nobody is in the midst of it.
    let today = ViewKind::Today.view(model);
    let day_is_over =
        matches!(model.entries.view, View::Today { .. }) && model.entries.view != today;
    if day_is_over && changes.new > 0 && at_top {
        show(model, today, effects);
    } else if changes.new > 0 && (shows || short) {
        // At the top what is new comes in above; what the reader chose stays selected by its id.
        model.entries.up_to = None;
        if !model.entries.touched {
            model.entries.select = Some(Select::First);
        }
        ask_rows(model, None, effects);
    } else if touched
        || changes.new > 0
        || changes.changed > 0
        || changes.feed_list
        || !model.entries.loaded
    {
        ask_rows(model, None, effects);
    }
}

fn page_visited(
    model: &mut Model,
    key: &str,
    failed: Option<crate::text::SafeText>,
    effects: &mut Vec<Effect>,
) {
    let awaited =
        matches!(model.reading.target(), Some(Target::Page { key: shown, .. }) if shown == key);
    if awaited && model.reading.state == State::Fetching {
        match &failed {
            Some(why) => model.reading.state = State::Failed(why.clone()),
            None => open_current(model, false, effects),
        }
    }
    if let Some(why) = failed {
        let known = model
            .reading
            .view()
            .and_then(|view| view.sources.iter().find(|row| row.key == key));
        if let Some(row) = known {
            let card = crate::news::CardView {
                state: CardState::Failed(why),
                ..row.card.clone()
            };
            model.reading.cards(&[(key.to_owned(), card)]);
        }
    }
}

/// Asks for the feeds, once at a time.
pub(super) fn ask_feeds(model: &mut Model, effects: &mut Vec<Effect>) {
    model.feeds_wait = false;
    if model.feeds_asked {
        model.feeds_stale = true;
    } else {
        model.feeds_asked = true;
        effects.push(Effect::LoadFeeds);
    }
}

/// Asks for the rows of the open view; `None`: around what is selected.
pub(super) fn ask_rows(model: &mut Model, window: Option<Window>, effects: &mut Vec<Effect>) {
    let number = model.number();
    let window = window.unwrap_or_else(|| model.entries.window());
    let question = model.entries.question(number, window);
    effects.push(match &question.view {
        View::Search { text, .. } => {
            let text = text.clone();
            Effect::Search { question, text }
        }
        _ => Effect::LoadEntries(question),
    });
}

/// Opens a view, from its top.
pub(super) fn show(model: &mut Model, view: View, effects: &mut Vec<Effect>) {
    model.entries.show(view, model.now);
    model.entries.select = Some(Select::First);
    ask_rows(model, Some(Window::From(0)), effects);
}

/// Shows marks at once and sends the edit; the number of the wish.
pub(super) fn mark(
    model: &mut Model,
    entries: Option<Vec<crate::feed::EntryId>>,
    mark: MarkKind,
    on: bool,
    edit: Edit,
    effects: &mut Vec<Effect>,
) -> u64 {
    let wish = model.number();
    if let Some((entry, beside)) = &mut model.reading.beside
        && entries
            .as_ref()
            .is_some_and(|entries| entries.contains(entry))
        && let Some(head) = &mut beside.head
    {
        match mark {
            MarkKind::Read => head.marks.read = on,
            MarkKind::Starred => head.marks.starred = on,
            MarkKind::Later => head.marks.later = on,
        }
    }
    let changed = model.entries.mark(Pending {
        wish,
        number: None,
        entries,
        mark,
        on,
    });
    for (feed, by) in changed {
        model.feeds.add_unread(feed, by);
        model.counts.unread = model.counts.unread.saturating_add_signed(by);
        if matches!(model.entries.view, View::Today { .. }) {
            model.counts.today_unread = model.counts.today_unread.saturating_add_signed(by);
        }
    }
    effects.push(Effect::Apply { wish, edit });
    wish
}

/// Sends an edit that the rows do not show before the store has it.
pub(super) fn apply(model: &mut Model, edit: Edit, effects: &mut Vec<Effect>) {
    let wish = model.number();
    effects.push(Effect::Apply { wish, edit });
}

/// Asks for the shown step of the trail.
pub(super) fn open_current(model: &mut Model, again: bool, effects: &mut Vec<Effect>) {
    let number = model.number();
    let width = wanted_width(model);
    let Some(step) = model.reading.trail.current() else {
        return;
    };
    let pictures = step
        .view
        .as_ref()
        .map(|view| room_for_pictures(model, view))
        .unwrap_or_default();
    effects.push(Effect::OpenArticle {
        number,
        target: step.target.clone(),
        width,
        whole_page: step.whole_page,
        again,
        pictures: pictures.clone(),
    });
    model.reading.pictures = pictures;
    if step.view.is_none() {
        model.reading.state = State::Waiting;
    }
    model.reading.number = number;
    model.reading.width = width;
}

/// Has the article laid out anew where its pictures want other room than they have.
pub(super) fn set_pictures(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(view) = model.reading.view().filter(|view| !view.partial) else {
        return;
    };
    if room_for_pictures(model, view) != model.reading.pictures {
        open_current(model, false, effects);
    }
}

/// Columns and rows to leave for the pictures of an article. Those of one that is only looked at in passing are not fetched, and
/// nothing waits for them.
fn room_for_pictures(model: &Model, view: &ArticleView) -> Vec<(u16, u16)> {
    let most = model
        .layout()
        .article
        .filter(|_| model.reading.opened)
        .map(|area| picture::most(wanted_width(model), usize::from(area.height)));
    model.pictures.sizes(&view.images, &view.image_sizes, most)
}

/// Asks for the pictures in sight, and for those that a page down would bring there.
fn want_pictures(model: &mut Model, height: usize, effects: &mut Vec<Effect>) {
    let (able, on) = (model.pictures.able.is_some(), model.pictures.on);
    let Some(view) = model
        .reading
        .view()
        .filter(|view| able && on && !view.images.is_empty())
    else {
        return;
    };
    let from = model.reading.top.saturating_sub(height);
    let lines = view.lines.lines.iter().skip(from).take(3 * height);
    let numbers = lines.filter_map(|line| match line.kind {
        LineKind::Image(number) | LineKind::Picture { number, .. } => Some(number as usize),
        _ => None,
    });
    let urls: Vec<String> = numbers
        .filter_map(|number| view.images.get(number).cloned())
        .collect();
    let (columns, rows) = picture::most(view.lines.width, height);
    let urls = model.pictures.ask(urls.iter().map(String::as_str), columns);
    if !urls.is_empty() {
        effects.push(Effect::FetchPictures {
            urls,
            columns,
            rows,
        });
    }
}

/// The width that the article would be laid out for, also while its column is not shown.
fn wanted_width(model: &Model) -> u16 {
    let mut shown = model.layout();
    if shown.article.is_none() {
        let mut reading = model.wanted();
        reading.focus = Column::Article;
        shown = super::columns::lay_out(model.size, reading);
    }
    shown
        .article
        .map_or(model.measure, |area| article::width_in(area, model.measure))
}

/// After every event: what is seen follows what is selected, and what is missing is asked for.
fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    model.feeds.show_views(model.size.0 < 120);
    if is_empty_day(model) {
        let unread = ViewKind::Unread.view(model);
        show(model, unread, effects);
    } else if model.feeds_wait && model.entries.loaded {
        ask_feeds(model, effects);
    }
    if let Some(window) = model.entries.wants() {
        ask_rows(model, Some(window), effects);
    }
    let layout = model.layout();
    if layout.too_small {
        return;
    }
    if let Some(area) = layout.feeds {
        model
            .feeds
            .settle(usize::from(area.height.saturating_sub(1)));
    }
    if let Some(area) = layout.entries {
        let shape = Shape::of(model, area);
        model.entries.settle(shape);
    }
    frame_article(model);
    let browsing = model.focus <= Column::Entries;
    if browsing && layout.article.is_some() {
        look_in_passing(model, effects);
    }
    if let Some(area) = layout.article {
        let width = article::width_in(area, model.measure);
        if model.reading.width != width && model.reading.view().is_some() {
            open_current(model, false, effects);
        }
        let height = usize::from(area.height);
        if model.reading.opened {
            set_pictures(model, effects);
            want_pictures(model, height, effects);
            model.reading.height = height;
            let moved = model.reading.note_place() || !model.reading.left.is_empty();
            if moved && !model.runs(Timer::Place) {
                let token = model.timer(Timer::Place);
                effects.push(Effect::After {
                    ms: PLACE_MS,
                    token,
                });
            }
        }
        model.reading.top = model
            .reading
            .top
            .min(model.reading.length().saturating_sub(height));
    }
    if let Some(area) = layout.sources {
        sources::measure(model, area);
        model.reading.panel_top = sources::top(model, area);
        let wanted = model.settings.cards == "visible" && model.reading.opened;
        if wanted && !model.runs(Timer::Cards) && !cards_wanted(model).is_empty() {
            let token = model.timer(Timer::Cards);
            effects.push(Effect::After {
                ms: CARDS_AFTER_MS,
                token,
            });
        }
    }
    let title = title_of(model);
    if title != model.title {
        model.title.clone_from(&title);
        effects.push(Effect::Title(title));
    }
}

/// Soon after midnight nothing is of today: a start then shows what there is to read, until the reader says what to show.
fn is_empty_day(model: &Model) -> bool {
    let entries = &model.entries;
    !model.used
        && matches!(entries.view, View::Today { .. })
        && entries.loaded
        && entries.asked.is_none()
        && entries.total == Some(0)
        && entries.newer == 0
        && model.progress.is_none()
        && model.counts.unread > 0
        && model.counts.today_unread == 0
}

/// Where head and text of the article stand, and with that the place to go to.
fn frame_article(model: &mut Model) {
    let frame = model
        .reading
        .view()
        .map_or((0, 0), |view| article::frame(model, view));
    model.reading.set_frame(frame);
}

/// While browsing, the article column shows the selected entry; it is not marked read by that.
fn look_in_passing(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(row) = model.entries.selected_row() else {
        if model.entries.loaded && model.entries.rows.is_empty() {
            model.reading.close();
        }
        return;
    };
    let target = Target::Entry(row.id);
    if model.reading.target() == Some(&target) {
        return;
    }
    let name = row.title.as_str().to_owned();
    model.reading.begin(target, name);
    model.reading.opened = false;
    open_current(model, false, effects);
    // The next key goes to a neighbour, mostly.
    act::prepare(model, effects);
}

fn title_of(model: &Model) -> String {
    let reading = model
        .reading
        .trail
        .current()
        .filter(|_| model.focus >= Column::Article);
    let name = match reading {
        Some(step) => step.name.clone(),
        None => super::pane::entries::view_name(model, &model.entries.view),
    };
    let name = super::fit::cut(&name, 60).into_owned();
    if name.is_empty() {
        "bron".to_owned()
    } else {
        format!("{name} – bron")
    }
}

/// Cards of sources in sight that may be asked for by themselves.
fn cards_wanted(model: &Model) -> Vec<(String, String)> {
    let (Some(view), Some(area)) = (model.reading.view(), model.layout().sources) else {
        return Vec::new();
    };
    let left = CARDS.saturating_sub(model.reading.asked.len());
    super::screen::panel_rows(model, area)
        .into_iter()
        .filter_map(|(_, _, item)| match item {
            super::reading::Item::Card(row) => view.sources.get(row),
            super::reading::Item::Group { .. } | super::reading::Item::Story => None,
        })
        .filter(|row| may_be_asked(row))
        .filter(|row| !model.reading.asked.contains(&row.key))
        .take(left)
        .map(|row| (row.key.clone(), row.opens().to_owned()))
        .collect()
}

fn want_cards(model: &mut Model, effects: &mut Vec<Effect>) {
    let cards = cards_wanted(model);
    if cards.is_empty() || model.settings.cards != "visible" {
        return;
    }
    model
        .reading
        .asked
        .extend(cards.iter().map(|(key, _)| key.clone()));
    effects.push(Effect::FetchCards {
        cards,
        pressed: false,
    });
}

/// The view of a row of the feed list.
pub(super) fn view_of(model: &Model, item: &Item) -> View {
    match item {
        Item::View(kind) => kind.view(model),
        Item::Saved(name) => View::Search {
            text: model
                .feeds
                .saved_named(name)
                .map(|saved| saved.query.clone())
                .unwrap_or_default(),
            query: crate::query::Query::All,
        },
        Item::Group(group) => View::Group(group.clone()),
        Item::Feed(id, _) => View::Feed(*id),
    }
}
