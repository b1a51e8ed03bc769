//! HTML to Markdown, Markdown to HTML.

mod inline;

use crate::text::escape;
use dom_query::Document;
use inline::inline;
use std::fmt::Write;
use std::panic::catch_unwind;

/// Sanitised HTML to Markdown.
pub fn from_html(html: &str) -> String {
    let markdown = catch_unwind(|| Document::from(html).md(None).to_string())
        .unwrap_or_else(|_| super::plain(html));
    let mut out = String::with_capacity(markdown.len());
    let mut empty = 0;
    for line in super::safe::clean(&markdown).lines() {
        // Two spaces at the end are a line break; more empty lines than one say nothing.
        let line = if line.trim().is_empty() { "" } else { line };
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 && !(line.is_empty() && out.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Markdown (as in a README) to HTML; not sanitised.
///
/// What READMEs use of CommonMark and of GitHub's tables, strikethrough and task lists; HTML passes through.
pub fn to_html(markdown: &str) -> String {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut out = String::with_capacity(markdown.len() * 2);
    let references = inline::references(&lines);
    Writer {
        references: &references,
        out: &mut out,
    }
    .blocks(&lines, 0);
    out
}

/// Quotations and lists in each other that are followed.
const DEPTH: usize = 16;

struct Writer<'a> {
    references: &'a inline::References,
    out: &'a mut String,
}

impl Writer<'_> {
    fn blocks(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        while at < lines.len() {
            at += self.block(&lines[at..], depth);
        }
    }

    /// Writes the block that the lines begin with, and says how many lines it had (at least one).
    fn block(&mut self, lines: &[&str], depth: usize) -> usize {
        let line = lines[0];
        let text = line.trim_start();
        if text.is_empty() || inline::is_reference(line) {
            return 1;
        }
        if let Some(fence) = fence(line) {
            return self.fenced(lines, &fence);
        }
        if let Some((level, title)) = heading(line) {
            let _ = writeln!(
                self.out,
                "<h{level}>{}</h{level}>",
                inline(title, self.references)
            );
            return 1;
        }
        if is_rule(line) {
            self.out.push_str("<hr>\n");
            return 1;
        }
        if line.starts_with("    ") || line.starts_with('\t') {
            return self.indented_code(lines);
        }
        if text.starts_with('>') && depth < DEPTH {
            return self.quote(lines, depth);
        }
        if let Some(item) = item(line).filter(|_| depth < DEPTH) {
            return self.list(lines, &item, depth);
        }
        if text.starts_with('<') && is_html(text) {
            let length = lines
                .iter()
                .take_while(|line| !line.trim().is_empty())
                .count();
            for line in &lines[..length] {
                self.out.push_str(line);
                self.out.push('\n');
            }
            return length;
        }
        if lines.len() > 1 && line.contains('|') && is_delimiter(lines[1]) {
            return self.table(lines);
        }
        self.paragraph(lines)
    }

    fn paragraph(&mut self, lines: &[&str]) -> usize {
        let mut length = 1;
        while length < lines.len() {
            let line = lines[length];
            if let Some(level) = underline(line) {
                let title = lines[..length].join(" ");
                let _ = writeln!(
                    self.out,
                    "<h{level}>{}</h{level}>",
                    inline(title.trim(), self.references)
                );
                return length + 1;
            }
            let starts_list =
                item(line).is_some_and(|item| item.number.is_none_or(|number| number == 1));
            if line.trim().is_empty()
                || fence(line).is_some()
                || heading(line).is_some()
                || is_rule(line)
                || line.trim_start().starts_with('>')
                || starts_list
            {
                break;
            }
            length += 1;
        }
        let mut text = String::new();
        for (index, line) in lines[..length].iter().enumerate() {
            let hard = line.ends_with("  ") || line.ends_with('\\');
            text.push_str(line.trim().trim_end_matches('\\'));
            if index + 1 < length {
                text.push_str(if hard { "<br>" } else { "\n" });
            }
        }
        let _ = writeln!(self.out, "<p>{}</p>", inline(&text, self.references));
        length
    }

    fn fenced(&mut self, lines: &[&str], fence: &Fence<'_>) -> usize {
        let end = lines[1..]
            .iter()
            .position(|line| closes(line, fence))
            .map(|at| at + 1);
        let language = fence.language;
        if language.is_empty() {
            self.out.push_str("<pre><code>");
        } else {
            let _ = write!(
                self.out,
                "<pre><code class=\"language-{}\">",
                escape(language)
            );
        }
        for line in &lines[1..end.unwrap_or(lines.len())] {
            let indent = line.len() - line.trim_start_matches(' ').len();
            self.out
                .push_str(&escape(&line[indent.min(fence.indent)..]));
            self.out.push('\n');
        }
        self.out.push_str("</code></pre>\n");
        end.map_or(lines.len(), |end| end + 1)
    }

    fn indented_code(&mut self, lines: &[&str]) -> usize {
        let mut length = lines
            .iter()
            .take_while(|line| {
                line.trim().is_empty() || line.starts_with("    ") || line.starts_with('\t')
            })
            .count();
        while length > 1 && lines[length - 1].trim().is_empty() {
            length -= 1;
        }
        self.out.push_str("<pre><code>");
        for line in &lines[..length] {
            self.out.push_str(&escape(
                line.strip_prefix("    ")
                    .or_else(|| line.strip_prefix('\t'))
                    .unwrap_or(""),
            ));
            self.out.push('\n');
        }
        self.out.push_str("</code></pre>\n");
        length
    }

    fn quote(&mut self, lines: &[&str], depth: usize) -> usize {
        let length = lines
            .iter()
            .take_while(|line| !line.trim().is_empty())
            .take_while(|line| {
                line.trim_start().starts_with('>')
                    || !(fence(line).is_some() || item(line).is_some())
            })
            .count();
        let inside: Vec<&str> = lines[..length]
            .iter()
            .map(|line| {
                let text = line.trim_start();
                text.strip_prefix('>')
                    .map_or(text, |rest| rest.strip_prefix(' ').unwrap_or(rest))
            })
            .collect();
        self.out.push_str("<blockquote>\n");
        self.blocks(&inside, depth + 1);
        self.out.push_str("</blockquote>\n");
        length
    }

    fn list(&mut self, lines: &[&str], first: &ListItem, depth: usize) -> usize {
        let name = if first.number.is_some() { "ol" } else { "ul" };
        match first.number {
            Some(number) if number != 1 => {
                let _ = writeln!(self.out, "<ol start=\"{number}\">");
            }
            _ => {
                let _ = writeln!(self.out, "<{name}>");
            }
        }
        let mut at = 0;
        while let Some(item) = lines
            .get(at)
            .and_then(|line| item(line))
            .filter(|item| item.sign == first.sign && item.indent < first.content)
        {
            let mut length = 1;
            let mut empty = false;
            while let Some(line) = lines.get(at + length) {
                let indent = line.len() - line.trim_start().len();
                if line.trim().is_empty() {
                    empty = true;
                } else if indent >= item.content
                    || (!empty
                        && self::item(line).is_none()
                        && heading(line).is_none()
                        && fence(line).is_none()
                        && !is_rule(line))
                {
                    empty = false;
                } else {
                    break;
                }
                length += 1;
            }
            let inside: Vec<&str> = lines[at..at + length]
                .iter()
                .enumerate()
                .map(|(index, line)| {
                    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
                    if index == 0 {
                        line.get(item.content..).unwrap_or("")
                    } else {
                        &line[indent.min(item.content)..]
                    }
                })
                .collect();
            self.item(&inside, depth);
            at += length;
        }
        let _ = writeln!(self.out, "</{name}>");
        at.max(1)
    }

    fn item(&mut self, inside: &[&str], depth: usize) {
        let mut inside = inside.to_vec();
        while inside.last().is_some_and(|line| line.trim().is_empty()) {
            inside.pop();
        }
        self.out.push_str("<li>");
        let mut first = inside.first().copied().unwrap_or("");
        for (mark, sign) in [("[ ] ", "☐ "), ("[x] ", "☑ "), ("[X] ", "☑ ")] {
            if let Some(rest) = first.strip_prefix(mark) {
                self.out.push_str(sign);
                first = rest;
            }
        }
        if let Some(line) = inside.first_mut() {
            *line = first;
        }
        let loose = inside.iter().any(|line| line.trim().is_empty());
        let start = self.out.len();
        self.blocks(&inside, depth + 1);
        // Text alone in an item is no paragraph of its own.
        if !loose && self.out[start..].starts_with("<p>") {
            let written = self.out.split_off(start);
            self.out
                .push_str(&written.replacen("<p>", "", 1).replacen("</p>", "", 1));
        }
        self.out.push_str("</li>\n");
    }

    fn table(&mut self, lines: &[&str]) -> usize {
        let length = lines
            .iter()
            .take_while(|line| line.contains('|') && !line.trim().is_empty())
            .count();
        let right: Vec<bool> = cells(lines[1])
            .iter()
            .map(|cell| cell.ends_with(':') && !cell.starts_with(':'))
            .collect();
        self.out.push_str("<table>\n<thead>\n");
        self.row(lines[0], "th", &right);
        self.out.push_str("</thead>\n<tbody>\n");
        for line in &lines[2..length.max(2)] {
            self.row(line, "td", &right);
        }
        self.out.push_str("</tbody>\n</table>\n");
        length.max(2)
    }

    fn row(&mut self, line: &str, name: &str, right: &[bool]) {
        self.out.push_str("<tr>");
        for (cell, column) in cells(line).iter().zip(0..right.len().max(1)) {
            let align = if right.get(column) == Some(&true) {
                " align=\"right\""
            } else {
                ""
            };
            let _ = write!(
                self.out,
                "<{name}{align}>{}</{name}>",
                inline(cell, self.references)
            );
        }
        self.out.push_str("</tr>\n");
    }
}

struct Fence<'a> {
    sign: char,
    length: usize,
    indent: usize,
    language: &'a str,
}

fn fence(line: &str) -> Option<Fence<'_>> {
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    let sign = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = text.trim_start_matches(sign);
    let length = text.len() - rest.len();
    if length < 3 || indent > 3 || (sign == '`' && rest.contains('`')) {
        return None;
    }
    let language = rest.trim().split([' ', ',', '{']).next().unwrap_or("");
    Some(Fence {
        sign,
        length,
        indent,
        language,
    })
}

fn closes(line: &str, open: &Fence<'_>) -> bool {
    fence(line).is_some_and(|fence| {
        fence.sign == open.sign
            && fence.length >= open.length
            && line.trim().chars().all(|c| c == open.sign)
    })
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start();
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    if !(1..=6).contains(&level)
        || line.len() - text.len() > 3
        || !(title.is_empty() || title.starts_with([' ', '\t']))
    {
        return None;
    }
    let title = title.trim();
    let bare = title.trim_end_matches('#');
    Some((
        level,
        if bare.is_empty() || bare.ends_with(' ') {
            bare.trim_end()
        } else {
            title
        },
    ))
}

/// The level of the heading that a line of `=` or `-` makes of the paragraph above.
fn underline(line: &str) -> Option<usize> {
    let text = line.trim();
    match text.chars().next() {
        Some('=') if text.chars().all(|c| c == '=') => Some(1),
        Some('-') if text.chars().all(|c| c == '-') => Some(2),
        _ => None,
    }
}

fn is_rule(line: &str) -> bool {
    let text: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    text.len() >= 3
        && ['-', '*', '_']
            .iter()
            .any(|&sign| text.chars().all(|c| c == sign))
}

fn is_delimiter(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Whether a line that begins with `<` begins a block of HTML: a tag or comment, and no address in angle brackets.
fn is_html(text: &str) -> bool {
    text.starts_with("<!--") || {
        let name = text[1..].trim_start_matches('/');
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        length > 0
            && matches!(
                name.as_bytes().get(length),
                None | Some(b' ' | b'>' | b'/' | b'\t')
            )
    }
}

struct ListItem {
    sign: char,
    number: Option<u64>,
    indent: usize,
    /// Where its text begins.
    content: usize,
}

fn item(line: &str) -> Option<ListItem> {
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, sign_at) = if digits == 0 {
        (None, 0)
    } else {
        (
            Some(text.get(..digits).filter(|_| digits <= 9)?.parse().ok()?),
            digits,
        )
    };
    let sign = text[sign_at..].chars().next()?;
    let fits = if number.is_some() {
        matches!(sign, '.' | ')')
    } else {
        matches!(sign, '-' | '*' | '+')
    };
    let rest = text.get(sign_at + 1..).filter(|_| fits)?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let spaces = rest.len() - rest.trim_start().len();
    let spaces = if rest.trim().is_empty() || spaces > 4 {
        1
    } else {
        spaces
    };
    Some(ListItem {
        sign,
        number,
        indent,
        content: indent + sign_at + 1 + spaces,
    })
}

/// The cells of a row; a bar behind a backslash, or in code, divides nothing.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut code = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                push_to_last(&mut cells, '|');
            }
            '|' if !code => cells.push(String::new()),
            _ => {
                code ^= c == '`';
                push_to_last(&mut cells, c);
            }
        }
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn push_to_last(cells: &mut [String], c: char) {
    if let Some(last) = cells.last_mut() {
        last.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(markdown: &str, html: &str) {
        assert_eq!(to_html(markdown).replace('\n', ""), html);
    }

    #[test]
    fn headings_and_paragraphs() {
        check(
            "# One #\n\ntext\nmore\n\nTwo\n---\n",
            "<h1>One</h1><p>textmore</p><h2>Two</h2>",
        );
    }

    #[test]
    fn emphasis_code_and_links() {
        check(
            "a *b* **c** `d<e` ~~f~~",
            "<p>a <em>b</em> <strong>c</strong> <code>d&lt;e</code> <del>f</del></p>",
        );
        check(
            "[x](https://a.example/b \"t\") <https://c.example>",
            "<p><a href=\"https://a.example/b\">x</a> <a href=\"https://c.example\">https://c.example</a></p>",
        );
        check(
            "[x][y]\n\n[y]: https://a.example",
            "<p><a href=\"https://a.example\">x</a></p>",
        );
        check("![alt](a.png)", "<p><img src=\"a.png\" alt=\"alt\"></p>");
        check(
            "snake_case_name 2*3*4",
            "<p>snake_case_name 2<em>3</em>4</p>",
        );
        check("\\*not\\*", "<p>*not*</p>");
    }

    #[test]
    fn code_fences_keep_their_text() {
        check(
            "```rust\nlet a = \"<b>\";\n```",
            "<pre><code class=\"language-rust\">let a = &quot;&lt;b&gt;&quot;;</code></pre>",
        );
        check("~~~\nopen", "<pre><code>open</code></pre>");
    }

    #[test]
    fn lists_nest() {
        check(
            "- a\n- b\n  - c\n\n1. x\n2. y",
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><ol><li>x</li><li>y</li></ol>",
        );
        check("- [x] done", "<ul><li>☑ done</li></ul>");
    }

    #[test]
    fn quotes_and_tables() {
        check("> a\n> b", "<blockquote><p>ab</p></blockquote>");
        check(
            "|a|b|\n|-|-:|\n|1|2|",
            "<table><thead><tr><th>a</th><th align=\"right\">b</th></tr></thead><tbody><tr><td>1</td><td align=\"right\">2</td></tr></tbody></table>",
        );
    }

    #[test]
    fn html_passes() {
        check(
            "<p align=center>\n<img src=x>\n</p>\n\n*a*",
            "<p align=center><img src=x></p><p><em>a</em></p>",
        );
    }

    #[test]
    fn html_becomes_markdown() {
        let markdown = from_html(
            "<h2>A</h2><p>b <a href=\"https://c.example\">d</a></p><pre><code class=\"language-rust\">x</code></pre>",
        );
        assert!(
            markdown.contains("## A")
                && markdown.contains("[d](https://c.example)")
                && markdown.contains("```"),
            "{markdown}"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_written(text in "[\\-*_#>|`\\[\\]()!<a \\n1.~:\\\\é]{0,80}") {
            let _ = to_html(&text);
            let _ = from_html(&text);
        }
    }
}
