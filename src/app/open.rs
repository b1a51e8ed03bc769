//! Other programs: the browser, the pager, the editor, the clipboard.
//!
//! - A program gets its arguments one by one, never through a shell.
//! - An address that is opened is of the web, and is one argument that does not begin with `-`.

use crate::config::value::words;
use data_encoding::BASE64;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use url::Url;

/// What is said where nothing on this machine opens an address.
const NO_BROWSER: &str =
    "set `browser` in the config file, or $BROWSER: no browser was found on this machine";

/// The address as it may be handed to a program: of the web, serialised by the parser, so it is ASCII and begins with
/// its scheme.
fn of_the_web(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|_| format!("“{address}” is not an address"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(format!("{}: addresses are not opened", url.scheme()))
    }
}

/// Opens an address in the browser and does not wait. `setting` comes before `$BROWSER`, that before the desktop's own.
pub fn browse(setting: &[String], address: &str) -> Result<(), String> {
    let url = of_the_web(address)?;
    let Some(command) = command_of(setting, &["BROWSER"]) else {
        // What the launchers say of themselves helps nobody: a name of a setting does.
        return open::that_detached(url.as_str()).map_err(|_| NO_BROWSER.to_owned());
    };
    start(&command, &url)
}

fn start(command: &[String], url: &Url) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else {
        return Err("the command is empty".to_owned());
    };
    let mut given: Vec<String> = arguments
        .iter()
        .map(|word| word.replace("%s", url.as_str()))
        .collect();
    if !arguments.iter().any(|word| word.contains("%s")) {
        given.push(url.to_string());
    }
    Command::new(program)
        .args(&given)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(|mut child| {
            // Somebody has to wait for it, or it stays a zombie until we leave.
            let _ = std::thread::Builder::new()
                .name("browser".into())
                .spawn(move || child.wait());
        })
        .map_err(|error| {
            format!("“{program}” could not be started ({error}); see `browser` and [hooks] in the config file")
        })
}

/// Programs that take a clipboard's text on standard input, with what says that they can work here.
const CLIPBOARDS: &[(&str, &[&str], &str)] = &[
    ("wl-copy", &[], "WAYLAND_DISPLAY"),
    ("xclip", &["-selection", "clipboard"], "DISPLAY"),
    ("xsel", &["--clipboard", "--input"], "DISPLAY"),
];

/// Puts text on the clipboard with a program, where there is one and we are not on the far side of ssh; otherwise
/// answers the escape (OSC 52) that asks the terminal to do it.
pub fn copy(text: &str) -> Option<Vec<u8>> {
    let far = std::env::var_os("SSH_CONNECTION").is_some();
    if !far {
        let mac: &[(&str, &[&str], &str)] = if cfg!(target_os = "macos") {
            &[("pbcopy", &[], "HOME")]
        } else {
            &[]
        };
        for (program, arguments, needs) in CLIPBOARDS.iter().chain(mac) {
            if std::env::var_os(needs).is_some() && feed(program, arguments, text) {
                return None;
            }
        }
    }
    Some(osc52(text))
}

fn osc52(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x07", BASE64.encode(text.as_bytes())).into_bytes()
}

/// Hands an address to a program of the reader's and does not wait: in place of `%s`, or at the end.
pub fn open_with(command: &[String], address: &str) -> Result<(), String> {
    let url = of_the_web(address)?;
    start(command, &url)
}

/// What an enclosure is, by the end of its name; `None` where that says nothing.
pub fn kind_of(address: &str) -> Option<&'static str> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let end = path.rsplit_once('.')?.1.to_ascii_lowercase();
    KINDS
        .iter()
        .find(|(known, _)| *known == end)
        .map(|(_, kind)| *kind)
}

/// Ends of names and the media types of such files (IANA).
const KINDS: &[(&str, &str)] = &[
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("aac", "audio/aac"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
    ("mkv", "video/matroska"),
    ("mov", "video/quicktime"),
    ("pdf", "application/pdf"),
    ("epub", "application/epub+zip"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("torrent", "application/x-bittorrent"),
];

/// The escape (OSC 777) that asks the terminal to tell of something, where OSC 9 is not known.
pub fn osc777(text: &str) -> Vec<u8> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_control() && *letter != ';')
        .take(200)
        .collect();
    format!("\x1b]777;notify;bron;{text}\x07").into_bytes()
}

/// The escape (OSC 9) that asks the terminal to tell of something; it ends in the bell, which those terminals ring that do
/// not know it.
pub fn osc9(text: &str) -> Vec<u8> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect();
    format!("\x1b]9;{text}\x07").into_bytes()
}

fn feed(program: &str, arguments: &[&str], text: &str) -> bool {
    let Ok(mut child) = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
    else {
        return false;
    };
    let written = child
        .stdin
        .take()
        .is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    written && child.wait().is_ok_and(|status| status.success())
}

/// Runs an interactive program on a file and waits: the editor, the pager. The terminal must be lent.
pub fn run_on(command: Vec<String>, file: &Path) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else {
        return Err("the command is empty".to_owned());
    };
    let status = Command::new(program)
        .args(arguments)
        .arg(file)
        .status()
        .map_err(|error| format!("“{program}” could not be started ({error})"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("“{program}” ended with {status}"))
    }
}

/// A setting's command, else that of the first variable of the environment that names one.
fn command_of(setting: &[String], variables: &[&str]) -> Option<Vec<String>> {
    if !setting.is_empty() {
        return Some(setting.to_vec());
    }
    variables
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .map(|command| words(&command))
        .find(|words| !words.is_empty())
}

/// The reader's editor.
pub fn editor() -> Vec<String> {
    command_of(&[], &["VISUAL", "EDITOR"]).unwrap_or_else(|| vec!["vi".to_owned()])
}

/// The reader's pager.
pub fn pager(setting: &[String]) -> Vec<String> {
    command_of(setting, &["PAGER"]).unwrap_or_else(|| vec!["less".to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_words_and_quotes_hold_together() {
        for (command, expected) in [
            ("firefox", vec!["firefox"]),
            (
                "  open  -a \"Google Chrome\" ",
                vec!["open", "-a", "Google Chrome"],
            ),
            ("sh -c 'echo \"$1\"'", vec!["sh", "-c", "echo \"$1\""]),
            ("x ''", vec!["x", ""]),
            ("", vec![]),
        ] {
            assert_eq!(words(command), expected, "{command}");
        }
    }

    #[test]
    fn a_program_is_given_addresses_of_the_web_alone() {
        let program = vec!["true".to_owned()];
        for address in ["file:///etc/passwd", "-x", "javascript:x"] {
            assert!(open_with(&program, address).is_err(), "{address}");
        }
        assert!(open_with(&[], "https://a.example/").is_err());
    }

    #[test]
    fn files_are_known_by_the_end_of_their_names() {
        assert_eq!(
            kind_of("https://a.example/1.MP3?x=.pdf"),
            Some("audio/mpeg")
        );
        assert_eq!(kind_of("https://a.example/mp3"), None);
    }

    #[test]
    fn a_notification_holds_no_end_of_its_own() {
        assert_eq!(osc777("a;b\x07\x1b]c"), b"\x1b]777;notify;bron;ab]c\x07");
    }

    #[test]
    fn only_addresses_of_the_web_are_handed_on() {
        for address in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "-h",
            "--help",
            "mailto:a@example.org",
            "",
        ] {
            assert!(of_the_web(address).is_err(), "{address}");
        }
        // What a shell would read as its own stays one argument, and is encoded where the standard says so.
        let url = of_the_web("https://example.org/$(reboot)?q=`id`;ls \"x\"").expect("an address");
        assert!(url.as_str().starts_with("https://"));
        assert!(!url.as_str().contains([' ', '"']));
    }

    #[test]
    fn the_escape_for_the_clipboard_holds_nothing_but_base64() {
        let escape = osc52("a\x1b\\b");
        assert!(escape.starts_with(b"\x1b]52;c;") && escape.ends_with(b"\x07"));
        assert!(
            escape[7..escape.len() - 1]
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
        );
    }
}
