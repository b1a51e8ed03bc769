//! Key presses to actions: sequences, counts, and the reader's own bindings over the preset's.
//!
//! - A sequence of the reader's own wins over one of the preset; what it makes unreachable is said.
//! - Two bindings of the reader's own for one sequence are reported with both places; the first one stands.

use super::action::{ACTIONS, Action};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::BTreeMap;

/// A key press, as it compares: letters carry their own shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd)]
pub struct Key {
    pub code: KeyCode,
    pub ctrl: bool,
    pub alt: bool,
}

#[allow(clippy::derive_ord_xor_partial_ord)] // The same order: that of codes is derived, and so total.
impl Ord for Key {
    fn cmp(&self, other: &Key) -> std::cmp::Ordering {
        self.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal)
    }
}

impl Key {
    /// The key of an event.
    pub fn of(event: &KeyEvent) -> Key {
        let mut ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let mut code = event.code;
        // Terminals without the kitty protocol send ctrl-m and ctrl-i as these anyway.
        if ctrl && code == KeyCode::Char('m') {
            (ctrl, code) = (false, KeyCode::Enter);
        }
        if ctrl && code == KeyCode::Char('i') {
            (ctrl, code) = (false, KeyCode::Tab);
        }
        if code == KeyCode::Tab && event.modifiers.contains(KeyModifiers::SHIFT) {
            code = KeyCode::BackTab;
        }
        if let KeyCode::Char(letter) = code
            && event.modifiers.contains(KeyModifiers::SHIFT)
            && letter.is_ascii_lowercase()
        {
            code = KeyCode::Char(letter.to_ascii_uppercase());
        }
        Key {
            code,
            ctrl,
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }

    fn plain(code: KeyCode) -> Key {
        Key {
            code,
            ctrl: false,
            alt: false,
        }
    }

    /// As it is written in hints and help: `j`, `enter`, `ctrl-d`.
    pub fn name(self) -> String {
        let base = match self.code {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(letter) => letter.to_string(),
            KeyCode::F(n) => format!("f{n}"),
            code => NAMES
                .iter()
                .find(|(_, named)| *named == code)
                .map_or_else(|| "?".to_owned(), |(name, _)| (*name).to_owned()),
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("ctrl-{base}"),
            (_, true) => format!("alt-{base}"),
            _ => base,
        }
    }
}

const NAMES: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
];

/// Reads a sequence: `gg`, `ctrl-d`, `<enter>`, `g <space>`, `z<`. A sentence where it cannot be read.
pub fn parse_sequence(text: &str) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    for word in text.split_whitespace() {
        let bare = word
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .filter(|inner| !inner.is_empty());
        if let Some(key) = named(bare.unwrap_or(word)) {
            keys.push(key);
        } else if let Some(bare) = bare {
            let nearest = NAMES
                .iter()
                .max_by(|a, b| {
                    strsim::jaro_winkler(bare, a.0).total_cmp(&strsim::jaro_winkler(bare, b.0))
                })
                .map_or("enter", |(name, _)| name);
            return Err(format!(
                "there is no key <{bare}>; the nearest is <{nearest}>"
            ));
        } else {
            keys.extend(word.chars().map(|letter| Key::plain(KeyCode::Char(letter))));
        }
    }
    if keys.is_empty() {
        return Err("a key is missing".to_owned());
    }
    Ok(keys)
}

fn named(word: &str) -> Option<Key> {
    let lower = word.to_ascii_lowercase();
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == lower) {
        return Some(Key::plain(*code));
    }
    if let Some(n) = lower.strip_prefix('f').and_then(|n| n.parse::<u8>().ok())
        && (1..=24).contains(&n)
    {
        return Some(Key::plain(KeyCode::F(n)));
    }
    for (prefix, ctrl) in [
        ("ctrl-", true),
        ("c-", true),
        ("alt-", false),
        ("a-", false),
    ] {
        if lower.starts_with(prefix) {
            // A terminal tells shifted letters apart with alt only.
            let rest = if ctrl {
                &lower[prefix.len()..]
            } else {
                &word[prefix.len()..]
            };
            let key = match rest.chars().count() {
                1 => Key::plain(KeyCode::Char(rest.chars().next()?)),
                _ => named(rest)?,
            };
            return Some(Key {
                ctrl: key.ctrl || ctrl,
                alt: key.alt || !ctrl,
                ..key
            });
        }
    }
    None
}

/// A sequence as it is shown.
pub fn sequence_name(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(|key| key.name()).collect();
    let single = names.iter().all(|name| name.chars().count() == 1);
    names.join(if single { "" } else { " " })
}

/// Sequences of the preset that are named of those that a binding hides.
const MOST_HIDDEN: usize = 4;

/// What keys mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap {
    bindings: BTreeMap<Vec<Key>, Vec<Action>>,
}

/// What a sequence that was begun comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Actions(Vec<Action>),
    /// A beginning: more keys must follow.
    Prefix,
    Nothing,
}

impl Keymap {
    /// The preset with the reader's bindings over it, and a sentence for each of those that cannot stand.
    /// `own`: sequence, names of actions (none: unbound), where it is written.
    pub fn new(preset: &str, own: &[(String, Vec<String>, String)]) -> (Keymap, Vec<String>) {
        let mut map = Keymap::default();
        let mut problems = Vec::new();
        for row in ACTIONS {
            let sequences = if preset == "newsboat" {
                row.newsboat
            } else {
                row.vim
            };
            for sequence in sequences {
                // A test holds that every default sequence can be read.
                if let Ok(keys) = parse_sequence(sequence) {
                    map.bindings.insert(keys, vec![row.action]);
                }
            }
        }
        let mut taken: BTreeMap<Vec<Key>, &str> = BTreeMap::new();
        for (sequence, names, place) in own {
            let keys = match parse_sequence(sequence) {
                Ok(keys) => keys,
                Err(why) => {
                    problems.push(format!("{place}: {why}"));
                    continue;
                }
            };
            if let Some(first) = taken.get(&keys) {
                problems.push(format!(
                    "{place}: {sequence} is bound already at {first}, which stands"
                ));
                continue;
            }
            let mut actions = Vec::new();
            for name in names {
                match Action::from_name(name) {
                    Some(action) => actions.push(action),
                    None => problems.push(format!(
                        "{place}: there is no action “{name}”; the nearest is “{}”",
                        nearest_action(name)
                    )),
                }
            }
            if actions.is_empty() && !names.is_empty() {
                continue;
            }
            taken.insert(keys.clone(), place);
            if actions.is_empty() {
                map.bindings.remove(&keys);
            } else {
                map.bindings.insert(keys, actions);
            }
        }
        map.report_unreachable(&taken, &mut problems);
        (map, problems)
    }

    fn report_unreachable(&mut self, own: &BTreeMap<Vec<Key>, &str>, problems: &mut Vec<String>) {
        for (keys, place) in own {
            if !self.bindings.contains_key(keys) {
                continue;
            }
            let hidden: Vec<Vec<Key>> = self
                .bindings
                .range(keys.clone()..)
                .skip(1)
                .take_while(|(longer, _)| longer.starts_with(keys))
                .map(|(longer, _)| longer.clone())
                .collect();
            // One binding is one mistake, however much it hides: those of the reader's own are named with their places.
            let mut of_preset = Vec::new();
            let mut of_own = Vec::new();
            for longer in hidden {
                let name = sequence_name(&longer);
                match own.get(&longer) {
                    Some(there) => of_own.push(format!("{name} of {there}")),
                    None => of_preset.push(name),
                }
                self.bindings.remove(&longer);
            }
            let more = of_preset.len().saturating_sub(MOST_HIDDEN);
            of_preset.truncate(MOST_HIDDEN);
            if !of_preset.is_empty() {
                let more = match more {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                of_own.push(format!("{}{more} of the preset", of_preset.join(", ")));
            }
            if !of_own.is_empty() {
                problems.push(format!(
                    "{place}: {} hides {}",
                    sequence_name(keys),
                    of_own.join(", ")
                ));
            }
            // The other way round: the reader's `gg` where the preset has an action on `g` alone.
            for length in 1..keys.len() {
                if !own.contains_key(&keys[..length])
                    && self.bindings.remove(&keys[..length]).is_some()
                {
                    problems.push(format!(
                        "{place}: {} takes {} of the preset away",
                        sequence_name(keys),
                        sequence_name(&keys[..length])
                    ));
                }
            }
        }
    }

    /// What the keys pressed so far come to.
    pub fn find(&self, keys: &[Key]) -> Found {
        if let Some(actions) = self.bindings.get(keys) {
            return Found::Actions(actions.clone());
        }
        let longer = self.bindings.range(keys.to_vec()..).next();
        match longer {
            Some((sequence, _)) if sequence.starts_with(keys) => Found::Prefix,
            _ => Found::Nothing,
        }
    }

    /// What may follow the keys pressed so far, for the box: the rest of the sequence, and the actions.
    pub fn following(&self, keys: &[Key]) -> Vec<(String, &[Action])> {
        self.bindings
            .range(keys.to_vec()..)
            .take_while(|(sequence, _)| sequence.starts_with(keys))
            .map(|(sequence, actions)| (sequence_name(&sequence[keys.len()..]), actions.as_slice()))
            .collect()
    }

    /// A text in which names of actions stand in braces, with their keys: `{star} keeps it` is `* keeps it`. An action
    /// without a key is named as the palette knows it: `:import`.
    pub fn teach(&self, text: &str) -> String {
        named_actions(text, |action| {
            let keys = self.keys_of(action);
            keys.into_iter()
                .next()
                .unwrap_or_else(|| format!(":{}", action.row().name))
        })
    }

    /// The sequences of an action, the first one first in the table.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        let mut found: Vec<&Vec<Key>> = self
            .bindings
            .iter()
            .filter(|(_, actions)| actions.as_slice() == [action])
            .map(|(keys, _)| keys)
            .collect();
        let row = action.row();
        let place = |keys: &Vec<Key>| {
            row.vim
                .iter()
                .position(|text| parse_sequence(text).as_ref() == Ok(keys))
                .unwrap_or(usize::MAX)
        };
        found.sort_by_key(|keys| place(keys));
        found.into_iter().map(|keys| sequence_name(keys)).collect()
    }
}

/// Puts something in the place of each name of an action in braces.
pub fn named_actions(text: &str, put: impl Fn(Action) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = inside.split_once('}') else {
            rest = inside;
            break;
        };
        match Action::from_name(name) {
            Some(action) => out.push_str(&put(action)),
            None => out.push_str(name),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

pub(super) fn nearest_action(name: &str) -> &'static str {
    ACTIONS
        .iter()
        .max_by(|a, b| {
            strsim::jaro_winkler(name, a.name).total_cmp(&strsim::jaro_winkler(name, b.name))
        })
        .map_or("open", |row| row.name)
}

#[cfg(test)]
mod tests_of_words {
    use super::*;

    #[test]
    fn modifiers_add_up_and_alt_keeps_capitals() {
        for (word, code, ctrl, alt) in [
            ("<ctrl-alt-x>", 'x', true, true),
            ("<alt-ctrl-x>", 'x', true, true),
            ("<alt-G>", 'G', false, true),
            ("<alt-g>", 'g', false, true),
            ("<ctrl-G>", 'g', true, false),
        ] {
            let code = KeyCode::Char(code);
            assert_eq!(
                parse_sequence(word),
                Ok(vec![Key { code, ctrl, alt }]),
                "{word}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(list: &[(&str, &[&str], &str)]) -> Vec<(String, Vec<String>, String)> {
        list.iter()
            .map(|(keys, names, place)| {
                let names = names.iter().map(|name| (*name).to_owned()).collect();
                ((*keys).to_owned(), names, (*place).to_owned())
            })
            .collect()
    }

    #[track_caller]
    fn check(map: &Keymap, sequence: &str, expected: &Found) {
        let keys = parse_sequence(sequence).expect("the test writes keys that exist");
        assert_eq!(&map.find(&keys), expected, "{sequence}");
    }

    #[test]
    fn every_default_sequence_can_be_read_and_none_hides_another() {
        for preset in ["vim", "newsboat"] {
            let mut seen: Vec<(Vec<Key>, &str)> = Vec::new();
            for row in ACTIONS {
                for text in if preset == "vim" {
                    row.vim
                } else {
                    row.newsboat
                } {
                    let keys = parse_sequence(text).expect(text);
                    for (other, name) in &seen {
                        assert!(
                            !other.starts_with(&keys) && !keys.starts_with(other),
                            "{preset}: {text} of {} against {name}",
                            row.name
                        );
                    }
                    seen.push((keys, row.name));
                }
            }
        }
    }

    #[test]
    fn sequences_are_read_key_by_key() {
        let (map, problems) = Keymap::new("vim", &[]);
        assert_eq!(problems, Vec::<String>::new());
        check(&map, "j", &Found::Actions(vec![Action::Down]));
        check(&map, "g", &Found::Prefix);
        check(&map, "gg", &Found::Actions(vec![Action::Top]));
        check(&map, "z<", &Found::Actions(vec![Action::Narrower]));
        check(&map, "ctrl-d", &Found::Actions(vec![Action::HalfDown]));
        check(&map, "gQ", &Found::Nothing);
        assert_eq!(map.keys_of(Action::Open), ["enter"]);
        assert_eq!(map.keys_of(Action::Down), ["j", "down"]);
        assert!(
            map.following(&parse_sequence("g").expect("g is a key"))
                .len()
                > 5
        );
    }

    #[test]
    fn what_a_binding_hides_is_one_mistake() {
        let bindings = own(&[
            ("g", &["top"], "config.toml:3"),
            ("g u", &["go-unread"], "config.toml:4"),
        ]);
        let (map, problems) = Keymap::new("vim", &bindings);
        check(&map, "g", &Found::Actions(vec![Action::Top]));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with("config.toml:3: g hides gu of config.toml:4, g")
                && problems[0].ends_with("more of the preset"),
            "{problems:?}"
        );
    }

    #[test]
    fn the_readers_own_bindings_win_and_mistakes_name_their_place() {
        let bindings = own(&[
            ("j", &["next-entry"], "config.toml:3"),
            ("x", &[], "config.toml:4"),
            ("ctrl-x", &["star", "next-unread"], "config.toml:5"),
            ("ctrl-x", &["star"], "config.toml:6"),
            ("w", &["who-cite"], "config.toml:7"),
            ("y", &["copy-address"], "config.toml:8"),
            ("<entr>", &["open"], "config.toml:9"),
        ]);
        let (map, problems) = Keymap::new("vim", &bindings);
        check(&map, "j", &Found::Actions(vec![Action::NextEntry]));
        check(&map, "x", &Found::Nothing);
        check(
            &map,
            "ctrl-x",
            &Found::Actions(vec![Action::Star, Action::NextUnread]),
        );
        check(&map, "y", &Found::Actions(vec![Action::CopyAddress]));
        check(&map, "ym", &Found::Nothing);
        assert_eq!(
            problems[0],
            "config.toml:6: ctrl-x is bound already at config.toml:5, which stands"
        );
        assert_eq!(
            problems[1],
            "config.toml:7: there is no action “who-cite”; the nearest is “who-cites”"
        );
        assert_eq!(
            problems[2],
            "config.toml:9: there is no key <entr>; the nearest is <enter>"
        );
        assert!(
            problems[3..]
                .iter()
                .all(|problem| problem.starts_with("config.toml:8: y hides y"))
        );
    }

    #[test]
    fn keys_compare_as_they_are_typed() {
        let shifted = KeyEvent::new(KeyCode::Char('g'), KeyModifiers::SHIFT);
        assert_eq!(Key::of(&shifted).name(), "G");
        let enter = KeyEvent::new(KeyCode::Char('m'), KeyModifiers::CONTROL);
        assert_eq!(Key::of(&enter).name(), "enter");
        let back = KeyEvent::new(KeyCode::Tab, KeyModifiers::SHIFT);
        assert_eq!(
            Key::of(&back),
            Key::of(&KeyEvent::new(KeyCode::BackTab, KeyModifiers::NONE))
        );
    }
}
