//! `bron later`: an address kept to be read later.

use super::Context;
use super::args::LaterArgs;
use super::print::Out;
use super::target::web_address;
use crate::address::{self, Found};
use crate::news::Edit;
use anyhow::{Result, bail};

/// Keeps each address, cleaned.
pub fn run(args: &LaterArgs, context: &Context) -> Result<()> {
    let mut out = Out::new();
    for url in &args.urls {
        let url = address::clean(web_address(url)?.as_str(), Found::default())?.display;
        let title = args.title.clone().unwrap_or_default();
        let applied = context.writer()?.apply_now(Edit::KeepLater {
            url: url.to_string(),
            title,
        })?;
        if let Some(error) = applied.error {
            bail!("{error}");
        }
        if !context.global.quiet {
            out.line(&applied.summary)?;
        }
    }
    Ok(out.done()?)
}
