//! Hosts that are made to look like others.

use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};

/// Whether a host has a label that mixes scripts, or that is foreign letters which read as Latin ones (UTS #39: above
/// "highly restrictive", or a skeleton of plain Latin letters).
pub(super) fn is_suspicious(host: &str) -> bool {
    host.contains("xn--")
        && url::quirks::domain_to_unicode(host)
            .split('.')
            .any(is_suspicious_label)
}

fn is_suspicious_label(label: &str) -> bool {
    if label.is_ascii() {
        // A label that stays punycode is none that a registry may hand out.
        return label.starts_with("xn--");
    }
    if label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive {
        return true;
    }
    let latin = label.chars().any(|c| c.is_ascii_alphabetic());
    !latin && skeleton(label).all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Whether a host reads like another that is known, and is not it: `goog1e` for `google`, Cyrillic letters for Latin ones.
pub fn looks_like(host: &str, known: &str) -> bool {
    let (host, known) = (
        url::quirks::domain_to_unicode(host),
        url::quirks::domain_to_unicode(known),
    );
    host != known && skeleton(&host).eq(skeleton(&known))
}

/// A host as it may be shown: in its own letters, or as punycode where these would deceive.
pub fn shown_host(host: &str) -> String {
    if host.contains("xn--") && !is_suspicious(host) {
        url::quirks::domain_to_unicode(host)
    } else {
        host.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_scripts_and_foreign_letters_that_read_as_latin_are_suspicious() {
        for host in [
            "xn--pple-43d.com",
            "xn--80ak6aa92e.com",
            "www.xn--pple-43d.com",
        ] {
            assert!(is_suspicious(host), "{host}");
        }
    }

    #[test]
    fn names_in_one_script_are_not() {
        for host in [
            "xn--mnchen-3ya.de",
            "xn--fsqu00a.xn--0zwm56d",
            "xn--e1afmkfd.xn--p1ai",
            "example.com",
            "xn--r8jz45g.jp",
        ] {
            assert!(!is_suspicious(host), "{host}");
        }
    }

    #[test]
    fn a_host_is_shown_in_its_own_letters_unless_these_would_deceive() {
        assert_eq!(shown_host("xn--mnchen-3ya.de"), "münchen.de");
        assert_eq!(shown_host("xn--pple-43d.com"), "xn--pple-43d.com");
    }

    #[test]
    fn a_known_host_is_told_from_what_reads_like_it() {
        assert!(looks_like("xn--pple-43d.com", "apple.com"));
        assert!(!looks_like("apple.com", "apple.com"));
        assert!(!looks_like("example.com", "apple.com"));
    }
}
