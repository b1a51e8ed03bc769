//! `bron mark`: the same edits as the screen makes.

use super::args::MarkArgs;
use super::print::Out;
use super::{Context, list};
use crate::feed::EntryId;
use crate::news::{Edit, MarkKind, Which};
use anyhow::{Result, bail, ensure};

/// Applies the marks and says how many entries changed.
pub fn run(args: &MarkArgs, context: &Context) -> Result<()> {
    let which = if args.id.is_empty() {
        Which::Matching {
            query: list::query_of_a_change(&args.query, context)?,
            now: context.now(),
            up_to: None,
        }
    } else {
        Which::Entries(args.id.iter().copied().map(EntryId).collect())
    };
    if let Which::Entries(ids) = &which {
        let reader = context.reader()?;
        for id in ids {
            ensure!(reader.entry(*id)?.is_some(), "no entry has the id {}", id.0);
        }
    }
    let mut out = Out::new();
    for edit in edits(args, &which) {
        let applied = context.writer()?.apply_now(edit)?;
        if let Some(error) = applied.error {
            bail!("{error}");
        }
        if !context.global.quiet {
            out.line(&applied.summary)?;
        }
    }
    Ok(out.done()?)
}

/// Tags first: a mark may take entries out of what the query matches, and a tag seldom does.
fn edits(args: &MarkArgs, which: &Which) -> Vec<Edit> {
    let tag = |tag: &String, on| Edit::Tag {
        which: which.clone(),
        tag: tag.clone(),
        on,
    };
    let given = args.tag.iter().map(|name| (name.clone(), true));
    let tags: Vec<(String, bool)> = given
        .chain(args.untag.iter().map(|name| (name.clone(), false)))
        .collect();
    // Several are one step, which one undo takes back.
    let mut edits = match tags.as_slice() {
        [] => Vec::new(),
        [(name, on)] => vec![tag(name, *on)],
        _ => vec![Edit::Tags {
            which: which.clone(),
            tags,
        }],
    };
    for (said, mark, on) in [
        (args.star, MarkKind::Starred, true),
        (args.unstar, MarkKind::Starred, false),
        (args.later, MarkKind::Later, true),
        (args.not_later, MarkKind::Later, false),
        (args.read, MarkKind::Read, true),
        (args.unread, MarkKind::Read, false),
    ] {
        if said {
            edits.push(Edit::Mark {
                which: which.clone(),
                mark,
                on,
            });
        }
    }
    edits
}
