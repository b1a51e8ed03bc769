//! Documentation: pages that one of a few programs made out of what somebody wrote about a program, a machine, a place.
//!
//! Such programs write the same names into every page, so a row of the table says where the text stands, and what within
//! it the program put there: signs that lead to a heading, buttons that copy, since when there is a function and where
//! its code is. A page that no row knows is judged as all others are.

use super::posts::{self, Posts, Row, row};
use super::runs::{Run, Runs};
use dom_query::Document;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("rustdoc", "section#main-content.content", "", ".rightside, .since, .out-of-band, .src, .srclink, .anchor, .doc-anchor, .tooltip, .sub-heading, .rustdoc-breadcrumbs, #copy-path, .hideme > summary, .item-info, #synthetic-implementations, #synthetic-implementations-list, #blanket-implementations, #blanket-implementations-list, #trait-implementations-list .impl-items"),
    row("Sphinx", "div.body[role='main'], #docs-body[role='main'], [role='main'] [itemprop='articleBody'], .bd-main article.bd-article, article#furo-main-content, article#docs-content > section, .yue[role='main']", "", ".headerlink, .viewcode-back, nav.contents, div.contents.topic, .toctree-wrapper, .copybtn, .linenos, .lineno, .related-pages, .docs-navigation-links"),
    row("MkDocs", "article.md-content__inner", "", ".headerlink, .md-content__button, .md-source-file, .md-feedback, .md-tags, .md-annotation, .linenos"),
    row("Docusaurus", ".theme-doc-markdown", "", ".hash-link, .theme-doc-toc-mobile, [class*='buttonGroup']"),
    row("VitePress and VuePress", ".vp-doc, .theme-default-content", "", ".header-anchor, .lang, .copy, .line-numbers-wrapper, .page-edit, .page-nav"),
    row("Starlight", ".sl-markdown-content", "", ".sl-anchor-link, .copy"),
    row("mdBook", "#content > main, #mdbook-content > main", "", ".buttons, .nav-wrapper"),
    row("bookdown", ".page-inner section.normal", "", ".fa"),
    row("MediaWiki", "#mw-content-text", "", ".mw-editsection, .navbox, .toc, #toc, .catlinks, .noprint, .printfooter, .mw-jump-link, .ambox, .mw-indicators"),
    row("DokuWiki", "#dokuwiki__content .page, .dokuwiki .page .dw-content", "", ".toc, #dw__toc, #dokuwiki__toc, .secedit"),
    row("pkg.go.dev", ".Documentation-content", "", ".Documentation-idLink, .Documentation-source, .Documentation-sinceVersion"),
    row("manual pages of git", "#main[data-pagefind-body]", "", ".anchor, #book-chapters, #previous-versions, #nav, .dropdown-panel, [id='nav']"),
    row("MDN", ".reference-layout__body, .main-page-content", "", ".section-anchor, .metadata, .article-footer, .icon-link, .example-header, .document-toc"),
    row("Javadoc", "main[role='main'] > .class-description, main[role='main'] > .summary, main[role='main'] > .details", "", ".anchor-link, .table-tabs"),
    row("Doxygen", "div.contents:not(.topic)", "", ".memSeparator, .permalink, .lineno, .dynheader, .mlabels"),
    row("ExDoc", ".content-inner", "", ".hover-link, .icon-action, .bottom-actions, .livebook-badge"),
    row("GitHub Docs", "#article-contents .markdown-body, #article-intro", "", ".heading-link, [data-container='toc']"),
    row("AWS", "#main-col-body", "", "awsdocs-doc-feedback, awsdocs-thumb-feedback, #main-col-footer, #doc-conventions, .prev-link, .next-link, #page-toc-src"),
    row("developer sites of Google", ".devsite-article-body", "", "devsite-feedback, devsite-toc, devsite-actions, devsite-feature-tooltip, .devsite-article-meta, .devsite-breadcrumb-list"),
    row("Microsoft Learn", "[data-main-column] > .content, #main-column > .content", "", ".page-metadata, .feedback-section, #article-metadata, .codeHeader"),
    row("PostgreSQL", "#docContent", "", ".navheader, .navfooter, .id_link, #docComments"),
    row("Docsy", ".td-content", "", ".td-page-meta, .td-heading-self-link, .feedback--link, .heading-link"),
    row("Just the Docs", "#main-content.main-content", "", ".anchor-heading"),
    row("Antora", "article.doc", "", ".anchor, nav.pagination, .source-toolbox"),
    row("Nextra", "main.nextra-content, .nextra-content main", "", ".subheading-anchor, .nextra-toc"),
    row("Mintlify and ReadMe", "#content-area .mdx-content, .rm-Article .markdown-body", "", ".heading-anchor-icon"),
    row("Confluence", "#main-content.wiki-content", "", ".toc-macro, .plugin_pagetree"),
];

/// Blocks within a text that are no lines of it, whichever program made them; nor is its heading, which the reader shows.
const NO_LINES: &[&str] = &["h1", "button", "nav", "select", "footer"];
/// Words for programs that read the screen aloud, at the signs that lead to a heading.
const SPOKEN: &[&str] = &[
    "section titled",
    "permalink to",
    "link to this heading",
    "copy to clipboard",
];

/// How much of what the plain choice keeps the text of a row must hold at least, in words: less is a part of it.
const SHARE: (usize, usize) = (1, 2);

/// The text of a page that is taken for documentation, by the row that finds the most words.
pub(super) fn of(document: &Document, found: &Runs<'_>, kind: &str) -> Option<Posts> {
    if kind != "documentation" {
        return None;
    }
    let mut text = posts::best(ROWS, document, found)?;
    for (inside, run) in text.inside.iter_mut().zip(&found.runs) {
        *inside = *inside && !is_no_line(run);
    }
    Some(text)
}

fn is_no_line(run: &Run<'_>) -> bool {
    let block = run.block.node_name().unwrap_or_default();
    let text = run.text.trim_start();
    let beginning = text[..text.floor_char_boundary(40)].to_lowercase();
    NO_LINES.contains(&&*block) || SPOKEN.iter().any(|words| beginning.starts_with(words))
}

/// The text goes before what the judge says.
pub(super) fn prefer(text: Option<&Posts>, words: &[usize], kept: &mut Vec<bool>) {
    let Some(text) = text else { return };
    let sum = |of: &[bool]| -> usize {
        of.iter()
            .zip(words)
            .filter(|(keep, _)| **keep)
            .map(|(_, words)| words)
            .sum()
    };
    if sum(&text.inside) * SHARE.1 >= sum(kept) * SHARE.0 {
        kept.clone_from(&text.inside);
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs;
    use super::*;
    use dom_query::Matcher;

    #[track_caller]
    fn check(html: &str, kind: &str, expected: &[&str]) {
        let page = Document::from(html);
        let found = runs::of_document(&page);
        let words: Vec<usize> = found.runs.iter().map(|run| run.words).collect();
        let mut kept = vec![true; found.runs.len()];
        prefer(of(&page, &found, kind).as_ref(), &words, &mut kept);
        let texts: Vec<&str> = found
            .runs
            .iter()
            .zip(&kept)
            .filter(|(_, keep)| **keep)
            .map(|(run, _)| run.text.trim())
            .collect();
        assert_eq!(texts, expected, "{html}");
    }

    #[test]
    fn every_selector_of_the_table_is_legible() {
        for row in ROWS {
            for selectors in [row.texts, row.not] {
                assert!(Matcher::new(selectors).is_ok(), "{selectors}");
            }
        }
    }

    #[test]
    fn a_function_keeps_how_it_is_called_and_loses_since_when_there_is_one() {
        let long = "words ".repeat(30);
        let long = long.trim();
        check(
            &format!(
                "<nav>Modules</nav><section id=main-content class=content><h1>Enum Result</h1><section><span class=rightside><span class=since>1.0.0</span> <a class=src href=x>Source</a></span>
                 <h4 class=code-header>pub fn ok(self) -&gt; Option</h4></section><div class=docblock><p>{long}</p></div></section><p>Index"
            ),
            "documentation",
            &["pub fn ok(self) -> Option", long],
        );
    }

    #[test]
    fn headings_and_notes_stay_and_buttons_and_words_for_ears_go() {
        let long = "words ".repeat(30);
        let long = long.trim();
        check(
            &format!(
                "<div class=sl-markdown-content><h2>Why</h2><a class=sl-anchor-link href=#why><span>Section titled “Why”</span></a><aside><p>Tip</p></aside><p>{long}</p><button>Copy</button></div><footer>© me"
            ),
            "documentation",
            &["Why", "Tip", long],
        );
    }

    #[test]
    fn other_pages_and_texts_that_are_a_small_part_stay_as_they_are() {
        let long = "words ".repeat(60);
        let long = long.trim();
        let page = format!(
            "<div class=td-content>{}</div><p>{long}</p>",
            "few ".repeat(25)
        );
        let few = "few ".repeat(25);
        let few = few.trim();
        check(&page, "documentation", &[few, long]);
        let page = format!("<div class=td-content>{long}</div><p>{few}</p>");
        check(&page, "documentation", &[long]);
        check(&page, "article", &[long, few]);
    }
}
