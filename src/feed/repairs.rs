//! The list of repairs: each has a name and a sentence, which `bron feed check` prints.

/// Something in a feed that had to be mended before, or after, it could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Repair {
    Characters,
    Controls,
    Before,
    InPage,
    After,
    Version,
    Spelling,
    Namespace,
    Prefix,
    Ampersand,
    LessThan,
    Entity,
    Attribute,
    Unclosed,
    Unmatched,
    CutOff,
    Markup,
    TextType,
    OutsideChannel,
    Declaration,
    TooMany,
    TooDeep,
    Base,
    Dates,
    AsItCame,
    Panic,
    JsonVersion,
    JsonType,
    JsonSyntax,
}

/// The name of a repair and what it says.
#[rustfmt::skip]
const SENTENCES: &[(Repair, &str, &str)] = &[
    (Repair::Characters, "characters", "some bytes are no text in the encoding that the feed names; they were replaced"),
    (Repair::Controls, "controls", "control characters stand where Windows-1252 has quotation marks and dashes; those were put there"),
    (Repair::Before, "text-before", "something stands before the feed; it was left out"),
    (Repair::InPage, "in-a-page", "the feed stands inside a web page; it was cut out"),
    (Repair::After, "text-after", "something stands behind the end of the feed; it was left out"),
    (Repair::Version, "version", "the version is missing or unknown; the feed was read as RSS 2.0"),
    (Repair::Spelling, "spelling", "names of elements are in the wrong case; they were read in the right one"),
    (Repair::Namespace, "namespace", "a namespace is not the one that is meant; the usual one was put in its place"),
    (Repair::Prefix, "prefix", "a prefix is used that is not declared; it was taken in its usual meaning"),
    (Repair::Ampersand, "ampersand", "a bare & stands in the text; it should be &amp;"),
    (Repair::LessThan, "less-than", "a bare < stands in the text; it should be &lt;"),
    (Repair::Entity, "entity", "names of HTML such as &nbsp;, or numbers of no character, are used; they were resolved"),
    (Repair::Attribute, "attribute", "attributes are not written as XML wants them; they were rewritten"),
    (Repair::Unclosed, "unclosed", "an element is not closed; its end was put where it can only be"),
    (Repair::Unmatched, "unmatched", "an end tag closes nothing; it was left out"),
    (Repair::CutOff, "cut-off", "the feed ends in the middle; it was read up to its last whole entry"),
    (Repair::Markup, "markup", "a text holds markup that should be escaped; it was read as HTML"),
    (Repair::TextType, "text-type", "a text says a type that nobody knows; it was read by its looks"),
    (Repair::OutsideChannel, "outside-channel", "items stand outside the channel; they were taken in"),
    (Repair::Declaration, "declaration", "a declaration stands inside the feed; it was left out"),
    (Repair::TooMany, "too-many", "there are more entries than are read from one feed; the rest was left out"),
    (Repair::TooDeep, "too-deep", "elements are nested deeper than any feed needs; the deepest were left out"),
    (Repair::Base, "base", "an xml:base is no address; it was left out"),
    (Repair::Dates, "dates", "a date can't be read; the entry stands without it"),
    (Repair::AsItCame, "unmended", "mending made it worse; the feed was read as it came"),
    (Repair::Panic, "reader", "the feed reader failed on it; what could be saved was"),
    (Repair::JsonVersion, "json-version", "the version is not the address that JSON Feed asks for"),
    (Repair::JsonType, "json-type", "a value is of the wrong type; it was converted or left out"),
    (Repair::JsonSyntax, "json-syntax", "the feed is not quite JSON; it was repaired"),
];

/// A set of repairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Repairs(u64);

impl Repairs {
    pub(super) fn add(&mut self, repair: Repair) {
        self.0 |= 1 << repair as u64;
    }

    /// Adds those of another set.
    pub(super) fn join(&mut self, other: Repairs) {
        self.0 |= other.0;
    }

    /// `name: sentence` of each, in the order of the table.
    pub(super) fn warnings(self) -> Vec<String> {
        SENTENCES
            .iter()
            .filter(|row| self.0 & (1 << row.0 as u64) != 0)
            .map(|row| format!("{}: {}", row.1, row.2))
            .collect()
    }
}

/// The names of all repairs.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SENTENCES.iter().map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_repair_has_its_sentence() {
        for bit in 0..=Repair::JsonSyntax as u64 {
            assert_eq!(Repairs(1 << bit).warnings().len(), 1, "repair {bit}");
        }
    }
}
