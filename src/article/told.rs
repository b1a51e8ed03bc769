//! What a page tells its readers only in its head: the abstract and the PDF of a paper, the description of a video.

use super::{
    jsonld::{self, JsonLd},
    runs,
};
use crate::text::escape;
use dom_query::Document;
use std::fmt::Write;
use url::Url;

/// A text with fewer words is no article: what the head tells says more.
const THIN: usize = 120;
/// A shorter abstract is none, or cut off.
const ABSTRACT_WORDS: usize = 20;
/// Scripts beyond are not looked through.
const SCRIPTS: usize = 60;
const SCRIPT_BYTES: usize = 2 << 20;

/// Where pages of papers have their abstract, best first.
const ABSTRACTS: &[&str] = &[
    "blockquote.abstract",
    "[role='doc-abstract']",
    "section.abstract, div.abstract, #abstract, #Abs1-content",
    "[class*='abstract-content'], [class*='abstractSection'], [id*='abstract-content']",
];

/// Keys in scripts under which players of video keep the whole description; the head has its beginning only.
const DESCRIPTIONS: &[&str] = &["\"shortDescription\":\""];

/// What the head of a page tells.
#[derive(Default)]
pub(super) struct Told {
    abstract_text: Option<String>,
    pdf: Option<Url>,
    video: Option<String>,
}

/// Reads it; before scripts are taken out.
pub(super) fn of(document: &Document, base: &Url) -> Told {
    let meta = |name: &str| {
        document
            .select(&format!("meta[name='{name}'], meta[property='{name}']"))
            .attr("content")
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let mut told = Told::default();
    // The names that libraries agreed on for papers.
    if meta("citation_title").is_some() {
        told.pdf = meta("citation_pdf_url")
            .and_then(|href| base.join(&href).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        told.abstract_text = ABSTRACTS
            .iter()
            .map(|selector| document.select(selector).text().trim().to_owned())
            .find(|text| runs::count_words(text) >= ABSTRACT_WORDS)
            .or_else(|| meta("citation_abstract"))
            .map(|text| {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                without_label(&text).to_owned()
            });
    }
    if meta("og:type").is_some_and(|kind| kind.starts_with("video")) {
        told.video = of_scripts(document)
            .or_else(|| {
                let data = JsonLd::of(document);
                let film = data.of_type("VideoObject")?;
                jsonld::text(film, "description").map(str::to_owned)
            })
            .or_else(|| meta("og:description"));
    }
    told
}

fn without_label(text: &str) -> &str {
    ["Abstract:", "Abstract.", "ABSTRACT", "Abstract", "Summary:"]
        .iter()
        .find_map(|label| text.strip_prefix(label))
        .unwrap_or(text)
        .trim_start()
}

fn of_scripts(document: &Document) -> Option<String> {
    for script in document
        .select("script:not([src])")
        .nodes()
        .iter()
        .take(SCRIPTS)
    {
        let text = script.text();
        if text.len() > SCRIPT_BYTES {
            continue;
        }
        for key in DESCRIPTIONS {
            let Some(at) = text.find(key) else { continue };
            let string = &text[at + key.len() - 1..];
            // The deserialiser knows where the string ends.
            let mut values = serde_json::Deserializer::from_str(string).into_iter::<String>();
            if let Some(Ok(description)) = values.next()
                && !description.trim().is_empty()
            {
                return Some(description);
            }
        }
    }
    None
}

impl Told {
    /// Puts what was told to the HTML of the article, where the article lacks it, and says whether it did. `text`: what the
    /// HTML says.
    pub(super) fn add_to(&self, html: &mut String, text: &str) -> bool {
        let before = html.clone();
        let words = runs::count_words(text);
        let lacks = |told: &String| {
            let beginning: String = squeezed(told).chars().take(60).collect();
            !squeezed(text).contains(&beginning)
        };
        if let Some(told) = &self.abstract_text {
            let whole = runs::count_words(told);
            // The page of a paper that is not the paper: all beside the abstract is the library's.
            if whole >= ABSTRACT_WORDS && words < 2 * whole + THIN {
                *html = format!("<p>{}</p>", linked(told));
            }
        }
        if let Some(told) = self
            .video
            .as_ref()
            .filter(|told| words < THIN && lacks(told))
        {
            // What little there is comes from the player and its lists.
            html.clear();
            for paragraph in told.split("\n\n").filter(|text| !text.trim().is_empty()) {
                let lines: Vec<String> =
                    paragraph.lines().map(|line| linked(line.trim())).collect();
                let _ = write!(html, "<p>{}</p>", lines.join("<br>"));
            }
        }
        if let Some(pdf) = &self.pdf {
            let address = escape(pdf.as_str());
            if !html.contains(&format!("\"{address}\"")) {
                let _ = write!(html, "<p><a href=\"{address}\">The paper as PDF</a></p>");
            }
        }
        *html != before
    }
}

/// A line with its addresses as links.
fn linked(line: &str) -> String {
    let mut finder = linkify::LinkFinder::new();
    finder.kinds(&[linkify::LinkKind::Url]);
    finder
        .spans(line)
        .map(|span| {
            let text = escape(span.as_str());
            if span.kind().is_some() {
                format!("<a href=\"{text}\">{text}</a>")
            } else {
                text
            }
        })
        .collect()
}

fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, html: &str, text: &str, expected: &str) {
        let base = Url::parse("https://example.org/a/b").expect("an address");
        let mut html = html.to_owned();
        of(&Document::from(page), &base).add_to(&mut html, text);
        assert_eq!(html, expected, "{page}");
    }

    #[test]
    fn a_paper_has_its_abstract_and_a_way_to_the_pdf() {
        let long = "words ".repeat(20);
        let long = long.trim();
        check(
            &format!(
                "<meta name=citation_title content=T><meta name=citation_pdf_url content='/p.pdf'><blockquote class=abstract>Abstract: {long}</blockquote>"
            ),
            "<p>Cited by 3</p>",
            "Cited by 3",
            &format!(
                "<p>{long}</p><p><a href=\"https://example.org/p.pdf\">The paper as PDF</a></p>"
            ),
        );
        check(
            "<meta name=citation_title content=T><meta name=citation_abstract content='A b.'><meta name=citation_pdf_url content='/p.pdf'>",
            "<p>A b.</p><a href=\"https://example.org/p.pdf\">PDF</a>",
            "A b. PDF",
            "<p>A b.</p><a href=\"https://example.org/p.pdf\">PDF</a>",
        );
        check(
            "<meta name=citation_title content=T><meta name=citation_pdf_url content='javascript:x()'>",
            "<p>a",
            "a",
            "<p>a",
        );
    }

    #[test]
    fn a_video_has_its_description_with_links() {
        check(
            r#"<meta property=og:type content=video.other><meta property=og:description content="One…"><script>var x = {"shortDescription":"One <two>.\nhttps://example.com/x\n\nThree \"3\".","y":1}</script>"#,
            "<p>Next up",
            "Next up",
            "<p>One &lt;two&gt;.<br><a href=\"https://example.com/x\">https://example.com/x</a></p><p>Three &quot;3&quot;.</p>",
        );
        check(
            r#"<meta property=og:type content=video><meta property=og:description content="One">"#,
            "",
            "",
            "<p>One</p>",
        );
    }

    #[test]
    fn articles_stay_as_they_are() {
        check(
            "<meta property=og:type content=article><meta property=og:description content=One>",
            "<p>a",
            "a",
            "<p>a",
        );
    }
}
