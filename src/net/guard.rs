//! Who may be asked: addresses of the public internet, and what the reader excepted.
//!
//! One predicate, [`address::is_public`], stands in two places here: before each request and each hop (a literal
//! address never reaches a resolver), and over every answer of the resolver (which closes rebinding: what was
//! checked is what is connected to).

use super::client::NetError;
use crate::address;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use url::{Host, Url};

/// What is let through.
#[derive(Clone, Debug)]
pub struct Guard {
    pub allow_private: bool,
    /// Hosts that are resolved without asking anybody.
    pub hosts: Arc<HashMap<String, SocketAddr>>,
    /// Hosts of proxies: the resolver must find them, wherever they are.
    pub proxies: Arc<HashSet<String>>,
}

/// The resolver refused every address of a name.
#[derive(Debug, thiserror::Error)]
#[error("{0} resolves to a private address")]
pub struct PrivateName(pub String);

/// Nobody knows the name.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not known")]
pub struct UnknownName(pub String);

/// No name at all can be resolved: the network is away.
#[derive(Debug, thiserror::Error)]
#[error("names cannot be resolved at the moment")]
pub struct NoNames;

/// Ports of the web, which may be asked without the reader's asking.
const WEB: &[u16] = &[80, 443, 8080, 8443];
/// Ports below 1024 at which other services listen, that could be hurt by a request (the Fetch standard's "bad ports",
/// shortened to what stands there): never asked, whoever asks.
const OTHER_SERVICES: &[u16] = &[
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
    103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
    512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
    995,
];

/// Checks the port of a request or hop. `unasked`: nobody asked for it by hand.
pub fn check_port(url: &Url, unasked: bool) -> Result<(), NetError> {
    match url.port_or_known_default() {
        Some(port) if OTHER_SERVICES.contains(&port) || (unasked && !WEB.contains(&port)) => {
            Err(NetError::Port(port))
        }
        _ => Ok(()),
    }
}

/// Checks where a redirect leads from where. What nobody asked for by hand does not fall from https to http.
pub fn check_hop(from: &Url, to: &Url, unasked: bool) -> Result<(), NetError> {
    if unasked && from.scheme() == "https" && to.scheme() == "http" {
        return Err(NetError::RedirectTo("an address without encryption".into()));
    }
    Ok(())
}

impl Guard {
    /// Checks the address of a request or hop. `excepted`: this host may be private.
    pub fn check(&self, url: &Url, excepted: Option<&str>) -> Result<(), NetError> {
        let Some(host) = url.host() else {
            return Err(NetError::Other("the address names no host".into()));
        };
        let name = url.host_str().unwrap_or_default();
        if self.allow_private || self.hosts.contains_key(name) || excepted == Some(name) {
            return Ok(());
        }
        let public = match host {
            Host::Ipv4(ip) => address::is_public(IpAddr::V4(ip)),
            Host::Ipv6(ip) => address::is_public(IpAddr::V6(ip)),
            // RFC 6761: always loopback, whatever a resolver says.
            Host::Domain(name) => {
                let name = name.trim_end_matches('.');
                name != "localhost" && !name.ends_with(".localhost")
            }
        };
        if public {
            Ok(())
        } else {
            Err(NetError::Private(name.to_owned()))
        }
    }
}

/// Resolves names, and hands on only what may be connected to.
#[derive(Clone, Debug)]
pub struct Resolver {
    pub guard: Guard,
    /// Whether this one serves the excepted hosts: then private answers pass.
    pub open: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        if let Some(address) = self.guard.hosts.get(&host) {
            let addresses: Addrs = Box::new(std::iter::once(*address));
            return Box::pin(std::future::ready(Ok(addresses)));
        }
        let open = self.open || self.guard.allow_private || self.guard.proxies.contains(&host);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0))
                .await
                .map_err(|error| {
                    no_names(&error).unwrap_or_else(|| UnknownName(host.clone()).into())
                })?
                .collect();
            if found.is_empty() {
                return Err(UnknownName(host).into());
            }
            let passed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| open || address::is_public(address.ip()))
                .collect();
            if passed.is_empty() {
                return Err(PrivateName(host).into());
            }
            let addresses: Addrs = Box::new(passed.into_iter());
            Ok(addresses)
        })
    }
}

/// The system's resolver tells only in words whether a name is unknown or nobody could be asked (`EAI_AGAIN`).
fn no_names(error: &std::io::Error) -> Option<Box<dyn std::error::Error + Send + Sync>> {
    let words = error.to_string();
    ["Temporary failure", "Try again", "temporary failure"]
        .iter()
        .any(|sign| words.contains(sign))
        .then(|| NoNames.into())
}

/// The hosts of the proxies that are set, or named by the environment.
pub fn proxy_hosts(set: Option<&str>) -> HashSet<String> {
    let environment = || {
        [
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
    };
    let named: Vec<String> =
        set.map_or_else(|| environment().collect(), |set| vec![set.to_owned()]);
    named.iter().filter_map(|text| proxy_host(text)).collect()
}

/// curl takes a proxy without a scheme as one of http.
fn proxy_host(text: &str) -> Option<String> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("http://{text}"))
    };
    url.ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a panic is how a test fails
mod tests {
    use super::*;

    fn guard(allow_private: bool) -> Guard {
        let hosts = HashMap::from([(
            "news.example".to_owned(),
            SocketAddr::from(([127, 0, 0, 1], 80)),
        )]);
        Guard {
            allow_private,
            hosts: Arc::new(hosts),
            proxies: Arc::default(),
        }
    }

    #[track_caller]
    fn check(url: &str, excepted: Option<&str>, passes: bool) {
        let url = Url::parse(url).unwrap();
        assert_eq!(guard(false).check(&url, excepted).is_ok(), passes, "{url}");
        assert!(
            guard(true).check(&url, excepted).is_ok(),
            "{url} with allow_private"
        );
    }

    #[test]
    fn private_literals_are_refused_in_every_spelling() {
        for text in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://127.0.0.1./",
            "http://０x7f.1/",
            "http://[::1]/",
            "http://10.1.2.3:8080/feed",
            "http://169.254.169.254/latest/meta-data/",
            "http://localhost/",
            "http://localhost./",
            "http://a.localhost/",
        ] {
            check(text, None, false);
        }
    }

    /// getaddrinfo reads such names by itself, so nobody is asked.
    #[tokio::test]
    async fn case_10_a_name_that_resolves_to_a_private_address_is_refused_where_it_is_resolved() {
        for name in ["127.1", "0x7f000001", "10.257"] {
            for open in [false, true] {
                let resolver = Resolver {
                    guard: guard(false),
                    open,
                };
                let found = resolver.resolve(name.parse().unwrap()).await;
                match found {
                    Ok(mut addresses) => assert!(open && addresses.next().is_some(), "{name}"),
                    Err(error) => assert!(!open && error.is::<PrivateName>(), "{name}: {error}"),
                }
            }
        }
    }

    #[test]
    fn names_and_public_literals_pass() {
        check("https://a.example/", None, true);
        check("http://93.184.215.14/", None, true);
        check("http://news.example/", None, true);
    }

    #[test]
    fn the_excepted_host_passes_and_no_other() {
        check("http://127.0.0.1:8099/feed", Some("127.0.0.1"), true);
        check("http://127.0.0.2/feed", Some("127.0.0.1"), false);
        check("http://localhost/feed", Some("localhost"), true);
    }

    #[track_caller]
    fn check_port_of(url: &str, unasked: bool, passes: bool) {
        let url = Url::parse(url).unwrap();
        assert_eq!(check_port(&url, unasked).is_ok(), passes, "{url}");
    }

    #[test]
    fn other_services_are_never_asked_and_odd_ports_only_by_hand() {
        for unasked in [true, false] {
            check_port_of("http://a.example:22/", unasked, false);
            check_port_of("http://a.example:25/", unasked, false);
            check_port_of("https://a.example/", unasked, true);
            check_port_of("http://a.example:8080/", unasked, true);
        }
        check_port_of("http://a.example:6379/", true, false);
        check_port_of("http://a.example:6379/", false, true);
    }

    #[test]
    fn what_nobody_asked_for_does_not_fall_to_http() {
        let (open, sealed) = (
            Url::parse("http://a.example/").unwrap(),
            Url::parse("https://a.example/").unwrap(),
        );
        assert!(check_hop(&sealed, &open, true).is_err());
        assert!(check_hop(&sealed, &open, false).is_ok());
        assert!(check_hop(&open, &sealed, true).is_ok());
        assert!(check_hop(&open, &open, true).is_ok());
    }

    #[test]
    fn a_resolver_that_cannot_ask_is_no_word_about_the_name() {
        let error = |text: &str| std::io::Error::other(text.to_owned());
        assert!(
            no_names(&error(
                "failed to lookup address information: Temporary failure in name resolution"
            ))
            .is_some()
        );
        assert!(
            no_names(&error(
                "failed to lookup address information: Name or service not known"
            ))
            .is_none()
        );
    }

    #[test]
    fn proxies_are_read_as_curl_reads_them() {
        assert_eq!(
            proxy_host("http://user:pw@proxy.lan:3128"),
            Some("proxy.lan".into())
        );
        assert_eq!(proxy_host("localhost:3128"), Some("localhost".into()));
        assert_eq!(
            proxy_host("socks5://10.0.0.1:1080"),
            Some("10.0.0.1".into())
        );
        assert_eq!(proxy_host(""), None);
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_a_private_address_is_refused() {
        // The one name that resolves to a private address everywhere, asked of the resolver itself.
        let resolver = Resolver {
            guard: guard(false),
            open: false,
        };
        let refused = resolver
            .resolve("localhost".parse().unwrap())
            .await
            .err()
            .unwrap();
        assert!(refused.downcast_ref::<PrivateName>().is_some(), "{refused}");
        let open = Resolver {
            guard: guard(false),
            open: true,
        };
        assert!(open.resolve("localhost".parse().unwrap()).await.is_ok());
        assert!(
            resolver
                .resolve("news.example".parse().unwrap())
                .await
                .is_ok()
        );
    }
}
