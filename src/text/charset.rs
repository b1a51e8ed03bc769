//! Bytes to characters: BOM, then the HTTP header, then what the document says, then detection.

/// Text, and how it was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text; never holds a BOM at its beginning.
    pub text: String,
    /// The WHATWG name of the encoding, as `UTF-8` or `windows-1252`.
    pub encoding: &'static str,
    /// Whether characters had to be replaced.
    pub lossy: bool,
}

/// Decodes a document. `content_type` is the HTTP header's value, if any.
pub fn decode(_bytes: &[u8], _content_type: Option<&str>) -> Decoded {
    todo!()
}
