//! The rarely asked parts of an entry, kept as one JSON text.

use crate::feed::Enclosure;
use crate::news::Entry;
use crate::source::FieldLinks;
use crate::text::SafeText;
use chrono::DateTime;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enclosures: Vec<(String, Option<String>, Option<u64>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<(String, Option<u32>)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    via: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<(String, Option<String>)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<i64>,
}

impl Extra {
    /// The JSON of an entry; `None` where there is nothing to keep.
    pub fn of(entry: &Entry) -> Option<String> {
        let extra = Extra {
            enclosures: entry
                .enclosures
                .iter()
                .map(|e| (e.url.clone(), e.kind.clone(), e.length))
                .collect(),
            comments: entry.fields.comments.clone(),
            via: entry.fields.via.clone(),
            related: entry.fields.related.clone(),
            files: entry.fields.enclosures.clone(),
            categories: entry.categories.iter().map(ToString::to_string).collect(),
            said: entry.published_said.map(|said| said.timestamp()),
        };
        (extra != Extra::default()).then(|| serde_json::to_string(&extra).unwrap_or_default())
    }

    /// Lays what was kept into an entry.
    pub fn fill(json: Option<&str>, entry: &mut Entry) {
        // What cannot be read was written by a newer bron or is damaged: the entry is shown without it.
        let extra: Extra = json
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        entry.fields = FieldLinks {
            comments: extra.comments,
            via: extra.via,
            related: extra.related,
            enclosures: extra.files,
        };
        entry.enclosures = extra
            .enclosures
            .into_iter()
            .map(|(url, kind, length)| Enclosure { url, kind, length })
            .collect();
        entry.categories = extra.categories.iter().map(|c| SafeText::line(c)).collect();
        entry.published_said = extra
            .said
            .and_then(|said| DateTime::from_timestamp(said, 0));
    }
}
