//! A page cut into runs: the pieces of text that a reader would see as one line or paragraph.
//!
//! A run is what stands between two borders of blocks (or two line breaks on end). Runs are what is kept or left out:
//! smaller than elements, so that a text that lies beside a list in one `div` can be told from it, and in reading order.

use dom_query::{Document, NodeRef};

/// Pages with more runs are lists of data; what follows is left out.
pub(super) const MAX_RUNS: usize = 6000;
/// The first character that marks a run in what an extractor gives back. The private use area is free: characters of
/// the page that lie in it (icons) are taken out before.
const FIRST_MARK: u32 = 0xE000;

/// Elements that begin and end a line.
#[rustfmt::skip]
pub(super) const BLOCKS: &[&str] = &[
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav",
    "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
];

/// One run.
pub(super) struct Run<'a> {
    /// Its text nodes, in order.
    pub texts: Vec<NodeRef<'a>>,
    /// The nearest block around it.
    pub block: NodeRef<'a>,
    pub words: usize,
    /// Words within anchors.
    pub linked_words: usize,
    /// Its anchors in order, and how many of its words stand within each.
    pub anchors: Vec<(NodeRef<'a>, usize)>,
    pub text: String,
}

/// An image, a film or a frame, and the run that it follows.
pub(super) struct Media<'a> {
    pub node: NodeRef<'a>,
    /// How many runs were complete or begun before it.
    pub after: usize,
}

/// A page in runs.
pub(super) struct Runs<'a> {
    pub runs: Vec<Run<'a>>,
    pub media: Vec<Media<'a>>,
}

/// Cuts what is under `root`.
pub(super) fn cut<'a>(root: &NodeRef<'a>) -> Runs<'a> {
    let mut cutter = Cutter {
        found: Runs {
            runs: Vec::new(),
            media: Vec::new(),
        },
        open: None,
        anchors: Vec::new(),
        breaks: 0,
    };
    let mut steps = vec![Step::Enter(*root, *root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Leave(name, node) => cutter.leave(&name, node),
            Step::Enter(node, block) => {
                if node.is_text() {
                    cutter.text(node, block);
                } else if node.is_element() || node.is_document() || node.is_fragment() {
                    let name = node.node_name().map(|n| n.to_string()).unwrap_or_default();
                    let inner = if is_block(&name) { node } else { block };
                    cutter.enter(&name, node);
                    if cutter.found.runs.len() >= MAX_RUNS {
                        break;
                    }
                    steps.push(Step::Leave(name, node));
                    let children: Vec<NodeRef<'a>> = node.children_it(true).collect();
                    steps.extend(children.into_iter().map(|child| Step::Enter(child, inner)));
                }
            }
        }
    }
    cutter.end_run();
    cutter.found
}

enum Step<'a> {
    Enter(NodeRef<'a>, NodeRef<'a>),
    Leave(String, NodeRef<'a>),
}

struct Cutter<'a> {
    found: Runs<'a>,
    open: Option<Run<'a>>,
    /// Those that are open.
    anchors: Vec<NodeRef<'a>>,
    breaks: usize,
}

impl<'a> Cutter<'a> {
    fn enter(&mut self, name: &str, node: NodeRef<'a>) {
        match name {
            // An anchor that leads nowhere is the place that others lead to.
            "a" if node.has_attr("href") => self.anchors.push(node),
            "br" => {
                self.breaks += 1;
                if self.breaks > 1 {
                    self.end_run();
                } else if let Some(run) = &mut self.open {
                    run.text.push('\n');
                }
            }
            "img" | "video" | "audio" | "iframe" | "embed" | "object" | "picture" | "math"
            | "amp-youtube" | "amp-img" => {
                let after = self.found.runs.len() + usize::from(self.open.is_some());
                self.found.media.push(Media { node, after });
            }
            _ if is_block(name) => self.end_run(),
            _ => {}
        }
    }

    fn leave(&mut self, name: &str, node: NodeRef<'a>) {
        if name == "a" {
            self.anchors.pop_if(|anchor| anchor.id == node.id);
        } else if is_block(name) {
            self.end_run();
        }
    }

    fn text(&mut self, node: NodeRef<'a>, block: NodeRef<'a>) {
        let text = node.text();
        if text.trim().is_empty() {
            if let Some(run) = &mut self.open {
                run.text.push(' ');
            }
            return;
        }
        self.breaks = 0;
        let run = self.open.get_or_insert_with(|| Run {
            texts: Vec::new(),
            block,
            words: 0,
            linked_words: 0,
            anchors: Vec::new(),
            text: String::new(),
        });
        let words = count_words(&text);
        run.words += words;
        if let Some(anchor) = self.anchors.last() {
            run.linked_words += words;
            match run.anchors.last_mut() {
                Some((last, inside)) if last.id == anchor.id => *inside += words,
                _ => run.anchors.push((*anchor, words)),
            }
        }
        run.texts.push(node);
        // Marks are the extractors'; rules over beginnings of lines must not see them.
        run.text.extend(text.chars().filter(|c| !is_mark(*c)));
    }

    fn end_run(&mut self) {
        self.breaks = 0;
        if let Some(run) = self.open.take() {
            self.found.runs.push(run);
        }
    }
}

/// Whether an element begins and ends a line. Names with a hyphen are the page's own; most stand for blocks.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name) || name.contains('-')
}

/// Words: runs of letters and digits; a character of a script without spaces is a word.
pub(super) fn count_words(text: &str) -> usize {
    let mut words = 0;
    let mut inside = false;
    for c in text.chars() {
        if is_ideograph(c) {
            words += 1;
            inside = false;
        } else {
            let letter = c.is_alphanumeric() || c == '_';
            words += usize::from(letter && !inside);
            inside = letter;
        }
    }
    words
}

fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Sets a mark before the text of each run.
pub(super) fn mark(runs: &Runs<'_>) {
    for (number, run) in runs.runs.iter().enumerate() {
        let (Some(mark), Some(node)) = (mark_of(number), run.texts.first()) else {
            break;
        };
        let text = node.text();
        let start = text.len() - text.trim_start().len();
        node.set_text(format!("{}{mark}{}", &text[..start], &text[start..]));
    }
}

/// Which of `count` runs stand in a text that came out of marked runs.
pub(super) fn marked(text: &str, count: usize) -> Vec<bool> {
    let mut found = vec![false; count];
    for c in text.chars() {
        if let Some(number) = u32::from(c).checked_sub(FIRST_MARK)
            && let Some(place) = found.get_mut(number as usize)
        {
            *place = true;
        }
    }
    found
}

/// The text without marks, and without characters that could be taken for one.
pub(super) fn without_marks(text: &str) -> String {
    text.chars().filter(|c| !is_mark(*c)).collect()
}

/// Whether a text holds a mark.
pub(super) fn has_marks(text: &str) -> bool {
    text.chars().any(is_mark)
}

fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF)
}

fn mark_of(number: usize) -> Option<char> {
    u32::try_from(number)
        .ok()
        .and_then(|n| char::from_u32(FIRST_MARK + n))
        .filter(|c| is_mark(*c))
}

/// Cuts a whole document.
pub(super) fn of_document(document: &Document) -> Runs<'_> {
    cut(&document.body().unwrap_or_else(|| document.root()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let document = Document::from(html);
        let texts: Vec<String> = of_document(&document)
            .runs
            .iter()
            .map(|run| run.text.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(texts, expected, "{html}");
    }

    #[test]
    fn a_run_ends_where_a_line_ends() {
        check("<p>one <b>two</b> three<p>four", &["one two three", "four"]);
        check(
            "<div>one<ul><li>two<li>three</ul>four</div>",
            &["one", "two", "three", "four"],
        );
        check("one<br>two<br> <br>three", &["one two", "three"]);
        check(
            "<a href=x><div>one</div><div>two</div></a>",
            &["one", "two"],
        );
        check("<table><tr><td>one<td>two</table>", &["one", "two"]);
        check("<p> </p>", &[]);
    }

    #[test]
    fn words_are_counted_in_and_out_of_anchors() {
        let document = Document::from("<p>one <a href=x>two three</a> 東京</p>");
        let found = of_document(&document);
        assert_eq!((found.runs[0].words, found.runs[0].linked_words), (5, 2));
        let document = Document::from("<p><a name=x>one</a> <a href=x>two</a>");
        let found = of_document(&document);
        assert_eq!((found.runs[0].words, found.runs[0].linked_words), (2, 1));
    }

    #[test]
    fn marks_tell_which_runs_came_back() {
        let document = Document::from("<p>one<p> two<p>three");
        mark(&of_document(&document));
        let runs = of_document(&document);
        let back: Vec<String> = runs.runs[..]
            .iter()
            .map(|run| run.texts[0].text().to_string())
            .collect();
        let back = format!("{}{}", back[0], back[2]);
        assert_eq!(marked(&back, 3), [true, false, true]);
        assert_eq!(without_marks(&back), "onethree");
        assert_eq!(runs.runs[1].text, " two");
    }
}
