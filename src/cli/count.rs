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
        Some(format) => out.line(&SafeText::block(&format.replace("{n}", &count)))?,
        None => out.line(&count)?,
    }
    Ok(out.done()?)
}
