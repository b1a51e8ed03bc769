//! `bron url`: how an address is cleaned.

use super::args::UrlArgs;
use super::print::Out;
use super::target::web_address;
use crate::address::{self, Found, NotAnAddress};
use crate::text::SafeText;
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Row<'a> {
    input: &'a str,
    display_url: &'a str,
    /// Absent where the address is none of the web: it compares with nothing.
    key: Option<&'a str>,
    kind: Option<&'a str>,
    removed: &'a [String],
    unwrapped_from: &'a [String],
}

/// Prints each address; the first that is none ends the call.
pub fn run(args: &UrlArgs) -> Result<()> {
    let base = args.base_url.as_deref().map(web_address).transpose()?;
    let feed = args.feed_url.as_deref().map(web_address).transpose()?;
    let mut out = Out::new();
    for input in &args.urls {
        let found = Found {
            base: base.as_ref(),
            feed: feed.as_ref(),
        };
        let address = match address::clean(input, found) {
            Ok(address) => address,
            // Other schemes are left as they are; nothing is known of them.
            Err(NotAnAddress::Scheme(_)) => {
                other_scheme(input, args.json, &mut out)?;
                continue;
            }
            Err(unreadable) => return Err(unreadable.into()),
        };
        if args.json {
            out.json(&Row {
                input,
                display_url: address.display.as_str(),
                key: Some(&address.key),
                kind: Some(address.kind.name()),
                removed: &address.removed,
                unwrapped_from: &address.unwrapped_from,
            })?;
            continue;
        }
        out.line(&SafeText::line(address.display.as_str()))?;
        out.line(&format!("  key   {}", SafeText::line(&address.key)))?;
        out.line(&format!("  kind  {}", address.kind.name()))?;
        for (label, what) in [
            ("without", &address.removed),
            ("out of", &address.unwrapped_from),
        ] {
            if !what.is_empty() {
                out.line(&format!("  {label} {}", SafeText::line(&what.join(", "))))?;
            }
        }
        for (said, sentence) in [
            (address.affiliate, "somebody is paid for this link"),
            (
                address.short,
                "a shortener: only a visit tells where it leads",
            ),
            (address.archived, "an archive's copy"),
            (address.warned, "the address may look like another one"),
        ] {
            if said {
                out.line(&format!("  {sentence}"))?;
            }
        }
    }
    Ok(out.done()?)
}

fn other_scheme(input: &str, json: bool, out: &mut Out) -> std::io::Result<()> {
    if json {
        return out.json(&Row {
            input,
            display_url: input.trim(),
            key: None,
            kind: None,
            removed: &[],
            unwrapped_from: &[],
        });
    }
    out.line(&SafeText::line(input))?;
    out.line("  no address of the web")
}
