//! Feeds and views: visiting, keeping, removing, and whether cards are fetched.

use super::{entry_in_sight, head_of};
use crate::news::{Edit, Target, View};
use crate::tui::columns::Column;
use crate::tui::overlay::{Asks, Overlay, Prompt};
use crate::tui::pane::feeds::Item;
use crate::tui::update::{apply, open_current};
use crate::tui::{Effect, Model};

pub(super) fn consent(model: &mut Model, value: &str, said: &str, effects: &mut Vec<Effect>) {
    value.clone_into(&mut model.settings.cards);
    effects.push(Effect::Set {
        key: "cards".to_owned(),
        value: value.to_owned(),
    });
    model.say(said, false);
}

pub(super) fn visit(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.focus {
        Column::Sources => {
            if let Some(row) = model.reading.selected_source() {
                let card = (row.key.clone(), row.opens().to_owned());
                effects.push(Effect::FetchCards {
                    cards: vec![card],
                    pressed: true,
                });
                model.say("Its card is fetched.", false);
            }
        }
        Column::Article if matches!(model.reading.target(), Some(Target::Page { .. })) => {
            open_current(model, true, effects);
            model.say("The page is fetched again.", false);
        }
        _ => {
            let feeds = feeds_in_sight(model);
            if feeds.is_empty() {
                model.say("No feed is selected. R visits all.", false);
                return;
            }
            let text = match feeds.as_slice() {
                [one] => model
                    .feeds
                    .row(*one)
                    .map_or_else(String::new, |feed| format!("{} is visited.", feed.title)),
                many => format!(
                    "{} are visited.",
                    crate::tui::words::plural(many.len(), "feed")
                ),
            };
            effects.push(Effect::Visit(feeds));
            model.say(&text, false);
        }
    }
}

fn feeds_in_sight(model: &Model) -> Vec<crate::feed::FeedId> {
    let group = match (model.focus, &model.feeds.selected, &model.entries.view) {
        (Column::Feeds, Some(Item::Feed(id, _)), _) => return vec![*id],
        (Column::Feeds, Some(Item::Group(group)), _) => group,
        (Column::Feeds, _, _) => return Vec::new(),
        (_, _, View::Feed(id)) => return vec![*id],
        (_, _, View::Group(group)) => group,
        _ => {
            let entry = entry_in_sight(model);
            let head = entry.and_then(|entry| head_of(model, entry));
            return head.map(|head| head.feed).into_iter().collect();
        }
    };
    let inside = |tag: &str| tag == group || tag.starts_with(&format!("{group}/"));
    let rows = model.feeds.rows().iter();
    rows.filter(|feed| feed.tags.iter().any(|tag| inside(tag)))
        .map(|feed| feed.id)
        .collect()
}

/// Asks for a name to keep the search under.
pub(super) fn save_view(model: &mut Model) {
    let View::Search { text, .. } = &model.entries.view else {
        let text = model
            .keymap
            .teach("Search first, with {search}; then {save-view} keeps it as a view.");
        model.say(&text, false);
        return;
    };
    let text = text.trim().to_owned();
    let mut prompt = Prompt::new(Asks::SaveView(text.clone()));
    prompt.input = tui_input::Input::new(text);
    model.overlay = Some(Overlay::Prompt(prompt));
}

pub(super) fn remove_feed(model: &mut Model, effects: &mut Vec<Effect>) {
    if let (Column::Feeds, Some(Item::Saved(name))) = (model.focus, &model.feeds.selected) {
        let name = name.clone();
        apply(model, Edit::DropView { name }, effects);
        return;
    }
    let feed = match (model.focus, &model.entries.view) {
        (Column::Feeds, _) => model.feeds.selected_feed(),
        (_, View::Feed(id)) => model.feeds.row(*id),
        _ => None,
    };
    match feed {
        Some(feed) => {
            model.overlay = Some(Overlay::Confirm {
                question: format!(
                    "Remove {}? Its starred entries stay, and u brings it back.",
                    feed.title
                ),
                wishes: Vec::new(),
                mark: None,
                remove: Some(feed.id),
            });
        }
        None => model.say("No feed is selected. gh goes to the feeds.", false),
    }
}
