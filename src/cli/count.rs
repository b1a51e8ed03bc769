//! `bron count`: how many entries match.

use super::args::CountArgs;
use super::print::Out;
use super::{Context, list};
use crate::text::SafeText;
use anyhow::Result;

/// Prints one number, or the text that holds it.
pub fn run(args: &CountArgs, context: &Context) -> Result<()> {
    let query = list::query(&args.query, context)?;
    let count = context.reader()?.count(&query)?.to_string();
    let mut out = Out::new();
    match &args.format {
        // The help cannot name the second: its library takes those braces for a line's end.
        Some(format) => {
            let text = format.replace("%n", &count).replace("{n}", &count);
            out.line(&SafeText::block(&text))?;
        }
        None => out.line(&count)?,
    }
    Ok(out.done()?)
}
