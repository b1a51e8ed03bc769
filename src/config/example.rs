//! What is made from the table: the example config, docs/CONFIG.md, `config show`.

use super::load::Loaded;
use super::table::{FEED_SETTINGS, SETTINGS};
use crate::tui::action::{ACTIONS, Group};
use std::fmt::Write as _;

const WIDTH: usize = 100;

/// `config.example.toml`: every setting, commented out, with its meaning and default.
pub fn example() -> String {
    let mut text = String::from(
        "# bron's settings. Every line that begins with # and a name shows a default: take the # away to change it.\n\
         # `bron config check` reads this file and tells all mistakes at once.\n\n\
         # Lists of feeds beside this file: OPML, a newsboat urls file, plain addresses, or TOML with [[feeds]].\n\
         # lists = [\"feeds.opml\", \"urls\"]\n",
    );
    let mut group = "";
    for row in SETTINGS {
        if row.group != group {
            group = row.group;
            let _ = write!(text, "\n## {group}\n");
        }
        let _ = write!(
            text,
            "\n{}# {} = {}\n",
            comment(&format!(
                "{}: {}",
                sentence(&row.says()),
                row.setting.wants()
            )),
            row.name,
            row.default
        );
    }
    text.push_str(
        "\n## Rules\n\n# What is done with entries when they arrive: query in the search language, do out of mark-read, star, later, tag:x,\n\
         # hide and notify. `bron rules check` says what each would have met.\n# [[rules]]\n# query = \"title:sponsored or title:webinar\"\n# do = [\"mark-read\"]\n",
    );
    text.push_str(
        "\n## Hooks\n\n# Programs of your own. Each word is an argument, no shell reads it; JSON comes on standard input.\n# [hooks]\n\
         # after_refresh = [\"my-status\", \"{new}\"]\n# [[hooks.on_new]]\n# query = \"feed:lwn\"\n# command = [\"my-mailer\"]\n\
         # [[hooks.open]]\n# type = \"audio/*\"\n# command = [\"mpv\"]\n",
    );
    text.push_str(
        "\n## Keys\n\n# A sequence and what it does; `?` in the reader shows the names. Several actions in a list; false for none.\n\
         # With preset, newsboat's keys take the place of vim's.\n# [keys]\n# preset = \"newsboat\"\n# \"g u\" = \"go-unread\"\n\
         \n## Feeds\n\n# As many as there are feeds; only the address is needed. `bron feed add` writes them here.\n# [[feeds]]\n# url = \"https://example.org/feed.xml\"\n",
    );
    for row in FEED_SETTINGS.iter().filter(|row| row.name != "url") {
        let _ = writeln!(text, "# {} = {}  # {}", row.name, row.default, row.text);
    }
    text
}

/// docs/CONFIG.md.
pub fn manual() -> String {
    let mut text = String::from(
        "# Settings\n\n\
         `bron config path` says where the config file is, `bron config init` writes one with every setting in it, `bron config check`\n\
         tells all mistakes at once, `bron config show` prints what is in force. A file is not needed: every default holds without one.\n\
         The file is read anew when it changes, while the reader is open. This page is made from the table of settings.\n",
    );
    let mut group = "";
    for row in SETTINGS {
        if row.group != group {
            group = row.group;
            let _ = write!(
                text,
                "\n## {group}\n\n| setting | default | wants | |\n|---|---|---|---|\n"
            );
        }
        let _ = writeln!(
            text,
            "| `{}` | `{}` | {} | {} |",
            row.name,
            row.default,
            row.setting.wants(),
            row.says()
        );
    }
    text.push_str(
        "\n## Lists of feeds\n\n\
         `lists = [\"feeds.opml\", \"urls\"]` names files beside the config file (or by whole path, or from `~/`): OPML, a newsboat `urls`\n\
         file, plain addresses, or TOML with `[[feeds]]`. What these files say wins: a feed that is taken out of them is hidden, and\n\
         its starred entries stay. `bron feed add`, `bron feed remove` and the keys of the reader write in these files, in\n\
         their own format; comments and order stay. A line that cannot be read is reported with its number, and the rest counts.\n\n\
         ## Feeds\n\nIn the config file, or in a list file in TOML:\n\n```toml\n[[feeds]]\nurl = \"https://example.org/feed.xml\"\ntags = [\"linux\", \"news/daily\"]\n```\n\n\
         | setting | default | wants | |\n|---|---|---|---|\n",
    );
    for row in FEED_SETTINGS {
        let default = if row.default.is_empty() {
            "must be there".to_owned()
        } else {
            format!("`{}`", row.default)
        };
        let _ = writeln!(
            text,
            "| `{}` | {default} | {} | {} |",
            row.name,
            row.setting.wants(),
            row.text
        );
    }
    text.push_str(
        "\n## Rules\n\nWhat is done with an entry when it arrives:\n\n```toml\n[[rules]]\nquery = \"title:sponsored or title:webinar\"\ndo = [\"mark-read\"]\n\n\
         [[rules]]\nquery = \"feed:lwn source:kernel.org\"\ndo = [\"star\", \"tag:kernel\", \"notify\"]\n```\n\n\
         `query` is the language of the search prompt. `do` is one or several of `mark-read`, `star`, `later`, `tag:x`, `hide` (read, and in no\n\
         list; `is:hidden` finds it) and `notify` (said in the reader and by the terminal; by `bron refresh` on standard error, or by `notify_command`). Words of the text and what an article cites are\n\
         known some moments after its arrival: a rule that asks for them acts then. `bron rules check` says what each rule would have\n\
         met, without doing it.\n",
    );
    text.push_str(
        "\n## Hooks\n\nPrograms of your own. Each word is one argument, and no shell reads it; quotes hold words together where a command is\n\
         written as one text.\n\n```toml\n[hooks]\nafter_refresh = [\"my-status\", \"{new}\", \"{failed}\"]\n\n\
         [[hooks.on_new]]\nquery = \"feed:lwn\"\ncommand = [\"my-mailer\", \"{new} new\"]\n\n\
         [[hooks.open]]\naddress = \"youtube.com/watch*\"\ncommand = [\"mpv\", \"--\", \"%s\"]\n\n\
         [[hooks.open]]\ntype = \"audio/*\"\ncommand = [\"mpv\"]\n```\n\n\
         | hook | runs | gets |\n|---|---|---|\n\
         | `after_refresh` | after a round of visits, in the reader and by `bron refresh` | one object: `feeds`, `failed`, `new` |\n\
         | `on_new` | once for a round that brought entries which match `query` | a line of JSON for each, with keys as of `bron list --json` |\n\
         | `open` | in place of the browser; the first that fits `address` (host and path, `*` for anything) and `type` (of enclosures) | the address, for `%s` or at the end |\n\n\
         `{new}`, `{feeds}` and `{failed}` stand for numbers. A hook has a minute; what it prints is not shown.\n",
    );
    text.push_str(
        "\n## Keys\n\n```toml\n[keys]\npreset = \"newsboat\"   # in place of vim's\n\"g u\" = \"go-unread\"   # a sequence and its action\nx = false              # nothing\n```\n\nThe names of actions are in [KEYS.md](KEYS.md) and in the help of the reader (`?`).\n",
    );
    text
}

/// docs/KEYS.md: every action with its name and its keys in both presets.
pub fn keys() -> String {
    let mut text = String::from(
        "# Keys\n\nMade from the table of actions. The names are those of `[keys]` in the config file and of the palette (`:`).\n",
    );
    for group in Group::ALL {
        let _ = write!(
            text,
            "\n## {}\n\n| keys | newsboat's | name | |\n|---|---|---|---|\n",
            group.title()
        );
        for row in ACTIONS.iter().filter(|row| row.group == group) {
            let _ = writeln!(
                text,
                "| {} | {} | `{}` | {} |",
                sequences(row.vim),
                sequences(row.newsboat),
                row.name,
                row.help
            );
        }
    }
    text
}

fn sequences(sequences: &[&str]) -> String {
    let quoted: Vec<String> = sequences
        .iter()
        .map(|keys| match *keys {
            // A code span of Markdown cannot hold these as they stand.
            "`" => "`` ` ``".to_owned(),
            keys => format!("`{}`", keys.replace('|', "\\|")),
        })
        .collect();
    quoted.join(" ")
}

/// All settings in force, as TOML; a comment says where each comes from.
pub fn in_force(loaded: &Loaded, file: &str) -> String {
    let mut text = String::new();
    let mut group = "";
    for row in SETTINGS {
        if row.group != group {
            let _ = writeln!(
                text,
                "{}# {}",
                if group.is_empty() { "" } else { "\n" },
                row.group
            );
            group = row.group;
        }
        let _ = match loaded.said.get(row.name) {
            Some((value, line)) => writeln!(text, "{} = {value}  # {file}:{line}", row.name),
            None => writeln!(text, "{} = {}", row.name, row.default),
        };
    }
    text
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Wrapped comment lines.
fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("#");
    for word in text.split(' ') {
        if line.chars().count() + word.chars().count() + 1 > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::example;
    use crate::config::load::read;
    use std::path::Path;

    #[test]
    fn the_example_says_nothing_but_the_defaults() {
        let loaded = read(&example(), Path::new("config.toml"));
        assert!(loaded.said.is_empty() && loaded.mistakes.is_empty() && loaded.feeds.is_empty());
    }

    #[test]
    fn the_example_holds_when_every_line_counts() {
        let uncommented: String = example()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(setting)
                    if setting.split_once(" = ").is_some_and(|(name, _)| {
                        !name.trim_matches('"').contains(' ') || name.starts_with('"')
                    }) =>
                {
                    format!("{setting}\n")
                }
                Some(table) if table.starts_with('[') => format!("{table}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let loaded = read(&uncommented, Path::new("config.toml"));
        assert_eq!(loaded.mistakes, []);
        assert_eq!(loaded.feeds.len(), 1);
        assert_eq!(loaded.said.len(), crate::config::table::SETTINGS.len());
    }
}
