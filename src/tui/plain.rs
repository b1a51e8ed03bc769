//! Linear mode: the same model, said in lines of plain text and asked in lines that are typed. Pure, like the screen.
//!
//! - Nothing is drawn with symbols, said by colour or moves; what is new since is said once, in reading order.
//! - A line is a number (read that row), an action by its name or its key (a number before or behind it counts, words behind
//!   it answer what it asks), or the answer to a question; an empty line goes on.
//! - What comes next waits until the world has answered what came before, so a file of lines works like a hand.

use super::action::{ACTIONS, Action, Group};
use super::columns::Column;
use super::keymap::{Found, named_actions, parse_sequence, sequence_name};
use super::model::Notice;
use super::overlay::{Asks, Overlay, Palette, Welcome};
use super::pane::feeds::Item as FeedItem;
use super::pane::front::Front;
use super::pane::report::For;
use super::pane::{article, entries, help, sources};
use super::reading::{Item, State};
use super::{Event, Model, act, words};
use crate::news::{EntryHead, Health, Listing, SourceRow, Target, View};
use crate::source::Role;
use crate::text::{Line, LineKind, Role as TextRole};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::VecDeque;

/// Rows of a list that are said at once.
const ROWS: usize = 20;
/// Lines of the palette that are said at once.
const CHOICES: usize = 9;

/// What is still to be done for a line.
#[derive(Clone, Debug)]
enum Step {
    Do(Box<Event>),
    /// Answers what is asked by then.
    Answer(String),
}

/// What was said last of the place where the reader is.
#[derive(Clone, Debug, Default, PartialEq)]
struct Place {
    column: Option<Column>,
    /// What is shown there, and which part of it.
    name: String,
    row: Option<String>,
}

/// The face of linear mode.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    steps: VecDeque<Step>,
    place: Place,
    notice: Option<Notice>,
    /// Where a feed was said to be looked for.
    finding: Option<String>,
    overlay: Vec<String>,
    /// How far the article was said: target, and the first line that was not.
    read_to: Option<(Target, u16, usize)>,
    /// The list that was said last, and how long it was.
    list: Option<(String, usize)>,
    newer: usize,
    tour: Option<usize>,
    /// A line was typed, and nothing was said of it yet.
    unanswered: Option<String>,
    /// What is wrong with the line that was typed.
    refused: Option<String>,
    /// Columns whose first words of help were said.
    taught: Vec<Column>,
}

/// Whether the world still owes an answer to what is shown.
pub fn waits(model: &Model) -> bool {
    // Before anything has come from anywhere there is nothing that a line could be about.
    let nothing_yet = model.progress.is_some() && model.counts.all == 0;
    nothing_yet
        || model.entries.asked.is_some()
        || model.feeds_asked
        || model.feeds_wait
        || model.front.as_ref().is_some_and(Front::waits)
        || matches!(&model.overlay, Some(Overlay::Prompt(prompt)) if prompt.loading)
        || matches!(
            model.overlay,
            Some(Overlay::Citing { list: None, .. } | Overlay::Page { ready: false, .. })
        )
        || (model.focus >= Column::Article
            && matches!(model.reading.state, State::Waiting | State::Fetching))
}

impl Plain {
    /// Takes a line that was typed.
    pub fn take(&mut self, model: &Model, line: &str) {
        let line = crate::text::SafeText::line(line);
        let text = line.trim();
        self.refused = None;
        self.unanswered = Some(text.to_owned());
        if model.overlay.is_some() {
            self.steps.push_back(Step::Answer(text.to_owned()));
            return;
        }
        match read(model, text) {
            Ok(steps) => {
                // The action takes the old notice away; the same words again are news.
                self.notice = None;
                self.steps.extend(steps);
            }
            Err(why) => self.refused = Some(why),
        }
    }

    /// The next event of the lines taken; `None`: all is done. To be asked when [`waits`] says no.
    pub fn next(&mut self, model: &Model) -> Option<Event> {
        loop {
            match self.steps.pop_front()? {
                Step::Do(event) => return Some(*event),
                Step::Answer(text) => {
                    for step in answer(model, &text).into_iter().rev() {
                        self.steps.push_front(step);
                    }
                }
            }
        }
    }

    /// What is to be said now, and what then closes by itself.
    pub fn say(&mut self, model: &Model) -> Vec<String> {
        let mut said: Vec<String> = self.refused.take().into_iter().collect();
        let over = overlay_lines(model);
        if over != self.overlay {
            said.extend(over.iter().cloned());
        }
        self.overlay = over;
        if matches!(
            model.overlay,
            Some(Overlay::Help(_) | Overlay::Info { .. } | Overlay::Page { .. })
        ) {
            // In lines nothing lies over anything: what was there to be read has been.
            self.steps.push_front(event(key(KeyCode::Esc)));
            self.overlay.clear();
        } else if model.overlay.is_none() {
            self.say_place(model, &mut said);
        }
        if model.finding != self.finding {
            let stops = if self.finding.is_none() {
                "; cancel stops"
            } else {
                ""
            };
            said.extend(model.finding.as_ref().map(|text| format!("{text}{stops}.")));
            self.finding.clone_from(&model.finding);
        }
        if model.notice != self.notice {
            // That what is read aloud is marked read goes without saying.
            let reading = model.focus >= Column::Article;
            if let Some(notice) = &model.notice
                && !(reading && notice.text == "1 entry marked read.")
            {
                let undo = if notice.undoable {
                    " undo takes it back."
                } else {
                    ""
                };
                said.push(format!("{}{undo}", notice.text));
            }
            self.notice.clone_from(&model.notice);
        }
        if model.overlay.is_none() && model.tour != self.tour {
            self.tour = model.tour;
            let name = |action: Action| action.row().name.to_owned();
            let told = super::tour::told(model, name);
            said.extend(told.map(|(title, text)| format!("{title}: {text} cancel ends it.")));
        }
        if model.overlay.is_none() && model.entries.newer != self.newer {
            self.newer = model.entries.newer;
            if self.newer > 0 {
                said.push(format!(
                    "{} new; show-new shows them.",
                    words::number(self.newer)
                ));
            }
        }
        if let Some(line) = self.unanswered.take()
            && said.is_empty()
            && model.overlay.is_none()
        {
            said.push(if line.is_empty() {
                "That is all.".to_owned()
            } else {
                "Done.".to_owned()
            });
        }
        said
    }

    /// The question that the next line answers; `None`: any action may come.
    pub fn question(model: &Model) -> Option<String> {
        Some(match model.overlay.as_ref()? {
            Overlay::Prompt(prompt) => {
                let value = prompt.input.value();
                let kept = if value.is_empty() {
                    String::new()
                } else {
                    format!(" [{value}]")
                };
                let hint = match prompt.asks {
                    Asks::Search => " (words, \"phrases\", -not, feed: tag: is:unread age:<2d)",
                    _ => "",
                };
                format!("{}{hint}{kept}:", prompt.label())
            }
            Overlay::Palette(palette) if palette.input.value().is_empty() => {
                "name of an action, feed, view, setting or tag:".to_owned()
            }
            Overlay::Palette(_) => "number, or other words; empty closes:".to_owned(),
            Overlay::Citing {
                key: Listing::MostCited(_),
                ..
            } => "number; day, week or month; empty closes:".to_owned(),
            Overlay::Confirm { .. } => "y or n:".to_owned(),
            Overlay::Citing { .. }
            | Overlay::Found { .. }
            | Overlay::Choose { .. }
            | Overlay::Briefing(_) => {
                "number; empty closes:".to_owned()
            }
            Overlay::Labels { .. } => "letters of a link; empty closes:".to_owned(),
            Overlay::Welcome(_) => {
                "numbers pick or drop lists, start begins, add takes an address, import a file, tour shows around, empty begins without:".to_owned()
            }
            _ => "key; empty closes:".to_owned(),
        })
    }

    /// Says where the reader is, as far as that is new.
    fn say_place(&mut self, model: &Model, said: &mut Vec<String>) {
        let front = front(model);
        let (name, row) = match model.focus {
            _ if front.is_some() => place_of_front(front),
            Column::Feeds => place_of_feeds(model),
            Column::Entries => place_of_entries(model),
            Column::Article => place_of_article(model),
            Column::Sources => place_of_sources(model),
        };
        let place = Place {
            column: Some(model.focus),
            name,
            row,
        };
        if place == self.place {
            return;
        }
        let length = model.entries.length();
        let list = (model.focus == Column::Entries && front.is_none())
            .then(|| entries::view_name(model, &model.entries.view));
        let before = std::mem::replace(&mut self.list, list.clone().map(|list| (list, length)));
        if self.unanswered.is_none()
            && let (Some(list), Some((old, old_length))) = (list, before)
            && (list == old && old_length > 0)
        {
            // Nobody asked: that something has come is said, not the whole list anew.
            if length != old_length {
                said.push(format!("{list}, {} now.", words::plural(length, "entry")));
            }
            self.place = place;
            return;
        }
        let same_part = (place.column, &place.name) == (self.place.column, &self.place.name);
        if same_part && let Some(row) = &place.row {
            said.push(row.clone());
        } else if let Some(front) = front {
            said.extend(front.all_told());
        } else {
            match model.focus {
                Column::Feeds => feeds_lines(model, said),
                Column::Entries => entries_lines(model, said),
                Column::Article => self.article_lines(model, said),
                Column::Sources => sources_lines(model, said),
            }
            if !self.taught.contains(&model.focus) {
                self.taught.push(model.focus);
                said.push(first_words(model.focus).to_owned());
            }
        }
        self.place = place;
    }

    /// The part of the article that is in sight and was not said; from its title on where it was opened anew.
    fn article_lines(&mut self, model: &Model, said: &mut Vec<String>) {
        let Some(view) = model.reading.view() else {
            match &model.reading.state {
                State::Fetching | State::Waiting => said.push("The page is being fetched.".to_owned()),
                State::Failed(why) => said.push(format!(
                    "{}. browser opens it there, visit tries again, go-archived reads an archived copy, back goes back.",
                    why.trim_end_matches('.')
                )),
                State::Empty | State::Ready => said.push("No article is open.".to_owned()),
            }
            return;
        };
        let (head, _) = article::frame(model, view);
        let height = act::article_height(model);
        let top = model.reading.top;
        let lines = &view.lines.lines;
        let mut from = top.saturating_sub(head);
        let to = (top + height).saturating_sub(head).min(lines.len());
        if top == 0 {
            said.extend(head_lines(model));
        } else if let Some((target, width, read_to)) = &self.read_to
            && *target == view.target
            && *width == view.lines.width
            && (from..=to).contains(read_to)
        {
            // Paging on keeps two lines in sight; they need not be heard twice.
            from = *read_to;
        }
        let mut blank = said.last().is_none_or(String::is_empty);
        for line in lines.get(from..to).unwrap_or_default() {
            let Some(text) = line_text(line) else {
                continue;
            };
            if text.is_empty() && blank {
                continue;
            }
            blank = text.is_empty();
            said.push(text);
        }
        self.read_to = Some((view.target.clone(), view.lines.width, to));
        if to < lines.len() || view.partial {
            let percent = model.reading.percent(height);
            said.push(format!("{percent} percent. An empty line reads on."));
            return;
        }
        if view.truncated && !view.whole_page {
            said.push("The feed holds the beginning only. whole-page reads all.".to_owned());
        }
        if let Some((_, beside)) = &model.reading.beside {
            if let Some(story) = beside.story.as_ref().filter(|story| story.sites > 1) {
                said.push(format!(
                    "{} sites tell this; go-story lists them.",
                    story.sites
                ));
            }
            if !beside.threads.is_empty() {
                let threads = words::plural(beside.threads.len(), "discussion");
                said.push(format!("{threads} of it; discussions lists them."));
            }
        }
        said.push(match view.sources.len() {
            0 => "End. It cites nothing that is known.".to_owned(),
            n => format!(
                "End. It cites {}; right lists them, a number reads one.",
                words::plural(n, "source")
            ),
        });
    }
}

fn first_words(column: Column) -> &'static str {
    match column {
        Column::Feeds => {
            "A number shows a feed's entries. add-feed subscribes. help tells all actions."
        }
        Column::Entries => {
            "A number reads an entry, an empty line shows more, left goes to the feeds. help tells all actions."
        }
        Column::Article => "A number reads that source, left goes back. help tells all actions.",
        Column::Sources => "A number reads a source here, left goes back to the text.",
    }
}

/// The front page, where it is in sight.
fn front(model: &Model) -> Option<&Front> {
    model.front.as_ref().filter(|front| front.shown)
}

fn place_of_front(front: Option<&Front>) -> (String, Option<String>) {
    let page = front.and_then(|front| front.page.as_ref());
    let until = page.map(|page| (page.until, page.stories.len(), page.entries));
    let row = front.and_then(|front| front.told(front.selected));
    (format!("front page {until:?}"), row)
}

/// What a line asks for.
fn read(model: &Model, text: &str) -> Result<Vec<Step>, String> {
    let act = |action, count| event(Event::Act { action, count });
    if text.is_empty() {
        let next = |place: usize| (place / ROWS + 1) * ROWS;
        let row = match model.focus {
            // All of it was said.
            _ if front(model).is_some() => None,
            Column::Article => return Ok(vec![act(Action::PageOn, None)]),
            // All of it was said.
            Column::Sources => None,
            Column::Entries => {
                Some(next(model.entries.place)).filter(|row| *row < model.entries.length())
            }
            Column::Feeds => Some(next(model.feeds.place().unwrap_or(0)))
                .filter(|row| *row < model.feeds.items().len()),
        };
        return Ok(row
            .map(|row| act(Action::Bottom, Some(row + 1)))
            .into_iter()
            .collect());
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(vec![event(Event::Pasted(text.to_owned()))]);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: Option<usize> = text[..digits].parse().ok();
    let rest = text[digits..].trim_start();
    if let Some(n) = number
        && rest.is_empty()
    {
        return Ok(match model.focus {
            _ if front(model).is_some() => {
                vec![act(Action::Bottom, Some(n)), act(Action::Open, None)]
            }
            Column::Feeds | Column::Entries => {
                let rows = match model.focus {
                    Column::Feeds => model.feeds.items().len(),
                    _ => model.entries.length(),
                };
                if n == 0 || n > rows {
                    return Err(match rows {
                        0 => "Nothing is listed here yet.".to_owned(),
                        _ => format!("There is no {n}: the list ends at {rows}."),
                    });
                }
                vec![act(Action::Bottom, Some(n)), act(Action::Open, None)]
            }
            Column::Article | Column::Sources => vec![act(Action::Open, Some(n))],
        });
    }
    let (actions, behind) = command(model, rest)?;
    let mut count = number;
    let mut answer = (!behind.is_empty()).then(|| behind.to_owned());
    if let Ok(n) = behind.parse::<usize>()
        && count.is_none()
        && !asks(actions[0])
    {
        (count, answer) = (Some(n), None);
    }
    let mut steps: Vec<Step> = actions
        .into_iter()
        .map(|action| act(action, count))
        .collect();
    steps.extend(answer.map(Step::Answer));
    Ok(steps)
}

/// Whether an action asks for words, so that a number behind it is one of them.
fn asks(action: Action) -> bool {
    matches!(
        action,
        Action::Search
            | Action::Filter
            | Action::FindInArticle
            | Action::Palette
            | Action::Help
            | Action::Tags
            | Action::Note
            | Action::AddFeed
            | Action::Import
            | Action::Save
            | Action::SaveView
            | Action::Pipe
    )
}

/// The actions that words or keys at the beginning of a text name, and what stands behind them.
fn command<'t>(model: &Model, text: &'t str) -> Result<(Vec<Action>, &'t str), String> {
    // Ends of words, the last first: the longest name counts.
    let mut ends: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    ends.push(text.len());
    for end in ends.iter().rev() {
        let name = text[..*end].trim_end().to_lowercase().replace(' ', "-");
        if let Some(action) = Action::from_name(&name) {
            return Ok((vec![action], text[*end..].trim_start()));
        }
    }
    for end in [text.len(), ends[0]] {
        let Ok(keys) = parse_sequence(&text[..end]) else {
            continue;
        };
        match model.keymap.find(&keys) {
            Found::Actions(actions) => return Ok((actions, text[end..].trim_start())),
            Found::Prefix if end == text.len() => {
                let may: Vec<String> = model
                    .keymap
                    .following(&keys)
                    .into_iter()
                    .map(|(rest, actions)| {
                        let name = actions.first().map_or("", |action| action.row().name);
                        format!("{}{rest} {name}", sequence_name(&keys))
                    })
                    .collect();
                return Err(format!("“{text}” begins {}.", may.join(", ")));
            }
            Found::Prefix | Found::Nothing => {}
        }
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    if !text.starts_with(char::is_alphanumeric)
        && let Ok(keys) = parse_sequence(&text[..first])
        && let Found::Actions(actions) = model.keymap.find(&keys)
    {
        return Ok((actions, text[first..].trim_start()));
    }
    let begun = text.to_lowercase().replace(' ', "-");
    let named: Vec<&str> = ACTIONS
        .iter()
        .map(|row| row.name)
        .filter(|name| name.starts_with(&begun))
        .collect();
    let named = if named.is_empty() {
        // "today" is go-today.
        let end = format!("-{begun}");
        let names = ACTIONS.iter().map(|row| row.name);
        names.filter(|name| name.ends_with(&end)).collect()
    } else {
        named
    };
    match named.as_slice() {
        [one] => Ok((Action::from_name(one).into_iter().collect(), "")),
        [] => {
            let near = super::keymap::nearest_action(&begun);
            Err(format!(
                "There is no action “{text}”; the nearest is {near}. help tells all."
            ))
        }
        many => Err(format!("“{text}” may be {}.", many.join(", "))),
    }
}

/// An event is to come.
fn event(event: Event) -> Step {
    Step::Do(Box::new(event))
}

fn key(code: KeyCode) -> Event {
    Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn letter(letter: char) -> Step {
    event(key(KeyCode::Char(letter)))
}

/// Takes what stands in a line away and puts a text there.
fn typed(text: &str) -> [Step; 2] {
    let clear = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL);
    [
        event(Event::Key(clear)),
        event(Event::Pasted(text.to_owned())),
    ]
}

/// What a text answers to what is asked.
fn answer(model: &Model, text: &str) -> Vec<Step> {
    let enter = || event(key(KeyCode::Enter));
    let close = || vec![event(key(KeyCode::Esc))];
    let number: Option<usize> = text.parse().ok().filter(|n| *n > 0);
    match &model.overlay {
        None => Vec::new(),
        Some(Overlay::Prompt(prompt)) => match (text.is_empty(), prompt.input.value().is_empty()) {
            (true, true) => close(),
            (true, false) => vec![enter()],
            (false, _) => typed(text).into_iter().chain([enter()]).collect(),
        },
        Some(Overlay::Palette(palette)) => answer_palette(palette, text, number),
        Some(Overlay::Citing {
            key: Listing::MostCited(_),
            ..
        }) if span_of(text).is_some() => span_of(text).map(letter).into_iter().collect(),
        Some(Overlay::Confirm { .. }) => {
            let yes = text.to_lowercase().starts_with('y');
            vec![letter(if yes { 'y' } else { 'n' })]
        }
        Some(Overlay::Help(_)) if text.is_empty() => close(),
        Some(Overlay::Help(_)) => {
            let words = text.chars().map(letter);
            [letter('/')]
                .into_iter()
                .chain(words)
                .chain([enter()])
                .collect()
        }
        Some(
            Overlay::Citing { .. }
            | Overlay::Found { .. }
            | Overlay::Choose { .. }
            | Overlay::Briefing(_),
        ) => match number {
            Some(n) => [letter('g')]
                .into_iter()
                .chain((1..n.min(1_000)).map(|_| letter('j')))
                .chain([enter()])
                .collect(),
            None => close(),
        },
        Some(Overlay::Welcome(welcome)) => answer_welcome(welcome, text),
        Some(_) if text.is_empty() => close(),
        // Letters of a label, or the keys of what a newer part of the screen asks for.
        Some(_) => match parse_sequence(text) {
            Ok(keys) => keys
                .into_iter()
                .map(|pressed| event(key(pressed.code)))
                .collect(),
            Err(_) => Vec::new(),
        },
    }
}

/// The key of a time that a word names: `week`, `w`.
fn span_of(text: &str) -> Option<char> {
    let text = text.to_lowercase();
    let mut spans = super::over::SPANS.iter();
    let found = spans.find(|(letter, _, name)| *name == text || text == letter.to_string());
    found.map(|(letter, ..)| *letter)
}

fn answer_palette(palette: &Palette, text: &str, number: Option<usize>) -> Vec<Step> {
    let down = |n: usize| (1..n).map(|_| event(key(KeyCode::Down)));
    let enter = event(key(KeyCode::Enter));
    let shown = palette.shown.len().min(CHOICES);
    match number {
        _ if text.is_empty() => vec![event(key(KeyCode::Esc))],
        Some(n) if n <= shown && !palette.input.value().is_empty() => {
            down(n).chain([enter]).collect()
        }
        _ => {
            let mut tried = palette.clone();
            tried.input = tui_input::Input::new(text.to_owned());
            tried.search();
            let sure = match tried.shown.len() {
                0 => false,
                1 => true,
                _ => tried.choice(0).text.eq_ignore_ascii_case(text),
            };
            typed(text)
                .into_iter()
                .chain(sure.then_some(enter))
                .collect()
        }
    }
}

fn answer_welcome(welcome: &Welcome, text: &str) -> Vec<Step> {
    let numbers: Option<Vec<usize>> = text
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().ok())
        .collect();
    if text.is_empty() {
        return vec![event(key(KeyCode::Esc))];
    }
    if let Some(numbers) = numbers {
        return numbers
            .into_iter()
            .filter(|n| (1..=welcome.picked.len()).contains(n))
            .flat_map(|n| {
                [letter('g')]
                    .into_iter()
                    .chain((1..n).map(|_| letter('j')))
                    .chain([letter('x')])
            })
            .collect();
    }
    if text.starts_with("http") {
        return vec![letter('a'), Step::Answer(text.to_owned())];
    }
    let (word, behind) = text.split_once(' ').unwrap_or((text, ""));
    let opens = |first| {
        let answer = (!behind.is_empty()).then(|| Step::Answer(behind.trim().to_owned()));
        [letter(first)].into_iter().chain(answer).collect()
    };
    match word.to_lowercase().as_str() {
        "a" | "add" => opens('a'),
        "i" | "import" => opens('i'),
        "t" | "tour" => vec![letter('t')],
        "q" | "quit" => vec![letter('q')],
        _ => vec![event(key(KeyCode::Enter))],
    }
}

/// What lies over the columns, in lines.
fn overlay_lines(model: &Model) -> Vec<String> {
    match &model.overlay {
        None => Vec::new(),
        Some(Overlay::Prompt(prompt)) => prompt
            .wrong
            .iter()
            .map(|(message, span)| {
                let part = prompt.input.value().get(span.clone()).unwrap_or_default();
                format!("“{part}”: {message}")
            })
            .collect(),
        Some(Overlay::Palette(palette)) if palette.input.value().is_empty() => Vec::new(),
        Some(Overlay::Palette(palette)) => {
            if palette.shown.is_empty() {
                return vec!["Nothing has this name.".to_owned()];
            }
            let count = palette.shown.len();
            let mut lines: Vec<String> = (0..count.min(CHOICES))
                .map(|at| {
                    let choice = palette.choice(at);
                    let keys = if choice.keys.is_empty() {
                        String::new()
                    } else {
                        format!(", key {}", choice.keys)
                    };
                    format!("{} {}: {}{keys}", at + 1, choice.text, choice.kind)
                })
                .collect();
            if count > CHOICES {
                lines.push(format!(
                    "and {} more; more words find fewer",
                    count - CHOICES
                ));
            }
            lines
        }
        Some(Overlay::Help(shown)) => help_lines(model, shown),
        Some(Overlay::Confirm { question, .. }) => vec![question.clone()],
        Some(Overlay::Briefing(shown)) => shown.told(),
        Some(Overlay::Info { title, lines, .. }) => {
            let facts = lines.iter().map(|(name, text)| {
                if name.is_empty() {
                    text.clone()
                } else {
                    format!("{name}: {text}")
                }
            });
            [title.clone()].into_iter().chain(facts).collect()
        }
        Some(Overlay::Page { title, rows, .. }) => {
            let heard = rows.iter().filter(|row| row.whom != For::Eyes);
            [title.clone()]
                .into_iter()
                .chain(heard.map(|row| row.text.trim_end().to_owned()))
                .collect()
        }
        Some(Overlay::Citing { list: None, .. }) => Vec::new(),
        Some(Overlay::Citing {
            key,
            list: Some(list),
            ..
        }) if list.is_empty() => {
            vec![super::pane::lists::listing_words(key).1.to_owned()]
        }
        Some(Overlay::Citing {
            key,
            list: Some(list),
            ..
        }) => {
            let rows = list.iter().enumerate().map(|(at, citing)| {
                let age = citing
                    .published
                    .map(|then| words::age(then, model.now, model.zone));
                let age = age.map_or_else(String::new, |age| format!(", {age}"));
                format!("{} {} ({}{age})", at + 1, citing.title, citing.site)
            });
            [format!("{}:", super::pane::lists::listing_words(key).0)]
                .into_iter()
                .chain(rows)
                .collect()
        }
        Some(Overlay::Choose { title, options, .. }) => {
            let rows = options
                .iter()
                .enumerate()
                .map(|(at, option)| format!("{} {} ({})", at + 1, option.text, option.detail));
            [format!("{title}:")].into_iter().chain(rows).collect()
        }
        Some(Overlay::Found { asked, found, .. }) => {
            let rows = found
                .iter()
                .enumerate()
                .map(|(at, (url, title))| format!("{} {title} ({url})", at + 1));
            [format!("Feeds of {asked}:")]
                .into_iter()
                .chain(rows)
                .collect()
        }
        Some(Overlay::Labels { labels, typed, .. }) => labels
            .iter()
            .filter(|label| label.text.starts_with(typed.as_str()))
            .map(|label| {
                let source = label
                    .row
                    .and_then(|row| model.reading.view().and_then(|view| view.sources.get(row)));
                let name = source.map_or(label.url.as_str(), sources::title_of);
                format!("{} {name}", label.text)
            })
            .collect(),
        Some(Overlay::Welcome(welcome)) => {
            let lists = model.settings.bundled.iter().zip(&welcome.picked);
            let rows = lists.enumerate().map(|(at, ((_, title, feeds), picked))| {
                let picked = if *picked { ", picked" } else { "" };
                format!(
                    "{} {title}, {}{picked}",
                    at + 1,
                    words::plural(*feeds, "feed")
                )
            });
            ["Welcome to bron, a reader that takes you to the source. Pick some lists to begin with; each feed can be removed again.".to_owned()]
                .into_iter()
                .chain(rows)
                .collect()
        }
    }
}

fn help_lines(model: &Model, shown: &super::overlay::Help) -> Vec<String> {
    if shown.searching {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let wanted = shown.input.value().to_lowercase();
    for group in Group::ALL {
        let rows: Vec<String> = ACTIONS
            .iter()
            .filter(|row| row.group == group && help::holds(model, row, &wanted))
            .map(|row| {
                let keys = model.keymap.keys_of(row.action);
                let keys = if keys.is_empty() {
                    String::new()
                } else {
                    format!(", key {}", keys.join(" or "))
                };
                format!("  {}{keys}: {}", row.name, row.help)
            })
            .collect();
        if !rows.is_empty() {
            lines.push(format!("{}:", group.title()));
            lines.extend(rows);
        }
    }
    let language: Vec<String> = help::language()
        .map(|(written, text)| format!("  {written} {text}"))
        .filter(|line| {
            format!("{line} {}", help::LANGUAGE)
                .to_lowercase()
                .contains(&wanted)
        })
        .collect();
    if !language.is_empty() {
        lines.push(format!("{}:", help::LANGUAGE));
        lines.extend(language);
    }
    if lines.is_empty() {
        lines.push("No action has these words.".to_owned());
    } else {
        lines.push(
            "A number before or behind an action counts; words behind it answer what it asks."
                .to_owned(),
        );
    }
    lines
}

fn place_of_feeds(model: &Model) -> (String, Option<String>) {
    let feeds = &model.feeds;
    let place = feeds.place().unwrap_or(0);
    let filter = feeds.filter.as_deref().unwrap_or_default();
    let name = format!("{} {} {filter}", place / ROWS, feeds.items().len());
    let row = feeds
        .items()
        .get(place)
        .map(|item| feed_line(model, place, item));
    (name, row)
}

fn feeds_lines(model: &Model, said: &mut Vec<String>) {
    let feeds = &model.feeds;
    if feeds.items().is_empty() {
        said.push(
            "No feeds yet. add-feed adds one: the address of a feed, or of any page.".to_owned(),
        );
        return;
    }
    let page = feeds.place().unwrap_or(0) / ROWS;
    let total = feeds.items().len();
    said.push(match &feeds.filter {
        Some(words) => format!("Feeds with “{words}”, {total} rows."),
        None => format!("Feeds, {total} rows."),
    });
    let from = page * ROWS;
    for (at, item) in feeds.items().iter().enumerate().skip(from).take(ROWS) {
        said.push(feed_line(model, at, item));
    }
    if from + ROWS < total {
        said.push("An empty line shows more.".to_owned());
    }
}

fn feed_line(model: &Model, at: usize, item: &FeedItem) -> String {
    let n = at + 1;
    let unread = |count: u32| match count {
        0 => String::new(),
        n => format!(", {} unread", words::number(n as usize)),
    };
    match item {
        FeedItem::View(kind) => match kind.count(model) {
            0 => format!("{n} {}", kind.name()),
            count => format!("{n} {}, {}", kind.name(), words::number(count as usize)),
        },
        FeedItem::Saved(name) => {
            let count = model.feeds.saved_named(name).and_then(|saved| saved.unread);
            format!("{n} view {name}{}", unread(count.unwrap_or(0)))
        }
        FeedItem::Group(group) => {
            let folded = if model.feeds.is_folded(group) {
                ", folded"
            } else {
                ""
            };
            format!(
                "{n} group {group}{}{folded}",
                unread(model.feeds.unread_of(group))
            )
        }
        FeedItem::Feed(id, _) => {
            let Some(feed) = model.feeds.row(*id) else {
                return format!("{n} feed {id}");
            };
            let ill = match &feed.health {
                Health::Failing(why) | Health::Gone(why) => format!(". Failing: {why}"),
                Health::New | Health::Well => String::new(),
            };
            format!("{n} {}{}{ill}", feed.title, unread(feed.unread))
        }
    }
}

/// The rows of the list that are said together: the part of it in which the selected one stands, as far as it is held.
fn entries_part(model: &Model) -> (usize, Vec<usize>) {
    let entries = &model.entries;
    let part = entries.place / ROWS;
    let numbers = part * ROWS..(part + 1) * ROWS;
    let rows = (0..entries.rows.len())
        .filter(|at| numbers.contains(&(entries.offset + at)))
        .collect();
    (part, rows)
}

fn place_of_entries(model: &Model) -> (String, Option<String>) {
    let entries = &model.entries;
    let (part, rows) = entries_part(model);
    let first = rows.first().map(|at| entries.rows[*at].id);
    let name = format!(
        "{} {:?} {part} {first:?} {} {} {}",
        entries::view_name(model, &entries.view),
        entries.order,
        entries
            .filter
            .as_ref()
            .map_or("", |filter| filter.text.as_str()),
        entries.loaded,
        rows.len(),
    );
    let row = entries
        .selected_row()
        .map(|row| entry_line(model, entries.place, row));
    (name, row)
}

fn entries_lines(model: &Model, said: &mut Vec<String>) {
    let entries = &model.entries;
    if !entries.loaded {
        return;
    }
    let name = entries::view_name(model, &entries.view);
    if entries.rows.is_empty() {
        said.push(format!("{name}."));
        let name_of = |action: Action| action.row().name.to_owned();
        let words = entries::empty_words(model).iter();
        said.extend(words.map(|line| named_actions(line, name_of)));
        return;
    }
    let (_, rows) = entries_part(model);
    let mut about = words::plural(entries.length(), "entry");
    if let Some(unread) = entries.unread {
        about = format!("{about}, {} unread", words::number(unread));
    }
    if let Some(filter) = &entries.filter {
        about = format!("{about}, with “{}”", filter.text);
    }
    said.push(format!("{name}, {about}."));
    for at in &rows {
        said.push(entry_line(model, entries.offset + at, &entries.rows[*at]));
    }
    let last = rows.last().map_or(0, |at| entries.offset + at + 1);
    if last < entries.length() {
        said.push("An empty line shows more.".to_owned());
    }
}

fn entry_line(model: &Model, place: usize, row: &EntryHead) -> String {
    let mut about = Vec::new();
    if !matches!(model.entries.view, View::Feed(_)) {
        about.push(row.feed_title.to_string());
    }
    about.push(words::age(row.published, model.now, model.zone));
    if let Some(n) = row.sources.filter(|n| *n > 0) {
        about.push(words::plural(usize::from(n), "source"));
    }
    if let Some((_, sites)) = row.story.filter(|(_, sites)| *sites > 1) {
        about.push(format!("{sites} sites tell it"));
    }
    for (holds, word) in [
        (!row.marks.read, "unread"),
        (row.marks.starred, "starred"),
        (row.marks.later, "later"),
        (row.note, "note"),
        (model.entries.marked.contains(&row.id), "selected"),
    ] {
        if holds {
            about.push(word.to_owned());
        }
    }
    about.extend(row.tags.iter().map(|tag| format!("tag {tag}")));
    format!(
        "{} {} ({})",
        place + 1,
        entries::title_of(row),
        about.join(", ")
    )
}

fn place_of_article(model: &Model) -> (String, Option<String>) {
    let reading = &model.reading;
    let view = reading.view();
    let name = format!(
        "{:?} {} {} {} {:?} {:?}",
        reading.target(),
        reading.top,
        view.map_or(0, |view| view.lines.lines.len()),
        view.is_some_and(|view| view.whole_page),
        view.map(|view| (&view.note, &view.tags)),
        view.is_none().then_some(&reading.state),
    );
    let row = reading
        .selected_source()
        .map(|source| format!("Source {}", source_line(source)));
    (name, row)
}

/// Title and what stands below it.
fn head_lines(model: &Model) -> Vec<String> {
    let Some(view) = model.reading.view() else {
        return Vec::new();
    };
    let title = if view.title.trim().is_empty() {
        "Without a title"
    } else {
        view.title.as_str()
    };
    let mut about = vec![view.site.to_string()];
    if !view.byline.eq_ignore_ascii_case(&view.site) {
        about.push(view.byline.to_string());
    }
    let day = view
        .published
        .map(|published| words::long_day(model.day_of(published), model.today()));
    about.extend(day);
    if view.words > 0 {
        about.push(format!("{} min", words::minutes(view.words)));
    }
    about.extend(view.tags.iter().map(|tag| format!("tag {tag}")));
    about.retain(|part| !part.trim().is_empty());
    let mut lines = vec![title.to_owned(), format!("{}.", about.join(", "))];
    if let Some(note) = &view.note {
        lines.push(format!("Note: {}", note.as_str()));
    }
    lines.extend(view.archived.as_ref().map(ToString::to_string));
    lines.extend(view.wall.as_ref().map(ToString::to_string));
    if model.reading.trail.depth() > 0 {
        let way: Vec<&str> = model
            .reading
            .trail
            .way()
            .iter()
            .map(|step| step.name.as_str())
            .collect();
        lines.push(format!("The way here: {}.", way.join(", then ")));
    }
    lines.push(String::new());
    lines
}

/// A line of an article in letters; `None` for what is only drawn.
fn line_text(line: &Line) -> Option<String> {
    if line.kind == LineKind::Blank || line.spans.is_empty() {
        return Some(String::new());
    }
    if line.kind == LineKind::Rule || line.spans.iter().all(|span| span.role == TextRole::Rule) {
        return (line.kind == LineKind::Rule).then(String::new);
    }
    let mut text = String::new();
    for span in &line.spans {
        match span.role {
            TextRole::LinkNumber => {
                let digits: String = span.text.chars().filter_map(plain_digit).collect();
                if digits.is_empty() {
                    text.push_str(&span.text);
                } else {
                    text.push_str(&format!(" [{digits}]"));
                }
            }
            TextRole::Marker | TextRole::Rule => text.extend(span.text.chars().map(plain_sign)),
            _ => text.push_str(&span.text),
        }
    }
    let text = text.trim_end();
    Some(match line.kind {
        LineKind::Heading(_) => format!("Heading: {}", text.trim_start()),
        LineKind::Image(_) => format!("Image: {}", text.trim_start_matches(['*', '▣', ' '])),
        _ => text.to_owned(),
    })
}

fn plain_digit(digit: char) -> Option<char> {
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    RAISED
        .chars()
        .position(|raised| raised == digit)
        .and_then(|n| char::from_digit(n as u32, 10))
}

fn plain_sign(sign: char) -> char {
    match sign {
        '▎' => '>',
        '•' | '▣' => '*',
        '◦' | '▪' => '-',
        '─' | '┄' => '-',
        '│' | '┼' => '|',
        other => other,
    }
}

fn place_of_sources(model: &Model) -> (String, Option<String>) {
    let items = model.reading.items();
    let name = format!("{:?} {}", model.reading.target(), items.len());
    let row = model
        .reading
        .selected_item(&items)
        .map(|at| item_line(model, &items[at]));
    (name, row)
}

fn sources_lines(model: &Model, said: &mut Vec<String>) {
    let items = model.reading.items();
    let cards = items
        .iter()
        .filter(|item| matches!(item, Item::Card(_)))
        .count();
    said.push(format!("Sources, {cards} shown."));
    said.extend(items.iter().map(|item| item_line(model, item)));
}

fn item_line(model: &Model, item: &Item) -> String {
    match item {
        Item::Group {
            role,
            count,
            folded,
        } => {
            let folded = if *folded {
                ", folded; fold shows them"
            } else {
                ""
            };
            format!("{}: {count}{folded}", group_name(*role))
        }
        Item::Story => format!("story: also {}", model.reading.told_by().join(", ")),
        Item::Card(row) => model
            .reading
            .view()
            .and_then(|view| view.sources.get(*row))
            .map_or_else(String::new, source_line),
    }
}

fn group_name(role: Role) -> &'static str {
    match role {
        Role::Source => "sources",
        Role::Media => "media",
        Role::Discussion => "discussions",
        Role::Mention => "mentions",
        Role::SameSite => "same site",
        Role::Shop => "shops",
        Role::Recommended => "recommended",
    }
}

fn source_line(row: &SourceRow) -> String {
    let n = row.n.map_or_else(String::new, |n| format!("{n} "));
    let mut about = vec![row.site.to_string(), row.kind.label().to_owned()];
    if row.primary {
        about.push("primary source".to_owned());
    }
    if row.card.read {
        about.push("read".to_owned());
    }
    let description = row
        .card
        .description
        .as_ref()
        .map_or_else(String::new, |text| format!(". {text}"));
    format!(
        "{n}{} ({}){description}",
        sources::title_of(row),
        about.join(", ")
    )
}
