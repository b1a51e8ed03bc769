//! Pages that hold several texts on end: threads of forums, questions with answers, issues with comments; and pages of
//! code, whose text is the README.
//!
//! The programs that make such pages are few and write the same names into every page, so a row of the table says where
//! the texts stand. A page that no row knows is judged as all others are.

use super::runs::Runs;
use dom_query::{Document, Matcher, NodeId, NodeRef};
use std::collections::HashSet;

/// Where a program that makes pages of posts puts what people wrote, and where their names.
pub(super) struct Row {
    pub(super) texts: &'static str,
    /// Names of those who wrote; nothing where the texts are by one hand.
    pub(super) names: &'static str,
    /// Parts of the texts that the program wrote.
    pub(super) not: &'static str,
}

/// `program`: for those who read the table.
pub(super) const fn row(
    _program: &'static str,
    texts: &'static str,
    names: &'static str,
    not: &'static str,
) -> Row {
    Row { texts, names, not }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Forums. Signatures stand outside of what is named here, or are left out.
    row("XenForo 2", "article.message .message-body .bbWrapper, .message--post .message-body .bbWrapper", ".message-name .username, .message-name", ".bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .js-unfurl, .message-signature, .message-lastEdit"),
    row("XenForo 1", "li.message .messageText", "li.message .userText .username", ".quoteExpand, .signature"),
    row("Discourse, as it shows itself to programs", ".crawler-post .post, [itemprop='comment'] .post[itemprop='text'], .topic-body .post[itemprop='text'], .topic-body.crawler-post .post", ".crawler-post-meta, .crawler-post .creator [itemprop='name'], [itemprop='comment'] .creator [itemprop='name']", ".meta, .lightbox-wrapper .meta"),
    row("Discourse", ".topic-post .cooked, .topic-body .cooked", ".topic-post .names .username, .topic-body .names .username", ".cooked .meta, .quote-controls"),
    row("phpBB 3", ".postbody .content", ".postbody .author", ".codebox p, .notice, .signature, dl.file"),
    row("phpBB 2", "td.postbody, span.postbody", "b.postauthor, .postdetails .name, span.name b", ".signature"),
    row("vBulletin 3 and 4", "[id^='post_message_']", ".bigusername, .username_container .username", ".signature, .bbcode_description"),
    row("vBulletin 5", ".b-post .js-post__content-text", ".b-post .b-userinfo__details .author", ".signature"),
    row("Invision Community", "[id^='elComment_'] [data-role='commentContent'], .ipsComment [data-role='commentContent'], .ipsEntry [data-role='commentContent']", ".ipsComment_author strong a, .ipsEntry__author a, .cAuthorPane_author strong a", ".ipsQuote_citation, .ipsQuote__citation, .ipsItemStatus"),
    row("Simple Machines Forum", ".post_wrapper .post .inner, .post_wrapper .inner[id^='msg_']", ".post_wrapper .poster h4 a", ".signature"),
    row("MyBB", ".post .post_body", ".post .author_information .largetext", ".signature"),
    row("NodeBB", "[component='post'] [component='post/content'], [itemprop='comment'] [component='post/content']", "[component='post'] [itemprop='author'], [component='post'] a[data-username]", ""),
    row("Flarum", ".CommentPost .Post-body, .Post .Post-body", ".Post .PostUser-name", ""),
    row("Vanilla", ".Item-Body .Message, .Item-Body .userContent, .Comment .userContent", ".Item-Header .Username", ""),
    row("bbPress", ".bbp-topic-content, .bbp-reply-content", ".bbp-author-name", ".bbp-topic-revision-log, .bbp-reply-revision-log"),
    row("Khoros", ".lia-message-body-content", ".lia-message-author-username, .UserName .login-bold", ".lia-message-signature, .lia-quilt-row-message-signature"),
    row("YaBB, Ikonboard and their kin", ".post_body .message, td.postmessage", ".post_author", ".signature"),
    // Questions and answers.
    row("Stack Exchange", ".question .js-post-body, .answer .js-post-body, .question .post-text, .answer .post-text", ".post-signature.owner .user-details a, .answer .user-details a", ".js-post-notice"),
    row("Question2Answer", ".qa-q-view-content, .qa-a-item-content", ".qa-q-view-who-data, .qa-a-item-who-data", ""),
    row("AnswerHub, Askbot", ".question-body, .answer-body, .post-body.js-editable-content", "", ""),
    // Places where links are talked about.
    row("Hacker News", ".toptext, .commtext", ".hnuser", ".reply"),
    row("Lobsters", ".story_text, .comment_text", ".comment .byline a[href*='/~'], .comment .byline .u-author", ""),
    row("Reddit, as it was", ".thing .usertext-body .md", ".thing .tagline .author", ""),
    row("Reddit", "shreddit-post [slot='text-body'], shreddit-comment [slot='comment']", "", ""),
    row("Lemmy", "#postContent .md-div, .post-listing .md-div, .comment .md-div, .comment-content .md-div", ".comment .person-listing", ""),
    row("Tildes", ".topic-full-text, .comment-itself .comment-text", ".comment-header .link-user", ""),
    // Issues, tickets, merge requests, conversations about code.
    row("GitHub", "[data-testid='issue-body'] [data-testid='markdown-body'], .react-issue-comment [data-testid='markdown-body'], .js-comment-container .comment-body, .timeline-comment .comment-body, .js-discussion .comment-body", ".timeline-comment .author, [data-testid='issue-body-header-author'], [data-testid='avatar-link']", ".email-hidden-toggle"),
    row("Gitea and Forgejo", ".timeline-item.comment .render-content, .timeline .comment .comment-body .render-content", ".timeline-item.comment .comment-header .author", ""),
    row("GitLab, in its text", ".detail-page-description .md, .note-body .note-text", ".note-header-author-name", ""),
    row("Bugzilla", ".comment-text[id^='ct-'], .bz_comment_text", ".bz_comment_user .fn, .change-author .fn", ""),
    row("Trac", "#ticket .description .searchable, .change .comment.searchable", ".change .trac-author", ""),
    row("Redmine", ".issue .description .wiki, .journal .wiki", ".journal .user, .issue .author .user", ""),
    row("Jira", "#description-val .user-content-block, .activity-comment .action-body", ".activity-comment .user-hover", ""),
    row("Launchpad", ".report .yui3-editable_text-text, .boardCommentBody .comment-text", ".boardCommentDetails .person", ""),
    row("Debbugs", "pre.message", "", ""),
    // Pages of code: what their author says of them.
    row("README on a forge", "#readme .markdown-body, #readme article, #readme .markup, #readme .file-view.markup, .repository .file-view.markup, .readme-content .markdown, .blob-content-holder .md", "", ".anchor, .octicon-link"),
    row("README of a package", "#readme.markdown, .project-description, #readme [class*='markdown'], .readme-content, .UnitReadme-content", "", ".anchor"),
    row("README of cgit and SourceHut", "#cgit .about, #cgit #summary .markdown-body, .container .markdown[id='readme'], .markdown.repo-readme", "", ""),
    // Pages that say in a common vocabulary that they are threads.
    row("schema.org", "[itemtype*='QAPage'] [itemprop='text'], [itemtype*='DiscussionForumPosting'] > [itemprop='text'], [itemtype*='DiscussionForumPosting'] > [itemprop='articleBody']", "", ""),
];

/// Forums of programs that nobody else uses, where they call their parts by their names. Articles use the same names, so
/// this counts only on a page that is taken for a forum, and from so many posts on.
const OWN: Row = row(
    "a program of its own",
    "[class*='post-body'], [class*='post-content'], [class*='post_content'], [class*='post__content'], [class*='message-body'], [class*='message__body'], [class*='comment-body'], [class*='comment__body'], [class*='comment-content'], [class*='reply-content']",
    "[class*='post-author'], [class*='post__author'], [class*='comment-author'], [class*='comment__author']",
    "[class*='signature']",
);
const OWN_POSTS: usize = 3;

/// Where a post repeats what was said before.
const QUOTES: &str = "blockquote, [class*='quote' i]";
/// Letters from which a line is known again.
const QUOTED: usize = 20;
/// Letters of a thread that are looked through.
const QUOTED_FROM: usize = 1 << 20;

/// Words of a line that says who wrote a post, and when.
const NAME_WORDS: usize = 14;

/// The fewest words that make posts: less is an excerpt in a list.
const WORDS: usize = 20;

/// Posts of a page, run by run.
pub(super) struct Posts {
    /// Whether a run stands in one.
    pub inside: Vec<bool>,
}

/// The posts that the page holds, by the row that finds the most words. `kind`: what the page is taken for.
pub(super) fn of(document: &Document, found: &Runs<'_>, kind: &str) -> Option<Posts> {
    let mut posts = best(ROWS, document, found).or_else(|| {
        (kind == "forum")
            .then(|| of_row(&OWN, OWN_POSTS, document, found))
            .flatten()
            .map(|(_, posts)| posts)
    })?;
    leave_out_repeats(&nodes(document, QUOTES), found, &mut posts);
    Some(posts)
}

/// A post that answers another quotes it; where that stands on the same page, above, it need not be read twice.
fn leave_out_repeats(quotes: &HashSet<NodeId>, found: &Runs<'_>, posts: &mut Posts) {
    if quotes.is_empty() {
        return;
    }
    let mut said = String::new();
    for (run, inside) in found.runs.iter().zip(&mut posts.inside) {
        if !*inside || said.len() > QUOTED_FROM {
            continue;
        }
        let text: String = run
            .text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let quoted = || run.texts.first().is_some_and(|text| is_under(text, quotes));
        if text.len() >= QUOTED && quoted() && said.contains(&text) {
            *inside = false;
        }
        said.push_str(&text);
        said.push(' ');
    }
}

/// What the row says that finds the most words.
pub(super) fn best(rows: &[Row], document: &Document, found: &Runs<'_>) -> Option<Posts> {
    rows.iter()
        .filter_map(|row| of_row(row, 1, document, found))
        .max_by_key(|(words, _)| *words)
        .map(|(_, posts)| posts)
}

fn of_row(
    row: &Row,
    at_least: usize,
    document: &Document,
    found: &Runs<'_>,
) -> Option<(usize, Posts)> {
    let texts = nodes(document, row.texts);
    if texts.len() < at_least {
        return None;
    }
    let (names, not) = (nodes(document, row.names), nodes(document, row.not));
    let mut words = 0;
    let inside: Vec<bool> = found
        .runs
        .iter()
        .map(|run| {
            let stands_in = |set: &HashSet<NodeId>| {
                !set.is_empty() && run.texts.first().is_some_and(|text| is_under(text, set))
            };
            let written = stands_in(&texts) && !stands_in(&not);
            if written {
                words += run.words;
            }
            written || (run.words <= NAME_WORDS && stands_in(&names))
        })
        .collect();
    (words >= WORDS).then_some((words, Posts { inside }))
}

/// Posts go before what the judge says, where they are what the page is about: most of what was kept, or a good part of a
/// page that is taken for a forum (an article with comments may be taken for one).
pub(super) fn prefer(posts: Option<&Posts>, words: &[usize], kind: &str, kept: &mut Vec<bool>) {
    let Some(posts) = posts else { return };
    let sum = |test: &dyn Fn(usize) -> bool| -> usize {
        (0..words.len())
            .filter(|at| test(*at))
            .map(|at| words[at])
            .sum()
    };
    let inside = sum(&|at| posts.inside[at]);
    let outside = sum(&|at| kept[at] && !posts.inside[at]);
    let at_least = if kind == "forum" {
        outside / 3
    } else {
        outside
    };
    if inside > at_least {
        kept.clone_from(&posts.inside);
    }
}

fn nodes(document: &Document, selectors: &str) -> HashSet<NodeId> {
    if selectors.is_empty() {
        return HashSet::new();
    }
    let matcher =
        Matcher::new(selectors).expect("the selectors of the table are legible: a test reads them");
    document
        .select_matcher(&matcher)
        .nodes()
        .iter()
        .map(|node| node.id)
        .collect()
}

fn is_under(node: &NodeRef<'_>, set: &HashSet<NodeId>) -> bool {
    let mut here = node.parent();
    while let Some(node) = here {
        if set.contains(&node.id) {
            return true;
        }
        here = node.parent();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::runs;
    use super::*;

    /// What stays of a page that a program of the table made.
    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let page = Document::from(html);
        let found = runs::of_document(&page);
        let posts = of(&page, &found, "forum");
        assert!(posts.is_some(), "{html}");
        let mut kept = vec![true; found.runs.len()];
        let words: Vec<usize> = found.runs.iter().map(|run| run.words).collect();
        prefer(posts.as_ref(), &words, "forum", &mut kept);
        let texts: Vec<&str> = found
            .runs
            .iter()
            .zip(&kept)
            .filter(|(_, keep)| **keep)
            .map(|(run, _)| run.text.trim())
            .collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn every_selector_of_the_table_is_legible() {
        for row in ROWS.iter().chain([&OWN]) {
            for selectors in [row.texts, row.names, row.not] {
                assert!(
                    selectors.is_empty() || Matcher::new(selectors).is_ok(),
                    "{selectors}"
                );
            }
        }
    }

    #[test]
    fn the_posts_of_a_thread_stand_in_order_with_who_wrote_them() {
        let long = "words ".repeat(30);
        let long = long.trim();
        check(
            &format!(
                "<nav>Home</nav><article class='message message--post'><h4 class=message-name><a class=username>ann</a></h4><section>Joined 2009</section>
                 <article class=message-body><div class=bbWrapper>{long}<blockquote>Said before<div class=bbCodeBlock-expandLink>Click to expand</div></blockquote></div></article>
                 <aside class=message-signature><div class=bbWrapper>My car is fast</div></aside></article>
                 <article class='message message--post'><h4 class=message-name><a class=username>bob</a></h4><article class=message-body><div class=bbWrapper>No.</div></article></article>"
            ),
            &["ann", long, "Said before", "bob", "No."],
        );
    }

    #[test]
    fn what_a_post_quotes_of_the_page_is_not_said_twice() {
        let long = "words ".repeat(30);
        let long = long.trim();
        check(
            &format!(
                "<div class=postbody><p class=author>by <b class=username>ann</b> » 2 May 2024, 11:23</p><div class=content>Which one would you take? {long}</div></div>
                 <div class=postbody><p class=author>by bob » today</p><div class=content><blockquote><cite>ann wrote:</cite><div>Which one would you take?</div></blockquote><blockquote><p>Said in another place, long ago.</p></blockquote>None.</div></div>"
            ),
            &[
                "by ann » 2 May 2024, 11:23",
                &format!("Which one would you take? {long}"),
                "by bob » today",
                "ann wrote:",
                "Said in another place, long ago.",
                "None.",
            ],
        );
    }

    #[test]
    fn an_issue_is_its_comments() {
        let long = "words ".repeat(30);
        let long = long.trim();
        check(
            &format!(
                "<h1>Broken</h1><div class=timeline-comment><a class=author>ann</a><div class=comment-body><p>{long}</p></div></div><p>Assignees: nobody"
            ),
            &["ann", long],
        );
    }

    #[test]
    fn a_page_of_code_is_its_readme() {
        let long = "words ".repeat(30);
        let long = long.trim();
        check(
            &format!(
                "<div>src</div><div>2 years ago</div><div id=readme><article class='markdown-body entry-content'><h1>Tool</h1><p>{long}</p></article></div><div>Stars 12"
            ),
            &["Tool", long],
        );
    }

    #[test]
    fn a_forum_of_its_own_make_is_known_by_the_names_of_its_parts() {
        let post = format!(
            "<div class=forum-post><b class=forum-post-author>ann</b><div class=forum-post-content>{}</div></div>",
            "words ".repeat(9)
        );
        let words = "words ".repeat(9);
        let words = words.trim();
        check(
            &format!("<p>Latest topics{}", post.repeat(3)),
            &["ann", words, "ann", words, "ann", words],
        );
    }

    #[test]
    fn comments_under_an_article_do_not_take_its_place() {
        let page = Document::from(format!(
            "<p>{}</p><div class=ipsComment><div data-role=commentContent>{}</div></div>",
            "article ".repeat(60),
            "comment ".repeat(30)
        ));
        let found = runs::of_document(&page);
        let posts = of(&page, &found, "");
        assert!(posts.is_some());
        let mut kept = vec![true, false];
        let words: Vec<usize> = found.runs.iter().map(|run| run.words).collect();
        prefer(posts.as_ref(), &words, "", &mut kept);
        assert_eq!(kept, [true, false]);
    }
}
