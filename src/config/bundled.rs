//! The lists of feeds that come with bron. Addresses and titles only; whether one still answers is for the reader to see.

/// A bundled list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundled {
    /// As of its file: `news` is `news.opml`.
    pub name: &'static str,
    pub title: &'static str,
    pub opml: &'static str,
}

impl Bundled {
    /// How many feeds it has.
    pub fn feeds(&self) -> usize {
        self.opml.matches("xmlUrl=").count()
    }
}

macro_rules! bundled {
    ($($name:literal $title:literal,)*) => {
        &[$(Bundled { name: $name, title: $title, opml: include_str!(concat!("../../assets/feeds/", $name, ".opml")) }),*]
    };
}

/// All of them, in the order they are offered.
pub const BUNDLED: &[Bundled] = bundled! {
    "start" "A start",
    "news" "News",
    "aggregators" "Aggregators",
    "linux-and-open-source" "Linux and open source",
    "programming-languages" "Programming languages",
    "engineering-blogs" "Engineering blogs",
    "security" "Security",
    "writers" "Writers",
    "ai-and-research" "AI and research",
    "science-and-fun" "Science and fun",
};

/// The list of that name.
pub fn find(name: &str) -> Option<&'static Bundled> {
    BUNDLED.iter().find(|list| list.name == name)
}

#[cfg(test)]
mod tests {
    use super::BUNDLED;

    #[test]
    fn each_list_has_feeds_and_its_own_title() {
        for list in BUNDLED {
            assert!(list.feeds() > 0, "{}", list.name);
            assert!(
                list.opml
                    .contains(&format!("<title>{}</title>", list.title)),
                "{}",
                list.name
            );
        }
    }
}
