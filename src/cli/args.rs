//! The words of a call: argv to [`Args`]. Names, flags and exit codes are a contract (docs/CLI.md); more may be added.

use crate::text::SafeText;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A terminal news reader that takes you to the source.
///
/// Without a command the reader opens. Everything it can do without a screen is a command, so that cron jobs, scripts and
/// editors use the same code as the screen does.
#[derive(Debug, Parser)]
#[command(
    name = "bron",
    version,
    propagate_version = false,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Examples:\n  bron                          open the reader\n  bron demo                     try it on sample feeds, without a network\n  bron --plain                  read in lines of text, without a screen\n  bron feed add lwn.net         subscribe\n  bron refresh && bron list is:unread --limit 5"
)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Clone, Debug, Default, Arguments)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The config file [env: `BRON_CONFIG`]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where the database is; cache and log go there too [env: `BRON_DATA_DIR`]
    #[arg(long, value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Ask nobody: use what is kept
    #[arg(long, global = true)]
    pub offline: bool,
    /// The reader in lines of plain text, for screen readers, slow lines and logs
    #[arg(long, global = true)]
    pub plain: bool,
    /// Write a log to this file
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Option<PathBuf>,
    /// Say more; twice for still more
    #[arg(short, long, action = clap::ArgAction::Count, global = true, conflicts_with = "quiet")]
    pub verbose: u8,
    /// Say only what was asked for
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, global = true)]
    pub color: When,
}

/// When to do something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The reader on bundled sample feeds: no network, nothing left behind
    #[command(after_help = "Example:\n  bron demo")]
    Demo,
    /// Visit feeds once and leave
    #[command(
        after_help = "Exit code 3: some feeds failed; `bron doctor` lists them.\n\nExamples:\n  bron refresh\n  bron refresh lwn.net --json\n  */30 * * * * bron refresh -q      (cron)"
    )]
    Refresh(RefreshArgs),
    /// List entries that match a query, newest first
    #[command(
        after_help = "Examples:\n  bron list is:unread --limit 10\n  bron list 'title:rust age:<2d' --json"
    )]
    List(ListArgs),
    /// Say how many entries match a query
    #[command(
        after_help = "Examples:\n  bron count is:unread\n  bron count is:unread feedtag:work --format ' %n'"
    )]
    Count(CountArgs),
    /// Print an article
    #[command(
        after_help = "Examples:\n  bron show 4711\n  bron show https://example.org/story --full --format markdown\n  curl -s https://example.org/story | bron show - --full --base-url https://example.org/story"
    )]
    Show(ShowArgs),
    /// List the linked sources of an article
    #[command(
        after_help = "Examples:\n  bron sources 4711\n  bron sources page.html --full --base-url https://example.org/story --json --all"
    )]
    Sources(SourcesArgs),
    /// Mark entries that match a query
    #[command(
        after_help = "Examples:\n  bron mark 'feed:lwn before:2026-01-01' --read\n  bron mark --id 4711 --star --tag to-quote"
    )]
    Mark(MarkArgs),
    /// Print the stories: entries grouped by what they are about
    #[command(after_help = "Examples:\n  bron stories\n  bron stories --since 7d --json")]
    Stories(StoriesArgs),
    /// Print a briefing: stories, sources, rare voices
    #[command(
        after_help = "Examples:\n  bron digest\n  bron digest --since 7d --query feedtag:work --format markdown\n  30 6 * * * bron refresh -q; bron digest --format html > ~/briefing.html      (cron)\n\nAs a systemd timer: a bron-digest.service with ExecStart=/bin/sh -c 'bron refresh -q; bron digest --format html > ~/briefing.html'\nand a bron-digest.timer with OnCalendar=06:30; systemctl --user enable --now bron-digest.timer"
    )]
    Digest(DigestArgs),
    /// Print what most sites cite, or who cites an address
    #[command(
        after_help = "Examples:\n  bron cited --since 7d --json\n  bron cited https://example.org/report.pdf"
    )]
    Cited(CitedArgs),
    /// Keep an address to be read later
    #[command(after_help = "Example:\n  bron later https://example.org/long-read")]
    Later(LaterArgs),
    /// Subscribe, list, look at feeds
    #[command(
        subcommand,
        after_help = "Examples:\n  bron feed add https://lwn.net --tag linux\n  bron feed check feed.xml"
    )]
    Feed(FeedCommand),
    /// Subscribe to the feeds of a list: OPML, a newsboat urls file, or plain addresses
    #[command(
        after_help = "Writes a list beside the config file and names it there.\n\nExamples:\n  bron import feeds.opml\n  bron import ~/.newsboat/urls"
    )]
    Import(ImportArgs),
    /// Take back what the command line changed last: marks, tags, lists of feeds
    #[command(
        after_help = "Again and again, it goes further back. A list is put back letter for letter; where it was changed since at another place, that\nstays. What the reader changed is taken back there, with `u`.\n\nExample:\n  bron feed remove lwn.net && bron undo"
    )]
    Undo,
    /// Do again what `undo` took back last
    #[command(after_help = "Example:\n  bron undo && bron redo")]
    Redo,
    /// Print the list of feeds
    #[command(
        after_help = "Examples:\n  bron export > feeds.opml\n  bron export --format json --marks > everything.ndjson"
    )]
    Export(ExportArgs),
    /// Show how an address is cleaned
    #[command(after_help = "Example:\n  bron url 'https://example.org/a?utm_source=x' --json")]
    Url(UrlArgs),
    /// Settings: where they are, write, check, print them
    #[command(
        subcommand,
        after_help = "Examples:\n  bron config init\n  bron config check"
    )]
    Config(ConfigCommand),
    /// What you read: feeds by it, quiet and dead feeds, hours of the day
    #[command(after_help = "Examples:\n  bron stats\n  bron stats --days 365 --json")]
    Stats(StatsArgs),
    /// Rules for entries that arrive: say what they would do
    #[command(subcommand, after_help = "Example:\n  bron rules check")]
    Rules(RulesCommand),
    /// Terminal abilities, paths, database check, last errors of feeds
    #[command(
        after_help = "Holds no secrets; fit to be pasted in a bug report.\n\nExample:\n  bron doctor"
    )]
    Doctor,
    /// Copy the database to a file, while it is in use
    #[command(after_help = "Example:\n  bron backup ~/bron-backup.db")]
    Backup(BackupArgs),
    /// Put a backup in the place of the database; the old one is kept beside it
    #[command(after_help = "Example:\n  bron restore ~/bron-backup.db")]
    Restore(BackupArgs),
    /// Save what can be read of a damaged database into a new one; the old one is kept beside it
    #[command(after_help = "Example:\n  bron salvage")]
    Salvage,
    /// Print shell completions
    #[command(
        after_help = "Example:\n  bron completions bash > ~/.local/share/bash-completion/completions/bron"
    )]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = "Example:\n  bron man | man -l -")]
    Man,
}

/// `refresh`
#[derive(Debug, Arguments)]
pub struct RefreshArgs {
    /// Only these: ids, addresses or titles
    #[arg(value_name = "FEED")]
    pub feeds: Vec<String>,
    /// One JSON object a feed, and a summary
    #[arg(long)]
    pub json: bool,
    /// Then fetch the whole pages of entries, and of what they cite, to be read without network
    #[arg(long)]
    pub full_text: bool,
    /// With --full-text: the pages of entries that match, instead of all unread ones
    #[arg(long, value_name = "QUERY", requires = "full_text")]
    pub pages_of: Option<String>,
    /// With --full-text: so many sources of each entry too, the strongest first; 0: none
    #[arg(long, value_name = "N", default_value_t = 3, requires = "full_text")]
    pub sources_of_each: usize,
    /// With --full-text: at most so many pages
    #[arg(long, value_name = "N", default_value_t = 200, requires = "full_text")]
    pub pages_at_most: usize,
    /// With --full-text: stop when the articles fetched make so many megabytes
    #[arg(long, value_name = "N", default_value_t = 50, requires = "full_text")]
    pub megabytes_at_most: usize,
}

/// `list`
#[derive(Debug, Arguments)]
pub struct ListArgs {
    /// The query language of the search prompt; all entries without
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// At most so many
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `count`
#[derive(Debug, Arguments)]
pub struct CountArgs {
    /// The query language of the search prompt; all entries without
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// A text in which `%n` is the number, for status bars
    #[arg(long, value_name = "TEXT")]
    pub format: Option<String>,
}

/// What `show` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Ansi,
    Markdown,
    Html,
    Json,
}

/// `show`
#[derive(Debug, Arguments)]
pub struct ShowArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// What to print; `ansi` on a terminal, else `text`
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ShowFormat>,
    /// Columns of text; of the terminal, at most 80, without. `text` is not wrapped without
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(10..=1000))]
    pub width: Option<u16>,
}

/// A thing to look at.
#[derive(Debug, Arguments)]
pub struct TargetArgs {
    /// An entry's id, an address, a file, or `-` for standard input
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Take it for a whole web page and extract the article
    #[arg(long)]
    pub full: bool,
    /// Where a file came from
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
}

/// What `sources` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SourcesFormat {
    Text,
    Markdown,
    Json,
    Bibtex,
}

/// `sources`
#[derive(Debug, Arguments)]
pub struct SourcesArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// One JSON object a line
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<SourcesFormat>,
    /// Also the links that were left out, and why
    #[arg(long)]
    pub all: bool,
}

/// `mark`
#[derive(Debug, Arguments)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["read", "unread", "star", "unstar", "later", "not_later", "tag", "untag"])))]
pub struct MarkArgs {
    /// The query language of the search prompt
    #[arg(value_name = "QUERY", required_unless_present = "id")]
    pub query: Vec<String>,
    /// These entries, in place of a query
    #[arg(long, value_name = "ID", conflicts_with = "query")]
    pub id: Vec<i64>,
    #[arg(long, conflicts_with = "unread", help = "Mark read")]
    pub read: bool,
    #[arg(long, help = "Mark unread")]
    pub unread: bool,
    #[arg(long, conflicts_with = "unstar", help = "Put a star on")]
    pub star: bool,
    #[arg(long, help = "Take the star off")]
    pub unstar: bool,
    #[arg(long, conflicts_with = "not_later", help = "Keep for later")]
    pub later: bool,
    #[arg(long, help = "No longer keep for later")]
    pub not_later: bool,
    #[arg(long, value_name = "TAG", value_parser = tag, help = "Add a tag")]
    pub tag: Vec<String>,
    #[arg(long, value_name = "TAG", value_parser = tag, help = "Take a tag off")]
    pub untag: Vec<String>,
}

/// `stories`
#[derive(Debug, Arguments)]
pub struct StoriesArgs {
    /// How far back: `24h`, `7d`, `2w`
    #[arg(long, value_name = "AGE", default_value = "24h", value_parser = age)]
    pub since: TimeDelta,
    /// Back from then, not from now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// At most so many
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Stories of the headlines in a table, not of the store
    #[arg(long, value_name = "FILE", hide = true)]
    pub from_tsv: Option<PathBuf>,
}

/// `cited`
#[derive(Debug, Arguments)]
pub struct CitedArgs {
    /// Who cites this, in place of what is cited most
    #[arg(value_name = "URL")]
    pub address: Option<String>,
    /// How far back: `24h`, `7d`, `2w`
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = age)]
    pub since: TimeDelta,
    /// Back from then, not from now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// At most so many
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// What `digest` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DigestFormat {
    #[default]
    Text,
    Markdown,
    Html,
}

/// `digest`
#[derive(Debug, Arguments)]
pub struct DigestArgs {
    /// How far back: `24h`, `7d`, `2w`
    #[arg(long, value_name = "AGE", default_value = "24h", value_parser = age)]
    pub since: TimeDelta,
    /// Back from then, not from now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// Only stories with an entry that matches; the query language of the search prompt
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,
    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: DigestFormat,
    /// At most so many stories
    #[arg(long, short = 'n', value_name = "N", default_value_t = 15)]
    pub limit: usize,
    /// Mark what is in it read
    #[arg(long)]
    pub mark_read: bool,
}

/// A tag, as it is kept.
fn tag(text: &str) -> Result<String, String> {
    let kept = SafeText::line(text).into_string();
    if kept.is_empty() {
        Err("a tag needs a name".into())
    } else if kept == text.trim() {
        Ok(kept)
    } else {
        Err("a tag is a line of text without control characters".into())
    }
}

/// An age: a number and `m`, `h`, `d` or `w`.
fn age(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("{text} is no age; 24h, 7d and 2w are");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: i64 = text[..text.len() - unit.len_utf8()]
        .parse()
        .ok()
        .filter(|number| (1..100_000).contains(number))
        .ok_or_else(wrong)?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        'w' => 7 * 24 * 60,
        _ => return Err(wrong()),
    };
    Ok(TimeDelta::minutes(number * minutes))
}

/// A moment: RFC 3339, or a day.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    text.parse::<NaiveDate>()
        .map(|day| (day + Days::new(1)).and_time(NaiveTime::MIN).and_utc())
        .map_err(|_| format!("{text} is no time; 2026-01-31 and 2026-01-31T08:00:00Z are"))
}

/// `later`
#[derive(Debug, Arguments)]
pub struct LaterArgs {
    #[arg(value_name = "URL", required = true, help = "Addresses of web pages")]
    pub urls: Vec<String>,
    /// What to call it
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
}

/// `feed …`
#[derive(Debug, Subcommand)]
pub enum FeedCommand {
    /// Subscribe; a web page's address is enough, its feed is found
    #[command(
        after_help = "Examples:\n  bron feed add https://lwn.net --tag linux\n  bron feed add https://example.org/feed.xml --title Example"
    )]
    Add(FeedAddArgs),
    /// List the feeds
    #[command(after_help = "Example:\n  bron feed list --json")]
    List(FeedListArgs),
    /// Unsubscribe: takes the feed out of its list file; starred entries stay
    #[command(after_help = "Example:\n  bron feed remove lwn.net")]
    Remove(FeedRemoveArgs),
    /// Find the feeds that a web page names
    #[command(
        after_help = "Examples:\n  bron feed discover https://example.org\n  bron feed discover page.html --base-url https://example.org/ --json"
    )]
    Discover(FeedDiscoverArgs),
    /// Read a feed and say what is in it, and what had to be mended
    #[command(
        after_help = "Examples:\n  bron feed check https://example.org/feed.xml\n  bron feed check feed.xml --json"
    )]
    Check(FeedCheckArgs),
}

/// `feed add`
#[derive(Debug, Arguments)]
pub struct FeedAddArgs {
    #[arg(
        value_name = "URL",
        required = true,
        help = "Addresses of feeds, or of pages that name a feed"
    )]
    pub urls: Vec<String>,
    /// Groups it stands in; `a/b` is a group within a group
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// What to call it, in place of its own title
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `feed list`
#[derive(Debug, Arguments)]
pub struct FeedListArgs {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `feed remove`
#[derive(Debug, Arguments)]
pub struct FeedRemoveArgs {
    #[arg(
        value_name = "FEED",
        required = true,
        help = "Ids, addresses or titles of feeds"
    )]
    pub feeds: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `feed discover`
#[derive(Debug, Arguments)]
pub struct FeedDiscoverArgs {
    #[arg(
        value_name = "URL",
        help = "A page's address, a file, or `-` for standard input"
    )]
    pub target: String,
    /// Where a file came from
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `feed check`
#[derive(Debug, Arguments)]
pub struct FeedCheckArgs {
    #[arg(
        value_name = "TARGET",
        help = "A feed's address or id, a file, or `-` for standard input"
    )]
    pub target: String,
    /// Where a file came from
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `import`
#[derive(Debug, Arguments)]
pub struct ImportArgs {
    #[arg(
        value_name = "FILE",
        help = "OPML, a newsboat urls file, plain addresses, or `-` for standard input"
    )]
    pub file: PathBuf,
}

/// What `export` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    #[default]
    Opml,
    Json,
    Urls,
}

/// `export`
#[derive(Debug, Arguments)]
pub struct ExportArgs {
    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ExportFormat::Opml)]
    pub format: ExportFormat,
    /// With `--format json`: also the entries that carry a star, a tag, a note or are kept for later
    #[arg(long)]
    pub marks: bool,
}

/// `url`
#[derive(Debug, Arguments)]
pub struct UrlArgs {
    #[arg(value_name = "URL", required = true, help = "Addresses")]
    pub urls: Vec<String>,
    /// The page that the address stood on
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// The feed that it came in
    #[arg(long, value_name = "URL")]
    pub feed_url: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say where the config file is
    #[command(after_help = "Example:\n  $EDITOR \"$(bron config path)\"")]
    Path,
    /// Write a config file with every setting and its meaning; never over one that is there
    #[command(after_help = "Example:\n  bron config init")]
    Init,
    /// Check the config file and the lists it names: all mistakes at once, each with its line
    #[command(after_help = "Example:\n  bron config check && bron refresh")]
    Check,
    /// Print all settings in force
    #[command(after_help = "Example:\n  bron config show")]
    Show,
}

/// `stats`
#[derive(Debug, Arguments)]
pub struct StatsArgs {
    /// How many days, today among them
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub days: u32,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `rules …`
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Say which entries each rule would have met, without doing anything
    #[command(after_help = "Example:\n  bron rules check --json")]
    Check(RulesCheckArgs),
}

/// `rules check`
#[derive(Debug, Arguments)]
pub struct RulesCheckArgs {
    /// One JSON object a rule
    #[arg(long)]
    pub json: bool,
}

/// `backup`, `restore`
#[derive(Debug, Arguments)]
pub struct BackupArgs {
    #[arg(value_name = "FILE", help = "The backup")]
    pub file: PathBuf,
}

/// `completions`
#[derive(Debug, Arguments)]
pub struct CompletionsArgs {
    #[arg(value_enum, value_name = "SHELL", help = "The shell")]
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory;

    #[test]
    fn the_words_of_the_call_hang_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        fn walk(command: &clap::Command) {
            for sub in command.get_subcommands() {
                let help = sub
                    .get_after_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!(help.contains("bron "), "{} has no example", sub.get_name());
                walk(sub);
            }
        }
        walk(&Args::command());
    }
}
