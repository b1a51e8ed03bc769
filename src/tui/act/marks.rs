//! What the reader marks, notes and leaves out.

use super::{article_address, entries_meant, entry_in_sight, head_of, open_feed_row, say_no_entry};
use crate::feed::EntryId;
use crate::news::{Edit, MarkKind, Order, Target, View, Which};
use crate::query::{Mark, Query, Test};
use crate::tui::columns::Column;
use crate::tui::overlay::{Asks, Choosable, Chosen, Overlay, Prompt};
use crate::tui::pane::{entries, sources};
use crate::tui::update::{apply, mark};
use crate::tui::{Effect, Model};

/// Above so many entries, marking all of them asks first.
const ASKS_ABOVE: usize = 50;

/// The entries selected with `v` tell one story: the others join the first.
pub(super) fn together(model: &mut Model, effects: &mut Vec<Effect>) {
    let chosen = model.entries.chosen();
    let Some((first, others)) = chosen
        .split_first()
        .filter(|(_, others)| !others.is_empty())
    else {
        model.say(
            "v selects the entries that tell one story, then this joins them.",
            false,
        );
        return;
    };
    let edit = Edit::Together {
        entries: others.to_vec(),
        with: *first,
    };
    apply(model, edit, effects);
    model.entries.marked.clear();
}

/// Turns a mark of the chosen entries: on, unless all of them have it.
pub(super) fn toggle(model: &mut Model, kind: MarkKind, effects: &mut Vec<Effect>) {
    let meant = entries_meant(model);
    let has = |marks: crate::news::Marks| match kind {
        MarkKind::Read => marks.read,
        MarkKind::Starred => marks.starred,
        MarkKind::Later => marks.later,
    };
    if meant.is_empty() {
        if model.focus >= Column::Article {
            say_no_entry(model);
        }
        return;
    }
    // What was just opened, and is in no list, has no mark as far as is known.
    let known = meant.iter().map(|id| head_of(model, *id));
    let on = known
        .into_iter()
        .any(|head| !head.is_some_and(|head| has(head.marks)));
    // A row of these lists stands for all who tell its story.
    let folded = model.focus == Column::Entries
        && kind == MarkKind::Read
        && model.entries.filter.is_none()
        && matches!(model.entries.view, View::All | View::Today { .. });
    let edit = Edit::Mark {
        which: if folded {
            Which::Stories(meant.clone())
        } else {
            Which::Entries(meant.clone())
        },
        mark: kind,
        on,
    };
    mark(model, Some(meant), kind, on, edit, effects);
    model.entries.marked.clear();
}

pub(super) fn later(model: &mut Model, effects: &mut Vec<Effect>) {
    let on_source = model.focus == Column::Sources
        || model.focus == Column::Article
            && matches!(model.reading.target(), Some(Target::Page { .. }));
    if !on_source {
        toggle(model, MarkKind::Later, effects);
        return;
    }
    let source = model
        .reading
        .selected_source()
        .filter(|_| model.focus == Column::Sources);
    let (url, title) = match source {
        Some(row) => (
            Some(row.display_url.clone()),
            sources::title_of(row).to_owned(),
        ),
        None => (
            article_address(model),
            model
                .reading
                .trail
                .current()
                .map(|step| step.name.clone())
                .unwrap_or_default(),
        ),
    };
    if let Some(url) = url {
        apply(model, Edit::KeepLater { url, title }, effects);
    }
}

pub(super) fn note(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(id) = entry_in_sight(model) else {
        if model.focus >= Column::Article {
            say_no_entry(model);
        }
        return;
    };
    let mut prompt = Prompt::new(Asks::Note(id));
    let shown = model.reading.target() == Some(&Target::Entry(id));
    let view = model.reading.view().filter(|_| shown);
    let has_note = head_of(model, id).is_some_and(|head| head.note);
    if let Some(note) = view.and_then(|view| view.note.as_ref()) {
        prompt.input = tui_input::Input::new(note.as_str().to_owned());
    } else if has_note {
        // What is there is to be edited, not written over.
        prompt.loading = true;
        effects.push(Effect::LoadNote(id));
    }
    model.overlay = Some(Overlay::Prompt(prompt));
}

/// The unread entries of the list, as few words as say it exactly.
fn all_shown(model: &Model) -> Option<(Which, Option<Vec<EntryId>>, usize)> {
    let entries = &model.entries;
    // A row of these stands for what is folded under it: that is marked too, and counted.
    let under = match (&entries.view, &entries.filter) {
        (View::All, None) => Some(model.counts.unread),
        (View::Today { .. }, None) => Some(model.counts.today_unread),
        _ => None,
    };
    let whole = under.is_none()
        && entries.offset == 0
        && entries
            .total
            .is_some_and(|total| total <= entries.rows.len());
    if whole {
        let ids: Vec<EntryId> = entries
            .rows
            .iter()
            .filter(|row| !row.marks.read)
            .map(|row| row.id)
            .collect();
        let count = ids.len();
        return Some((Which::Entries(ids.clone()), Some(ids), count));
    }
    let query = entries::query_of(model, &entries.view)?;
    let mut all = vec![query, Query::Test(Test::Is(Mark::Unread))];
    if let Some(filter) = &entries.filter {
        if filter.query == Query::All {
            return None;
        }
        all.push(filter.query.clone());
    }
    let query = Query::And(all);
    let count = under
        .and_then(|unread| usize::try_from(unread).ok())
        .or(entries.unread)
        .or(entries.total)
        .unwrap_or(entries.rows.len());
    let up_to = entries.up_to.or(entries.newest);
    let which = Which::Matching {
        query,
        now: model.now,
        up_to,
    };
    Some((which, None, count))
}

pub(super) fn mark_all(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.focus == Column::Feeds {
        open_feed_row(model, effects);
        if !model.entries.loaded {
            model.say("Once more, when its entries are there.", false);
            return;
        }
    }
    let Some((which, ids, count)) = all_shown(model) else {
        model.say("The search is not read yet.", false);
        return;
    };
    if count == 0 {
        model.say("Nothing here is unread.", false);
        return;
    }
    let edit = Edit::Mark {
        which,
        mark: MarkKind::Read,
        on: true,
    };
    if count > ASKS_ABOVE {
        let name = entries::view_name(model, &model.entries.view);
        model.overlay = Some(Overlay::Confirm {
            question: format!(
                "Mark {} in {name} read?",
                crate::tui::words::plural(count, "unread entry")
            ),
            wishes: vec![edit],
            mark: Some(entries::Pending {
                wish: 0,
                number: None,
                entries: ids,
                mark: MarkKind::Read,
                on: true,
            }),
            remove: None,
        });
    } else {
        mark(model, ids, MarkKind::Read, true, edit, effects);
    }
}

pub(super) fn mark_above(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(at) = model.entries.row_of_selected() else {
        return;
    };
    if model.entries.offset > 0 {
        mark_far_above(model, at);
        return;
    }
    let above = &model.entries.rows[..at];
    let ids: Vec<EntryId> = above
        .iter()
        .filter(|row| !row.marks.read)
        .map(|row| row.id)
        .collect();
    if ids.is_empty() {
        model.say("Nothing above is unread.", false);
        return;
    }
    let edit = Edit::Mark {
        which: Which::Entries(ids.clone()),
        mark: MarkKind::Read,
        on: true,
    };
    mark(model, Some(ids), MarkKind::Read, true, edit, effects);
}

/// What stands above a row, some of it beyond the rows that are held: by its date. It asks, since nobody sees how much it is.
fn mark_far_above(model: &mut Model, at: usize) {
    let entries = &model.entries;
    let (Some(view), true) = (
        entries::query_of(model, &entries.view),
        entries.filter.is_none() && entries.order.is_by_day(),
    ) else {
        model.say(
            "The list goes on above what is loaded: go to its top once, then back, or take the filter off.",
            false,
        );
        return;
    };
    let held: Vec<EntryId> = entries.rows[..at].iter().map(|row| row.id).collect();
    let at = entries.rows[at].published;
    // Entries of that very second may stand on either side: they are left.
    let above = match entries.order {
        Order::Oldest => Test::Before(at),
        _ => Test::After(at + chrono::TimeDelta::seconds(1)),
    };
    let which = Which::Matching {
        query: Query::And(vec![
            view,
            Query::Test(Test::Is(Mark::Unread)),
            Query::Test(above),
        ]),
        now: model.now,
        up_to: entries.up_to.or(entries.newest),
    };
    let name = entries::view_name(model, &entries.view);
    let edit = Edit::Mark {
        which,
        mark: MarkKind::Read,
        on: true,
    };
    model.overlay = Some(Overlay::Confirm {
        question: format!("Mark everything above in {name} read?"),
        wishes: vec![edit],
        mark: Some(entries::Pending {
            wish: 0,
            number: None,
            entries: Some(held),
            mark: MarkKind::Read,
            on: true,
        }),
        remove: None,
    });
}

/// Asks what is no source: the host, or only what has this role there.
pub(super) fn not_a_source(model: &mut Model) {
    let Some(row) = model
        .reading
        .selected_source()
        .filter(|_| model.focus >= Column::Article)
    else {
        model.say("No source is selected.", false);
        return;
    };
    // As the sources name it: hosts with and without `www.` are one site.
    let host = row.site.to_string();
    let role = row.role;
    let option = |text: String, detail: &str, role| Choosable {
        text,
        detail: detail.to_owned(),
        does: Chosen::Refuse {
            host: host.clone(),
            role,
        },
    };
    model.overlay = Some(Overlay::Choose {
        title: "NO SOURCE".to_owned(),
        options: vec![
            option(format!("nothing of {host}"), "in no article", None),
            option(
                format!("no {} of {host}", role.name()),
                "other roles stay",
                Some(role),
            ),
        ],
        selected: 0,
    });
}
