//! Files and flags to each room's settings.

use crate::net::ClientSettings;
use crate::{pages, poller, store};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// What each room is handed.
#[derive(Clone, Debug)]
pub struct Settings {
    pub net: ClientSettings,
    /// Requests at once, in all and to one host: what [`crate::net::Gate::new`] wants.
    pub overall: usize,
    pub per_host: usize,
    pub poller: poller::Settings,
    pub pages: pages::Settings,
    pub store: store::Settings,
}

/// Who we are, unless the reader says otherwise.
pub fn user_agent() -> String {
    format!(
        "bron/{} (+https://github.com/bron-reader/bron)",
        env!("CARGO_PKG_VERSION")
    )
}

impl Default for Settings {
    fn default() -> Self {
        let parsers = std::thread::available_parallelism()
            .map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        Settings {
            net: ClientSettings {
                user_agent: user_agent(),
                connect: Duration::from_secs(10),
                silence: Duration::from_secs(20),
                whole: Duration::from_secs(60),
                redirects: 5,
                proxy: None,
                allow_private: false,
                hosts: Arc::new(HashMap::new()),
                offline: false,
            },
            overall: 64,
            per_host: 2,
            poller: poller::Settings {
                every: Duration::from_secs(30 * 60),
                size_limit: 20 << 20,
                parsers,
                overall: 64,
                item_limit: 1000,
            },
            pages: pages::Settings {
                size_limit: 5 << 20,
                keep_days: 30,
            },
            store: store::Settings::default(),
        }
    }
}
