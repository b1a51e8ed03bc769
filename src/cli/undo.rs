//! `bron undo`, `bron redo`: what the command line changed last is taken back, or done again.

use super::Context;
use super::print::Out;
use crate::config::lists;
use crate::news::{Applied, Edit, NOTHING_TO_REDO, NOTHING_TO_UNDO};
use anyhow::{Result, bail};

/// Takes the newest change back; with `back` false, does again what was taken back last.
pub fn run(back: bool, context: &Context) -> Result<()> {
    let applied = apply(context, if back { Edit::Undo } else { Edit::Redo })?;
    let said = applied.summary.as_str();
    if said == NOTHING_TO_UNDO || said == NOTHING_TO_REDO {
        bail!("{said}; the reader's own changes are taken back there, with `u`");
    }
    for step in context.steps() {
        if let Err(error) = lists::put_back(&step.files) {
            apply(
                context,
                Edit::StepFailed {
                    step: step.step,
                    back: step.back,
                },
            )?;
            return Err(error.into());
        }
        context.sync_after(&step.files)?;
    }
    if !context.global.quiet {
        let mut out = Out::new();
        out.line(&applied.summary)?;
        out.done()?;
    }
    Ok(())
}

fn apply(context: &Context, edit: Edit) -> Result<Applied> {
    let applied = context.writer()?.apply_now(edit)?;
    match applied.error {
        Some(error) => bail!("{error}"),
        None => Ok(applied),
    }
}
