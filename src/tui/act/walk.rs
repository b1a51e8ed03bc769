//! The way through sources: reading one here, back and forward, to the primary source, to who cites it, to discussions and copies.

use super::{
    address_in_sight, article_address, article_height, entry_in_sight, head_of, opened, read_entry,
    title_in_sight, view_in_sight,
};
use crate::address::{self, Found};
use crate::feed::EntryId;
use crate::news::{Edit, Listing, Primary, Target};
use crate::tui::columns::Column;
use crate::tui::overlay::{Choosable, Chosen, Label, Overlay, label_texts};
use crate::tui::pane::{article, sources};
use crate::tui::update::{apply, open_current};
use crate::tui::{Effect, Model, reading, screen};

pub(super) fn step_citation(model: &mut Model, forward: bool) {
    let height = article_height(model);
    if !model.reading.step_citation(forward, height) {
        model.say("No further source in the text.", false);
    }
}

pub(super) fn step_heading(model: &mut Model, forward: bool) {
    let height = article_height(model);
    if !model.reading.step_heading(forward, height) {
        model.say("No further heading.", false);
    }
}

/// Reads the source with that number.
pub(in crate::tui) fn read_source_numbered(model: &mut Model, n: usize, effects: &mut Vec<Effect>) {
    match model.reading.source_numbered(n) {
        Some(row) if model.focus >= Column::Article => read_source(model, row, effects),
        _ => model.say(&format!("There is no source {n}."), false),
    }
}

/// Reads a source here: the trail grows.
pub(in crate::tui) fn read_source(model: &mut Model, row: usize, effects: &mut Vec<Effect>) {
    let Some(source) = model.reading.view().and_then(|view| view.sources.get(row)) else {
        return;
    };
    let target = Target::Page {
        key: source.key.clone(),
        url: source.opens().to_owned(),
    };
    let name = sources::title_of(source).to_owned();
    // As it was written: a clean address has lost the words that it led to.
    let written = source.url.clone();
    model.reading.selected = Some(reading::Item::Card(row));
    go(model, target, name, effects);
    model.reading.go_toward(&written);
}

/// Goes to a page: the trail grows, or goes back to where it is in it already.
pub(in crate::tui) fn go(
    model: &mut Model,
    target: Target,
    name: String,
    effects: &mut Vec<Effect>,
) {
    let in_panel = model.focus == Column::Sources;
    let entry = match &target {
        Target::Entry(entry) => Some(*entry),
        Target::Page { .. } => None,
    };
    model.reading.go(target, name, in_panel);
    model.reading.opened = true;
    model.focus = Column::Article;
    after_walk(model, effects);
    if let Some(entry) = entry {
        let unread = !head_of(model, entry).is_some_and(|head| head.marks.read);
        opened(model, entry, unread, effects);
    }
}

pub(super) fn walk(model: &mut Model, back: bool, effects: &mut Vec<Effect>) {
    let in_panel = model.focus == Column::Sources;
    if model.reading.walk(back, in_panel) {
        let column = model
            .reading
            .trail
            .current()
            .map_or(Column::Article, crate::tui::trail::Step::column);
        model.focus = column;
        after_walk(model, effects);
    } else if back && model.focus >= Column::Article {
        model.focus = Column::Entries;
        effects.push(Effect::Withdraw);
    } else if !back {
        model.say("There is no step forward.", false);
    }
}

/// The step is there, or is asked for.
fn after_walk(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.reading.view().is_none() {
        open_current(model, false, effects);
        return;
    }
    // An answer to the page that was left would be taken for this one's.
    model.reading.number = model.number();
    let width = model
        .layout()
        .article
        .map(|area| article::width_in(area, model.measure));
    let laid_out = model.reading.view().map(|view| view.lines.width);
    if width == laid_out {
        model.reading.width = laid_out.unwrap_or_default();
    } else {
        open_current(model, false, effects);
    }
}

pub(super) fn labels(model: &mut Model, browser: bool) {
    let places = screen::links_in_sight(model);
    if places.is_empty() {
        model.say("No link is in sight.", false);
        return;
    }
    let texts = label_texts(places.len());
    let labels = places
        .into_iter()
        .zip(texts)
        .map(|((x, y, row, url), text)| Label {
            text,
            x,
            y,
            row,
            url,
        })
        .collect();
    model.overlay = Some(Overlay::Labels {
        labels,
        typed: String::new(),
        browser,
    });
}

pub(super) fn whole_page(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.focus <= Column::Entries {
        read_entry(model, effects);
    }
    if let Some(step) = model.reading.trail.current_mut() {
        step.whole_page =
            !step.whole_page || step.view.as_ref().is_some_and(|view| !view.whole_page);
        let whole = step.whole_page;
        open_current(model, false, effects);
        if !whole {
            model.say("The text of the feed.", false);
        }
    }
}

/// Opens a list over the columns.
pub(in crate::tui) fn list(model: &mut Model, key: Listing, effects: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Citing {
        key: key.clone(),
        list: None,
        selected: 0,
    });
    effects.push(Effect::LoadCiting { key });
}

/// The rows of a list are there: where only one discussion is known, it is opened; where none is, what the panel knows.
pub(in crate::tui) fn listed(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Overlay::Citing {
        key: Listing::Threads(_),
        list: Some(list),
        ..
    }) = &model.overlay
    else {
        return;
    };
    match list.as_slice() {
        [] => {
            model.overlay = None;
            discussion_of_panel(model, effects);
        }
        [one] => {
            let (target, name) = (one.target.clone(), one.title.to_string());
            model.overlay = None;
            crate::tui::over::open_target(model, target, name, effects);
        }
        _ => {}
    }
}

pub(super) fn discussions(model: &mut Model, effects: &mut Vec<Effect>) {
    match entry_in_sight(model) {
        Some(entry) => list(model, Listing::Threads(entry), effects),
        None => discussion_of_panel(model, effects),
    }
}

fn discussion_of_panel(model: &mut Model, effects: &mut Vec<Effect>) {
    let of_panel = model.reading.view().and_then(|view| {
        let source = view
            .sources
            .iter()
            .find(|row| row.role == crate::source::Role::Discussion);
        view.comments_url
            .clone()
            .or_else(|| source.map(|row| row.opens().to_owned()))
    });
    let address = of_panel.and_then(|url| address::clean(&url, Found::default()).ok());
    match address {
        Some(address) => {
            let target = Target::Page {
                key: address.key,
                url: address.display.to_string(),
            };
            crate::tui::over::open_target(model, target, "Discussion".to_owned(), effects);
        }
        None => ask_aggregators(model),
    }
}

/// Where discussions are looked for, and the address of a search for one: `{}` is the address of what is talked about.
const AGGREGATORS: &[(&str, &str)] = &[
    ("Hacker News", "https://hn.algolia.com/?query={}"),
    (
        "Lobsters",
        "https://lobste.rs/search?what=stories&order=newest&q={}",
    ),
    ("Reddit", "https://www.reddit.com/search/?q=url%3A{}"),
];

/// No discussion is known: somebody else may know one. They learn what is read, so it is asked where.
fn ask_aggregators(model: &mut Model) {
    let Some(address) = article_address(model) else {
        model.say("No discussion of this is known.", false);
        return;
    };
    let bare = address
        .split_once("://")
        .map_or(address.as_str(), |(_, rest)| rest);
    let words: String = url::form_urlencoded::byte_serialize(bare.as_bytes()).collect();
    model.overlay = Some(Overlay::Choose {
        title: "NO DISCUSSION IS KNOWN: LOOK WHERE?".to_owned(),
        options: AGGREGATORS
            .iter()
            .map(|(name, place)| Choosable {
                text: (*name).to_owned(),
                detail: "in the browser".to_owned(),
                does: Chosen::Look(place.replace("{}", &words)),
            })
            .collect(),
        selected: 0,
    });
}

/// To the primary source: of the article, else of its story, by the way that leads there.
pub(super) fn go_primary(model: &mut Model, effects: &mut Vec<Effect>) {
    let row = view_in_sight(model).and_then(|view| view.sources.iter().position(|row| row.primary));
    if let Some(row) = row {
        if model.focus <= Column::Entries {
            read_entry(model, effects);
        }
        read_source(model, row, effects);
        return;
    }
    let Some(shown) = entry_in_sight(model) else {
        model.say("No primary source is known for this.", false);
        return;
    };
    let beside = model.reading.beside.as_ref();
    if beside.is_some_and(|(entry, _)| *entry == shown) {
        primary_of_story(model, shown, effects);
    } else {
        model.reading.primary_of = Some(shown);
        effects.push(Effect::LoadBeside(shown));
    }
}

/// What stands beside an entry is known: to the primary source of its story, if somebody waits for that.
pub(in crate::tui) fn primary_is_known(
    model: &mut Model,
    entry: EntryId,
    effects: &mut Vec<Effect>,
) {
    if model
        .reading
        .primary_of
        .take_if(|waits| *waits == entry)
        .is_some()
    {
        primary_of_story(model, entry, effects);
    }
}

fn primary_of_story(model: &mut Model, entry: EntryId, effects: &mut Vec<Effect>) {
    let beside = model.reading.beside.as_ref();
    let primary = beside
        .filter(|(known, _)| *known == entry)
        .and_then(|(_, beside)| beside.story.as_ref())
        .and_then(|story| story.primary.clone());
    let Some(primary) = primary else {
        model.say("No primary source is known for this.", false);
        return;
    };
    if model.focus <= Column::Entries {
        read_entry(model, effects);
    }
    walk_to(model, &primary, effects);
}

/// Walks to a primary source: every step on the way is a step of the trail.
pub(in crate::tui) fn walk_to(model: &mut Model, primary: &Primary, effects: &mut Vec<Effect>) {
    if let Some((key, url)) = &primary.by_way_of {
        let name = url.trim_start_matches("https://").to_owned();
        model.reading.go(
            Target::Page {
                key: key.clone(),
                url: url.clone(),
            },
            name,
            false,
        );
    }
    let target = Target::Page {
        key: primary.key.clone(),
        url: primary.url.clone(),
    };
    crate::tui::over::open_target(model, target, primary.title.to_string(), effects);
    let sure = if primary.certain {
        "Primary source"
    } else {
        "Not certain; most cited"
    };
    model.say(&format!("{sure}: {}.", primary.reason), false);
}

pub(super) fn who_cites(model: &mut Model, effects: &mut Vec<Effect>) {
    let key = match (model.focus, model.reading.selected_source()) {
        (Column::Sources, Some(row)) => Some(row.key.clone()),
        _ => match (model.focus, model.reading.target()) {
            (Column::Article, Some(Target::Page { key, .. })) => Some(key.clone()),
            _ => address_in_sight(model)
                .and_then(|url| address::clean(&url, Found::default()).ok())
                .map(|address| address.key),
        },
    };
    let Some(key) = key else {
        model.say("It has no address that could be cited.", false);
        return;
    };
    list(model, Listing::Citing(key), effects);
}

/// Archives, as the setting names them: what each is called, and how its copies are read.
const ARCHIVES: &[(&str, &str, &str)] = &[
    ("archive.org", "Internet Archive", "read here"),
    // It shows its copies to browsers only.
    ("archive.today", "archive.today", "in the browser"),
];

const ARCHIVE_SETTING: &str = "archive";

/// Where a copy is looked for is asked once: an archive learns what is read.
pub(super) fn go_archived(model: &mut Model, effects: &mut Vec<Effect>) {
    let address = match model.focus {
        Column::Feeds => None,
        _ => address_in_sight(model),
    };
    let Some(address) = address.and_then(|url| address::clean(&url, Found::default()).ok()) else {
        model.say("This has no address that an archive could keep.", false);
        return;
    };
    let url = address.display.to_string();
    let rows = &model.settings.rows;
    let said = rows.iter().find(|row| row.name == ARCHIVE_SETTING);
    let chosen = said.and_then(|row| ARCHIVES.iter().find(|(at, ..)| *at == row.value));
    if let Some((at, ..)) = chosen {
        look_in_archive(model, at, &url, effects);
        return;
    }
    model.overlay = Some(Overlay::Choose {
        title: "ARCHIVED COPY: WHERE?".to_owned(),
        options: ARCHIVES
            .iter()
            .map(|(at, name, how)| Choosable {
                text: (*name).to_owned(),
                detail: format!("{how}; asked once"),
                does: Chosen::Archive {
                    at,
                    url: url.clone(),
                },
            })
            .collect(),
        selected: 0,
    });
}

/// Reads the copy that an archive keeps of an address, or has the browser show it.
fn look_in_archive(model: &mut Model, at: &str, url: &str, effects: &mut Vec<Effect>) {
    if at == "archive.today" {
        effects.push(Effect::Browse(format!(
            "https://archive.today/newest/{url}"
        )));
        return;
    }
    let (Ok(address), Some(copy)) = (
        address::clean(url, Found::default()),
        address::newest_copy(url),
    ) else {
        return;
    };
    let name = match model.reading.selected_source() {
        Some(row) if model.focus == Column::Sources => sources::title_of(row).to_owned(),
        _ => title_in_sight(model),
    };
    if model.focus <= Column::Entries {
        // So that the way back leads to it.
        read_entry(model, effects);
    }
    let in_panel = model.focus == Column::Sources;
    let target = Target::Page {
        key: address.key,
        url: copy.to_string(),
    };
    model.reading.go(target, name, in_panel);
    model.reading.opened = true;
    model.focus = Column::Article;
    if model.reading.view().is_some() {
        after_walk(model, effects);
    } else {
        // The page itself may be kept, as what cannot be read of it or as it is today.
        open_current(model, true, effects);
    }
}

/// What was chosen of a few things is done.
pub(in crate::tui) fn choose(model: &mut Model, chosen: Chosen, effects: &mut Vec<Effect>) {
    match chosen {
        Chosen::Refuse { host, role } => {
            let what = role.map_or_else(String::new, |role| format!(" ({})", role.name()));
            let said = format!("{host}{what} is no source any more; u takes it back.");
            let edit = Edit::NotASource {
                host,
                role,
                on: true,
            };
            apply(model, edit, effects);
            model.say(&said, false);
        }
        Chosen::Look(url) => effects.push(Effect::Browse(url)),
        Chosen::Archive { at, url } => {
            effects.push(Effect::Set {
                key: ARCHIVE_SETTING.to_owned(),
                value: at.to_owned(),
            });
            let rows = &mut model.settings.rows;
            if let Some(row) = rows.iter_mut().find(|row| row.name == ARCHIVE_SETTING) {
                at.clone_into(&mut row.value);
            }
            look_in_archive(model, at, &url, effects);
        }
    }
}
