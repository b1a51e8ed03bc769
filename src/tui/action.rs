//! What a key asks for, and the one table of it: keymap, help, palette, hints and manual are made from its rows.

/// Where something counts: a set of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places(u8);

impl Places {
    pub const FEEDS: Places = Places(1);
    pub const ENTRIES: Places = Places(2);
    pub const ARTICLE: Places = Places(4);
    pub const SOURCES: Places = Places(8);
    pub const LISTS: Places = Places(3);
    pub const READING: Places = Places(12);
    pub const ENTRY: Places = Places(14);
    pub const EVERYWHERE: Places = Places(15);

    /// Whether one of `other` is among them.
    pub fn has(self, other: Places) -> bool {
        self.0 & other.0 != 0
    }
}

/// The chapters of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Move,
    Open,
    Mark,
    Find,
    Go,
    Copy,
    View,
    Feeds,
    Leave,
}

impl Group {
    /// All, in the order of the help.
    pub const ALL: [Group; 9] = [
        Group::Move,
        Group::Open,
        Group::Mark,
        Group::Find,
        Group::Go,
        Group::Copy,
        Group::View,
        Group::Feeds,
        Group::Leave,
    ];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Group::Move => "Move",
            Group::Open => "Open",
            Group::Mark => "Mark",
            Group::Find => "Find",
            Group::Go => "Go",
            Group::Copy => "Copy",
            Group::View => "View",
            Group::Feeds => "Feeds",
            Group::Leave => "Leave",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub action: Action,
    /// Its name in the config file and on the command palette.
    pub name: &'static str,
    pub places: Places,
    /// Default sequences of the preset `vim`.
    pub vim: &'static [&'static str],
    /// Default sequences of the preset `newsboat`.
    pub newsboat: &'static [&'static str],
    pub group: Group,
    /// One or two words for the hints.
    pub short: &'static str,
    /// A line for the help.
    pub help: &'static str,
}

macro_rules! actions {
    ($($action:ident $name:literal $places:ident $group:ident $vim:tt $newsboat:tt $short:literal $help:literal;)+) => {
        /// What a reader can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $help] $action,)+
        }

        /// The table.
        pub const ACTIONS: &[Row] = &[
            $(Row {
                action: Action::$action,
                name: $name,
                places: Places::$places,
                vim: &$vim,
                newsboat: &$newsboat,
                group: Group::$group,
                short: $short,
                help: $help,
            },)+
        ];
    };
}

#[rustfmt::skip]
actions! {
    Down "down" EVERYWHERE Move ["j", "<down>"] ["j", "<down>"] "down" "next row or line";
    Up "up" EVERYWHERE Move ["k", "<up>"] ["k", "<up>"] "up" "previous row or line";
    Left "left" EVERYWHERE Move ["h", "<left>"] ["h", "<left>"] "left" "the column to the left; in a chain, one step back";
    Right "right" EVERYWHERE Move ["l", "<right>"] ["l", "<right>"] "right" "the column to the right; on a row, read it";
    Top "top" EVERYWHERE Move ["gg", "<home>"] ["gg", "<home>"] "top" "first row or line";
    Bottom "bottom" EVERYWHERE Move ["G", "<end>"] ["G", "<end>"] "bottom" "last row or line; with a count, that row";
    HalfDown "half-page-down" EVERYWHERE Move ["ctrl-d"] ["ctrl-d"] "half page" "half a page down";
    HalfUp "half-page-up" EVERYWHERE Move ["ctrl-u"] ["ctrl-u"] "half page up" "half a page up";
    PageDown "page-down" EVERYWHERE Move ["<pagedown>"] ["<pagedown>"] "page" "a page down";
    PageUp "page-up" EVERYWHERE Move ["<pageup>", "ctrl-b"] ["<pageup>", "ctrl-b"] "page up" "a page up";
    PageOn "page-on" EVERYWHERE Move ["<space>"] ["<space>"] "page on" "a page on; at the end the next unread entry";
    NextEntry "next-entry" EVERYWHERE Move ["J"] ["J"] "next" "next entry, from any column";
    PreviousEntry "previous-entry" EVERYWHERE Move ["K"] ["K"] "previous" "previous entry, from any column";
    NextUnread "next-unread" EVERYWHERE Move ["n"] ["n"] "next unread" "next unread entry; while something is searched in the article, next match";
    PreviousUnread "previous-unread" EVERYWHERE Move ["N"] ["p"] "previous unread" "previous unread entry, or match";
    NextSource "next-source" READING Move ["]"] ["]"] "next source" "next source in the text";
    PreviousSource "previous-source" READING Move ["["] ["["] "previous source" "previous source in the text";
    NextHeading "next-heading" READING Move ["}"] ["}"] "next heading" "next heading";
    PreviousHeading "previous-heading" READING Move ["{"] ["{"] "previous heading" "previous heading";
    NextColumn "next-column" EVERYWHERE Move ["<tab>"] ["<tab>"] "column" "next column";
    PreviousColumn "previous-column" EVERYWHERE Move ["<backtab>"] ["<backtab>"] "column back" "previous column";
    NextFeed "next-feed" EVERYWHERE Move ["gn"] ["gn"] "next feed" "next feed with something unread";
    ShowNew "show-new" EVERYWHERE Move ["."] ["."] "show new" "show what has arrived";

    Open "open" EVERYWHERE Open ["<enter>"] ["<enter>"] "read" "read it here; after a number, read that source";
    Browse "browser" EVERYWHERE Open ["o"] ["o"] "browser" "open in the browser; after a number, that source";
    Labels "labels" READING Open ["f"] ["f"] "labels" "letters on the links in sight; type them to read one here";
    LabelsBrowser "labels-browser" READING Open ["F"] ["F"] "labels, browser" "letters on the links; type them to open one in the browser";
    Back "back" READING Open ["H", "<backspace>"] ["H", "<backspace>"] "back" "one step back in the chain";
    Forward "forward" READING Open ["L"] ["L"] "forward" "one step forward in the chain";
    WholePage "whole-page" ENTRY Open ["x"] ["x"] "whole page" "read the whole page, not only what the feed holds";
    Discussions "discussions" ENTRY Open ["c"] ["c"] "discussions" "the discussions about it, as text here";
    WhoCites "who-cites" ENTRY Open ["w"] ["w"] "who cites it" "who else among your feeds cites this";
    Peek "peek" READING Open ["p"] ["P"] "peek" "card and sentence of the source, without fetching";
    About "about" EVERYWHERE Open ["i"] ["i"] "about" "about this feed, entry or source: where from, what was stripped, why";
    Pager "pager" ENTRY Open ["|"] ["|"] "pager" "the text in your pager";
    Enclosure "enclosure" ENTRY Open ["gm"] ["gm"] "media" "open the attached file: audio, video; several: press again";
    Pipe "pipe" ENTRY Open ["!"] ["!"] "pipe" "give the article's text to a command";
    Save "save" ENTRY Open ["S"] ["s"] "save" "save the article as text, Markdown or HTML, by the file's ending";

    ToggleRead "toggle-read" ENTRY Mark ["m"] ["m"] "read/unread" "mark read or unread";
    Star "star" ENTRY Mark ["*"] ["*"] "star" "star, or take the star away";
    Later "later" ENTRY Mark ["b"] ["e"] "later" "keep for later; on a source, keep that page";
    Tags "tags" ENTRY Mark ["t"] ["T"] "tags" "give or take tags";
    MarkAll "mark-all" LISTS Mark ["A"] ["A"] "all read" "mark everything in this list read (asks above 50)";
    MarkAbove "mark-above" ENTRIES Mark ["M"] ["M"] "above read" "mark everything above read";
    Apart "split-story" ENTRY Mark ["gx"] ["gx"] "split" "this entry does not belong to its story";
    Together "join-story" ENTRY Mark ["gX"] ["gX"] "join" "the entries selected with v tell one story";
    NotASource "not-a-source" READING Mark ["-"] ["-"] "no source" "this site, or what has this role there, is no source: do not list it again";
    Note "note" ENTRY Mark [";"] [";"] "note" "write a note";
    Undo "undo" EVERYWHERE Mark ["u"] ["u"] "undo" "take the last change back";
    Redo "redo" EVERYWHERE Mark ["ctrl-r"] ["ctrl-r"] "redo" "do it again";
    Select "select" ENTRIES Mark ["v"] ["v"] "select" "select several: marks then go to all of them";

    Search "search" EVERYWHERE Find ["/"] ["/"] "search" "search all entries";
    Filter "filter" LISTS Find ["\\"] ["\\"] "filter" "narrow this list";
    SaveView "save-view" EVERYWHERE Find ["V"] ["V"] "keep search" "keep this search as a view";
    FindInArticle "find-in-article" READING Find ["ctrl-f"] ["ctrl-f"] "find" "find words in this article";
    Palette "palette" EVERYWHERE Find [":"] [":"] "all actions" "any action, feed, view or tag by name";
    Tour "tour" EVERYWHERE Find [] [] "tour" "what a newcomer tries in two minutes; again: its next step";
    Welcome "welcome" EVERYWHERE Find [] [] "welcome" "the lists to pick from, as at the first start";
    Help "help" EVERYWHERE Find ["?", "<f1>"] ["?", "<f1>"] "keys" "these keys";

    GoFront "go-front" EVERYWHERE Go ["gf"] ["gf"] "front page" "the front page: what the day was about";
    GoToday "go-today" EVERYWHERE Go ["gt"] ["gt"] "today" "what was published today";
    GoUnread "go-unread" EVERYWHERE Go ["gu"] ["gu"] "unread" "everything unread";
    GoStarred "go-starred" EVERYWHERE Go ["gs"] ["gs"] "starred" "what you starred";
    GoLater "go-later" EVERYWHERE Go ["gl"] ["gl"] "later" "what you keep for later";
    GoSaved "go-saved" EVERYWHERE Go ["gv"] ["gv"] "saved views" "a search that you keep as a view";
    GoAll "go-all" EVERYWHERE Go ["ge"] ["ge"] "all" "all entries";
    GoFeeds "go-feeds" EVERYWHERE Go ["gh"] ["gh"] "feeds" "the feed list";
    GoCited "go-cited" EVERYWHERE Go ["gc"] ["gc"] "most cited" "what most sites cite; a number before it says of how many days, d w m in the list: day, week, month";
    GoBriefing "go-briefing" EVERYWHERE Go ["gd"] ["gd"] "briefing" "the day as a text";
    GoStory "go-story" ENTRY Go ["gw"] ["gw"] "more on this" "who else tells this story";
    GoRelated "go-related" ENTRY Go ["gr"] ["gr"] "related" "what is related to this";
    GoPrimary "go-primary" ENTRY Go ["gp"] ["gp"] "primary source" "the primary source of this article, or of its story";
    GoArchived "go-archived" ENTRY Go ["ga"] ["ga"] "archived copy" "read an archived copy of this page here; asks once where to look for it";
    Statistics "statistics" EVERYWHERE Go ["gS"] ["gS"] "statistics" "what you read, feeds by it, quiet and dead feeds";
    GoSite "go-site" EVERYWHERE Go ["go"] ["go"] "feed's site" "the site of the feed, in the browser";

    CopyAddress "copy-address" EVERYWHERE Copy ["yy"] ["yy"] "address" "copy the clean address";
    CopyMarkdown "copy-markdown" ENTRY Copy ["ym"] ["ym"] "Markdown link" "copy a Markdown link";
    CopyQuote "copy-quote" ENTRY Copy ["yq"] ["yq"] "quote" "copy the paragraph in sight, with its source";
    CopySources "copy-sources" READING Copy ["ys"] ["ys"] "all sources" "copy all sources as a Markdown list";
    CopyJson "copy-json" READING Copy ["yj"] ["yj"] "sources as JSON" "copy all sources as JSON";

    Zen "zen" EVERYWHERE View ["zz"] ["zz"] "only the article" "only the article, or the columns again";
    Panel "panel" EVERYWHERE View ["zs"] ["zs"] "source panel" "show or hide the sources";
    Images "images" EVERYWHERE View ["zi"] ["zi"] "images" "the images of articles, or their captions only";
    Compact "compact" EVERYWHERE View ["zl"] ["zl"] "compact rows" "rows of one line or of two";
    Theme "theme" EVERYWHERE View ["zt"] ["zt"] "theme" "pick a theme";
    Narrower "narrower" EVERYWHERE View ["z<"] ["z<"] "narrower text" "shorter lines of text";
    Wider "wider" EVERYWHERE View ["z>"] ["z>"] "wider text" "longer lines of text";
    Fold "fold" EVERYWHERE View ["za"] ["za"] "fold" "fold or unfold a group";
    Order "order" LISTS View ["zo"] ["zo"] "order" "this list newest first, oldest first, by feed, by title, unread first";
    CodeLeft "code-left" READING View ["<"] ["<"] "code left" "scroll wide code and tables to the left";
    CodeRight "code-right" READING View [">"] [">"] "code right" "scroll wide code and tables to the right";
    CardsAlways "cards-always" READING View ["zc"] ["zc"] "fetch cards" "always fetch what sources in sight say of themselves";
    CardsDemand "cards-on-demand" READING View ["zd"] ["zd"] "cards on demand" "fetch a card only on r";
    CardsNever "cards-never" READING View ["zn"] ["zn"] "no cards" "never fetch cards";

    AddFeed "add-feed" EVERYWHERE Feeds ["a"] ["a"] "add feed" "add a feed: address of a feed or of a page";
    Visit "visit" EVERYWHERE Feeds ["r"] ["r"] "visit" "visit this feed now; on a source, fetch its card";
    VisitAll "visit-all" EVERYWHERE Feeds ["R"] ["R"] "visit all" "visit all feeds now";
    FetchAhead "fetch-ahead" EVERYWHERE Feeds ["X"] ["X"] "fetch ahead" "fetch the pages of this list's entries (or of those selected), and what they cite, for a time without network; again: stop";
    RemoveFeed "remove-feed" LISTS Feeds ["D"] ["D"] "remove feed" "remove this feed (starred entries stay), or let this saved view go";
    EditLists "edit-lists" EVERYWHERE Feeds ["e"] ["E"] "edit feeds" "edit the feed list in $EDITOR";
    Import "import" EVERYWHERE Feeds [] [] "import" "import a list of feeds from a file";

    Cancel "cancel" EVERYWHERE Leave ["<esc>"] ["<esc>"] "close" "close what is open, else one column left";
    Leave "leave" EVERYWHERE Leave ["q"] ["q"] "back" "one column back; at the left end, quit";
    Quit "quit" EVERYWHERE Leave ["Q"] ["Q"] "quit" "quit";
    Interrupt "interrupt" EVERYWHERE Leave ["ctrl-c"] ["ctrl-c"] "cancel" "cancel what is open; twice, quit";
    Suspend "suspend" EVERYWHERE Leave ["ctrl-z"] ["ctrl-z"] "suspend" "stop, and give the shell back";
    Redraw "redraw" EVERYWHERE Leave ["ctrl-l"] ["ctrl-l"] "redraw" "draw the screen anew";
}

impl Action {
    /// Its row.
    pub fn row(self) -> &'static Row {
        &ACTIONS[self as usize]
    }

    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Action> {
        ACTIONS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_actions_and_have_names_of_their_own() {
        for (place, row) in ACTIONS.iter().enumerate() {
            assert_eq!(row.action as usize, place);
            assert_eq!(
                Action::from_name(row.name),
                Some(row.action),
                "{} is there twice",
                row.name
            );
            assert!(
                !row.short.is_empty() && !row.help.is_empty(),
                "{}",
                row.name
            );
        }
    }
}
