//! A list of feeds, in no format.

use super::url::FeedUrl;

/// One feed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub url: FeedUrl,
    pub title: Option<String>,
    pub site_url: Option<String>,
    /// Folders become `a/b`.
    pub tags: Vec<String>,
    /// Line in the file, from 1; 0 where there is none.
    pub line: usize,
}

/// A list as read: what could be read, and a sentence for each line that could not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    pub title: Option<String>,
    pub feeds: Vec<Listed>,
    /// `line: what is wrong and what would be right`.
    pub problems: Vec<(usize, String)>,
}

/// Reads OPML, a newsboat `urls` file or plain addresses, whichever it is.
pub fn read(_bytes: &[u8]) -> List {
    todo!()
}

/// Writes a newsboat `urls` file.
pub fn write_urls(_feeds: &[Listed]) -> String {
    todo!()
}
