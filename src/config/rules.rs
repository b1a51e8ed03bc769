//! `[[rules]]` of the config file: what is done with entries when they arrive.

use super::mistake::{Mistakes, line_of, no_such};
use crate::news::{Deed, Rule};
use crate::query;
use chrono::DateTime;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// More rules than anybody writes; each is asked about every new entry.
const MOST: usize = 200;

/// Reads the rules; one with a mistake is left out, the others count. `file`: the file's name.
pub fn read(
    value: &Spanned<DeValue<'_>>,
    text: &str,
    file: &str,
    mistakes: &mut Mistakes<'_>,
) -> Vec<Rule> {
    let Some(items) = value.get_ref().as_array() else {
        mistakes.at(
            value.span().start,
            "rules are written as [[rules]], one after the other",
        );
        return Vec::new();
    };
    if items.len() > MOST {
        mistakes.at(
            value.span().start,
            format!("only the first {MOST} rules count"),
        );
    }
    items
        .iter()
        .take(MOST)
        .filter_map(|item| {
            if let DeValue::Table(table) = item.get_ref() {
                return rule(table, item.span().start, text, file, mistakes);
            }
            mistakes.at(item.span().start, "a rule is a table, as [[rules]]");
            None
        })
        .collect()
}

fn rule(
    table: &DeTable<'_>,
    begin: usize,
    text: &str,
    file: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<Rule> {
    let mut rule = Rule {
        query: String::new(),
        deeds: Vec::new(),
        place: format!("{file}:{}", line_of(text, begin)),
    };
    let mut right = true;
    let mut wrong = |at: usize, what: String| {
        mistakes.at(at, what);
        right = false;
    };
    for (key, value) in table {
        let at = value.span().start;
        match key.get_ref().as_ref() {
            "query" => match value.get_ref().as_str() {
                // The moment is of no matter here: only whether it can be read.
                Some(words) => match query::parse(words, DateTime::UNIX_EPOCH) {
                    Ok(_) => words.clone_into(&mut rule.query),
                    Err(error) => wrong(at, format!("the query “{words}”: {error}")),
                },
                None => wrong(at, "a query is a text, as \"title:rust\"".to_owned()),
            },
            "do" => {
                let names = match value.get_ref() {
                    DeValue::String(name) => Some(vec![name.to_string()]),
                    other => super::value::texts(other),
                };
                match names {
                    None => wrong(
                        at,
                        "do is a list of texts, as [\"mark-read\", \"tag:x\"]".to_owned(),
                    ),
                    Some(names) => {
                        for name in names {
                            match Deed::read(&name) {
                                Some(deed) => rule.deeds.push(deed),
                                None => wrong(at, no_such("deed", &name, Deed::NAMES)),
                            }
                        }
                    }
                }
            }
            other => wrong(
                key.span().start,
                no_such("setting of a rule", other, ["query", "do"]),
            ),
        }
    }
    if right && rule.query.trim().is_empty() {
        mistakes.at(
            begin,
            "a rule without query = \"…\" would meet everything; \"age:<100y\" does that in words",
        );
        return None;
    }
    if right && rule.deeds.is_empty() {
        mistakes.at(
            begin,
            format!(
                "a rule without do = [\"…\"]; there are {}",
                Deed::NAMES.join(", ")
            ),
        );
        return None;
    }
    right.then_some(rule)
}

#[cfg(test)]
mod tests {
    use crate::config::load::read;
    use crate::news::Deed;
    use std::path::Path;

    #[test]
    fn rules_are_read_and_mistakes_have_their_lines() {
        let loaded = read(
            "[[rules]]\nquery = \"title:crypto -site:example.org\"\ndo = [\"mark-read\", \"tag:noise\"]\n\
             [[rules]]\nquery = \"is:x\"\ndo = \"star\"\n\
             [[rules]]\nquery = \"rust\"\ndo = [\"strar\"]\n\
             [[rules]]\nqurey = \"rust\"\n\
             [[rules]]\nquery = \" \"\ndo = \"hide\"\n\
             [[rules]]\nquery = \"rust\"\n",
            Path::new("dir/config.toml"),
        );
        let rules = &loaded.settings.store.rules;
        assert_eq!(rules.len(), 1);
        assert_eq!(
            rules[0].deeds,
            [Deed::MarkRead, Deed::Tag("noise".to_owned())]
        );
        assert_eq!(rules[0].place, "config.toml:1");
        let said: Vec<String> = loaded.mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 5, "{said:#?}");
        assert!(
            said[0].starts_with("config.toml:5: the query “is:x”: there is no “is:x”"),
            "{}",
            said[0]
        );
        assert_eq!(
            said[1],
            "config.toml:9: there is no deed “strar”; did you mean “star”?"
        );
        assert_eq!(
            said[2],
            "config.toml:11: there is no setting of a rule “qurey”; did you mean “query”?"
        );
        assert!(
            said[3].starts_with("config.toml:12: a rule without query"),
            "{}",
            said[3]
        );
        assert!(
            said[4].starts_with("config.toml:15: a rule without do"),
            "{}",
            said[4]
        );
    }
}
