//! Keys while something lies over the columns: prompts, palette, help, lists, labels, welcome.

use super::act;
use super::columns::Column;
use super::keymap::Key;
use super::overlay::{Asks, Goes, Overlay, Palette, Prompt, last_word};
use super::pane::{briefing, help};
use super::update::{apply, ask_rows, mark, show};
use super::{Effect, Model, info};
use crate::address;
use crate::news::{Edit, Listing, Target, View, Which, Window};
use crate::query::{self, Query};
use ratatui::crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

/// Times of which it is shown what was cited most: the key, the days, and the name.
pub(super) const SPANS: [(char, u32, &str); 3] =
    [('d', 1, "day"), ('w', 7, "week"), ('m', 30, "month")];

/// Takes a key for what lies over the columns.
pub(super) fn key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let Some(overlay) = model.overlay.take() else {
        return;
    };
    let closes = key.code == KeyCode::Esc || (key.ctrl && key.code == KeyCode::Char('c'));
    match overlay {
        Overlay::Prompt(prompt) => prompt_key(model, prompt, key, closes, effects),
        Overlay::Palette(palette) => palette_key(model, palette, key, closes, effects),
        _ if closes => {}
        Overlay::Help(mut shown) => {
            let body = model.layout().body;
            if shown.searching {
                if key.code == KeyCode::Enter {
                    shown.searching = false;
                } else {
                    edit(&mut shown.input, key);
                    shown.top = 0;
                }
            } else {
                match key.code {
                    KeyCode::Char('q' | '?') => return,
                    KeyCode::Char('/') => {
                        shown.searching = true;
                        shown.input.reset();
                    }
                    _ => {
                        let last = help::last_top(model, &shown, body);
                        shown.top = scrolled(shown.top, key, body_height(model), last + 1);
                    }
                }
            }
            shown.top = shown.top.min(help::last_top(model, &shown, body));
            model.overlay = Some(Overlay::Help(shown));
        }
        Overlay::Info { title, lines, top } => {
            if !matches!(key.code, KeyCode::Char('q' | 'i' | 'p') | KeyCode::Enter) {
                let top = scrolled(top, key, body_height(model), lines.len());
                model.overlay = Some(Overlay::Info { title, lines, top });
            }
        }
        Overlay::Briefing(shown) => briefing::key(model, shown, key, effects),
        Overlay::Page {
            feed,
            title,
            facts,
            rows,
            ready,
            top,
        } => {
            if !matches!(key.code, KeyCode::Char('q' | 'i') | KeyCode::Enter) {
                let top = scrolled(top, key, body_height(model), rows.len());
                model.overlay = Some(Overlay::Page {
                    feed,
                    title,
                    facts,
                    rows,
                    ready,
                    top,
                });
            }
        }
        Overlay::Confirm {
            question,
            wishes,
            mark: pending,
            remove,
        } => match key.code {
            KeyCode::Char('y') | KeyCode::Enter => {
                if let Some(feed) = remove {
                    effects.push(Effect::Unsubscribe(feed));
                    super::update::ask_feeds(model, effects);
                }
                for wish in wishes {
                    match &pending {
                        Some(shown) => {
                            let entries = shown.entries.clone();
                            mark(model, entries, shown.mark, shown.on, wish, effects);
                        }
                        None => apply(model, wish, effects),
                    }
                }
            }
            KeyCode::Char('n' | 'q') => {}
            _ => {
                model.overlay = Some(Overlay::Confirm {
                    question,
                    wishes,
                    mark: pending,
                    remove,
                });
            }
        },
        Overlay::Citing {
            key: asked,
            list,
            selected,
        } => {
            let count = list.as_ref().map_or(0, Vec::len);
            let span = SPANS
                .iter()
                .find(|(letter, ..)| key.code == KeyCode::Char(*letter));
            if let (Listing::MostCited(_), Some((_, days, _))) = (&asked, span) {
                act::list(model, Listing::MostCited(*days), effects);
            } else if key.code == KeyCode::Enter || key.code == KeyCode::Char('l') {
                if let Some(citing) = list.as_ref().and_then(|list| list.get(selected)) {
                    let (target, name) = (citing.target.clone(), citing.title.to_string());
                    open_target(model, target, name, effects);
                }
            } else if key.code != KeyCode::Char('q') {
                let selected = moved(selected, key, count);
                model.overlay = Some(Overlay::Citing {
                    key: asked,
                    list,
                    selected,
                });
            }
        }
        Overlay::Found {
            asked,
            found,
            selected,
        } => {
            if key.code == KeyCode::Enter {
                if let Some((url, title)) = found.get(selected) {
                    effects.push(Effect::SubscribeTo {
                        address: url.clone(),
                        title: title.clone(),
                        tags: Vec::new(),
                    });
                }
            } else if key.code != KeyCode::Char('q') {
                let selected = moved(selected, key, found.len());
                model.overlay = Some(Overlay::Found {
                    asked,
                    found,
                    selected,
                });
            }
        }
        Overlay::Choose {
            title,
            options,
            selected,
        } => {
            if key.code == KeyCode::Enter {
                if let Some(option) = options.into_iter().nth(selected) {
                    act::choose(model, option.does, effects);
                }
            } else if key.code != KeyCode::Char('q') {
                let selected = moved(selected, key, options.len());
                model.overlay = Some(Overlay::Choose {
                    title,
                    options,
                    selected,
                });
            }
        }
        Overlay::Labels {
            labels,
            mut typed,
            browser,
        } => {
            let KeyCode::Char(letter) = key.code else {
                return;
            };
            typed.push(letter.to_ascii_lowercase());
            if let Some(label) = labels.iter().find(|label| label.text == typed) {
                match label.row {
                    Some(row) if !browser => act::read_source(model, row, effects),
                    _ => effects.push(Effect::Browse(label.url.clone())),
                }
            } else if labels.iter().any(|label| label.text.starts_with(&typed)) {
                model.overlay = Some(Overlay::Labels {
                    labels,
                    typed,
                    browser,
                });
            }
        }
        Overlay::Welcome(mut welcome) => {
            match key.code {
                KeyCode::Char(' ' | 'x') => {
                    if let Some(picked) = welcome.picked.get_mut(welcome.selected) {
                        *picked = !*picked;
                    }
                    welcome.selected =
                        (welcome.selected + 1).min(welcome.picked.len().saturating_sub(1));
                }
                KeyCode::Enter => {
                    let bundled = model.settings.bundled.iter().zip(&welcome.picked);
                    let names: Vec<String> = bundled
                        .filter(|(_, picked)| **picked)
                        .map(|((name, _, _), _)| name.clone())
                        .collect();
                    if !names.is_empty() {
                        effects.push(Effect::PickLists(names));
                    }
                    if model.settings.first_start {
                        model.tour = Some(0);
                    }
                    return;
                }
                KeyCode::Char('a') => {
                    model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::AddFeed)));
                    return;
                }
                KeyCode::Char('i') => {
                    model.overlay = Some(Overlay::Prompt(Prompt::new(Asks::Import)));
                    return;
                }
                KeyCode::Char('t') => {
                    model.tour = Some(0);
                    return;
                }
                KeyCode::Char('q' | 'Q') => {
                    effects.push(Effect::Quit);
                    return;
                }
                _ => welcome.selected = moved(welcome.selected, key, welcome.picked.len()),
            }
            model.overlay = Some(Overlay::Welcome(welcome));
        }
    }
}

/// Takes pasted text: into what is open, else nowhere: a paste is no list of commands.
pub(super) fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    let line = crate::text::SafeText::line(text);
    let address = line.split_whitespace().next().unwrap_or_default();
    match &mut model.overlay {
        Some(Overlay::Prompt(prompt)) => {
            insert(&mut prompt.input, &line);
            if let Some(Overlay::Prompt(prompt)) = model.overlay.take() {
                typed(model, prompt, effects);
            }
        }
        Some(Overlay::Palette(palette)) => {
            insert(&mut palette.input, &line);
            palette.search();
        }
        None if address.starts_with("http://") || address.starts_with("https://") => {
            let mut prompt = Prompt::new(Asks::AddFeed);
            prompt.input = Input::new(address.to_owned());
            model.overlay = Some(Overlay::Prompt(prompt));
        }
        _ => {}
    }
}

fn insert(input: &mut Input, text: &str) {
    for letter in text.chars().take(2_000) {
        input.handle(InputRequest::InsertChar(letter));
    }
}

pub(super) fn body_height(model: &Model) -> usize {
    usize::from(model.layout().body.height)
}

pub(super) fn scrolled(top: usize, key: Key, height: usize, count: usize) -> usize {
    let to = match key.code {
        KeyCode::Char('d') if key.ctrl => top + height / 2,
        KeyCode::Char('u') if key.ctrl => top.saturating_sub(height / 2),
        KeyCode::Char('j') | KeyCode::Down => top + 1,
        KeyCode::Char('k') | KeyCode::Up => top.saturating_sub(1),
        KeyCode::Char(' ') | KeyCode::PageDown => top + height.saturating_sub(3),
        KeyCode::PageUp => top.saturating_sub(height.saturating_sub(3)),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => count,
        _ => top,
    };
    to.min(count.saturating_sub(1))
}

fn moved(selected: usize, key: Key, count: usize) -> usize {
    let to = match key.code {
        KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => selected + 1,
        KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => selected.saturating_sub(1),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => count,
        _ => selected,
    };
    to.min(count.saturating_sub(1))
}

/// A key into a line; whether it changed the text.
fn edit(input: &mut Input, key: Key) -> bool {
    let request = match (key.code, key.ctrl, key.alt) {
        (KeyCode::Char('u'), true, _) => InputRequest::DeleteLine,
        (KeyCode::Char('w'), true, _) | (KeyCode::Backspace, _, true) => {
            InputRequest::DeletePrevWord
        }
        (KeyCode::Char('k'), true, _) => InputRequest::DeleteTillEnd,
        (KeyCode::Char('a'), true, _) | (KeyCode::Home, ..) => InputRequest::GoToStart,
        (KeyCode::Char('e'), true, _) | (KeyCode::End, ..) => InputRequest::GoToEnd,
        (KeyCode::Char('b'), true, _) | (KeyCode::Left, ..) => InputRequest::GoToPrevChar,
        (KeyCode::Char('f'), true, _) | (KeyCode::Right, ..) => InputRequest::GoToNextChar,
        (KeyCode::Backspace, ..) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, ..) => InputRequest::DeleteNextChar,
        (KeyCode::Char(letter), false, false) => InputRequest::InsertChar(letter),
        _ => return false,
    };
    input.handle(request).is_some_and(|change| change.value)
}

fn prompt_key(
    model: &mut Model,
    mut prompt: Prompt,
    key: Key,
    closes: bool,
    effects: &mut Vec<Effect>,
) {
    let empty = prompt.input.value().is_empty();
    if closes || (key.code == KeyCode::Backspace && empty) {
        match prompt.asks {
            Asks::Search => {
                act::restore_list(model, effects);
            }
            Asks::Filter => set_filter(model, "", effects),
            Asks::Find => {
                model.reading.find("");
            }
            _ => {}
        }
        return;
    }
    match key.code {
        KeyCode::Enter => entered(model, &prompt, effects),
        KeyCode::Tab => {
            if let Some(pick) = prompt.picks.first().cloned() {
                let value = prompt.input.value();
                let keep = value.len() - last_word(value).len();
                // Behind `title:` a value follows at once.
                let space = if pick.ends_with(':') { "" } else { " " };
                prompt.input = Input::new(format!("{}{pick}{space}", &value[..keep]));
            }
            typed(model, prompt, effects);
        }
        // While the results stand in the list, they can be walked through without leaving the line.
        KeyCode::Down if prompt.asks == Asks::Search => {
            model.entries.step(1);
            model.overlay = Some(Overlay::Prompt(prompt));
        }
        KeyCode::Up if prompt.asks == Asks::Search => {
            model.entries.step(-1);
            model.overlay = Some(Overlay::Prompt(prompt));
        }
        _ => {
            if edit(&mut prompt.input, key) {
                typed(model, prompt, effects);
            } else {
                model.overlay = Some(Overlay::Prompt(prompt));
            }
        }
    }
}

/// What was typed changed: results, picks.
fn typed(model: &mut Model, mut prompt: Prompt, effects: &mut Vec<Effect>) {
    let value = prompt.input.value().to_owned();
    prompt.wrong = None;
    prompt.picks.clear();
    match &prompt.asks {
        Asks::Search => {
            prompt.picks = completions(model, &value);
            let before = model.entries.before.take();
            if value.trim().is_empty() {
                model.entries.before = before;
                if let Some(before) = &model.entries.before {
                    let view = before.0.clone();
                    show(model, view, effects);
                }
            } else {
                model.entries.before = before;
                search(model, &value, effects);
            }
        }
        Asks::Filter => {
            prompt.picks = completions(model, &value);
            set_filter(model, &value, effects);
        }
        Asks::Find => {
            model.reading.find(&value);
            let height = act::article_height(model);
            model.reading.step_match(true, true, height);
        }
        Asks::Tags(_) => {
            let begun = last_word(&value).trim_start_matches('-').to_lowercase();
            let minus = if last_word(&value).starts_with('-') {
                "-"
            } else {
                ""
            };
            // The most used first.
            let mut known: Vec<&(String, u32)> = model
                .tags
                .iter()
                .filter(|(tag, _)| tag.to_lowercase().starts_with(&begun))
                .collect();
            known.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            prompt.picks = known
                .into_iter()
                .take(5)
                .map(|(tag, _)| format!("{minus}{tag}"))
                .collect();
        }
        Asks::Note(_)
        | Asks::AddFeed
        | Asks::Import
        | Asks::Save
        | Asks::Pipe
        | Asks::SaveView(_)
        | Asks::Setting(_) => {}
    }
    model.overlay = Some(Overlay::Prompt(prompt));
}

/// Replaces the list by what holds the words.
fn search(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    let view = View::Search {
        text: text.to_owned(),
        query: Query::All,
    };
    let rows = std::mem::take(&mut model.entries.rows);
    let kept = (model.entries.total, model.entries.loaded);
    model.focus = Column::Entries;
    model.entries.show(view, model.now);
    // The old rows stay in sight until the new ones are there: no flicker between two key strokes.
    model.entries.rows = rows;
    (model.entries.total, model.entries.loaded) = kept;
    model.entries.stale = true;
    model.entries.select = Some(super::pane::entries::Select::First);
    ask_rows(model, Some(Window::From(0)), effects);
}

fn set_filter(model: &mut Model, words: &str, effects: &mut Vec<Effect>) {
    let filter = (!words.trim().is_empty()).then(|| words.to_owned());
    if model.focus == Column::Feeds {
        model
            .feeds
            .set_filter(filter.map(|words| words.to_lowercase()));
        return;
    }
    let known = model
        .entries
        .filter
        .as_ref()
        .map(|known| known.text.as_str());
    if known == filter.as_deref() {
        return;
    }
    let selected = model.entries.selected.filter(|_| filter.is_none());
    model.entries.set_filter(filter);
    let window = selected.map_or(Window::From(0), Window::Around);
    ask_rows(model, Some(window), effects);
}

/// How the last word of a search can go on: names of the language, and what the reader's own collection has behind them.
fn completions(model: &Model, text: &str) -> Vec<String> {
    const MOST: usize = 6;
    let word = last_word(text);
    let mut picks = query::complete(word);
    let (minus, bare) = word
        .strip_prefix('-')
        .map_or(("", word), |bare| ("-", bare));
    if let Some((field, begun)) = bare.split_once(':') {
        let begun = begun.trim_start_matches('"').to_lowercase();
        let values: Vec<String> = match field.to_lowercase().as_str() {
            "tag" => model.tags.iter().map(|(tag, _)| tag.clone()).collect(),
            "feedtag" => model.feeds.groups(),
            "feed" => {
                let rows = model.feeds.rows().iter();
                rows.map(|feed| feed.title.to_string()).collect()
            }
            "site" => {
                let rows = model.feeds.rows().iter();
                let hosts = rows.filter_map(|feed| {
                    let url = feed.site_url.as_deref().unwrap_or(&feed.url);
                    let host = url::Url::parse(url).ok()?.host_str()?.to_owned();
                    Some(host.strip_prefix("www.").map(str::to_owned).unwrap_or(host))
                });
                let mut hosts: Vec<String> = hosts.collect();
                hosts.sort();
                hosts.dedup();
                hosts
            }
            _ => Vec::new(),
        };
        let fits = values.into_iter().filter(|value| {
            let value = value.to_lowercase();
            value.starts_with(&begun) || (begun.len() > 1 && value.contains(&format!(" {begun}")))
        });
        picks.extend(fits.take(MOST).map(|value| {
            let quoted = if value.contains([' ', '(', ')', '"']) {
                format!("\"{}\"", value.replace('"', "\"\""))
            } else {
                value
            };
            format!("{minus}{field}:{quoted}")
        }));
    }
    // What is typed already is no completion.
    picks.retain(|pick| pick != word);
    picks.truncate(MOST);
    picks
}

/// Enter in a prompt.
fn entered(model: &mut Model, prompt: &Prompt, effects: &mut Vec<Effect>) {
    let text = prompt.input.value().trim().to_owned();
    match &prompt.asks {
        Asks::Search => {
            if prompt.wrong.is_some() {
                model.overlay = Some(Overlay::Prompt(prompt.clone()));
            } else if text.is_empty() {
                act::restore_list(model, effects);
            }
        }
        Asks::Filter | Asks::Find => {}
        Asks::Tags(entries) => {
            let words = text.split([' ', ',']).map(|word| {
                let (tag, on) = match word.strip_prefix('-') {
                    Some(tag) => (tag, false),
                    None => (word, true),
                };
                (tag.trim_start_matches(['#', '+']).to_owned(), on)
            });
            let mut tags: Vec<(String, bool)> = words.filter(|(tag, _)| !tag.is_empty()).collect();
            let which = Which::Entries(entries.clone());
            match tags.len() {
                0 => {}
                1 => {
                    let (tag, on) = tags.remove(0);
                    apply(model, Edit::Tag { which, tag, on }, effects);
                }
                _ => apply(model, Edit::Tags { which, tags }, effects),
            }
            model.entries.marked.clear();
        }
        Asks::Note(entry) => apply(
            model,
            Edit::Note {
                entry: *entry,
                text,
            },
            effects,
        ),
        Asks::AddFeed if !text.is_empty() => {
            // What was said before must not cover where it is looked for.
            model.notice = None;
            effects.push(Effect::Subscribe { address: text });
        }
        Asks::Import if !text.is_empty() => effects.push(Effect::Import { path: text }),
        Asks::Save if !text.is_empty() => {
            if let (Some(article), Some(step)) =
                (info::plain_text(model), model.reading.trail.current())
            {
                effects.push(Effect::SaveArticle {
                    target: step.target.clone(),
                    whole_page: step.whole_page,
                    text: article,
                    path: text,
                });
            }
        }
        Asks::SaveView(query) if !text.is_empty() => apply(
            model,
            Edit::SaveView {
                name: text,
                query: query.clone(),
            },
            effects,
        ),
        Asks::Pipe if !text.is_empty() => {
            if let Some(article) = info::plain_text(model) {
                effects.push(Effect::Pipe {
                    text: article,
                    command: text,
                });
            }
        }
        Asks::Setting(name) => effects.push(Effect::Set {
            key: (*name).to_owned(),
            value: text,
        }),
        Asks::AddFeed | Asks::Import | Asks::Save | Asks::Pipe | Asks::SaveView(_) => {}
    }
}

fn palette_key(
    model: &mut Model,
    mut palette: Palette,
    key: Key,
    closes: bool,
    effects: &mut Vec<Effect>,
) {
    if closes || (key.code == KeyCode::Backspace && palette.input.value().is_empty()) {
        try_theme(model, &palette.theme_before);
        return;
    }
    let count = palette.shown.len();
    match (key.code, key.ctrl) {
        (KeyCode::Enter, _) => {
            let goes = palette.chosen().map(|choice| choice.goes.clone());
            if !matches!(goes, Some(Goes::Theme(_))) {
                try_theme(model, &palette.theme_before);
            }
            if let Some(goes) = goes {
                go(model, goes, effects);
            }
            return;
        }
        (KeyCode::Down | KeyCode::Tab, _) | (KeyCode::Char('n'), true) => {
            palette.selected = (palette.selected + 1).min(count.saturating_sub(1));
        }
        (KeyCode::Up | KeyCode::BackTab, _) | (KeyCode::Char('p'), true) => {
            palette.selected = palette.selected.saturating_sub(1);
        }
        _ => {
            if edit(&mut palette.input, key) {
                palette.search();
            }
        }
    }
    // A theme is tried on while it is selected.
    match palette.chosen().map(|choice| &choice.goes) {
        Some(Goes::Theme(name)) => try_theme(model, name),
        _ => try_theme(model, &palette.theme_before),
    }
    model.overlay = Some(Overlay::Palette(palette));
}

fn try_theme(model: &mut Model, name: &str) {
    if model.settings.theme != name {
        name.clone_into(&mut model.settings.theme);
        model.retheme();
    }
}

/// Does what a line of the palette says.
fn go(model: &mut Model, goes: Goes, effects: &mut Vec<Effect>) {
    match goes {
        Goes::Action(action) => act::act(model, action, None, effects),
        Goes::View(kind) => act::go_view(model, kind, effects),
        Goes::Feed(id) => show_list(model, View::Feed(id), effects),
        Goes::Group(group) => show_list(model, View::Group(group), effects),
        Goes::Search(text) => show_list(
            model,
            View::Search {
                text,
                query: Query::All,
            },
            effects,
        ),
        Goes::Source(row) => act::read_source(model, row, effects),
        Goes::Theme(name) => {
            try_theme(model, &name);
            effects.push(Effect::Set {
                key: "theme".to_owned(),
                value: name,
            });
        }
        Goes::Setting("theme") => {
            model.overlay = Some(Overlay::Palette(Palette::of_themes(&model.settings)));
        }
        Goes::Setting(name) => {
            let row = model.settings.rows.iter().find(|row| row.name == name);
            let Some(row) = row.cloned() else {
                return;
            };
            if row.choices.is_empty() {
                let mut prompt = Prompt::new(Asks::Setting(row.name));
                prompt.input = Input::new(row.value);
                model.overlay = Some(Overlay::Prompt(prompt));
            } else {
                let values = Palette::of_values(&row, &model.settings);
                model.overlay = Some(Overlay::Palette(values));
            }
        }
        Goes::Set(key, value) => {
            effects.push(Effect::Set {
                key: key.to_owned(),
                value: value.clone(),
            });
            model.say(&format!("{key} is {value} now."), false);
            match key {
                "cards" => model.settings.cards = value,
                "symbols" => {
                    model.settings.symbols = value;
                    model.retheme();
                }
                _ => {}
            }
        }
    }
}

fn show_list(model: &mut Model, view: View, effects: &mut Vec<Effect>) {
    model.focus = Column::Entries;
    model.entries.before = None;
    show(model, view, effects);
}

/// Reads the page at an address here.
pub(super) fn open_address(model: &mut Model, url: &str, effects: &mut Vec<Effect>) {
    match address::clean(url, address::Found::default()) {
        Ok(address) => {
            let name = url
                .split_once("://")
                .map_or(url, |(_, rest)| rest)
                .to_owned();
            let target = Target::Page {
                key: address.key,
                url: address.display.to_string(),
            };
            open_target(model, target, name, effects);
        }
        Err(_) => effects.push(Effect::Browse(url.to_owned())),
    }
}

/// Opens what cites something: an entry, or a page.
pub(super) fn open_target(
    model: &mut Model,
    target: Target,
    name: String,
    effects: &mut Vec<Effect>,
) {
    if model.reading.trail.current().is_none() || model.focus <= Column::Entries {
        model.reading.begin(target.clone(), name.clone());
    }
    act::go(model, target, name, effects);
}
