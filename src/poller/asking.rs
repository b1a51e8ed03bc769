//! How one feed is asked for, where its settings say so: headers, secrets, proxy, time, commands.
//!
//! - A secret comes out of a command or the environment, is kept in memory alone, and is printed by nothing: `Debug` of
//!   what holds one says only that there is one.
//! - A secret goes to the origin that the config names, never after a redirect or a move to another.
//! - A command is handed its words as they are; no shell reads them.

use super::Settings;
use crate::feed::FeedUrl;
use crate::net::Ask;
use data_encoding::BASE64;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::spawn_blocking;

/// A command to be run: its words, what it is given, and its limits.
#[derive(Clone, Debug)]
pub struct Job {
    pub words: Vec<String>,
    pub input: Vec<u8>,
    /// Bytes of what it prints.
    pub limit: usize,
    pub time: Duration,
}

/// Runs a command and answers what it printed, or a sentence. It blocks.
pub type Run = Arc<dyn Fn(&Job) -> Result<Vec<u8>, String> + Send + Sync>;

/// Where a secret comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Secret {
    #[default]
    None,
    /// The first line that a command prints.
    Command(Vec<String>),
    /// A variable of the environment.
    Variable(String),
}

/// How one feed is asked for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Asking {
    pub user_agent: Option<String>,
    /// Name and value; sent to the feed's own origin only.
    pub headers: Vec<(String, String)>,
    /// For basic authentication, with the password.
    pub user: Option<String>,
    pub password: Secret,
    /// For `Authorization: Bearer`.
    pub token: Secret,
    pub cookie: Secret,
    /// `direct`: none.
    pub proxy: Option<String>,
    pub timeout: Option<Duration>,
    /// Makes a feed of the body; empty: none.
    pub filter: Vec<String>,
    /// What an `exec:` feed runs.
    pub command: Vec<String>,
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Asking")
            .field("headers", &names)
            .field("has_secret", &self.has_secret())
            .finish_non_exhaustive()
    }
}

impl Asking {
    /// Whether the feed is asked for as anybody would.
    pub fn is_plain(&self) -> bool {
        *self == Asking::default()
    }

    /// Whether a secret goes with the request.
    pub fn has_secret(&self) -> bool {
        [&self.password, &self.token, &self.cookie]
            .iter()
            .any(|secret| **secret != Secret::None)
    }

    /// Puts into a request what the settings say; `feed` is the address that the config names. Errors are sentences.
    pub async fn fill(
        &self,
        ask: &mut Ask,
        feed: &FeedUrl,
        secrets: &Secrets,
        settings: &Settings,
    ) -> Result<(), String> {
        ask.user_agent.clone_from(&self.user_agent);
        ask.proxy.clone_from(&self.proxy);
        ask.timeout = self.timeout;
        // A feed that moved to another origin is asked without what was meant for the first one.
        if ask.url.origin() != feed.url().origin() {
            return Ok(());
        }
        ask.headers.extend(self.headers.iter().cloned());
        if let Some(user) = &self.user {
            let password = secrets.get(&self.password, settings).await?;
            let pair = format!("{user}:{}", password.unwrap_or_default());
            ask.headers.push((
                "authorization".into(),
                format!("Basic {}", BASE64.encode(pair.as_bytes())),
            ));
        }
        if let Some(token) = secrets.get(&self.token, settings).await? {
            ask.headers
                .push(("authorization".into(), format!("Bearer {token}")));
        }
        if let Some(cookie) = secrets.get(&self.cookie, settings).await? {
            ask.headers.push(("cookie".into(), cookie));
        }
        Ok(())
    }
}

/// Secrets that were fetched, for as long as the program runs.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<HashMap<Secret, String>>>);

impl Secrets {
    /// The secret; a command is run once for all feeds that name it.
    async fn get(&self, secret: &Secret, settings: &Settings) -> Result<Option<String>, String> {
        match secret {
            Secret::None => Ok(None),
            Secret::Variable(name) => match std::env::var(name) {
                Ok(value) => one_line(&value).map(Some),
                Err(_) => Err(format!(
                    "The variable {name}, which holds its secret, is not set."
                )),
            },
            Secret::Command(words) => {
                if let Some(known) = self.lock().get(secret) {
                    return Ok(Some(known.clone()));
                }
                let Some(run) = settings.secret_commands.clone() else {
                    return Err(
                        "Its secret comes from a command, and none can be run here.".to_owned()
                    );
                };
                let job = Job {
                    words: words.clone(),
                    input: Vec::new(),
                    limit: 64 << 10,
                    time: settings.command_time,
                };
                let printed = spawn_blocking(move || run(&job))
                    .await
                    .unwrap_or_else(|_| Err("it could not be run".to_owned()))
                    .map_err(|why| format!("The command for its secret failed: {why}."))?;
                let value = one_line(&String::from_utf8_lossy(&printed))?;
                self.lock().insert(secret.clone(), value.clone());
                Ok(Some(value))
            }
        }
    }

    /// A server refused what it was sent: it is fetched anew next time.
    pub fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Secret, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first line of what holds a secret; nothing in it may end a header.
fn one_line(text: &str) -> Result<String, String> {
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err("What should hold its secret is empty.".to_owned());
    }
    if line.contains(char::is_control) {
        return Err("What should hold its secret holds control characters.".to_owned());
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(run: fn(&Job) -> Result<Vec<u8>, String>) -> Settings {
        Settings {
            secret_commands: Some(Arc::new(run)),
            ..Settings::default()
        }
    }

    async fn headers(
        asking: &Asking,
        at: &str,
        run: fn(&Job) -> Result<Vec<u8>, String>,
    ) -> Result<Vec<(String, String)>, String> {
        let feed: FeedUrl = "https://a.example/feed".parse().expect("an address");
        let url = url::Url::parse(at).expect("an address");
        let mut ask = Ask::new(url, "*/*", 1);
        asking
            .fill(&mut ask, &feed, &Secrets::default(), &settings(run))
            .await?;
        Ok(ask.headers)
    }

    #[tokio::test]
    async fn user_and_password_token_and_cookie_become_headers_of_the_own_origin_alone() {
        let command = Secret::Command(vec!["pass".into(), "feed".into()]);
        let asking = Asking {
            headers: vec![("X-Key".into(), "k".into())],
            user: Some("me".into()),
            password: command.clone(),
            cookie: command,
            ..Asking::default()
        };
        let run = |_: &Job| Ok(b"secret\nmore\n".to_vec());
        let sent = headers(&asking, "https://a.example/feed", run)
            .await
            .expect("headers");
        let expected = [
            ("X-Key", "k"),
            ("authorization", "Basic bWU6c2VjcmV0"),
            ("cookie", "secret"),
        ];
        assert_eq!(
            sent,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(
            headers(&asking, "https://b.example/feed", run).await,
            Ok(vec![])
        );
        assert_eq!(
            headers(&asking, "http://a.example/feed", run).await,
            Ok(vec![])
        );
        let failing = |_: &Job| Err("no".to_owned());
        assert!(
            headers(&asking, "https://a.example/feed", failing)
                .await
                .is_err()
        );
    }

    #[test]
    fn a_secret_is_one_line_without_controls() {
        assert_eq!(one_line(" a b \r\nrest"), Ok("a b".to_owned()));
        assert!(one_line("a\u{1b}b").is_err());
        assert!(one_line("\n").is_err());
    }

    #[test]
    fn what_holds_a_secret_does_not_print_it() {
        let asking = Asking {
            headers: vec![("X-Key".into(), "value-of-it".into())],
            user: Some("somebody".into()),
            token: Secret::Command(vec!["print-the-token".into()]),
            ..Asking::default()
        };
        let printed = format!("{asking:?}");
        assert_eq!(
            printed,
            "Asking { headers: [\"X-Key\"], has_secret: true, .. }"
        );
    }
}
