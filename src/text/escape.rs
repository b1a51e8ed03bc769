//! Text that becomes part of HTML or XML.

/// Text as it is written between tags and in an attribute in double quotes (HTML, 13.1.4; XML, 2.4).
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;
    use proptest::prelude::*;

    #[test]
    fn what_has_a_meaning_in_markup_loses_it() {
        assert_eq!(
            escape("a<b> & \"c\" 'd' &amp;"),
            "a&lt;b&gt; &amp; &quot;c&quot; 'd' &amp;amp;"
        );
    }

    proptest! {
        #[test]
        fn it_is_read_back_as_it_was(text in "[a-z<>&\"'; ]{0,40}") {
            let said = format!("<pre>{}</pre>", escape(&text));
            let read = dom_query::Document::from(said.as_str()).text().to_string();
            prop_assert_eq!(read, text);
        }
    }
}
