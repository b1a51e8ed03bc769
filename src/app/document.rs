//! An article as a document of its own, as `save` writes it: Markdown or HTML, whole without bron.

use crate::text::escape;
use crate::text::{SafeText, markdown};
use chrono::{DateTime, Utc};
use std::fmt::Write;
use std::path::Path;

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Markdown,
    Html,
}

/// The form that the name of a file asks for; `None`: plain text.
pub fn form_of(path: &str) -> Option<Form> {
    let ending = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "md" | "markdown" => Some(Form::Markdown),
        "html" | "htm" => Some(Form::Html),
        _ => None,
    }
}

/// What a document is made of. `html` is harmless already.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub title: &'a SafeText,
    pub site: &'a SafeText,
    pub byline: &'a SafeText,
    pub published: Option<DateTime<Utc>>,
    pub language: Option<&'a str>,
    pub url: Option<&'a str>,
    pub html: &'a str,
}

/// Writes it.
pub fn write(about: &About<'_>, form: Form) -> String {
    let date = about
        .published
        .map(|date| date.format("%-d %B %Y").to_string());
    let mut facts: Vec<String> = [about.site.as_str(), about.byline.as_str()]
        .map(escape)
        .into();
    facts.extend(date);
    facts.retain(|fact| !fact.trim().is_empty());
    facts.dedup();
    let facts = facts.join(" · ");
    let title = escape(about.title);
    let mut head = format!("<h1>{title}</h1>\n<p>{facts}</p>\n");
    if let Some(url) = about.url.map(escape) {
        let _ = writeln!(head, "<p><a href=\"{url}\">{url}</a></p>");
    }
    if form == Form::Markdown {
        return markdown::from_html(&format!("{head}{}", about.html));
    }
    let language = about.language.map_or_else(String::new, |language| {
        format!(" lang=\"{}\"", escape(language))
    });
    format!(
        "<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n{head}{}\n</body>\n</html>\n",
        about.html
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form) -> String {
        let line = SafeText::line;
        let about = About {
            title: &line("A <b> & \"c\""),
            site: &line("Site"),
            byline: &line("Site"),
            published: None,
            language: Some("en"),
            url: Some("https://e.example/a?b=1&c=2"),
            html: "<p>One <em>two</em>.</p>",
        };
        write(&about, form)
    }

    #[test]
    fn the_ending_of_the_name_says_the_form() {
        assert_eq!(form_of("a/b.MD"), Some(Form::Markdown));
        assert_eq!(form_of("b.html"), Some(Form::Html));
        assert_eq!(form_of("b.txt"), None);
        assert_eq!(form_of("b"), None);
    }

    #[test]
    fn a_document_says_what_it_is_of_and_no_title_is_markup() {
        let html = written(Form::Html);
        assert!(
            html.contains("<h1>A &lt;b&gt; &amp; &quot;c&quot;</h1>"),
            "{html}"
        );
        assert!(html.contains("<p>Site</p>"), "{html}");
        assert!(
            html.contains("href=\"https://e.example/a?b=1&amp;c=2\""),
            "{html}"
        );
        let markdown = written(Form::Markdown);
        assert!(markdown.starts_with("# A "), "{markdown}");
        assert!(markdown.contains("One *two*."), "{markdown}");
    }
}
