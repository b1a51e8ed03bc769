//! Web addresses: what to show, what to compare, what kind of thing stands there.
//!
//! - Three forms: [`Address::url`] is what the author wrote, [`Address::display`] is shown, copied
//!   and opened, [`Address::key`] compares and is never opened.
//! - Nothing but `http` and `https` comes out of here.
//! - No network: what a shortener hides stays hidden until somebody visits it.

use std::net::IpAddr;
use url::Url;

/// What stands at an address, as far as the address itself tells. One table of rows holds the
/// name used in JSON and the label on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    Paper,
    Code,
    Docs,
    Filing,
    Advisory,
    Release,
    Press,
    Company,
    News,
    Primary,
    Video,
    Audio,
    Social,
    Discussion,
    Pdf,
    Encyclopaedia,
    Shop,
    #[default]
    Article,
}

impl Kind {
    /// The name used in JSON and in the database.
    pub fn name(self) -> &'static str {
        todo!()
    }

    /// The kind of that name.
    pub fn from_name(_name: &str) -> Option<Kind> {
        todo!()
    }
}

/// Where an address was found. Both are optional; they decide relative addresses and by-value rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found<'a> {
    /// The page that the address stood on.
    pub base: Option<&'a Url>,
    /// The feed that the page came in.
    pub feed: Option<&'a Url>,
}

/// An address, cleaned.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// As the author wrote it, made absolute.
    pub url: Url,
    /// Shown, copied and opened.
    pub display: Url,
    /// Compares equal for the same thing; never opened.
    pub key: String,
    /// What stands there.
    pub kind: Kind,
    /// Names of the parameters that were taken away, in order.
    pub removed: Vec<String>,
    /// The wrappers that were taken off, outermost first.
    pub unwrapped_from: Vec<String>,
    /// An affiliate wrapper or tag was seen.
    pub affiliate: bool,
    /// A shortener: only a visit tells where it leads.
    pub short: bool,
    /// `url` is an archive's copy of `display`.
    pub archived: bool,
    /// The host mixes scripts or looks like another, or the address carried a user name: show punycode and a mark.
    pub warned: bool,
}

/// Why a text is no web address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// Not parseable, even against the base.
    #[error("not an address: {0}")]
    Unreadable(String),
    /// Another scheme than http or https.
    #[error("{0}: is not a web address")]
    Scheme(String),
}

/// Cleans an address by the bundled rules.
pub fn clean(_text: &str, _found: Found<'_>) -> Result<Address, NotAnAddress> {
    todo!()
}

/// The registrable domain of a host (`bbc.co.uk` of `www.bbc.co.uk`), or the host itself.
pub fn site(_url: &Url) -> String {
    todo!()
}

/// Whether an IP address is one of the public internet (linked sources, section 9: what is refused).
pub fn is_public(_address: IpAddr) -> bool {
    todo!()
}
