//! What lies over the columns: prompts, the palette, help, lists to pick from, labels.

use super::Model;
use super::action::{ACTIONS, Action, Group, Row};
use super::model::{SettingRow, Settings};
use super::pane::briefing::Briefing;
use super::pane::feeds::ViewKind;
use crate::feed::{EntryId, FeedId};
use crate::news::{Citing, Edit, Listing};
use crate::source::Role;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::ops::Range;
use tui_input::Input;

/// What lies over the columns.
#[derive(Clone, Debug)]
pub enum Overlay {
    Prompt(Prompt),
    Palette(Palette),
    Help(Help),
    /// A question: what is done on `y` or enter.
    Confirm {
        question: String,
        wishes: Vec<Edit>,
        mark: Option<super::pane::entries::Pending>,
        remove: Option<FeedId>,
    },
    /// Lines to read.
    Info {
        title: String,
        lines: Vec<(String, String)>,
        top: usize,
    },
    /// The day as a text.
    Briefing(Briefing),
    /// A page of facts and charts; `feed`: it is the page of that feed, otherwise the statistics.
    Page {
        feed: Option<FeedId>,
        title: String,
        /// What is known before the numbers come.
        facts: Vec<(String, String)>,
        rows: Vec<super::pane::report::Row>,
        /// The numbers are there.
        ready: bool,
        top: usize,
    },
    /// Who cites this, or another list of articles.
    Citing {
        key: Listing,
        list: Option<Vec<Citing>>,
        selected: usize,
    },
    /// Feeds that were found on a page.
    Found {
        asked: String,
        found: Vec<(String, String)>,
        selected: usize,
    },
    /// One of a few things to do.
    Choose {
        title: String,
        options: Vec<Choosable>,
        selected: usize,
    },
    Labels {
        labels: Vec<Label>,
        typed: String,
        browser: bool,
    },
    Welcome(Welcome),
}

/// What may be chosen of a few things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    pub text: String,
    /// What it means, dim beside it.
    pub detail: String,
    pub does: Chosen,
}

/// What is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// This host, or this role on it, is no source.
    Refuse { host: String, role: Option<Role> },
    /// Look for a discussion at this address.
    Look(String),
    /// Look for the copy there, now and from now on.
    Archive { at: &'static str, url: String },
}

/// A label on a link in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub text: String,
    pub x: u16,
    pub y: u16,
    /// Row of the source, or an address that is none.
    pub row: Option<usize>,
    pub url: String,
}

/// What a prompt asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    Search,
    Filter,
    Find,
    Tags(Vec<EntryId>),
    Note(EntryId),
    AddFeed,
    Import,
    Save,
    /// A command that gets the article's text.
    Pipe,
    /// A name for this search.
    SaveView(String),
    /// The value of a setting.
    Setting(&'static str),
}

/// A line to type into.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub asks: Asks,
    pub input: Input,
    /// What is wrong, and the bytes it stands at.
    pub wrong: Option<(String, Range<usize>)>,
    /// What tab would complete to.
    pub picks: Vec<String>,
    /// What stands in it already is being looked for.
    pub loading: bool,
}

impl Prompt {
    /// An empty one.
    pub fn new(asks: Asks) -> Prompt {
        Prompt {
            asks,
            input: Input::default(),
            wrong: None,
            picks: Vec::new(),
            loading: false,
        }
    }

    /// What stands before the line.
    pub fn label(&self) -> &'static str {
        match self.asks {
            Asks::Search => "search",
            Asks::Filter => "only with",
            Asks::Find => "find",
            Asks::Tags(_) => "tags (-tag takes away)",
            Asks::Note(_) => "note",
            Asks::AddFeed => "add feed: address",
            Asks::Import => "import: path of an OPML or list file",
            Asks::Save => "save as (.txt, .md, .html)",
            Asks::Pipe => "pipe to: program and arguments",
            Asks::SaveView(_) => "name of the view",
            Asks::Setting(name) => name,
        }
    }
}

/// What a line of the palette does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goes {
    Action(Action),
    View(ViewKind),
    Feed(FeedId),
    Group(String),
    /// A search: a saved view, or a tag.
    Search(String),
    Source(usize),
    Theme(String),
    /// A setting: its values, or a line for it.
    Setting(&'static str),
    /// A setting to a value.
    Set(&'static str, String),
}

/// A line of the palette.
#[derive(Clone, Debug)]
pub struct Choice {
    pub text: String,
    pub kind: &'static str,
    pub keys: String,
    pub goes: Goes,
}

/// Everything by name.
#[derive(Clone, Debug)]
pub struct Palette {
    pub input: Input,
    choices: Vec<Choice>,
    /// Places in `choices` that match, best first.
    pub shown: Vec<usize>,
    pub selected: usize,
    /// The theme before it was tried on.
    pub theme_before: String,
}

impl Palette {
    /// All that can be gone to or done.
    pub fn new(model: &Model) -> Palette {
        // Who moves by keys does not look here for how: what can be done and gone to stands first.
        let (moves, others): (Vec<&Row>, Vec<&Row>) =
            ACTIONS.iter().partition(|row| row.group == Group::Move);
        let mut choices: Vec<Choice> = others
            .into_iter()
            .chain(moves)
            .map(|row| Choice {
                text: row.name.replace('-', " "),
                kind: row.help,
                keys: model
                    .keymap
                    .keys_of(row.action)
                    .first()
                    .cloned()
                    .unwrap_or_default(),
                goes: Goes::Action(row.action),
            })
            .collect();
        let mut add = |text: String, kind, goes| {
            choices.push(Choice {
                text,
                kind,
                keys: String::new(),
                goes,
            });
        };
        for kind in ViewKind::ALL {
            add(kind.name().to_owned(), "view", Goes::View(kind));
        }
        for saved in model.feeds.saved() {
            add(
                saved.name.to_string(),
                "saved view",
                Goes::Search(saved.query.clone()),
            );
        }
        for (tag, _) in &model.tags {
            add(format!("#{tag}"), "tag", Goes::Search(tag_query(tag)));
        }
        if let Some(view) = model.reading.view() {
            for (at, row) in view.sources.iter().enumerate() {
                add(
                    super::pane::sources::title_of(row).to_owned(),
                    "source",
                    Goes::Source(at),
                );
            }
        }
        for group in model.feeds.groups() {
            add(group.clone(), "group of feeds", Goes::Group(group));
        }
        for row in model.feeds.rows() {
            add(row.title.as_str().to_owned(), "feed", Goes::Feed(row.id));
        }
        let mut palette = Palette {
            choices,
            ..Palette::of_themes(&model.settings)
        };
        let themes = model
            .settings
            .themes()
            .map(|name| (name.to_owned(), "theme", Goes::Theme(name.to_owned())));
        let settings = model.settings.rows.iter().map(|row| {
            (
                format!("{}: {}", row.name, row.value),
                row.text,
                Goes::Setting(row.name),
            )
        });
        palette
            .choices
            .extend(themes.chain(settings).map(|(text, kind, goes)| Choice {
                text,
                kind,
                keys: String::new(),
                goes,
            }));
        palette.search();
        palette
    }

    /// The values that a setting may have.
    pub fn of_values(row: &SettingRow, settings: &Settings) -> Palette {
        let choices = row
            .choices
            .iter()
            .map(|value| Choice {
                text: format!("{}: {value}", row.name),
                kind: row.text,
                keys: String::new(),
                goes: Goes::Set(row.name, value.clone()),
            })
            .collect();
        let mut palette = Palette {
            choices,
            ..Palette::of_themes(settings)
        };
        palette.search();
        let now = row.choices.iter().position(|value| *value == row.value);
        palette.selected = now.unwrap_or(0);
        palette
    }

    /// Only the saved views.
    pub fn of_saved(model: &Model) -> Palette {
        let choices = model
            .feeds
            .saved()
            .iter()
            .map(|saved| Choice {
                text: saved.name.to_string(),
                kind: "saved view",
                keys: String::new(),
                goes: Goes::Search(saved.query.clone()),
            })
            .collect();
        let mut palette = Palette {
            choices,
            ..Palette::of_themes(&model.settings)
        };
        palette.search();
        palette
    }

    /// Only the themes.
    pub fn of_themes(settings: &Settings) -> Palette {
        let choices = settings
            .themes()
            .map(|name| Choice {
                text: name.to_owned(),
                kind: "theme",
                keys: String::new(),
                goes: Goes::Theme(name.to_owned()),
            })
            .collect();
        let mut palette = Palette {
            input: Input::default(),
            choices,
            shown: Vec::new(),
            selected: 0,
            theme_before: settings.theme.clone(),
        };
        palette.search();
        palette.selected = palette
            .shown
            .iter()
            .position(|at| palette.choices[*at].text == settings.theme)
            .unwrap_or(0);
        palette
    }

    /// Finds what matches the words typed.
    pub fn search(&mut self) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(
            self.input.value(),
            CaseMatching::Ignore,
            Normalization::Smart,
        );
        // In a sentence a few letters are found far apart by chance: what an action does is searched for words as typed.
        let in_text = Pattern::new(
            self.input.value(),
            CaseMatching::Ignore,
            Normalization::Smart,
            AtomKind::Substring,
        );
        let mut buf = Vec::new();
        let mut scored: Vec<(u32, usize)> = self
            .choices
            .iter()
            .enumerate()
            .filter_map(|(at, choice)| {
                let by_name = pattern
                    .score(Utf32Str::new(&choice.text, &mut buf), &mut matcher)
                    .map(|score| score * 4);
                by_name
                    .or_else(|| match choice.goes {
                        // An action is found by what it does, too; so is a setting.
                        Goes::Action(_) | Goes::Setting(_) => {
                            in_text.score(Utf32Str::new(choice.kind, &mut buf), &mut matcher)
                        }
                        _ => None,
                    })
                    .map(|score| (score, at))
            })
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        self.shown = scored.into_iter().map(|(_, at)| at).collect();
        self.selected = 0;
    }

    /// The line selected.
    pub fn chosen(&self) -> Option<&Choice> {
        self.shown.get(self.selected).map(|at| &self.choices[*at])
    }

    /// A line that is shown.
    pub fn choice(&self, at: usize) -> &Choice {
        &self.choices[self.shown[at]]
    }
}

/// The keys, searchable.
#[derive(Clone, Debug, Default)]
pub struct Help {
    pub input: Input,
    /// Typing searches.
    pub searching: bool,
    pub top: usize,
}

/// The first start.
#[derive(Clone, Debug, Default)]
pub struct Welcome {
    pub picked: Vec<bool>,
    pub selected: usize,
}

impl Welcome {
    /// Nothing picked.
    pub fn new(model: &Model) -> Welcome {
        Welcome {
            picked: vec![false; model.settings.bundled.len()],
            selected: 0,
        }
    }
}

/// Home-row letters, prefix-free, the shortest first.
pub fn label_texts(count: usize) -> Vec<String> {
    const LETTERS: [char; 14] = [
        'a', 's', 'd', 'f', 'j', 'k', 'l', 'g', 'h', 'e', 'i', 'o', 'r', 'u',
    ];
    let n = LETTERS.len();
    // So many single letters that the others, as beginnings, are enough for the rest.
    let doubles = if count <= n {
        0
    } else {
        (count - n).div_ceil(n - 1).min(n)
    };
    let mut labels: Vec<String> = LETTERS[..n - doubles].iter().map(char::to_string).collect();
    for first in &LETTERS[n - doubles..] {
        labels.extend(LETTERS.iter().map(|second| format!("{first}{second}")));
    }
    labels.truncate(count);
    labels
}

/// The search for a tag.
pub fn tag_query(tag: &str) -> String {
    if tag.contains(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '"')) {
        format!("tag:\"{}\"", tag.replace('"', "\"\""))
    } else {
        format!("tag:{tag}")
    }
}

/// Words of what is typed last, for completing.
pub fn last_word(text: &str) -> &str {
    text.rsplit([' ', ',']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_begins_another_one() {
        for count in [0, 1, 14, 15, 60, 196] {
            let labels = label_texts(count);
            assert_eq!(labels.len(), count);
            for (at, one) in labels.iter().enumerate() {
                for (other_at, other) in labels.iter().enumerate() {
                    assert!(
                        at == other_at || !other.starts_with(one.as_str()),
                        "{one} begins {other}"
                    );
                }
            }
        }
    }
}
