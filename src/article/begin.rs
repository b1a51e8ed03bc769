//! Where an article begins and ends.
//!
//! The reader shows title, author, site and date by themselves, so they need not stand in the text once more; nor need
//! what leads around the site or hands the page on. Before the first paragraph, what a row names goes; headings behind the
//! last paragraph have nothing under them; and a line that points to another article is no line of this one.

use super::evidence::Facts;
use super::signals::Part;

/// Pages whose first and last lines are no head and tail of an article.
const OTHER_KINDS: &[&str] = &[
    "documentation",
    "forum",
    "listing",
    "collection",
    "product",
    "service",
];
/// Runs that are looked at for a beginning.
const RUNS: usize = 40;

/// A row: why a line goes, and whether it is one.
type Row = (&'static str, fn(&Facts) -> bool);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("the title once more", |f| f.title > 0.7 && f.words <= 40),
    ("the heading of the whole page", |f| f.block == "h1"),
    ("a date", |f| f.is_date && f.words <= 12),
    ("who wrote it, and when", |f| f.words <= 14 && !f.ends_sentence && is_named(f, &[Part::Meta, Part::Biography])),
    ("who wrote it", |f| f.words <= 14 && !f.ends_sentence && starts(f, BYLINES)),
    ("how long it takes to read", |f| f.words <= 8 && ["min read", "minute read", "minutes read", "min. lesezeit", "min de lecture", "read time", "reading time"].iter().any(|word| f.text.to_lowercase().contains(word))),
    ("a way around the site", |f| f.words <= 20 && (is_named(f, &[Part::Navigation]) || f.around.contains(&"nav"))),
    ("a way to hand it on", |f| f.words <= 8 && is_named(f, &[Part::Share])),
    ("what a picture shows", |f| f.words <= 60 && (f.block == "figcaption" || f.around.contains(&"figure"))),
    ("what a picture shows, or who made it", |f| f.words <= 30 && f.block != "p" && is_named(f, &[Part::Caption])),
    ("who made a picture", |f| f.words <= 12 && starts(f, CREDITS)),
    ("a heading of its kind, a category", |f| f.words <= 6 && !f.ends_sentence && is_named(f, &[Part::Tags])),
    ("a link about the article", |f| f.words <= 6 && f.words > 0 && f.linked_words == f.words && !f.ends_sentence && is_named(f, &[Part::Tags, Part::Meta, Part::Biography, Part::Navigation, Part::Share, Part::Head])),
    ("an advertisement", |f| f.words <= 6 && (is_named(f, &[Part::Advertisement]) || starts(f, &["advertisement", "anzeige", "werbung", "publicité", "publicidad", "sponsored"]))),
    ("marks without words", |f| f.words == 0),
    ("a number", |f| f.words == 1 && f.text.chars().all(|c| !c.is_alphabetic())),
    ("a place or an agency before the text", |f| (1..=4).contains(&f.words) && f.text.ends_with(['—', '–', '-'])),
    ("a heading that only says what follows", |f| is_heading(f) && ABSTRACTS.contains(&f.text.trim_end_matches(':').to_lowercase().as_str())),
];

const BYLINES: &[&str] = &[
    "by ",
    "by:",
    "written by",
    "posted by",
    "posted on",
    "posted in",
    "posted at",
    "posted:",
    "published",
    "updated",
    "last updated",
    "last modified",
    "author:",
    "von ",
    "par ",
    "por ",
    "door ",
    "di ",
    "av ",
    "af ",
    "date:",
    "text:",
    "words:",
    "story by",
    "reported by",
    "edited by",
    "reviewed by",
    "submitted by",
];
const CREDITS: &[&str] = &[
    "photo:",
    "photo by",
    "photo credit",
    "photos:",
    "photograph:",
    "image:",
    "image credit",
    "image by",
    "credit:",
    "picture:",
    "illustration:",
    "illustration by",
    "foto:",
    "bild:",
    "crédit",
    "photo ©",
    "getty images",
    "source:",
    "©",
    "(photo",
    "(image",
    "(foto",
];

const ABSTRACTS: &[&str] = &[
    "abstract",
    "summary",
    "zusammenfassung",
    "résumé",
    "resumen",
    "riassunto",
    "resumo",
    "samenvatting",
];
/// Beginnings of lines that point to another article.
const ONWARD: &[&str] = &[
    "lea también",
    "lea más",
    "lea:",
    "lea tambien",
    "te puede interesar",
    "leer más",
    "más información:",
    "lire aussi",
    "à lire aussi",
    "lees ook",
    "lesen sie auch",
    "lesen sie dazu",
    "mehr zum thema",
    "mehr dazu:",
    "siehe auch:",
    "das könnte sie auch interessieren",
    "read also",
    "also read",
    "read more:",
    "read next",
    "see also:",
    "related:",
    "related story",
    "related article",
    "recommended:",
    "don't miss:",
    "you may also like",
    "you might also like",
    "leggi anche",
    "leia também",
    "leia mais",
    "läs också",
    "les også",
    "læs også",
    "czytaj też",
    "zobacz też",
    "читайте также",
    "lue myös",
];

/// A row over the last lines.
struct End {
    /// Why they go; for those who read the table.
    _why: &'static str,
    /// A longer line is a paragraph.
    words: usize,
    /// How they begin; nothing where they may begin as they like.
    begin: &'static [&'static str],
    /// One of these stands in them; nothing where the beginning says enough.
    hold: &'static [&'static str],
}

const fn end(
    why: &'static str,
    words: usize,
    begin: &'static [&'static str],
    hold: &'static [&'static str],
) -> End {
    End {
        _why: why,
        words,
        begin,
        hold,
    }
}

#[rustfmt::skip]
const ENDS: &[End] = &[
    end("when it was changed, which the reader shows", 14, &["updated", "last updated", "last modified", "first published", "originally published", "published on", "posted on", "posted in", "aktualisiert am", "zuletzt aktualisiert", "letzte änderung", "mis à jour", "publié le", "actualizado", "publicado", "aggiornato", "laatst bijgewerkt", "permalink"], &[]),
    end("asks to follow somebody", 45, &["follow us", "follow the", "follow me", "follow @", "like us on", "find us on", "join us on", "connect with us", "folgen sie", "folge uns", "suivez-nous", "síguenos", "seguici", "volg ons"], &[]),
    end("asks to hand it on", 14, &["share this", "share on", "share the", "share:", "möchten sie den artikel teilen", "artikel teilen", "diesen artikel", "partager cet", "compartir", "condividi", "deel dit"], &[]),
    end("asks how one liked it", 20, &["was this article", "was this page", "was this helpful", "did you find this", "rate this", "war der artikel", "war dieser artikel", "hat ihnen der artikel", "cet article vous a", "¿te ha"], &[]),
    end("asks to subscribe", 40, &["subscribe to", "sign up for", "get the latest", "get our", "abonnieren sie", "newsletter", "abonnez-vous", "suscríbete", "iscriviti"], &[]),
    end("asks to say something", 24, &["leave a comment", "leave a reply", "add a comment", "post a comment", "comments are closed", "you must be logged in", "log in to comment", "please log in", "sie sind aktuell nicht eingeloggt", "sie müssen angemeldet", "um einen kommentar", "kommentar schreiben", "kommentare", "laisser un commentaire", "deja un comentario"], &[]),
    end("what it is filed under", 30, &["tags:", "tagged:", "tagged with", "tagged as", "filed under", "topics:", "category:", "categories:", "schlagwörter", "schlagworte", "themen:", "mots-clés", "etiquetas"], &[]),
    end("whose it is", 30, &["©", "copyright", "(c) ", "all rights reserved"], &[]),
    end("waits for a script", 3, &["loading"], &[]),
    end("asks to follow somebody on a network, or a coverage", 70, &["follow ", "folge ", "folgen ", "sigue ", "síguenos", "suivez", "volg ", "segui", "be sure to follow", "stay connected", "connect with"], &["facebook", "twitter", "instagram", "youtube", "linkedin", "tiktok", "mastodon", "social media", "full coverage"]),
    end("the same behind another sentence", 60, &[], &["follow us on", "follow me on", "follow him on", "follow her on", "follow them on", "folgen sie uns auf", "folge uns auf", "síguenos en", "suivez-nous sur", "volg ons op", "seguici su"]),
    end("who helped, which the byline leaves out", 45, &[], &["contributed to this report", "contributed reporting", "contributed to this article", "contributed to this story", "this article was edited by", "this story was edited by", "(reporting by", "(editing by", "editing by "]),
    end("asks for thanks", 70, &["if you enjoyed", "if you liked", "if you found this", "like this story", "like this article", "like this post", "enjoyed this", "did you enjoy", "did you like", "sharing is caring", "wenn ihnen dieser", "si te ha gustado", "se gostou"], &[]),
    end("a program or a site to get more from", 30, &["click here to get", "get the app", "download the app", "download our app", "get our app", "read more news", "for more news", "for more stories"], &[]),
    end("a place with more of its kind", 20, &["more ", "for more", "see more", "read more"], &["http://", "https://"]),
    end("about the comments below", 50, &[], &["comments are closed", "all comments", "respond to this post", "reply to this post", "commenting below", "comentários com"]),
    end("what the law allows with it", 60, &[], &["subject to copyright", "no part may be reproduced", "all rights reserved", "may not be reproduced", "may not be published"]),
    end("that somebody is paid", 40, &[], &["affiliate commission", "affiliate link", "earn a commission", "prices are subject to change"]),
    end("needs a script", 12, &[], &["requires javascript", "enable javascript"]),
    end("asks for support", 60, &[], &["support us by", "please support us", "become a member", "please consider donating"]),
    end("how to cite it", 40, &["citation:", "cite this", "quelle:"], &[]),
];

/// Words of a line that says who somebody is.
const PERSON_WORDS: usize = 60;

/// Whether a line says what stands under articles, and not in them.
fn is_end(facts: &Facts) -> bool {
    facts.block != "td"
        && (is_named_end(facts)
            || is_way_on(facts)
            || is_address_of_mail(facts)
            || is_person(facts))
}

fn is_named_end(facts: &Facts) -> bool {
    let lower = facts.text[..facts.text.floor_char_boundary(600)].to_lowercase();
    ENDS.iter().any(|row| {
        facts.words <= row.words
            && (row.begin.is_empty() || row.begin.iter().any(|begin| lower.starts_with(begin)))
            && (row.hold.is_empty() || row.hold.iter().any(|held| lower.contains(held)))
    })
}

/// A line that is all link and stays on the site hands the reader on; one that leads away may be what the text cites.
fn is_way_on(facts: &Facts) -> bool {
    facts.words > 0
        && facts.linked_words == facts.words
        && !facts.leads_outside
        && matches!(facts.block.as_str(), "p" | "div" | "li")
}

/// "name@example.org", with a few words before it at most.
fn is_address_of_mail(facts: &Facts) -> bool {
    let last = facts.text.rsplit(' ').next().unwrap_or_default();
    let host = last.split_once('@').map(|(_, host)| host);
    facts.words <= 8 && host.is_some_and(|host| host.contains('.') && !host.contains('/'))
}

/// "Ann Author is a writer in Ghent": whom the article is by.
fn is_person(facts: &Facts) -> bool {
    let is_name = |word: &str| word.chars().count() > 1 && word.starts_with(char::is_uppercase);
    let text = facts.text.trim_start_matches('(');
    let mut words = text.split(' ');
    let named = words.next().is_some_and(is_name) && words.next().is_some_and(is_name);
    let mut rest = words.skip_while(|word| word.starts_with('('));
    facts.words <= PERSON_WORDS
        && named
        && matches!(rest.next(), Some("is" | "was"))
        && matches!(rest.next(), Some("a" | "an" | "the" | "our"))
}

/// Takes out of what is kept what a rule names: before the first paragraph, behind the last, and lines that point onward.
pub(super) fn trim(facts: &[Facts], kind: &str, kept: &mut [bool]) {
    if OTHER_KINDS.contains(&kind) {
        return;
    }
    for (facts, keep) in facts.iter().zip(kept.iter_mut()) {
        *keep = *keep && !points_onward(facts);
    }
    while let Some(last) = kept
        .iter()
        .rposition(|keep| *keep)
        .filter(|at| is_heading(&facts[*at]) || is_end(&facts[*at]))
    {
        kept[last] = false;
    }
    let head: Vec<usize> = (0..facts.len()).filter(|at| kept[*at]).take(RUNS).collect();
    let Some(first) = head.iter().position(|at| is_paragraph(&facts[*at])) else {
        return;
    };
    for at in &head[..first] {
        if ROWS.iter().any(|(_, is)| is(&facts[*at])) {
            kept[*at] = false;
        }
    }
}

/// Whether a line points to another article: by its first words, and it is mostly a link, a heading or no sentence.
fn points_onward(facts: &Facts) -> bool {
    facts.words <= 30
        && facts.block != "td"
        && starts(facts, ONWARD)
        && (facts.linked_words * 2 >= facts.words || is_heading(facts) || !facts.ends_sentence)
}

fn is_heading(facts: &Facts) -> bool {
    matches!(
        facts.block.as_str(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    )
}

/// Whether somebody wrote this to be read on.
fn is_paragraph(facts: &Facts) -> bool {
    facts.words >= 12
        && (facts.ends_sentence || facts.words >= 30)
        && facts.linked_words * 2 < facts.words
        && !ROWS.iter().any(|(_, is)| is(facts))
}

fn is_named(facts: &Facts, parts: &[Part]) -> bool {
    parts.iter().any(|part| facts.near.has(*part))
}

fn starts(facts: &Facts, beginnings: &[&str]) -> bool {
    let lower = facts.text[..facts.text.floor_char_boundary(40)].to_lowercase();
    beginnings
        .iter()
        .any(|beginning| lower.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, block: &str) -> Facts {
        Facts {
            text: text.to_owned(),
            words: text.split_whitespace().count(),
            block: block.to_owned(),
            ends_sentence: text.ends_with('.'),
            ..Facts::default()
        }
    }

    #[track_caller]
    fn check(lines: &[Facts], kind: &str, expected: &[bool]) {
        let mut kept = vec![true; lines.len()];
        trim(lines, kind, &mut kept);
        assert_eq!(kept, expected);
    }

    fn paragraph() -> Facts {
        line(
            "A first paragraph that somebody wrote so that others would read it on.",
            "p",
        )
    }

    #[test]
    fn what_stands_before_the_first_paragraph_goes_where_a_row_names_it() {
        let title = Facts {
            title: 0.9,
            ..line("What it is called", "h2")
        };
        let date = Facts {
            is_date: true,
            ..line("2 May 2024", "div")
        };
        let lines = [
            title,
            line("By Ann Author", "div"),
            date,
            line("5 min read", "span"),
            line("LONDON —", "div"),
            line("A line nobody knows", "h2"),
            paragraph(),
            line("By the way, this stays.", "p"),
        ];
        let expected = [false, false, false, false, false, true, true, true];
        check(&lines, "article", &expected);
        check(&lines, "documentation", &[true; 8]);
    }

    #[test]
    fn a_page_without_a_paragraph_stays_as_it_is() {
        check(
            &[line("By Ann", "p"), line("Short", "p")],
            "",
            &[true, true],
        );
    }

    #[test]
    fn a_way_on_a_mail_and_a_person_go_from_the_end() {
        let link = |text: &str, leads_outside: bool| Facts {
            linked_words: text.split_whitespace().count(),
            leads_outside,
            ..line(text, "li")
        };
        let lines = [
            paragraph(),
            link("What it goes back to", true),
            link("Another article of ours", false),
            line("Write to Ann at ann@example.org", "p"),
            line("Ann Author is a writer in Ghent.", "p"),
            line("Follow Ann on Mastodon for all of it.", "p"),
            line("Ben Other contributed to this report.", "p"),
        ];
        check(&lines, "", &[true, true, false, false, false, false, false]);
        let lines = [
            paragraph(),
            line("This is a sentence, and Ann Author is in it.", "p"),
        ];
        check(&lines, "", &[true, true]);
    }

    #[test]
    fn what_stands_under_articles_goes_from_their_end_and_from_nowhere_else() {
        let lines = [
            paragraph(),
            line("Updated versions of it were told of.", "p"),
            paragraph(),
            line("Was this article helpful?", "div"),
            line("Tags: one, two", "p"),
            line("© 2024 Somebody", "p"),
        ];
        check(&lines, "", &[true, true, true, false, false, false]);
        check(&lines, "forum", &[true; 6]);
    }

    #[test]
    fn headings_with_nothing_under_them_and_lines_that_point_onward_go() {
        let lines = [
            paragraph(),
            line("Lees ook: iets anders", "p"),
            line("See also: this is a sentence of the text.", "p"),
            line("Comments", "h3"),
        ];
        check(&lines, "", &[true, false, true, false]);
    }
}
