//! Walls: pages that stand in place of the article.

use super::Wall;

/// Titles of walls: lower case, white space folded, without punctuation at the ends. The whole title must be one, once
/// the name of the site is cut off: a title that only holds such words is an article about walls.
#[rustfmt::skip]
const TITLES: &[(Wall, &[&str])] = &[
    // Checks that one is no robot: of content networks, of bot filters, of hosts, of single large sites.
    (Wall::BotCheck, &[
        "just a moment", "one moment", "one moment please", "please wait", "please wait a moment", "attention required", "access denied", "access to this page has been denied",
        "access to this page is denied", "access to this site has been denied", "pardon our interruption", "making sure you're not a bot", "verifying you are human", "verify you are human", "verify you are a human",
        "verification required", "human verification", "are you a robot", "are you human", "are you a human", "robot or human", "robot check", "bot check", "bot detection",
        "bot verification", "not a robot", "i am not a robot", "i'm not a robot", "captcha", "captcha challenge", "captcha required", "recaptcha", "challenge validation", "challenge page", "security challenge", "client challenge",
        "vercel security checkpoint", "security checkpoint", "security check", "security verification", "security check required", "radware bot manager captcha", "radware captcha page", "radware page", "shieldsquare captcha", "shieldsquare block",
        "ddos-guard", "ddos protection by cloudflare", "ddos protection", "checking your browser", "checking your browser before accessing", "checking your connection", "checking if the site connection is secure", "sucuri website firewall",
        "request rejected", "request blocked", "request denied", "blocked", "you have been blocked", "sorry you have been blocked", "you are being rate limited", "incapsula incident", "unusual traffic", "unusual traffic detected",
        "automated access detected", "suspicious activity detected", "browser check", "browser verification", "please verify you are a human", "please verify you are human", "please complete the security check", "prove your humanity", "loading challenge", "human check", "human test",
        "interstitial", "anubis", "oh noes", "cookies required", "please enable cookies", "please enable javascript", "javascript is disabled", "javascript required", "enable javascript", "javascript is not available", "enable javascript and cookies to continue", "you need to enable javascript to run this app",
        "your access has been blocked", "your request has been blocked", "access blocked", "access restricted", "restricted access", "not available in your region", "unavailable in your region", "unavailable for legal reasons", "unavailable in your country", "this content is not available in your region", "451", "451 unavailable for legal reasons", "451: unavailable due to legal reasons",
        "einen moment bitte", "nur einen moment", "un momento", "un instant", "veuillez patienter", "zugriff verweigert", "zugriff nicht möglich", "accès refusé", "acceso denegado", "accesso negato", "acesso negado", "доступ запрещен", "доступ ограничен", "проверка браузера", "访问被拒绝", "安全验证", "人机验证", "アクセスが拒否されました",
    ]),
    // Logins, consents and what else wants an agreement first.
    (Wall::Login, &[
        "sign in", "sign-in", "signin", "log in", "log-in", "login", "logon", "log on", "please log in", "please sign in", "please login", "login required", "log in required", "sign in required", "authentication required", "login page", "account login", "member login", "user login", "sign in or register", "log in or sign up", "log in to continue", "sign in to continue", "sign up",
        "sign in to your account", "log in to your account", "login or register", "sign in or sign up", "log in or register", "create an account", "create account", "single sign-on", "single sign on", "web login service", "central authentication service", "subscribe to read", "subscribe to continue", "subscribe to continue reading", "subscribe to keep reading", "subscription required", "subscribers only", "register to read", "register to continue",
        "members only", "before you continue", "before you continue to google search", "before you continue to youtube", "before you continue to google", "consent", "consent required", "cookie consent", "cookie wall", "privacy settings", "privacy consent", "your privacy choices", "we value your privacy", "age verification", "age check", "confirm your age",
        "anmelden", "anmeldung", "einloggen", "bitte anmelden", "zustimmung", "inloggen", "aanmelden", "se connecter", "connexion", "identifiez-vous", "iniciar sesión", "inicia sesión", "accedi", "entrar", "logga in", "logg inn", "log ind", "kirjaudu", "zaloguj się", "logowanie", "войти", "вход", "ログイン", "登录", "로그인",
    ]),
    // Errors that say 200, and pages on the way to somewhere else.
    (Wall::Error, &[
        "page not found", "not found", "the page cannot be found", "the page could not be found", "this page could not be found", "page cannot be found", "page can't be found", "page could not be found", "this page doesn't exist", "this page does not exist", "page does not exist", "page doesn't exist", "page unavailable", "page not available", "page no longer available", "this page isn't available", "this page is not available", "content not found", "content not available", "content unavailable", "article not found", "article unavailable", "post not found", "story not found", "file not found", "document not found", "resource not found", "object not found", "url not found", "nothing found", "no results found",
        "sorry page not found", "sorry this page isn't available", "oops page not found", "oops", "error", "error page", "an error occurred", "an error has occurred", "server error", "application error", "runtime error", "fatal error", "internal server error", "internal error", "something went wrong", "sorry something went wrong", "uh oh", "whoops", "bad request", "bad gateway", "gateway timeout", "gateway time-out", "gateway time out", "service unavailable", "service temporarily unavailable", "temporarily unavailable", "too many requests", "forbidden", "unauthorized", "gone", "method not allowed", "request timeout", "not acceptable", "proxy error", "database error", "error establishing a database connection", "timeout", "connection timed out", "origin is unreachable", "web server is down", "website is offline", "site unavailable", "site not found", "site can't be reached", "this site can't be reached", "website unavailable", "domain for sale", "this domain is for sale", "account suspended", "website suspended", "this account has been suspended", "bandwidth limit exceeded", "down for maintenance", "site maintenance", "site under maintenance", "under maintenance", "maintenance", "maintenance mode", "scheduled maintenance", "we'll be right back", "we'll be back soon", "be right back", "coming soon", "under construction", "site under construction", "index of /", "apache2 ubuntu default page: it works", "welcome to nginx", "invalid request", "invalid url", "link expired", "this link has expired", "session expired", "your session has expired", "this content isn't available", "this video is unavailable", "video unavailable",
        "redirecting", "redirect", "redirection", "you are being redirected", "redirect notice", "redirecting you", "loading", "document moved", "object moved", "page moved", "moved permanently", "moved temporarily", "this page has moved", "unsupported browser", "browser not supported", "your browser is not supported", "browser not compatible", "unsupported client", "outdated browser", "update your browser", "upgrade your browser", "please update your browser", "please upgrade your browser", "untitled", "untitled document", "new tab",
        "seite nicht gefunden", "nicht gefunden", "fehler", "fehlerseite", "wartungsarbeiten", "wartung", "pagina niet gevonden", "niet gevonden", "page introuvable", "page non trouvée", "erreur", "página no encontrada", "no encontrado", "página não encontrada", "pagina non trovata", "pagina inesistente", "sidan kunde inte hittas", "siden blev ikke fundet", "siden ble ikke funnet", "sivua ei löytynyt", "nie znaleziono strony", "strona nie istnieje", "страница не найдена", "stránka nenalezena", "sayfa bulunamadı", "ページが見つかりません", "找不到页面", "页面不存在", "페이지를 찾을 수 없습니다",
    ]),
];

/// Status lines that servers make the title of their errors: the number and its phrase, or the number with the word error.
const STATUS: std::ops::RangeInclusive<u16> = 400..=530;

/// Phrases that end a text one has to pay for. They count only on a short text: articles about paywalls are long.
const PAYWALL: &[&str] = &[
    "subscribe to continue",
    "subscribe to read",
    "subscribe now to continue",
    "subscribers only",
    "subscriber-only",
    "subscriber only",
    "to continue reading",
    "continue reading this article",
    "this article is for subscribers",
    "this content is for subscribers",
    "this article is exclusive to subscribers",
    "already a subscriber",
    "already a member?",
    "become a subscriber to",
    "to read the full story",
    "to read the full article",
    "read the full article with",
    "to unlock this article",
    "unlock this article",
    "create a free account to read",
    "register to continue",
    "sign in to continue reading",
    "log in to continue reading",
    "you have reached your limit of free articles",
    "you've reached your limit",
    "you have read your last free article",
    "this is a premium article",
    "premium content",
    "this post is for paying subscribers",
    "this post is for paid subscribers",
    "jetzt weiterlesen",
    "weiterlesen mit",
    "nur für abonnenten",
    "abonnieren sie",
    "réservé aux abonnés",
    "réservé à nos abonnés",
    "il vous reste",
    "para suscriptores",
    "solo para suscriptores",
    "contenido exclusivo para",
    "riservato agli abbonati",
    "voor abonnees",
    "lees verder met een abonnement",
    "word abonnee",
];

/// A text with fewer words may be a paywall's beginning.
const PAYWALL_WORDS: usize = 120;

/// The wall that a page's title names, if it names one.
pub(super) fn of_title(title: &str) -> Option<Wall> {
    let whole = normal(title);
    if let Some(wall) = named(&whole) {
        return Some(wall);
    }
    // `Attention Required! | Cloudflare`, `Bloomberg - Are you a robot?`: the wall on one side, the site on the other.
    for separator in [" | ", " - ", " – ", " — ", " · ", " :: ", " • ", ": "] {
        let mut parts = whole.split(separator);
        if let (Some(one), Some(other), None) = (parts.next(), parts.next(), parts.next()) {
            let (one, other) = (normal(one), normal(other));
            if other.split(' ').count() <= 3
                && let Some(wall) = named(&one)
            {
                return Some(wall);
            }
            if one.split(' ').count() <= 3
                && let Some(wall) = named(&other)
            {
                return Some(wall);
            }
        }
    }
    None
}

/// The wall that an article's text ends at. `free`: what `isAccessibleForFree` said.
pub(super) fn of_text(text: &str, words: usize, free: Option<bool>) -> Option<Wall> {
    if words >= PAYWALL_WORDS {
        return None;
    }
    if free == Some(false) {
        return Some(Wall::Paywall);
    }
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    PAYWALL
        .iter()
        .any(|phrase| lower.contains(phrase))
        .then_some(Wall::Paywall)
}

fn named(title: &str) -> Option<Wall> {
    let row = TITLES.iter().find(|(_, titles)| titles.contains(&title));
    row.map(|(wall, _)| *wall).or_else(|| of_status(title))
}

/// `404`, `404 not found`, `error 503`, `http 403 forbidden`, `http error 404`.
fn of_status(title: &str) -> Option<Wall> {
    let mut words = title
        .split([' ', ':', '-', '–', '(', ')'])
        .filter(|w| !w.is_empty())
        .peekable();
    let mut marked = false;
    while words
        .next_if(|w| ["http", "https", "error", "status", "code"].contains(w))
        .is_some()
    {
        marked = true;
    }
    let code: u16 = words.next().filter(|w| w.len() == 3)?.parse().ok()?;
    if !STATUS.contains(&code) {
        return None;
    }
    let rest: Vec<&str> = words.collect();
    let rest = rest.join(" ");
    let is_phrase = rest.is_empty()
        || rest == "error"
        || TITLES
            .iter()
            .any(|(_, titles)| titles.contains(&rest.as_str()));
    (is_phrase || (marked && rest.split(' ').count() <= 4)).then_some(match code {
        401 => Wall::Login,
        429 => Wall::BotCheck,
        _ => Wall::Error,
    })
}

/// Lower case, one form of apostrophes and white space, no punctuation at the ends.
fn normal(title: &str) -> String {
    let folded = title.split_whitespace().collect::<Vec<_>>().join(" ");
    folded
        .to_lowercase()
        .replace('\u{2019}', "'")
        .replace("! ", " ")
        .replace(", ", " ")
        .trim_matches(|c: char| {
            matches!(
                c,
                '.' | '!' | '?' | '…' | ' ' | '"' | ':' | '。' | ',' | '-' | '|'
            )
        })
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: Option<Wall>) {
        assert_eq!(of_title(title), expected, "{title}");
    }

    #[test]
    fn walls_are_known_by_their_titles() {
        check("Just a moment...", Some(Wall::BotCheck));
        check("Attention Required! | Cloudflare", Some(Wall::BotCheck));
        check("Daily Planet - Are you a robot?", Some(Wall::BotCheck));
        check("Log In | Example", Some(Wall::Login));
        check("404 Not Found", Some(Wall::Error));
        check("HTTP Error 503", Some(Wall::Error));
        check("404", Some(Wall::Error));
        check("Sorry, you have been blocked", Some(Wall::BotCheck));
        check("Page not found – Daily Planet", Some(Wall::Error));
        check("Error 404: nothing here", Some(Wall::Error));
    }

    #[test]
    fn titles_about_walls_are_no_walls() {
        for title in [
            "",
            "How we built a login page that nobody hates",
            "Access denied: how the border closed in one night",
            "404 Media is a year old",
            "500 miles on one tank",
            "The page not found error explained",
            "Sign in the window: a short story of shops",
            "Just a moment: how a photograph changed the war",
        ] {
            check(title, None);
        }
    }

    #[test]
    fn a_short_text_with_a_phrase_is_a_paywall_and_a_long_one_is_not() {
        let text = "The mayor said. Subscribe to continue reading.";
        assert_eq!(of_text(text, 7, None), Some(Wall::Paywall));
        assert_eq!(of_text(text, 700, None), None);
        assert_eq!(
            of_text("The mayor said.", 3, Some(false)),
            Some(Wall::Paywall)
        );
        assert_eq!(of_text("The mayor said.", 3, None), None);
    }
}
