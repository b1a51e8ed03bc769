//! Where an article lives, and what it is about.

use super::Subject;
use super::role::Setting;
use super::scan::Scan;
use crate::address::{self, Address, Found, Kind, NotAnAddress};
use url::Url;

/// Where the article lives.
pub(super) struct Home {
    site: String,
    /// Where many authors share a host: host and author.
    author: String,
    /// The entry's link leads away from the feed's site: the entry is about that.
    pub link_blog: bool,
}

impl Home {
    pub(super) fn of(subject: &Subject<'_>, scan: &Scan) -> Home {
        let own = subject
            .feed_site
            .filter(|site| !address::is_proxy(site.host_str().unwrap_or_default()));
        let away = own.filter(|own| address::site(own) != address::site(subject.url));
        // A planet collects whole texts of others: they live where they link to.
        let planet = away.is_some()
            && scan.words >= 300
            && subject.fields.related.is_empty()
            && subject.fields.comments.is_none()
            && {
                let own = own.map(address::site).unwrap_or_default();
                !scan.anchors.iter().any(|anchor| {
                    Url::parse(&anchor.href).is_ok_and(|url| address::site(&url) == own)
                })
            };
        let link_blog = away.is_some() && !planet && !subject.extracted;
        let lives = if link_blog {
            away.unwrap_or(subject.url)
        } else {
            subject.url
        };
        Home {
            site: address::site(lives),
            author: address::home(lives),
            link_blog,
        }
    }

    pub(super) fn is_here(&self, url: &Url) -> bool {
        address::site(url) == self.site
            && (self.author == self.site || address::home(url) == self.author)
    }

    /// On another registrable domain: what is shown as external.
    pub(super) fn is_external(&self, url: &Url) -> bool {
        address::site(url) != self.site
    }

    pub(super) fn setting(
        &self,
        subject: &Subject<'_>,
        scan: &Scan,
        addresses: &[Result<Address, NotAnAddress>],
    ) -> Setting {
        let own = address::clean(subject.url.as_str(), Found::default());
        let own_key = own.as_ref().map(|own| own.key.clone()).unwrap_or_default();
        let mut setting = Setting {
            own_keys: vec![own_key.clone()],
            primary_key: None,
            extracted: subject.extracted,
        };
        let thread = own.is_ok_and(|own| own.kind == Kind::Discussion);
        if self.link_blog && !thread {
            setting.own_keys = subject
                .fields
                .related
                .iter()
                .filter_map(|link| address::clean(link, Found::default()).ok())
                .filter(|related| self.is_here(&related.display))
                .map(|related| related.key)
                .collect();
            setting.primary_key = Some(own_key);
        } else if thread {
            // "[link]" in an entry whose own address is the thread.
            let link = scan.anchors.iter().zip(addresses).find(|(anchor, _)| {
                matches!(
                    scan.slice(&anchor.text),
                    "[link]" | "link" | "Link" | "[Link]"
                )
            });
            if let Some((_, Ok(address))) = link
                && !setting.own_keys.contains(&address.key)
            {
                setting.primary_key = Some(address.key.clone());
            }
        }
        setting
    }
}
