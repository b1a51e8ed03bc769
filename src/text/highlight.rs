//! Colours for code blocks: roles by what a token is, out of the syntaxes of syntect and two-face.
//!
//! - Never on the UI thread: the first lines of a language cost tens of milliseconds, since its regexes are compiled then.
//! - The syntaxes are loaded once, when the first code block is painted.
//! - Code without a language, or of one that is not known, stays plain: guessing is wrong too often.

use super::lines::{Line, LineKind, Lines, Role, Span};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Bytes of code that are painted in one article.
const CODE: usize = 64 * 1024;
/// Bytes of a line that is painted; longer ones are data, and slow.
const LINE: usize = 1000;

/// Paints the code blocks of an article. They come out with the same text, in more spans.
pub fn paint(lines: &mut Lines) {
    let mut budget = CODE;
    let mut at = 0;
    while at < lines.lines.len() {
        if lines.lines[at].kind != LineKind::Code {
            at += 1;
            continue;
        }
        let length = lines.lines[at..]
            .iter()
            .take_while(|line| line.kind == LineKind::Code)
            .count();
        let block = &mut lines.lines[at..at + length];
        let size: usize = block
            .iter()
            .map(|line| line.spans.iter().map(|span| span.text.len()).sum::<usize>())
            .sum();
        if size <= budget
            && let Some(syntax) = label(block).and_then(syntax_of)
        {
            budget -= size;
            // A grammar is foreign too: what it cannot do leaves the block plain.
            let _ = catch_unwind(AssertUnwindSafe(|| paint_block(block, syntax)));
        }
        at += length;
    }
}

fn label(block: &[Line]) -> Option<&str> {
    block
        .first()?
        .spans
        .iter()
        .find(|span| span.role == Role::CodeLabel)
        .map(|span| span.text.as_str())
}

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

fn syntax_of(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language.to_lowercase().as_str() {
        "shell" | "sh" | "zsh" | "console" | "shell-session" | "shellsession" | "shell-script"
        | "terminal" => "bash".to_owned(),
        "golang" => "go".to_owned(),
        "jsonc" | "json5" | "jsonl" => "json".to_owned(),
        "c++" | "cxx" => "cpp".to_owned(),
        "c#" | "csharp" => "cs".to_owned(),
        "node" | "jsx" | "mjs" => "js".to_owned(),
        "vb" => "vbs".to_owned(),
        other => other.to_owned(),
    };
    syntaxes().find_syntax_by_token(&token)
}

fn paint_block(block: &mut [Line], syntax: &SyntaxReference) {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    for line in block
        .iter_mut()
        .filter(|line| line.spans.iter().all(|span| span.role != Role::CodeLabel))
    {
        let mut text: String = line
            .spans
            .iter()
            .filter(|span| is_code(span))
            .skip(1)
            .map(|span| span.text.as_str())
            .collect();
        if text.len() > LINE {
            continue;
        }
        text.push('\n');
        let Ok(operations) = state.parse_line(&text, syntaxes()) else {
            return;
        };
        let mut parts: Vec<(usize, Role)> = Vec::new();
        for (at, operation) in operations {
            push_part(&mut parts, at.min(text.len() - 1), role(&stack));
            if stack.apply(&operation).is_err() {
                return;
            }
        }
        push_part(&mut parts, text.len() - 1, role(&stack));
        repaint(line, &parts);
    }
}

fn is_code(span: &Span) -> bool {
    matches!(span.role, Role::Code | Role::Link)
}

/// Adds a part that ends at `end`.
fn push_part(parts: &mut Vec<(usize, Role)>, end: usize, role: Role) {
    match parts.last_mut() {
        Some((last, same)) if *same == role || *last >= end => *last = end.max(*last),
        _ if end == 0 => {}
        _ => parts.push((end, role)),
    }
}

/// Cuts the code spans of a line at the ends of the parts.
fn repaint(line: &mut Line, parts: &[(usize, Role)]) {
    let mut spans = Vec::with_capacity(line.spans.len() + parts.len());
    let mut at = 0;
    let mut part = 0;
    // The first is the indent, which is no code.
    let mut inside = false;
    for span in line.spans.drain(..) {
        if !is_code(&span) || !std::mem::replace(&mut inside, true) {
            spans.push(span);
            continue;
        }
        let end = at + span.text.len();
        if span.role == Role::Link {
            spans.push(span);
            at = end;
            continue;
        }
        let start = at;
        while at < end {
            while parts.get(part).is_some_and(|&(part_end, _)| part_end <= at) {
                part += 1;
            }
            let (part_end, role) = parts.get(part).copied().unwrap_or((end, Role::Code));
            let cut = part_end.min(end);
            let Some(text) = span.text.get(at - start..cut - start) else {
                break;
            };
            spans.push(Span {
                role,
                ..span.like(text.to_owned())
            });
            at = cut;
        }
        at = end;
    }
    line.spans = spans;
}

/// What the innermost scope that says something says. Names and signs are text: in code that is painted,
/// only what has a meaning has a colour.
fn role(stack: &ScopeStack) -> Role {
    for scope in stack.as_slice().iter().rev() {
        for (prefix, role) in rules() {
            if prefix.is_prefix_of(*scope) {
                return *role;
            }
        }
    }
    Role::Text
}

/// Scopes and what they are to a reader; the first that fits decides.
fn rules() -> &'static [(Scope, Role)] {
    static RULES: OnceLock<Vec<(Scope, Role)>> = OnceLock::new();
    RULES.get_or_init(|| {
        [
            ("comment", Role::CodeComment),
            ("meta.interpolation", Role::Text),
            ("constant.character.escape", Role::CodeNumber),
            ("string", Role::CodeString),
            ("constant", Role::CodeNumber),
            ("keyword.operator", Role::Text),
            ("keyword", Role::CodeKeyword),
            ("storage.modifier", Role::CodeKeyword),
            ("storage.type", Role::CodeKeyword),
            ("storage", Role::CodeKeyword),
            ("entity.name.function", Role::CodeFunction),
            ("entity.name.tag", Role::CodeKeyword),
            ("entity.other.attribute-name", Role::CodeType),
            ("entity.name", Role::CodeType),
            ("entity.other.inherited-class", Role::CodeType),
            ("support.function", Role::CodeFunction),
            ("support.macro", Role::CodeFunction),
            ("support.type.property-name", Role::CodeType),
            ("support", Role::CodeType),
            ("variable.function", Role::CodeFunction),
            ("variable.language", Role::CodeKeyword),
            ("markup.inserted", Role::CodeString),
            ("markup.deleted", Role::CodeNumber),
        ]
        .into_iter()
        .filter_map(|(scope, role)| Some((Scope::new(scope).ok()?, role)))
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{LayOut, lay_out};

    fn painted(language: &str, code: &str) -> Lines {
        let html = format!("<pre><code class=\"language-{language}\">{code}</code></pre>");
        let plain = lay_out(
            &html,
            &LayOut {
                width: 60,
                numbers: &[],
                pictures: &[],
            },
        );
        let mut lines = plain.clone();
        paint(&mut lines);
        let texts = |lines: &Lines| lines.lines.iter().map(Line::text).collect::<Vec<_>>();
        assert_eq!(texts(&lines), texts(&plain));
        lines
    }

    #[track_caller]
    fn check(language: &str, code: &str, word: &str, role: Role) {
        let lines = painted(language, code);
        let found = lines
            .lines
            .iter()
            .flat_map(|line| &line.spans)
            .find(|span| span.text.trim().contains(word))
            .map(|span| span.role);
        assert_eq!(found, Some(role), "{lines:?}");
    }

    #[test]
    fn tokens_get_their_roles() {
        check("rust", "let a = 1; // note", "let", Role::CodeKeyword);
        check("rust", "let a = 1; // note", "note", Role::CodeComment);
        check(
            "rust",
            "fn main() { print(\"x\") }",
            "main",
            Role::CodeFunction,
        );
        check("python", "x = 'text'", "text", Role::CodeString);
        check("js", "const a = 12;", "12", Role::CodeNumber);
    }

    #[test]
    fn a_comment_goes_on_over_lines() {
        check("c", "/* one\ntwo */\nint x;", "two", Role::CodeComment);
    }

    #[test]
    fn unknown_languages_stay_plain() {
        check("nosuchlanguage", "let a = 1;", "let", Role::Code);
    }
}
