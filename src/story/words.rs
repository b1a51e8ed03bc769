//! A title and a text to weighted terms.

use super::frequency::Frequencies;
use super::title;
use super::vector::Vector;
use crate::text::script::is_paired;
use siphasher::sip::SipHasher13;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hasher;
use unicode_segmentation::UnicodeSegmentation;

/// Words of the text that count: the beginning of an article says what it is about, the rest dilutes it.
const BODY_WORDS: usize = 60;
/// A word of the title counts so often.
const TITLE: f32 = 2.0;
/// The first word of a title counts so much more, and each behind it less: headlines begin with what they are about.
const FIRST: f32 = 0.5;
const FIRST_WORDS: f32 = 3.0;
/// Rare words count less than in proportion: the rarest are often nobody's but one writer's.
const RARE: f32 = 0.3;
/// The same for what an entry is looked up by: common words find too many.
const RARE_LOOKED_UP: f32 = 0.6;
/// Terms kept.
const KEPT: usize = 64;
/// Terms by which an entry is looked up.
const HEAVY: usize = 12;

/// What an entry says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text<'a> {
    pub title: &'a str,
    /// Plain text; the beginning is enough.
    pub body: &'a str,
    /// Two letters, as of [`language_of`].
    pub language: &'a str,
    /// How many strong sources it cites.
    pub strong: usize,
}

/// An entry, ready to be placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    pub vector: Vector,
    /// The heaviest terms, heaviest first: what it is looked up by.
    pub heavy: Vec<u32>,
    /// Terms to words, sorted by term: what is shown as shared.
    pub words: Vec<(u32, String)>,
    /// Terms and how much each says, undamped: what two entries have in common is evidence as far as it is rare.
    pub telling: Vec<(u32, f32)>,
    /// Words of the text that counted, at most 60.
    pub body_words: usize,
    /// Version or day numbers of the title.
    pub numbers: Vec<String>,
    /// It collects many stories: links say nothing about which one it tells.
    pub round_up: bool,
}

impl Subject {
    /// Makes the vector of an entry.
    pub fn new(text: &Text<'_>, frequencies: &Frequencies<'_>) -> Subject {
        let mut counts: HashMap<u32, f32> = HashMap::new();
        let mut spelled: BTreeMap<u32, String> = BTreeMap::new();
        let mut first: HashMap<u32, f32> = HashMap::new();
        let mut place = 0.0;
        tokens(text.title, text.language, &mut |token| {
            if let Some((term, word)) = token {
                *counts.entry(term).or_default() += TITLE;
                first
                    .entry(term)
                    .or_insert_with(|| 1.0 + FIRST * f32::exp(-place / FIRST_WORDS));
                place += 1.0;
                spelled.entry(term).or_insert_with(|| word.to_owned());
            }
            true
        });
        let mut body_words = 0;
        tokens(text.body, text.language, &mut |token| {
            if let Some((term, word)) = token {
                *counts.entry(term).or_default() += 1.0;
                spelled.entry(term).or_insert_with(|| word.to_owned());
                body_words += 1;
            }
            body_words < BODY_WORDS
        });
        let telling: Vec<(u32, f32)> = spelled
            .keys()
            .map(|term| (*term, frequencies.weight(*term)))
            .collect();
        let weigh = |power: f32| -> HashMap<u32, f32> {
            let weight = |(term, count): (&u32, &f32)| {
                let first = first.get(term).copied().unwrap_or(1.0);
                (
                    *term,
                    first * (1.0 + count.ln()) * frequencies.weight(*term).powf(power),
                )
            };
            counts.iter().map(weight).collect()
        };
        let vector = Vector::unit(weigh(RARE), KEPT);
        Subject {
            heavy: Vector::unit(weigh(RARE_LOOKED_UP), KEPT).heaviest(HEAVY),
            words: spelled
                .into_iter()
                .filter(|(term, _)| vector.weight(*term) > 0.0)
                .collect(),
            vector,
            telling,
            body_words,
            numbers: title::numbers(text.title),
            round_up: title::is_round_up(text.title, text.strong),
        }
    }

    /// The words it shares with a vector, the most telling first.
    pub fn shared_words(&self, other: &Vector, at_most: usize) -> Vec<&str> {
        let mut shared: Vec<(f32, &str)> = self
            .words
            .iter()
            .map(|(term, word)| {
                (
                    self.vector.weight(*term) * other.weight(*term),
                    word.as_str(),
                )
            })
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        // A bare number says nothing to who reads it, where there are words.
        let is_word = |word: &str| word.chars().any(char::is_alphabetic);
        if shared.iter().any(|(_, word)| is_word(word)) {
            shared.retain(|(_, word)| is_word(word));
        }
        shared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        shared
            .into_iter()
            .take(at_most)
            .map(|(_, word)| word)
            .collect()
    }
}

/// The terms of a text, each once: what is counted of entries that are too old to be joined.
pub fn terms_of(text: &Text<'_>) -> Vec<u32> {
    let mut terms = Vec::new();
    tokens(text.title, text.language, &mut |token| {
        terms.extend(token.map(|(term, _)| term));
        true
    });
    let mut left = BODY_WORDS;
    tokens(text.body, text.language, &mut |token| {
        terms.extend(token.map(|(term, _)| term));
        left -= usize::from(token.is_some());
        left > 0
    });
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The language of a text: what the feed declares, else what it looks like; English where nothing is known.
pub fn language_of(declared: Option<&str>, title: &str, body: &str) -> String {
    let declared: String = declared
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_ascii_lowercase();
    if declared.len() == 2 {
        return declared;
    }
    let text: String = title
        .chars()
        .chain([' '])
        .chain(body.chars())
        .take(400)
        .collect();
    let code = whatlang::detect(&text)
        .filter(whatlang::Info::is_reliable)
        .and_then(|info| CODES.iter().find(|(code, _)| *code == info.lang().code()));
    code.map_or("en", |(_, two)| two).to_owned()
}

/// Codes of three letters to those of two, for languages that feeds are written in.
const CODES: &[(&str, &str)] = &[
    ("eng", "en"),
    ("nld", "nl"),
    ("deu", "de"),
    ("fra", "fr"),
    ("spa", "es"),
    ("ita", "it"),
    ("por", "pt"),
    ("dan", "da"),
    ("swe", "sv"),
    ("nob", "nb"),
    ("fin", "fi"),
    ("pol", "pl"),
    ("ces", "cs"),
    ("hun", "hu"),
    ("ron", "ro"),
    ("tur", "tr"),
    ("rus", "ru"),
    ("ukr", "uk"),
    ("ell", "el"),
    ("heb", "he"),
    ("ara", "ar"),
    ("pes", "fa"),
    ("hin", "hi"),
    ("tha", "th"),
    ("vie", "vi"),
    ("ind", "id"),
    ("jpn", "ja"),
    ("cmn", "zh"),
    ("kor", "ko"),
    ("cat", "ca"),
    ("bul", "bg"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("slk", "sk"),
];

/// A term: a hash of the word. Names are spelled alike in many languages, so the language is not in it.
pub(super) fn term(word: &str) -> u32 {
    let mut hasher = SipHasher13::new_with_keys(0x6272_6f6e, 0x7374_6f72_7900);
    hasher.write(word.as_bytes());
    hasher.finish() as u32
}

/// What is called with a term and its word, or with `None` where a word was left out; it answers whether to go on.
type Each<'a> = dyn FnMut(Option<(u32, &str)>) -> bool + 'a;

/// Calls `each` with every term and its word, and with `None` where a word was left out; it answers whether to go on.
fn tokens(text: &str, language: &str, each: &mut Each<'_>) {
    let stop = stop_words(language);
    let plural = PLURAL_S.contains(&language);
    let mut run = String::new();
    let mut end = 0;
    for (at, word) in text.unicode_word_indices() {
        if word.chars().next().is_some_and(is_paired) {
            if at != end && !run.is_empty() && !emit_run(&std::mem::take(&mut run), each) {
                return;
            }
            run.push_str(word);
            end = at + word.len();
            continue;
        }
        if !run.is_empty() && !emit_run(&std::mem::take(&mut run), each) {
            return;
        }
        let folded = fold(word, plural);
        let skip = folded.len() < 2 || stop.binary_search(&folded.as_str()).is_ok();
        let go_on = if skip {
            each(None)
        } else if language == "en" {
            let mut stemmed = folded.clone();
            stem(&mut stemmed);
            each(Some((term(&stemmed), &folded)))
        } else {
            each(Some((term(&folded), &folded)))
        };
        if !go_on {
            return;
        }
    }
    if !run.is_empty() {
        emit_run(&run, each);
    }
}

/// Languages in which an s at the end is mostly the plural's.
const PLURAL_S: &[&str] = &["en", "es", "fr", "nl", "pt"];

/// Lower case, without apostrophes, the possessive and the plural s.
fn fold(word: &str, plural: bool) -> String {
    let mut folded: String = word
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == '’' { '\'' } else { c })
        .collect();
    if let Some(bare) = folded.strip_suffix("'s") {
        folded.truncate(bare.len());
    }
    folded.retain(|c| c != '\'' && c != '.');
    if plural && folded.len() > 3 && folded.ends_with('s') {
        if folded.len() > 4 && folded.ends_with("ies") {
            folded.truncate(folded.len() - 3);
            folded.push('y');
        } else if !["ss", "us", "is"].iter().any(|end| folded.ends_with(end)) {
            folded.pop();
        }
    }
    folded
}

/// English spelt in two ways becomes one; what verbs end in goes.
fn stem(word: &mut String) {
    const SPELT: &[(&str, &str)] = &[
        ("isation", "ization"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ise", "ize"),
        ("our", "or"),
        ("yse", "yze"),
        ("ogue", "og"),
    ];
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return;
    }
    if let Some((end, with)) = SPELT
        .iter()
        .find(|(end, _)| word.ends_with(end) && word.len() >= end.len() + 3)
    {
        word.truncate(word.len() - end.len());
        word.push_str(with);
    }
    if word.len() >= 6 && word.ends_with("ing") {
        word.truncate(word.len() - 3);
    } else if word.len() >= 5 && word.ends_with("ed") {
        word.truncate(word.len() - 2);
    }
    if word.len() > 4 && word.ends_with('e') {
        word.pop();
    }
    let bytes = word.as_bytes();
    if let [.., one, two] = bytes
        && bytes.len() > 4
        && one == two
        && !matches!(one, b'l' | b's')
    {
        word.pop();
    }
}

/// Characters in pairs: scripts that do not part words with spaces.
fn emit_run(run: &str, each: &mut Each<'_>) -> bool {
    let starts: Vec<usize> = run
        .char_indices()
        .map(|(at, _)| at)
        .chain([run.len()])
        .collect();
    if starts.len() < 3 {
        return each(None);
    }
    starts.windows(3).all(|window| {
        let two = &run[window[0]..window[2]];
        each(Some((term(two), two)))
    })
}

/// Words that say nothing about what a text is about, sorted; none for languages that are not here: what is counted tells.
fn stop_words(language: &str) -> &'static [&'static str] {
    STOP.iter()
        .find(|(code, _)| *code == language)
        .map_or(&[], |(_, words)| words)
}

#[rustfmt::skip]
const STOP: &[(&str, &[&str])] = &[
    ("de", &["ab", "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "bis", "da", "das", "dass", "dem", "den", "der", "des", "die", "doch", "durch", "ein", "eine", "einem", "einen", "einer", "er", "es", "für", "hat", "ich", "ihr", "im", "in", "ist", "kann", "mehr", "mit", "nach", "nicht", "noch", "nur", "ob", "oder", "ohne", "sein", "seine", "sich", "sie", "sind", "so", "um", "und", "uns", "vom", "von", "vor", "war", "was", "wenn", "wer", "wie", "wir", "wird", "zu", "zum", "zur", "über"]),
    ("en", &["a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have", "having", "he", "her", "here", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "like", "may", "might", "more", "most", "much", "must", "my", "new", "no", "nor", "not", "now", "of", "off", "on", "once", "one", "only", "or", "other", "our", "out", "over", "own", "said", "same", "say", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "us", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "would", "you", "your"]),
    ("es", &["al", "como", "con", "cuando", "de", "del", "desde", "donde", "el", "ella", "en", "entre", "era", "es", "esta", "este", "está", "fue", "ha", "hay", "la", "las", "le", "lo", "los", "me", "muy", "más", "no", "nos", "o", "para", "pero", "por", "que", "qué", "se", "ser", "si", "sin", "sobre", "son", "su", "sus", "también", "tras", "un", "una", "y", "ya"]),
    ("fr", &["au", "aux", "avec", "ce", "cette", "comme", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "ils", "je", "la", "le", "les", "leur", "lui", "mais", "ne", "nous", "on", "ou", "où", "par", "pas", "plus", "pour", "qu", "que", "qui", "sa", "sans", "se", "ses", "si", "son", "sont", "sur", "un", "une", "vous", "à", "été"]),
    ("it", &["a", "al", "alla", "anche", "che", "chi", "ci", "come", "con", "da", "dal", "dei", "del", "della", "delle", "di", "e", "gli", "ha", "i", "il", "in", "la", "le", "lo", "ma", "nel", "nella", "non", "o", "per", "più", "se", "si", "sono", "su", "sul", "un", "una", "è"]),
    ("nl", &["aan", "al", "alle", "als", "bij", "dan", "dat", "de", "der", "deze", "die", "dit", "door", "een", "en", "er", "geen", "haar", "had", "heb", "heeft", "het", "hij", "hoe", "hun", "ik", "in", "is", "je", "kan", "maar", "meer", "met", "mij", "na", "naar", "niet", "nog", "nu", "of", "om", "onder", "ons", "ook", "op", "over", "te", "tegen", "toch", "tot", "uit", "van", "veel", "volgens", "voor", "waar", "wanneer", "want", "was", "wat", "we", "wel", "werd", "wie", "wij", "wordt", "ze", "zich", "zij", "zijn", "zo", "zonder"]),
    ("pt", &["a", "ao", "as", "com", "como", "da", "das", "de", "do", "dos", "e", "ela", "ele", "em", "entre", "foi", "já", "mais", "mas", "na", "nas", "no", "nos", "não", "o", "os", "ou", "para", "pela", "pelo", "por", "quando", "que", "se", "sem", "ser", "seu", "sua", "são", "também", "um", "uma", "à", "é"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, language: &str, expected: &str) {
        let mut words = Vec::new();
        tokens(text, language, &mut |token| {
            words.extend(token.map(|(_, word)| word.to_owned()));
            true
        });
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn words_lose_case_plural_and_possessive() {
        check(
            "Meta's AI spendings, and the U.S. companies’ Q3",
            "en",
            "meta ai spending company q3",
        );
        check(
            "Status of the glass bus crisis",
            "en",
            "status glass bus crisis",
        );
        check(
            "De Belastingdienst wil meer servers",
            "nl",
            "belastingdienst wil server",
        );
        check("Die Häuser der Stadt", "de", "häuser stadt");
    }

    #[test]
    fn scripts_without_spaces_come_in_pairs() {
        check("日本語の組版", "ja", "日本 本語 語の の組 組版");
        check("東京 2026年", "ja", "東京 2026");
        check("한국어 뉴스", "ko", "한국 국어 뉴스");
    }

    #[test]
    fn stop_words_are_sorted_so_that_they_are_found() {
        for (language, words) in STOP {
            assert!(words.is_sorted(), "{language}");
        }
    }

    #[test]
    fn the_language_is_what_the_feed_says_or_what_it_looks_like() {
        assert_eq!(language_of(Some("nl-BE"), "", ""), "nl");
        let german =
            "Die Bundesregierung hat am Mittwoch einen neuen Entwurf für das Gesetz vorgestellt";
        assert_eq!(language_of(None, german, ""), "de");
        assert_eq!(language_of(Some("x"), "ok", ""), "en");
    }

    #[test]
    fn any_text_makes_a_vector_of_length_one_or_none() {
        let frequencies = Frequencies::none("en");
        for title in [
            "",
            "a",
            "\u{202e}\u{0}\u{feff}",
            "🙂🙂🙂",
            "'''s",
            "日",
            "Ａ Ｂ",
        ] {
            let subject = Subject::new(
                &Text {
                    title,
                    language: "en",
                    ..Text::default()
                },
                &frequencies,
            );
            let length = subject.vector.length();
            assert!(
                length == 0.0 || (length - 1.0).abs() < 1e-3,
                "{title:?}: {length}"
            );
        }
    }
}
