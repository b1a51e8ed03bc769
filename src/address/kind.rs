//! What stands at an address, as far as the address tells.

use super::rules::{Rows, Rules};
use url::Url;

macro_rules! kinds {
    ($($kind:ident $name:literal $label:literal,)+) => {
        /// What stands at an address, as far as the address itself tells. One table of rows holds the
        /// name used in JSON and the label on the screen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
        pub enum Kind {
            $(#[doc = $label] $kind,)+
            /// Anything else.
            #[default]
            Article,
        }

        impl Kind {
            /// Every kind there is, in the order of the table.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)+ Kind::Article];

            /// The name used in JSON and in the database.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $name,)+
                    Kind::Article => "article",
                }
            }

            /// The words for the screen.
            pub fn label(self) -> &'static str {
                match self {
                    $(Kind::$kind => $label,)+
                    Kind::Article => "article",
                }
            }
        }
    };
}

kinds! {
    Paper "paper" "paper",
    Code "code" "code",
    Docs "docs" "manual",
    Filing "filing" "filing",
    Advisory "advisory" "advisory",
    Release "release" "release notes",
    Press "press" "press release",
    Company "company" "company's own",
    News "news" "news",
    Primary "primary" "official",
    Video "video" "video",
    Audio "audio" "audio",
    Social "social" "social post",
    Discussion "discussion" "discussion",
    Pdf "pdf" "PDF",
    Encyclopaedia "encyclopaedia" "encyclopaedia",
    Shop "shop" "shop",
}

impl Kind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// The kind of an address: by its key, then by its host, then by the words of host and path.
pub(super) fn kind(rules: &Rules, rows: &Rows<'_>, display: &Url, key: &str) -> Kind {
    if let Some((_, kind)) = rules
        .kind_keys
        .iter()
        .find(|(start, _)| key.starts_with(&**start))
    {
        return *kind;
    }
    let path = display.path();
    for row in rows.iter() {
        for place in &row.kinds {
            let row = &rules.kinds[*place];
            if row
                .path
                .as_ref()
                .is_none_or(|path_is| path_is.regex().is_match(path))
            {
                return row.kind;
            }
        }
    }
    let host = display.host_str().unwrap_or_default();
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let end = path.rsplit('/').next().unwrap_or_default();
    if end.contains('.') {
        let end = end.to_ascii_lowercase();
        if let Some((_, kind)) = rules
            .kind_ends
            .iter()
            .find(|(ending, _)| end.ends_with(&**ending))
        {
            return *kind;
        }
    }
    if let Some((label, rest)) = bare.split_once('.')
        && rest.contains('.')
        && let Some(kind) = rules.kind_labels.get(label)
    {
        return *kind;
    }
    if let Some(kind) = super::rules::suffixes(host)
        .skip(1)
        .find_map(|suffix| rules.kind_suffixes.get(suffix))
    {
        return *kind;
    }
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let found = if segment.bytes().any(|byte| byte.is_ascii_uppercase()) {
            rules
                .kind_segments
                .get(segment.to_ascii_lowercase().as_str())
        } else {
            rules.kind_segments.get(segment)
        };
        if let Some(kind) = found {
            return *kind;
        }
    }
    Kind::Article
}

#[cfg(test)]
mod tests {
    use crate::address::{Found, Kind, clean};

    #[track_caller]
    fn check(input: &str, kind: &str) {
        assert_eq!(
            clean(input, Found::default()).map(|address| address.kind.name()),
            Ok(kind),
            "{input}"
        );
    }

    #[test]
    fn names_go_there_and_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(*kind));
            assert!(!kind.label().is_empty());
        }
        assert_eq!(Kind::from_name("media"), None);
    }

    #[test]
    fn the_address_tells_what_stands_there() {
        check("https://arxiv.org/abs/2311.09394", "paper");
        check("https://github.com/owner/repo", "code");
        check("https://github.com/owner/repo/issues/4", "discussion");
        check("https://github.com/owner/repo/releases/tag/v1", "release");
        check("https://docs.example.org/guide", "docs");
        check("https://www.rfc-editor.org/rfc/rfc9110", "docs");
        check("https://www.sec.gov/Archives/edgar/data/1/x.htm", "filing");
        check("https://nvd.nist.gov/vuln/detail/CVE-2024-3094", "advisory");
        check("https://example.com/CHANGELOG.md", "release");
        check("https://www.prnewswire.com/news-releases/x-1.html", "press");
        check("https://investors.example.com/q3", "press");
        check("https://openai.com/index/x", "company");
        check("https://www.nytimes.com/2024/01/02/t/x.html", "news");
        check("https://www.energy.gov/x", "primary");
        check("https://youtu.be/dQw4w9WgXcQ", "video");
        check("https://example.com/a.mp3", "audio");
        check("https://x.com/user/status/1234567", "social");
        check("https://news.ycombinator.com/item?id=1", "discussion");
        check("https://example.com/a.PDF", "pdf");
        check("https://nl.wikipedia.org/wiki/RSS", "encyclopaedia");
        check("https://www.amazon.de/dp/B000000000", "shop");
        check("https://example.com/2024/x", "article");
        check("https://docs.com/x", "article");
    }
}
