//! Lists: bullets and numbers with hanging indents.

use super::super::blocks::{Block, Item, List, Numbering};
use super::{NARROW, Prefix, Role, Setter, Span, width};

impl Setter<'_> {
    pub(super) fn list(&mut self, list: &List) {
        let markers: Vec<String> = list
            .items
            .iter()
            .map(|item| self.marker(list.numbering, item.number))
            .collect();
        let widest = markers
            .iter()
            .map(|marker| width(marker))
            .max()
            .unwrap_or(1);
        let loose = list.items.iter().any(|item| paragraphs(item) > 1);
        let columns = if self.room() > NARROW + widest {
            widest + 1
        } else {
            0
        };
        self.depth += 1;
        for (index, (item, marker)) in list.items.iter().zip(&markers).enumerate() {
            if loose && index > 0 {
                self.blank();
            }
            let pad = if columns > 0 {
                widest - width(marker)
            } else {
                0
            };
            let first = vec![Span::new(
                format!("{}{marker} ", " ".repeat(pad)),
                Role::Marker,
            )];
            self.prefixes.push(Prefix {
                first: Some(first),
                rest: vec![Span::new(" ".repeat(columns), Role::Text)],
                columns: columns.max(if columns == 0 { width(marker) + 1 } else { 0 }),
            });
            self.blocks(&item.blocks);
            if self
                .prefixes
                .last()
                .is_some_and(|prefix| prefix.first.is_some())
            {
                // An item without text still has its number.
                self.line(Vec::new(), super::LineKind::Text, 0);
            }
            self.prefixes.pop();
        }
        self.depth -= 1;
    }

    fn marker(&self, numbering: Numbering, number: i64) -> String {
        match numbering {
            Numbering::Bullet => ["•", "◦", "▪"][self.depth.min(2)].to_owned(),
            _ => format!("{}.", numeral(numbering, number)),
        }
    }
}

fn paragraphs(item: &Item) -> usize {
    item.blocks
        .iter()
        .filter(|block| !matches!(block, Block::List(_)))
        .count()
}

/// A number as its list writes it.
pub(in super::super) fn numeral(numbering: Numbering, number: i64) -> String {
    match numbering {
        Numbering::LowerLetter | Numbering::UpperLetter if (1..=18278).contains(&number) => {
            let first = if numbering == Numbering::LowerLetter {
                b'a'
            } else {
                b'A'
            };
            let mut rest = number;
            let mut letters = Vec::new();
            while rest > 0 {
                rest -= 1;
                letters.push(char::from(first + (rest % 26) as u8));
                rest /= 26;
            }
            letters.iter().rev().collect()
        }
        Numbering::LowerRoman if (1..4000).contains(&number) => roman(number).to_lowercase(),
        Numbering::UpperRoman if (1..4000).contains(&number) => roman(number),
        _ => number.to_string(),
    }
}

fn roman(number: i64) -> String {
    const SIGNS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_list_says() {
        for (numbering, number, expected) in [
            (Numbering::Decimal, 12, "12"),
            (Numbering::LowerLetter, 1, "a"),
            (Numbering::LowerLetter, 27, "aa"),
            (Numbering::UpperLetter, 0, "0"),
            (Numbering::LowerRoman, 14, "xiv"),
            (Numbering::UpperRoman, 1994, "MCMXCIV"),
        ] {
            assert_eq!(numeral(numbering, number), expected);
        }
    }
}
